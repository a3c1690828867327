"""The rate budget: which limit concerns what, and how requests come closer again."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from guarded_wiki import QuickClock
from hypothesis import given
from hypothesis import strategies as st

from pmsync.transport.budget import WIDEST_SPACING_S, Key, RateBudget

SEARCH = Key(site="acme", product="jira", method="POST", endpoint="search")
FETCH = Key(site="acme", product="jira", method="POST", endpoint="bulk fetch")
ELSEWHERE = Key(site="other", product="jira", method="POST", endpoint="search")
WIKI = Key(site="acme", product="confluence", method="GET", endpoint="pages")
RANK_1 = Key(site="acme", product="jira", method="PUT", endpoint="rank", issues=("1", "2"))
RANK_3 = Key(site="acme", product="jira", method="PUT", endpoint="rank", issues=("3",))
ALL = (SEARCH, FETCH, ELSEWHERE, WIKI, RANK_1, RANK_3)


@pytest.fixture
def clock() -> QuickClock:
    """A clock that only sleeping moves."""
    return QuickClock()


@pytest.mark.parametrize(
    ("refused", "reason", "waiting"),
    [
        (SEARCH, "jira-burst-based", {SEARCH}),
        (SEARCH, "", {SEARCH}),
        (SEARCH, "something new", {SEARCH}),
        (SEARCH, "jira-quota-tenant-based", {SEARCH, FETCH, RANK_1, RANK_3}),
        (SEARCH, "jira-quota-global-based", {SEARCH, FETCH, ELSEWHERE, RANK_1, RANK_3}),
        (WIKI, "confluence-quota-tenant-based", {WIKI}),
        (RANK_1, "jira-per-issue-on-write", {RANK_1}),
        (SEARCH, "jira-per-issue-on-write", {SEARCH}),
    ],
)
def test_a_refusal_stops_what_its_reason_names(
    clock: QuickClock, refused: Key, reason: str, waiting: set[Key]
) -> None:
    """Exactly the keys under that limit wait, all others go at once."""
    budget = RateBudget(clock)
    budget.refused(refused, reason, 30.0)
    assert {key for key in ALL if budget.wait_s(key) > 0} == waiting


def test_the_pause_is_over_when_it_is_over(clock: QuickClock) -> None:
    """After the seconds asked for the first request goes without waiting."""
    budget = RateBudget(clock)
    budget.refused(SEARCH, "jira-burst-based", 30.0)
    clock.sleep(29.0)
    assert budget.wait_s(FETCH) == 0.0
    assert budget.wait_s(SEARCH) == pytest.approx(1.0)


def test_a_shorter_pause_does_not_shorten_a_longer_one(clock: QuickClock) -> None:
    """Two refusals at once: the longer one holds."""
    budget = RateBudget(clock)
    budget.refused(SEARCH, "", 30.0)
    budget.refused(SEARCH, "", 2.0)
    assert budget.wait_s(SEARCH) == 30.0


def test_after_a_refusal_requests_keep_apart(clock: QuickClock) -> None:
    """Those that waited together do not go together: each books a turn of its own."""
    budget = RateBudget(clock)
    budget.refused(SEARCH, "jira-burst-based", 1.0)
    turns = [budget.wait_s(SEARCH) for _ in range(4)]
    assert turns == sorted(set(turns))
    assert turns[0] == 1.0


def test_success_brings_them_closer_until_nothing_is_left(clock: QuickClock) -> None:
    """After enough good answers the limit is forgotten."""
    budget = RateBudget(clock)
    budget.refused(SEARCH, "jira-burst-based", 1.0)
    clock.sleep(2.0)
    for _ in range(20):
        clock.sleep(1.0)
        budget.accepted(SEARCH)
    assert [budget.wait_s(SEARCH) for _ in range(3)] == [0.0, 0.0, 0.0]


@given(st.integers(min_value=1, max_value=60))
def test_spacing_has_an_end(refusals: int) -> None:
    """However often the site refuses, requests end up no further apart than the widest spacing."""
    clock = QuickClock()
    budget = RateBudget(clock)
    for _ in range(refusals):
        budget.refused(SEARCH, "", 1.0)
    first, second = budget.wait_s(SEARCH), budget.wait_s(SEARCH)
    assert 0 < second - first <= WIDEST_SPACING_S + 1e-9


def test_an_untouched_budget_lets_everything_through(clock: QuickClock) -> None:
    """Without a refusal nobody waits."""
    budget = RateBudget(clock)
    budget.accepted(SEARCH)
    assert all(budget.wait_s(key) == 0.0 for key in ALL)


def test_a_storm_of_threads_goes_one_by_one(clock: QuickClock) -> None:
    """Threads that wait for the same limit are let out apart, none before its end."""
    budget = RateBudget(clock)
    for _ in range(3):
        budget.refused(SEARCH, "jira-burst-based", 10.0)
    with ThreadPoolExecutor(8) as pool:
        turns = sorted(pool.map(lambda _: budget.wait_s(SEARCH), range(40)))
    assert turns[0] == 10.0
    assert all(later - earlier > 0.1 for earlier, later in pairwise(turns))
