"""What was asked of the sites: for `runs`, benchmarks and tests. No bodies, no query strings."""

import threading
from collections import deque
from dataclasses import dataclass

KEPT = 10_000
"""The latest requests are kept one by one; the totals count all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that went out, or tried to.

    Attributes:
        endpoint: Its name in the endpoint table.
        status: HTTP status; 0 when there was no answer.
        seconds: Until the whole answer was read.
        bytes: Length of the answer's body, decoded.
        write_id: Whose permit it went out under; empty for reads.
    """

    product: str
    method: str
    endpoint: str
    status: int
    seconds: float
    bytes: int
    write_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Requests of one kind, added up."""

    count: int = 0
    seconds: float = 0.0
    bytes: int = 0

    def plus(self, request: Request) -> "Total":
        """Return the total with one request more."""
        return Total(
            count=self.count + 1,
            seconds=self.seconds + request.seconds,
            bytes=self.bytes + request.bytes,
        )


class RequestRecord:
    """The requests of all sessions that share it; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: deque[Request] = deque(maxlen=KEPT)
        self._totals: dict[tuple[str, str, int], Total] = {}

    def add(self, request: Request) -> None:
        """Note one request."""
        key = (request.product, request.endpoint, request.status)
        with self._lock:
            self._latest.append(request)
            self._totals[key] = self._totals.get(key, Total()).plus(request)

    def latest(self) -> tuple[Request, ...]:
        """Return the latest requests, oldest first."""
        with self._lock:
            return tuple(self._latest)

    def totals(self) -> dict[tuple[str, str, int], Total]:
        """Return ``{(product, endpoint name, status): total}`` since the beginning."""
        with self._lock:
            return dict(self._totals)

    def count(self) -> int:
        """Return how many requests there were since the beginning."""
        with self._lock:
            return sum(total.count for total in self._totals.values())
