"""Clauses of the fields that every Jira has."""

from collections.abc import Callable, Sequence

from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.jql import kinds
from pmsync.sandbox.jira.jql.clause import (
    EQUALS,
    ORDERED,
    Clause,
    Context,
    Values,
    chosen,
    first_of,
    ids_of,
    literal,
    unknown_value,
)
from pmsync.sandbox.jira.jql.syntax import Call, JqlError, Value
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record

Making = Callable[[Context, str, str], Clause]

_CATEGORIES: tuple[Record, ...] = (
    {"id": "2", "key": "new", "name": "To Do"},
    {"id": "4", "key": "indeterminate", "name": "In Progress"},
    {"id": "3", "key": "done", "name": "Done"},
)


def _identity(context: Context, name: str, field_id: str) -> Clause:
    del field_id
    return _issues(context, name, lambda issue: [issue.place])


def _parent(context: Context, name: str, field_id: str) -> Clause:
    del field_id
    return _issues(context, name, lambda issue: _parent_place(context.state, issue))


def _parent_place(state: JiraState, issue: StoredIssue) -> Sequence[tuple[str, int]]:
    parent = issue.named("parent")
    if not parent:
        return ()
    stored = state.issues.get(str(parent.get("id")))
    if stored:
        return [stored.place]
    project, _, number = str(parent.get("key", "-0")).rpartition("-")
    return [(project, int(number))]


def _issues(context: Context, name: str, values: Values) -> Clause:
    """Issues named by key or id; ``<`` and its kin stay within the project."""

    def read(operand: Value | Call) -> Sequence[tuple[str, int]]:
        text = literal(operand, name)
        issue = context.state.find(text)
        if issue is not None:
            return [issue.place]
        if text.isdigit():
            raise unknown_value(text, name)
        message = f"An issue with key '{text}' does not exist for field '{name}'."
        raise JqlError(message)

    return Clause(
        name=name,
        operators=ORDERED,
        values=values,
        read=read,
        before=lambda one, other: one[0] == other[0] and one[1] < other[1],
        sort=first_of(values),
    )


def _choice(context: Context, name: str, field_id: str) -> Clause:
    """A status, a type, a resolution, a priority: one of the site's list."""
    catalogue = context.state.catalogue
    records: list[Record] = {
        "status": catalogue.statuses,
        "issuetype": catalogue.issue_types,
        "priority": catalogue.priorities,
        "resolution": catalogue.resolutions,
    }[field_id]
    places = {str(record["id"]): place for place, record in enumerate(records)}

    sign = -1 if field_id == "priority" else 1  # ascending means the least urgent first

    def sort(issue: StoredIssue) -> int | None:
        return next((sign * places.get(each, 0) for each in ids_of(issue, field_id)), None)

    return Clause(
        name=name,
        operators=ORDERED if field_id == "priority" else EQUALS,
        values=lambda issue: ids_of(issue, field_id),
        read=lambda operand: chosen(literal(operand, name), records, name),
        # The first priority is the highest one, and `priority > Medium` means more urgent.
        before=lambda one, other: places.get(one, -1) > places.get(other, -1),
        sort=sort,
        newest_first=field_id == "priority",
    )


def _project(context: Context, name: str, field_id: str) -> Clause:
    del field_id

    def read(operand: Value | Call) -> Sequence[str]:
        text = literal(operand, name)
        for record in context.state.catalogue.visible_projects():
            if text.lower() in (record["key"].lower(), record["name"].lower(), str(record["id"])):
                return [record["key"]]
        raise unknown_value(text, name)

    return Clause(
        name=name,
        values=lambda issue: [issue.project],
        read=read,
        sort=lambda issue: issue.project,
    )


def _category(context: Context, name: str, field_id: str) -> Clause:
    del context, field_id
    places = {record["id"]: place for place, record in enumerate(_CATEGORIES)}

    def read(operand: Value | Call) -> Sequence[str]:
        text = literal(operand, name)
        by_key = [record["id"] for record in _CATEGORIES if record["key"] == text.lower()]
        return by_key or chosen(text, _CATEGORIES, name)

    def values(issue: StoredIssue) -> list[str]:
        category = issue.named("status").get("statusCategory") or {}
        return [str(category["id"])] if category else []

    def sort(issue: StoredIssue) -> int | None:
        return next((places.get(each, len(places)) for each in values(issue)), None)

    return Clause(name=name, values=values, read=read, sort=sort)


def _component(context: Context, name: str, field_id: str) -> Clause:
    records: dict[str, Record] = {}
    for issue in context.state.issues.values():
        for entry in issue.fields.get(field_id) or ():
            records[str(entry["id"])] = entry
    return Clause(
        name=name,
        values=lambda issue: ids_of(issue, field_id),
        read=lambda operand: chosen(literal(operand, name), list(records.values()), name),
        sort=lambda issue: next(iter(ids_of(issue, field_id)), None),
    )


def _level(context: Context, name: str, field_id: str) -> Clause:
    levels = [each for known in context.state.catalogue.levels.values() for each in known]
    return Clause(
        name=name,
        values=lambda issue: ids_of(issue, field_id),
        read=lambda operand: chosen(literal(operand, name), levels, name),
        sort=lambda issue: issue.named(field_id).get("name"),
    )


# JQL's names in lower case: the kind of clause, and the field it reads.
_NAMED: dict[str, tuple[Making, str]] = {
    "key": (_identity, "key"),
    "issuekey": (_identity, "key"),
    "issue": (_identity, "key"),
    "id": (_identity, "key"),
    "parent": (_parent, "parent"),
    "project": (_project, "project"),
    "issuetype": (_choice, "issuetype"),
    "type": (_choice, "issuetype"),
    "status": (_choice, "status"),
    "priority": (_choice, "priority"),
    "resolution": (_choice, "resolution"),
    "statuscategory": (_category, "status"),
    "labels": (kinds.words, "labels"),
    "fixversion": (kinds.version, "fixVersions"),
    "affectedversion": (kinds.version, "versions"),
    "component": (_component, "components"),
    "level": (_level, "security"),
    "created": (kinds.moment, "created"),
    "createddate": (kinds.moment, "created"),
    "updated": (kinds.moment, "updated"),
    "updateddate": (kinds.moment, "updated"),
    "resolved": (kinds.moment, "resolutiondate"),
    "resolutiondate": (kinds.moment, "resolutiondate"),
    "due": (kinds.day, "duedate"),
    "duedate": (kinds.day, "duedate"),
    "summary": (kinds.text, "summary"),
    "description": (kinds.text, "description"),
    "environment": (kinds.text, "environment"),
    "assignee": (kinds.person, "assignee"),
    "reporter": (kinds.person, "reporter"),
    "creator": (kinds.person, "creator"),
}


def system_clause(context: Context, name: str) -> Clause | None:
    """The system field that *name* means; None if it means none."""
    found = _NAMED.get(name.lower())
    if found is None:
        return None
    making, field_id = found
    return making(context, name, field_id)
