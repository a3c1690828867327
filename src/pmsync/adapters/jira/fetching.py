"""The bulk fetch: many calls at once, memory bounded by the calls in flight."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

import msgspec

from pmsync.adapters.jira.decoding import Decoder
from pmsync.adapters.jira.wire import Wire, misshapen
from pmsync.core.errors import RemoteDownError
from pmsync.core.model import Issue

PATH = "/rest/api/3/issue/bulkfetch"
CALL = 100
"""Most issues a call."""

TRIES = 3
"""How often Jira is asked for an issue that it names as not deliverable just now."""

T = TypeVar("T")
S = TypeVar("S")


def fetch(
    wire: Wire, decoder: Decoder, ids: Iterable[Sequence[str]], *, connections: int
) -> Iterator[tuple[Issue, ...]]:
    """Yield the issues of *ids*, a call's worth at a time, in no particular order.

    Args:
        wire: Where to ask.
        decoder: What to keep of the answers.
        ids: Pages of ids, consumed as they come.
        connections: Calls in flight at once.
    """
    yield from in_parallel(
        lambda call: _one_call(wire, decoder, call), _calls(ids), connections=connections
    )


def in_parallel(work: Callable[[S], T], items: Iterable[S], *, connections: int) -> Iterator[T]:
    """Yield ``work(item)`` of all *items* as they finish.

    Twice as many as run are handed out, so that no thread waits while *items* waits for its own
    next page.
    """
    waiting: set[Future[T]] = set()
    with ThreadPoolExecutor(connections, thread_name_prefix="jira") as pool:
        try:
            for item in items:
                waiting.add(pool.submit(work, item))
                if len(waiting) >= 2 * connections:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _calls(pages: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Cut pages of ids into calls; what is left of a page goes into the next one's first call."""
    left: list[str] = []
    for page in pages:
        left.extend(page)
        full = len(left) - len(left) % CALL
        for start in range(0, full, CALL):
            yield left[start : start + CALL]
        del left[:full]
    if left:
        yield left


def _one_call(wire: Wire, decoder: Decoder, ids: Sequence[str]) -> tuple[Issue, ...]:
    found: list[Issue] = []
    failed = ""
    for _ in range(TRIES):
        body = {"issueIdsOrKeys": ids, "fields": decoder.wanted}
        answer = wire.ask(PATH, body)
        try:
            issues, errors = decoder.issues(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise misshapen(answer, error) from error
        found.extend(issues)
        if not errors:
            return tuple(found)
        ids = [error.id for error in errors]
        failed = f"{errors[0].id} ({errors[0].message}) and {len(errors) - 1} more"
    what = f"Jira could not deliver {failed}"
    raise RemoteDownError(what, method="POST", url=PATH, cure="try again later")
