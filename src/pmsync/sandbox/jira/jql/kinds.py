"""Clauses by kind of value; system fields and custom fields share them."""

from collections.abc import Sequence
from datetime import datetime

from pmsync.sandbox.jira.documents import plain
from pmsync.sandbox.jira.issue import StoredIssue, epoch_ms
from pmsync.sandbox.jira.jql import functions, times
from pmsync.sandbox.jira.jql.clause import (
    ORDERED,
    TEXT,
    Clause,
    Context,
    chosen,
    entries_of,
    first_of,
    ids_of,
    literal,
    ordered,
    unknown_value,
)
from pmsync.sandbox.jira.jql.syntax import Call, JqlError, Value


def moment(context: Context, name: str, field_id: str) -> Clause:
    """A point in time, compared in milliseconds."""

    def values(issue: StoredIssue) -> list[int]:
        text = issue.fields.get(field_id)
        return [epoch_ms(text)] if text else []

    def read(operand: Value | Call) -> Sequence[int]:
        return [round(_read_moment(context, name, operand).timestamp() * 1000)]

    return ordered(name, values, read, newest_first=True)


def day(context: Context, name: str, field_id: str) -> Clause:
    """A calendar date."""

    def values(issue: StoredIssue) -> list[str]:
        text = issue.fields.get(field_id)
        return [text[:10]] if text else []

    def read(operand: Value | Call) -> Sequence[str]:
        return [_read_moment(context, name, operand).astimezone(context.zone).date().isoformat()]

    return ordered(name, values, read)


def _read_moment(context: Context, name: str, operand: Value | Call) -> datetime:
    if isinstance(operand, Call):
        found = times.called(operand.name, operand.arguments, now=context.now, zone=context.zone)
        if found is not None:
            return found
    return times.moment(literal(operand, name), field=name, now=context.now, zone=context.zone)


def text(context: Context, name: str, field_id: str) -> Clause:
    """Text knows ``~`` only; it asks for all words, whatever their case."""
    del context

    def values(issue: StoredIssue) -> list[str]:
        value = issue.fields.get(field_id)
        found = value if isinstance(value, str) else plain(value)
        return [found.lower()] if found else []

    def read(operand: Value | Call) -> Sequence[str]:
        return [literal(operand, name).lower()]

    return Clause(name=name, operators=TEXT, values=values, read=read, sort=first_of(values))


def person(context: Context, name: str, field_id: str) -> Clause:
    """A user, by account id, address, name, or as the one who asks."""
    users = context.state.catalogue.users

    def values(issue: StoredIssue) -> list[str]:
        account = issue.named(field_id).get("accountId")
        return [str(account)] if account else []

    def read(operand: Value | Call) -> Sequence[str]:
        if isinstance(operand, Call) and operand.name.lower() == "currentuser":
            return [str(context.state.account["accountId"])]
        asked = literal(operand, name)
        for user in users.values():
            if asked in (user["accountId"], user.get("emailAddress"), user["displayName"]):
                return [str(user["accountId"])]
        raise unknown_value(asked, name)

    return Clause(
        name=name,
        values=values,
        read=read,
        sort=lambda issue: issue.named(field_id).get("displayName"),
    )


def words(context: Context, name: str, field_id: str) -> Clause:
    """Labels: any text is a value, and their case does not matter."""
    del context
    return Clause(
        name=name,
        values=lambda issue: [str(each).lower() for each in issue.fields.get(field_id) or ()],
        read=lambda operand: [literal(operand, name).lower()],
        sort=lambda issue: " ".join(issue.fields.get(field_id) or ()) or None,
    )


def number(context: Context, name: str, field_id: str) -> Clause:
    """A number."""
    del context

    def values(issue: StoredIssue) -> list[float]:
        value = issue.fields.get(field_id)
        return [] if value is None else [float(value)]

    def read(operand: Value | Call) -> Sequence[float]:
        asked = literal(operand, name)
        try:
            return [float(asked)]
        except ValueError as error:
            message = f"Value '{asked}' is invalid for the '{name}' field. It must be a number."
            raise JqlError(message) from error

    return ordered(name, values, read)


def option(context: Context, name: str, field_id: str) -> Clause:
    """One or several options of a select field, by their text."""
    known = context.state.catalogue.fields[field_id].get("options") or ()
    folded = {str(each).lower() for each in known}

    def values(issue: StoredIssue) -> list[str]:
        return [str(entry.get("value", "")).lower() for entry in entries_of(issue, field_id)]

    def read(operand: Value | Call) -> Sequence[str]:
        asked = literal(operand, name)
        if folded and asked.lower() not in folded:
            message = f"The option '{asked}' for field '{name}' does not exist."
            raise JqlError(message)
        return [asked.lower()]

    return Clause(name=name, values=values, read=read, sort=first_of(values))


def version(context: Context, name: str, field_id: str) -> Clause:
    """Versions, in the order of their project."""
    records = list(context.state.catalogue.versions.values())
    places = {str(record["id"]): place for place, record in enumerate(records)}

    def read(operand: Value | Call) -> Sequence[str]:
        found = None
        if isinstance(operand, Call):
            found = functions.versions(context.state.catalogue, operand)
        return chosen(literal(operand, name), records, name) if found is None else found

    def sort(issue: StoredIssue) -> int | None:
        return min((places.get(each, 0) for each in ids_of(issue, field_id)), default=None)

    return Clause(
        name=name,
        operators=ORDERED,
        values=lambda issue: ids_of(issue, field_id),
        read=read,
        before=lambda one, other: places.get(one, -1) < places.get(other, -1),
        sort=sort,
    )


def sprint(context: Context, name: str, field_id: str) -> Clause:
    """Sprints that an issue is or was in."""
    records = list(context.state.catalogue.sprints.values())

    def read(operand: Value | Call) -> Sequence[str]:
        found = None
        if isinstance(operand, Call):
            found = functions.sprints(context.state.catalogue, operand)
        return chosen(literal(operand, name), records, name) if found is None else found

    return Clause(
        name=name,
        values=lambda issue: ids_of(issue, field_id),
        read=read,
        sort=lambda issue: max(map(int, ids_of(issue, field_id)), default=None),
    )


def rank(context: Context, name: str, field_id: str) -> Clause:
    """The global order: it sorts, but is not searched."""
    del field_id

    def refuse(operand: Value | Call) -> Sequence[str]:
        del operand
        message = f"Field '{name}' is not searchable, it is only sortable."
        raise JqlError(message)

    return Clause(
        name=name,
        values=lambda issue: [context.state.rank.text(issue.id)],
        read=refuse,
        sort=lambda issue: context.state.rank.place(issue.id),
    )
