"""Doctor, explain, evidence, and the plan's own words."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import world
from run_world import RunWorld

from pmsync.core.errors import PermissionDeniedError, UsageError
from pmsync.core.rules import RankRules, Readers
from pmsync.pipeline.doctor import Check, examine
from pmsync.pipeline.evidence import decode, snapshot_hash
from pmsync.pipeline.explain import explain_issue
from pmsync.pipeline.plan import working_days_after
from pmsync.pipeline.planfile import encode
from pmsync.pipeline.rank import fixed_issues, make_backlog, on_level
from pmsync.pipeline.readable import unreadable


def checks(w: RunWorld) -> dict[str, Check]:
    return {check.name: check for check in examine(w.line())}


def allowed() -> RunWorld:
    w = RunWorld()
    w.jira.grants = {"BROWSE_PROJECTS", "SCHEDULE_ISSUES"}
    return w


class TestDoctor:
    """Everything that must hold, each with its cure; nothing is written."""

    def test_all_is_well(self) -> None:
        """Only what a first run is told of."""
        w = allowed()
        steps = w.steps.made
        found = checks(w)
        assert {one.name for one in found.values() if one.state != "ok"} == {"brake first_run"} | {
            one.name for one in found.values() if one.state == "warning"
        }
        assert not [one for one in found.values() if one.state == "failed"]
        assert found["scope"].text.startswith("29 issues of SHOP, WEB")
        assert w.steps.made == steps

    def test_missing_permissions(self) -> None:
        """Each project for itself."""
        w = RunWorld()
        w.jira.grants = {"BROWSE_PROJECTS"}
        found = checks(w)["permissions in SHOP"]
        assert (found.state, found.text) == ("failed", "missing: SCHEDULE_ISSUES")

    def test_who_only_watches_needs_less(self) -> None:
        """Nobody asks for rights that are not used."""
        w = RunWorld(mode="watch")
        w.jira.grants = {"BROWSE_PROJECTS"}
        assert checks(w)["permissions in SHOP"].state == "ok"

    def test_a_wrong_space_and_a_wrong_parent(self) -> None:
        """Both are named at once."""
        w = allowed()
        assert w.product.pages
        w.set(pages=replace(w.product.pages, space="NOPE", under="424242"))
        found = checks(w)
        assert found["space NOPE"].state == found["parent page 424242"].state == "failed"
        assert found["plan"].state == "failed"

    def test_an_archived_parent(self) -> None:
        """It is no place for pages."""
        w = allowed()
        assert w.product.pages
        w.wiki.archive(w.product.pages.under)
        assert checks(w)[f"parent page {w.product.pages.under}"].state == "failed"

    def test_a_refused_token(self) -> None:
        """One failure, told once; what needs Jira is not gone into."""
        w = allowed()

        def refused(*_: Any, **__: Any) -> Any:
            what = "the token was refused"
            raise PermissionDeniedError(what, status=403, cure="make a new one")

        w.jira.site = refused  # type: ignore[method-assign]  # no entry
        found = checks(w)
        assert found["jira"].state == "failed"
        assert found["jira"].cure == "make a new one"
        assert "scope" not in found

    def test_another_flavour(self) -> None:
        """Said, instead of failing later."""
        w = allowed()
        site = w.jira.site()
        w.jira.site = lambda: replace(site, flavor="Server", version="10.3")  # type: ignore[method-assign]  # a server
        assert checks(w)["jira"].text == "Jira Server 10.3 answers"

    def test_clocks_that_differ(self) -> None:
        """Plans expire by ours."""
        w = allowed()
        w.jira.clock = lambda: w.clock.now() + timedelta(minutes=5)
        assert "300 s apart" in checks(w)["clock"].text

    def test_an_empty_scope_and_an_empty_backlog(self) -> None:
        """Warnings, with where to look."""
        w = allowed()
        w.jira.hidden = {issue.id for issue in w.jira.ranked}
        found = checks(w)
        assert (found["scope"].state, found["backlog"].state) == ("warning", "warning")
        assert found["backlog"].text.endswith("in scope are no issues")

    def test_a_level_that_nothing_is_of(self) -> None:
        """What there is to choose from is listed, higher levels first."""
        w = allowed()
        w.set(rank=RankRules(level="Epik"))
        found = checks(w)["backlog"]
        assert found.state == "warning"
        start = (
            "nothing is ranked: no issue in scope is of the level Epik; in scope are Epic (level 1)"
        )
        assert found.text.startswith(start)
        assert "(level 0): " in found.text
        assert "100%" not in found.text

    def test_too_little_is_scored(self) -> None:
        """A warning that names the gap to fill first: the one that most issues have."""
        w = allowed()
        for key in w.backlog()[:5]:
            w.jira.edit(key, values={world.INPUTS["effort"]: None})
        found = checks(w)["backlog"]
        assert found.state == "warning"
        assert found.text.endswith("and nothing moves under 60%")
        said = (
            r"most often, for \d of \d unscored issues: field Effort is empty; fill these in first"
        )
        assert re.match(said, found.cure)

    def test_enough_is_scored(self) -> None:
        """Nothing to cure."""
        found = checks(allowed())["backlog"]
        assert (found.state, found.cure) == ("ok", "")
        assert found.text.startswith("10 issues ranked, ")

    def test_readers_who_may_see_next_to_nothing(self) -> None:
        """Most of the scope left out is a slip in the readers' projects more often than meant."""
        w = allowed()
        assert "readers" not in checks(w)
        assert w.product.pages
        w.set(pages=replace(w.product.pages, readers=Readers(projects=("WEB",))))
        found = checks(w)["readers"]
        assert found.state == "warning"
        assert re.match(r"2\d of \d\d issues in scope are left out of everything", found.text)
        assert found.cure.startswith("check pages.readers.projects, which names WEB, and ")

    def test_numbers_agree_with_their_nouns(self) -> None:
        """One call is no calls."""
        w = allowed()
        w.settled()
        assert checks(w)["would write"].text == "0 rank calls moving 0 issues, 0 pages (0 new)"
        w.jira.move(w.backlog()[0], len(w.jira.ranked) - 1)
        assert checks(w)["would write"].text.startswith("1 rank call moving 1 issue, ")

    def test_held_pages_are_told(self) -> None:
        """Before a run finds them."""
        w = allowed()
        w.settled()
        w.wiki.edit(w.kept.pages("checkout")["roadmap"].page_id, "<p>mine</p>")
        assert checks(w)["page roadmap"].text.startswith("held: edited")

    def test_a_product_that_ranks_nothing_and_publishes_nothing(self) -> None:
        """There is less to look at."""
        w = RunWorld(rank=None, pages=None, release_notes=())
        w.jira.grants = {"BROWSE_PROJECTS"}
        found = checks(w)
        assert "backlog" not in found
        assert not [name for name in found if name.startswith("space")]

    def test_renamed_fields_are_warnings(self) -> None:
        """With where to mend them."""
        w = allowed()
        w.settled()
        first, *rest = w.jira.catalogue
        w.jira.catalogue = (replace(first, name="Range"), *rest)
        assert checks(w)["field"].state == "warning"


