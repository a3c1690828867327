"""Several calls at once, with a bound on what is waiting to be looked at."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class Crew(Generic[S, T]):
    """Does one kind of work on many items, in the threads of a pool.

    Twice as many items as there are threads are handed out: no thread waits while the caller
    looks at results, and no more than that is ever held.

    Args:
        pool: Whose threads.
        work: What to do with an item.
        size: How many threads.
    """

    def __init__(self, pool: ThreadPoolExecutor, work: Callable[[S], T], size: int) -> None:
        self._pool = pool
        self._work = work
        self._most = 2 * size
        self._waiting: set[Future[T]] = set()

    def put(self, item: S) -> Iterator[T]:
        """Hand out one item; yield what is done, if the crew has enough to do."""
        self._waiting.add(self._pool.submit(self._work, item))
        if len(self._waiting) >= self._most:
            yield from self._some()

    def rest(self) -> Iterator[T]:
        """Yield everything that is still to come."""
        while self._waiting:
            yield from self._some()

    def _some(self) -> Iterator[T]:
        done, self._waiting = wait(self._waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


@contextmanager
def pool_of(count: int) -> Iterator[ThreadPoolExecutor]:
    """Give a pool that drops what has not begun when the block ends by an error."""
    with ThreadPoolExecutor(count, thread_name_prefix="jira") as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def in_parallel(work: Callable[[S], T], items: Iterable[S], *, threads: int) -> Iterator[T]:
    """Yield ``work(item)`` of all *items*, in the order in which they finish."""
    with pool_of(threads) as pool:
        crew = Crew(pool, work, threads)
        for item in items:
            yield from crew.put(item)
        yield from crew.rest()
