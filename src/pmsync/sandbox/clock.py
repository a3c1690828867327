"""The site's clock: it stands still until someone moves it, so that runs are reproducible."""

from datetime import datetime, timedelta
from threading import Lock

_STEP = timedelta(milliseconds=1)


class SiteClock:
    """The time of both halves of the site."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = Lock()

    def now(self) -> datetime:
        """The present moment (aware, UTC)."""
        with self._lock:
            return self._now

    def stamp(self) -> datetime:
        """A moment later than every earlier one, for a write; the clock moves with it."""
        with self._lock:
            self._now += _STEP
            return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock forward and returns the new time.

        Raises:
            ValueError: *by* is negative.
        """
        if by < timedelta(0):
            message = "the clock only goes forward"
            raise ValueError(message)
        with self._lock:
            self._now += by
            return self._now


def written(moment: datetime) -> str:
    """A moment as Jira writes it: milliseconds and an offset without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"
