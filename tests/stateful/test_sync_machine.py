"""The whole sync, as a machine: people, faults, crashes and approvals in any order.

Everything is in memory, so that thousands of runs take seconds. What must hold at every write is
asserted where the write happens; what must hold of a run, after it.
"""

import re
from dataclasses import replace
from typing import Any

import pytest
import world
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from run_world import Crash, Kind, RunWorld

from pmsync.core.errors import PmsyncError, UnsafePlanError
from pmsync.core.rules import Brakes
from pmsync.core.scoring.inputs import InputRule
from pmsync.ports import PageHead

EPICS = [i.key for i in world.snapshot().issues if i.level == 1 and i.project != "SEC"]
KEYS = [i.key for i in world.snapshot().issues if i.project != "SEC"]
LINK = re.compile(r"browse/([A-Z]+-\d+)")
epics = st.sampled_from(EPICS)
keys = st.one_of(epics, epics, st.sampled_from(KEYS))
inputs: dict[str, list[Any]] = {
    world.INPUTS["reach"]: [None, 10.0, 900.0, 5200.0],
    world.INPUTS["impact"]: [None, "High", "Minimal"],
    world.INPUTS["effort"]: [None, 0.0, 1.0, 8.0],
    world.INPUTS["class"]: [None, "Must", "Should", "Nonsense"],
}


