"""Asking Jira for the ids that a JQL of the rules means."""

from collections.abc import Iterable, Iterator, Sequence

from pmsync.core.errors import PmsyncError, RequestRefusedError
from pmsync.core.model import Field, Issue
from pmsync.ports import IssueTracker


class BadQueryError(PmsyncError):
    """Jira refuses a JQL of the rules.

    Attributes:
        name: The query's name, ``scope`` or as in :mod:`pmsync.core.queries`.
    """

    exit_code = 2

    def __init__(self, name: str, jql: str, said: str) -> None:
        super().__init__(
            f"Jira refuses this JQL: {said}", where=f"{name}: {jql}", cure="correct it in the rules"
        )
        self.name = name


def ask(tracker: IssueTracker, name: str, jql: str) -> Iterator[tuple[str, ...]]:
    """Yield pages of ids, each id once, and tell which rule a refused query belongs to."""
    seen: set[str] = set()
    try:
        for page in tracker.search(jql):
            fresh = tuple(issue for issue in dict.fromkeys(page) if issue not in seen)
            seen.update(fresh)
            yield fresh
    except RequestRefusedError as error:
        said = error.what.partition(": ")[2] or error.excerpt or error.what
        raise BadQueryError(name, jql, said) from error


def ask_all(tracker: IssueTracker, name: str, jql: str) -> tuple[str, ...]:
    """Return every id that *jql* means, in its order."""
    return tuple(issue for page in ask(tracker, name, jql) for issue in page)


def fetch_by_id(
    tracker: IssueTracker, ids: Iterable[str], fields: Sequence[Field] = ()
) -> dict[str, Issue]:
    """Return ``{id: issue}`` of those of *ids* that exist and may be seen; none asks nothing."""
    asked = tuple(ids)
    pages = iter((asked,) if asked else ())
    return {issue.id: issue for page in tracker.fetch(pages, fields) for issue in page}
