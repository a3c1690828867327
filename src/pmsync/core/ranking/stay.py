"""Which issues no call should name, so that the calls for all others cost the least.

Let issue *j* of the desired order stand at place `p[j]` today. What is never named must increase
in `p`; a call fills one gap between two such neighbours, with at most K issues. So the price of
the cheapest plan down to issue *j*, if *j* stays, is

    f(j) = min over i < j with p[i] < p[j] of
           f(i) + call * ceil((j-i-1) / K) + what naming i+1 .. j-1 costs

with a sentinel at both ends that stays. The ceiling is taken apart: with `a, r = divmod(j-1, K)`
and `b, s = divmod(i, K)` it is `a - b`, plus one if `s < r`. What depends on *i* alone goes into

    h(i) = f(i) - cost of naming 1 .. i - call * b

so that two least values are asked for each *j*: of `h(i) + call` over all *i*, and of `h(i)` over
those with `s >= r`, both among smaller places: a Fenwick tree over *s*, of staircases over places.
"""

from collections.abc import Collection, Sequence
from itertools import accumulate

from pmsync.core.ranking.sequence import whole
from pmsync.core.ranking.staircase import Staircase


def cheapest_stay(
    places: Sequence[int],
    *,
    prices: Sequence[float],
    call_cost: float,
    batch: int,
    pinned: Collection[int] = (),
) -> list[int]:
    """Return the indices of the issues that stay, ascending; never empty unless *places* is.

    Args:
        places: Today's places (0 to n-1, each once) of the issues in the desired order.
        prices: For each issue the price of naming it (>= 0).
        call_cost: Price of a call (>= 0).
        batch: Most issues in a call (>= 1).
        pinned: Indices that must stay.

    Returns:
        Of equal prices the one that names the fewest issues; then, read from the end, the one
        with the largest indices.

    Raises:
        ValueError: Pinned issues would have to change their order, or a price is negative or
            not finite.

    Cost:
        O(n log n log batch) time, O(n log batch) memory.

    Example:
        >>> cheapest_stay([1, 2, 0], prices=[1, 1, 1], call_cost=1, batch=50)
        [0, 1]
    """
    size = len(places)
    batch = min(batch, size + 1)
    base = size + 2
    # Exact integers. One number holds a price, below it the count of named issues, below that
    # the index it belongs to: the least number settles ties too.
    *naming, call = (price * base for price in whole([*prices, call_cost]))
    ceiling = (sum(naming) + size + call * base + 1) * base
    spent = [0, *accumulate(price + 1 for price in naming), 0]
    above = [0] * base
    steps = _Steps(batch, ceiling)
    steps.add(0, 0, base - 1)
    for index, place in enumerate((*places, size), 1):
        rows, rest = divmod(index - 1, batch)
        found = steps.least(rest, place + 1, call * base)
        if found >= ceiling:
            if index - 1 in pinned:
                message = "pinned issues would have to change their order"
                raise ValueError(message)
            continue
        total, tie = divmod(found, base)
        above[index] = base - 1 - tie
        if index - 1 in pinned:
            steps = _Steps(batch, ceiling)
        total += spent[index - 1] - spent[index] + call * (rows - index // batch)
        steps.add(index % batch, place + 1, total * base + base - 1 - index)
    return _trace(above)


class _Steps:
    """The least h over smaller places: of all issues, and of those with a large remainder."""

    __slots__ = ("_all", "_nodes")

    def __init__(self, batch: int, ceiling: int) -> None:
        self._all = Staircase(ceiling)
        self._nodes = [Staircase(ceiling) for _ in range(batch + 1)]

    def add(self, remainder: int, place: int, value: int) -> None:
        self._all.add(place, value)
        node = remainder + 1
        while node:
            self._nodes[node].add(place, value)
            node &= node - 1

    def least(self, remainder: int, place: int, call: int) -> int:
        """The least of value + *call*, and of value where the remainder is no smaller."""
        least = self._all.least_left_of(place) + call
        node = remainder + 1
        while node < len(self._nodes):
            least = min(least, self._nodes[node].least_left_of(place))
            node += node & -node
        return least


def _trace(above: Sequence[int]) -> list[int]:
    index, found = above[-1], []
    while index:
        found.append(index - 1)
        index = above[index]
    return found[::-1]
