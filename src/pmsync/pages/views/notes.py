"""Release notes of a version: what it brings, in its readers' words."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pmsync.core.model import Issue, Version
from pmsync.core.queries import notes_only_name
from pmsync.core.rules import ReleaseNotes
from pmsync.pages.text import clean_text, one_line
from pmsync.pages.views.common import IssueRef, Source, page_title

_GROUPS = {
    "New": ("story", "feature", "new feature", "epic", "initiative", "user story", "idea"),
    "Improved": ("improvement", "enhancement", "change", "change request"),
    "Fixed": ("bug", "defect", "incident", "fault", "problem", "hotfix"),
}
_GROUP_OF = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_OTHER = "Also in this release"
_TOLD_WITH_EPIC = ("New", "Improved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the notes.

    Attributes:
        text: The sentence written for readers, else the summary.
    """

    issue: IssueRef
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """An epic that the version finishes.

    Attributes:
        text: The sentence written for readers, else the summary.
        entries: What is new or improved in it; these are in no group.
    """

    issue: IssueRef
    text: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries of one kind, under a heading for readers."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesView:
    """The page's content.

    Attributes:
        date: The release date, or for an upcoming version the planned one; None: not set.
        paragraphs: The version's description.
        counts: How many changes of each kind, in words: ``8 new``; epics are not counted.
        highlights: Epics that the version finishes.
        links: Whether entries link to their issues.
        total: How many changes are told, in highlights and groups together.
    """

    kind: ClassVar[str] = "release_notes"
    title: str
    product: str
    version: str
    audience: str
    released: bool
    date: date | None
    paragraphs: tuple[str, ...]
    counts: tuple[str, ...]
    highlights: tuple[Highlight, ...]
    groups: tuple[Group, ...]
    links: bool
    total: int


def notes_view(source: Source, rules: ReleaseNotes, version: Version) -> NotesView:
    """Return the notes of one version for one audience."""
    told = told_issues(source, rules, version)
    epics = [issue for issue in told if issue.level >= 1]
    rest = [issue for issue in told if issue.level == 0]
    highlights = tuple(_highlight(source, rules, epic, rest) for epic in epics)
    return NotesView(
        title=_title(source, rules, version),
        product=one_line(source.product.name),
        version=one_line(version.name),
        audience=one_line(rules.audience),
        released=version.released,
        date=version.release_date,
        paragraphs=_paragraphs(version.description),
        counts=_counts(rest),
        highlights=highlights,
        groups=_groups(source, rules, rest, epics),
        links=rules.links,
        total=len(told),
    )


def told_versions(
    source: Source, rules: ReleaseNotes, owned: Collection[str] = ()
) -> tuple[Version, ...]:
    """Return the versions that get a page, newest first.

    Released since the day declared (a version without a date counts from its last finished
    issue), and upcoming ones if they are wanted; only those with a finished issue in scope, or
    with a page already: what its readers may no longer see must not stay on it.

    Args:
        source: What the pages are made from.
        rules: The audience's rules.
        owned: Ids of the versions that have a page for this audience.
    """
    found: list[tuple[date, str, Version]] = []
    for version in source.snapshot.versions:
        done = _readable(source, rules, version)
        if not (done or version.id in owned) or not (version.released or rules.upcoming):
            continue
        day = version.release_date or max(
            (issue.resolved.date() for issue in done if issue.resolved), default=date.min
        )
        if not version.released or day >= rules.since or version.id in owned:
            found.append((day, version.id, version))
    return tuple(version for _, _, version in sorted(found, key=lambda f: f[:2], reverse=True))


def told_issues(source: Source, rules: ReleaseNotes, version: Version) -> list[Issue]:
    """Return the finished issues of *version* that this audience is told of, sub-tasks left out."""
    chosen = source.snapshot.sets.get(notes_only_name(rules.audience), frozenset())
    return [
        issue for issue in _readable(source, rules, version) if not rules.only or issue.id in chosen
    ]


