"""What the pipeline needs from outside, as protocols; adapters implement them, app.py joins them.

Every method raises a subclass of :class:`pmsync.core.errors.PmsyncError` and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pmsync.core.journal import (
    Lease,
    Outcome,
    PageRecord,
    PullMark,
    Run,
    StoredPlan,
    Write,
)
from pmsync.core.model import Field, Issue, Project, Version


class Clock(Protocol):
    """The time, so that tests can own it."""

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for measuring waits."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait *seconds*."""
        ...


class WriteGate(Protocol):
    """Nothing is written unless a permit is open for it."""

    def permit(self, write_id: str) -> AbstractContextManager[None]:
        """Let writes through, in this thread, for as long as the context is open.

        Raises:
            ReadOnlyError: Writes are switched off as a whole.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who the token belongs to.

    Attributes:
        time_zone: IANA name, in which Jira reads quoted JQL times; None if it does not say.
    """

    id: str
    name: str
    time_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What kind of site answers.

    Attributes:
        flavor: ``Cloud`` or ``Server`` in Jira's own words.
        browse_url: For people, without trailing slash.
        now: The server's time (aware, UTC); None if it did not say.
    """

    flavor: str
    version: str
    browse_url: str
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueType:
    """An issue type with its hierarchy level."""

    id: str
    name: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankResult:
    """How a rank call ended: ids that were refused, with the server's words."""

    refused: Mapping[str, str] = field(default_factory=dict)


