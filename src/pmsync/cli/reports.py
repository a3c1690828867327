"""A run's report as facts for another program; their names stay as they are."""

from typing import Any

from pmsync.core.plan import Plan
from pmsync.pipeline.planfile import plan_hash
from pmsync.pipeline.run import Report
from pmsync.ports import Journal


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
