"""A plan, and what became of it, as text for a person."""

from collections.abc import Iterator

from pmsync.cli.output import printable, table
from pmsync.core.plan import Note, PageChange, PageCreate, Plan
from pmsync.core.rules import Product
from pmsync.pipeline.planfile import plan_hash
from pmsync.pipeline.run import Report

SHORT = 12
MOST_NOTES = 12


def plan_text(plan: Plan, name: str) -> str:
    """Return the preview of *plan*: what moves and why, which pages, what to know."""
    parts = [
        (
            f"{name} · plan {plan_hash(plan)[:SHORT]} · made for {plan.as_of.isoformat()},"
            f" may be applied until {plan.expires.isoformat()}"
        ),
        *_rank_part(plan),
        *_page_part(plan),
        *_note_part(plan),
        *_brake_part(plan),
    ]
    return "\n".join(parts)


def _rank_part(plan: Plan) -> Iterator[str]:
    moves = plan.moves()
    if not plan.backlog:
        return
    if not moves:
        yield f"\nOrder: all {plan.backlog} issues of the backlog stand where the rules ask for."
        return
    named = sum(len(move.issues) for move in moves)
    yield (
        f"\nOrder: {_count(len(plan.displaced), 'issue')} of {plan.backlog}"
        f" {'change' if len(plan.displaced) != 1 else 'changes'} place"
        f" ({_count(len(moves), 'call')} naming {_count(named, 'issue')})"
    )
    rows = [
        (
            row.key,
            str(row.old_place),
            _arrow(row.old_place, row.new_place),
            str(row.new_place),
            row.summary,
            row.reason,
        )
        for row in plan.displaced
    ]
    columns = ("issue", "was", "", "now", "summary", "why it goes there")
    yield table(columns, rows, right=("was", "now"))


def _arrow(old: int, new: int) -> str:
    return "↑" if new < old else "↓" if new > old else "="


def _page_part(plan: Plan) -> Iterator[str]:
    if not plan.pages:
        return
    yield f"\nPages: {_count(len(plan.page_changes()), 'page')} to write of {plan.pages}"
    for change in plan.page_changes():
        yield f"  {_page_line(change)}"
    for held in plan.held:
        yield f"  ! held    {printable(held.title)}: {held.reason}"
    if plan.unchanged:
        yield f"  = {_count(len(plan.unchanged), 'page')} unchanged"


def _page_line(change: PageChange) -> str:
    waits = " (once the moves are made)" if change.requires else ""
    title = printable(change.title)
    if isinstance(change, PageCreate):
        return f"+ create  {title}, in {change.space} under {change.parent}{waits}"
    return f"~ update  {title}, version {change.version + 1}: {change.message}{waits}"


def _note_part(plan: Plan) -> Iterator[str]:
    if not plan.notes:
        return
    yield "\nTo know:"
    for note in plan.notes[:MOST_NOTES]:
        yield f"  - {_note_line(note)}"
    if len(plan.notes) > MOST_NOTES:
        yield f"  - and {len(plan.notes) - MOST_NOTES} more (--format json lists all)"


def _note_line(note: Note) -> str:
    return printable(f"{note.issue}: {note.text}" if note.issue else note.text)


def _brake_part(plan: Plan) -> Iterator[str]:
    if not plan.tripped:
        return
    yield "\nOver a brake, so it waits for a person:"
    for one in plan.tripped:
        yield f"  ! {one.brake}: {printable(one.text)}"


def outcome_text(report: Report) -> str:
    """Return what became of the changes that were sent."""
    applied = report.applied
    if not applied.outcomes:
        return "Nothing was written."
    lines = [
        f"{_count(applied.count('applied'), 'change')} applied of {len(applied.outcomes)}"
        + (f" (run {report.run})" if report.run else "")
    ]
    for change, outcome in applied.outcomes.items():
        if outcome.state != "applied":
            lines.append(f"  ! {change}: {outcome.state.replace('_', ' ')}: {outcome.detail}")
        elif outcome.detail:
            lines.append(f"  - {change}: {outcome.detail}")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def sync_text(report: Report, product: Product) -> str:
    """Return what a sync did, and what it left for a person to decide."""
    parts = [f"{product.name}: {outcome_text(report)}"]
    parts += [f"  ! held {held.title}: {held.reason}" for held in report.plan.held]
    if product.mode == "watch":
        parts.append(
            f"Mode watch; this is what it would do:\n{plan_text(report.plan, product.name)}"
        )
    if report.waiting:
        parts.append(plan_text(report.waiting, product.name))
        approve = f"pmsync apply {plan_hash(report.waiting)[:SHORT]}"
        parts.append(f"\nNothing of this plan was written. To approve it: {approve}")
    return "\n".join(parts)
