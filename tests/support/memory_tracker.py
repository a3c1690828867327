"""An issue tracker in memory: the fake that pipeline tests use, held to the adapter's contract.

It reads the small part of JQL that the tests need, and refuses the rest in Jira's way.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from typing_extensions import override

from pmsync.core.errors import NotFoundError, RequestRefusedError
from pmsync.core.model import Field, Issue, Project, Version
from pmsync.ports import Account, IssueTracker, IssueType, RankResult, Site

Filter = Callable[[Issue], bool]

_CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
_CLAUSE = re.compile(
    r"(project|id|key|statusCategory)\s*(=|!=|in)\s*(\([^)]*\)|\"[^\"]*\"|\S+)", re.IGNORECASE
)
_READ: Mapping[str, Callable[[Issue], str]] = {
    "project": lambda issue: issue.project,
    "id": lambda issue: issue.id,
    "key": lambda issue: issue.key,
    "statuscategory": lambda issue: issue.category,
}


@dataclass(slots=True, kw_only=True)
class MemoryTracker(IssueTracker):
    """Jira as far as :class:`IssueTracker` speaks of it.

    Attributes:
        ranked: The issues, top first, with the values of all their fields.
        grants: Permission keys the account holds.
        refusals: ``{issue id: words}``; the next rank call that names it refuses it.
        page: How many ids a page of a search has.
        asked: Every JQL that was asked, in order.
        named: The ids of every rank call, in order.
    """

    ranked: list[Issue] = field(default_factory=list)
    catalogue: tuple[Field, ...] = ()
    places: tuple[Project, ...] = ()
    releases: tuple[Version, ...] = ()
    types: tuple[IssueType, ...] = ()
    grants: set[str] = field(default_factory=set)
    refusals: dict[str, str] = field(default_factory=dict)
    page: int = 3
    clock: Callable[[], datetime] = lambda: datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    asked: list[str] = field(default_factory=list)
    named: list[tuple[str, ...]] = field(default_factory=list)

    @override
    def site(self) -> Site:
        browse = "https://acme.test"
        return Site(flavor="Cloud", version="1001.0.0", browse_url=browse, now=self.clock())

    @override
    def account(self) -> Account:
        return Account(id="bot", name="Bot", time_zone="Europe/Berlin")

    @override
    def permissions(self, keys: Sequence[str], project: str | None = None) -> dict[str, bool]:
        return {key: key in self.grants for key in keys}

    @override
    def fields(self) -> tuple[Field, ...]:
        return self.catalogue

    @override
    def issue_types(self) -> tuple[IssueType, ...]:
        return self.types

    @override
    def projects(
        self, keys: Sequence[str] | None = None, *, levels: bool = True
    ) -> tuple[Project, ...]:
        found = [place for place in self.places if keys is None or place.key in keys]
        return tuple(place if levels else replace(place, security_levels=None) for place in found)

    @override
    def versions(self, project: str) -> tuple[Version, ...]:
        if not self.projects([project]):
            what = f"No project could be found with key '{project}'."
            raise NotFoundError(what, status=404, method="GET")
        return tuple(version for version in self.releases if version.project == project)

    @override
    def search(self, jql: str, *, reconcile: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        self.asked.append(jql)
        keep = _filter(jql)
        found = [issue.id for issue in self.ranked if keep(issue)]
        for start in range(0, max(len(found), 1), self.page):
            yield tuple(found[start : start + self.page])

    @override
    def fetch(
        self, ids: Iterable[Sequence[str]], fields: Sequence[Field]
    ) -> Iterator[tuple[Issue, ...]]:
        known = {issue.id: issue for issue in self.ranked}
        for page in ids:
            found = [known[issue] for issue in page if issue in known]
            yield tuple(
                replace(issue, values={each.id: issue.values.get(each.id) for each in fields})
                for issue in found
            )

    @override
    def rank(
        self, issues: Sequence[str], *, before: str | None = None, after: str | None = None
    ) -> RankResult:
        if not 0 < len(issues) <= 50 or (before is None) == (after is None):
            what = "a rank call takes 1 to 50 issues and one anchor"
            raise RequestRefusedError(what, method="PUT")
        self.named.append(tuple(issues))
        refused = {issue: self.refusals.pop(issue) for issue in issues if issue in self.refusals}
        known = {issue.id: issue for issue in self.ranked}
        anchor = before or after or ""
        if anchor not in known or not set(issues) <= known.keys():
            what = "Issue does not exist or you do not have permission to see it."
            raise RequestRefusedError(what, status=400, method="PUT")
        moved = [known[issue] for issue in issues if issue not in refused]
        rest = [issue for issue in self.ranked if issue not in moved]
        at = rest.index(known[anchor]) + (before is None)
        self.ranked = [*rest[:at], *moved, *rest[at:]]
        return RankResult(refused=refused)


def _filter(jql: str) -> Filter:
    query = re.split(r"(?i)\border\s+by\b", jql)[0].strip()
    if not query:
        what = "Unbounded JQL queries are not allowed here."
        raise RequestRefusedError(what, status=400, method="POST")
    clauses = [_clause(part.strip(" ()")) for part in re.split(r"(?i)\s+and\s+", query)]
    return lambda issue: all(clause(issue) for clause in clauses)


def _clause(text: str) -> Filter:
    found = _CLAUSE.fullmatch(text if "(" not in text else text + ")")
    if found is None:
        what = f"Error in the JQL Query: {text!r}"
        raise RequestRefusedError(what, status=400, method="POST")
    name, sign, operand = found.groups()
    wanted = {value.strip().strip('"') for value in operand.strip("()").split(",")}
    wanted = {_CATEGORIES.get(value, value) for value in wanted}
    read = _READ[name.lower()]
    return lambda issue: (read(issue) in wanted) is (sign != "!=")
