"""Plan: the difference between what is and what should be, as one sorted list of changes.

Pure: the same snapshot, observed pages, rules and records give the same plan, byte for byte.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pmsync.core.backlog import Backlog
from pmsync.core.brakes import Extent, tripped
from pmsync.core.journal import PageRecord
from pmsync.core.model import Issue
from pmsync.core.plan import (
    Displaced,
    Held,
    Note,
    PageChange,
    PageUpdate,
    Plan,
    RankMove,
    Ref,
)
from pmsync.core.ranking.moves import Move, plan_moves
from pmsync.core.rules import Product
from pmsync.pages.render import Rendered
from pmsync.pages.storage import text_size
from pmsync.pipeline.decide import Unchanged, body_key, decide
from pmsync.pipeline.evidence import places
from pmsync.pipeline.observe import Observed

WORKING_DAYS = 3
"""How many working days a plan may wait for approval."""

FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a plan is made from, besides the backlog and the pages.

    Attributes:
        site, package, rules, snapshot: As in :class:`pmsync.core.plan.Plan`.
        as_of: Today in the product's time zone.
        notes: What earlier stages want said.
        lost: Ids of issues gone without explanation.
        before: Of how many that were known.
        approved: Targets written to by an approved plan before.
        anew: Whether owned pages that are gone are made again.
    """

    site: str
    package: str
    rules: str
    snapshot: str
    as_of: date
    notes: tuple[Note, ...] = ()
    lost: tuple[str, ...] = ()
    before: int = 0
    approved: frozenset[str] = frozenset()
    anew: bool = False


def make_plan(
    product: Product,
    basis: Basis,
    *,
    backlog: Backlog | None,
    rendered: Iterable[Rendered] = (),
    records: Mapping[str, PageRecord] | None = None,
    observed: Observed | None = None,
) -> tuple[Plan, tuple[PageRecord, ...]]:
    """Return the plan, and records to renew although nothing is written.

    Args:
        product: The rules.
        basis: Where the plan comes from.
        backlog: None leaves the order alone.
        rendered: The pages as they should be once the moves are applied.
        records: ``{page: record}`` of the owned pages.
        observed: The wiki as it is.
    """
    pages = tuple(sorted(rendered, key=lambda page: page.page))
    seen, known = observed or Observed(), records or {}
    moves = rank_moves(backlog) if backlog else ()
    requires = tuple(move.change for move in moves)
    decided = [
        decide(
            page,
            known.get(page.page),
            seen,
            change=f"page/{page.page}",
            requires=requires if page.states_order else (),
            anew=basis.anew,
        )
        for page in pages
    ]
    written = [one for one in decided if not isinstance(one, Held | Unchanged)]
    plan = replace(
        _order_part(product, basis, backlog, moves),
        changes=(*moves, *written),
        held=tuple(one for one in decided if isinstance(one, Held)),
        pages=len(pages),
        unchanged=tuple(one.page for one in decided if isinstance(one, Unchanged)),
        bodies={body_key(page): page.body for page in pages if _is_sent(page, written)},
    )
    orphans = orphan_notes(pages, known) if observed else ()
    extent = _extent(plan, basis, _sizes(written, pages, seen))
    over = tripped(product.brakes, plan.changes, extent) if plan.changes else ()
    plan = replace(plan, notes=(*plan.notes, *orphans), tripped=over)
    return plan, tuple(one.record for one in decided if isinstance(one, Unchanged) and one.record)


def _order_part(
    product: Product, basis: Basis, backlog: Backlog | None, moves: Sequence[RankMove]
) -> Plan:
    """Return the plan as far as it is about the order."""
    said = backlog_notes(product, backlog) if backlog else ()
    return Plan(
        product=product.id,
        site=basis.site,
        package=basis.package,
        as_of=basis.as_of,
        expires=working_days_after(basis.as_of, WORKING_DAYS),
        rules=basis.rules,
        snapshot=basis.snapshot,
        displaced=displaced_rows(backlog, moves) if backlog else (),
        notes=_in_order(basis.notes, said),
        backlog=len(backlog.today) if backlog else 0,
        shifted=shifted(backlog) if backlog else 0,
        lost=basis.lost,
    )


def _extent(plan: Plan, basis: Basis, sizes: Mapping[str, tuple[int, int]]) -> Extent:
    """Return how far *plan* reaches, for the brakes."""
    return Extent(
        displaced=len(plan.displaced),
        backlog=plan.backlog,
        pages=plan.pages,
        sizes=sizes,
        lost=len(basis.lost),
        before=basis.before,
        approved=basis.approved,
    )


def cheapest_moves(backlog: Backlog) -> tuple[Move, ...]:
    """Return the cheapest calls from today's order to the desired one.

    Fixed and unscored issues are pinned: no call ever names them.
    """
    pinned = {*backlog.fixed, *backlog.unscored()}
    return plan_moves(backlog.today, backlog.desired, pinned=pinned)


