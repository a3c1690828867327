"""The one search structure of this room: the least value seen left of a place."""

from bisect import bisect_left


class Staircase:
    """Pairs (place, value) of which only those are kept that a query can still answer with.

    Places rise and values fall from step to step, so a query is one bisection.

    Args:
        ceiling: The answer where nothing was added; greater than every value added.

    Example:
        >>> stairs = Staircase(99)
        >>> stairs.add(4, 10)
        >>> stairs.add(2, 30)
        >>> stairs.add(6, 20)  # place 4 is left of it and cheaper: never an answer
        >>> [stairs.least_left_of(place) for place in (2, 3, 5, 7)]
        [99, 30, 10, 10]
    """

    __slots__ = ("_places", "_values")

    def __init__(self, ceiling: int) -> None:
        # The first step lies left of all places, so that a query needs no special case.
        self._places: list[int] = [-1]
        self._values: list[int] = [ceiling]

    def least_left_of(self, place: int) -> int:
        """Return the least value added at a place smaller than *place* (>= 0)."""
        return self._values[bisect_left(self._places, place) - 1]

    def add(self, place: int, value: int) -> None:
        """Remember *value* at *place* (>= 0); amortised one bisection."""
        places, values = self._places, self._values
        start = bisect_left(places, place)
        if values[start - 1] <= value:
            return
        end, size = start, len(values)
        while end < size and values[end] >= value:
            end += 1
        if end == start + 1:  # the usual case, and the fastest
            places[start] = place
            values[start] = value
        else:
            places[start:end] = (place,)
            values[start:end] = (value,)
