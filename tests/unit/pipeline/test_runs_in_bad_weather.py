"""Sites that go down in the middle, leases that change hands, orders that never rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from run_world import RunWorld

from pmsync.core.errors import LeaseHeldError, RemoteDownError
from pmsync.core.rules import Brakes
from pmsync.pipeline.run import sync
from pmsync.pipeline.settle import UnsettledError

FREE = Brakes(share=1.0, shrink=1.0, lost=1.0)


def no_answer(*_: Any, **__: Any) -> Any:
    """A wiki that is down."""
    what = "no answer"
    raise RemoteDownError(what, applied=None)


class TestWikiDown:
    """Pages are written one after the other; what cannot be known is not guessed."""

    def test_the_pages_after_it_are_not_tried(self) -> None:
        """The first is unknown, the second untouched; the next run finishes both."""
        w = RunWorld(release_notes=(), brakes=FREE)
        w.sync()
        create, page, find = w.wiki.create, w.wiki.page, w.wiki.find

        def last_words(**parts: Any) -> Any:
            w.wiki.find = w.wiki.page = no_answer  # type: ignore[method-assign]  # silence
            create(**parts)
            return no_answer()

        w.wiki.create = last_words  # type: ignore[method-assign]  # then silence
        outcomes = w.approve().applied.outcomes
        assert outcomes["page/backlog"].state == "unknown"
        assert outcomes["page/roadmap"].detail.startswith("not tried")
        w.wiki.create, w.wiki.page, w.wiki.find = create, page, find  # type: ignore[method-assign]
        w.sync()
        w.sync()
        assert sorted(w.kept.pages("checkout")) == ["backlog", "roadmap"]
        assert len(w.wiki.sheets) == 4
        assert w.count(w.sync) == 0

    def test_a_page_that_cannot_be_completed(self) -> None:
        """It is written, and the outcome says that the rest is for the next run."""
        w = RunWorld(release_notes=(), brakes=FREE)
        w.sync()
        labels = w.wiki.labels
        w.wiki.labels = no_answer  # type: ignore[method-assign]  # this call alone
        outcome = w.approve().applied.outcomes["page/backlog"]
        assert outcome.state == "applied"
        assert outcome.detail.startswith("to be completed by the next run")
        w.wiki.labels = labels  # type: ignore[method-assign]  # back again
        w.sync()
        assert all(
            w.wiki.sheets[record.page_id].labels == ["pmsync"]
            for record in w.kept.pages("checkout").values()
        )

    def test_labels_that_are_refused(self) -> None:
        """The same, with what is missing."""
        w = RunWorld(release_notes=(), brakes=FREE)
        w.sync()
        w.steps.trouble[w.steps.writes + len(w.preview().moves()) + 2] = "forbidden"
        outcome = w.approve().applied.outcomes["page/backlog"]
        assert outcome.state == "applied"
        assert "labels are missing" in outcome.detail


class TestLeases:
    """Who may write."""

    def test_taken_over_and_given_back(self) -> None:
        """The other run has finished by then; ours may still not go on."""
        w = RunWorld(brakes=FREE)
        w.sync()
        w.set(mode="auto")
        line = w.line()
        search = w.jira.search
        done: list[str] = []

        def slow(jql: str, *, reconcile: Sequence[str] = ()) -> Any:
            if not done:
                done.append(jql)
                w.clock.at += timedelta(minutes=20)
                lease = w.kept.take_lease("checkout", "another", w.clock.now(), 900)
                w.kept.release_lease(lease)
            return search(jql, reconcile=reconcile)

        plan = w.waiting()
        assert plan
        w.kept.put_plan(replace(w.kept.plans("checkout")[0], state="applied"))
        w.jira.search = slow  # type: ignore[method-assign]  # a very slow search
        with pytest.raises(LeaseHeldError):
            sync(line)
        assert w.steps.writes == 0


class TestRestlessOrder:
    """P3: nothing is moved on top of a move of which nobody knows."""

    def test_it_must_settle_first(self) -> None:
        """Until then the run ends, to be tried again."""
        w = RunWorld(brakes=FREE)
        w.settled()
        last = [one for one in w.kept._writes.values() if one.step == "rank"][-1]
        w.kept.intend(replace(last, id="dead/1", outcome=None))
        search = w.jira.search

        def restless(jql: str, *, reconcile: Sequence[str] = ()) -> Any:
            w.jira.ranked = [*w.jira.ranked[1:], w.jira.ranked[0]]
            return search(jql, reconcile=reconcile)

        w.jira.search = restless  # type: ignore[method-assign]  # people at work
        before = w.steps.writes
        with pytest.raises(UnsettledError, match="cannot be told yet") as caught:
            w.sync()
        assert caught.value.exit_code == 75
        assert w.steps.writes == before
        w.jira.search = search  # type: ignore[method-assign]  # at rest
        w.sync()
        assert w.kept.unsettled("checkout") == ()


def test_a_waiting_plan_of_another_version() -> None:
    """It cannot be read, so it cannot be the same: the new one replaces it."""
    w = RunWorld()
    w.sync()
    stored = w.kept.plans("checkout")[0]
    del w.kept._plans[stored.hash]
    w.kept._plans["old"] = replace(stored, hash="old", text='{"format": 0}')
    w.sync()
    assert {plan.hash: plan.state for plan in w.kept.plans("checkout")} == {
        "old": "replaced",
        stored.hash: "waiting",
    }
