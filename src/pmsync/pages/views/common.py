"""What several kinds of pages show of an issue, and which issues their readers may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from babel import Locale

from pmsync.core.backlog import Backlog
from pmsync.core.model import Category, Issue, Snapshot
from pmsync.core.rules import Product
from pmsync.pages.text import clean_text, one_line

LONGEST_TITLE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a product's pages are made from.

    Attributes:
        backlog: None when nothing is ranked. Pages state its desired order as fact.
        mark: First characters of the hash of the rules that shape the order.
        locale: For numbers in sentences.
        issues: ``{id: issue}`` that every reader of the pages may see (P10), in Jira's order.
        unseen: Keys of the issues in scope that some reader may not see.
        done_in: ``{version id: finished issues}``, sub-tasks left out, in Jira's order.
    """

    product: Product
    snapshot: Snapshot
    backlog: Backlog | None
    mark: str
    locale: Locale
    issues: Mapping[str, Issue] = field(init=False)
    unseen: frozenset[str] = field(init=False)
    done_in: Mapping[str, Sequence[Issue]] = field(init=False)

    def __post_init__(self) -> None:
        issues = visible(self.product, self.snapshot)
        unseen = (issue.key for issue in self.snapshot.issues if issue.id not in issues)
        object.__setattr__(self, "issues", issues)
        object.__setattr__(self, "unseen", frozenset(unseen))
        object.__setattr__(self, "done_in", _done_in(issues.values()))

    def ordered(self) -> list[str]:
        """Return the visible ids of the backlog in its desired order."""
        ids = self.backlog.desired if self.backlog else ()
        return [issue for issue in ids if issue in self.issues]

    def text(self, name: str, issue: Issue) -> str:
        """Return the text of the field configured under *name*, in one line; empty without one."""
        entry = self.snapshot.fields.get(name, {}).get(issue.project)
        raw = issue.values.get(entry.id) if entry else None
        return one_line(raw) if isinstance(raw, str) else ""

    def ref(self, issue: Issue) -> "IssueRef":
        """Return what a page shows of *issue*."""
        return IssueRef(
            key=one_line(issue.key),
            url=f"{self.snapshot.browse_url}/browse/{quote(clean_text(issue.key), safe='-')}",
            summary=one_line(issue.summary),
            status=one_line(issue.status),
            category=issue.category,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRef:
    """An issue as a page shows it.

    Attributes:
        url: Its address for people.
        category: Jira's status category; decides the colour of the status.
    """

    key: str
    url: str
    summary: str
    status: str
    category: Category


def visible(product: Product, snapshot: Snapshot) -> dict[str, Issue]:
    """Return ``{id: issue}`` of the issues that every reader of the pages may see (P10)."""
    projects = set(product.pages.readers.projects) if product.pages else set()
    return {
        issue.id: issue
        for issue in snapshot.issues
        if issue.project in projects
        and issue.security != "restricted"
        and issue.id not in snapshot.restricted
    }


def _done_in(issues: Iterable[Issue]) -> dict[str, list[Issue]]:
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        if issue.category == "done" and issue.level >= 0:
            for version in issue.versions:
                found.setdefault(version, []).append(issue)
    return found


def is_ranked_level(product: Product, issue: Issue) -> bool:
    """Tell whether *issue* is of the level that the product ranks; without one, an epic."""
    level = product.rank.level if product.rank else 1
    if isinstance(level, int):
        return issue.level == level
    return issue.issue_type.casefold() == level.casefold()


def page_title(name: str, rest: str) -> str:
    """Return ``name: rest`` with *name* cut so that Confluence takes the title.

    Confluence counts 255 characters as Java does: one beyond the first 65,536 counts twice.
    """
    head, tail = one_line(name), one_line(rest, 120)
    while _java_length(f"{head}: {tail}") > LONGEST_TITLE:
        head = head.removesuffix("…")[:-1].rstrip() + "…"
    return f"{head}: {tail}"


def _java_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
