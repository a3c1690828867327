"""Turns an answer of the bulk fetch into issues, building nothing that is not kept.

A struct type is made for each fetch from the configured fields, so that the decoder skips the
hundreds of others without creating an object for them.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from pmsync.adapters.jira.shapes import IssueError, Keyed, LinkShape, Named, StandardFields
from pmsync.adapters.jira.values import raw
from pmsync.core.model import Category, Field, Issue, Link, Raw, Security, Sprint

_CATEGORIES: dict[str, Category] = {"indeterminate": "indeterminate", "done": "done"}
_STATES: dict[str, Literal["future", "active", "closed"]] = {
    "future": "future",
    "active": "active",
    "closed": "closed",
}
_STANDARD = dict(
    zip(StandardFields.__struct_encode_fields__, StandardFields.__struct_fields__, strict=True)
)


class Decoder:
    """Reads the answers of one fetch.

    Args:
        sprint_field: Id of the field that holds sprints; None if the site has none.
        fields: Whose values go into :attr:`Issue.values`.
    """

    def __init__(self, sprint_field: str | None, fields: Sequence[Field]) -> None:
        asked = dict.fromkeys([field.id for field in fields])
        beside = [sprint_field] if sprint_field else []
        extra = [name for name in dict.fromkeys([*beside, *asked]) if name not in _STANDARD]
        columns = {name: f"value_{at}" for at, name in enumerate(extra)}
        shape = msgspec.defstruct(
            "Fields",
            [(column, Any, None) for column in columns.values()],
            bases=(StandardFields,),
            rename={column: name for name, column in columns.items()},
            gc=False,
        )
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_answer_of(shape))
        self._sprints = columns[sprint_field] if sprint_field else None
        self._values = [(name, _reader(name, columns)) for name in asked]
        self.wanted = (*_STANDARD, *extra)

    def issues(self, body: bytes) -> tuple[tuple[Issue, ...], tuple[IssueError, ...]]:
        """Return the issues of an answer, and those that Jira could not deliver this time.

        Raises:
            msgspec.DecodeError: It is not what the bulk fetch answers.
        """
        answer = self._decoder.decode(body)
        return tuple(self._issue(one) for one in answer.issues), tuple(answer.errors)

    def _issue(self, delivered: Any) -> Issue:
        fields: StandardFields = delivered.fields
        parent = fields.parent
        return Issue(
            id=delivered.id,
            key=delivered.key,
            project=_shared(fields.project.key),
            issue_type=_shared(fields.type.name),
            level=fields.type.place(),
            summary=fields.summary or "",
            status=_shared(fields.status.name),
            category=_CATEGORIES.get(fields.status.category.key, "new"),
            created=_utc(fields.created),
            updated=_utc(fields.updated),
            resolved=_utc(fields.resolved) if fields.resolved else None,
            resolution=_name(fields.resolution),
            priority=_name(fields.priority),
            assignee=_shared(fields.assignee.display_name) if fields.assignee else None,
            labels=tuple(map(_shared, fields.labels or ())),
            parent_id=parent.id if parent else None,
            parent_key=parent.key if parent else None,
            versions=tuple(_shared(version.id) for version in fields.versions or ()),
            sprints=_sprints(getattr(fields, self._sprints)) if self._sprints else (),
            due=fields.due,
            links=tuple(link for shape in fields.links or () for link in _links(shape)),
            security=_security(fields.security, fields.restriction),
            values={name: read(fields) for name, read in self._values},
        )


def _answer_of(shape: type) -> type:
    delivered = msgspec.defstruct(
        "Delivered", [("id", str), ("key", str), ("fields", shape)], gc=False
    )
    return msgspec.defstruct(
        "Answer",
        [("issues", list[delivered], ()), ("errors", list[IssueError], ())],  # type: ignore[valid-type] # made above
        rename={"errors": "issueErrors"},
    )


def _reader(name: str, columns: dict[str, str]) -> Callable[[StandardFields], Raw]:
    if column := columns.get(name):
        return lambda fields: raw(getattr(fields, column))
    # A field that every issue is asked for anyway, used as an input as well.
    attribute = _STANDARD[name]
    return lambda fields: raw(_builtin(getattr(fields, attribute)))


def _builtin(value: Any) -> Any:
    return None if value is UNSET else msgspec.to_builtins(value)


def _shared(text: str) -> str:
    """One object for texts that thousands of issues have in common."""
    return sys.intern(text)


def _name(named: Named | None) -> str | None:
    return _shared(named.name) if named else None


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _links(shape: LinkShape) -> list[Link]:
    ends: tuple[tuple[bool, Keyed | None], ...] = ((True, shape.outward), (False, shape.inward))
    return [
        Link(kind=_shared(shape.type.name), outward=outward, other_id=end.id, other_key=end.key)
        for outward, end in ends
        if end is not None
    ]


def _sprints(value: Any) -> tuple[Sprint, ...]:
    entries = value if isinstance(value, list) else ()
    return tuple(sprint for entry in entries if (sprint := _sprint(entry)))


def _sprint(entry: Any) -> Sprint | None:
    if not isinstance(entry, dict):
        return None  # Data Center's text form
    number, name, state = entry.get("id"), entry.get("name"), entry.get("state")
    if isinstance(number, int) and isinstance(name, str) and isinstance(state, str):
        return _shared_sprint(number, name, state)
    return None


@lru_cache(maxsize=1024)
def _shared_sprint(number: int, name: str, state: str) -> Sprint | None:
    """One object for all issues of a sprint."""
    known = _STATES.get(state)
    return Sprint(id=number, name=name, state=known) if known else None


def _security(level: Named | UnsetType | None, restriction: Any) -> Security:
    if level is not UNSET and level is not None:
        return "restricted"
    if _restricts(restriction):
        return "restricted"
    return "undelivered" if level is UNSET else "open"


def _restricts(restriction: Any) -> bool:
    """Whether an ``issuerestriction`` names anybody; what cannot be read counts as if it did."""
    if isinstance(restriction, dict) and "issuerestrictions" in restriction:
        named = restriction["issuerestrictions"]
        return any(named.values()) if isinstance(named, dict) else bool(named)
    return bool(restriction)
