"""Pull: everything a run needs to know of Jira, in as few calls as that takes.

The census (ids of the whole scope in rank order) is always taken whole: it is cheap, and only
it notices deleted, hidden and re-ranked issues, which ``updated`` does not show. Issues are
fetched whole only the first time; later, those that are new or were touched since.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pmsync.core.disclosure import is_restricted, strip_hidden
from pmsync.core.errors import IncompleteInputError
from pmsync.core.fields import EVERYWHERE, Pins, Resolution, resolve
from pmsync.core.journal import PullMark
from pmsync.core.model import Field, Issue, Project, Snapshot
from pmsync.core.plan import Note
from pmsync.core.queries import field_names, queries, within
from pmsync.core.rules import Product
from pmsync.pipeline.ask import BadQueryError, ask, ask_all, fetch_by_id
from pmsync.pipeline.complete import (
    check_delivered,
    check_not_empty,
    check_projects,
    unexplained,
)
from pmsync.ports import IssueTracker

OVERLAP = timedelta(minutes=10)
"""How far back an incremental pull looks again: index lag, clocks, and half-finished pulls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull found, and what the store is to keep of it.

    Attributes:
        changed, gone: Against what was known before: issues to keep, ids to forget.
        lost: Ids that vanished without explanation.
        before: How many issues were known before; 0 at the first pull.
        full: Whether every issue was fetched.
    """

    snapshot: Snapshot
    mark: PullMark
    pins: Pins
    notes: tuple[Note, ...]
    changed: tuple[Issue, ...]
    gone: tuple[str, ...]
    lost: tuple[str, ...]
    before: int
    full: bool


class UnknownFieldsError(IncompleteInputError):
    """Fields of the rules are not in Jira, are several, or are not what they were.

    Attributes:
        problems: ``(name in the snapshot, what is wrong)``, see ``field_names``.
    """

    exit_code = 2

    def __init__(self, product: str, problems: Iterable[str]) -> None:
        listed = tuple(problems)
        super().__init__(
            "; ".join(listed),
            where=product,
            cure="correct the field in the rules, or delete its entry in the lock file if"
            " the change is meant",
        )
        # A name may hold a colon, but no space, and a problem begins with it.
        parts = (text.partition(": ") for text in listed)
        self.problems = tuple((name, what) for name, _, what in parts)


def pull(
    product: Product,
    *,
    tracker: IssueTracker,
    known: Mapping[str, Issue],
    mark: PullMark | None,
    pins: Pins,
    now: datetime,
    browse_url: str,
    full: bool = False,
) -> Pulled:
    """Return the snapshot of *product*'s scope.

    Args:
        product: The rules.
        tracker: Jira.
        known: ``{id: issue}`` as last pulled.
        mark: Where the last pull ended; None: fetch everything.
        pins: Fields as pinned by earlier pulls.
        browse_url: The site's address for people, for links.
        now: Our own time, used where the site does not say its own (aware, UTC).
        full: Fetch everything whatever the mark says.

    Raises:
        IncompleteInputError: What was found cannot be the whole truth.
        BadQueryError: Jira refuses a JQL of the rules.
    """
    site = tracker.site()
    visible = tracker.projects(levels=False)
    resolution = _resolve(product, tracker, visible, pins)
    started = site.now or now
    before = _projects_of(tracker, known.values())
    rules = _pull_rules(product, resolution, before, started)
    same_scope = mark is not None and _scope_part(mark.rules) == _scope_part(rules)
    incremental = mark if mark and mark.rules == rules and not full else None
    fetched, issues = _read_checked(
        product,
        tracker,
        fields=resolution.fields(),
        known=known,
        counted_on=known if same_scope else {},
        visible=visible,
        mark=incremental,
    )
    same_projects = {issue.project for issue in issues} == {one.key for one in before}
    projects = before if same_projects else _projects_of(tracker, issues)
    snapshot = _snapshot(
        product,
        tracker,
        browse_url=browse_url,
        resolution=resolution,
        projects=projects,
        issues=issues,
        started=started,
    )
    gone = tuple(sorted(known.keys() - {issue.id for issue in issues}, key=int))
    rules = _pull_rules(product, resolution, projects, started)
    return Pulled(
        snapshot=snapshot,
        mark=PullMark(product=product.id, rules=rules, since=started, count=len(issues)),
        pins=resolution.pins,
        notes=tuple(Note(kind="field", text=text) for text in resolution.warnings),
        changed=tuple(fetched.values()),
        gone=gone,
        lost=unexplained(tracker, gone) if same_scope else (),
        before=len(known),
        full=incremental is None,
    )


def _read_checked(
    product: Product,
    tracker: IssueTracker,
    *,
    fields: tuple[Field, ...],
    known: Mapping[str, Issue],
    counted_on: Mapping[str, Issue],
    visible: tuple[Project, ...],
    mark: PullMark | None,
) -> tuple[dict[str, Issue], tuple[Issue, ...]]:
    """Return what was fetched, and all issues of the scope in rank order, if that can be the whole.

    Args:
        product: The rules.
        tracker: Jira.
        fields: What is fetched of each issue besides the usual.
        known: ``{id: issue}`` as last pulled.
        counted_on: Those of *known* that must not vanish unseen.
        visible: Every project that the account sees.
        mark: Where the last pull ended; None: fetch everything.
    """
    # An issue of a project that is not there has another key now: it is fetched like a new one.
    keys = {project.key for project in visible}
    fresh = {one: issue for one, issue in known.items() if issue.project in keys}
    try:
        census, fetched = _read(product, tracker, fields, fresh, mark)
    except BadQueryError:
        # A project that is not visible cannot be asked for either; that is the better message.
        check_projects(counted_on, visible, ())
        raise
    check_not_empty(product.id, known, census)
    check_projects(counted_on, visible, census)
    merged = {**fresh, **fetched} if mark else fetched
    undelivered = tuple(issue for issue in census if issue not in merged)
    if undelivered:
        # Asked once more; what is known of those that stay away still holds.
        again = fetch_by_id(tracker, undelivered, fields)
        fetched = fetched | again
        merged = merged | {one: fresh[one] for one in undelivered if one in fresh} | again
    check_delivered(product, census, merged)
    return fetched, tuple(merged[issue] for issue in census if issue in merged)


def _resolve(
    product: Product, tracker: IssueTracker, projects: Iterable[Project], pins: Pins
) -> Resolution:
    names = field_names(product)
    if not names:
        return Resolution()
    resolution = resolve(names, tracker.fields(), projects, pins)
    if resolution.problems:
        raise UnknownFieldsError(product.id, resolution.problems)
    return resolution


def _projects_of(tracker: IssueTracker, issues: Iterable[Issue]) -> tuple[Project, ...]:
    """Return the projects that *issues* are in, with their security levels."""
    keys = sorted({issue.project for issue in issues})
    return tracker.projects(keys) if keys else ()


def _pull_rules(
    product: Product, resolution: Resolution, projects: Iterable[Project], started: datetime
) -> str:
    """Return what decides which issues are kept, with which fields: sha256 of each, and the day.

    What differs calls for a full pull. Security levels count, because issues were delivered
    without the field before a project had any; and the day, because not everything that changes
    an issue touches its ``updated``: a status that was renamed, or put into another category.
    """
    scope = [product.site, product.scope]
    fields = [field.id for field in resolution.fields()]
    levels = [f"{one.key}={one.security_levels}" for one in projects]
    parts = [_sha256(part) for part in (scope, fields, sorted(levels))]
    return "/".join((*parts, started.date().isoformat()))


def _scope_part(rules: str) -> str:
    """Return the part that speaks of the scope: if it differs, issues left because we said so."""
    return rules.partition("/")[0]


def _sha256(value: list[str]) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def _read(
    product: Product,
    tracker: IssueTracker,
    fields: tuple[Field, ...],
    known: Mapping[str, Issue],
    mark: PullMark | None,
) -> tuple[tuple[str, ...], dict[str, Issue]]:
    """Return the census and the issues that had to be fetched, ``{id: issue}``."""
    census: list[str] = []

    def counted() -> Iterator[tuple[str, ...]]:
        for page in ask(tracker, "scope", within(product.scope)):
            census.extend(page)
            yield page

    if mark is None:
        fetched = _fetch(tracker, counted(), fields)
    else:
        new = [issue for page in counted() for issue in page if issue not in known]
        since = int((mark.since - OVERLAP).timestamp() * 1000)
        touched = ask_all(tracker, "scope", within(product.scope, f"updated >= {since}"))
        fetched = fetch_by_id(tracker, dict.fromkeys([*new, *touched]), fields)
    return tuple(census), fetched


def _fetch(
    tracker: IssueTracker, pages: Iterator[tuple[str, ...]], fields: tuple[Field, ...]
) -> dict[str, Issue]:
    return {issue.id: issue for page in tracker.fetch(pages, fields) for issue in page}


def _snapshot(
    product: Product,
    tracker: IssueTracker,
    *,
    browse_url: str,
    resolution: Resolution,
    projects: tuple[Project, ...],
    issues: tuple[Issue, ...],
    started: datetime,
) -> Snapshot:
    by_key = {project.key: project for project in projects}
    readable = product.pages.readers.projects if product.pages else None
    restricted = frozenset(i.id for i in issues if is_restricted(i, by_key, readable))
    shown = tuple(issue for issue in issues if issue.id not in restricted)
    ids = frozenset(issue.id for issue in shown)
    keys = sorted({issue.project for issue in shown})
    sets = {
        name: frozenset(ask_all(tracker, name, within(product.scope, jql))) & ids
        for name, jql in queries(product).items()
    }
    return Snapshot(
        product=product.id,
        browse_url=browse_url,
        pulled_at=started,
        issues=strip_hidden(shown),
        restricted=restricted,
        sets=sets,
        projects=tuple(by_key[key] for key in keys if key in by_key),
        versions=tuple(version for key in keys for version in tracker.versions(key)),
        fields={name: _per_project(resolution, name, keys) for name in resolution.found},
    )


def _per_project(resolution: Resolution, name: str, keys: Iterable[str]) -> dict[str, Field]:
    scoped = {key: resolution.in_project(name, key) for key in (*keys, EVERYWHERE)}
    return {key: field for key, field in scoped.items() if field}
