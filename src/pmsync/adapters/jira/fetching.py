"""The bulk fetch: many calls at once, memory bounded by the calls in flight."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from pmsync.adapters.jira.crew import Crew, pool_of
from pmsync.adapters.jira.decoding import Decoder
from pmsync.adapters.jira.wire import Wire, misshapen
from pmsync.core.errors import RemoteDownError
from pmsync.core.model import Issue

PATH = "/rest/api/3/issue/bulkfetch"
CALL = 100
"""Most issues a call."""

TRIES = 3
"""How often Jira is asked for an issue that it names as not deliverable just now."""


def fetch(
    wire: Wire,
    make_decoder: Callable[[], Decoder],
    ids: Iterable[Sequence[str]],
    *,
    threads: int,
) -> Iterator[tuple[Issue, ...]]:
    """Yield the issues of *ids*, a call's worth at a time, in no particular order.

    Every page of ids is asked for before the issues of the one before it, so that the calls
    never wait for ids.

    Args:
        wire: Where to ask.
        make_decoder: Called once, while the first page is on its way.
        ids: Pages of ids, consumed as they come, in threads of the fetch but one at a time.
        threads: Calls at once, those for ids included.
    """
    pages = iter(ids)
    left: list[str] = []
    with pool_of(threads) as pool:
        ahead = pool.submit(next, pages, None)
        decoder = make_decoder()
        crew: Crew[list[str], tuple[Issue, ...]]
        crew = Crew(pool, lambda call: _one_call(wire, decoder, call), threads)
        while (page := ahead.result()) is not None:
            ahead = pool.submit(next, pages, None)
            left.extend(page)
            while len(left) >= CALL:
                yield from crew.put(left[:CALL])
                del left[:CALL]
        if left:
            yield from crew.put(left)
        yield from crew.rest()


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
