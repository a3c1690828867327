"""Release notes of a version: what it brings, in its readers' words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pmsync.core.model import Issue, Version
from pmsync.core.rules import ReleaseNotes
from pmsync.pages.text import clean_text, one_line
from pmsync.pages.views.common import IssueRef, Source, page_title

_GROUPS = {
    "New": ("story", "feature", "new feature", "epic", "initiative", "user story", "idea"),
    "Improved": ("improvement", "enhancement", "change", "change request", "task"),
    "Fixed": ("bug", "defect", "incident", "fault", "problem", "hotfix"),
}
_GROUP_OF = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_OTHER = "Also in this release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the notes.

    Attributes:
        text: The sentence written for readers, else the summary.
        part_of: Summary of the epic it belongs to; empty if there is none to show.
        parts: How many finished issues of the version belong to it (for a highlight).
    """

    issue: IssueRef
    text: str
    part_of: str = ""
    parts: int = 0


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
        highlights: Epics that the version finishes.
        links: Whether entries link to their issues.
    """

    kind: ClassVar[str] = "release_notes"
    title: str
    product: str
    version: str
    audience: str
    released: bool
    date: date | None
    paragraphs: tuple[str, ...]
    highlights: tuple[Entry, ...]
    groups: tuple[Group, ...]
    links: bool

    @property
    def total(self) -> int:
        """How many changes are told, highlights included."""
        return len(self.highlights) + sum(len(group.entries) for group in self.groups)


def notes_view(source: Source, rules: ReleaseNotes, version: Version) -> NotesView:
    """Return the notes of one version for one audience."""
    told = told_issues(source, rules, version)
    epics = [issue for issue in told if issue.level >= 1]
    rest = [issue for issue in told if issue.level == 0]
    return NotesView(
        title=_title(source, rules, version),
        product=one_line(source.product.name),
        version=one_line(version.name),
        audience=one_line(rules.audience),
        released=version.released,
        date=version.release_date,
        paragraphs=_paragraphs(version.description),
        highlights=tuple(_highlight(source, rules, issue, rest) for issue in epics),
        groups=_groups(source, rules, rest),
        links=rules.links,
    )


def told_versions(source: Source, rules: ReleaseNotes) -> tuple[Version, ...]:
    """Return the versions that get a page, newest first.

    Released since the day declared (a version without a date counts from its last finished
    issue), and upcoming ones if they are wanted; only those with a finished issue in scope.
    """
    found: list[tuple[date, str, Version]] = []
    for version in source.snapshot.versions:
        done = _done(source, version)
        if not done or not (version.released or rules.upcoming):
            continue
        day = version.release_date or max(
            (issue.resolved.date() for issue in done if issue.resolved), default=date.min
        )
        if not version.released or day >= rules.since:
            found.append((day, version.id, version))
    return tuple(version for _, _, version in sorted(found, key=lambda f: f[:2], reverse=True))


def told_issues(source: Source, rules: ReleaseNotes, version: Version) -> list[Issue]:
    """Return the finished issues of *version* that this audience is told of, sub-tasks left out."""
    chosen = source.snapshot.sets.get(f"notes:{rules.audience}:only", frozenset())
    return [issue for issue in _done(source, version) if not rules.only or issue.id in chosen]


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


def _done(source: Source, version: Version) -> list[Issue]:
    return [
        issue
        for issue in source.issues.values()
        if version.id in issue.versions and issue.category == "done" and issue.level >= 0
    ]


def _title(source: Source, rules: ReleaseNotes, version: Version) -> str:
    """Return a title that no other version of the product shares.

    Versions belong to projects, so two of a product may have one name, and Confluence does not
    tell titles apart by case.
    """
    name = one_line(version.name)
    namesakes = Counter(one_line(other.name).casefold() for other in source.snapshot.versions)
    if namesakes[name.casefold()] > 1:
        name = f"{name} ({version.project})"
    return page_title(source.product.name, f"{name}, notes for {rules.audience}")


def _paragraphs(description: str) -> tuple[str, ...]:
    blocks = clean_text(description).split("\n\n")
    return tuple(line for line in (one_line(block) for block in blocks) if line)


def _highlight(source: Source, rules: ReleaseNotes, epic: Issue, rest: Sequence[Issue]) -> Entry:
    return Entry(
        issue=source.ref(epic),
        text=_text(source, rules, epic),
        parts=sum(1 for issue in rest if issue.parent_id == epic.id),
    )


def _groups(source: Source, rules: ReleaseNotes, rest: Sequence[Issue]) -> tuple[Group, ...]:
    grouped: dict[str, list[Entry]] = {}
    for issue in rest:
        name = _GROUP_OF.get(issue.issue_type.casefold(), _OTHER)
        grouped.setdefault(name, []).append(_entry(source, rules, issue))
    return tuple(
        Group(name=name, entries=tuple(grouped[name]))
        for name in (*_GROUPS, _OTHER)
        if name in grouped
    )


def _entry(source: Source, rules: ReleaseNotes, issue: Issue) -> Entry:
    parent = source.issues.get(issue.parent_id or "")
    return Entry(
        issue=source.ref(issue),
        text=_text(source, rules, issue),
        part_of=one_line(parent.summary) if parent else "",
    )


def _text(source: Source, rules: ReleaseNotes, issue: Issue) -> str:
    return source.text(text_field(rules), issue) or one_line(issue.summary)
