"""Now, Next, Later: certainty falls with distance, and so does what the page says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from pmsync.core.model import Issue, Snapshot, Version
from pmsync.core.queries import roadmap_now_name
from pmsync.core.rules import RoadmapPage
from pmsync.pages.text import one_line
from pmsync.pages.views.common import IssueRef, Source, is_ranked_level, page_title
from pmsync.pages.views.words import standing

OUTCOME = "page:outcome"
_RECENT = timedelta(days=90)
_MOST_RELEASES = 5
_MOST_HIGHLIGHTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapItem:
    """One issue on the roadmap.

    Attributes:
        outcome: A sentence on what it is good for; empty when nobody wrote one.
        done, total: Its children; 0 of 0 without children, and always beyond Now.
        release, release_date: The next release it is meant for; only under Now, where a date is
            a statement and not a hope.
        due: Its due date: a constraint from outside, told wherever the issue stands.
        why: What it stands on in the order, in a few words; empty under Now.
    """

    issue: IssueRef
    outcome: str
    done: int = 0
    total: int = 0
    release: str = ""
    release_date: date | None = None
    due: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Now, Next or Later.

    Attributes:
        more: How many issues the column does not list.
    """

    name: str
    items: tuple[RoadmapItem, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A released version, with the issues worth naming.

    Attributes:
        highlights: Finished issues of the ranked level, else of the standard level.
        more: How many finished issues it has besides them, sub-tasks left out.
    """

    version: str
    released: date | None
    highlights: tuple[IssueRef, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapView:
    """The page's content.

    Attributes:
        shipped: The latest releases, newest first: those of the 90 days before the newest one,
            not before today, so that the page does not change with the calendar alone.
        rules: First characters of the rules' hash.
    """

    kind: ClassVar[str] = "roadmap"
    title: str
    product: str
    now: Column
    next: Column
    later: Column
    shipped: tuple[Shipped, ...]
    rules: str


def roadmap_view(source: Source, page: RoadmapPage) -> RoadmapView:
    """Return the roadmap as a page shows it; without a ranked backlog, in Jira's own order."""
    now = _now(source, page)
    waiting = [issue for issue in _waiting(source) if issue not in set(now)]
    later_from = page.next + page.later
    return RoadmapView(
        title=page_title(source.product.name, "roadmap"),
        product=one_line(source.product.name),
        now=Column(name="Now", items=_now_items(source, now)),
        next=Column(name="Next", items=_waiting_items(source, waiting[: page.next])),
        later=Column(
            name="Later",
            items=_waiting_items(source, waiting[page.next : later_from]),
            more=max(0, len(waiting) - later_from),
        ),
        shipped=_shipped(source),
        rules=source.mark,
    )


def _now(source: Source, page: RoadmapPage) -> list[str]:
    """Return the ids under Now: the configured set, else the ranked level in progress."""
    if page.now:
        chosen = source.snapshot.sets.get(roadmap_now_name(), frozenset())
        return [issue for issue in source.issues if issue in chosen]
    return [
        id_
        for id_, issue in source.issues.items()
        if issue.category == "indeterminate" and is_ranked_level(source.product, issue)
    ]


def _waiting(source: Source) -> list[str]:
    """Return the ids that are not started or finished, first things first."""
    candidates = source.ordered()
    if source.backlog is None:
        candidates = [i for i in source.issues if is_ranked_level(source.product, source.issues[i])]
    return [i for i in candidates if source.issues[i].category == "new"]


def _now_items(source: Source, ids: Sequence[str]) -> tuple[RoadmapItem, ...]:
    children: dict[str | None, list[Issue]] = {}
    for issue in source.issues.values():
        children.setdefault(issue.parent_id, []).append(issue)
    return tuple(_now_item(source, source.issues[i], children.get(i, [])) for i in ids)


def _now_item(source: Source, issue: Issue, children: Sequence[Issue]) -> RoadmapItem:
    release = _target(source.snapshot, issue)
    return RoadmapItem(
        issue=source.ref(issue),
        outcome=source.text(OUTCOME, issue),
        done=sum(1 for child in children if child.category == "done"),
        total=len(children),
        release=one_line(release.name) if release else "",
        release_date=release.release_date if release else None,
        due=issue.due,
    )


def _waiting_items(source: Source, ids: Sequence[str]) -> tuple[RoadmapItem, ...]:
    return tuple(
        RoadmapItem(
            issue=source.ref(source.issues[i]),
            outcome=source.text(OUTCOME, source.issues[i]),
            due=source.issues[i].due,
            why=_why(source, i),
        )
        for i in ids
    )


def _why(source: Source, issue: str) -> str:
    if source.backlog is None:
        return ""
    return one_line(standing(source.product, source.backlog, issue, source.locale))


def _target(snapshot: Snapshot, issue: Issue) -> Version | None:
    """Return the first unreleased version of *issue*; those with a date come first."""
    open_versions = [
        version
        for version in snapshot.versions
        if version.id in issue.versions and not version.released and not version.archived
    ]
    return min(
        open_versions,
        key=lambda version: (version.release_date or date.max, version.name, version.id),
        default=None,
    )


def _shipped(source: Source) -> tuple[Shipped, ...]:
    """Return the latest releases that hold finished issues."""
    done = source.done_in
    released = sorted(
        (v for v in source.snapshot.versions if v.released and v.release_date and v.id in done),
        key=lambda version: (version.release_date or date.min, version.name, version.id),
        reverse=True,
    )
    newest = released[0].release_date if released else None
    recent = [
        v for v in released if newest and v.release_date and newest - v.release_date <= _RECENT
    ]
    return tuple(_release(source, v, done[v.id]) for v in recent[:_MOST_RELEASES])


def _release(source: Source, version: Version, done: Sequence[Issue]) -> Shipped:
    ranked = [issue for issue in done if is_ranked_level(source.product, issue)]
    chosen = (ranked or [issue for issue in done if issue.level == 0])[:_MOST_HIGHLIGHTS]
    return Shipped(
        version=one_line(version.name),
        released=version.release_date,
        highlights=tuple(source.ref(issue) for issue in chosen),
        more=len(done) - len(chosen),
    )
