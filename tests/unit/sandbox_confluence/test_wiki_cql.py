"""CQL: what it finds, and that it refuses what it does not know."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wiki_site import ACCOUNT, Clock, Wiki

from pmsync.sandbox.confluence.api.cql import search
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Label
from pmsync.sandbox.confluence.state import ConfluenceState


@pytest.fixture
def site() -> ConfluenceState:
    state = ConfluenceState(Clock(), ACCOUNT)
    space = state.spaces[98305]
    above = state.add_page(
        space_id=space.id, title="Roadmap 2026", body="", parent_id=space.homepage_id
    )
    below = state.add_page(space_id=space.id, title='Say "hi" and OR', body="", parent_id=above.id)
    above.labels.append(Label(id=1, name="roadmap"))
    below.labels.append(Label(id=2, name="notes"))
    return state


@pytest.mark.parametrize(
    ("cql", "titles"),
    [
        ('title = "roadmap 2026"', ["Roadmap 2026"]),
        ('title ~ "road*"', ["Roadmap 2026"]),
        ('title ~ "2026 roadmap"', ["Roadmap 2026"]),
        ('title !~ "home" and space = PROD and title != "Roadmap 2026"', ['Say "hi" and OR']),
        ("label = roadmap", ["Roadmap 2026"]),
        ('label in ("roadmap", notes) order by title desc', ['Say "hi" and OR', "Roadmap 2026"]),
        ("label not in (roadmap) and type = page and space.key = prod order by created",
         ["Product Home", 'Say "hi" and OR']),
        ("NOT (space = PROD or space = HELP)", ["Support Home"]),
        (r'title = "Say \"hi\" and OR"', ['Say "hi" and OR']),
        ("title = 'Say \"hi\" and OR'", ['Say "hi" and OR']),
        ("type = blogpost", []),
        ("ancestor = 98306 order by lastmodified desc, title",
         ['Say "hi" and OR', "Roadmap 2026"]),
        ("parent = 98306", ["Roadmap 2026"]),
        ("id in (98306, 98308)", ["Product Home", "Help centre Home"]),
        ("space = PROD and (label = notes or label = roadmap) and not label = notes",
         ["Roadmap 2026"]),
    ],
)  # fmt: skip
def test_what_a_query_finds(site: ConfluenceState, cql: str, titles: list[str]) -> None:
    """Each field and operator, in the order that was asked for."""
    assert [page.title for page in search(site, cql)] == titles


@pytest.mark.parametrize(
    "cql",
    ["", "title", "title =", "= x", "creator = x", "text ~ x", "label ~ x", "title = x and",
     "(title = x", "title = x)", "title in x", "title in (", "title in ()", "title not x",
     "title = x order by", "title = x order by rank", "title = x order title", 'title = "x',
     "title > x", "title = and", "title = x title = y", "order by title", "(" * 80 + "id = 1"],
)  # fmt: skip
def test_what_it_does_not_know_is_refused(site: ConfluenceState, cql: str) -> None:
    """A 400 in Confluence's words, never an ignored clause."""
    with pytest.raises(Refusal, match="Could not parse cql") as caught:
        search(site, cql)
    assert caught.value.status == 400


WORDS = st.sampled_from(["title", "label", "=", "~", "in", "not", "(", ")", ",", "and", "or",
                         "order", "by", "desc", '"a b"', "x", "'", '"', "\\"])  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_words_are_an_answer_or_a_refusal(cql: str) -> None:
    """No text makes the parser fail in another way."""
    state = ConfluenceState(Clock(), ACCOUNT)
    assert _status(state, cql) in {200, 400}


def _status(state: ConfluenceState, cql: str) -> int:
    try:
        search(state, cql)
    except Refusal as refusal:
        return refusal.status
    return 200


def found(wiki: Wiki, cql: str, **more: Any) -> Any:
    answer = wiki.send("GET", "/wiki/rest/api/content/search", params={"cql": cql, **more})
    return answer.status_code, answer.json()


def test_the_search_call_gives_pages_in_parts(wiki: Wiki) -> None:
    """Its next link leads to the rest."""
    for number in range(3):
        wiki.create(f"Note {number}")
    status, first = found(wiki, 'title ~ "Note"', limit=2)
    assert (status, first["size"]) == (200, 2)
    rest = wiki.send("GET", "/wiki" + first["_links"]["next"]).json()
    assert [entry["title"] for entry in first["results"] + rest["results"]] == [
        "Note 0", "Note 1", "Note 2",
    ]  # fmt: skip
    assert "next" not in rest["_links"]


def test_the_search_call_refuses_in_v1s_shape(wiki: Wiki) -> None:
    """With the status in the body, as v1 does."""
    status, said = found(wiki, "creator = me")
    assert (status, said["statusCode"]) == (400, 400)
    assert "BadRequestException: Could not parse cql" in said["message"]
    assert found(wiki, " ")[0] == 400


def test_the_current_user_is_the_account(wiki: Wiki) -> None:
    """Whose token it is."""
    me = wiki.send("GET", "/wiki/rest/api/user/current").json()
    assert (me["accountId"], me["displayName"]) == ("bot", "pmsync bot")
