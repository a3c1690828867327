"""The one global order of a Jira site, with texts that sort like it."""

from collections.abc import Iterable, Iterator, Sequence

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WIDTH = 6


class RankOrder:
    """Issue ids, top first.

    A rank's text looks like Jira's LexoRank and sorts like the order; only moved issues get a new
    one.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = list(ids)
        step = 36**_WIDTH // (len(self._ids) + 1)
        self._digits = {
            each: _base36(step * place) for place, each in enumerate(self._ids, start=1)
        }
        self._places: dict[str, int] | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def place(self, issue_id: str) -> int:
        """How many issues stand above this one."""
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._ids)}
        return self._places[issue_id]

    def text(self, issue_id: str) -> str:
        """The rank as the rank field shows it."""
        digits = self._digits[issue_id]
        return f"0|{digits[:_WIDTH]}:{digits[_WIDTH:]}"

    def move(
        self, block: Sequence[str], *, before: str | None = None, after: str | None = None
    ) -> None:
        """Puts *block*, in its order, directly before or after an issue that is not in it.

        Neither anchor: to the bottom.
        """
        moved = set(block)
        rest = [each for each in self._ids if each not in moved]
        if before is not None:
            place = rest.index(before)
        else:
            place = len(rest) if after is None else rest.index(after) + 1
        self._ids = rest[:place] + list(block) + rest[place:]
        self._places = None
        low = self._digits[rest[place - 1]] if place else ""
        high = self._digits[rest[place]] if place < len(rest) else None
        for each in block:
            low = self._digits[each] = _between(low, high)

    def remove(self, issue_id: str) -> None:
        """Takes a deleted issue out."""
        self._ids.remove(issue_id)
        self._places = None
        del self._digits[issue_id]


def _base36(number: int) -> str:
    digits = ""
    for _ in range(_WIDTH):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _between(low: str, high: str | None) -> str:
    """Digits strictly between two fractions, found from the left; None is 1.

    *low* must be below *high*: then *high* has a digit wherever both are still the same.
    """
    found, place = "", 0
    while True:
        least = _DIGITS.index(low[place]) if place < len(low) else 0
        most = len(_DIGITS) if high is None else _DIGITS.index(high[place])
        if most - least > 1:
            return (found + _DIGITS[(least + most) // 2]).ljust(_WIDTH, "0")
        found += _DIGITS[least]
        if most > least:
            high = None  # whatever follows stays below it
        place += 1
