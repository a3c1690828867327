"""The plan: every change a run would make, as values that can be read, stored and approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """An issue by identity and by the key a person knows."""

    id: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankMove:
    """One rank call: issues put, in this order, directly before or after an anchor.

    Attributes:
        change: Identity within the plan.
        issues: 1 to 50 issues, top first.
        before, after: Exactly one is set; an issue that no move of the plan names.
        above: The nearest issue above the gap that no move names; None at the top, and where
            *after* is set. It is not part of the call: it tells, when read back, that the
            issues stand where they were put and not somewhere else above the anchor.
        expects: Ids of the named issues, the anchor and a neighbour of the anchor that stays, in
            the order they had when planned: the precondition.
    """

    kind: Literal["rank"] = "rank"
    change: str
    issues: tuple[Ref, ...]
    before: Ref | None = None
    after: Ref | None = None
    above: Ref | None = None
    expects: tuple[str, ...]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCreate:
    """A new page. Precondition: no page of that title in the space, whatever its status.

    Attributes:
        page: Which page of the product, such as ``backlog`` or ``notes/customers/10042``.
        space: Space key; *space_id* is the same in the API's terms.
        parent: Id of the page it goes under.
        body, fingerprint: sha256, hexadecimal; the body is in :attr:`Plan.bodies`.
        message: The version's message, for people.
        requires: Changes of this plan that the page states as fact.
        mentions: Ids of the issues it speaks of, which its readers must still be able to see.
        order: Ids of ranked issues in the order that the page states; Jira must have it by the
            time the page is sent, whoever moved what in between.
    """

    kind: Literal["create"] = "create"
    change: str
    page: str
    space: str
    space_id: str
    parent: str
    title: str
    body: str
    fingerprint: str
    message: str
    labels: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUpdate:
    """A new version of an owned page. Precondition: version and body are those that were read.

    Attributes:
        version: Number that was read; the update makes the next one.
        expects: sha256 of the canonical body that was read (comment markers unwrapped).
    """

    kind: Literal["update"] = "update"
    change: str
    page: str
    page_id: str
    version: int
    expects: str
    title: str
    body: str
    fingerprint: str
    message: str
    labels: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


PageChange = PageCreate | PageUpdate
Change = RankMove | PageChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """One issue whose place among the others changes, for the preview.

    Attributes:
        old_place, new_place: 1-based places in the ranked backlog.
        reason: Why, in words a product manager can check.
        change: The rank move that names it.
    """

    id: str
    key: str
    summary: str
    old_place: int
    new_place: int
    reason: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A page that is left alone although it would change, and why."""

    page: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the plan's reader should know: a missing estimate, a renamed field, a drift."""

    kind: str
    text: str
    issue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripped:
    """A brake that this plan is over.

    Attributes:
        brake: Its name: ``first_run``, ``share_moved``, ``share_pages``, ``shrink``, ``lost``.
        text: What is over which limit, with the numbers.
    """

    brake: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one run wants to do to one product's backlog and pages.

    Attributes:
        as_of: The day it was made for, in the product's time zone.
        expires: Last day it may be applied.
        rules, snapshot: sha256 of the rules and of the snapshot it was made from.
        changes: In the order they are applied: rank moves, then pages.
        backlog: Number of issues in the ranked backlog.
        shifted: How many of them get another place number only because others move past them.
        pages: Number of pages the product has or wants.
        unchanged: Pages whose fingerprint is as stored.
        bodies: ``{sha256: storage format}`` of every page change.
        lost: Ids of issues gone without explanation; whoever approves the plan accepts that.
    """

    product: str
    site: str
    package: str
    as_of: date
    expires: date
    rules: str
    snapshot: str
    changes: tuple[Change, ...] = ()
    displaced: tuple[Displaced, ...] = ()
    held: tuple[Held, ...] = ()
    notes: tuple[Note, ...] = ()
    tripped: tuple[Tripped, ...] = ()
    backlog: int = 0
    shifted: int = 0
    pages: int = 0
    unchanged: tuple[str, ...] = ()
    bodies: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    def moves(self) -> tuple[RankMove, ...]:
        """Return the rank moves, in order."""
        return tuple(change for change in self.changes if isinstance(change, RankMove))

    def page_changes(self) -> tuple[PageChange, ...]:
        """Return the page changes, in order."""
        return tuple(change for change in self.changes if not isinstance(change, RankMove))


def target(change: Change) -> str:
    """Return what *change* is about, for logs and the journal: the object a write would touch."""
    match change:
        case RankMove():
            return f"rank of {', '.join(ref.key for ref in change.issues)}"
        case PageCreate():
            return f"page {change.page}"
        case PageUpdate():
            return f"page {change.page} ({change.page_id})"
        case _:
            assert_never(change)
