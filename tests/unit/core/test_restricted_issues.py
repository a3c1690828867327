"""P10: who may not be seen, and what tells of them."""

from dataclasses import replace

import pytest
from store_records import issue

from pmsync.core.disclosure import is_restricted, strip_hidden
from pmsync.core.model import Link, Project, Security

OPEN = Project(id="1", key="SHOP", name="Shop", security_levels=())
LEVELS = Project(id="1", key="SHOP", name="Shop", security_levels=("Internal",))
SECRETIVE = Project(id="1", key="SHOP", name="Shop", security_levels=None)


@pytest.mark.parametrize(
    ("security", "project", "restricted"),
    [
        ("open", OPEN, False),
        ("open", LEVELS, False),
        ("open", SECRETIVE, False),
        ("open", None, False),
        ("restricted", OPEN, True),
        ("restricted", LEVELS, True),
        ("undelivered", OPEN, False),
        ("undelivered", LEVELS, True),
        ("undelivered", SECRETIVE, True),
        ("undelivered", None, True),
    ],
)
def test_what_an_issue_and_its_project_say(
    security: Security, project: Project | None, *, restricted: bool
) -> None:
    """An absent field is harmless only where the project certainly has no levels."""
    one = issue(security=security)
    projects = {project.key: project} if project else {}
    assert is_restricted(one, projects, ["SHOP"]) is restricted


def test_projects_that_readers_may_not_see() -> None:
    """An open issue of another project is restricted; without readers nothing is asked."""
    one = issue(security="open")
    assert is_restricted(one, {"SHOP": OPEN}, ["WEB"])
    assert is_restricted(one, {"SHOP": OPEN}, [])
    assert not is_restricted(one, {"SHOP": OPEN}, None)


LINKS = (
    Link(kind="Blocks", outward=True, other_id="12", other_key="SHOP-12"),
    Link(kind="Blocks", outward=False, other_id="13", other_key="SHOP-13"),
)
SEEN = issue("12", parent_id=None, parent_key=None, links=())


class TestStripped:
    """Parents and links are issues too."""

    def test_a_hidden_parent_and_a_hidden_link(self) -> None:
        """Neither id nor key stays."""
        one = issue("1", parent_id="9", parent_key="SHOP-9", links=LINKS)
        stripped, _ = strip_hidden([one, SEEN])
        assert (stripped.parent_id, stripped.parent_key) == (None, None)
        assert stripped.links == (replace(LINKS[0], other_key=SEEN.key),)

    def test_what_may_be_seen_stays(self) -> None:
        """The very same issue comes back."""
        one = issue("1", parent_id="12", parent_key=SEEN.key, links=())
        stripped, other = strip_hidden([one, SEEN])
        assert stripped is one
        assert other is SEEN

    def test_keys_follow_a_moved_issue(self) -> None:
        """Moving an epic to another project does not touch its children."""
        one = issue("1", parent_id="12", parent_key="OLD-1", links=LINKS)
        stripped, _ = strip_hidden([one, SEEN])
        assert stripped.parent_key == SEEN.key
        assert [link.other_key for link in stripped.links] == [SEEN.key]
