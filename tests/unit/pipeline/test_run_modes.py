"""Whole runs: modes, brakes, approval, and what a second run does (P1, P6, P8, P10, P12)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import world
from run_world import RunWorld

from pmsync.core.errors import (
    IncompleteInputError,
    LeaseHeldError,
    PlanFileError,
    ReadOnlyError,
    UnsafePlanError,
    UsageError,
)
from pmsync.core.plan import PageUpdate
from pmsync.core.rules import Brakes, Readers
from pmsync.pipeline.planfile import plan_hash
from pmsync.pipeline.run import apply_plan, pull_only, sync

FREE = Brakes(share=1.0, shrink=1.0, lost=1.0)


def better(w: RunWorld, key: str = "SHOP-8") -> None:
    """Give an issue at the bottom the best of all estimates."""
    w.jira.edit(key, values={world.INPUTS["class"]: "Must", world.INPUTS["reach"]: 900_000.0})


class TestFirstRun:
    """Nothing is written before a person has seen it."""

    @pytest.mark.parametrize("mode", ["propose", "auto"])
    def test_it_waits_and_names_what_is_new(self, mode: str) -> None:
        """The whole of it, moves and pages."""
        w = RunWorld(mode=mode)
        report = w.sync()
        assert report.braked
        assert w.steps.writes == 0
        assert report.waiting == w.waiting()
        assert [one.brake for one in report.plan.tripped] == ["first_run"]
        assert w.kept.runs("checkout", 1)[0].state == "braked"

    @pytest.mark.parametrize("mode", ["propose", "auto"])
    def test_approved_it_is_applied_and_then_all_is_still(self, mode: str) -> None:
        """P6: the second run writes nothing, and neither does the third."""
        w = RunWorld(mode=mode)
        w.sync()
        assert w.approve().applied.complete()
        for _ in range(2):
            assert w.count(w.sync) == 0
        assert w.waiting() is None

    def test_the_next_page_of_an_approved_kind_needs_no_approval(self) -> None:
        """A version that is released later gets its notes by itself."""
        w = RunWorld()
        w.settled()
        w.jira.releases = tuple(
            replace(version, released=True) if version.id == "903" else version
            for version in world.VERSIONS
        )
        w.jira.edit("SHOP-1", category="done", status="Done")
        report = w.sync()
        assert not report.braked
        assert "page/notes/customers/903" in report.applied.outcomes

    def test_only_half_of_it_approved(self) -> None:
        """Pages alone may be approved; the order is then still a first."""
        w = RunWorld(mode="propose")
        apply_plan(w.line(), w.preview(only="pages"))
        report = w.sync()
        assert report.waiting
        assert [one.text for one in report.waiting.tripped] == ["never approved before: rank"]


class TestWatch:
    """Nothing at all."""

    def test_it_shows_and_writes_nothing(self) -> None:
        """No remote write, and no plan to approve."""
        w = RunWorld(mode="watch")
        report = w.sync()
        assert report.plan.moves()
        assert report.plan.page_changes()
        assert (w.steps.writes, w.waiting(), report.waiting) == (0, None, None)

    def test_not_even_unfinished_pages(self) -> None:
        """A page that lacks its property waits for a mode that writes."""
        w = RunWorld()
        w.settled()
        record = w.kept.pages("checkout")["backlog"]
        w.kept.put_page(replace(record, property_id=None))
        w.set(mode="watch")
        assert w.count(w.sync) == 0

    def test_a_plan_is_not_applied_either(self) -> None:
        """Whoever wants that has to change the mode first."""
        w = RunWorld(mode="propose")
        plan = w.preview()
        w.set(mode="watch")
        with pytest.raises(UsageError, match="watch"):
            apply_plan(w.line(), plan)
        assert w.steps.writes == 0


class TestPreview:
    """A look."""

    def test_it_leaves_no_trace(self) -> None:
        """Not even in the store, also when pages are adopted or records renewed."""
        w = RunWorld()
        w.settled()
        w.kept._pages.clear()
        steps = w.steps.made
        w.preview()
        assert w.steps.made == steps

    def test_it_is_the_same_twice(self) -> None:
        """Byte for byte, whatever the clock says."""
        w = RunWorld()
        first = w.preview()
        w.clock.at += timedelta(hours=3)
        assert plan_hash(w.preview()) == plan_hash(first)


class TestPropose:
    """Pages state the order as it is; moves wait."""

    def test_pages_follow_jira_and_moves_wait(self) -> None:
        """The page lists today's order while the proposal is another one."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        before = w.backlog()
        better(w)
        report = w.sync()
        assert report.applied.complete()
        assert w.backlog() == before
        assert w.page("backlog").index("SHOP-3") < w.page("backlog").index("SHOP-8")
        assert report.waiting
        assert not report.braked
        assert {"SHOP-8"} <= {ref.key for move in report.waiting.moves() for ref in move.issues}

    def test_while_it_waits_runs_write_nothing(self) -> None:
        """And the plan keeps its hash: whoever was asked to approve it has it."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        better(w)
        w.sync()
        waiting = w.waiting()
        assert w.count(w.sync) == 0
        w.clock.at += timedelta(days=1)
        assert w.count(w.sync) == 0
        assert waiting == w.waiting()

    def test_approved(self) -> None:
        """Moves first, then the pages that state them; then nothing is left."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        better(w)
        w.sync()
        assert w.approve().applied.complete()
        assert w.backlog()[0] == "SHOP-8"
        assert w.page("backlog").index("SHOP-8") < w.page("backlog").index("SHOP-3")
        assert w.count(w.sync) == 0

    def test_a_proposal_that_is_outlived(self) -> None:
        """A person did it by hand: nothing waits any more."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        better(w)
        w.sync()
        w.jira.move("SHOP-8", 0)
        w.sync()
        assert w.waiting() is None
        assert w.count(w.sync) == 0

    def test_an_old_proposal_still_applies(self) -> None:
        """Its moves; pages that a later run wrote are held, and that does not make it stale."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        better(w)
        w.sync()
        plan = w.waiting()
        assert plan
        w.jira.edit("SHOP-3", summary="Hardly any declined cards")
        w.sync()
        report = apply_plan(w.line(), plan)
        assert {report.applied.outcomes[move.change].state for move in plan.moves()} == {"applied"}
        assert report.applied.outcomes["page/backlog"].state == "held"
        assert "Hardly any" in w.page("backlog")
        w.sync()
        assert w.page("backlog").index("SHOP-8") < w.page("backlog").index("SHOP-3")

    def test_only_rank_leaves_pages_alone(self) -> None:
        """And only pages leaves the moves."""
        w = RunWorld(mode="propose", brakes=FREE)
        w.settled()
        better(w)
        assert w.count(lambda: w.sync(only="rank")) == 0
        waiting = w.waiting()
        assert waiting
        assert waiting.moves()
        assert not waiting.page_changes()
        report = w.sync(only="pages")
        assert report.applied.complete()
        assert not report.plan.moves()


