"""The cheapest calls from one order to another, and what a call does."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pmsync.core.ranking.sequence import places_now
from pmsync.core.ranking.stay import cheapest_stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One call: *issues*, in the order listed, next to an issue that no call of the plan names.

    Attributes:
        issues: What is moved, top first.
        before: The issue they come to stand directly above; None if *after* is given.
        after: The issue they come to stand directly below; None if *before* is given.
    """

    issues: tuple[str, ...]
    before: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        if not self.issues or (self.before is None) == (self.after is None):
            message = "a move names at least one issue and exactly one anchor"
            raise ValueError(message)
        if self.anchor in self.issues or len(set(self.issues)) != len(self.issues):
            message = "a move names each issue once, and not its anchor"
            raise ValueError(message)

    @property
    def anchor(self) -> str:
        """The issue that stays."""
        return next(issue for issue in (self.before, self.after) if issue is not None)


def plan_moves(
    current: Sequence[str],
    desired: Sequence[str],
    *,
    pinned: Collection[str] = (),
    cost: Mapping[str, float] | None = None,
    call_cost: float = 1.0,
    batch: int = 50,
) -> tuple[Move, ...]:
    """Return the cheapest calls that turn *current* into *desired*; empty if nothing is to do.

    No plan of calls to at most *batch* issues each is cheaper, however many steps it takes.
    No call names another's anchor, so none depends on another: refused calls or entries leave
    their issues where they were and the rest in the desired order.

    They come from the top of the desired order down. Ties: the fewest named issues; then, read
    from the bottom, the nearest issue above stays.

    Args:
        current: Today's order, top first. Foreign issues between them are left out.
        desired: The same issues in the order wanted.
        pinned: Issues no call may name; those not in *current* are ignored.
        cost: Price of naming an issue (>= 0); an issue not listed, or None, costs 1.
        call_cost: Price of a call (>= 0), in the unit of *cost*.
        batch: Most issues in one call (>= 1).

    Raises:
        ValueError: The orders do not hold the same issues once each, pinned issues change
            their order, *batch* is under 1, or a price is negative or not finite.

    Cost:
        O(n log n log batch) time, O(n log batch) memory.

    Example:
        >>> for move in plan_moves("abcde", "bcdea"):
        ...     print(move)
        Move(issues=('a',), before=None, after='e')
    """
    if batch < 1:
        message = f"a call holds at least one issue, not {batch}"
        raise ValueError(message)
    pins = frozenset(pinned)
    stay = cheapest_stay(
        places_now(current, desired),
        prices=[1.0 if cost is None else cost.get(issue, 1.0) for issue in desired],
        call_cost=call_cost,
        batch=batch,
        pinned={index for index, issue in enumerate(desired) if issue in pins},
    )
    return tuple(_calls(desired, stay, batch))


def apply_move(order: Sequence[str], move: Move, *, refused: Collection[str] = ()) -> list[str]:
    """Return *order* after the call, as Jira does it entry by entry.

    Args:
        order: Top first; may hold foreign issues.
        move: The call.
        refused: Issues whose entries fail: they stay where they are.

    Raises:
        ValueError: The anchor is not in *order*.

    Example:
        >>> apply_move(["a", "b", "c"], Move(issues=("b", "c"), before="a"), refused={"b"})
        ['c', 'a', 'b']
    """
    named = [issue for issue in move.issues if issue not in refused]
    gone = set(named)
    rest = [issue for issue in order if issue not in gone]
    at = rest.index(move.anchor) + (move.after is not None)
    return [*rest[:at], *named, *rest[at:]]


def _calls(desired: Sequence[str], stay: Sequence[int], batch: int) -> Iterator[Move]:
    """One gap after the other; each part of a gap lands between its like and what stays."""
    done = 0
    for index in stay:
        for part in _parts(desired[done:index], batch):
            yield Move(issues=part, before=desired[index])
        done = index + 1
    for part in reversed(_parts(desired[done:], batch)):
        yield Move(issues=part, after=desired[done - 1])


def _parts(issues: Sequence[str], batch: int) -> list[tuple[str, ...]]:
    return [tuple(issues[at : at + batch]) for at in range(0, len(issues), batch)]