class IssueTracker(Protocol):
    """Jira, as far as pmsync needs it."""

    def site(self) -> Site:
        """Return what answers; needs no permission."""
        ...

    def account(self) -> Account:
        """Return whom the token belongs to."""
        ...

    def permissions(self, keys: Sequence[str], project: str | None = None) -> dict[str, bool]:
        """Return ``{permission key: granted}``, for one project or globally."""
        ...

    def fields(self) -> tuple[Field, ...]:
        """Return the whole field catalogue."""
        ...

    def issue_types(self) -> tuple[IssueType, ...]:
        """Return all issue types."""
        ...

    def projects(
        self, keys: Sequence[str] | None = None, *, levels: bool = True
    ) -> tuple[Project, ...]:
        """Return the visible projects, or those of *keys* that are visible.

        Args:
            keys: Project keys; None for all.
            levels: Whether their security levels are asked for, which costs a call each; left
                out, they are None.
        """
        ...

    def versions(self, project: str) -> tuple[Version, ...]:
        """Return all versions of one project."""
        ...

    def search(self, jql: str, *, reconcile: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        """Yield pages of issue ids in the order *jql* asks for.

        Args:
            jql: A whole query, with its ORDER BY.
            reconcile: Ids just written, at most 50, whose latest state must be seen.
        """
        ...

    def fetch(
        self, ids: Iterable[Sequence[str]], fields: Sequence[Field]
    ) -> Iterator[tuple[Issue, ...]]:
        """Yield issues, a call's worth at a time, in no particular order.

        Args:
            ids: Pages of ids, consumed as they come so that fetching overlaps searching.
            fields: Configured fields whose values go into :attr:`Issue.values`.

        Issues that do not exist or may not be seen are silently absent, as Jira leaves them out.
        """
        ...

    def rank(
        self, issues: Sequence[str], *, before: str | None = None, after: str | None = None
    ) -> RankResult:
        """Put *issues* (ids, at most 50, top first) next to an anchor."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A Confluence space."""

    id: str
    key: str
    name: str
    homepage_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """A page without its body.

    Attributes:
        status: ``current``, ``archived``, ``trashed``, ``draft``.
        parent_id: None at the root of a space.
        author_id: Who wrote that version; None if the site does not say.
    """

    id: str
    space_id: str
    title: str
    status: str
    version: int
    parent_id: str | None = None
    author_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page with its body in storage format."""

    head: PageHead
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A content property.

    Attributes:
        value: The JSON value, decoded.
    """

    id: str
    key: str
    value: Mapping[str, object]
    version: int


class Wiki(Protocol):
    """Confluence, as far as pmsync needs it."""

    def account_id(self) -> str:
        """Return whom the token belongs to."""
        ...

    def spaces(self, keys: Sequence[str]) -> tuple[Space, ...]:
        """Return those of the spaces that exist and are visible."""
        ...

    def heads(self, ids: Sequence[str]) -> dict[str, PageHead]:
        """Return ``{id: head}`` of the pages that exist, one call for each 250 ids."""
        ...

    def page(self, page_id: str, *, version: int | None = None) -> Page:
        """Return one page with its body, as it is or as an earlier *version* had it."""
        ...

    def find(self, space_id: str, title: str) -> tuple[PageHead, ...]:
        """Return the pages of that title in the space, archived and trashed ones too."""
        ...

    def create(self, *, space_id: str, parent_id: str, title: str, body: str) -> PageHead:
        """Create a page under *parent_id*."""
        ...

    def update(
        self, *, page_id: str, title: str, body: str, version: int, message: str
    ) -> PageHead:
        """Write version number *version* (the one that was read, plus 1).

        Raises:
            ConflictError: Somebody else made that version first.
        """
        ...

    def open_comments(self, page_id: str) -> int:
        """Return how many inline comments of the page are not resolved."""
        ...

    def properties(self, page_id: str, key: str) -> Property | None:
        """Return one content property; None if there is none."""
        ...

    def set_property(
        self, page_id: str, key: str, value: Mapping[str, object], current: Property | None
    ) -> Property:
        """Create the property, or write the version after *current*."""
        ...

    def labels(self, page_id: str) -> tuple[str, ...]:
        """Return the names of the page's labels."""
        ...

    def add_labels(self, page_id: str, names: Sequence[str]) -> None:
        """Add labels; those that are there stay."""
        ...


class Journal(Protocol):
    """Intents and outcomes: what was about to be written, and what became of it."""

    def intend(self, write: Write) -> None:
        """Make *write* durable, before its call is made."""
        ...

    def settle(self, write_id: str, outcome: Outcome, at: datetime) -> None:
        """Record how a write ended; what reading back shows later replaces it."""
        ...

    def unsettled(self, product: str) -> tuple[Write, ...]:
        """Return the writes without outcome, or with ``unknown``, oldest first."""
        ...

    def writes(self, run: str) -> tuple[Write, ...]:
        """Return the writes of one run, in the order they were intended."""
        ...


class Store(Journal, Protocol):
    """All that outlives a run."""

    def start_run(self, run: Run) -> None:
        """Record a run's beginning."""
        ...

    def update_run(self, run: Run) -> None:
        """Replace a run's row."""
        ...

    def run(self, run_id: str) -> Run | None:
        """Return one run; a unique beginning of its id is enough. None if there is none."""
        ...

    def runs(self, product: str | None, limit: int) -> tuple[Run, ...]:
        """Return the latest runs, newest first."""
        ...

    def put_blob(self, content: bytes) -> str:
        """Keep *content* once, compressed; return its sha256."""
        ...

    def blob(self, sha256: str) -> bytes:
        """Return what :meth:`put_blob` kept."""
        ...

    def issues(self, product: str) -> dict[str, Issue]:
        """Return ``{id: issue}`` as last pulled."""
        ...

    def put_issues(self, product: str, changed: Iterable[Issue], gone: Iterable[str]) -> None:
        """Keep new and changed issues, forget those gone; costs what changed."""
        ...

    def pull_mark(self, product: str) -> PullMark | None:
        """Return where the next incremental pull goes on; None: pull everything."""
        ...

    def put_pull_mark(self, mark: PullMark) -> None:
        """Keep the mark of a finished pull."""
        ...

    def pages(self, product: str) -> dict[str, PageRecord]:
        """Return ``{page: record}`` of the product's own pages."""
        ...

    def put_page(self, record: PageRecord) -> None:
        """Keep a page's record, replacing the one of the same page."""
        ...

    def put_plan(self, plan: StoredPlan) -> None:
        """Keep a plan; an older waiting one of the product becomes ``replaced``."""
        ...

    def plan(self, hash_prefix: str) -> StoredPlan | None:
        """Return a plan by its hash or a unique beginning of it."""
        ...

    def plans(self, product: str) -> tuple[StoredPlan, ...]:
        """Return the product's plans, newest first."""
        ...

    def take_lease(self, product: str, holder: str, now: datetime, seconds: float) -> Lease:
        """Take the product's lease, or renew it for the same holder.

        Raises:
            LeaseHeldError: Somebody else holds it and it has not run out.
        """
        ...

    def release_lease(self, lease: Lease) -> None:
        """Give the lease back; does nothing when it was lost meanwhile."""
        ...

    def check_lease(self, lease: Lease) -> None:
        """Raise :class:`LeaseHeldError` when a later fence exists."""
        ...
