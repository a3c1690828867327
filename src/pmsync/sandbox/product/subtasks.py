"""Sub-tasks below stories that a team has taken apart already."""

from datetime import timedelta
from random import Random

from pmsync.sandbox.product.draft import Draft
from pmsync.sandbox.product.site import NOW, TEAMS
from pmsync.sandbox.product.texts import SUBTASKS
from pmsync.sandbox.product.times import between

_DONE_LATER = 0.7
"""Share of the finished stories that come last, so that open ones get their sub-tasks."""


def subtasks(drafts: list[Draft], count: int, rng: Random) -> list[Draft]:
    """Up to ``count`` sub-tasks; few for each story first, more if they do not suffice."""
    parents = [one for one in drafts if one.sprints and "security" not in one.values]
    rng.shuffle(parents)
    parents.sort(key=lambda one: one.resolved is not None and rng.random() < _DONE_LATER)
    made: list[Draft] = []
    for low, high in ((0, 3), (3, 6)):
        for parent in parents:
            texts = SUBTASKS[parent.kind][low:high]
            made += [_subtask(parent, text, place, rng) for place, text in enumerate(texts)]
            if len(made) >= count:
                return made[: max(count, 0)]
    return made


def _subtask(parent: Draft, text: str, place: int, rng: Random) -> Draft:
    until = parent.started or NOW - timedelta(days=1)
    draft = Draft(
        project=parent.project,
        kind="Sub-task",
        summary=f"{text}: {parent.summary}",
        created=between(rng, parent.created, max(until - timedelta(hours=1), parent.created)),
        reporter=rng.choice(TEAMS[parent.project]),
        epic=parent.epic,
        parent=parent,
        sprints=list(parent.sprints),
    )
    draft.values |= {
        "priority": dict(parent.values["priority"]),
        "labels": [],
        "components": list(parent.values["components"]),
        "fixVersions": [],
    }
    if parent.started is None:
        return draft
    if parent.resolved:
        _work(draft, rng, until=True)
    elif place < 2:  # noqa: PLR2004
        _work(draft, rng, until=place == 0)
    return draft


def _work(draft: Draft, rng: Random, *, until: bool) -> None:
    """Started with its parent; finished before it if ``until``."""
    parent = draft.parent
    if parent is None or parent.started is None:
        return
    who = rng.choice(TEAMS[draft.project][1:])
    begun = max(parent.started, draft.created) + timedelta(minutes=10)
    draft.assign(begun, who, who)
    draft.move(begun + timedelta(minutes=1), who, "In Progress")
    draft.started = begun
    if until:
        end = (parent.resolved or NOW - timedelta(hours=2)) - timedelta(minutes=5)
        draft.resolve(max(between(rng, begun, end), begun + timedelta(minutes=2)), who)
