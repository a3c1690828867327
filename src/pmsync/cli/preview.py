"""A plan, and what became of it, as text for a person."""

from collections.abc import Iterator, Mapping

from pmsync.cli.output import count, item, table
from pmsync.core.journal import Outcome
from pmsync.core.plan import PageChange, PageCreate, Plan, target
from pmsync.core.rules import Product
from pmsync.pipeline.planfile import plan_hash
from pmsync.pipeline.run import Report

SHORT = 12
MOST_NOTES = 12
CURE = "\n  cure: "
NOT_TRIED = "not tried"
TOO_FEW = "too_few_scored"


def plan_text(plan: Plan, name: str, *, kept: bool = True) -> str:
    """Return the preview of *plan*: what moves and why, which pages, what to know.

    Args:
        plan: What is shown.
        name: The product's name.
        kept: Whether it is in a file or in the store, so that it can be applied by its hash.
    """
    called = f"plan {plan_hash(plan)[:SHORT]}" if kept else "preview"
    until = f", may be applied until {plan.expires.isoformat()}" if kept else ""
    parts = [
        item("", f"{name} · {called} · made for {plan.as_of.isoformat()}{until}"),
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
        yield f"\n{_still(plan)}"
        return
    named = sum(len(move.issues) for move in moves)
    yield (
        f"\nOrder: {count(len(plan.displaced), 'issue')} of {plan.backlog}"
        f" {'change' if len(plan.displaced) != 1 else 'changes'} place"
        f" ({count(len(moves), 'call')} naming {count(named, 'issue')})"
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
    yield table(columns, rows, right=("was", "now"), whole=("issue", ""))
    if plan.shifted:
        others = "1 other shifts" if plan.shifted == 1 else f"{plan.shifted:,} others shift"
        room = f"and {others} by a place or more to make room (pmsync score shows all)"
        yield item("… ", room)


def _still(plan: Plan) -> str:
    """Return why no issue moves: the order is right, or too little is known to say so."""
    why = next((note.text for note in plan.notes if note.kind == TOO_FEW), "")
    if why:
        return item("Order: ", f"{count(plan.backlog, 'issue')}, none of them moves: {why}")
    if plan.backlog == 1:
        return "Order: the one issue of the backlog stands where the rules ask for."
    return f"Order: all {plan.backlog:,} issues of the backlog stand where the rules ask for."


def _arrow(old: int, new: int) -> str:
    return "↑" if new < old else "↓" if new > old else "="


def _page_part(plan: Plan) -> Iterator[str]:
    if not plan.pages:
        return
    yield f"\nPages: {count(len(plan.page_changes()), 'page')} to write of {plan.pages}"
    for change in plan.page_changes():
        yield _page_line(change)
    for held in plan.held:
        yield item("  ! held    ", f"{held.title}: {held.reason}")
    if plan.unchanged:
        yield f"  = {count(len(plan.unchanged), 'page')} unchanged"


def _page_line(change: PageChange) -> str:
    waits = " (once the moves are made)" if change.requires else ""
    if isinstance(change, PageCreate):
        return item("  + create  ", f"{change.title}, in {change.space}{waits}")
    return item("  ~ update  ", f"{change.title}, version {change.version + 1}{waits}")


def _note_part(plan: Plan) -> Iterator[str]:
    notes = [note for note in plan.notes if note.kind != TOO_FEW]  # it stands at the order
    if not notes:
        return
    yield "\nTo know:"
    for note in notes[:MOST_NOTES]:
        yield item("  - ", f"{note.issue}: {note.text}" if note.issue else note.text)
    if len(notes) > MOST_NOTES:
        yield f"  - and {len(notes) - MOST_NOTES} more (--format json lists all)"


def _brake_part(plan: Plan) -> Iterator[str]:
    if not plan.tripped:
        return
    yield "\nOver a brake, so it waits for a person:"
    for one in plan.tripped:
        yield item("  ! ", f"{one.brake}: {one.text}")


def outcome_text(report: Report, name: str, *, writes: int = 0) -> str:
    """Return what became of the changes that were sent.

    Args:
        report: Of the run.
        name: The product's name.
        writes: How many calls of the run have changed anything, also such as completed pages
            of an earlier run without being a change of this one.
    """
    applied = report.applied
    if not applied.outcomes:
        completed = f"{count(writes, 'write')} completed pages of an earlier run."
        return f"{name}: {completed if writes else 'nothing was written.'}"
    run = f" (run {report.run})" if report.run else ""
    lines = [item("", f"{name}: {applied.count('applied')} of {_what(report)} applied{run}")]
    names = {change.change: target(change) for change in report.plan.changes}
    keys = {ref.id: ref.key for move in report.plan.moves() for ref in move.issues}
    cures: dict[str, None] = {}
    for change, outcome in applied.outcomes.items():
        said, _, cure = _told(outcome, keys).partition(CURE)
        if outcome.state != "applied":
            state = outcome.state.replace("_", " ")
            lines.append(item("  ! ", f"{names.get(change, change)}: {state}: {said}"))
        elif said:
            lines.append(item("  - ", f"{names.get(change, change)}: {said}"))
        if cure:
            cures[cure] = None
    return "\n".join([*lines, *(item("  cure: ", cure) for cure in cures)])


def _told(outcome: Outcome, keys: Mapping[str, str]) -> str:
    """Return an outcome's detail: refused issues by their keys, a common reason only once."""
    if outcome.refused:
        refused = outcome.refused.items()
        said = "; ".join(f"{keys.get(issue, issue)}: {text}" for issue, text in refused)
        return f"Jira refused {said}"
    if outcome.detail.startswith(NOT_TRIED):
        return f"{NOT_TRIED} after that"
    return outcome.detail


def _what(report: Report) -> str:
    """Return the number of changes sent, by kind."""
    moves = sum(1 for move in report.plan.moves() if move.change in report.applied.outcomes)
    total = len(report.applied.outcomes)
    kinds = [count(moves, "rank call")] if moves else []
    kinds += [count(total - moves, "page")] if total > moves else []
    return f"{count(total, 'change')} ({', '.join(kinds)})"


def sync_text(report: Report, product: Product, *, writes: int = 0) -> str:
    """Return what a sync did, and below it what it left for a person to decide."""
    parts = [outcome_text(report, product.name, writes=writes)]
    if report.plan is not report.waiting:
        parts += [item("  ! held ", f"{held.title}: {held.reason}") for held in report.plan.held]
    if product.mode == "watch":
        shown = plan_text(report.plan, product.name, kept=False)
        parts.append(f"Mode watch; a sync in another mode would do this:\n{shown}")
    if report.waiting:
        parts = [
            "Done now:",
            *parts,
            "\nWaiting for you (nothing of it is written before you approve it):",
            plan_text(report.waiting, product.name),
            f"\nTo approve it: pmsync apply {plan_hash(report.waiting)[:SHORT]}",
        ]
    return "\n".join(parts)
