"""A run's report for another program: facts whose names stay as they are, and an exit code."""

from collections.abc import Iterable
from typing import Any

from pmsync.core.plan import Plan
from pmsync.core.rules import Mode
from pmsync.pipeline.planfile import plan_hash
from pmsync.pipeline.run import Report
from pmsync.ports import Journal
from pmsync.transport.record import Request

EXIT_DENIED, EXIT_UNSAFE, EXIT_PARTLY, EXIT_LATER = 4, 5, 6, 75
DENIED = {401, 403}
LOST, LIMITED, FAULTS = 0, 429, 500
"""Statuses: no answer at all, a rate limit, and the first one that is the server's own fault."""


def exit_code(report: Report, requests: Iterable[Request]) -> int:
    """Return the exit code that says what a run came to.

    Args:
        report: Of the run.
        requests: The process's requests; the run's writes among them tell why nothing was done.
    """
    if report.braked:
        return EXIT_UNSAFE
    if report.applied.complete():
        return 0
    if report.applied.count("applied"):
        return EXIT_PARTLY
    met = {one.status for one in requests if one.write_id.startswith(f"{report.run}/")}
    if met & DENIED:
        return EXIT_DENIED
    later = any(status in {LOST, LIMITED} or status >= FAULTS for status in met)
    return EXIT_LATER if later else EXIT_PARTLY


def sync_code(report: Report, mode: Mode, requests: Iterable[Request]) -> int:
    """Return the exit code of a sync: held pages count as not done, so that cron tells of them.

    In mode watch nothing was to be done, and nothing is missing.
    """
    code = exit_code(report, requests)
    return EXIT_PARTLY if not code and report.plan.held and mode != "watch" else code


def writes_of(store: Journal, run: str) -> int:
    """Return how many calls of *run* have changed anything, as far as that is known."""
    ended = (write.outcome for write in store.writes(run))
    return sum(1 for outcome in ended if outcome and outcome.state == "applied")


def report_facts(report: Report, writes: int) -> dict[str, Any]:
    """Return what a run did.

    Returns:
        ``product``, ``run`` (id), ``outcomes`` (``{change: {state, detail, refused}}``),
        ``counts`` (``{state: number}``), ``writes`` (calls that changed anything), ``held`` (pages
        left alone, and why), ``braked``, and ``waiting``: the plan to approve, or null.
    """
    applied = report.applied
    states = ("applied", "not_applied", "unknown", "held")
    return {
        "product": report.plan.product,
        "run": report.run,
        "outcomes": applied.outcomes,
        "counts": {state: applied.count(state) for state in states},
        "writes": writes,
        "held": report.plan.held,
        "braked": report.braked,
        "waiting": plan_facts(report.waiting) if report.waiting else None,
    }


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Return what a plan is about: ``hash``, ``expires``, ``displaced``, ``pages``, ``tripped``."""
    return {
        "hash": plan_hash(plan),
        "expires": plan.expires,
        "displaced": plan.displaced,
        "pages": [change.title for change in plan.page_changes()],
        "tripped": plan.tripped,
    }
