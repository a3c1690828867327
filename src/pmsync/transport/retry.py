"""When to try again, and how long to wait before it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST_PAUSE_S = 1.0
"""After a 429 that says 0, or nothing: seen in the field, and never meant literally."""

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""Answers after which a read is worth another try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one request may go on.

    Attributes:
        tries: At most so many requests, the first one included.
        base_s: The first pause is drawn from 0 to this; it doubles with every try.
        cap_s: No drawn pause is longer.
        budget_s: All pauses of one request together; a server that asks for more is not
            waited for.
    """

    tries: int = 4
    base_s: float = 0.5
    cap_s: float = 20.0
    budget_s: float = 60.0

    def pause_s(self, attempt: int, least_s: float, rng: random.Random) -> float:
        """Return the seconds to wait after try number *attempt* (from 1).

        Full jitter, on top of what the server asked for: its figure is a minimum, and everybody
        else was told the same one.
        """
        drawn = rng.uniform(0, min(self.cap_s, self.base_s * 2 ** (attempt - 1)))
        return least_s + drawn


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds the server asked to wait; None if it did not, or not legibly.

    ``Retry-After`` may be seconds (also with a fraction) or a date; ``X-RateLimit-Reset`` is an
    ISO 8601 moment and is read only where the former is missing.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked:
        seconds = _number(asked)
        return seconds if seconds is not None else _until(_http_date(asked), now)
    return _until(_iso_date(headers.get("X-RateLimit-Reset", "")), now)


def _number(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    # "nan" and "inf" are numbers to Python.
    return max(0.0, seconds) if seconds < float("inf") else None


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _iso_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _until(moment: datetime | None, now: datetime) -> float | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