def rank_moves(backlog: Backlog) -> tuple[RankMove, ...]:
    """Return the cheapest calls as changes, each with its precondition."""
    moves = cheapest_moves(backlog)
    place = {issue: index for index, issue in enumerate(backlog.today)}
    named = {issue for move in moves for issue in move.issues}
    staying = [issue for issue in backlog.desired if issue not in named]
    above = dict(zip(staying, [None, *staying], strict=False))
    below = dict(zip(staying, [*staying[1:], None], strict=False))
    found: list[RankMove] = []
    for number, move in enumerate(moves, 1):
        anchor = move.before or move.after or ""
        # The anchor's own neighbour counts too: an anchor that was dragged away is no anchor.
        ends = [end for end in (anchor, above[anchor] or below[anchor]) if end]
        found.append(
            RankMove(
                change=f"rank/{number:04}",
                issues=tuple(_ref(backlog.issues[issue]) for issue in move.issues),
                before=_ref(backlog.issues[move.before]) if move.before else None,
                after=_ref(backlog.issues[move.after]) if move.after else None,
                above=_maybe(backlog, above[move.before]) if move.before else None,
                expects=tuple(sorted((*move.issues, *ends), key=place.__getitem__)),
            )
        )
    return tuple(found)


def shifted(backlog: Backlog) -> int:
    """Return how many issues only make room: another place number, the same order of their own."""
    old = {issue: place for place, issue in enumerate(backlog.today)}
    return sum(
        1
        for place, issue in enumerate(backlog.desired)
        if old[issue] != place and issue not in backlog.displaced
    )


def displaced_rows(backlog: Backlog, moves: Iterable[RankMove]) -> tuple[Displaced, ...]:
    """Return a row for every issue whose place among the others changes, in the desired order."""
    naming = {ref.id: move.change for move in moves for ref in move.issues}
    return tuple(
        Displaced(
            id=place.id,
            key=place.key,
            summary=place.summary,
            old_place=place.today,
            new_place=place.desired,
            reason=place.reason,
            change=naming.get(place.id, ""),
        )
        for place in places(backlog)
        if place.id in backlog.displaced
    )


def backlog_notes(product: Product, backlog: Backlog) -> tuple[Note, ...]:
    """Return what is wrong with the backlog's inputs, and whether that stops the ranking."""
    notes = [
        Note(
            kind="unscored",
            issue=backlog.issues[issue].key,
            text=f"unscored, because {backlog.verdicts[issue].reason}",
        )
        for issue in backlog.unscored()
    ]
    least = product.rank.least_scored if product.rank else 0.0
    share = backlog.scored_share()
    if share < least:
        text = (
            f"only {share:.0%} of the backlog is scored, under {least:.0%}: the order is left"
            " alone; fill in the estimates listed here first"
        )
        notes.insert(0, Note(kind="too_few_scored", text=text))
    return tuple(notes)


def _in_order(said: tuple[Note, ...], gaps: tuple[Note, ...]) -> tuple[Note, ...]:
    """Return both, the gaps first when they are why nothing is ranked."""
    return (*gaps, *said) if gaps and gaps[0].kind == "too_few_scored" else (*said, *gaps)


def orphan_notes(pages: Iterable[Rendered], records: Mapping[str, PageRecord]) -> tuple[Note, ...]:
    """Return a note for every page of ours that the rules no longer ask for; it is left alone."""
    wanted = {page.page for page in pages}
    return tuple(
        Note(
            kind="orphan",
            text=f"page {record.title} ({record.page_id}) is no longer asked for, and stays as it"
            " is; archive it if its readers should not have it any more",
        )
        for name, record in sorted(records.items())
        if name not in wanted
    )


def working_days_after(day: date, count: int) -> date:
    """Return the day *count* working days (Monday to Friday) after *day*.

    Example:
        >>> working_days_after(date(2026, 11, 19), 3)
        datetime.date(2026, 11, 24)
    """
    while count:
        day += timedelta(days=1)
        if day.weekday() <= FRIDAY:
            count -= 1
    return day


def _maybe(backlog: Backlog, issue: str | None) -> Ref | None:
    return _ref(backlog.issues[issue]) if issue else None


def _ref(issue: Issue) -> Ref:
    return Ref(id=issue.id, key=issue.key)


def _is_sent(page: Rendered, changes: Iterable[PageChange]) -> bool:
    return any(change.body == body_key(page) for change in changes)


def _sizes(
    changes: Iterable[PageChange], pages: Iterable[Rendered], observed: Observed
) -> dict[str, tuple[int, int]]:
    after = {page.page: text_size(page.body) for page in pages}
    return {
        change.page: (text_size(observed.pages[change.page_id].body), after[change.page])
        for change in changes
        if isinstance(change, PageUpdate)
    }
