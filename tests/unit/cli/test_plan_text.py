"""What a plan, a sync and an explanation say to a person, and that they do not contradict it."""

from dataclasses import replace

import pytest
import world
from run_world import RunWorld

from pmsync.cli.explaining import explanation_text
from pmsync.cli.preview import plan_text, sync_text
from pmsync.core.plan import Held, Note, Plan
from pmsync.pipeline.explain import explain_issue
from pmsync.pipeline.planfile import plan_hash


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said counts here, not where its lines end."""
    monkeypatch.setenv("COLUMNS", "200")


def first_plan() -> Plan:
    """The plan of a first run."""
    return RunWorld().preview()


def at_rest() -> Plan:
    """A plan of ten ranked issues none of which moves."""
    plan = first_plan()
    return replace(plan, changes=(), displaced=(), notes=(), tripped=(), pages=0, shifted=0)


class TestPlan:
    """The preview."""

    def test_a_hash_is_shown_only_where_it_can_be_applied(self) -> None:
        """A plan that nobody keeps cannot be applied by its hash, and has no last day."""
        plan = first_plan()
        kept = plan_text(plan, "Checkout")
        assert f"plan {plan_hash(plan)[:12]} " in kept
        assert "may be applied until 2026-11-19" in kept
        shown = plan_text(plan, "Checkout", kept=False)
        assert plan_hash(plan)[:12] not in shown
        assert shown.startswith("Checkout · preview · made for 2026-11-16\n")

    def test_an_order_that_is_left_alone_is_not_called_right(self) -> None:
        """Where too little is scored, the reason stands in its place, and only there."""
        w = RunWorld()
        for key in w.backlog()[:5]:
            w.jira.edit(key, values={world.INPUTS["effort"]: None})
        shown = plan_text(w.preview(), "Checkout")
        assert "stand where the rules ask for" not in shown
        assert "Order: 10 issues, none of them moves: only " in shown
        assert shown.count("the order is left alone") == 1
        assert "unscored, because field Effort is empty" in shown

    @pytest.mark.parametrize(
        ("backlog", "said"), [(10, "all 10 issues"), (1, "the one issue of the backlog stands")]
    )
    def test_an_order_that_is_right_is_called_so(self, backlog: int, said: str) -> None:
        """In the grammar of its number."""
        shown = plan_text(replace(at_rest(), backlog=backlog), "Checkout")
        assert f"Order: {said}" in shown
        assert "To know" not in shown

    @pytest.mark.parametrize(
        ("shifted", "said"), [(1, "… and 1 other shifts by"), (1200, "… and 1,200 others shift by")]
    )
    def test_issues_that_make_room_are_counted(self, shifted: int, said: str) -> None:
        """Their place numbers change too, though nobody moves them."""
        shown = plan_text(replace(first_plan(), shifted=shifted), "Checkout")
        assert said in shown
        assert "a place or more to make room (pmsync score shows all)" in shown

    def test_nobody_makes_room_where_nobody_has_to(self) -> None:
        """No line for none."""
        assert "make room" not in plan_text(replace(first_plan(), shifted=0), "Checkout")

    def test_notes_beyond_a_dozen_are_counted(self) -> None:
        """The note that stands at the order is none of them."""
        few = Note(kind="too_few_scored", text="too few")
        notes = (few, *(Note(kind="page", text=f"note {number}") for number in range(13)))
        shown = plan_text(replace(at_rest(), notes=notes), "Checkout")
        assert "- note 11\n  - and 1 more" in shown


class TestSync:
    """What a sync did, and what waits."""

    def test_done_and_waiting_stand_apart(self) -> None:
        """Pages that were published now, and those that follow an approval, are not mixed up."""
        w = RunWorld(mode="propose")
        w.settled()
        w.jira.move(w.backlog()[0], len(w.jira.ranked) - 1)
        report = w.sync()
        assert report.applied.outcomes
        assert report.waiting
        now, _, waiting = sync_text(report, w.product).partition("\nWaiting for you")
        assert now.startswith("Done now:\n")
        assert "applied" in now
        assert "to write" not in now
        assert "applied (" not in waiting
        approve = f"To approve it: pmsync apply {plan_hash(report.waiting)[:12]}"
        assert waiting.splitlines()[-1] == approve

    def test_a_held_page_is_told_once(self) -> None:
        """Where nothing was done, the waiting plan tells it."""
        w = RunWorld()
        report = w.sync()
        held = Held(page="roadmap", title="Roadmap of Checkout", reason="edited by hand")
        plan = replace(report.plan, held=(held,))
        shown = sync_text(replace(report, plan=plan, waiting=plan), w.product)
        assert shown.count("Roadmap of Checkout: edited by hand") == 1

    def test_nothing_waiting_needs_no_headings(self) -> None:
        """One line for a quiet run, fit for a mail."""
        w = RunWorld()
        w.settled()
        assert sync_text(w.sync(), w.product) == "Checkout: nothing was written."


class TestExplanation:
    """Why an issue stands where it does."""

    def test_a_wish_is_told_as_one(self) -> None:
        """Where the issue is, and where the rules would have it, are two things."""
        w = RunWorld()
        w.sync()
        said = explanation_text(explain_issue(w.kept, ["checkout"], _moved(w, moves=True)))
        assert " when it was pulled; the rules ask for " in said
        said = explanation_text(explain_issue(w.kept, ["checkout"], _moved(w, moves=False)))
        assert "the rules ask for" not in said
        assert "  place " in said


def _moved(w: RunWorld, *, moves: bool) -> str:
    """The key of an issue whose place changes, or of one whose place does not."""
    found = (explain_issue(w.kept, ["checkout"], key).place for key in w.backlog())
    return next(place.key for place in found if (place.today != place.desired) is moves)
