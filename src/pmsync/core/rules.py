"""A product's rules: what its product manager declares, validated, without any file in sight."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import OrderKey

Mode = Literal["watch", "propose", "auto"]
AnyMethod = Rice | Weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRules:
    """Which part of the scope is ranked, and what never moves.

    Attributes:
        only: JQL that narrows the scope to the backlog; empty: the whole scope.
        level: Issue type name, or hierarchy level as a number (1 epic, 0 standard).
        never_move: ``in_progress`` (status category, own), ``child_in_open_sprint``, or a JQL.
        least_scored: Share (0..1) of the backlog that must be scored before any rank is written.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    level: str | int
    only: str = ""
    never_move: tuple[str, ...] = ("in_progress",)
    least_scored: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who reads the pages.

    Attributes:
        projects: Keys of the projects that every reader of the space may see; issues of other
            projects never reach a page (P10).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogPage:
    """The prioritised backlog.

    Attributes:
        top: How many issues are listed; the rest is counted.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    kind: Literal["backlog"] = "backlog"
    top: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapPage:
    """Now, Next, Later.

    Attributes:
        now: JQL of what is being worked on; empty: issues of the ranked level in progress.
        next: How many issues of the backlog stand under Next.
        later: How many of those after them stand under Later.
        outcome: Field with a sentence on the outcome for users; None shows the summary alone.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    kind: Literal["roadmap"] = "roadmap"
    now: str = ""
    next: int = 8
    later: int = 15
    outcome: str | None = None


AnyPage = BacklogPage | RoadmapPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRules:
    """Where the product's pages go.

    Attributes:
        space: Space key.
        under: Id of the parent page.
        readers: Who reads there.
        kinds: The pages, at most one of a kind.
        labels: Labels that pmsync puts on its pages.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    space: str
    under: str
    readers: Readers
    kinds: tuple[AnyPage, ...] = (BacklogPage(), RoadmapPage())
    labels: tuple[str, ...] = ("pmsync",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotes:
    """Release notes for one audience: a page for each released version.

    Attributes:
        audience: Such as ``customers``; part of the page's identity and title.
        space, under: As in :class:`PageRules`; None: where the other pages are.
        readers: Who reads these notes; None: the readers of the other pages. Issues that the
            other pages' readers may not see are not told here either.
        since: Versions released before this date get no page.
        text: Field with a sentence written for readers; None shows the summary.
        only: JQL that narrows what is told, such as ``labels != internal``.
        upcoming: Whether unreleased versions with done issues get a page too.
        links: Whether each entry links to its issue; off for readers without Jira.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    audience: str
    since: date
    space: str | None = None
    under: str | None = None
    readers: Readers | None = None
    text: str | None = None
    only: str = ""
    upcoming: bool = False
    links: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Brakes:
    """Limits above which a plan waits for a person (P8). Shares are 0..1.

    Attributes:
        share: Of issues displaced, or of pages changed, among those there are.
        at_least: Changes up to this number never trip *share*.
        shrink: A page losing more than this share of its text.
        lost: Issues gone without explanation since the last run.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    share: float = 0.3
    at_least: int = 10
    shrink: float = 0.5
    lost: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """All the rules of one product.

    Attributes:
        id: Identity: the name of its file without suffix.
        name: Shown to people; may change.
        site: Which of the operator's sites.
        scope: JQL of every issue that pages may speak of, done ones included.
        inputs: ``{input name: how it is read}``.
        scores: ``{score name: method}``.
        order: Sort steps, most important first; then issues stay as today.
        rank: None: nothing is ranked.
        pages: None: nothing is published.
        time_zone: IANA name; dates on pages and relative dates mean this zone.
        language: Locale of dates and numbers on pages, such as ``en`` or ``de``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    id: str
    name: str
    site: str
    scope: str
    mode: Mode = "propose"
    inputs: Mapping[str, InputRule] = field(default_factory=dict)
    scores: Mapping[str, AnyMethod] = field(default_factory=dict)
    order: tuple[OrderKey, ...] = ()
    rank: RankRules | None = None
    pages: PageRules | None = None
    release_notes: tuple[ReleaseNotes, ...] = ()
    brakes: Brakes = field(default_factory=Brakes)
    time_zone: str = "UTC"
    language: str = "en"
