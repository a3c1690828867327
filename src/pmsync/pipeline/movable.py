"""Whether the issues of an approved plan may still be moved, on the day it is applied."""

from collections.abc import Collection, Iterable, Mapping

from pmsync.core.model import Issue
from pmsync.core.queries import within
from pmsync.core.rules import Product
from pmsync.pipeline.ask import ask_all, fetch_by_id
from pmsync.pipeline.readable import restricted_now
from pmsync.ports import IssueTracker

OPEN_SPRINTS = "sprint in openSprints()"


def unmovable(product: Product, tracker: IssueTracker, named: Iterable[str]) -> dict[str, str]:
    """Return ``{issue id: why}`` for those of *named* that the rules keep in place by now.

    A plan may wait for days; work begins in the meantime, and issues are pinned or restricted.
    """
    asked = sorted(set(named), key=int)
    if not asked or product.rank is None:
        return {}
    issues = fetch_by_id(tracker, asked)
    found = dict.fromkeys(asked, "it is gone, or hidden from the account")
    for issue in issues.values():
        del found[issue.id]
    hidden = restricted_now(product, tracker, issues.values())
    found |= dict.fromkeys(hidden, "it is restricted now")
    for entry in product.rank.never_move:
        stays, why = _stays(product, tracker, entry, issues)
        found |= {issue: why for issue in stays if issue in issues and issue not in found}
    return found


def _stays(
    product: Product, tracker: IssueTracker, entry: str, issues: Mapping[str, Issue]
) -> tuple[Collection[str], str]:
    if entry == "in_progress":
        begun = [one.id for one in issues.values() if one.category == "indeterminate"]
        return begun, "work on it has begun"
    if entry == "child_in_open_sprint":
        below = ask_all(tracker, entry, within(product.scope, OPEN_SPRINTS))
        return _with_parents(tracker, below), "a child of it is in an open sprint"
    return ask_all(tracker, entry, within(product.scope, entry)), f"the rules keep it ({entry})"


def _with_parents(tracker: IssueTracker, issues: Collection[str]) -> set[str]:
    """Return *issues* and everything above them, a level a round."""
    found: set[str] = set()
    level = set(issues)
    while level:
        found |= level
        parents = {one.parent_id for one in fetch_by_id(tracker, sorted(level)).values()}
        level = {parent for parent in parents if parent} - found
    return found
