"""Apply: exactly what the plan says, as far as it still fits what is there now (P1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pmsync.core.errors import UnsafePlanError
from pmsync.core.journal import Outcome
from pmsync.core.plan import PageChange, Plan, RankMove
from pmsync.pipeline.apply_pages import PageRun
from pmsync.pipeline.apply_rank import RankRun, gap_is_there, holds, read_order, shows
from pmsync.pipeline.writing import Writer
from pmsync.ports import Clock, IssueTracker

MOST_DROPPED = 0.2
"""Share of a plan's changes that may no longer fit before the whole plan is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a plan.

    Attributes:
        outcomes: ``{change: outcome}`` for every change of the plan.
        dropped: ``{change: why}`` for those whose precondition did not hold any more.
    """

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """Return how many changes ended in *state*."""
        return sum(1 for outcome in self.outcomes.values() if outcome.state == state)

    def complete(self) -> bool:
        """Return whether every change was applied."""
        return self.count("applied") == len(self.outcomes)


def apply(
    plan: Plan,
    *,
    scope: str,
    tracker: IssueTracker,
    pages: PageRun | None,
    writer: Writer,
    clock: Clock,
    hidden: Collection[str] = (),
    staying: Mapping[str, str] | None = None,
) -> Applied:
    """Apply *plan* and return every change's outcome.

    What is so already, because an earlier apply of this plan made it, counts as applied and is
    not sent again.

    Args:
        plan: What to do.
        scope: The product's scope, whose order is read.
        tracker: Jira.
        pages: Writes pages; None when the product has none.
        writer: Records every write.
        clock: To wait for the order to settle.
        hidden: Ids of issues that the pages' readers may not see any more.
        staying: ``{issue id: why}`` for issues that must not be moved any more.

    Raises:
        UnsafePlanError: Too much of the plan does not fit any more; nothing was written.
    """
    if not plan.changes:
        return Applied()
    stating = any(change.order for change in plan.page_changes())
    order = read_order(tracker, scope) if plan.moves() or stating else ()
    dropped = _dropped(plan, order, pages, hidden=frozenset(hidden), staying=staying or {})
    _refuse_stale(plan, dropped)
    outlived = pages.fit().outlived(plan.page_changes()) if pages else {}
    moves = [move for move in plan.moves() if move.change not in dropped]
    outcomes = {
        change: Outcome(state="not_applied", detail=f"dropped: {why}")
        for change, why in dropped.items()
    }
    ranking = RankRun(tracker=tracker, clock=clock, writer=writer, scope=scope, order=order)
    outcomes |= ranking.apply(moves)
    if pages:
        gone = dropped.keys() | outlived.keys()
        left = [change for change in plan.page_changes() if change.change not in gone]
        outcomes |= outlived | pages.apply(left, outcomes, ranking.order)
    return Applied(outcomes=outcomes, dropped=dropped)


def _dropped(
    plan: Plan,
    order: tuple[str, ...],
    pages: PageRun | None,
    *,
    hidden: frozenset[str],
    staying: Mapping[str, str],
) -> dict[str, str]:
    """Return ``{change: why}`` for every change whose precondition does not hold."""
    found: dict[str, str] = {}
    for change in plan.changes:
        if isinstance(change, RankMove):
            why = _why_not_moved(change, order, staying)
        else:
            why = _why_not_sent(change, pages, hidden)
        if why:
            found[change.change] = why
    return found


def _why_not_moved(move: RankMove, order: tuple[str, ...], staying: Mapping[str, str]) -> str:
    if gap_is_there(move, order) and shows(move, order):
        return ""
    kept = [f"{ref.key}: {staying[ref.id]}" for ref in move.issues if ref.id in staying]
    if kept:
        return "; ".join(kept)
    fits = gap_is_there(move, order) and holds(move, order)
    return "" if fits else "these issues have been moved since the plan was made"


def _why_not_sent(change: PageChange, pages: PageRun | None, hidden: frozenset[str]) -> str:
    if hidden.intersection(change.mentions):
        return "it speaks of issues that its readers may not see any more"
    return pages.fit().broken_precondition(change) if pages else "the product has no pages"


def _refuse_stale(plan: Plan, dropped: Mapping[str, str]) -> None:
    if len(dropped) <= len(plan.changes) * MOST_DROPPED:
        return
    listed = "; ".join(f"{change}: {why}" for change, why in list(dropped.items())[:5])
    msg = f"{len(dropped)} of {len(plan.changes)} changes do not fit any more ({listed})"
    raise UnsafePlanError(msg, cure="make a new plan with: pmsync plan -o FILE")
