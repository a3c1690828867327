"""Slots: scored issues among unscored ones, passing as few as possible."""

from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.ranking.slots import closed, settle

TOP = 3
SLOTS = st.lists(st.integers(0, TOP), max_size=5)


@st.composite
def bounded(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    """Slots with never-falling bounds around some never-falling answer."""
    slots = draw(SLOTS)
    size = len(slots)
    answer = sorted(draw(st.lists(st.integers(0, TOP), min_size=size, max_size=size)))
    below = draw(st.lists(st.integers(0, TOP), min_size=size, max_size=size))
    above = draw(st.lists(st.integers(0, TOP), min_size=size, max_size=size))
    lowest = [max(0, at - gap) for at, gap in zip(answer, below, strict=True)]
    highest = [min(TOP, at + gap) for at, gap in zip(answer, above, strict=True)]
    return slots, *closed(lowest, highest)


@given(case=bounded())
def test_settle_is_nearest_and_of_equals_the_largest(
    case: tuple[list[int], list[int], list[int]],
) -> None:
    """Among all non-falling slots within the bounds none is nearer, and of equals none larger."""
    slots, lowest, highest = case

    found = settle(slots, lowest, highest)

    able = [
        tried
        for tried in combinations_with_replacement(range(TOP + 1), len(slots))
        if all(low <= at <= high for low, at, high in zip(lowest, tried, highest, strict=True))
    ]
    away = {tried: sum(abs(a - b) for a, b in zip(tried, slots, strict=True)) for tried in able}
    nearest = [tried for tried in able if away[tried] == min(away.values())]
    assert tuple(found) in nearest
    assert found == [max(parts) for parts in zip(*nearest, strict=True)]


def test_slots_that_never_fall_stay_as_they_are() -> None:
    """Nobody passes anybody where the order does not ask for it."""
    assert settle([0, 0, 1, 3], [0] * 4, [3] * 4) == [0, 0, 1, 3]


def test_nothing_settles_to_nothing() -> None:
    """No scored issues, no slots."""
    assert settle([], [], []) == []
    assert closed([], []) == ([], [])
