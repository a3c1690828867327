"""Small values and sentences of the core: errors, queries, plans, reasons."""

from dataclasses import replace
from datetime import date

import pytest
import world
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core import queries
from pmsync.core.backlog import Backlog
from pmsync.core.errors import (
    ConfigError,
    PmsyncError,
    Problem,
    RateLimitedError,
    RemoteDownError,
)
from pmsync.core.plan import Plan, RankMove, Ref, target
from pmsync.core.ranking.reasons import reasons, two_figures
from pmsync.core.rules import BacklogPage, Product, RankRules, RoadmapPage
from pmsync.core.scoring.combine import Verdict


class TestErrors:
    """What happened, where, and what to do."""

    def test_all_three(self) -> None:
        """In this order; what is not known is left out."""
        assert str(PmsyncError("it broke", where="a.yaml:1", cure="mend it")) == (
            "a.yaml:1: it broke\n  cure: mend it"
        )
        assert str(PmsyncError("it broke")) == "it broke"

    def test_problems_of_a_configuration(self) -> None:
        """All of them, one a line, with as much of a place as there is."""
        problems = (
            Problem(what="wrong", file="a.yaml", line=3, column=7, cure="right"),
            Problem(what="missing", file="b.yaml"),
            Problem(what="unset"),
        )
        error = ConfigError(problems)
        assert str(error) == "a.yaml:3:7: wrong (right)\nb.yaml: missing\nunset"
        assert (error.what, error.exit_code) == ("3 configuration problems", 2)
        assert ConfigError(problems[:1]).what == "1 configuration problem"

    def test_a_remote_error_has_its_place(self) -> None:
        """Method and address are where; whether it had an effect may be unknown."""
        error = RemoteDownError("no answer", method="PUT", url="https://x/y", applied=None)
        assert (error.where, error.applied, error.exit_code) == ("PUT https://x/y", None, 75)

    def test_being_told_to_slow_down_had_no_effect(self) -> None:
        """So the same may be sent again."""
        error = RateLimitedError("slow down", retry_after_s=5, reason="quota")
        assert (error.status, error.applied, error.retry_after_s) == (429, False, 5)


class TestQueries:
    """Every JQL of the rules by the name of its set."""

    def test_all_of_them(self) -> None:
        """Built-in stays that need no question ask none."""
        base = world.product()
        assert base.rank
        assert base.pages
        rank = replace(
            base.rank, never_move=("in_progress", "labels = pinned", "child_in_open_sprint")
        )
        pages = replace(base.pages, kinds=(BacklogPage(), RoadmapPage(now="labels = now")))
        notes = (replace(base.release_notes[0], only="labels != internal"),)
        product = replace(base, rank=rank, pages=pages, release_notes=notes)
        assert queries.queries(product) == {
            "rank:only": 'statusCategory = "To Do"',
            "never_move:1": "labels = pinned",
            "open_sprint": "sprint in openSprints()",
            "page:roadmap:now": "labels = now",
            "notes:customers:only": "labels != internal",
        }

    def test_none(self) -> None:
        """A product that only publishes its scope asks for nothing else."""
        product = Product(id="x", name="X", site="s", scope="project = X")
        assert queries.queries(product) == queries.field_names(product) == {}
        ranked = replace(product, rank=RankRules(level=1))
        assert queries.queries(ranked) == {}

    def test_fields_of_inputs_and_pages(self) -> None:
        """Every one that has to be resolved."""
        found = queries.field_names(world.product())
        assert found["effort"] == "Effort"
        assert found["page:outcome"] == "Outcome"
        assert found["notes:customers:text"] == "Text"

    def test_an_or_stays_inside_its_parentheses(self) -> None:
        """Else the scope would leak."""
        assert queries.within("a = 1 OR b = 2", "c = 3 OR d = 4") == (
            "(a = 1 OR b = 2) AND (c = 3 OR d = 4) ORDER BY Rank ASC"
        )