class TestExplain:
    """P11: it reads what a run stored, and computes nothing."""

    def test_the_latest_run_that_ranked_it(self) -> None:
        """By key in any case, or by id."""
        w = RunWorld()
        report = w.sync()
        for name in ("SHOP-3", "shop-3", "10003"):
            found = explain_issue(w.line().store, ["checkout"], name)
            assert found.run.id == report.run
            assert found.place.key == "SHOP-3"
            assert found.total == 10
            assert found.place.verdict.scores["rice"].value == 3120

    def test_it_says_what_was_true_then(self) -> None:
        """Jira may say something else by now."""
        w = RunWorld()
        w.sync()
        w.jira.edit("SHOP-3", values={world.INPUTS["reach"]: 1.0})
        found = explain_issue(w.line().store, ["checkout"], "SHOP-3")
        assert found.place.verdict.readings["reach"].value == 2600

    def test_an_issue_nobody_ranked(self) -> None:
        """Done, restricted, or unknown: where to look next."""
        w = RunWorld()
        w.sync()
        for name in ("SHOP-9", "SEC-1", "NOPE-1"):
            with pytest.raises(UsageError, match=f"no stored run has ranked {name}"):
                explain_issue(w.line().store, ["checkout"], name)

    def test_evidence_of_another_version_is_passed_over(self) -> None:
        """An older run may be readable."""
        w = RunWorld()
        w.sync()
        second = w.sync()
        run = w.kept.run(second.run)
        assert run
        w.kept.update_run(replace(run, scores=w.kept.put_blob(b'{"odd": 1}')))
        assert explain_issue(w.line().store, ["checkout"], "SHOP-3").run.id != run.id

    def test_runs_without_evidence(self) -> None:
        """They ended before it."""
        w = RunWorld()
        w.sync()
        run = w.kept.runs("checkout", 1)[0]
        w.kept.update_run(replace(run, scores=None))
        with pytest.raises(UsageError):
            explain_issue(w.line().store, ["checkout"], "SHOP-3")

    def test_the_evidence_has_every_set_and_reason(self) -> None:
        """Numbers of the sets, and a sentence for each place."""
        w = RunWorld()
        report = w.sync()
        run = w.kept.run(report.run)
        assert run
        assert run.scores
        evidence = decode(w.kept.blob(run.scores))
        assert evidence.sets["rank:only"] > 0
        assert all(place.reason for place in evidence.places)
        assert [place.desired for place in evidence.places] == list(range(1, 11))


