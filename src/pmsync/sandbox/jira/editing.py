"""Reads an edit of an issue: every wrong field is told at once, and nothing is written then."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pmsync.sandbox.jira.errors import JiraError, bad_payload
from pmsync.sandbox.jira.issue import StoredIssue, epoch_ms
from pmsync.sandbox.jira.rendering import plain
from pmsync.sandbox.jira.state import Change, JiraState
from pmsync.sandbox.seed import Record

_LONGEST_SUMMARY = 255
_DOCUMENTS = 3  # the first version of the API whose texts are Atlassian documents


class FieldError(Exception):
    """What is wrong with one field, in Jira's words."""


def edits(state: JiraState, issue: StoredIssue, body: Record, *, version: int) -> list[Change]:
    """The changes that a body of ``PUT issue`` asks for.

    Raises:
        JiraError: At least one field cannot be set (400), each with its own sentence.
    """
    fields, update = _parts(body)
    changes, errors = [], {}
    for field_id in dict.fromkeys((*fields, *update)):
        try:
            if field_id in fields and field_id in update:
                message = f"Field '{field_id}' cannot appear in both 'fields' and 'update'"
                raise FieldError(message)
            editor = _Editor(state, issue, field_id, version)
            if field_id in fields:
                changes.append(editor.set(fields[field_id]))
            else:
                changes.append(editor.operate(update[field_id]))
        except FieldError as error:
            errors[field_id] = str(error)
    if errors:
        raise JiraError(400, (), errors)
    return changes


def _parts(body: Record) -> tuple[Record, Record]:
    fields, update = body.get("fields") or {}, body.get("update") or {}
    if not isinstance(fields, dict) or not isinstance(update, dict):
        raise bad_payload()
    if not fields and not update:
        message = "one of 'fields' or 'update' required"
        raise JiraError(400, message)
    return fields, update


class _Editor:
    """Edits one field of one issue."""

    def __init__(self, state: JiraState, issue: StoredIssue, field_id: str, version: int) -> None:
        self._state = state
        self._issue = issue
        self._id = field_id
        self._version = version
        record = state.catalogue.fields.get(field_id)
        self._kind = _kind(state, record)
        if record is None or not self._kind or not state.catalogue.applies(record, issue.project):
            message = (
                f"Field '{field_id}' cannot be set. It is not on the appropriate screen, "
                "or unknown."
            )
            raise FieldError(message)
        self._record = record

    def set(self, value: Any) -> Change:
        """The change to a whole new value."""
        new = _READERS[self._kind](self._context(), value)
        old = self._issue.fields.get(self._id)
        return Change(field_id=self._id, value=new, old=_described(old), new=_described(new))

    def operate(self, operations: Any) -> Change:
        """The change that ``set``, ``add`` and ``remove`` make one after the other."""
        if not isinstance(operations, list):
            raise bad_payload()
        value = self._issue.fields.get(self._id)
        for operation in operations:
            if not isinstance(operation, dict) or len(operation) != 1:
                raise bad_payload()
            ((verb, operand),) = operation.items()
            value = self._operated(value, verb, operand)
        old = self._issue.fields.get(self._id)
        return Change(field_id=self._id, value=value, old=_described(old), new=_described(value))

    def _operated(self, value: Any, verb: str, operand: Any) -> Any:
        if verb == "set":
            return _READERS[self._kind](self._context(), operand)
        if verb not in ("add", "remove") or self._kind not in _LISTS:
            message = f"Field with id '{self._id}' and name '{self._record['name']}' does not support operation '{verb}' Supported operation(s) are: 'set'"
            raise FieldError(message)
        (entry,) = _READERS[self._kind](self._context(), [operand])
        others = [each for each in value or () if _identity(each) != _identity(entry)]
        return [*others, entry] if verb == "add" else others

    def _context(self) -> "_Context":
        return _Context(self._state, self._issue, self._record, self._version)


class _Context:
    """What a reader of values may look at."""

    __slots__ = ("field", "issue", "state", "version")

    def __init__(self, state: JiraState, issue: StoredIssue, field: Record, version: int) -> None:
        self.state = state
        self.issue = issue
        self.field = field
        self.version = version


