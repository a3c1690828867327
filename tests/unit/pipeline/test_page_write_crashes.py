"""A process that is killed at any step of a run, and the run that comes after it (P3, P4)."""

from dataclasses import replace

import pytest
import world
from run_world import Crash, RunWorld

from pmsync.core.errors import LeaseHeldError
from pmsync.core.rules import BacklogPage

MOST_STEPS = 200


def one_page() -> RunWorld:
    """A product whose only page is its backlog."""
    w = RunWorld(release_notes=())
    assert w.product.pages
    w.set(pages=replace(w.product.pages, kinds=(BacklogPage(),)))
    return w


def changed(w: RunWorld) -> None:
    """Let Jira change so that moves and page updates are due."""
    w.jira.edit("SHOP-8", values={world.INPUTS["class"]: "Must", world.INPUTS["reach"]: 90_000.0})
    w.jira.edit("SHOP-1", summary="Pay with a watch")


def finish(w: RunWorld) -> None:
    """Let later runs finish what the dead one left."""
    w.sync()
    if w.waiting():
        w.approve()
    assert w.kept.unsettled("checkout") == ()
    assert w.preview().changes == ()
    assert w.preview().held == ()
    assert w.count(w.sync) == 0


class TestKilled:
    """Whatever the step, the next runs end where an undisturbed one would have ended."""

    def test_while_the_first_page_is_created(self) -> None:
        """The page exists once, with labels and property, and its record is right."""
        for at in range(1, MOST_STEPS):
            w = one_page()
            w.sync()
            died = w.crash(at, w.approve)
            finish(w)
            (record,) = w.kept.pages("checkout").values()
            sheet = w.wiki.sheets[record.page_id]
            assert len(w.wiki.sheets) == 3, "two home pages and ours"
            assert (sheet.page.head.version, sheet.labels) == (1, ["pmsync"])
            assert sheet.properties["pmsync"].value["fingerprint"] == record.fingerprint
            if not died:
                return
        pytest.fail("the run has more steps than were tried")

    def test_while_a_page_is_updated(self) -> None:
        """An update takes effect once: the page gains exactly one version."""
        for at in range(1, MOST_STEPS):
            w = one_page()
            w.settled()
            changed(w)
            died = w.crash(at, w.sync)
            finish(w)
            (record,) = w.kept.pages("checkout").values()
            assert record.version == w.wiki.page(record.page_id).head.version == 2
            if not died:
                return
        pytest.fail("the run has more steps than were tried")

    def test_the_dead_run_is_told_of(self) -> None:
        """A run that could not say how it ended is not shown as running for ever."""
        w = one_page()
        w.crash(5, w.sync)
        assert [run.state for run in w.kept.runs("checkout", 5)] == ["running"]
        w.sync()
        states = [run.state for run in w.kept.runs("checkout", 5)]
        assert states == ["braked", "failed"]

    def test_its_lease_outlives_it_for_a_while(self) -> None:
        """Until the dead run's lease has run out, nobody else may write: it may only be slow."""
        w = one_page()
        w.steps.crash_at = w.steps.made + 5
        with pytest.raises(Crash):
            w.sync()
        w.steps.crash_at, w.steps.dead = None, False
        with pytest.raises(LeaseHeldError, match="another run of checkout"):
            w.sync()
        w.restart()
        assert w.sync().braked