class TestApproval:
    """An approved plan is applied as it was made, and nothing else."""

    def made(self, w: RunWorld) -> None:
        w.settled()
        better(w)

    def test_it_expires(self) -> None:
        """After three working days it is too old."""
        w = RunWorld()
        plan = w.preview()
        w.clock.at += timedelta(days=3)
        assert apply_plan(w.line(), plan).applied.complete()
        w.clock.at += timedelta(days=1)
        with pytest.raises(UnsafePlanError, match="expired on 2026-11-19"):
            apply_plan(w.line(), plan)

    def test_an_expired_plan_is_replaced(self) -> None:
        """The next run makes a new one, with a new day to expire."""
        w = RunWorld()
        w.sync()
        first = w.waiting()
        w.clock.at += timedelta(days=7)
        w.sync()
        second = w.waiting()
        assert first
        assert second
        assert first.expires < second.expires

    def test_drift_elsewhere_does_not_age_it(self) -> None:
        """Issues it does not name may move; the page that states all of the order is held."""
        w = RunWorld(brakes=FREE)
        self.made(w)
        plan = w.preview()
        (anchor,) = [move.before.key for move in plan.moves() if move.before]
        other, last = [key for key in w.backlog() if key not in {"SHOP-8", anchor, "SEC-1"}][-2:]
        w.jira.move(last, w.jira.order().index(other))
        report = apply_plan(w.line(), plan)
        assert {report.applied.outcomes[move.change].state for move in plan.moves()} == {"applied"}
        assert report.applied.outcomes["page/backlog"].state == "held"

    def test_what_it_names_must_stand_as_it_did(self) -> None:
        """More than a fifth does not fit any more: the whole is refused, with names."""
        w = RunWorld(brakes=FREE)
        self.made(w)
        plan = w.preview()
        w.jira.delete("SHOP-8")
        with pytest.raises(UnsafePlanError, match="do not fit any more"):
            apply_plan(w.line(), plan)
        assert w.kept.runs("checkout", 1)[0].state == "failed"

    def test_a_page_that_a_person_edited_is_dropped_and_named(self) -> None:
        """One of eight changes: the rest is applied."""
        w = RunWorld(brakes=FREE)
        self.made(w)
        for key in ("SHOP-16", "SHOP-21", "WEB-5"):
            w.jira.edit(key, summary=f"Another {key}", values={world.TEXT: f"Other {key}"})
        plan = w.preview()
        assert len(plan.changes) >= 5
        record = w.kept.pages("checkout")["roadmap"]
        w.wiki.edit(record.page_id, "<p>mine</p>")
        report = apply_plan(w.line(), plan)
        assert set(report.applied.dropped) == {"page/roadmap"}
        assert "version 2" in report.applied.dropped["page/roadmap"]
        assert w.page("roadmap") == "<p>mine</p>"
        assert not report.applied.complete()
        assert w.kept.runs("checkout", 1)[0].state == "partial"

    def test_applied_again_it_writes_nothing(self) -> None:
        """What is made already counts as applied."""
        w = RunWorld()
        w.sync()
        plan = w.waiting()
        assert plan
        w.approve()
        before = w.steps.writes
        report = apply_plan(w.line(), plan)
        assert report.applied.complete()
        assert w.steps.writes == before

    def test_a_page_that_is_not_ours_is_never_written(self) -> None:
        """However well a plan's hash fits (P2)."""
        w = RunWorld()
        w.settled()
        better(w)
        plan = w.preview()
        foreign = w.wiki.spaces(["HELP"])[0].homepage_id or ""
        changes = tuple(
            replace(change, page_id=foreign, version=1)
            if isinstance(change, PageUpdate)
            else change
            for change in plan.changes
        )
        with pytest.raises(UnsafePlanError, match="is not ours"):
            apply_plan(w.line(), replace(plan, changes=changes))

    def test_a_body_that_pages_may_not_hold(self) -> None:
        """A plan file is somebody's file: its bodies are checked again."""
        w = RunWorld()
        plan = w.preview()
        evil = {next(iter(plan.bodies)): "<script>alert(1)</script>"}
        with pytest.raises(PlanFileError, match="must not be sent"):
            apply_plan(w.line(), replace(plan, bodies={**plan.bodies, **evil}))

    def test_an_issue_restricted_since_then(self) -> None:
        """P10: its text does not reach a page by way of an old plan."""
        w = RunWorld()
        plan = w.preview()
        w.jira.edit("SHOP-17", security="restricted")
        report_or_error: object
        try:
            report_or_error = apply_plan(w.line(), plan)
        except UnsafePlanError as error:
            report_or_error = error
        assert "readers may not see" in str(report_or_error)
        written = " ".join(sheet.page.body for sheet in w.wiki.sheets.values())
        assert "SHOP-17" not in written