def _kind(state: JiraState, record: Record | None) -> str:
    """Which reader a field needs; empty for fields that no one may set."""
    if record is None:
        return ""
    if record["id"] in _SYSTEM:
        return _SYSTEM[record["id"]]
    if not record.get("custom") or record["id"] == state.catalogue.rank_field:
        return ""
    if state.catalogue.is_text(record["id"]):
        return "document"
    if state.catalogue.is_sprint(record["id"]):
        return "sprint"
    schema = record.get("schema") or {}
    kind = schema.get("type", "")
    if kind == "array":
        return {"option": "options", "string": "labels"}.get(schema.get("items", ""), "")
    return kind if kind in _READERS else ""


def _text(context: _Context, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        message = "Operation value must be a string"
        raise FieldError(message)
    return value


def _summary(context: _Context, value: Any) -> str:
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


def _document(context: _Context, value: Any) -> Any:
    if value is None or context.version < _DOCUMENTS:
        return _text(context, value)
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        message = (
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        )
        raise FieldError(message)
    return value


def _number(context: _Context, value: Any) -> float | None:
    del context
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        message = "Operation value must be a number"
        raise FieldError(message)
    return value


def _date(context: _Context, value: Any) -> str | None:
    text = _text(context, value)
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as error:
        message = f"Error parsing date string: {text}"
        raise FieldError(message) from error


def _moment(context: _Context, value: Any) -> str | None:
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


def _labels(context: _Context, value: Any) -> list[str]:
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


def _option(context: _Context, value: Any) -> Record | None:
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


def _options(context: _Context, value: Any) -> list[Record]:
    return [entry for each in _listed(value) if (entry := _option(context, each))]


def _versions(context: _Context, value: Any) -> list[Record]:
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


def _priority(context: _Context, value: Any) -> Record | None:
    return None if value is None else _picked(value, context.state.catalogue.priorities, "Priority")


def _level(context: _Context, value: Any) -> Record | None:
    levels = context.state.catalogue.levels.get(context.issue.project, [])
    return None if value is None else _picked(value, levels, "Security level")


def _person(context: _Context, value: Any) -> Record | None:
    if value is None:
        return None
    account = _object(value).get("accountId") or _object(value).get("id")
    user = context.state.catalogue.users.get(str(account))
    if user is None:
        message = f"User '{account}' does not exist."
        raise FieldError(message)
    return user


def _parent(context: _Context, value: Any) -> Record | None:
    if value is None:
        return None
    asked = _object(value)
    parent = context.state.find(str(asked.get("key") or asked.get("id") or ""))
    if parent is None:
        message = "Could not find issue by id or key."
        raise FieldError(message)
    return {"id": parent.id, "key": parent.key}


def _sprint(context: _Context, value: Any) -> list[Record]:
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


Reader = Callable[[_Context, Any], Any]

_READERS: dict[str, Reader] = {
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
_LISTS = frozenset({"labels", "options", "versions"})
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


def _identity(entry: Any) -> Any:
    return entry.get("id") if isinstance(entry, dict) else entry


def _described(value: Any) -> tuple[str | None, str | None]:
    """A value as the changelog tells it: its id, where it has one, and its text."""
    if value is None or value == []:
        return None, None
    if isinstance(value, list):
        parts = [_described(each) for each in value]
        ids = ", ".join(each for each, _ in parts if each)
        between = ", " if ids else " "
        return ids or None, between.join(text for _, text in parts if text)
    if isinstance(value, dict):
        if value.get("type") == "doc":
            return None, plain(value)
        return _identified(value)
    if isinstance(value, float) and value.is_integer():
        return None, str(int(value))
    return None, str(value)


def _identified(value: Record) -> tuple[str | None, str | None]:
    names = ("value", "name", "displayName", "key")
    text = next((str(value[name]) for name in names if value.get(name)), None)
    identity = value.get("accountId") or value.get("id")
    return None if identity is None else str(identity), text
