"""What the site holds. Records change in place: the sandbox is the one thing with state."""

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["current", "draft", "archived", "trashed", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account on the site."""

    account_id: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard:
    """What a smart link shows of an issue; ``category`` is Jira's key: new, indeterminate, done."""

    summary: str
    status: str
    category: str = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a page, attachment, property or comment.

    Attributes:
        number: From 1.
        at: When, as Confluence writes times (ISO 8601, UTC, milliseconds).
        author: An account id.
        title, body: What the page was then; empty for what has neither.
    """

    number: int
    at: str
    author: str
    message: str = ""
    minor: bool = False
    title: str = ""
    body: str = ""


@dataclass(slots=True, kw_only=True)
class Property:
    """A content property: JSON under a key, with a version of its own."""

    id: int
    key: str
    value: Any
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label on a page."""

    id: int
    name: str
    prefix: str = "global"


@dataclass(slots=True, kw_only=True)
class Page:
    """A page. Its body is the last revision's, but comments and ticks change it without a new one.

    Attributes:
        parent_id: None for a page at the top of its space.
        body: Storage format as stored, with the markers of inline comments.
        revisions: Oldest first; never empty.
    """

    id: int
    space_id: int
    parent_id: int | None
    title: str
    body: str
    status: Status
    created_at: str
    author: str
    owner: str
    position: int
    revisions: list[Revision]
    labels: list[Label] = field(default_factory=list)
    properties: dict[int, Property] = field(default_factory=dict)

    @property
    def revision(self) -> Revision:
        """The newest one."""
        return self.revisions[-1]


@dataclass(slots=True, kw_only=True)
class Space:
    """A space with its home page."""

    id: int
    key: str
    name: str
    created_at: str
    author: str
    homepage_id: int = 0


@dataclass(slots=True, kw_only=True)
class Comment:
    """An inline comment, or an answer to one.

    Attributes:
        text: The comment's body in storage format.
        selection: The text that was commented; as it was then.
        ref: The marker's reference in the page's body.
        settled: What a person made of the thread; whether it dangles is seen from the page.
        parent_id: The comment that this one answers; None for a thread's first.
    """

    id: int
    page_id: int
    text: str
    selection: str
    ref: str
    revision: Revision
    settled: Literal["open", "resolved", "reopened"] = "open"
    parent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One version of an attachment's file."""

    revision: Revision
    content: bytes
    media_type: str


@dataclass(slots=True, kw_only=True)
class Attachment:
    """A file on a page; its id is written ``att123`` in the API."""

    id: int
    page_id: int
    title: str
    uploads: list[Upload]
    status: Status = "current"

    @property
    def upload(self) -> Upload:
        """The newest one."""
        return self.uploads[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail that the watchers of a page would get.

    Attributes:
        kind: ``page created``, ``page edited``, ``comment`` or ``attachment``.
        minor_asked: True if the request held ``minorEdit: true`` where it is not documented.
    """

    kind: str
    page_id: int
    title: str
    version: int
    by: str
    at: str
    minor_asked: bool = False
