"""The whole line on one screen: pull, score, rank, render, observe, plan, apply."""

from dataclasses import dataclass, field
from typing import Literal

from pmsync.core.errors import UnsafePlanError
from pmsync.core.journal import RunState, StoredPlan
from pmsync.core.plan import Plan
from pmsync.pipeline import planfile
from pmsync.pipeline.apply import Applied, apply
from pmsync.pipeline.line import Line
from pmsync.pipeline.session import Session, started
from pmsync.pipeline.stages import Known, Only, look, plan_for, take_in


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
            report = Report(run=session.run.id, plan=plan_for(line, known, only=only))
        elif line.product.mode == "auto":
            report = apply_within_brakes(session, plan_for(line, known, only=only))
        else:
            report = publish_and_propose(session, known, only=only)
        session.finish(_state(report), counts=_counts(report, known))
        return report


def preview(line: Line, *, only: Only | None = None, full: bool = False) -> Report:
    """Return the plan of this moment; nothing is written, not even to the store."""
    return Report(run="", plan=plan_for(line, look(line, full=full), only=only))


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

    Raises:
        UnsafePlanError: It has expired, or no longer fits.
    """
    if line.today() > plan.expires:
        msg = f"the plan expired on {plan.expires.isoformat()}"
        raise UnsafePlanError(msg, cure="make a new one with: pmsync plan -o FILE")
    with started(line, "apply") as session:
        session.settle()
        session.complete_pages()
        session.note(plan=line.store.put_blob(planfile.encode(plan).encode()))
        report = _applied(session, plan)
        _remember_plan(line, plan, "applied")
        if any(one.brake == "lost" for one in plan.tripped):
            take_in(session, full=True, accept_loss=True)
        session.finish(_state(report), counts=_counts(report))
        return report


def publish_and_propose(session: Session, known: Known, *, only: Only | None) -> Report:
    """Publish pages that state today's order; leave moves, if any, in a plan for approval."""
    line = session.line
    report = Report(
        run=session.run.id, plan=plan_for(line, known, only=only or "pages", as_is=True)
    )
    published = not report.plan.tripped
    if published:
        report = apply_within_brakes(session, report.plan)
    moves = only != "pages" and known.backlog and known.backlog.today != known.backlog.desired
    if published and not moves:
        return report
    proposal = plan_for(line, known, only=only)
    _remember_plan(line, proposal, "waiting")
    return Report(
        run=report.run,
        plan=report.plan if report.applied.outcomes else proposal,
        applied=report.applied,
        waiting=proposal,
        braked=bool(proposal.tripped),
    )


def apply_within_brakes(session: Session, plan: Plan) -> Report:
    """Apply *plan*, or leave it waiting when it is over a brake."""
    session.note(plan=session.line.store.put_blob(planfile.encode(plan).encode()))
    if plan.tripped:
        _remember_plan(session.line, plan, "waiting")
        return Report(run=session.run.id, plan=plan, waiting=plan, braked=True)
    report = _applied(session, plan)
    if plan.changes:
        _remember_plan(session.line, plan, "applied")
    return report


def _applied(session: Session, plan: Plan) -> Report:
    applied = apply(
        plan,
        scope=session.line.product.scope,
        tracker=session.line.tracker,
        pages=session.pages(plan.bodies),
        writer=session.writer,
        clock=session.line.clock,
    )
    return Report(run=session.run.id, plan=plan, applied=applied)


def _remember_plan(line: Line, plan: Plan, state: Literal["waiting", "applied"]) -> None:
    line.store.put_plan(
        StoredPlan(
            hash=planfile.plan_hash(plan),
            product=plan.product,
            state=state,
            made_at=line.now(),
            text=planfile.encode(plan),
        )
    )


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
