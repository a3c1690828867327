"""The one way to write: intent row, permit, call, outcome (P3)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pmsync.core.errors import RemoteError
from pmsync.core.journal import Outcome, Write
from pmsync.ports import Clock, Journal, WriteGate

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One HTTP write of a change.

    Attributes:
        change: The change it belongs to.
        name: ``rank``, ``page``, ``labels`` or ``property``.
        target: What it touches, in words.
        detail: What reading back needs, should the outcome be unknown.
    """

    change: str
    name: str
    target: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Generic[T]):
    """How a write ended.

    Attributes:
        answer: What the call returned; None when it failed.
        error: What it raised; None when it did not.
    """

    write_id: str
    outcome: Outcome
    answer: T | None = None
    error: RemoteError | None = None


class Writer:
    """Writes for one run of one product, each recorded before and after."""

    def __init__(
        self,
        *,
        journal: Journal,
        gate: WriteGate,
        clock: Clock,
        run: str,
        product: str,
        still_ours: Callable[[], None],
    ) -> None:
        """Remember where to record.

        Args:
            journal: Takes intents and outcomes.
            gate: Opens a permit for each call.
            clock: For the times of the rows.
            run: The run's id.
            product: The product's id.
            still_ours: Raises when the run's lease was lost; asked before every write.
        """
        self._journal = journal
        self._gate = gate
        self._clock = clock
        self._run = run
        self._product = product
        self._still_ours = still_ours
        self._count = 0

    def hold(self) -> None:
        """Raise unless the run still has its lease; renews it."""
        self._still_ours()

    def write(self, step: Step, call: Callable[[], T]) -> Written[T]:
        """Make one write and record how it ended; remote errors are returned, not raised."""
        self._still_ours()
        write = self._intent(step)
        try:
            # The permit comes first: where writes are switched off, no intent is left behind.
            with self._gate.permit(write.id):
                self._journal.intend(write)
                answer = call()
        except RemoteError as error:
            outcome = outcome_of(error)
            self.settle(write.id, outcome)
            return Written(write_id=write.id, outcome=outcome, error=error)
        outcome = Outcome(state="applied")
        self.settle(write.id, outcome)
        return Written(write_id=write.id, outcome=outcome, answer=answer)

    def settle(self, write_id: str, outcome: Outcome) -> None:
        """Record how a write ended; an unknown one may be settled again."""
        self._journal.settle(write_id, outcome, self._clock.now())

    def _intent(self, step: Step) -> Write:
        self._count += 1
        return Write(
            id=f"{self._run}/{self._count:05}",
            run=self._run,
            product=self._product,
            change=step.change,
            step=step.name,
            target=step.target,
            desired=_digest(step.detail),
            detail=step.detail,
            intended_at=self._clock.now(),
        )


def outcome_of(error: RemoteError) -> Outcome:
    """Return what *error* says of the write that met it: had it an effect, or can nobody know."""
    if error.applied is None:
        return Outcome(state="unknown", detail=str(error))
    return Outcome(state="applied" if error.applied else "not_applied", detail=str(error))


def ends_run(error: RemoteError | None) -> bool:
    """Return whether further calls are pointless: refused token, quota used up, site down."""
    return error is not None and error.exit_code in {4, 75} and error.status != 403  # noqa: PLR2004 - one forbidden object says nothing of the next


def _digest(detail: Mapping[str, str]) -> str:
    text = "\n".join(f"{key}={detail[key]}" for key in sorted(detail))
    return hashlib.sha256(text.encode()).hexdigest()
