"""Collects from issues what a site lists apart from them."""

from typing import Any

from pmsync.sandbox.load.registry import Registry
from pmsync.sandbox.load.sprints import sprint
from pmsync.sandbox.seed import Record

_CATEGORIES = {
    "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "indeterminate": {
        "id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress",
    },
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
}  # fmt: skip
_DONE = frozenset({"done", "closed", "resolved", "verified", "released", "cancelled"})


class Collection:
    """Everything that issues mention: each kind once, in the order of first mention."""

    def __init__(self) -> None:
        self.projects = Registry()
        self.types = Registry()
        self.statuses = Registry()
        self.priorities = Registry()
        self.resolutions = Registry()
        self.links = Registry()
        self.versions = Registry()
        self.sprints: dict[int, Record] = {}
        self.levels: dict[str, list[Record]] = {}

    def take(self, key: str, shown: Record) -> None:
        """Reads one issue; fills in what its page left out."""
        project = self._project(key, shown)
        self._type_and_status(shown)
        for name, registry in (("priority", self.priorities), ("resolution", self.resolutions)):
            if isinstance(shown.get(name), dict):
                registry.take(shown[name])
        for name in ("fixVersions", "versions"):
            if shown.get(name) is not None:
                shown[name] = _records(shown[name])
            for version in _records(shown.get(name)):
                self.version(version, project)
        self._neighbours(shown)
        level = shown.get("security")
        if isinstance(level, dict):
            levels = self.levels.setdefault(project["key"], [])
            if level not in levels:
                levels.append(level)

    def version(self, version: Record, project: Record) -> None:
        """Keeps a version of a project."""
        kept = self.versions.take(version)
        for name, value in (("archived", False), ("released", False)):
            kept.setdefault(name, value)
        kept.setdefault("projectId", int(project["id"]))

    def take_sprints(self, shown: Record, identity: str) -> None:
        """Reads a sprint field; texts of Data Center become records."""
        found = [sprint(one) for one in shown.get(identity) or ()]
        if not found:
            return
        shown[identity] = [one for one in found if one]
        for one in shown[identity]:
            self.sprints.setdefault(one["id"], one)

    def _project(self, key: str, shown: Record) -> Record:
        prefix = key.rpartition("-")[0]
        project = _record(shown, "project", prefix)
        project["key"] = prefix
        kept = self.projects.take(project)
        for name, value in (("projectTypeKey", "software"), ("style", "classic")):
            kept.setdefault(name, value)
        return kept

    def _type_and_status(self, shown: Record) -> None:
        kind = _record(shown, "issuetype", "Task")
        kept = self.types.take(kind)
        kept["subtask"] = bool(kept.get("subtask"))
        level = -1 if kept["subtask"] else int(kept["name"] == "Epic")
        if not isinstance(kept.get("hierarchyLevel"), int):
            kept["hierarchyLevel"] = level
        kind |= {"subtask": kept["subtask"], "hierarchyLevel": kept["hierarchyLevel"]}
        status = _record(shown, "status", "Open")
        kept = self.statuses.take(status)
        category = kept.get("statusCategory")
        if not isinstance(category, dict) or category.get("key") not in _CATEGORIES:
            kept["statusCategory"] = dict(_CATEGORIES[_category(kept["name"])])
        status["statusCategory"] = dict(kept["statusCategory"])

    def _neighbours(self, shown: Record) -> None:
        """Issues beside this one carry a state and a type of their own."""
        others = [*_records(shown.get("subtasks")), *_records([shown.get("parent")])]
        for link in _records(shown.get("issuelinks")):
            if isinstance(link.get("type"), dict):
                self.links.take(link["type"])
            others += _records([link.get("inwardIssue"), link.get("outwardIssue")])
        for other in others:
            inner = other.get("fields")
            if isinstance(inner, dict) and isinstance(inner.get("status"), dict):
                self._type_and_status(inner)


def _record(shown: Record, name: str, default: str) -> Record:
    """An object field that every issue has, put in where the page has none."""
    if not isinstance(shown.get(name), dict):
        shown[name] = {}
    found: Record = shown[name]
    if not isinstance(found.get("name"), str):
        found["name"] = default
    return found


def _category(status: str) -> str:
    if status.lower() in _DONE:
        return "done"
    return "indeterminate" if status.lower().startswith("in ") else "new"


def _records(value: Any) -> list[Record]:
    """The records in a list that may be absent or hold other things."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
