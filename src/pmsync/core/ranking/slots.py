"""Where scored issues stand among the unscored: a slot is the number of unscored above.

The scored issues, best first, take slots that never fall. An issue that stays keeps its slot;
one that is displaced passes as few unscored issues as its order allows.
"""

from collections.abc import Sequence
from heapq import heappush, heapreplace
from itertools import accumulate
from typing import TypeAlias

Bounds: TypeAlias = tuple[list[int], list[int]]


def closed(lowest: Sequence[int], highest: Sequence[int]) -> Bounds:
    """Return the bounds with what follows from slots that never fall.

    Example:
        >>> closed([0, 2, 0], [9, 9, 5])
        ([0, 2, 2], [5, 5, 5])
    """
    falling = list(accumulate(reversed(highest), min))
    return list(accumulate(lowest, max)), falling[::-1]


def settle(slots: Sequence[int], lowest: Sequence[int], highest: Sequence[int]) -> list[int]:
    """Return non-falling slots within the bounds, in total as near as possible to *slots*.

    Args:
        slots: Today's slots of the scored issues, best first.
        lowest: Bounds below, never falling.
        highest: Bounds above, never falling; nowhere under *lowest*.

    Returns:
        Of several answers the one with the largest slots: the unscored stay up, where the
        issue above them today is.

    Cost:
        O(n log n): isotonic regression in absolute distance, by slope trick.

    Example:
        >>> settle([1, 0, 0], [0, 0, 0], [1, 1, 1])  # two pass nobody, so the first gives way
        [0, 0, 0]
    """
    heap: list[int] = []
    nearest = []
    for slot, low, high in zip(reversed(slots), reversed(lowest), reversed(highest), strict=True):
        wanted = min(max(slot, low), high)
        heappush(heap, wanted)
        if heap[0] < wanted:
            heapreplace(heap, wanted)
        nearest.append(heap[0])
    return list(accumulate(reversed(nearest), max))
