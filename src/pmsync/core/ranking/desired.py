"""The desired order: what must and what should stand above what, moving as few as possible."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pmsync.core.ranking.precedence import Edge, best_first, chain, without_cycles
from pmsync.core.ranking.sequence import lis, places_of
from pmsync.core.ranking.slots import Bounds, closed, settle

SortKey: TypeAlias = tuple[float | str, ...]
"""Smaller is better; equal keys cannot be told apart and keep today's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """An order worth having, and what it takes.

    Attributes:
        order: All issues, top first.
        kept: Issues that stay in order against one another; fixed and unscored are among them.
        displaced: The others, in the new order.
        dropped_edges: Constraints left out because they would have closed a cycle.
    """

    order: tuple[str, ...]
    kept: tuple[str, ...]
    displaced: tuple[str, ...]
    dropped_edges: tuple[tuple[str, str], ...]


def desired_order(
    current: Sequence[str],
    *,
    keys: Mapping[str, SortKey | None],
    fixed: Collection[str] = (),
    before: Sequence[tuple[str, str]] = (),
    weights: Mapping[str, float] | None = None,
) -> Desired:
    """Return the order by key that obeys the constraints and displaces the least weight.

    Firm: fixed and unscored issues keep today's order among themselves, then *before*. Scored
    issues stand in the best order that allows, an issue waiting only for what is firmly above
    it. Of all such orders, the answer displaces the least weight; ranked again, it stays.

    An unscored issue holds nobody back. A displaced one passes as few of them as its new
    neighbours that stay allow; in a choice, they follow the issue above them today.

    Args:
        current: Today's order, top first, each issue once.
        keys: For each issue of *current* its sort key, all of one shape; None = unscored.
        fixed: Issues that stay (committed, overridden); those not in *current* are ignored.
        before: Constraints `(above, below)` by falling authority (zone borders first, then
            blocker and blocked): of a cycle, the last one is dropped.
        weights: Price of displacing an issue (>= 0); an issue not listed, or None, counts 1.

    Raises:
        ValueError: An issue is listed twice, has no entry in *keys* or a NaN in it, *before*
            names an issue that is not in *current*, or a weight is negative or not finite.

    Cost:
        O((n + edges) log n); more when edges are dropped.

    Example:
        >>> found = desired_order(["a", "b", "c"], keys={"a": (3,), "b": None, "c": (1,)})
        >>> found.order, found.kept, found.displaced
        (('c', 'a', 'b'), ('a', 'b'), ('c',))
    """
    place = places_of(current)
    tiers = _tiers(current, keys)
    unscored = [at for at, tier in enumerate(tiers) if tier < 0]
    firm = sorted({*unscored, *(place[issue] for issue in fixed if issue in place)})
    edges, dropped = without_cycles(len(current), chain(firm), _edges(place, before))
    prices = [1.0 if weights is None else weights.get(issue, 1.0) for issue in current]
    order, stay = _ordered(tiers, edges, unscored, firm=set(firm), prices=prices)
    return Desired(
        order=tuple(current[at] for at in order),
        kept=tuple(current[at] for at in sorted(stay)),
        displaced=tuple(current[at] for at in order if at not in stay),
        dropped_edges=tuple((current[above], current[below]) for above, below in dropped),
    )


def _ordered(
    tiers: Sequence[int],
    edges: Sequence[Edge],
    unscored: Sequence[int],
    *,
    firm: Collection[int],
    prices: Sequence[float],
) -> tuple[list[int], set[int]]:
    """The new order of today's places, and those of them that stay."""
    best = [at for at in best_first(len(tiers), edges, tiers) if tiers[at] >= 0]
    slots = _slots(tiers)
    bounds = _bounds(best, slots, tiers, edges)
    stay = _staying(best, [slots[at] for at in best], bounds, firm=firm, prices=prices)
    order = _merged(best, slots, bounds, stay=stay, unscored=unscored)
    return order, stay.union(unscored)


def _tiers(current: Sequence[str], keys: Mapping[str, SortKey | None]) -> list[int]:
    """Keys as numbers, 0 = best; -1 = unscored, so that it never holds back what it precedes."""
    missing = [issue for issue in current if issue not in keys]
    if missing:
        message = f"no sort key for {missing[0]} ({len(missing)} in all); None means unscored"
        raise ValueError(message)
    mine = [keys[issue] for issue in current]
    scored = {key for key in mine if key is not None}
    for key in scored:
        if any(part != part for part in key):  # noqa: PLR0124  NaN is what differs from itself
            message = f"a sort key holds NaN: {key}"
            raise ValueError(message)
    tier = {key: number for number, key in enumerate(sorted(scored))}
    return [-1 if key is None else tier[key] for key in mine]


def _edges(place: Mapping[str, int], before: Sequence[tuple[str, str]]) -> list[Edge]:
    strangers = [pair for pair in before if not (pair[0] in place and pair[1] in place)]
    if strangers:
        message = f"a constraint names an issue that is not in the order: {strangers[0]}"
        raise ValueError(message)
    return [(place[above], place[below]) for above, below in before]


def _slots(tiers: Sequence[int]) -> list[int]:
    """For each issue of today's order the number of unscored ones above it."""
    slots, above = [], 0
    for tier in tiers:
        slots.append(above)
        above += tier < 0
    return slots


def _bounds(
    best: Sequence[int], slots: Sequence[int], tiers: Sequence[int], edges: Sequence[Edge]
) -> Bounds:
    """Slots that the constraints leave to each issue of *best*."""
    lowest = dict.fromkeys(best, 0)
    highest = dict.fromkeys(best, len(tiers) - len(best))
    for above, below in edges:
        if tiers[above] < 0 <= tiers[below]:
            lowest[below] = max(lowest[below], slots[above] + 1)
        elif tiers[below] < 0 <= tiers[above]:
            highest[above] = min(highest[above], slots[below])
    return closed(list(lowest.values()), list(highest.values()))


def _staying(
    best: Sequence[int],
    slots: Sequence[int],
    bounds: Bounds,
    *,
    firm: Collection[int],
    prices: Sequence[float],
) -> set[int]:
    """The heaviest set of scored issues, all firm ones in it, that agrees with *best*."""
    free = [low <= slot <= high for slot, low, high in zip(slots, *bounds, strict=True)]
    able = [at for at, fits in zip(best, free, strict=True) if fits]
    found = lis(
        able,
        weights=[prices[at] for at in able],
        forced={index for index, at in enumerate(able) if at in firm},
    )
    return {able[index] for index in found}


def _merged(
    best: Sequence[int],
    slots: Sequence[int],
    bounds: Bounds,
    *,
    stay: Collection[int],
    unscored: Sequence[int],
) -> list[int]:
    """The scored issues in the order of *best*, the unscored among them."""
    lowest, highest = closed(
        [slots[at] if at in stay else low for at, low in zip(best, bounds[0], strict=True)],
        [slots[at] if at in stay else high for at, high in zip(best, bounds[1], strict=True)],
    )
    order: list[int] = []
    done = 0
    for at, slot in zip(best, settle([slots[at] for at in best], lowest, highest), strict=True):
        order += unscored[done:slot]
        done = slot
        order.append(at)
    return [*order, *unscored[done:]]
