"""The real time."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Implements :class:`pmsync.ports.Clock` with this machine's clock."""

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never jump, for measuring waits."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait *seconds*."""
        time.sleep(seconds)
