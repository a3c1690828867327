"""The whole line on one screen: pull, score, rank, render, observe, plan, apply."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmsync.core.errors import PlanFileError, UnsafePlanError, UsageError
from pmsync.core.journal import RunState
from pmsync.core.plan import Plan
from pmsync.pages.storage import check
from pmsync.pipeline import planfile
from pmsync.pipeline.apply import Applied, apply
from pmsync.pipeline.line import Line
from pmsync.pipeline.movable import unmovable
from pmsync.pipeline.readable import unreadable
from pmsync.pipeline.session import Session, started
from pmsync.pipeline.stages import Known, Only, Planned, look, plan_for, take_in
from pmsync.pipeline.waiting import keep_waiting, remember_plan, retire_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did or would do, for whoever started it.

    Attributes:
        plan: What was applied, or would be.
        applied: Outcomes of what was sent.
        waiting: A plan that waits for a person; None if none does.
        braked: Whether it waits because it is over a brake.
    """

    run: str
    plan: Plan
    applied: Applied = field(default_factory=Applied)
    waiting: Plan | None = None
    braked: bool = False


def sync(line: Line, *, only: Only | None = None, full: bool = False) -> Report:
    """Walk the whole line once, within the product's mode and brakes.

    ``watch`` applies nothing. ``propose`` publishes pages of the order as it is and leaves the
    moves in a plan for approval. ``auto`` applies both. A plan over a brake waits as a whole.
    """
    with started(line, "sync") as session:
        session.settle()
        if line.product.mode != "watch":
            session.complete_pages()
        known = take_in(session, full=full)
        if line.product.mode == "watch":
            report = Report(run=session.run.id, plan=plan_for(line, known, only=only).plan)
        elif line.product.mode == "auto":
            report = apply_within_brakes(session, plan_for(line, known, only=only))
        else:
            report = publish_and_propose(session, known, only=only)
        if line.product.mode != "watch" and not (report.waiting or only):
            retire_waiting(line)
        session.finish(_state(report), counts=_counts(report, known))
        return report


def preview(
    line: Line, *, only: Only | None = None, full: bool = False, anew: bool = False
) -> Report:
    """Return the plan of this moment; nothing is written, not even to the store."""
    planned = plan_for(line, look(line, full=full), only=only, anew=anew)
    return Report(run="", plan=planned.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a pull found, in numbers.

    Attributes:
        issues: In scope, restricted ones not counted.
        fetched: Read whole this time.
        gone: Known before and no longer in scope.
    """

    product: str
    issues: int
    fetched: int
    gone: int
    restricted: int
    full: bool


def pull_only(line: Line, *, full: bool = False) -> Found:
    """Pull the scope into the store, and nothing more."""
    with started(line, "pull") as session:
        pulled = take_in(session, full=full).pulled
        found = Found(
            product=line.product.id,
            issues=len(pulled.snapshot.issues),
            fetched=len(pulled.changed),
            gone=len(pulled.gone),
            restricted=len(pulled.snapshot.restricted),
            full=pulled.full,
        )
        session.finish("done", counts={"issues": found.issues, "fetched": found.fetched})
        return found


def apply_plan(line: Line, plan: Plan) -> Report:
    """Apply an approved plan as it was made, and nothing else (P1).

    A plan that could be applied in part only may be applied again: what is made already stays.

    Raises:
        UsageError: The product's mode is ``watch``.
        UnsafePlanError: It has expired, or no longer fits.
        PlanFileError: It holds a page that must not be sent.
    """
    _refuse_unfit(line, plan)
    with started(line, "apply") as session:
        session.settle()
        session.complete_pages()
        session.note(plan=line.store.put_blob(planfile.encode(plan).encode()))
        mentioned = (issue for change in plan.page_changes() for issue in change.mentions)
        named = (ref.id for move in plan.moves() for ref in move.issues)
        report = _applied(
            session,
            plan,
            hidden=unreadable(line.product, line.tracker, mentioned),
            staying=unmovable(line.product, line.tracker, named),
        )
        remember_plan(line, plan, "applied")
        if any(one.brake == "lost" for one in plan.tripped):
            line.store.put_issues(line.product.id, (), plan.lost)
        session.finish(_state(report), counts=_counts(report))
        return report


def _refuse_unfit(line: Line, plan: Plan) -> None:
    if line.product.mode == "watch":
        msg = "the product's mode is watch, in which nothing is written"
        raise UsageError(msg, where=line.product.id, cure="set its mode to propose or auto")
    if line.today() > plan.expires:
        msg = f"the plan expired on {plan.expires.isoformat()}"
        raise UnsafePlanError(msg, cure=planfile.REPLAN)
    if plan.rules != line.rules:
        msg = "the product's rules have changed since the plan was made"
        raise UnsafePlanError(msg, cure=planfile.REPLAN)
    faults = [fault for body in plan.bodies.values() for fault in check(body)]
    if faults:
        msg = f"the plan holds a page that must not be sent: {'; '.join(faults[:3])}"
        raise PlanFileError(msg, cure=planfile.REPLAN)


def publish_and_propose(session: Session, known: Known, *, only: Only | None) -> Report:
    """Publish pages that state today's order; leave moves, if any, in a plan for approval."""
    line = session.line
    planned = plan_for(line, known, only=only or "pages", as_is=True)
    report = Report(run=session.run.id, plan=planned.plan)
    published = not planned.plan.tripped
    if published:
        report = apply_within_brakes(session, planned)
    moves = only != "pages" and known.backlog and known.backlog.today != known.backlog.desired
    if published and not moves:
        return report
    proposal = keep_waiting(line, plan_for(line, known, only=only).plan)
    return Report(
        run=report.run,
        plan=report.plan if report.applied.outcomes else proposal,
        applied=report.applied,
        waiting=proposal,
        braked=bool(proposal.tripped),
    )


def apply_within_brakes(session: Session, planned: Planned) -> Report:
    """Apply a plan, or leave it waiting when it is over a brake."""
    line, plan = session.line, planned.plan
    for record in planned.records:
        line.store.put_page(record)
    if plan.tripped:
        plan = keep_waiting(line, plan)
    session.note(plan=line.store.put_blob(planfile.encode(plan).encode()))
    if plan.tripped:
        return Report(run=session.run.id, plan=plan, waiting=plan, braked=True)
    return _applied(session, plan)


def _applied(
    session: Session,
    plan: Plan,
    *,
    hidden: frozenset[str] = frozenset(),
    staying: Mapping[str, str] | None = None,
) -> Report:
    applied = apply(
        plan,
        scope=session.line.product.scope,
        tracker=session.line.tracker,
        pages=session.pages(plan.bodies),
        writer=session.writer,
        clock=session.line.clock,
        hidden=hidden,
        staying=staying,
    )
    return Report(run=session.run.id, plan=plan, applied=applied)


def _state(report: Report) -> RunState:
    if report.braked:
        return "braked"
    return "done" if report.applied.complete() else "partial"


def _counts(report: Report, known: Known | None = None) -> dict[str, int]:
    counts = {state: report.applied.count(state) for state in ("applied", "not_applied", "unknown")}
    counts |= {"held": report.applied.count("held") + len(report.plan.held)}
    counts |= {"moves": len(report.plan.moves()), "pages": len(report.plan.page_changes())}
    if known:
        counts |= {"issues": len(known.pulled.snapshot.issues)}
    return counts
