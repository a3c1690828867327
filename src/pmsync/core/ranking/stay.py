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
    base = len(places) + 2
    # Exact integers. One number holds a price, below it the count of named issues, below that
    # (taken away, so that the largest wins) the index it belongs to: the least settles ties too.
    *naming, call = (price * base for price in whole([*prices, call_cost]))
    # Naming a pinned issue costs more than any plan that does not.
    never = sum(naming) + (call + base) * base
    naming = [never if index in pinned else price + 1 for index, price in enumerate(naming)]
    steps = _Steps(min(batch, base - 1), base, ceiling=(sum(naming) + never) * base)
    stay = _trace(_stays_above(places, naming, call, steps))
    if not set(stay).issuperset(pinned):
        message = "pinned issues would have to change their order"
        raise ValueError(message)
    return stay


def _stays_above(
    places: Sequence[int], naming: Sequence[int], call: int, steps: "_Steps"
) -> list[int]:
    """For each issue (from 1) and the sentinel below all: who stays next above it; 0 = nobody."""
    batch, base = steps.batch, steps.base
    spent = [0, *accumulate(naming), 0]
    above = [0] * base
    steps.add(0, 0, 0)
    for index, place in enumerate((*places, len(places)), 1):
        rows, rest = divmod(index - 1, batch)
        found = steps.least(rest, place + 1, call * base)
        above[index] = -found % base
        total = (found + above[index]) // base + spent[index - 1] + call * rows
        steps.add(index, place + 1, total - spent[index] - call * (index // batch))
    return above


class _Steps:
    """The least h over smaller places: of all issues, and of those with a large remainder."""

    __slots__ = ("_all", "_holding", "_reading", "base", "batch")

    def __init__(self, batch: int, base: int, ceiling: int) -> None:
        self.batch = batch
        self.base = base
        self._all = Staircase(ceiling)
        nodes = [Staircase(ceiling) for _ in range(batch)]
        # A Fenwick tree: where a remainder is held, and what to read for it and all above it.
        self._holding = [[self._all, *_path(nodes, at, down=True)] for at in range(batch)]
        self._reading = [_path(nodes, at, down=False) for at in range(batch)]

    def add(self, index: int, place: int, h: int) -> None:
        value = h * self.base - index
        for stairs in self._holding[index % self.batch]:
            stairs.add(place, value)

    def least(self, remainder: int, place: int, call: int) -> int:
        """The least of value + *call*, and of value where the remainder is no smaller."""
        least = self._all.least_left_of(place)
        if -least % self.base % self.batch >= remainder:
            return least
        found = [stairs.least_left_of(place) for stairs in self._reading[remainder]]
        return min(least + call, *found)


def _path(nodes: list[Staircase], at: int, *, down: bool) -> list[Staircase]:
    path, node = [], at + 1
    while 0 < node <= len(nodes):
        path.append(nodes[node - 1])
        node += -(node & -node) if down else node & -node
    return path


def _trace(above: Sequence[int]) -> list[int]:
    index, found = above[-1], []
    while index:
        found.append(index - 1)
        index = above[index]
    return found[::-1]
