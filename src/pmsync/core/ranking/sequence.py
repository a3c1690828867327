"""Increasing subsequences: which issues can stay, and which are displaced."""

import math
from collections.abc import Collection, Sequence

from pmsync.core.ranking.staircase import Staircase


def places_now(current: Sequence[str], desired: Sequence[str]) -> list[int]:
    """Return, for each issue of *desired* in turn, its place in *current* (top = 0).

    Raises:
        ValueError: An issue is listed twice, or the sequences do not hold the same issues.

    Example:
        >>> places_now(["a", "b", "c"], ["c", "a", "b"])
        [2, 0, 1]
    """
    place = places_of(current)
    if len(places_of(desired)) != len(place) or not place.keys() >= set(desired):
        only = sorted(place.keys() ^ set(desired))
        message = f"the two orders do not hold the same issues: {_few(only)} are in one only"
        raise ValueError(message)
    return [place[issue] for issue in desired]


def places_of(order: Sequence[str]) -> dict[str, int]:
    """Return `{issue: place}`, top = 0.

    Raises:
        ValueError: An issue is listed twice.
    """
    place = {issue: at for at, issue in enumerate(order)}
    if len(place) != len(order):
        twice = sorted({issue for at, issue in enumerate(order) if place[issue] != at})
        message = f"listed more than once: {_few(twice)}"
        raise ValueError(message)
    return place


def whole(amounts: Sequence[float]) -> list[int]:
    """Return *amounts* times their common denominator, as exact integers.

    Sums of floats depend on the order of adding, and with them every tie; these do not.

    Raises:
        ValueError: An amount is negative, infinite or not a number.

    Example:
        >>> whole([1, 2.5, 0.25])
        [4, 10, 1]
    """
    distinct = set(amounts)  # a few prices for thousands of issues
    if not all(math.isfinite(amount) and amount >= 0 for amount in distinct):
        message = "costs and weights must be finite and not negative"
        raise ValueError(message)
    ratios = {amount: float(amount).as_integer_ratio() for amount in distinct}
    scale = max((below for _, below in ratios.values()), default=1)
    # All denominators are powers of two, so the largest is common.
    found = {amount: above * (scale // below) for amount, (above, below) in ratios.items()}
    return [found[amount] for amount in amounts]


def lis(
    places: Sequence[int],
    *,
    weights: Sequence[float] | None = None,
    forced: Collection[int] = (),
) -> list[int]:
    """Return the indices of the heaviest strictly increasing subsequence of *places*.

    Args:
        places: Distinct numbers >= 0.
        weights: One for each place (>= 0); None counts each as 1: the longest subsequence.
        forced: Indices that must be part of the answer.

    Returns:
        Indices, ascending. Among equals, read from the end, the one with the largest indices.

    Raises:
        ValueError: The forced places do not increase, or a weight is negative or not finite.

    Cost:
        O(n log n) time, O(n) memory.

    Example:
        >>> lis([2, 0, 1, 3])
        [1, 2, 3]
        >>> lis([2, 0, 1, 3], forced={0})
        [0, 3]
    """
    size, base = len(places), len(places) + 1
    amounts = [1] * size if weights is None else whole(weights)
    everything = sum(amounts) + 1
    for index in forced:
        amounts[index] += everything
    # One number holds a total (negated: least is best) and, to settle ties, the index it belongs
    # to, counted from the end: size stands for "nothing yet".
    stairs = Staircase(ceiling=base)
    stairs.add(0, size)
    above = []
    for index, place in enumerate(places):
        total, nearest = divmod(stairs.least_left_of(place + 1), base)
        above.append(nearest)
        stairs.add(place + 1, (total - amounts[index]) * base + size - 1 - index)
    found = _trace(stairs.least_left_of(max(places, default=0) + 2) % base, above)
    if not set(found).issuperset(forced):
        message = "the forced places do not increase"
        raise ValueError(message)
    return found


def displaced(
    current: Sequence[str], desired: Sequence[str], *, pinned: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the fewest issues whose place among the others changes, in the desired order.

    Args:
        current: Today's order, top first.
        desired: The same issues in the order wanted.
        pinned: Issues that never count as displaced; those not in *current* are ignored.

    Raises:
        ValueError: The orders differ in content, or pinned issues change their order.

    Example:
        >>> displaced(["a", "b", "c", "d"], ["d", "a", "b", "c"])
        ('d',)
        >>> displaced(["a", "b", "c", "d"], ["d", "a", "b", "c"], pinned={"d"})
        ('a', 'b', 'c')
    """
    places = places_now(current, desired)
    pins = frozenset(pinned)
    stay = set(lis(places, forced={at for at, issue in enumerate(desired) if issue in pins}))
    return tuple(issue for index, issue in enumerate(desired) if index not in stay)


def _trace(last: int, above: Sequence[int]) -> list[int]:
    size, found = len(above), []
    while last < size:
        found.append(size - 1 - last)
        last = above[found[-1]]
    return found[::-1]


def _few(issues: Sequence[str], shown: int = 5) -> str:
    more = f" and {len(issues) - shown} more" if len(issues) > shown else ""
    return ", ".join(issues[:shown]) + more