class TestRestricted:
    """P10, through the whole line."""

    def test_a_newly_restricted_issue_leaves_every_page(self) -> None:
        """Text, key and count."""
        w = RunWorld(brakes=FREE)
        w.settled()
        assert "SHOP-3" in w.page("backlog")
        w.jira.edit("SHOP-3", security="restricted")
        w.sync()
        for name in w.kept.pages("checkout"):
            assert "SHOP-3<" not in w.page(name)
            assert "declined cards" not in w.page(name)
        assert w.count(w.sync) == 0

    def test_it_is_neither_named_nor_in_the_evidence(self) -> None:
        """Rank calls and explanations know nothing of it."""
        w = RunWorld(brakes=FREE)
        w.settled()
        w.jira.edit("SHOP-3", security="restricted")
        better(w)
        named = len(w.jira.named)
        report = w.sync()
        issue = w.jira.issue("SHOP-3").id
        assert issue not in set().union(*w.jira.named[named:])
        run = w.kept.run(report.run)
        assert run
        assert run.scores
        assert b'SHOP-3"' not in w.kept.blob(run.scores)

    def test_readers_who_may_not_see_a_project(self) -> None:
        """Its issues are not ranked and not told of."""
        w = RunWorld(brakes=FREE)
        assert w.product.pages
        w.set(pages=replace(w.product.pages, readers=Readers(projects=("SHOP",))))
        w.settled()
        assert not any("WEB-" in sheet.page.body for sheet in w.wiki.sheets.values())
        assert not any(one.startswith("2") for call in w.jira.named for one in call)

    def test_a_project_that_does_not_say_its_levels(self) -> None:
        """Issues whose field was not delivered are treated as restricted there."""
        w = RunWorld(brakes=FREE)
        places = tuple(
            replace(one, security_levels=None) if one.key == "WEB" else one for one in w.jira.places
        )
        w.jira.places = places
        for key in [key for key in w.jira.order() if key.startswith("WEB")]:
            w.jira.edit(key, security="undelivered")
        plan = w.preview()
        assert not any("WEB-" in body for body in plan.bodies.values())


