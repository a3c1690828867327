"""Whether people may still see the issues that an approved plan is about (P10)."""

from collections.abc import Collection, Iterable

from pmsync.core.disclosure import is_restricted
from pmsync.core.model import Issue
from pmsync.core.rules import Product
from pmsync.pipeline.ask import fetch_by_id
from pmsync.ports import IssueTracker


def unreadable(product: Product, tracker: IssueTracker, mentioned: Iterable[str]) -> frozenset[str]:
    """Return those of *mentioned* (ids) that are gone, hidden or restricted by now.

    A plan may wait for days between the pull that it was made from and its approval.
    """
    asked = sorted(set(mentioned), key=int)
    issues = fetch_by_id(tracker, asked)
    hidden = restricted_now(product, tracker, issues.values())
    return frozenset(asked) - (issues.keys() - hidden)


def restricted_now(
    product: Product, tracker: IssueTracker, issues: Collection[Issue]
) -> frozenset[str]:
    """Return the ids of those of *issues* that must not be named, by their projects' levels now."""
    keys = sorted({issue.project for issue in issues})
    by_key = {project.key: project for project in (tracker.projects(keys) if keys else ())}
    readers = product.pages.readers.projects if product.pages else None
    return frozenset(issue.id for issue in issues if is_restricted(issue, by_key, readers))
