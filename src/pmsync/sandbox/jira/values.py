"""Reads the values that clients set, field type by field type."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmsync.sandbox.jira.issue import StoredIssue, epoch_ms
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record

_LONGEST_SUMMARY = 255
_DOCUMENTS = 3  # the first version of the API whose texts are Atlassian documents


class FieldError(Exception):
    """What is wrong with one field, in Jira's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader of values may look at: the site, the issue, the field, the API's version."""

    state: JiraState
    issue: StoredIssue
    field: Record
    version: int


def _text(context: Context, value: Any) -> str | None:
    del context
    if value is not None and not isinstance(value, str):
        message = "Operation value must be a string"
        raise FieldError(message)
    return value


def _summary(context: Context, value: Any) -> str:
    text = _text(context, value)
    if not text or not text.strip():
        message = "You must specify a summary of the issue."
    elif "\n" in text or "\r" in text:
        message = "The summary is invalid because it contains newline characters."
    elif len(text) > _LONGEST_SUMMARY:
        message = "Summary can't exceed 255 characters."
    else:
        return text
    raise FieldError(message)


def _document(context: Context, value: Any) -> Any:
    if value is None or context.version < _DOCUMENTS:
        return _text(context, value)
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        message = (
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        )
        raise FieldError(message)
    return value


def _number(context: Context, value: Any) -> float | None:
    del context
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        message = "Operation value must be a number"
        raise FieldError(message)
    return value


def _date(context: Context, value: Any) -> str | None:
    text = _text(context, value)
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as error:
        message = f"Error parsing date string: {text}"
        raise FieldError(message) from error


def _moment(context: Context, value: Any) -> str | None:
    text = _text(context, value)
    try:
        if text:
            epoch_ms(text)
    except ValueError as error:
        message = f"Error parsing time: {text}"
        raise FieldError(message) from error
    return text


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        message = "data was not an array"
        raise FieldError(message)
    return value


def _labels(context: Context, value: Any) -> list[str]:
    del context
    labels = _listed(value)
    for label in labels:
        if not isinstance(label, str):
            message = "Operation value must be a string"
            raise FieldError(message)
        if not label or any(character.isspace() for character in label):
            message = f"The label '{label}' contains spaces which is invalid."
            raise FieldError(message)
    return list(dict.fromkeys(labels))


def _object(value: Any) -> Record:
    if not isinstance(value, dict):
        message = "data was not an object"
        raise FieldError(message)
    return value


def _option(context: Context, value: Any) -> Record | None:
    if value is None:
        return None
    asked = _object(value)
    known = [str(each) for each in context.field.get("options") or ()]
    wanted = asked.get("value")
    if wanted not in known:
        wanted = next((text for text in known if _option_id(text) == asked.get("id")), None)
    if wanted is None:
        message = f"Option value '{asked.get('value', asked.get('id'))}' is not valid"
        raise FieldError(message)
    same = (
        entry
        for issue in context.state.issues.values()
        for entry in _entries(issue.fields.get(context.field["id"]))
        if entry.get("value") == wanted
    )
    return next(same, {"id": _option_id(wanted), "value": wanted})


def _option_id(text: str) -> str:
    return str(10_000 + sum(place * ord(each) for place, each in enumerate(text, start=1)))


def _entries(value: Any) -> list[Record]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _options(context: Context, value: Any) -> list[Record]:
    return [entry for each in _listed(value) if (entry := _option(context, each))]


def _versions(context: Context, value: Any) -> list[Record]:
    project = context.state.catalogue.projects[context.issue.project]
    own = context.state.catalogue.versions_of(project)
    return [_picked(each, own, "Version") for each in _listed(value)]


def _picked(value: Any, records: list[Record], what: str) -> Record:
    asked = _object(value)
    for name in ("id", "name"):
        if name in asked:
            for record in records:
                if str(record[name]) == str(asked[name]):
                    return {key: each for key, each in record.items() if key != "projectId"}
            message = f"{what} {name} '{asked[name]}' is not valid"
            raise FieldError(message)
    message = f"{what} name is required"
    raise FieldError(message)


def _priority(context: Context, value: Any) -> Record | None:
    return None if value is None else _picked(value, context.state.catalogue.priorities, "Priority")


def _level(context: Context, value: Any) -> Record | None:
    levels = context.state.catalogue.levels.get(context.issue.project, [])
    return None if value is None else _picked(value, levels, "Security level")


def _person(context: Context, value: Any) -> Record | None:
    if value is None:
        return None
    account = _object(value).get("accountId") or _object(value).get("id")
    user = context.state.catalogue.users.get(str(account))
    if user is None:
        message = f"User '{account}' does not exist."
        raise FieldError(message)
    return user


def _parent(context: Context, value: Any) -> Record | None:
    if value is None:
        return None
    asked = _object(value)
    parent = context.state.find(str(asked.get("key") or asked.get("id") or ""))
    if parent is None:
        message = "Could not find issue by id or key."
        raise FieldError(message)
    return {"id": parent.id, "key": parent.key}


def _sprint(context: Context, value: Any) -> list[Record]:
    """A client names one sprint by number; closed ones the issue has been in stay."""
    kept = context.issue.fields.get(context.field["id"]) or []
    closed = [entry for entry in kept if entry.get("state") == "closed"]
    if value is None:
        return closed
    if type(value) is not int:
        message = "Number value expected as the Sprint id."
        raise FieldError(message)
    sprint = context.state.catalogue.sprints.get(value)
    if sprint is None:
        message = f"Sprint with id {value} does not exist."
        raise FieldError(message)
    return [*closed, sprint]


Reader = Callable[[Context, Any], Any]

READERS: dict[str, Reader] = {
    "string": _text,
    "summary": _summary,
    "document": _document,
    "number": _number,
    "date": _date,
    "datetime": _moment,
    "labels": _labels,
    "option": _option,
    "options": _options,
    "versions": _versions,
    "priority": _priority,
    "level": _level,
    "user": _person,
    "parent": _parent,
    "sprint": _sprint,
}
LISTS = frozenset({"labels", "options", "versions"})
_SYSTEM = {
    "summary": "summary",
    "description": "document",
    "environment": "document",
    "labels": "labels",
    "duedate": "date",
    "priority": "priority",
    "assignee": "user",
    "reporter": "user",
    "fixVersions": "versions",
    "versions": "versions",
    "parent": "parent",
    "security": "level",
}


def kind_of(state: JiraState, record: Record | None) -> str:
    """Which reader a field needs; empty for fields that no one may set."""
    if record is None or record["id"] == state.catalogue.rank_field:
        return ""
    if not record.get("custom"):
        return _SYSTEM.get(record["id"], "")
    if state.catalogue.is_text(record["id"]):
        return "document"
    if state.catalogue.is_sprint(record["id"]):
        return "sprint"
    schema = record.get("schema") or {}
    kind = str(schema.get("type", ""))
    if kind == "array":
        kind = {"option": "options", "string": "labels"}.get(schema.get("items", ""), "")
    return kind if kind in READERS else ""