class TestLoss:
    """P5 and P8: input that cannot be the whole truth."""

    def hidden(self, w: RunWorld, count: int = 10) -> None:
        w.jira.hidden = {issue.id for issue in w.jira.ranked[:count]}

    def test_an_unexplained_loss_holds_until_it_is_approved(self) -> None:
        """Not once, but in every run; approving it ends it."""
        w = RunWorld(brakes=Brakes(share=1.0, shrink=1.0))
        w.settled()
        pages = {name: w.page(name) for name in w.kept.pages("checkout")}
        self.hidden(w)
        for _ in range(3):
            report = w.sync()
            assert [one.brake for one in report.plan.tripped] == ["lost"]
            assert pages == {name: w.page(name) for name in pages}
        w.approve()
        report = w.sync()
        assert not report.braked
        assert len(w.kept.issues("checkout")) == 29 - 10

    def test_they_come_back(self) -> None:
        """A permission was given back: nothing has to be approved, and the plan goes."""
        w = RunWorld()
        w.settled()
        self.hidden(w)
        w.sync()
        w.jira.hidden = set()
        report = w.sync()
        assert not report.braked
        assert w.waiting() is None

    def test_explained_losses(self) -> None:
        """Issues that left the scope but can still be seen are no loss."""
        w = RunWorld(brakes=Brakes(share=1.0, shrink=1.0))
        w.settled()
        w.set(scope="project in (SHOP)")
        assert not any(one.brake == "lost" for one in w.sync().plan.tripped)

    def test_an_empty_scope_publishes_nothing(self) -> None:
        """0 where there were 29: the run stops and the pages stay."""
        w = RunWorld()
        w.settled()
        w.jira.hidden = {issue.id for issue in w.jira.ranked}
        with pytest.raises(IncompleteInputError, match="holds no issue, and held 29"):
            w.sync()
        run = w.kept.runs("checkout", 1)[0]
        assert run.state == "failed"
        assert "held 29" in run.problem

    def test_a_project_that_is_not_there_any_more(self) -> None:
        """The account lost it, or it was archived: said so, and not as a fault of the JQL."""
        w = RunWorld()
        w.settled()
        w.jira.places = w.jira.places[:1]
        with pytest.raises(IncompleteInputError, match="project WEB had issues in scope"):
            w.sync()


class TestTooFewScored:
    """P12: under 60 % nothing is ranked."""

    def test_the_gaps_come_first(self) -> None:
        """No move, and the plan lists the estimates to fill in."""
        w = RunWorld()
        for key in w.backlog()[:5]:
            w.jira.edit(key, values={world.INPUTS["effort"]: None})
        plan = w.preview()
        assert plan.moves() == ()
        kinds = [note.kind for note in plan.notes]
        assert kinds[:2] == ["too_few_scored", "unscored"]
        assert sum(1 for note in plan.notes if note.kind == "unscored") >= 5

    def test_unscored_issues_are_never_named(self) -> None:
        """They stay, whatever moves around them."""
        w = RunWorld()
        plan = w.preview()
        named = {ref.key for move in plan.moves() for ref in move.issues}
        assert named.isdisjoint({"SHOP-6", "SHOP-7"})


