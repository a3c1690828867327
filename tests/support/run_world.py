"""A product with a Jira, a Confluence and a store in memory: the whole line without a network.

Every remote write is watched: it must happen under a permit whose intent row is stored. Trouble
can be ordered for the n-th of them, and a crash for the n-th step of any kind.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import world
from memory_store import MemoryStore
from memory_tracker import MemoryTracker
from memory_wiki import MemoryWiki
from typing_extensions import override

from pmsync.core.errors import (
    PermissionDeniedError,
    ReadOnlyError,
    RemoteDownError,
    RequestRefusedError,
)
from pmsync.core.fields import Pins
from pmsync.core.model import Field, FieldKind, Issue, Project
from pmsync.core.plan import Plan
from pmsync.pipeline.line import Line
from pmsync.pipeline.planfile import decode
from pmsync.pipeline.run import Report, apply_plan, preview, sync
from pmsync.ports import PageHead, Property, RankResult, Store

if TYPE_CHECKING:
    from pmsync.core.journal import Write
    from pmsync.core.rules import Product

T = TypeVar("T")
Kind = Literal["down", "lost answer", "forbidden", "killed"]
TEMPLATES = Path(__file__).parents[2] / "templates"
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
_CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}


class Crash(BaseException):
    """The process is killed: nothing after it happens."""


class StillClock:
    """A clock that sleeping, and whoever holds it, moves."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class PermitGate:
    """Remembers which permit is open."""

    def __init__(self) -> None:
        self.opened: str | None = None
        self.read_only = False

    @contextmanager
    def permit(self, write_id: str) -> Iterator[None]:
        if self.read_only:
            what = "writes are switched off"
            raise ReadOnlyError(what)
        assert self.opened is None
        self.opened = write_id
        try:
            yield
        finally:
            self.opened = None


class Steps:
    """Counts remote writes and the store's changes, and makes trouble where it is ordered."""

    def __init__(self, gate: PermitGate) -> None:
        self.gate = gate
        self.store: MemoryStore | None = None
        self.made = 0
        self.writes = 0
        self.trouble: dict[int, Kind] = {}
        self.crash_at: int | None = None
        self.dead = False

    def step(self) -> None:
        """One step of any kind; the process may die before it."""
        if self.dead:
            raise Crash
        self.made += 1
        if self.crash_at is not None and self.made >= self.crash_at:
            self.dead = True
            raise Crash

    def write(self, call: Callable[[], T]) -> T:
        """One remote write: watched, counted, and perhaps troubled."""
        self.step()
        assert self.gate.opened, "a write without a permit"
        assert self.store is not None
        intents: Mapping[str, Write] = self.store._writes
        assert intents[self.gate.opened].outcome is None, "a write without its own intent"
        self.writes += 1
        kind = self.trouble.pop(self.writes, None)
        if kind == "down":
            what = "the connection was reset"
            raise RemoteDownError(what, applied=None)
        if kind == "forbidden":
            what = "not allowed"
            raise PermissionDeniedError(what, status=403)
        answer = call()
        if kind == "killed":
            self.dead = True
            raise Crash
        if kind == "lost answer":
            what = "no answer came"
            raise RemoteDownError(what, applied=None)
        return answer


class DyingStore:
    """The memory store behind a process that may be killed before any change to it."""

    _changes = ("intend", "settle", "put_page", "put_plan", "put_issues", "update_run", "start_run")

    def __init__(self, kept: MemoryStore, steps: Steps) -> None:
        self._kept = kept
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        if self._steps.dead:
            raise Crash
        if name in self._changes:
            self._steps.step()
        return getattr(self._kept, name)


