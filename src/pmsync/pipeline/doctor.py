"""Doctor: everything that must hold before a run can succeed, each with its cure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pmsync.core.errors import PmsyncError
from pmsync.core.plan import PageCreate
from pmsync.pipeline.line import Line
from pmsync.pipeline.stages import Known, look, plan_for
from pmsync.ports import Wiki

State = Literal["ok", "warning", "failed"]
MOST_SKEW_S = 60.0
RANKING = "SCHEDULE_ISSUES"
BROWSING = "BROWSE_PROJECTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        cure: What to do about it; empty when all is well.
    """

    name: str
    state: State
    text: str
    cure: str = ""


def examine(line: Line) -> Iterator[Check]:
    """Yield the checks of one product, each as soon as it is known; nothing is written."""
    yield from _guarded("jira", lambda: _jira(line))
    known: list[Known] = []
    yield from _guarded("pull", lambda: _pull(line, known))
    if known:
        yield from _guarded("permissions", lambda: _permissions(line, known[0]))
        yield from _ranking(known[0])
    if line.wiki and line.product.pages:
        wiki = line.wiki
        yield from _guarded("confluence", lambda: _confluence(line, wiki))
    if known:
        yield from _guarded("plan", lambda: _plan(line, known[0]))


def _guarded(name: str, look_at: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look_at()
    except PmsyncError as error:
        where = f"{error.where}: " if error.where else ""
        yield Check(name=name, state="failed", text=f"{where}{error.what}", cure=error.cure)


def _jira(line: Line) -> Iterator[Check]:
    site = line.tracker.site()
    if site.flavor != "Cloud":
        yield Check(
            name="jira",
            state="failed",
            text=f"Jira {site.flavor} {site.version} answers",
            cure="this version of pmsync works with Jira Cloud only",
        )
        return
    account = line.tracker.account()
    yield Check(name="jira", state="ok", text=f"Jira Cloud answers; the token is {account.name}'s")
    skew = abs((line.now() - site.now).total_seconds()) if site.now else 0.0
    if skew > MOST_SKEW_S:
        yield Check(
            name="clock",
            state="warning",
            text=f"this machine's clock and Jira's are {skew:.0f} s apart",
            cure="let the machine keep its time by NTP; plans expire by this clock",
        )


def _pull(line: Line, known: list[Known]) -> Iterator[Check]:
    found = look(line)
    known.append(found)
    snapshot = found.pulled.snapshot
    projects = ", ".join(project.key for project in snapshot.projects)
    yield Check(
        name="scope",
        state="ok" if snapshot.issues else "warning",
        text=f"{len(snapshot.issues)} issues of {projects or 'no project'},"
        f" {len(snapshot.restricted)} restricted ones left out",
        cure="" if snapshot.issues else "check the scope",
    )
    for name, issues in sorted(snapshot.sets.items()):
        yield Check(name=name, state="ok", text=f"{len(issues)} issues")
    for name, scoped in sorted(snapshot.fields.items()):
        ids = ", ".join(sorted({f"{one.name} ({one.id})" for one in scoped.values()}))
        yield Check(name=f"field {name}", state="ok", text=ids)
    for note in found.pulled.notes:
        yield Check(name=note.kind, state="warning", text=note.text, cure="check the rules")


def _permissions(line: Line, known: Known) -> Iterator[Check]:
    wanted = (
        [BROWSING, RANKING] if line.product.rank and line.product.mode != "watch" else [BROWSING]
    )
    for project in known.pulled.snapshot.projects:
        granted = line.tracker.permissions(wanted, project.key)
        missing = [key for key in wanted if not granted.get(key)]
        yield Check(
            name=f"permissions in {project.key}",
            state="failed" if missing else "ok",
            text=f"missing: {', '.join(missing)}" if missing else f"has {', '.join(wanted)}",
            cure="let a Jira administrator grant it to the account" if missing else "",
        )


def _ranking(known: Known) -> Iterator[Check]:
    backlog = known.backlog
    if backlog is None:
        return
    share = backlog.scored_share()
    yield Check(
        name="backlog",
        state="ok" if backlog.today else "warning",
        text=f"{len(backlog.today)} issues are ranked, {share:.0%} of them scored,"
        f" {len(backlog.fixed)} never move",
        cure="" if backlog.today else "check rank.level and rank.only",
    )


def _confluence(line: Line, wiki: Wiki) -> Iterator[Check]:
    pages = line.product.pages
    if pages is None:
        return
    spaces = wiki.spaces([pages.space])
    yield Check(
        name=f"space {pages.space}",
        state="ok" if spaces else "failed",
        text=spaces[0].name if spaces else "does not exist, or the account may not see it",
        cure="" if spaces else "correct pages.space, or give the account access to it",
    )
    head = wiki.heads([pages.under]).get(pages.under)
    right = head is not None and head.status == "current"
    yield Check(
        name=f"parent page {pages.under}",
        state="ok" if right else "failed",
        text=head.title if head and right else "does not exist, or is not a current page",
        cure="" if right else "correct pages.under: the number in the page's address",
    )


def _plan(line: Line, known: Known) -> Iterator[Check]:
    plan = plan_for(line, known).plan
    new = sum(1 for change in plan.page_changes() if isinstance(change, PageCreate))
    yield Check(
        name="would write",
        state="ok",
        text=f"{len(plan.moves())} rank calls moving {len(plan.displaced)} issues,"
        f" {len(plan.page_changes())} pages ({new} new)",
    )
    for held in plan.held:
        yield Check(name=f"page {held.page}", state="warning", text=f"held: {held.reason}")
    for one in plan.tripped:
        yield Check(
            name=f"brake {one.brake}",
            state="warning",
            text=one.text,
            cure="look at: pmsync plan; approve with: pmsync apply",
        )