def _readable(source: Source, rules: ReleaseNotes, version: Version) -> list[Issue]:
    """Return the finished issues of *version* that every reader of these notes may see (P10)."""
    done = source.done_in.get(version.id, ())
    projects = rules.readers.projects if rules.readers else None
    return [issue for issue in done if projects is None or issue.project in projects]


def notes_gaps(source: Source, rules: ReleaseNotes, version: Version) -> tuple[str, ...]:
    """Return what is missing before these notes are good; for the plan, never for the page."""
    gaps: list[str] = []
    name = f"{one_line(version.name)} for {one_line(rules.audience)}"
    if version.released and version.release_date is None:
        gaps.append(f"{name}: released, but without a release date")
    told = told_issues(source, rules, version)
    if rules.text:
        gaps += [
            f"{name}: {issue.key} is done, but {rules.text} is empty"
            for issue in told
            if not source.text(text_field(rules), issue)
        ]
    gaps += [
        f"{name}: {issue.key} is {issue.status}, not done"
        for issue in source.issues.values()
        if version.released and version.id in issue.versions and issue.category != "done"
    ]
    return tuple(gaps)


def text_field(rules: ReleaseNotes) -> str:
    """Return the name under which the snapshot resolved this audience's text field."""
    return f"notes:{rules.audience}:text"


def _title(source: Source, rules: ReleaseNotes, version: Version) -> str:
    """Return a title that no other version of the product shares.

    Versions belong to projects, so two of a product may have one name, and Confluence does not
    tell titles apart by case. A version that is named after the product does not say it twice.
    """
    product, name = one_line(source.product.name), one_line(version.name, 120)
    others = Counter(one_line(other.name, 120).casefold() for other in source.snapshot.versions)
    named = name if product.casefold() in name.casefold() else f"{product} {name}"
    if others[name.casefold()] > 1:
        named = f"{named} ({version.project})"
    return page_title(named, f"release notes for {rules.audience}")


def _paragraphs(description: str) -> tuple[str, ...]:
    blocks = clean_text(description).split("\n\n")
    return tuple(line for line in (one_line(block) for block in blocks) if line)


def _counts(rest: Sequence[Issue]) -> tuple[str, ...]:
    counted = Counter(_group_of(issue) for issue in rest)
    words = {**{name: name.lower() for name in _GROUPS}, _OTHER: "other"}
    return tuple(f"{counted[name]} {word}" for name, word in words.items() if counted[name])


def _highlight(
    source: Source, rules: ReleaseNotes, epic: Issue, rest: Sequence[Issue]
) -> Highlight:
    return Highlight(
        issue=source.ref(epic),
        text=_text(source, rules, epic),
        entries=tuple(_entry(source, rules, issue) for issue in rest if _is_told_with(issue, epic)),
    )


def _groups(
    source: Source, rules: ReleaseNotes, rest: Sequence[Issue], epics: Sequence[Issue]
) -> tuple[Group, ...]:
    grouped: dict[str, list[Entry]] = {}
    for issue in rest:
        if not any(_is_told_with(issue, epic) for epic in epics):
            grouped.setdefault(_group_of(issue), []).append(_entry(source, rules, issue))
    return tuple(
        Group(name=name, entries=tuple(grouped[name]))
        for name in (*_GROUPS, _OTHER)
        if name in grouped
    )


def _is_told_with(issue: Issue, epic: Issue) -> bool:
    """Tell whether *issue* stands under the highlight of *epic*; what was fixed stands apart."""
    return issue.parent_id == epic.id and _group_of(issue) in _TOLD_WITH_EPIC


def _group_of(issue: Issue) -> str:
    return _GROUP_OF.get(issue.issue_type.casefold(), _OTHER)


def _entry(source: Source, rules: ReleaseNotes, issue: Issue) -> Entry:
    return Entry(issue=source.ref(issue), text=_text(source, rules, issue))


def _text(source: Source, rules: ReleaseNotes, issue: Issue) -> str:
    return source.text(text_field(rules), issue) or one_line(issue.summary)
