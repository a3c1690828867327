"""Page by page: by token for searches, by position for lists."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from pmsync.adapters.jira.shapes import SearchPage
from pmsync.adapters.jira.wire import Params, Wire
from pmsync.core.errors import UnexpectedAnswerError

SEARCH = "/rest/api/3/search/jql"
SEARCH_PAGE = 5000
"""The most Jira gives; it may give fewer, never more."""

MOST_PAGES = 2000
"""More than any site has; a server that never ends is one that is broken."""

T = TypeVar("T")


class Listed(msgspec.Struct, Generic[T], rename={"is_last": "isLast"}):
    """One page of a list."""

    values: list[T]
    is_last: bool | None = None
    total: int | None = None


def search(wire: Wire, jql: str, reconcile: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield pages of issue ids.

    Raises:
        UnexpectedAnswerError: The pages do not add up: a token came twice, is missing where
            more is announced, or there is no end. Nothing may be concluded from a part (P5).
    """
    body: dict[str, object] = {"jql": jql, "fields": ["id"], "maxResults": SEARCH_PAGE}
    if reconcile:
        body["reconcileIssues"] = [int(issue) for issue in reconcile]
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = wire.post(SearchPage, SEARCH, body)
        yield tuple(issue.id for issue in page.issues)
        if page.is_last or (page.is_last is None and not page.token):
            return
        if not page.token or page.token in seen:
            raise _incomplete(
                "a page token came twice" if page.token else "a page token is missing"
            )
        seen.add(page.token)
        body["nextPageToken"] = page.token
    no_end = f"no end after {MOST_PAGES} pages"
    raise _incomplete(no_end)


def _incomplete(what: str) -> UnexpectedAnswerError:
    sentence = f"a search cannot be read to its end: {what}"
    return UnexpectedAnswerError(
        sentence,
        method="POST",
        url=SEARCH,
        cure="try again; if it stays, report it to Atlassian",
    )


def listed(wire: Wire, kind: type[T], path: str, params: Params, *, size: int) -> Iterator[T]:
    """Yield all entries of a list that is paged by position.

    A page may be shorter than asked for without being the last one, so only ``isLast``, an empty
    page or the total end it.
    """
    start = 0
    while True:
        page = wire.get(Listed[kind], path, {**params, "startAt": start, "maxResults": size})  # type: ignore[valid-type] # a struct of this kind
        yield from page.values
        start += len(page.values)
        if page.is_last or not page.values or (page.is_last is None and start >= (page.total or 0)):
            return
