"""What Jira sends, as far as pmsync reads it; all else is skipped without being built.

Jira's own documents break their own schemas in places, so nothing is required here that pmsync
can do without.
"""

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType


class Named(Struct, gc=False):
    """Anything with a name."""

    name: str = ""


class Category(Struct, gc=False, frozen=True):
    """A status category."""

    key: str = ""


class Status(Struct, gc=False, rename={"category": "statusCategory"}):
    """A workflow status."""

    name: str = ""
    category: Category = Category()


class IssueTypeShape(Struct, gc=False, rename={"level": "hierarchyLevel"}):
    """An issue type; ``level`` is missing in some answers."""

    id: str = ""
    name: str = ""
    subtask: bool = False
    level: int | None = None

    def place(self) -> int:
        """Return the hierarchy level."""
        if self.level is not None:
            return self.level
        return -1 if self.subtask else 0


class Keyed(Struct, gc=False):
    """Anything with id and key."""

    id: str = ""
    key: str = ""


class User(Struct, gc=False, rename="camel"):
    """A person."""

    account_id: str = ""
    display_name: str = ""
    time_zone: str | None = None


class VersionRef(Struct, gc=False):
    """A version, as issues name it."""

    id: str
    name: str = ""


class LinkTypeShape(Struct, gc=False):
    """A link type."""

    name: str = ""


class LinkShape(Struct, gc=False, rename={"outward": "outwardIssue", "inward": "inwardIssue"}):
    """A link; exactly one of the two issues is there."""

    type: LinkTypeShape
    outward: Keyed | None = None
    inward: Keyed | None = None


class StandardFields(
    Struct,
    gc=False,
    rename={
        "type": "issuetype",
        "resolved": "resolutiondate",
        "versions": "fixVersions",
        "due": "duedate",
        "links": "issuelinks",
        "restriction": "issuerestriction",
    },
):
    """The fields every issue is asked for; :mod:`.decoding` adds the configured ones."""

    type: IssueTypeShape
    project: Keyed
    status: Status
    created: datetime
    updated: datetime
    summary: str | None = None
    resolved: datetime | None = None
    resolution: Named | None = None
    priority: Named | None = None
    assignee: User | None = None
    labels: list[str] | None = None
    parent: Keyed | None = None
    versions: list[VersionRef] | None = None
    due: date | None = None
    links: list[LinkShape] | None = None
    security: Named | UnsetType | None = UNSET
    restriction: Any = None


class SearchPage(Struct, rename={"is_last": "isLast", "token": "nextPageToken"}):
    """A page of issue ids."""

    issues: list[Keyed] = []
    token: str | None = None
    is_last: bool | None = None


class FieldSchema(Struct):
    """A field's type."""

    type: str = ""
    items: str = ""
    custom: str = ""


class FieldScope(Struct):
    """Which project a team-managed field belongs to."""

    project: Keyed | None = None


class FieldShape(Struct, rename={"kind": "schema"}):
    """An entry of the field catalogue; a few old ones have no schema."""

    id: str
    name: str = ""
    custom: bool = False
    kind: FieldSchema | None = None
    scope: FieldScope | None = None


class ProjectShape(Struct):
    """A project."""

    id: str
    key: str
    name: str = ""


class VersionShape(Struct, rename={"release_date": "releaseDate"}):
    """A version, as its project lists it."""

    id: str
    name: str = ""
    released: bool = False
    archived: bool = False
    release_date: date | None = None
    description: str | None = None


class SecurityLevels(Struct):
    """A project's security levels, as far as the account may know them."""

    levels: list[Named] = []


class Grant(Struct, rename={"granted": "havePermission"}):
    """A permission."""

    granted: bool = False


class Grants(Struct):
    """Permissions by key."""

    permissions: dict[str, Grant] = {}


class ServerInfo(Struct, rename="camel"):
    """What answers."""

    base_url: str = ""
    version: str = ""
    deployment_type: str = ""
    server_time: datetime | None = None


class RankEntry(Struct, rename="camel"):
    """How ranking one issue ended."""

    issue_id: int | None = None
    issue_key: str = ""
    status: int = 0
    errors: list[str] | None = None


class RankEntries(Struct):
    """The body of a 207."""

    entries: list[RankEntry]


class IssueError(Struct, rename={"message": "errorMessage"}):
    """An issue that Jira could not deliver this time."""

    id: str = ""
    message: str = ""
