"""Settle: find out what became of the writes that an earlier run could not tell (P3).

This comes before anything else, and it only reads: what turns out not to have been applied is
simply planned anew from the truth.
"""

from typing import TYPE_CHECKING

from pmsync.core.journal import Outcome, Write
from pmsync.core.plan import RankMove, Ref
from pmsync.pipeline.apply_pages import PageRun, find_written, read_back_outcome
from pmsync.pipeline.apply_rank import read_order, shows
from pmsync.ports import Clock, IssueTracker, Journal

if TYPE_CHECKING:
    from collections.abc import Callable


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
        clock: For the time of settling.
    """
    waiting = journal.unsettled(product)
    order: tuple[str, ...] | None = None
    for write in waiting:
        if write.step == "rank" and order is None:
            order = read_order(tracker, scope)
        outcome = _outcome(write, order or (), pages)
        if outcome:
            journal.settle(write.id, outcome, clock.now())
    return waiting


def _outcome(write: Write, order: tuple[str, ...], pages: PageRun | None) -> Outcome | None:
    readers: dict[str, Callable[[], Outcome | None]] = {
        "rank": lambda: _rank_outcome(write, order),
        "page": lambda: _page_outcome(write, pages),
        "labels": lambda: _side_outcome(pages),
        "property": lambda: _side_outcome(pages),
    }
    return readers[write.step]()


def _rank_outcome(write: Write, order: tuple[str, ...]) -> Outcome:
    issues = tuple(Ref(id=issue, key=issue) for issue in write.detail["issues"].split())
    before, after = write.detail["before"], write.detail["after"]
    move = RankMove(
        change=write.change,
        issues=issues,
        before=Ref(id=before, key=before) if before else None,
        after=Ref(id=after, key=after) if after else None,
        expects=(),
    )
    detail = "read back by a later run"
    return Outcome(state="applied" if shows(move, order) else "not_applied", detail=detail)


def _page_outcome(write: Write, pages: PageRun | None) -> Outcome | None:
    if pages is None:
        return None
    head = find_written(pages.wiki, write.detail)
    if head:
        pages.remember(write.detail, head)
    return read_back_outcome(head)


def _side_outcome(pages: PageRun | None) -> Outcome | None:
    """Labels and properties are compared and completed when unfinished pages are finished."""
    if pages is None:
        return None
    return Outcome(state="not_applied", detail="to be completed: the page's record is unfinished")
