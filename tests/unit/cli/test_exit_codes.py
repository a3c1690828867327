"""A run's exit code says what it came to, and why nothing was done if nothing was."""

from dataclasses import replace
from datetime import date

import pytest

from pmsync.cli.reports import exit_code, sync_code
from pmsync.core.journal import Outcome, OutcomeState
from pmsync.core.plan import Held, Plan
from pmsync.core.rules import Mode
from pmsync.pipeline.apply import Applied
from pmsync.pipeline.run import Report
from pmsync.transport.record import Request

DAY = date(2026, 11, 16)


def report(*states: OutcomeState, braked: bool = False) -> Report:
    """A run that ended so."""
    plan = Plan(product="p", site="s", package="1", as_of=DAY, expires=DAY, rules="", snapshot="")
    outcomes = {str(number): Outcome(state=state) for number, state in enumerate(states)}
    return Report(run="r1", plan=plan, applied=Applied(outcomes=outcomes), braked=braked)


def write(status: int, run: str = "r1") -> Request:
    """A write call of a run."""
    return Request(
        product="jira",
        method="PUT",
        endpoint="rank",
        status=status,
        seconds=0.1,
        bytes=0,
        write_id=f"{run}/00001",
    )


def test_done_is_zero() -> None:
    """All applied, or nothing to apply."""
    assert exit_code(report(), []) == 0
    assert exit_code(report("applied", "applied"), [write(204)]) == 0


def test_a_brake_comes_before_everything() -> None:
    """A plan that waits for approval is told as such."""
    assert exit_code(report("applied", "held", braked=True), []) == 5


@pytest.mark.parametrize("state", ["not_applied", "unknown", "held"])
def test_partly_applied_is_told(state: OutcomeState) -> None:
    """Something was done, so it is 6, whatever stopped the rest."""
    assert exit_code(report("applied", state), [write(204), write(401)]) == 6


@pytest.mark.parametrize(
    ("status", "code"), [(401, 4), (403, 4), (429, 75), (503, 75), (500, 75), (0, 75), (409, 6)]
)
def test_nothing_applied_has_the_code_of_its_reason(status: int, code: int) -> None:
    """Refused, limited, or down; a conflict alone means that the plan did not fit."""
    assert exit_code(report("not_applied", "not_applied"), [write(status)]) == code


def test_other_runs_and_reads_do_not_count() -> None:
    """Only this run's own writes tell why it wrote nothing."""
    read = Request(
        product="jira", method="GET", endpoint="myself", status=503, seconds=0.1, bytes=0
    )
    assert exit_code(report("not_applied"), [write(401, "r2"), read]) == 6


@pytest.mark.parametrize(("mode", "code"), [("propose", 6), ("auto", 6), ("watch", 0)])
def test_a_held_page_is_news_for_whoever_may_write(mode: Mode, code: int) -> None:
    """Cron sends a mail for it; in mode watch nothing was to be written anyway."""
    held = Held(page="roadmap", title="Roadmap", reason="edited")
    for states in ((), ("applied",)):
        done = report(*states)
        assert sync_code(done, mode, []) == 0
        left = replace(done, plan=replace(done.plan, held=(held,)))
        assert sync_code(left, mode, []) == code


def test_a_held_page_hides_no_graver_code() -> None:
    """A brake, or a site that is down, says more."""
    held = Held(page="roadmap", title="Roadmap", reason="edited")
    braked = report(braked=True)
    assert sync_code(replace(braked, plan=replace(braked.plan, held=(held,))), "auto", []) == 5
    down = report("not_applied")
    left = replace(down, plan=replace(down.plan, held=(held,)))
    assert sync_code(left, "auto", [write(503)]) == 75
