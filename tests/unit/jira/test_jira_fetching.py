"""The bulk fetch: calls of a hundred, several at once, bounded, and nothing lost."""

import json
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest
import responses
from guarded_jira import guarded_jira
from hypothesis import given, settings
from hypothesis import strategies as st
from requests import PreparedRequest
from typing_extensions import override

from pmsync.adapters.jira.crew import in_parallel
from pmsync.adapters.jira.fetching import CALL, PATH, TRIES
from pmsync.core.errors import RemoteDownError, UnexpectedAnswerError

BASE = "https://acme.test"
Answer = Callable[[list[str]], dict[str, Any]]


def issue(identity: str) -> dict[str, Any]:
    """The least that Jira says of an issue."""
    fields = {
        "issuetype": {"id": "1", "name": "Story", "hierarchyLevel": 0},
        "project": {"id": "100", "key": "SHOP"},
        "status": {"name": "To Do", "statusCategory": {"key": "new"}},
        "created": "2026-06-01T12:00:00.000+0200",
        "updated": "2026-06-02T10:00:00.000+0000",
    }
    return {"id": identity, "key": f"SHOP-{identity}", "fields": fields}


def all_of(ids: list[str]) -> dict[str, Any]:
    """An answer with every issue asked for."""
    return {"issues": [issue(each) for each in ids], "issueErrors": []}


class Site:
    """Answers the bulk fetch, and remembers what it was asked for."""

    def __init__(self, answer: Answer = all_of) -> None:
        self.asked: list[list[str]] = []
        self._answer = answer
        self._lock = threading.Lock()

    def __call__(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        ids = json.loads(request.body or "{}")["issueIdsOrKeys"]
        with self._lock:
            self.asked.append(ids)
        return 200, {"Content-Type": "application/json"}, json.dumps(self._answer(ids))


def fetched(site: Site, pages: Iterator[list[str]] | list[list[str]]) -> list[str]:
    """The ids of what a fetch of *pages* yields, in their order."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{BASE}/rest/api/3/field", json=[])
        mock.add_callback(responses.POST, BASE + PATH, callback=site)
        tracker = guarded_jira(BASE).tracker
        return [each.id for each in chain.from_iterable(tracker.fetch(pages, []))]


@given(st.lists(st.integers(min_value=0, max_value=350), max_size=6))
@settings(max_examples=20, deadline=None)
def test_every_issue_is_asked_for_once(sizes: list[int]) -> None:
    """However the ids come in pages, the calls are full but for the last, and nothing is lost."""
    numbers = iter(range(10_000))
    pages = [[str(next(numbers)) for _ in range(size)] for size in sizes]
    site = Site()
    found = fetched(site, pages)
    assert sorted(found, key=int) == [str(number) for number in range(sum(sizes))]
    lengths = sorted((len(ids) for ids in site.asked), reverse=True)
    full, rest = divmod(sum(sizes), CALL)
    assert lengths == [CALL] * full + ([rest] if rest else [])


def test_fetching_begins_before_the_search_ends() -> None:
    """The first issues are on their way while later pages of ids are still to come."""
    first_arrived = threading.Event()

    def pages() -> Iterator[list[str]]:
        yield [str(number) for number in range(CALL)]
        # The page after this one is asked for ahead, so the third can wait for the first.
        yield [str(number) for number in range(CALL, 2 * CALL)]
        first_arrived.wait(10)
        yield [str(number) for number in range(2 * CALL, 3 * CALL)]

    class Noticing(Site):
        @override
        def __call__(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
            first_arrived.set()
            return super().__call__(request)

    site = Noticing()
    assert len(fetched(site, pages())) == 3 * CALL
    assert first_arrived.is_set()


def test_pages_are_not_taken_faster_than_they_are_used() -> None:
    """Ids are read one page ahead only: memory does not grow with the site."""
    taken: list[int] = []

    def pages() -> Iterator[list[str]]:
        for number in range(200):
            taken.append(number)
            yield [str(number * CALL + place) for place in range(CALL)]

    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/rest/api/3/field", json=[])
        mock.add_callback(responses.POST, BASE + PATH, callback=Site())
        stream = guarded_jira(BASE).tracker.fetch(pages(), [])
        next(stream)
        assert len(taken) <= 2 * 4 + 2
        stream.close()  # type: ignore[attr-defined] # a generator


def test_issues_jira_leaves_out_are_left_out() -> None:
    """Deleted and hidden issues are silently absent, and that is no error."""
    site = Site(lambda ids: all_of([each for each in ids if each != "2"]))
    assert fetched(site, [["1", "2", "3"]]) == ["1", "3"]


def test_issues_that_fail_for_the_moment_are_asked_for_again() -> None:
    """Jira names what it could not deliver just now; only that is asked for once more."""
    failing = {"2", "3"}

    def answer(ids: list[str]) -> dict[str, Any]:
        failed = [each for each in ids if each in failing and len(site.asked) == 1]
        errors = [{"id": each, "errorMessage": "Timed out."} for each in failed]
        return all_of([each for each in ids if each not in failed]) | {"issueErrors": errors}

    site = Site(answer)
    assert sorted(fetched(site, [["1", "2", "3"]])) == ["1", "2", "3"]
    assert site.asked == [["1", "2", "3"], ["2", "3"]]


def test_issues_that_keep_failing_stop_the_fetch() -> None:
    """A part is never taken for the whole: the error names the issue and Jira's words."""
    site = Site(lambda _: {"issues": [], "issueErrors": [{"id": "2", "errorMessage": "Too big."}]})
    with pytest.raises(RemoteDownError, match=r"2 \(Too big\.\)"):
        fetched(site, [["2"]])
    assert len(site.asked) == TRIES


def test_an_issue_of_another_shape_stops_the_fetch() -> None:
    """An issue without what every issue has is an error that says where."""
    broken = {"issues": [{"id": "1", "key": "S-1", "fields": {"summary": "x"}}]}
    with pytest.raises(UnexpectedAnswerError, match=r"issues\[0\]\.fields"):
        fetched(Site(lambda _: broken), [["1"]])


def test_a_fault_of_the_ids_comes_through() -> None:
    """When the search under a fetch fails, its own error is raised."""

    def pages() -> Iterator[list[str]]:
        yield ["1"]
        what = "the search broke"
        raise UnexpectedAnswerError(what)

    with pytest.raises(UnexpectedAnswerError, match="the search broke"):
        fetched(Site(), pages())


def test_work_in_parallel_is_bounded() -> None:
    """No more than twice the threads' number is handed out at a time."""
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    results = in_parallel(lambda number: number * 2, items(), threads=3)
    first = next(results)
    assert first % 2 == 0
    assert len(drawn) <= 6
    assert sorted([first, *results]) == [number * 2 for number in range(100)]


def test_an_error_in_a_thread_is_raised_here() -> None:
    """What fails in a thread fails the caller, with its own type."""
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(lambda number: 1 // number, [1, 0, 2], threads=2))


def test_the_session_is_shared_by_threads() -> None:
    """Many calls at once through one client lose nothing and record each request."""
    jira = guarded_jira(BASE)
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/rest/api/3/field", json=[])
        mock.add_callback(responses.POST, BASE + PATH, callback=Site())
        pages = [[str(number) for number in range(2500)]]
        found = [each.id for each in chain.from_iterable(jira.tracker.fetch(pages, []))]
    assert (len(found), len(set(found))) == (2500, 2500)
    assert jira.guard.record.count() == 26
