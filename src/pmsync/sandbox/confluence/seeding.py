"""What a fresh site holds: three spaces with their home pages, and two people."""

from pmsync.sandbox.confluence.records import Space
from pmsync.sandbox.confluence.site import Site

READER = "5b10ac8d82e05b22cc7d4ef5"
"""Account id of the person who edits and comments in ``human`` actions unless told otherwise."""
ADMIN = "5b10a2844c20165700ede21g"

_SPACES = (
    ("PROD", "Product", "What we are building, and in which order."),
    ("HELP", "Help centre", "How things work, and what is new."),
    ("SUP", "Support", "What the people on the phone need to know."),
)


def found_site(state: Site) -> None:
    """Fill an empty site. Nobody gets a mail about it."""
    state.add_person(READER, "Mia Krystof", "mia@example.test")
    state.add_person(ADMIN, "Emma Richards", "emma@example.test")
    for key, name, purpose in _SPACES:
        space = Space(id=state.new_id(), key=key, name=name, created_at=state.stamp(), author=ADMIN)
        state.spaces[space.id] = space
        body = state.stored(f"<p>{purpose}</p>")
        home = state.add_page(
            space_id=space.id, title=f"{name} Home", body=body, parent_id=None, author=ADMIN
        )
        space.homepage_id = home.id
    state.notices.clear()
