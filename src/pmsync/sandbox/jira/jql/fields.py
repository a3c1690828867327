"""What JQL's fields mean on this site: an issue's values, and the values a query may name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pmsync.sandbox.jira.issue import StoredIssue, epoch_ms
from pmsync.sandbox.jira.jql import functions, times
from pmsync.sandbox.jira.jql.syntax import Call, JqlError, Value
from pmsync.sandbox.jira.rendering import plain
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record

EQUALS = frozenset({"=", "!=", "in", "not in", "is", "is not"})
ORDERED = EQUALS | {"<", ">", "<=", ">="}
TEXT = frozenset({"~", "!~", "is", "is not"})

_IDENTITY = ("key", "issuekey", "issue", "id")
_CHOICES = {
    "status": "status",
    "issuetype": "issuetype",
    "type": "issuetype",
    "priority": "priority",
    "resolution": "resolution",
}
_MOMENTS = ("created", "createddate", "updated", "updateddate", "resolved", "resolutiondate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A field as queries see it.

    Attributes:
        name: As messages call it.
        operators: What may stand between the field and its operand.
        values: An issue's values, comparable with what ``read`` gives; none means EMPTY.
        read: The values that a literal or a function means; raises :class:`JqlError`.
        before: Whether one value stands before another, for ``<`` and its kin.
        sort: What issues are sorted by; None sorts last.
        newest_first: Whether ORDER BY without a direction is descending.
    """

    name: str
    operators: frozenset[str] = EQUALS
    values: Callable[[StoredIssue], Sequence[Any]]
    read: Callable[[Value | Call], Sequence[Any]]
    before: Callable[[Any, Any], bool] = lambda one, other: bool(one < other)
    sort: Callable[[StoredIssue], Any]
    newest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a query is asked in."""

    state: JiraState
    now: datetime
    zone: ZoneInfo


def clauses(context: Context, name: str) -> list[Clause]:
    """The fields that *name* means; several where custom fields share it.

    Raises:
        JqlError: There is none.
    """
    lower = name.lower()
    if found := _system(context, name, lower):
        return [found]
    records = [each for each in context.state.catalogue.clause(name) if each.get("custom")]
    found_custom = [_custom(context, record, name) for record in records]
    if not found_custom:
        raise missing(name)
    return found_custom


def missing(name: str) -> JqlError:
    """The error for a field that is not there."""
    return JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")


def _system(context: Context, name: str, lower: str) -> Clause | None:
    if lower in _IDENTITY:
        return _issue_clause(context, name, lambda issue: [issue.place])
    if lower == "parent":
        return _issue_clause(context, name, lambda issue: _parent(context.state, issue))
    if lower in _CHOICES:
        return _choice(context, name, _CHOICES[lower])
    if lower in _MOMENTS:
        return _moment(context, name, _moment_field(lower))
    if lower in ("due", "duedate"):
        return _date(context, name, "duedate")
    if lower in ("summary", "description", "environment"):
        return _text(name, lower)
    if lower in ("assignee", "reporter", "creator"):
        return _person(context, name, lower)
    making = _OTHERS.get(lower)
    return making(context, name) if making else None


def _moment_field(lower: str) -> str:
    if lower.startswith("resol"):
        return "resolutiondate"
    return lower.removesuffix("date")


def _parent(state: JiraState, issue: StoredIssue) -> Sequence[tuple[str, int]]:
    parent = issue.named("parent")
    if not parent:
        return ()
    stored = state.issues.get(str(parent.get("id")))
    if stored:
        return [stored.place]
    project, _, number = str(parent.get("key", "-0")).rpartition("-")
    return [(project, int(number))]


def _issue_clause(
    context: Context, name: str, values: Callable[[StoredIssue], Sequence[tuple[str, int]]]
) -> Clause:
    def read(operand: Value | Call) -> Sequence[tuple[str, int]]:
        text = literal(operand, name)
        issue = context.state.find(text)
        if issue is None and text.isdigit():
            message = f"A value with ID '{text}' does not exist for the field '{name}'."
            raise JqlError(message)
        if issue is None:
            message = f"An issue with key '{text}' does not exist for field '{name}'."
            raise JqlError(message)
        return [issue.place]

    return Clause(
        name=name,
        operators=ORDERED,
        values=values,
        read=read,
        before=lambda one, other: one[0] == other[0] and one[1] < other[1],
        sort=lambda issue: next(iter(values(issue)), None),
    )


def literal(operand: Value | Call, name: str) -> str:
    """The text of a literal.

    Raises:
        JqlError: It is a function, and none that fits the field.
    """
    if isinstance(operand, Value):
        return operand.text
    if operand.name.lower() not in functions.KNOWN:
        message = f"Unable to find JQL function '{operand.name}({', '.join(operand.arguments)})'."
        raise JqlError(message)
    message = (
        f"A value provided by the function '{operand.name}' is invalid for the field '{name}'."
    )
    raise JqlError(message)


def chosen(text: str, records: Sequence[Record], name: str) -> list[str]:
    """Ids of the records that a query calls *text*, by name or by id.

    Raises:
        JqlError: There is none.
    """
    folded = text.lower()
    ids = [str(each["id"]) for each in records if str(each["name"]).lower() == folded]
    ids = ids or [str(each["id"]) for each in records if str(each["id"]) == text]
    if ids:
        return ids
    if text.isdigit():
        message = f"A value with ID '{text}' does not exist for the field '{name}'."
    else:
        message = f"The value '{text}' does not exist for the field '{name}'."
    raise JqlError(message)


def _ids(issue: StoredIssue, field_id: str) -> list[str]:
    value = issue.fields.get(field_id)
    entries = value if isinstance(value, list) else [value] if value else []
    return [str(entry["id"]) for entry in entries]


def _choice(context: Context, name: str, field_id: str) -> Clause:
    catalogue = context.state.catalogue
    records: list[Record] = {
        "status": catalogue.statuses,
        "issuetype": catalogue.issue_types,
        "priority": catalogue.priorities,
        "resolution": catalogue.resolutions,
    }[field_id]
    places = {str(record["id"]): place for place, record in enumerate(records)}

    def read(operand: Value | Call) -> Sequence[str]:
        return chosen(literal(operand, name), records, name)

    return Clause(
        name=name,
        operators=ORDERED if field_id == "priority" else EQUALS,
        values=lambda issue: _ids(issue, field_id),
        read=read,
        # The first priority is the highest one, and `priority > Medium` means more urgent.
        before=lambda one, other: places.get(one, -1) > places.get(other, -1),
        sort=lambda issue: -places.get(next(iter(_ids(issue, field_id)), ""), len(places)),
        newest_first=field_id == "priority",
    )


def _moment(context: Context, name: str, field_id: str) -> Clause:
    def values(issue: StoredIssue) -> list[int]:
        text = issue.fields.get(field_id)
        return [epoch_ms(text)] if text else []

    def read(operand: Value | Call) -> Sequence[int]:
        return [round(_read_moment(context, name, operand).timestamp() * 1000)]

    return _ordered(name, values, read, newest_first=True)


def _date(context: Context, name: str, field_id: str) -> Clause:
    def values(issue: StoredIssue) -> list[str]:
        text = issue.fields.get(field_id)
        return [text[:10]] if text else []

    def read(operand: Value | Call) -> Sequence[str]:
        return [_read_moment(context, name, operand).astimezone(context.zone).date().isoformat()]

    return _ordered(name, values, read)


def _read_moment(context: Context, name: str, operand: Value | Call) -> datetime:
    if isinstance(operand, Call):
        found = times.called(operand.name, operand.arguments, now=context.now, zone=context.zone)
        if found is not None:
            return found
    return times.moment(literal(operand, name), field=name, now=context.now, zone=context.zone)


def _ordered(
    name: str,
    values: Callable[[StoredIssue], Sequence[Any]],
    read: Callable[[Value | Call], Sequence[Any]],
    *,
    newest_first: bool = False,
) -> Clause:
    return Clause(
        name=name,
        operators=ORDERED,
        values=values,
        read=read,
        sort=lambda issue: next(iter(values(issue)), None),
        newest_first=newest_first,
    )


def _text(name: str, field_id: str) -> Clause:
    """Text fields know ``~`` only; it asks for all words, whatever their case."""

    def values(issue: StoredIssue) -> list[str]:
        value = issue.fields.get(field_id)
        text = value if isinstance(value, str) else plain(value)
        return [text.lower()] if text else []

    def read(operand: Value | Call) -> Sequence[str]:
        return [literal(operand, name).lower()]

    return Clause(
        name=name,
        operators=TEXT,
        values=values,
        read=read,
        sort=lambda issue: next(iter(values(issue)), None),
    )


def _person(context: Context, name: str, field_id: str) -> Clause:
    users = context.state.catalogue.users

    def values(issue: StoredIssue) -> list[str]:
        account = issue.named(field_id).get("accountId")
        return [str(account)] if account else []

    def read(operand: Value | Call) -> Sequence[str]:
        if isinstance(operand, Call) and operand.name.lower() == "currentuser":
            return [str(context.state.account["accountId"])]
        text = literal(operand, name)
        for user in users.values():
            if text in (user["accountId"], user.get("emailAddress"), user["displayName"]):
                return [str(user["accountId"])]
        message = f"The value '{text}' does not exist for the field '{name}'."
        raise JqlError(message)

    return Clause(
        name=name,
        values=values,
        read=read,
        sort=lambda issue: issue.named(field_id).get("displayName"),
    )


def _project(context: Context, name: str) -> Clause:
    def read(operand: Value | Call) -> Sequence[str]:
        text = literal(operand, name)
        for record in context.state.catalogue.visible_projects():
            if text.lower() in (record["key"].lower(), record["name"].lower(), str(record["id"])):
                return [record["key"]]
        message = f"The value '{text}' does not exist for the field '{name}'."
        raise JqlError(message)

    return Clause(
        name=name,
        values=lambda issue: [issue.project],
        read=read,
        sort=lambda issue: issue.project,
    )


def _category(context: Context, name: str) -> Clause:
    known = {
        str(status["statusCategory"]["id"]): status["statusCategory"]
        for status in context.state.catalogue.statuses
    }
    standing = {"2": ("new", "To Do"), "4": ("indeterminate", "In Progress"), "3": ("done", "Done")}
    records = list(known.values()) + [
        {"id": number, "key": key, "name": text}
        for number, (key, text) in standing.items()
        if number not in known
    ]
    keys = [{"id": each["id"], "name": each["key"]} for each in records]

    def read(operand: Value | Call) -> Sequence[str]:
        text = literal(operand, name)
        by_key = [str(each["id"]) for each in keys if each["name"] == text.lower()]
        return by_key or chosen(text, records, name)

    def values(issue: StoredIssue) -> list[str]:
        category = issue.named("status").get("statusCategory") or {}
        return [str(category["id"])] if category else []

    order = {"2": 0, "4": 1, "3": 2}
    return Clause(
        name=name,
        values=values,
        read=read,
        sort=lambda issue: order.get(next(iter(values(issue)), ""), 3),
    )


def _labels(context: Context, name: str) -> Clause:
    del context
    return Clause(
        name=name,
        values=lambda issue: [str(label).lower() for label in issue.fields.get("labels") or ()],
        read=lambda operand: [literal(operand, name).lower()],
        sort=lambda issue: " ".join(issue.fields.get("labels") or ()) or None,
    )


def _version(context: Context, name: str) -> Clause:
    field_id = "versions" if name.lower().startswith("affected") else "fixVersions"
    records = list(context.state.catalogue.versions.values())
    places = {str(record["id"]): place for place, record in enumerate(records)}

    def read(operand: Value | Call) -> Sequence[str]:
        if isinstance(operand, Call):
            found = functions.versions(context.state.catalogue, operand)
            if found is not None:
                return found
        return chosen(literal(operand, name), records, name)

    def sort(issue: StoredIssue) -> int | None:
        return min((places.get(each, 0) for each in _ids(issue, field_id)), default=None)

    return Clause(
        name=name,
        operators=ORDERED,
        values=lambda issue: _ids(issue, field_id),
        read=read,
        before=lambda one, other: places.get(one, -1) < places.get(other, -1),
        sort=sort,
    )


def _component(context: Context, name: str) -> Clause:
    records: dict[str, Record] = {}
    for issue in context.state.issues.values():
        for entry in issue.fields.get("components") or ():
            records[str(entry["id"])] = entry
    return Clause(
        name=name,
        values=lambda issue: _ids(issue, "components"),
        read=lambda operand: chosen(literal(operand, name), list(records.values()), name),
        sort=lambda issue: next(iter(_ids(issue, "components")), None),
    )


def _level(context: Context, name: str) -> Clause:
    levels = [each for known in context.state.catalogue.levels.values() for each in known]
    return Clause(
        name=name,
        values=lambda issue: _ids(issue, "security"),
        read=lambda operand: chosen(literal(operand, name), levels, name),
        sort=lambda issue: issue.named("security").get("name"),
    )


_OTHERS: dict[str, Callable[[Context, str], Clause]] = {
    "project": _project,
    "statuscategory": _category,
    "labels": _labels,
    "fixversion": _version,
    "affectedversion": _version,
    "component": _component,
    "level": _level,
}


def _custom(context: Context, record: Record, name: str) -> Clause:
    field_id = record["id"]
    schema = record.get("schema") or {}
    catalogue = context.state.catalogue
    if field_id == catalogue.rank_field:
        return _rank(context, name)
    if catalogue.is_sprint(field_id):
        return _sprint(context, name, field_id)
    kind = schema.get("type")
    if kind == "number":
        return _number(name, field_id)
    if kind == "datetime":
        return _moment(context, name, field_id)
    if kind == "date":
        return _date(context, name, field_id)
    if kind == "user":
        return _person(context, name, field_id)
    if kind == "option" or schema.get("items") == "option":
        return _option(record, name)
    if kind == "array" and schema.get("items") == "string":
        return _words(name, field_id)
    return _text(name, field_id)


def _rank(context: Context, name: str) -> Clause:
    def refuse(operand: Value | Call) -> Sequence[str]:
        message = f"Field '{name}' is not searchable, it is only sortable."
        raise JqlError(message)

    return Clause(
        name=name,
        values=lambda issue: [context.state.rank.text(issue.id)],
        read=refuse,
        sort=lambda issue: context.state.rank.place(issue.id),
    )


def _sprint(context: Context, name: str, field_id: str) -> Clause:
    records = list(context.state.catalogue.sprints.values())

    def read(operand: Value | Call) -> Sequence[str]:
        if isinstance(operand, Call):
            found = functions.sprints(context.state.catalogue, operand)
            if found is not None:
                return found
        return chosen(literal(operand, name), records, name)

    return Clause(
        name=name,
        values=lambda issue: _ids(issue, field_id),
        read=read,
        sort=lambda issue: max(map(int, _ids(issue, field_id)), default=None),
    )


def _number(name: str, field_id: str) -> Clause:
    def values(issue: StoredIssue) -> list[float]:
        value = issue.fields.get(field_id)
        return [] if value is None else [float(value)]

    def read(operand: Value | Call) -> Sequence[float]:
        text = literal(operand, name)
        try:
            return [float(text)]
        except ValueError as error:
            message = f"Value '{text}' is invalid for the '{name}' field. It must be a number."
            raise JqlError(message) from error

    return _ordered(name, values, read)


def _option(record: Record, name: str) -> Clause:
    field_id = record["id"]
    options = {str(each).lower() for each in record.get("options") or ()}

    def entries(issue: StoredIssue) -> list[Record]:
        value = issue.fields.get(field_id)
        return value if isinstance(value, list) else [value] if value else []

    def values(issue: StoredIssue) -> list[str]:
        return [str(entry.get("value", "")).lower() for entry in entries(issue)]

    def read(operand: Value | Call) -> Sequence[str]:
        text = literal(operand, name)
        if options and text.lower() not in options:
            message = f"The option '{text}' for field '{name}' does not exist."
            raise JqlError(message)
        return [text.lower()]

    return Clause(
        name=name, values=values, read=read, sort=lambda issue: next(iter(values(issue)), None)
    )


def _words(name: str, field_id: str) -> Clause:
    return Clause(
        name=name,
        values=lambda issue: [str(each).lower() for each in issue.fields.get(field_id) or ()],
        read=lambda operand: [literal(operand, name).lower()],
        sort=lambda issue: " ".join(issue.fields.get(field_id) or ()) or None,
    )
