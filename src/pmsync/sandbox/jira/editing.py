"""Reads an edit of an issue: every wrong field is told at once, and nothing is written then."""

from typing import Any

from pmsync.sandbox.jira.described import described
from pmsync.sandbox.jira.errors import JiraError, bad_payload
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.state import Change, JiraState
from pmsync.sandbox.jira.values import LISTS, READERS, Context, FieldError, kind_of
from pmsync.sandbox.seed import Record


def edits(state: JiraState, issue: StoredIssue, body: Record, *, version: int) -> list[Change]:
    """The changes that a body of ``PUT issue`` asks for.

    Raises:
        JiraError: At least one field cannot be set (400), each with its own sentence.
    """
    fields, update = _parts(body)
    changes, errors = [], {}
    for field_id in dict.fromkeys((*fields, *update)):
        if field_id in fields and field_id in update:
            errors[field_id] = f"Field '{field_id}' cannot appear in both 'fields' and 'update'"
            continue
        try:
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
        self._kind = kind_of(state, record)
        if record is None or not self._kind or not state.catalogue.applies(record, issue.project):
            message = (
                f"Field '{field_id}' cannot be set. It is not on the appropriate screen, "
                "or unknown."
            )
            raise FieldError(message)
        self._record = record

    def set(self, value: Any) -> Change:
        """The change to a whole new value."""
        new = READERS[self._kind](self._context(), value)
        old = self._issue.fields.get(self._id)
        return Change(field_id=self._id, value=new, old=described(old), new=described(new))

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
        return Change(field_id=self._id, value=value, old=described(old), new=described(value))

    def _operated(self, value: Any, verb: str, operand: Any) -> Any:
        if verb == "set":
            return READERS[self._kind](self._context(), operand)
        if verb not in ("add", "remove") or self._kind not in LISTS:
            message = (
                f"Field with id '{self._id}' and name '{self._record['name']}' does not support "
                f"operation '{verb}' Supported operation(s) are: 'set'"
            )
            raise FieldError(message)
        entries = READERS[self._kind](self._context(), [operand])
        named = [_identity(entry) for entry in entries]
        others = [each for each in value or () if _identity(each) not in named]
        return [*others, *entries] if verb == "add" else others

    def _context(self) -> Context:
        return Context(
            state=self._state, issue=self._issue, field=self._record, version=self._version
        )


def _identity(entry: Any) -> Any:
    """What makes two entries of a list the same."""
    return entry.get("id") if isinstance(entry, dict) else entry
