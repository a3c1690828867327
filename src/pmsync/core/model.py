"""Issues and the snapshot they arrive in: what pmsync knows of Jira at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Category = Literal["new", "indeterminate", "done"]
"""Jira's status category keys: To Do, In Progress, Done."""

Raw = float | str | bool | tuple[str, ...] | None
"""A field's value as pmsync keeps it: a number, a text or option, several of them, or empty."""

Security = Literal["open", "restricted", "undelivered"]
"""What the issue itself says of who may read it; ``undelivered``: the field was not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprint:
    """A sprint an issue is or was in."""

    id: int
    name: str
    state: Literal["future", "active", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link from one issue to another, read from this issue's side.

    Attributes:
        kind: The link type's name, such as ``Blocks``.
        outward: True when this issue is the source (``blocks``), False for ``is blocked by``.
        other_id: The other issue's id.
        other_key: The other issue's key.
    """

    kind: str
    outward: bool
    other_id: str
    other_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One Jira issue.

    Attributes:
        id: Jira's numeric id as text; the identity, since keys change when issues move.
        project: Project key.
        level: Hierarchy level: 1 epic, 0 standard, -1 sub-task, higher where configured.
        priority: Name; None when the project has no priorities.
        parent_id: None without parent, or where the parent may not be shown.
        versions: Ids of the fix versions.
        due: Calendar date without zone.
        created, updated, resolved: Aware datetimes in UTC.
        values: ``{field id: value}`` of the configured inputs' fields.
    """

    id: str
    key: str
    project: str
    issue_type: str
    level: int
    summary: str
    status: str
    category: Category
    created: datetime
    updated: datetime
    resolved: datetime | None = None
    resolution: str | None = None
    priority: str | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    parent_id: str | None = None
    parent_key: str | None = None
    versions: tuple[str, ...] = ()
    sprints: tuple[Sprint, ...] = ()
    due: date | None = None
    links: tuple[Link, ...] = ()
    security: Security = "open"
    values: Mapping[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A Jira version (release) of one project."""

    id: str
    project: str
    name: str
    released: bool
    archived: bool = False
    release_date: date | None = None
    description: str = ""


FieldKind = Literal["number", "option", "options", "text", "date", "datetime", "user", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An entry of Jira's field catalogue.

    Attributes:
        id: Such as ``customfield_10016`` or ``duedate``.
        kind: What its values are; ``other`` is what pmsync cannot read.
        type_key: Jira's own type text (``schema.custom`` or ``schema.type``), to notice retyping.
        projects: Ids of the projects a team-managed field belongs to; empty: every project.
    """

    id: str
    name: str
    kind: FieldKind
    type_key: str
    custom: bool
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project the account can see.

    Attributes:
        security_levels: Names of its issue security levels; None when Jira would not say,
            which is treated as if it had some (P10).
    """

    id: str
    key: str
    name: str
    security_levels: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that one run knows of Jira; everything after it is computed from it.

    Attributes:
        product: The product's identity (its file's name).
        browse_url: Site address for links to issues, without a trailing slash.
        pulled_at: When the pull began (aware, UTC).
        issues: The scope in Jira's true rank order, restricted issues left out.
        restricted: Ids in scope that must not reach a page, a rank or a count.
        sets: ``{name: ids}`` for every JQL of the configuration.
        versions: Of every project in scope.
        fields: ``{input name: {project key: field}}``, as resolved for this pull.
    """

    product: str
    browse_url: str
    pulled_at: datetime
    issues: tuple[Issue, ...]
    restricted: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    versions: tuple[Version, ...] = ()
    fields: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)

    def by_id(self) -> dict[str, Issue]:
        """Return ``{issue id: issue}``."""
        return {issue.id: issue for issue in self.issues}