class TestRanked:
    """Which issues are ranked, and which of them never move."""

    def test_levels_by_name_or_number(self) -> None:
        """Names without regard to case."""
        issues = world.snapshot().issues
        epics = [one for one in issues if on_level(RankRules(level=1), one)]
        assert epics == [one for one in issues if on_level(RankRules(level="epic"), one)]
        assert {one.issue_type for one in epics} == {"Epic"}

    def test_what_never_moves(self) -> None:
        """Begun, with something below in an open sprint, or in a set; the first reason counts."""
        snapshot = replace(
            world.snapshot(),
            sets={
                "open_sprint": frozenset({"10023", "30001"}),
                "never_move:2": frozenset({"10003", "10001"}),
            },
        )
        rules = RankRules(
            level=1, never_move=("in_progress", "child_in_open_sprint", "labels = pinned")
        )
        ranked = {i.id: i for i in snapshot.issues if i.level == 1 and i.category != "done"}
        found = fixed_issues(rules, snapshot, ranked)
        assert set(found) == {"10001", "10002", "10003", "30001"}
        assert found["10001"] == found["10002"]
        assert "labels = pinned" in found["10003"]

    def test_circles_of_parents_end(self) -> None:
        """Data from outside may hold anything."""
        issues = tuple(
            replace(one, parent_id="10013") if one.id == "10001" else one
            for one in world.snapshot().issues
        )
        snapshot = replace(
            world.snapshot(), issues=issues, sets={"open_sprint": frozenset({"10013"})}
        )
        rules = RankRules(level=1, never_move=("child_in_open_sprint",))
        assert set(fixed_issues(rules, snapshot, snapshot.by_id())) == {"10001", "10013"}

    def test_nothing_is_ranked(self) -> None:
        """No rules, no backlog; then the roadmap takes Jira's order."""
        assert make_backlog(world.product(rank=None), world.snapshot()) is None
        w = RunWorld(rank=None)
        plan = w.preview()
        assert plan.moves() == ()
        assert {change.page for change in plan.page_changes()} >= {"roadmap"}

    def test_ranking_its_own_result_changes_nothing(self) -> None:
        """Else the second run would move again."""
        snapshot = replace(
            world.snapshot(), sets={"rank:only": frozenset(world.snapshot().by_id())}
        )
        backlog = make_backlog(world.product(), snapshot)
        assert backlog
        by_id = snapshot.by_id()
        rest = [one for one in snapshot.issues if one.id not in backlog.issues]
        again = make_backlog(
            world.product(),
            replace(snapshot, issues=(*(by_id[one] for one in backlog.desired), *rest)),
        )
        assert again
        assert (again.desired, again.displaced) == (backlog.desired, frozenset())


