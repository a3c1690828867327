"""Whether the readers of an approved page may still see every issue it speaks of (P10)."""

from collections.abc import Iterable

from pmsync.core.disclosure import is_restricted
from pmsync.core.rules import Product
from pmsync.ports import IssueTracker

CALL = 100


def unreadable(product: Product, tracker: IssueTracker, mentioned: Iterable[str]) -> frozenset[str]:
    """Return those of *mentioned* (ids) that are gone, hidden or restricted by now.

    A plan may wait for days between the pull that it was made from and its approval.
    """
    asked = sorted(set(mentioned), key=int)
    if not asked:
        return frozenset()
    pages = [tuple(asked[start : start + CALL]) for start in range(0, len(asked), CALL)]
    issues = [issue for page in tracker.fetch(pages, ()) for issue in page]
    projects = tracker.projects(sorted({issue.project for issue in issues})) if issues else ()
    by_key = {project.key: project for project in projects}
    readers = product.pages.readers.projects if product.pages else None
    readable = {issue.id for issue in issues if not is_restricted(issue, by_key, readers)}
    return frozenset(asked) - readable
