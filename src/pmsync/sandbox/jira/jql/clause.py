"""A field as queries see it, and what all kinds of field share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.jql import functions
from pmsync.sandbox.jira.jql.syntax import Call, JqlError, Value
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record

EQUALS = frozenset({"=", "!=", "in", "not in", "is", "is not"})
ORDERED = EQUALS | {"<", ">", "<=", ">="}
TEXT = frozenset({"~", "!~", "is", "is not"})

Values = Callable[[StoredIssue], Sequence[Any]]
Read = Callable[[Value | Call], Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a query is asked in: a site, its time, the account's time zone."""

    state: JiraState
    now: datetime
    zone: ZoneInfo


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
    values: Values
    read: Read
    before: Callable[[Any, Any], bool] = lambda one, other: bool(one < other)
    sort: Callable[[StoredIssue], Any]
    newest_first: bool = False


def missing(name: str) -> JqlError:
    """The error for a field that is not there."""
    return JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")


def unknown_value(text: str, name: str) -> JqlError:
    """The error for a value that a field does not have."""
    if text.isdigit():
        return JqlError(f"A value with ID '{text}' does not exist for the field '{name}'.")
    return JqlError(f"The value '{text}' does not exist for the field '{name}'.")


def literal(operand: Value | Call, name: str) -> str:
    """The text of a literal.

    Raises:
        JqlError: It is a function, and none that fits the field.
    """
    if isinstance(operand, Value):
        return operand.text
    functions.check_known(operand)
    what = f"A value provided by the function '{operand.name}'"
    message = f"{what} is invalid for the field '{name}'."
    raise JqlError(message)


def chosen(text: str, records: Sequence[Record], name: str) -> list[str]:
    """Ids of the records that a query calls *text*, by name or by id.

    Raises:
        JqlError: There is none.
    """
    folded = text.lower()
    ids = [str(each["id"]) for each in records if str(each["name"]).lower() == folded]
    ids = ids or [str(each["id"]) for each in records if str(each["id"]) == text]
    if not ids:
        raise unknown_value(text, name)
    return ids


def entries_of(issue: StoredIssue, field_id: str) -> list[Record]:
    """The objects in a field of one or of several."""
    value = issue.fields.get(field_id)
    return value if isinstance(value, list) else [value] if value else []


def ids_of(issue: StoredIssue, field_id: str) -> list[str]:
    """Ids of the objects in a field."""
    return [str(entry["id"]) for entry in entries_of(issue, field_id)]


def first_of(values: Values) -> Callable[[StoredIssue], Any]:
    """Sorts issues by their first value."""
    return lambda issue: next(iter(values(issue)), None)


def ordered(name: str, values: Values, read: Read, *, newest_first: bool = False) -> Clause:
    """A clause over values that compare as they are."""
    return Clause(
        name=name,
        operators=ORDERED,
        values=values,
        read=read,
        sort=first_of(values),
        newest_first=newest_first,
    )
