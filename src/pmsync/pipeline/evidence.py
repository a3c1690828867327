"""What a run keeps so that it can be explained later without computing anything again (P11)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec

from pmsync.core.backlog import Backlog
from pmsync.core.model import Snapshot
from pmsync.core.scoring.combine import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One ranked issue in one run.

    Attributes:
        today, desired: 1-based places before the run and as the rules ask for.
        fixed: Why it never moves; empty if it may.
    """

    id: str
    key: str
    summary: str
    today: int
    desired: int
    reason: str
    verdict: Verdict
    fixed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A run's inputs and conclusions.

    Attributes:
        places: Every ranked issue, in the desired order.
        sets: ``{set name: number of issues}``.
    """

    package: str
    rules: str
    snapshot: str
    as_of: str
    places: tuple[Place, ...] = ()
    sets: Mapping[str, int] = field(default_factory=dict)

    def find(self, key: str) -> Place | None:
        """Return the place of the issue with this key or id; None if it was not ranked."""
        wanted = key.casefold()
        return next((one for one in self.places if wanted in {one.key.casefold(), one.id}), None)


def snapshot_hash(snapshot: Snapshot) -> str:
    """Return the sha256 of everything in *snapshot* but the moment it was pulled."""
    timeless = replace(snapshot, pulled_at=datetime.fromtimestamp(0, UTC))
    encoded = msgspec.json.encode(timeless, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()


def places(backlog: Backlog) -> tuple[Place, ...]:
    """Return the places of *backlog* in its desired order."""
    today = {issue: place for place, issue in enumerate(backlog.today, 1)}
    return tuple(
        Place(
            id=issue,
            key=backlog.issues[issue].key,
            summary=backlog.issues[issue].summary,
            today=today[issue],
            desired=place,
            reason=backlog.reasons[issue],
            verdict=backlog.verdicts[issue],
            fixed=backlog.fixed.get(issue, ""),
        )
        for place, issue in enumerate(backlog.desired, 1)
    )


def encode(evidence: Evidence) -> bytes:
    """Return *evidence* as canonical JSON."""
    return msgspec.json.encode(evidence, order="deterministic")


def decode(content: bytes) -> Evidence:
    """Return what :func:`encode` wrote."""
    return msgspec.json.decode(content, type=Evidence)