class SyncMachine(RuleBasedStateMachine):
    """One product over many runs, and what people and machines do to it."""

    @initialize(
        mode=st.sampled_from(["auto", "propose"]),
        careful=st.sampled_from([False, False, True]),
        notes=st.sampled_from([False, False, True]),
        published=st.sampled_from([True, True, True, False]),
    )
    def begin(self, mode: str, *, careful: bool, notes: bool, published: bool) -> None:
        brakes = Brakes() if careful else Brakes(share=1.0, shrink=1.0, lost=1.0)
        rules: dict[str, Any] = {} if notes else {"release_notes": ()}
        self.w = RunWorld(mode=mode, brakes=brakes, **rules)
        self.secret: set[str] = set()
        self.by_hand: dict[str, str] = {}
        self.commented: dict[str, tuple[int, str]] = {}
        self.watch_pages()
        if published:
            self.w.settled()

    def watch_pages(self) -> None:
        """Look at every body at the moment when it is written."""
        create, update = self.w.wiki.create, self.w.wiki.update

        def creating(**parts: Any) -> PageHead:
            self.look(parts["title"], parts["body"])
            return create(**parts)

        def updating(**parts: Any) -> PageHead:
            self.look(parts["title"], parts["body"])
            return update(**parts)

        self.w.wiki.create = creating  # type: ignore[method-assign]  # the machine looks on
        self.w.wiki.update = updating  # type: ignore[method-assign]  # the machine looks on

    def look(self, title: str, body: str) -> None:
        """A body about to be written: nothing restricted in it, and no order but Jira's."""
        for key in {*self.secret, "SEC-1"}:
            assert not re.search(rf"{key}\b(?!-)", body), f"{key} is on {title}"
        if title.endswith("prioritised backlog"):
            listed = list(dict.fromkeys(LINK.findall(body)))
            assert listed == [key for key in self.w.jira.order() if key in listed]

    # people

    @rule(key=epics, name=st.sampled_from(sorted(inputs)), at=st.integers(0, 3))
    def estimate(self, key: str, name: str, at: int) -> None:
        """A person fills in, changes or empties an estimate."""
        choices = inputs[name]
        if key in self.w.jira.order():
            self.w.jira.edit(key, values={name: choices[at % len(choices)]})

    @rule(key=keys, category=st.sampled_from(["new", "indeterminate", "done"]))
    def work(self, key: str, category: Any) -> None:
        """A person starts, finishes or reopens an issue."""
        if key in self.w.jira.order():
            self.w.jira.edit(key, category=category, status=world.STATUSES[category])

    @rule(key=keys, place=st.integers(0, 30))
    def drag(self, key: str, place: int) -> None:
        """A person moves an issue by hand."""
        if key in self.w.jira.order():
            self.w.jira.move(key, place)

    @rule(number=st.integers(100, 130), place=st.integers(0, 20))
    def add(self, number: int, place: int) -> None:
        """A person makes an epic."""
        key = f"SHOP-{number}"
        if key not in self.w.jira.order():
            made = replace(
                world.snapshot().issues[2], id=str(10_000 + number), key=key, summary=f"New {key}"
            )
            self.w.jira.ranked.insert(place, made)
            self.w.jira.edit(key, values={})

    @rule(key=keys)
    def delete(self, key: str) -> None:
        """A person deletes an issue."""
        if key in self.w.jira.order() and len(self.w.jira.ranked) > 20:
            self.w.jira.delete(key)

    @rule(key=keys, back=st.booleans())
    def restrict(self, key: str, *, back: bool) -> None:
        """A person restricts an issue, or opens it again."""
        if key in self.w.jira.order():
            self.w.jira.edit(key, security="open" if back else "restricted")
            (self.secret.discard if back else self.secret.add)(key)

    @rule(key=keys, back=st.booleans())
    def hide(self, key: str, *, back: bool) -> None:
        """The account loses sight of an issue, or gets it back."""
        if key in self.w.jira.order():
            (self.w.jira.hidden.discard if back else self.w.jira.hidden.add)(
                self.w.jira.issue(key).id
            )

    @rule(at=st.integers(0, 4))
    def write_by_hand(self, at: int) -> None:
        """A person edits a page of ours."""
        page_id = self.some_page(at)
        if page_id:
            text = f"<p>by hand, {len(self.by_hand)}</p>"
            self.w.wiki.edit(page_id, self.w.wiki.page(page_id).body + text)
            self.by_hand[page_id] = text
            if page_id in self.commented:
                self.commented[page_id] = self.seen(page_id)

    @rule(at=st.integers(0, 4))
    def comment(self, at: int) -> None:
        """A person comments on a page of ours."""
        page_id = self.some_page(at)
        if page_id:
            self.w.wiki.comment(page_id, "p")
            self.commented[page_id] = self.seen(page_id)

    @rule()
    def resolve(self) -> None:
        """Every comment is resolved."""
        for page_id in self.commented:
            for comment in self.w.wiki.sheets[page_id].comments:
                self.w.wiki.resolve(page_id, comment)
        self.commented.clear()

    @rule(months=st.sampled_from([0.5, 1.0, 6.0]))
    def reweigh(self, months: float) -> None:
        """The product manager changes what the impact is worth."""
        impact = InputRule(
            field="Impact",
            values={"Massive": 3, "High": 2 * months, "Medium": 1, "Low": 0.5, "Minimal": 0.25},
        )
        self.w.set(inputs={**self.w.product.inputs, "impact": impact})

    # machines

    @rule(after=st.integers(1, 4), kind=st.sampled_from(["down", "lost answer", "forbidden"]))
    def order_trouble(self, after: int, kind: Kind) -> None:
        """One of the next writes goes wrong."""
        self.w.steps.trouble[self.w.steps.writes + after] = kind

    @rule(issue=epics)
    def refuse(self, issue: str) -> None:
        """Jira will refuse one entry of a rank call."""
        if issue in self.w.jira.order():
            self.w.jira.refusals[self.w.jira.issue(issue).id] = "no permission"

    @rule(at=st.integers(1, 40), key=epics, place=st.integers(0, 8))
    def crash(self, at: int, key: str, place: int) -> None:
        """A run with something to do dies before one of its steps; the store survives."""
        self.drag(key=key, place=place)
        if key in self.w.jira.order():
            self.w.jira.edit(key, summary=f"Another {key} {at}")
        self.w.crash(at, self.try_sync)

    @rule(after=st.integers(1, 3), key=epics, place=st.integers(0, 8))
    def kill(self, after: int, key: str, place: int) -> None:
        """A run dies right after one of its writes was made, before it could say so."""
        self.w.steps.trouble.clear()
        self.w.steps.trouble[self.w.steps.writes + after] = "killed"
        self.drag(key=key, place=place)
        if key in self.w.jira.order():
            self.w.jira.edit(key, summary=f"Another {key} {after} {place}")
        try:
            self.try_sync()
        except Crash:
            self.w.restart()
        self.w.steps.trouble.clear()

    @rule()
    def sync(self) -> None:
        """A run; where nothing goes wrong any more, the next one writes nothing."""
        calm = not (self.w.steps.trouble or self.w.jira.refusals)
        done = self.try_sync()
        if not calm:
            self.w.steps.trouble.clear()
            self.w.jira.refusals.clear()
            done = self.try_sync()
        if done:
            assert self.w.kept.unsettled(self.w.product.id) == ()
            assert self.w.count(self.w.sync) == 0

    @rule(key=epics, place=st.integers(0, 8), at=st.integers(0, 3))
    def change_much(self, key: str, place: int, at: int) -> None:
        """An estimate, a drag and a run, so that something is due or waits."""
        self.estimate(key=key, name=world.INPUTS["class"], at=at)
        self.estimate(key=key, name=world.INPUTS["reach"], at=at + 1)
        self.drag(key=key, place=place)
        self.try_sync()

    @rule(key=epics)
    def restrict_between(self, key: str) -> None:
        """An issue is restricted between a run and the approval of its plan."""
        self.try_sync()
        self.restrict(key=key, back=False)
        self.approve()

    @rule(key=epics)
    def better_a_secret(self, key: str) -> None:
        """The best estimates belong to an issue that nobody may know of."""
        self.restrict(key=key, back=False)
        if key in self.w.jira.order():
            self.w.jira.edit(
                key, values={world.INPUTS["class"]: "Must", world.INPUTS["reach"]: 900_000.0}
            )
        self.try_sync()

    @rule(key=epics, place=st.integers(0, 8))
    def drag_between(self, key: str, place: int) -> None:
        """An issue is moved between a run and the approval of its plan."""
        self.try_sync()
        self.drag(key=key, place=place)
        self.approve()

    @rule()
    def approve(self) -> None:
        """A person approves what waits, perhaps days after it was made."""
        plan = self.w.waiting()
        if plan is None:
            return
        named = len(self.w.jira.named)
        try:
            self.w.approve()
        except PmsyncError:
            return
        allowed = {ref.id for move in plan.moves() for ref in move.issues}
        assert set().union(*self.w.jira.named[named:]) <= allowed

    @rule()
    def agree(self) -> None:
        """A run, and its plan approved at once: then the order is the desired one."""
        self.w.steps.trouble.clear()
        self.w.jira.refusals.clear()
        if self.try_sync() and self.w.waiting():
            report = self.w.approve()
            assert set(report.applied.dropped) == set()
            made = [report.applied.outcomes[move.change] for move in report.plan.moves()]
            assert {outcome.state for outcome in made} <= {"applied"}
            assert self.w.preview().moves() == ()

    def try_sync(self) -> bool:
        """Run; return whether it came to its end with all it wanted done."""
        named = len(self.w.jira.named)
        allowed = {
            issue.id
            for issue in self.w.jira.ranked
            if issue.level == 1
            and issue.category == "new"
            and issue.project in {"SHOP", "WEB"}
            and issue.security == "open"
            and issue.id not in self.w.jira.hidden
        }
        try:
            report = self.w.sync()
        except UnsafePlanError:
            raise
        except PmsyncError:
            return False
        assert set().union(*self.w.jira.named[named:]) <= allowed
        return report.applied.complete()

    # what holds whatever happens

    @invariant()
    def hand_made_text_stays(self) -> None:
        """No page that a person wrote on is overwritten, and none with open comments."""
        if hasattr(self, "w"):
            for page_id, text in self.by_hand.items():
                assert text in self.w.wiki.page(page_id).body
            for page_id, seen in self.commented.items():
                assert self.seen(page_id) == seen

    @invariant()
    def one_page_of_a_kind(self) -> None:
        """No title twice, and nothing in the space but home and ours."""
        if hasattr(self, "w"):
            titles = [sheet.page.head.title for sheet in self.w.wiki.sheets.values()]
            assert len(titles) == len(set(titles))

    def some_page(self, at: int) -> str | None:
        owned = sorted(record.page_id for record in self.w.kept.pages("checkout").values())
        return owned[at % len(owned)] if owned else None

    def seen(self, page_id: str) -> tuple[int, str]:
        page = self.w.wiki.page(page_id)
        return page.head.version, page.body


QUICK = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSync = SyncMachine.TestCase
TestSync.settings = QUICK


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_long_life() -> None:
    """The same with more patience."""
    patient = settings(QUICK, max_examples=300, stateful_step_count=50)
    run_state_machine_as_test(SyncMachine, settings=patient)
