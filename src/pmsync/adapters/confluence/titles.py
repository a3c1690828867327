"""A title is free once in a space; pages in the archive and in the trash keep theirs."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from pmsync.core.errors import RemoteError, RequestRefusedError
from pmsync.ports import PageHead

_TAKEN = re.compile(r"(?i)already exists.{0,60}title|title.{0,60}already exists")

_CURES = {
    "archived": "restore or delete it in Confluence, or choose another title",
    "trashed": "purge it from the space's trash, or choose another title",
}


@contextmanager
def naming_the_blocker(title: str, namesakes: Callable[[], Iterable[PageHead]]) -> Iterator[None]:
    """Where a write is refused because of its title, say which page has it.

    Args:
        title: What the page should be called.
        namesakes: Finds the pages of that title, the one being written left out; asked only
            after a refusal.

    Raises:
        RequestRefusedError: With the blocker, if it can be found, else as it came.
    """
    try:
        yield
    except RequestRefusedError as error:
        if error.status != HTTPStatus.BAD_REQUEST or not _TAKEN.search(error.excerpt):
            raise
        raise _taken(title, _found(namesakes), error) from error


def _found(namesakes: Callable[[], Iterable[PageHead]]) -> PageHead | None:
    try:
        return next(iter(namesakes()), None)
    except RemoteError:
        return None  # the refusal is what counts; who blocks is an extra


def _taken(title: str, blocker: PageHead | None, error: RequestRefusedError) -> RequestRefusedError:
    who = "a page this account may not see"
    cure = "look for it in the space, its archive and its trash, or choose another title"
    if blocker is not None:
        who = f"page {blocker.id} ({blocker.status})"
        cure = _CURES.get(blocker.status, "rename or adopt it, or choose another title")
    return RequestRefusedError(
        f"the title {title!r} is taken in this space by {who}",
        status=error.status,
        method=error.method,
        url=error.url,
        excerpt=error.excerpt,
        applied=error.applied,
        cure=cure,
    )
