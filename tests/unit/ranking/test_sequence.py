"""Increasing subsequences, displaced issues and exact amounts."""

from fractions import Fraction
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.ranking.sequence import displaced, lis, places_now, places_of, whole

WEIGHTS = st.lists(st.integers(0, 4), min_size=6, max_size=6)


def rises(places: tuple[int, ...], chosen: tuple[int, ...]) -> bool:
    return all(places[above] < places[below] for above, below in pairwise(chosen))


def heaviest(places: tuple[int, ...], weights: list[int], forced: set[int]) -> int | None:
    """Try every subset; None where none holds all forced indices."""
    sums = [
        sum(weights[index] for index in chosen)
        for size in range(len(places) + 1)
        for chosen in combinations(range(len(places)), size)
        if forced <= set(chosen) and rises(places, chosen)
    ]
    return max(sums, default=None)


@pytest.mark.parametrize("size", range(7))
def test_lis_is_longest_on_every_permutation(size: int) -> None:
    """For all orders of up to six, no increasing subsequence is longer than the one found."""
    for places in permutations(range(size)):
        found = tuple(lis(places))

        assert rises(places, found)
        assert len(found) == heaviest(places, [1] * size, set())


@given(
    places=st.permutations(range(6)), weights=WEIGHTS, forced=st.sets(st.integers(0, 5), max_size=3)
)
def test_lis_is_heaviest_and_holds_what_is_forced(
    places: list[int], weights: list[int], forced: set[int]
) -> None:
    """With weights and forced indices it is as heavy as the best of all subsets, or refuses."""
    best = heaviest(tuple(places), weights, forced)

    if best is None:
        with pytest.raises(ValueError, match="forced places do not increase"):
            lis(places, weights=weights, forced=forced)
        return
    found = lis(places, weights=weights, forced=forced)
    assert forced <= set(found)
    assert rises(tuple(places), tuple(found))
    assert sum(weights[index] for index in found) == best


def test_ties_keep_the_largest_indices() -> None:
    """Of two equal answers the later indices are taken, so a swap moves the better issue up."""
    assert lis([1, 0]) == [1]
    assert lis([1, 0, 3, 2]) == [1, 3]
    assert displaced("ab", "ba") == ("b",)


def test_weights_that_are_not_binary_fractions_add_up_exactly() -> None:
    """0.1 + 0.2 weighs more than 0.3 only by what the floats really hold."""
    exact = Fraction(0.1) + Fraction(0.2)

    assert sum(whole([0.1, 0.2])) / max(whole([0.1, 0.2, 0.3])) == float(exact / Fraction(0.3))


@given(amounts=st.lists(st.floats(0, 1e6), max_size=8))
def test_whole_keeps_every_ratio(amounts: list[float]) -> None:
    """Integers stand to one another as the amounts do, with no rounding."""
    found = whole(amounts)

    for one, other in combinations(range(len(amounts)), 2):
        left = Fraction(amounts[one]) * found[other]
        assert left == Fraction(amounts[other]) * found[one]


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_amounts_must_be_finite_and_not_negative(bad: float) -> None:
    """A price that is no price is refused instead of spoiling every sum."""
    with pytest.raises(ValueError, match="finite and not negative"):
        lis([0, 1], weights=[1.0, bad])


@given(desired=st.permutations("abcdef"), pinned=st.sets(st.sampled_from("abcdef"), max_size=2))
def test_displaced_and_the_rest_make_up_the_order(desired: list[str], pinned: set[str]) -> None:
    """Without the displaced issues both orders read the same, and no pinned one is displaced."""
    pins_now = sorted(pinned)
    if [issue for issue in desired if issue in pinned] != pins_now:
        with pytest.raises(ValueError, match="forced places"):
            displaced("abcdef", desired, pinned=pinned)
        return

    moved = set(displaced("abcdef", desired, pinned=pinned))

    assert not moved & pinned
    stay = [issue for issue in desired if issue not in moved]
    assert stay == sorted(stay)


def test_displaced_counts_n_minus_the_longest_run() -> None:
    """One issue from the bottom to the top is one displaced issue, not five."""
    assert displaced("abcde", "eabcd") == ("e",)
    assert displaced("abcde", "edcba") == ("e", "d", "c", "b")
    assert displaced("", "") == ()


def test_pins_outside_the_order_are_ignored() -> None:
    """A set of pinned issues may speak of issues that are not ranked here."""
    assert displaced("ab", "ba", pinned={"z"}) == ("b",)


def test_places_now_reads_the_desired_order_in_todays_places() -> None:
    """Each desired issue is told where it stands today."""
    assert places_now("abcd", "dbca") == [3, 1, 2, 0]
    assert places_of("ab") == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("current", "desired", "told"),
    [
        ("abc", "abd", "c, d are in one only"),
        ("abc", "ab", "c are in one only"),
        ("ab", "abc", "c are in one only"),
        ("aab", "ab", "listed more than once: a"),
        ("ab", "abb", "listed more than once: b"),
        ("a", "abcdefgh", "b, c, d, e, f and 2 more"),
    ],
)
def test_orders_that_do_not_match_are_named(current: str, desired: str, told: str) -> None:
    """The message says which issues are at fault, and not more than a handful."""
    with pytest.raises(ValueError, match=told):
        places_now(current, desired)
