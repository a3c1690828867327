"""What the store remembers: runs, writes with their outcomes, pages, plans, leases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

OutcomeState = Literal["applied", "not_applied", "unknown", "held"]
RunState = Literal["running", "done", "failed", "braked", "partial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one write, or one whole change, ended.

    Attributes:
        detail: Why, when it is not ``applied``; what was refused, when some of it was.
        refused: ``{issue id: the server's words}`` of a rank call that was partly refused.
    """

    state: OutcomeState
    detail: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One intended HTTP write: the durable row that exists before the call is made.

    Attributes:
        id: Unique for ever: run, change and step.
        target: What it would touch, in words.
        desired: sha256 of what it wants to be true, to compare when reading back.
        detail: What recovery needs to read the truth back, as JSON-able values.
        outcome: None while nobody knows.
    """

    id: str
    run: str
    product: str
    change: str
    step: str
    target: str
    desired: str
    detail: Mapping[str, str] = field(default_factory=dict)
    intended_at: datetime
    outcome: Outcome | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The line walked once for one product.

    Attributes:
        command: ``sync``, ``apply`` and so on.
        package: pmsync's version.
        rules, scores, plan: sha256 of stored blobs; None before that stage.
        snapshot: sha256 of what was pulled, to tell whether two runs knew the same.
        problem: What ended it, when it failed.
        counts: ``{what: how many}``: calls, moves, pages written, held.
    """

    id: str
    product: str
    command: str
    package: str
    started_at: datetime
    state: RunState = "running"
    finished_at: datetime | None = None
    as_of: str = ""
    rules: str | None = None
    snapshot: str | None = None
    scores: str | None = None
    plan: str | None = None
    problem: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """A page that pmsync owns, as it was after our last write.

    Attributes:
        page: Which page of the product (see :class:`pmsync.core.plan.PageCreate`).
        version: The number our last write made.
        fingerprint: sha256 of all that the body was made from.
        body: sha256 of the canonical body read back after that write; a blob of the store.
        property_id: Numeric id of our content property; None until it is written.
    """

    product: str
    page: str
    page_id: str
    space: str
    title: str
    version: int
    fingerprint: str
    body: str
    property_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullMark:
    """From where the next incremental pull goes on.

    Attributes:
        rules: sha256 of what decides which issues and fields are pulled; a difference means a
            full pull.
        since: Jira's own time of the last pull's start (aware, UTC).
        count: Issues in scope then, to notice a sudden loss.
    """

    product: str
    rules: str
    since: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A plan that waits, or waited, for a person.

    Attributes:
        hash: sha256 of the plan's canonical JSON.
        state: ``waiting``, ``applied`` or ``replaced``.
        text: The plan's canonical JSON.
    """

    hash: str
    product: str
    state: Literal["waiting", "applied", "replaced"]
    made_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write for one product.

    Attributes:
        fence: Grows with every taking; an older one has lost the lease.
    """

    product: str
    holder: str
    fence: int
    until: datetime
