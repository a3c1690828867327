"""Page by page: what ends a search, and what must never be taken for its end."""

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

import pytest
import responses
from guarded_jira import GuardedJira, guarded_jira
from hypothesis import given
from hypothesis import strategies as st
from requests import PreparedRequest

from pmsync.adapters.jira import paging
from pmsync.core.errors import UnexpectedAnswerError

BASE = "https://acme.test"
SEARCH = BASE + paging.SEARCH
VERSIONS = f"{BASE}/rest/api/3/project/SHOP/version"


@pytest.fixture
def guarded() -> GuardedJira:
    """The adapter."""
    return guarded_jira(BASE)


def search(guarded: GuardedJira, pages: Sequence[dict[str, Any]]) -> tuple[list[str], list[Any]]:
    """What a search yields when the site answers with *pages*, and the tokens it was asked with."""
    with responses.RequestsMock() as site:
        for page in pages:
            site.post(SEARCH, json=page)
        ids = list(chain.from_iterable(guarded.tracker.search("project = SHOP")))
        bodies = [json.loads(call.request.body or "{}") for call in site.calls]
    return ids, [body.get("nextPageToken") for body in bodies]


def page(*ids: str, **more: object) -> dict[str, Any]:
    """One page of an answer."""
    return {"issues": [{"id": each} for each in ids], **more}


@pytest.mark.parametrize(
    "last",
    [page("3", isLast=True), page("3"), page("3", isLast=True, nextPageToken="left over")],
    ids=["isLast", "nothing said", "isLast and a token"],
)
def test_the_end_is_where_jira_says(guarded: GuardedJira, last: dict[str, Any]) -> None:
    """Tokens are followed until the last page; without ``isLast`` a missing token ends it."""
    pages = [page("1", nextPageToken="a", isLast=False), page("2", nextPageToken="b"), last]
    assert search(guarded, pages) == (["1", "2", "3"], [None, "a", "b"])


def test_a_short_or_empty_page_is_no_end(guarded: GuardedJira) -> None:
    """Jira may return fewer than asked for, even none, and still have more."""
    pages = [page(nextPageToken="a", isLast=False), page("1", isLast=True)]
    assert search(guarded, pages)[0] == ["1"]


@pytest.mark.parametrize(
    ("pages", "what"),
    [
        ([page("1", nextPageToken="a"), page("2", nextPageToken="a")], "came twice"),
        (
            [page("1", nextPageToken=t, isLast=False) for t in ("a", "b", "a")],
            "came twice",
        ),
        ([page("1", isLast=False)], "missing"),
        ([page("1", isLast=False, nextPageToken="")], "missing"),
    ],
    ids=["at once", "in a circle", "announced without token", "empty token"],
)
def test_a_search_that_cannot_be_finished_is_an_error(
    guarded: GuardedJira, pages: list[dict[str, Any]], what: str
) -> None:
    """A part of the issues is never taken for all of them."""
    with pytest.raises(UnexpectedAnswerError, match=what):
        search(guarded, pages)


def test_a_search_has_an_end(guarded: GuardedJira, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that always has a new token is stopped."""
    monkeypatch.setattr(paging, "MOST_PAGES", 3)
    pages = [page(str(number), nextPageToken=f"t{number}") for number in range(3)]
    with pytest.raises(UnexpectedAnswerError, match="no end after 3 pages"):
        search(guarded, pages)


@given(st.lists(st.integers(min_value=0, max_value=7), min_size=1, max_size=8))
def test_no_issue_is_lost_between_pages(sizes: list[int]) -> None:
    """However Jira cuts the pages, all ids arrive, once and in order."""
    ids = [str(number) for number in range(sum(sizes))]
    rest = iter(ids)
    pages = [
        page(*(next(rest) for _ in range(size)), nextPageToken=f"t{at}", isLast=False)
        for at, size in enumerate(sizes)
    ]
    found, _ = search(guarded_jira(BASE), [*pages, page(isLast=True)])
    assert found == ids


@given(
    total=st.integers(min_value=0, max_value=23),
    cut=st.integers(min_value=1, max_value=9),
    last_word=st.sampled_from(["isLast", ""]),
)
def test_a_list_is_read_to_its_end(total: int, cut: int, last_word: str) -> None:
    """A site that gives fewer a page than asked for is asked again until nothing is left."""
    everything = [{"id": str(number), "name": f"v{number}"} for number in range(total)]

    def answer(request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        start = int((request.params or {})["startAt"])  # type: ignore[attr-defined] # responses adds it
        values = everything[start : start + cut]
        last = {last_word: start + cut >= total} if last_word else {}
        body = {"values": values, "startAt": start, "total": total, **last}
        return 200, {"Content-Type": "application/json"}, json.dumps(body)

    with responses.RequestsMock() as site:
        site.add_callback(responses.GET, VERSIONS, callback=answer)
        versions = guarded_jira(BASE).tracker.versions("SHOP")
    assert [version.id for version in versions] == [each["id"] for each in everything]
