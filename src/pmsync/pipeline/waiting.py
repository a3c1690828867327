"""Plans that wait for a person: stored, kept while they stay the same, retired when outlived."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pmsync.core.errors import PlanFileError
from pmsync.core.journal import StoredPlan
from pmsync.core.plan import Plan
from pmsync.pipeline import planfile
from pmsync.pipeline.line import Line


def remember_plan(line: Line, plan: Plan, state: Literal["waiting", "applied"]) -> None:
    """Store *plan* in this state; an older one that waits is replaced by it."""
    line.store.put_plan(
        StoredPlan(
            hash=planfile.plan_hash(plan),
            product=plan.product,
            state=state,
            made_at=line.now(),
            text=planfile.encode(plan),
        )
    )


def keep_waiting(line: Line, plan: Plan) -> Plan:
    """Let *plan* wait, and return the plan that waits.

    If one with the very same changes waits already, it goes on waiting: whoever was asked to
    approve it has its hash, and nothing that it would do has changed.
    """
    for other in _waiting(line):
        if other.expires >= line.today() and _asks_the_same(plan, other):
            return other
    remember_plan(line, plan, "waiting")
    return plan


def retire_waiting(line: Line) -> None:
    """Let no plan wait any more: a later run found nothing left to approve."""
    for stored in line.store.plans(line.product.id):
        if stored.state == "waiting":
            line.store.put_plan(replace(stored, state="replaced"))


def _waiting(line: Line) -> Iterator[Plan]:
    for stored in line.store.plans(line.product.id):
        if stored.state == "waiting":
            try:
                yield planfile.decode(stored.text, where=stored.hash)
            except PlanFileError:
                continue  # of another version of pmsync: the new one replaces it


def _asks_the_same(plan: Plan, other: Plan) -> bool:
    return (plan.changes, plan.tripped, plan.lost) == (other.changes, other.tripped, other.lost)