class TestAroundARun:
    """Lease, read-only, faults."""

    def test_two_at_once(self) -> None:
        """The second one names the first."""
        w = RunWorld()
        w.kept.take_lease("checkout", "somebody else", w.clock.now(), 900)
        with pytest.raises(LeaseHeldError, match="somebody else"):
            w.sync()
        assert w.kept.runs("checkout", 5) == ()

    def test_a_lease_lost_in_the_middle(self) -> None:
        """No write is made after another run has taken over; the next one finishes."""
        w = RunWorld(brakes=FREE)
        w.settled()
        better(w)
        line = w.line()
        rank = w.jira.rank

        def slow(*parts: object, **more: object) -> object:
            w.clock.at += timedelta(minutes=20)
            w.kept.take_lease("checkout", "another", w.clock.now(), 900)
            return rank(*parts, **more)  # type: ignore[arg-type]  # handed through

        w.jira.rank = slow  # type: ignore[method-assign, assignment]  # a very slow call
        before = w.steps.writes
        with pytest.raises(LeaseHeldError):
            sync(line)
        assert w.steps.writes == before + 1
        w.jira.rank = rank  # type: ignore[method-assign]  # back to normal
        w.clock.at += timedelta(minutes=20)
        w.sync()
        assert w.preview().changes == ()

    def test_a_long_run_keeps_its_lease(self) -> None:
        """Every write renews it."""
        w = RunWorld()
        w.sync()
        create = w.wiki.create

        def slow(**parts: str) -> object:
            w.clock.at += timedelta(minutes=10)
            return create(**parts)

        w.wiki.create = slow  # type: ignore[method-assign, assignment]  # a slow call
        assert w.approve().applied.complete()
        lease = w.kept._leases["checkout"]
        assert (w.clock.at - lease.until) < timedelta(0)

    def test_read_only(self) -> None:
        """Nothing is written, no intent is left behind, and the run says why."""
        w = RunWorld()
        w.sync()
        w.gate.read_only = True
        with pytest.raises(ReadOnlyError):
            w.approve()
        assert (w.steps.writes, w.kept.unsettled("checkout")) == (0, ())

    def test_a_fault_is_recorded_without_its_text(self) -> None:
        """Nobody knows what the message of an unforeseen error holds."""
        w = RunWorld()

        def broken() -> object:
            secret = "token=hunter2"  # noqa: S105 - the point of it
            raise ZeroDivisionError(secret)

        w.jira.site = broken  # type: ignore[method-assign, assignment]  # a fault of ours
        with pytest.raises(ZeroDivisionError):
            w.sync()
        run = w.kept.runs("checkout", 1)[0]
        assert (run.state, run.problem) == ("failed", "ended by ZeroDivisionError")

    def test_it_keeps_what_explains_it(self) -> None:
        """P11: rules, scores and plan can be read from the store."""
        w = RunWorld()
        report = w.sync()
        run = w.kept.run(report.run)
        assert run
        for sha256 in (run.rules, run.scores, run.plan):
            assert sha256
            assert w.kept.blob(sha256)
        assert b'"scope":"project in (SHOP, WEB)"' in w.kept.blob(run.rules or "")

    def test_pull_only(self) -> None:
        """Numbers, and nothing else."""
        w = RunWorld()
        found = pull_only(w.line())
        assert (found.issues, found.fetched, found.full) == (29, 29, True)
        again = pull_only(w.line())
        assert (again.issues, again.fetched, again.full, again.gone) == (29, 0, False, 0)
        assert w.steps.writes == 0


class TestTrouble:
    """A write goes wrong; the run says so, and the next one finishes."""

    @pytest.mark.parametrize("kind", ["down", "lost answer", "forbidden"])
    @pytest.mark.parametrize("at", range(1, 10))
    def test_at_any_write(self, kind: str, at: int) -> None:
        """Whichever it is, and whatever became of it."""
        w = RunWorld(brakes=FREE, release_notes=())
        w.sync()
        w.steps.trouble[w.steps.writes + at] = kind  # type: ignore[assignment]  # one of Kind
        report = w.approve()
        states = {outcome.state for outcome in report.applied.outcomes.values()}
        assert report.applied.complete() is (states == {"applied"})
        w.sync()
        if w.waiting():
            w.approve()
        assert w.kept.unsettled("checkout") == ()
        assert w.preview().changes == ()
        assert w.count(w.sync) == 0
        for record in w.kept.pages("checkout").values():
            sheet = w.wiki.sheets[record.page_id]
            assert (sheet.labels, sheet.page.head.version) == (["pmsync"], 1)