@dataclass(slots=True, kw_only=True)
class RunJira(MemoryTracker):
    """The fake with the JQL that runs ask, people at work, and watched writes.

    Attributes:
        hidden: Ids that the account may not see.
        lag: How many searches still show the order of before the last rank call.
        former: ``{former key of a project: its key}``, which JQL goes on to understand.
        shuffles: Whether a call of several issues comes out in the reverse order.
    """

    steps: Steps
    time: StillClock
    hidden: set[str] = field(default_factory=set)
    sprinting: set[str] = field(default_factory=set)
    undelivered: set[str] = field(default_factory=set)
    lag: int = 0
    former: dict[str, str] = field(default_factory=dict)
    shuffles: bool = False
    down: bool = False
    _stale: tuple[list[Issue], int] = field(default_factory=lambda: ([], 0))

    @override
    def search(self, jql: str, *, reconcile: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        if self.down:
            what = "Jira does not answer"
            raise RemoteDownError(what)
        self.asked.append(jql)
        text = re.sub(r" ORDER BY Rank ASC$", "", jql)
        keep = [self._meaning(part) for part in text.removeprefix("(")[:-1].split(") AND (")]
        stale, left = self._stale
        shown = stale if left else self.ranked
        self._stale = (stale, max(0, left - 1))
        for issue in shown:
            if issue.id not in self.hidden and all(one(issue) for one in keep):
                yield (issue.id,)

    def _meaning(self, clause: str) -> Callable[[Issue], bool]:
        if found := re.fullmatch(r"project in \((.*)\)", clause):
            projects = [self.former.get(key, key) for key in found[1].split(", ")]
            if unknown := set(projects) - {place.key for place in self.places}:
                what = f"The value '{min(unknown)}' does not exist for the field 'project'."
                raise RequestRefusedError(what, status=400, excerpt=what)
            return lambda issue: issue.project in projects
        if found := re.fullmatch(r'statusCategory = "(.*)"', clause):
            category = _CATEGORIES[found[1]]
            return lambda issue: issue.category == category
        if found := re.fullmatch(r"updated >= (\d+)", clause):
            since = datetime.fromtimestamp(int(found[1]) / 1000, UTC)
            return lambda issue: issue.updated >= since
        if found := re.fullmatch(r"labels = (\w+)", clause):
            label = found[1]
            return lambda issue: label in issue.labels
        if clause == "sprint in openSprints()":
            return lambda issue: issue.id in self.sprinting
        what = f"Error in the JQL Query: {clause!r}"
        raise RequestRefusedError(what, status=400, excerpt=what)

    @override
    def fetch(
        self, ids: Iterable[Sequence[str]], fields: Sequence[Field]
    ) -> Iterator[tuple[Issue, ...]]:
        for page in MemoryTracker.fetch(self, ids, fields):
            yield tuple(one for one in page if one.id not in self.hidden | self.undelivered)

    @override
    def rank(
        self, issues: Sequence[str], *, before: str | None = None, after: str | None = None
    ) -> RankResult:
        listed = list(issues)
        if self.shuffles:
            place = {issue.id: at for at, issue in enumerate(self.ranked)}
            listed.sort(key=place.__getitem__)
        old = list(self.ranked)

        def call() -> RankResult:
            result = MemoryTracker.rank(self, listed, before=before, after=after)
            self._stale = (old, self.lag)
            return result

        return self.steps.write(call)

    # what people do

    def order(self) -> list[str]:
        """Keys of all issues, top first."""
        return [issue.key for issue in self.ranked]

    def issue(self, key: str) -> Issue:
        return next(issue for issue in self.ranked if issue.key == key)

    def edit(self, key: str, /, **changes: Any) -> None:
        """Change an issue as a person does; ``values`` are added to those it has."""
        at = self.order().index(key)
        old = self.ranked[at]
        if "values" in changes:
            changes["values"] = {**old.values, **changes["values"]}
        self.ranked[at] = replace(old, updated=self.time.now(), **changes)

    def move(self, key: str, place: int) -> None:
        """Drag an issue to a place; ``updated`` does not show it."""
        issue = self.issue(key)
        self.ranked.remove(issue)
        self.ranked.insert(place, issue)

    def delete(self, key: str) -> None:
        self.ranked.remove(self.issue(key))


class RunWiki(MemoryWiki):
    """The fake with watched writes."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    @override
    def create(self, *, space_id: str, parent_id: str, title: str, body: str) -> PageHead:
        parts = {"space_id": space_id, "parent_id": parent_id, "title": title, "body": body}
        return self._steps.write(lambda: MemoryWiki.create(self, **parts))

    @override
    def update(
        self, *, page_id: str, title: str, body: str, version: int, message: str
    ) -> PageHead:
        return self._steps.write(
            lambda: MemoryWiki.update(
                self, page_id=page_id, title=title, body=body, version=version, message=message
            )
        )

    @override
    def set_property(
        self, page_id: str, key: str, value: Mapping[str, object], current: Property | None
    ) -> Property:
        return self._steps.write(
            lambda: MemoryWiki.set_property(self, page_id, key, value, current)
        )

    @override
    def add_labels(self, page_id: str, names: Sequence[str]) -> None:
        self._steps.write(lambda: MemoryWiki.add_labels(self, page_id, names))


def catalogue() -> tuple[Field, ...]:
    """The fields that the product's rules name."""
    ids = {**world.INPUTS, "outcome": world.OUTCOME, "text": world.TEXT}
    kinds: dict[str, FieldKind] = {"impact": "option", "class": "option"}
    return tuple(
        Field(
            id=id_,
            name=name.capitalize(),
            kind=kinds.get(name, "number"),
            type_key="select" if name in kinds else "float",
            custom=True,
        )
        for name, id_ in ids.items()
    )


class RunWorld:
    """Everything a run touches, and the product whose run it is."""

    def __init__(self, **rules: Any) -> None:
        self.clock = StillClock()
        self.gate = PermitGate()
        self.steps = Steps(self.gate)
        self.kept = MemoryStore()
        self.steps.store = self.kept
        self.wiki = RunWiki(self.steps)
        keys = ("SHOP", "WEB", "SEC")
        self.jira = RunJira(
            ranked=list(world.snapshot().issues),
            catalogue=catalogue(),
            places=tuple(Project(id=f"9{key}", key=key, name=key) for key in keys),
            releases=world.VERSIONS,
            clock=self.clock.now,
            steps=self.steps,
            time=self.clock,
        )
        home = self.wiki.spaces(["PROD"])[0].homepage_id or ""
        base = world.product()
        assert base.pages
        pages = replace(base.pages, under=home)
        self.product: Product = world.product(**{"mode": "auto", "pages": pages, **rules})
        self.pins: Pins = {}
        self.processes = 0

    def line(self, **changes: Any) -> Line:
        """The product, wired as a new process would."""
        self.processes += 1
        parts: dict[str, Any] = {
            "product": self.product,
            "rules": "r" * 64,
            "browse_url": "https://acme.example",
            "tracker": self.jira,
            "wiki": self.wiki,
            "store": cast("Store", DyingStore(self.kept, self.steps)),
            "gate": self.gate,
            "clock": self.clock,
            "templates": (TEMPLATES,),
            "pins": self.pins,
            "keep_pins": self._keep_pins,
            "holder": f"process {self.processes}",
            "package": "0.1.0",
        }
        return Line(**{**parts, **changes})

    def _keep_pins(self, pins: Pins) -> None:
        self.pins = pins

    def set(self, **rules: Any) -> None:
        """Change the product's rules."""
        self.product = replace(self.product, **rules)

    def sync(self, **options: Any) -> Report:
        return sync(self.line(), **options)

    def preview(self, **options: Any) -> Plan:
        return preview(self.line(), **options).plan

    def waiting(self) -> Plan | None:
        """The plan that waits for a person."""
        found = [one for one in self.kept.plans(self.product.id) if one.state == "waiting"]
        return decode(found[0].text, where="store") if found else None

    def approve(self) -> Report:
        """Apply the plan that waits."""
        plan = self.waiting()
        assert plan is not None
        return apply_plan(self.line(), plan)

    def settled(self) -> None:
        """Run until everything is approved and done."""
        self.sync()
        if self.waiting():
            self.approve()
        self.sync()

    def count(self, walk: Callable[[], object]) -> int:
        """Return how many remote writes *walk* makes."""
        before = self.steps.writes
        walk()
        return self.steps.writes - before

    def crash(self, at: int, walk: Callable[[], object]) -> bool:
        """Do *walk* and die before its *at*-th step; return whether it came to that."""
        self.steps.crash_at = self.steps.made + at
        try:
            walk()
        except Crash:
            return True
        finally:
            self.steps.crash_at = None
            self.restart()
        return False

    def restart(self) -> None:
        """A later process: the dead one's lease has run out."""
        self.steps.dead = False
        self.gate.opened = None
        self.clock.at += timedelta(minutes=20)

    def page(self, name: str) -> str:
        """The body of one of our pages."""
        return self.wiki.page(self.kept.pages(self.product.id)[name].page_id).body

    def backlog(self) -> list[str]:
        """Keys of the ranked backlog, in Jira's order."""
        return [i.key for i in self.jira.ranked if i.level == 1 and i.category == "new"]
