"""Doctor: everything that must hold before a run can succeed, each with its cure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pmsync.core.backlog import Backlog
from pmsync.core.errors import PmsyncError
from pmsync.core.model import Snapshot
from pmsync.core.plan import PageCreate
from pmsync.core.rules import RankRules
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
        yield from _readers(line, known[0])
        yield from _ranking(line, known[0])
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
        text=f"{_many(len(snapshot.issues), 'issue')} of {projects or 'no project'},"
        f" {_many(len(snapshot.restricted), 'restricted one')} left out",
        cure="" if snapshot.issues else "check the scope",
    )
    for name, issues in sorted(snapshot.sets.items()):
        yield Check(name=name, state="ok", text=_many(len(issues), "issue"))
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


def _readers(line: Line, known: Known) -> Iterator[Check]:
    """Yield a warning where the readers' projects leave out most of the scope."""
    pages, snapshot = line.product.pages, known.pulled.snapshot
    if pages is None or len(snapshot.restricted) <= len(snapshot.issues):
        return
    whole = len(snapshot.restricted) + len(snapshot.issues)
    yield Check(
        name="readers",
        state="warning",
        text=f"{len(snapshot.restricted)} of {_many(whole, 'issue')} in scope are left out of"
        " everything, because not every reader of the pages may see them",
        cure="check pages.readers.projects, which names"
        f" {', '.join(pages.readers.projects)}, and the security levels of these issues",
    )


def _ranking(line: Line, known: Known) -> Iterator[Check]:
    rules, backlog = line.product.rank, known.backlog
    if rules is None or backlog is None:
        return
    if not backlog.today:
        yield _nothing_ranked(rules, known.pulled.snapshot)
        return
    share = backlog.scored_share()
    few = share < rules.least_scored
    least = f", and nothing moves under {rules.least_scored:.0%}" if few else ""
    yield Check(
        name="backlog",
        state="warning" if few else "ok",
        text=f"{_many(len(backlog.today), 'issue')} ranked, {share:.0%} of them scored,"
        f" {len(backlog.fixed)} never to be moved{least}",
        cure=_most_wanted(backlog) if few else "",
    )


def _nothing_ranked(rules: RankRules, snapshot: Snapshot) -> Check:
    """Return the warning, with the issue types to choose from."""
    kinds = Counter((-one.level, one.issue_type) for one in snapshot.issues)
    there = ", ".join(
        f"{kind} (level {-level}): {number}" for (level, kind), number in sorted(kinds.items())
    )
    return Check(
        name="backlog",
        state="warning",
        text=f"nothing is ranked: no issue in scope is of the level {rules.level}"
        f"{' and in rank.only' if rules.only else ''}; in scope are {there or 'no issues'}",
        cure="check rank.level and rank.only",
    )


def _most_wanted(backlog: Backlog) -> str:
    """Return what to fill in first: the reason that most unscored issues have."""
    missing = backlog.unscored()
    reasons = Counter(backlog.verdicts[issue].reason for issue in missing)
    reason, number = min(reasons.items(), key=lambda one: (-one[1], one[0]))
    return (
        f"most often, for {number} of {_many(len(missing), 'unscored issue')}: {reason};"
        " fill these in first, or lower rank.least_scored"
    )


def _many(number: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{number} {what}{'' if number == 1 else 's'}"


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
        text=f"{_many(len(plan.moves()), 'rank call')}"
        f" moving {_many(len(plan.displaced), 'issue')},"
        f" {_many(len(plan.page_changes()), 'page')} ({new} new)",
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
