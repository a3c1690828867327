"""One pull, measured in a process of its own."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One pull: from the first request to the last issue, all of them kept.

    Attributes:
        peak_mb: The process's largest resident set.
        grown_mb: How far that lies above what it held before the first request.
    """

    issues: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    grown_mb: float


def measured(pull: Callable[[], Sequence[object]]) -> Measured:
    """Return what *pull* took."""
    before = _peak_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    issues = pull()
    return Measured(
        issues=len(issues),
        wall_s=time.perf_counter() - wall,
        cpu_s=time.process_time() - cpu,
        peak_mb=_peak_mb(),
        grown_mb=_peak_mb() - before,
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