class TestPlanValues:
    """What a plan says of itself."""

    def test_moves_and_pages_apart(self) -> None:
        """And what a write would touch, in words."""
        move = RankMove(
            change="rank/0001",
            issues=(Ref(id="1", key="A-1"), Ref(id="3", key="A-3")),
            after=Ref(id="2", key="A-2"),
            expects=("1", "3", "2"),
        )
        plan = Plan(
            product="x",
            site="s",
            package="0",
            as_of=date(2026, 11, 16),
            expires=date(2026, 11, 19),
            rules="",
            snapshot="",
            changes=(move,),
        )
        assert plan.moves() == (move,)
        assert plan.page_changes() == ()
        assert target(move) == "rank of A-1, A-3"


def ranked() -> Backlog:
    return world.backlog(world.product(), world.snapshot())


class TestBacklog:
    """How much of it is known."""

    def test_share_and_gaps(self) -> None:
        """Unscored ones in today's order."""
        backlog = ranked()
        gaps = [backlog.issues[one].key for one in backlog.unscored()]
        assert gaps == ["SHOP-6", "SHOP-7"]
        assert backlog.scored_share() == pytest.approx(1 - 2 / len(backlog.today))

    def test_nothing_is_all_scored(self) -> None:
        """An empty backlog has no gap."""
        empty = replace(ranked(), today=(), desired=(), issues={}, verdicts={})
        assert empty.scored_share() == 1.0


class TestReasons:
    """Why an issue stands where it does."""

    def told(self, backlog: Backlog, **fixed: str) -> dict[str, str]:
        by_key = {issue.key: issue.id for issue in backlog.issues.values()}
        found = reasons(
            backlog.desired,
            issues=backlog.issues,
            verdicts=backlog.verdicts,
            fixed={by_key[key]: why for key, why in fixed.items()},
            steps=world.product().order,
        )
        return {backlog.issues[one].key: text for one, text in found.items()}

    def test_every_issue_has_one(self) -> None:
        """Not one is left without."""
        backlog = ranked()
        told = self.told(backlog)
        assert len(told) == len(backlog.desired)
        assert all(told.values())

    def test_an_unscored_issue_names_the_field(self) -> None:
        """And that it stays."""
        assert self.told(ranked())["SHOP-6"].startswith("unscored, because field Effort is empty")

    def test_a_fixed_issue_says_why(self) -> None:
        """Its score does not matter."""
        told = self.told(ranked(), **{"SHOP-3": "work on it has begun"})
        assert told["SHOP-3"] == "stays: work on it has begun"

    def test_classes_are_named(self) -> None:
        """The class that decides, and against whom."""
        told = self.told(ranked())
        assert "Must goes before Should" in told["SEC-1"]

    def test_an_issue_above_a_better_one_says_so(self) -> None:
        """An order that the scores do not bear out is not called one by score."""
        backlog = ranked()
        first, second, *rest = backlog.desired
        swapped = replace(backlog, desired=(second, first, *rest))
        told = self.told(swapped)
        assert "scores better" in told[backlog.issues[second].key]

    def test_equal_ones_keep_todays_order(self) -> None:
        """And nobody pretends a difference."""
        backlog = ranked()
        first, second = backlog.desired[:2]
        same = {one: replace(backlog.verdicts[first], issue_id=one) for one in (first, second)}
        issues = {one: backlog.issues[one] for one in (first, second)}
        told = self.told(replace(backlog, desired=(first, second), verdicts=same, issues=issues))
        assert "today's order stays" in told[backlog.issues[first].key]

    def test_it_depends_on_order_and_verdicts_only(self) -> None:
        """How the order came about does not show, or an unchanged page would change."""
        backlog = ranked()
        applied = replace(backlog, today=backlog.desired, displaced=frozenset())
        assert self.told(backlog) == self.told(applied)


@given(st.floats(1e-6, 1e12))
def test_two_figures_are_close(value: float) -> None:
    """Within five per cent, without an exponent."""
    text = two_figures(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.051)


def test_a_verdict_without_readings() -> None:
    """The least there is."""
    assert Verdict(issue_id="1", key=None).readings == {}
