"""Nine months of an issue: planned, started, reviewed, done."""

from datetime import datetime, timedelta
from random import Random

from pmsync.sandbox import fields
from pmsync.sandbox.product.catalog import Catalog
from pmsync.sandbox.product.draft import Draft
from pmsync.sandbox.product.site import NOW, TEAMS
from pmsync.sandbox.product.times import Sprint, between, day, sprint_at, sprints


def window(catalog: Catalog, version: str) -> tuple[datetime, datetime]:
    """In which time work for a version was finished."""
    found = next(one for one in catalog.versions if one.name == version)
    return day(found.start) + timedelta(days=4), min(day(found.end) - timedelta(days=1), NOW)


def finished(draft: Draft, when: datetime, rng: Random) -> None:
    """An issue that was done at a moment, most of them within one sprint."""
    made = sprints(draft.project)
    last = sprint_at(made, when)
    started = between(rng, max(draft.created, when - timedelta(days=9)), when - timedelta(hours=6))
    first = sprint_at(made, started)
    _enter(draft, first, rng)
    if last is not first:
        draft.plan(last.start + timedelta(hours=8), TEAMS[draft.project][0], last)
    who = _start(draft, started, rng)
    if draft.kind in {"Story", "Bug"}:
        draft.move(between(rng, started + timedelta(minutes=9), when), who, "In Review")
    draft.resolve(when, rng.choice(TEAMS[draft.project][1:]))


def closed(draft: Draft, when: datetime, rng: Random) -> None:
    """An issue that was closed without a change."""
    reason = "Duplicate" if "twice" in draft.summary else "Won't Do"
    draft.resolve(when, TEAMS[draft.project][0], reason)
    draft.values["priority"] = {"id": "4", "name": "Low"}
    if rng.random() < 0.5:  # noqa: PLR2004
        draft.rank(between(rng, draft.created, when), TEAMS[draft.project][0], higher=False)


def started(draft: Draft, rng: Random, *, review: bool) -> None:
    """An issue that somebody works on now."""
    active = _active(draft.project)
    _enter(draft, active, rng)
    begun = between(rng, max(active.start, draft.created), NOW - timedelta(days=2))
    who = _start(draft, begun, rng)
    if review:
        draft.move(
            between(rng, begun + timedelta(minutes=9), NOW - timedelta(hours=3)), who, "In Review"
        )


def waiting(draft: Draft, state: str, rng: Random) -> None:
    """An issue to do: in the open sprint, in a sprint to come, or just in the backlog."""
    if state == "sprint":
        _enter(draft, _active(draft.project), rng)
    elif state == "next":
        coming = [one for one in sprints(draft.project) if one.state == "future"]
        _enter(draft, rng.choice(coming), rng)
    if state != "todo" or rng.random() < 0.2:  # noqa: PLR2004
        who = rng.choice(TEAMS[draft.project])
        draft.assign(between(rng, draft.created, NOW - timedelta(days=1)), who, who)


def dragged(draft: Draft, rng: Random, chance: float) -> None:
    """Perhaps a person dragged it, once or twice."""
    while rng.random() < chance:
        when = between(rng, draft.created, draft.resolved or NOW - timedelta(hours=20))
        draft.rank(when, TEAMS[draft.project][0], higher=rng.random() < 0.7)  # noqa: PLR2004
        chance /= 2


def _active(project: str) -> Sprint:
    return next(one for one in sprints(project) if one.state == "active")


def _enter(draft: Draft, sprint: Sprint, rng: Random) -> None:
    """Estimated before the sprint, put into it on its first day or shortly before."""
    planner = TEAMS[draft.project][0]
    latest = min(sprint.start, NOW - timedelta(days=1))
    planned = latest - timedelta(days=rng.randrange(1, 5), hours=-9)
    when = max(draft.created + timedelta(hours=2), planned)
    if draft.kind in {"Story", "Task"}:
        draft.estimate(when, planner, fields.STORY_POINTS, rng.choice((1, 2, 3, 3, 5, 5, 8)))
    draft.plan(when + timedelta(minutes=20), planner, sprint)


def _start(draft: Draft, when: datetime, rng: Random) -> str:
    who = rng.choice(TEAMS[draft.project][1:])
    draft.assign(when, who, who)
    draft.move(when + timedelta(minutes=1), who, "In Progress")
    draft.started = when
    return who
