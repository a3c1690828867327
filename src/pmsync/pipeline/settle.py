"""Settle: find out what became of the writes that an earlier run could not tell (P3).

This comes before anything else, and it only reads: what turns out not to have been applied is
simply planned anew from the truth.
"""

from collections.abc import Sequence

from pmsync.core.errors import PmsyncError
from pmsync.core.journal import Outcome, Write
from pmsync.core.plan import RankMove, Ref
from pmsync.pipeline.apply_pages import PageRun, find_written, read_back_outcome
from pmsync.pipeline.apply_rank import read_back, shows
from pmsync.ports import Clock, IssueTracker, Journal


class UnsettledError(PmsyncError):
    """What became of an earlier write cannot be told yet, so nothing may be written on top."""

    exit_code = 75


def settle(
    journal: Journal,
    product: str,
    *,
    tracker: IssueTracker,
    scope: str,
    pages: PageRun | None,
    clock: Clock,
) -> tuple[Write, ...]:
    """Settle every write of *product* without a known outcome; return them, oldest first.

    Args:
        journal: Where the writes are recorded.
        product: The product's id.
        tracker: Jira, to read the order back.
        scope: The product's scope.
        pages: To read pages back and remember them; None when the product has no pages, which
            leaves page writes as they are.
        clock: For the time of settling, and to wait for the order to settle.

    Raises:
        UnsettledError: The order of the issues keeps changing.
    """
    waiting = journal.unsettled(product)
    moves = [write for write in waiting if write.step == "rank"]
    order = _order(tracker, clock, scope, moves) if moves else ()
    for write in waiting:
        outcome = _rank_outcome(write, order) if write in moves else _page_outcome(write, pages)
        if outcome:
            journal.settle(write.id, outcome, clock.now())
    return waiting


def _order(
    tracker: IssueTracker, clock: Clock, scope: str, moves: Sequence[Write]
) -> tuple[str, ...]:
    written = [issue for write in moves for issue in write.detail["issues"].split()]
    order = read_back(tracker, clock, scope, written)
    if order is None:
        what = f"whether {moves[0].target} was moved by run {moves[0].run} cannot be told yet"
        raise UnsettledError(what, cure="run again when nobody is moving issues about in Jira")
    return order


def _rank_outcome(write: Write, order: tuple[str, ...]) -> Outcome:
    move = RankMove(
        change=write.change,
        issues=tuple(Ref(id=issue, key=issue) for issue in write.detail["issues"].split()),
        before=_ref(write, "before"),
        after=_ref(write, "after"),
        above=_ref(write, "above"),
        expects=(),
    )
    return read_back_outcome(shows(move, order))


def _ref(write: Write, name: str) -> Ref | None:
    issue = write.detail[name]
    return Ref(id=issue, key=issue) if issue else None


def _page_outcome(write: Write, pages: PageRun | None) -> Outcome | None:
    if pages is None:
        return None
    if write.step != "page":
        return pages.side_outcome(write)
    head = find_written(pages.wiki, write.detail)
    if head:
        pages.remember(write.detail, head)
    return read_back_outcome(head is not None)