class TestPlanWords:
    """What a plan says besides its changes."""

    @pytest.mark.parametrize(
        ("day", "expires"),
        [
            (date(2026, 11, 16), date(2026, 11, 19)),
            (date(2026, 11, 19), date(2026, 11, 24)),
            (date(2026, 11, 21), date(2026, 11, 25)),
            (date(2026, 11, 22), date(2026, 11, 25)),
        ],
    )
    def test_three_working_days(self, day: date, expires: date) -> None:
        """A week-end does not count."""
        assert working_days_after(day, 3) == expires

    def test_every_displaced_issue_has_a_row(self) -> None:
        """Old place, new place, reason, and the call that names it."""
        plan = RunWorld().preview()
        assert plan.displaced
        moves = {move.change for move in plan.moves()}
        for row in plan.displaced:
            assert row.reason
            assert row.change in moves
            assert 1 <= row.new_place <= plan.backlog

    def test_pages_that_nobody_asks_for_any_more(self) -> None:
        """They stay, and the plan says so."""
        w = RunWorld()
        w.settled()
        w.set(release_notes=())
        notes = [note for note in w.preview().notes if note.kind == "orphan"]
        assert len(notes) == 3

    def test_the_order_of_jiras_answers_does_not_show(self) -> None:
        """Same world, same bytes: fields, projects and versions in any order."""
        w, other = RunWorld(), RunWorld()
        other.jira.catalogue = tuple(reversed(other.jira.catalogue))
        other.jira.places = tuple(reversed(other.jira.places))
        other.jira.page = 1
        assert encode(w.preview()) == encode(other.preview())

    def test_the_moment_is_no_part_of_the_snapshots_hash(self) -> None:
        """Anything else is."""
        snapshot = world.snapshot()
        later = replace(snapshot, pulled_at=snapshot.pulled_at + timedelta(days=1))
        assert snapshot_hash(later) == snapshot_hash(snapshot)
        other = replace(snapshot, issues=snapshot.issues[1:])
        assert snapshot_hash(other) != snapshot_hash(snapshot)

    def test_pages_say_which_issues_they_speak_of(self) -> None:
        """So that their readers' right to see them can be asked again."""
        w = RunWorld()
        pages = {change.page: change for change in w.preview().page_changes()}
        assert "10003" in pages["backlog"].mentions
        assert "10017" in pages["notes/customers/902"].mentions
        assert "10017" not in pages["backlog"].mentions


class TestReadable:
    """Whether an approved page may still be shown."""

    def test_gone_hidden_restricted(self) -> None:
        """Each of them, and nothing else."""
        w = RunWorld()
        w.jira.delete("SHOP-3")
        w.jira.hidden = {"10004"}
        w.jira.edit("SHOP-5", security="restricted")
        asked = ["10003", "10004", "10005", "10006", "30001"]
        assert unreadable(w.product, w.jira, asked) == {"10003", "10004", "10005", "30001"}

    def test_nothing_mentioned(self) -> None:
        """Nothing is asked."""
        w = RunWorld()
        assert unreadable(w.product, w.jira, []) == frozenset()
        w.jira.ranked = []
        assert unreadable(w.product, w.jira, ["1"]) == {"1"}
