"""A plan may wait for days: what happens to it on the day it is approved."""

from dataclasses import replace

import pytest
from run_world import RunWorld
from world import INPUTS

from pmsync.core.errors import IncompleteInputError, UnsafePlanError
from pmsync.core.plan import Plan
from pmsync.core.rules import Brakes
from pmsync.pipeline.run import apply_plan

FREE = Brakes(share=1.0, at_least=1000)


def proposal(w: RunWorld) -> Plan:
    """Return a plan that waits and moves something."""
    w.settled()
    w.jira.edit("SHOP-8", values={INPUTS["class"]: "Must", INPUTS["reach"]: 900_000.0})
    w.sync()
    plan = w.waiting()
    assert plan
    assert plan.moves()
    return plan


def test_an_issue_on_which_work_has_begun_is_not_moved() -> None:
    """The move is dropped and names it; the order stays as people know it."""
    w = RunWorld(mode="propose", brakes=FREE)
    plan = proposal(w)
    named = plan.moves()[0].issues[0]
    before = [issue.id for issue in w.jira.ranked]
    w.jira.edit(named.key, category="indeterminate", status="In Progress")

    with pytest.raises(UnsafePlanError, match=f"{named.key}: work on it has begun"):
        apply_plan(w.line(), plan)

    assert [issue.id for issue in w.jira.ranked] == before


def test_an_anchor_that_was_dragged_away_is_no_anchor() -> None:
    """An issue must not land on top of the backlog because its neighbour was dragged there."""
    w = RunWorld(mode="propose", brakes=FREE)
    plan = proposal(w)
    move = plan.moves()[0]
    anchor = move.before or move.after
    assert anchor
    order = [issue.id for issue in w.jira.ranked]
    away = len(order) - 1 if order.index(anchor.id) < len(order) / 2 else 0
    w.jira.move(anchor.key, away)

    with pytest.raises(UnsafePlanError, match="have been moved since"):
        apply_plan(w.line(), plan)


def test_a_plan_of_other_rules_is_refused() -> None:
    """Who changes the rules has not approved what the old ones wanted."""
    w = RunWorld(mode="propose", brakes=FREE)
    plan = proposal(w)

    with pytest.raises(UnsafePlanError, match="rules have changed"):
        apply_plan(w.line(rules="f" * 64), plan)


def test_a_parent_page_that_is_not_there_is_found_out_before_anything_moves() -> None:
    """Moves that are made and pages that cannot be: half a plan is the worst of both."""
    w = RunWorld(mode="propose", brakes=FREE)
    assert w.product.pages
    w.set(pages=replace(w.product.pages, under="999999"))

    with pytest.raises(IncompleteInputError, match="999999 is not a current page"):
        w.sync()
