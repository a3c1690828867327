"""What the site lets us send: pauses after a 429, obeyed by kind and shared by all threads.

Atlassian names the limit that was hit (``RateLimit-Reason``). A burst limit concerns one
endpoint, a per-issue limit one issue, a quota everything until it is reset.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from pmsync.ports import Clock

FIRST_SPACING_S = 0.05
WIDEST_SPACING_S = 2.0

Scope = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What limits are counted by.

    Attributes:
        site: The site's configured name.
        issues: Ids or keys of the issues the request writes to; empty for reads.
    """

    site: str
    product: str
    method: str
    endpoint: str
    issues: Sequence[str] = ()


@dataclass(slots=True, kw_only=True)
class _Lane:
    """One limit: when the next request may go, and how far apart they must be."""

    open_at: float = 0.0
    spacing: float = 0.0


class RateBudget:
    """Pauses by scope, in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._lanes: dict[Scope, _Lane] = {}

    def wait_s(self, key: Key) -> float:
        """Return the seconds this request must wait, and book its turn."""
        now = self._clock.monotonic()
        with self._lock:
            lanes = [lane for scope in _scopes(key) if (lane := self._lanes.get(scope))]
            turn = max([now, *(lane.open_at for lane in lanes)])
            for lane in lanes:
                if lane.spacing:
                    lane.open_at = turn + lane.spacing
            return turn - now

    def refused(self, key: Key, reason: str, seconds: float) -> None:
        """Note a 429: nothing of its scope goes out for *seconds*.

        Args:
            key: The refused request.
            reason: The server's ``RateLimit-Reason``; empty if it gave none.
            seconds: What it asked for, or what we chose.
        """
        with self._lock:
            for scope in _hit(key, reason):
                lane = self._lanes.setdefault(scope, _Lane())
                lane.open_at = max(lane.open_at, self._clock.monotonic() + seconds)
                lane.spacing = min(WIDEST_SPACING_S, max(FIRST_SPACING_S, lane.spacing * 2))

    def accepted(self, key: Key) -> None:
        """Note an answer that was no 429: requests may come a little closer again."""
        with self._lock:
            for scope in _scopes(key):
                if lane := self._lanes.get(scope):
                    lane.spacing = lane.spacing * 0.8 if lane.spacing > FIRST_SPACING_S / 2 else 0.0
                    if not lane.spacing and lane.open_at <= self._clock.monotonic():
                        del self._lanes[scope]


def _hit(key: Key, reason: str) -> list[Scope]:
    """The scopes a refusal speaks of; without a reason it is taken for the endpoint's."""
    if "per-issue" in reason and key.issues:
        return [_issue(key, issue) for issue in key.issues]
    if "quota-global" in reason:
        return [("product", key.product)]
    if "quota" in reason:
        return [("site", key.site, key.product)]
    return [_endpoint(key)]


def _scopes(key: Key) -> list[Scope]:
    return [
        ("product", key.product),
        ("site", key.site, key.product),
        _endpoint(key),
        *(_issue(key, issue) for issue in key.issues),
    ]


def _endpoint(key: Key) -> Scope:
    return ("endpoint", key.site, key.product, key.method, key.endpoint)


def _issue(key: Key, issue: str) -> Scope:
    return ("issue", key.site, issue)
