"""An issue while it is being made up: its present and, beside it, its history."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pmsync.sandbox import fields
from pmsync.sandbox.product import site
from pmsync.sandbox.product.catalog import Epic, Item
from pmsync.sandbox.product.times import Sprint, stamp
from pmsync.sandbox.seed import Record

Change = dict[str, str | None]

_STATUS_IDS = {status["name"]: status["id"] for status in site.statuses()}


@dataclass(slots=True, kw_only=True)
class Draft:
    """One issue. Values are set through the methods below, so that history and present agree.

    Attributes:
        project: Project key.
        kind: Name of the issue type.
        source: What was authored; None for a sub-task.
        epic: The ref of the epic it is, or stands below.
        parent: The issue above it.
        values: Fields as REST shows them.
        moments: When, who, what: the changelog, in any order.
        key, identity: Given when all issues are known.
    """

    project: str
    kind: str
    summary: str
    created: datetime
    reporter: str
    source: Epic | Item | None = None
    epic: str | None = None
    parent: "Draft | None" = None
    status: str = "To Do"
    started: datetime | None = None
    resolved: datetime | None = None
    sprints: list[Sprint] = field(default_factory=list)
    values: Record = field(default_factory=dict)
    moments: list[tuple[datetime, str, list[Change]]] = field(default_factory=list)
    key: str = ""
    identity: str = ""

    def log(self, when: datetime, who: str, *changes: Change) -> None:
        """Writes down a change that is visible in the present already."""
        self.moments.append((when, who, list(changes)))

    def move(self, when: datetime, who: str, status: str, *also: Change) -> None:
        """A transition."""
        change = system(
            "status", self.status, status, _STATUS_IDS[self.status], _STATUS_IDS[status]
        )
        self.log(when, who, change, *also)
        self.status = status

    def resolve(self, when: datetime, who: str, reason: str = "Done") -> None:
        """The transition to Done with a resolution."""
        number = next(one["id"] for one in site.resolutions() if one["name"] == reason)
        self.move(when, who, "Done", system("resolution", None, reason, None, number))
        self.resolved = when
        self.values["resolution"] = {"id": number, "name": reason, "description": ""}
        self.values["resolutiondate"] = stamp(when)

    def plan(self, when: datetime, who: str, sprint: Sprint) -> None:
        """Puts the issue into a sprint; earlier sprints stay on it, as Jira keeps them."""
        before, self.sprints = self.sprints, [*self.sprints, sprint]
        change = custom(fields.SPRINT, "Sprint", _names(before), _names(self.sprints))
        change["from"], change["to"] = _numbers(before), _numbers(self.sprints)
        self.log(when, who, change)

    def assign(self, when: datetime, who: str, assignee: str) -> None:
        """Gives the issue to somebody."""
        before = self.values.get("assignee") or {}
        user = site.user(assignee)
        self.values["assignee"] = user
        names = (before.get("displayName"), assignee)
        change = system("assignee", *names, before.get("accountId"), user["accountId"])
        self.log(when, who, change)

    def rank(self, when: datetime, who: str, *, higher: bool) -> None:
        """A person dragged the issue."""
        text = f"Ranked {'higher' if higher else 'lower'}"
        change = custom(fields.RANK, "Rank", "", text)
        self.log(when, who, change | {"from": "", "to": ""})

    def estimate(self, when: datetime, who: str, identity: str, value: Any) -> None:
        """Sets a number or select field of the company's own."""
        name = next(one["name"] for one in site.all_fields() if one["id"] == identity)
        before = self.values.get(identity)
        self.values[identity] = _rest(identity, value)
        self.log(when, who, custom(identity, name, _shown(before), _shown(self.values[identity])))


def system(name: str, before: str | None, after: str | None, *ids: str | None) -> Change:
    """A changelog item of a system field; ``ids`` are those of before and after."""
    from_id, to_id = ids or (None, None)
    change = {"field": name, "fieldtype": "jira", "fieldId": name, "from": from_id}
    return change | {"fromString": before, "to": to_id, "toString": after}


def custom(identity: str, name: str, before: str | None, after: str | None) -> Change:
    """A changelog item of a custom field."""
    change: Change = {"field": name, "fieldtype": "custom", "fieldId": identity, "from": None}
    return change | {"fromString": before, "to": None, "toString": after}


def _rest(identity: str, value: Any) -> Any:
    if isinstance(value, str) and identity in {site.IMPACT, site.CLASS}:
        return site.option(identity, value)
    return value if isinstance(value, str) else float(value)


def _shown(value: Any) -> str | None:
    if isinstance(value, dict):
        return str(value["value"])
    return f"{value:g}" if isinstance(value, float) else value


def _names(sprints: list[Sprint]) -> str:
    return ", ".join(sprint.name for sprint in sprints)


def _numbers(sprints: list[Sprint]) -> str:
    return ", ".join(str(sprint.id) for sprint in sprints)
