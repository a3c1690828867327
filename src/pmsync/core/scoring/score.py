"""What a method gives back: a number with its parts, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pmsync.core.scoring.inputs import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One method's verdict on one issue.

    Attributes:
        method: The score's name in the rules, such as ``rice``.
        value: Higher is better; None when the issue is unscored.
        readings: The inputs it was made from, in the method's order.
        formula: The computation with the numbers filled in, for a person to follow.
        reason: Why there is no value; empty when there is one.
        notes: Things worth saying of a score that stands, such as a re-weighted input.
    """

    method: str
    value: float | None
    readings: tuple[Reading, ...] = ()
    formula: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()


class Method(Protocol):
    """A prioritization method with its settings; one module each under ``methods/``."""

    @property
    def method(self) -> str:
        """The method's name, as the configuration writes it."""
        ...

    def inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs it needs, in the order people expect to read them."""
        ...

    def score(self, readings: Mapping[str, Reading]) -> Score:
        """Return the score of one issue; unusable readings make it unscored, never 0."""
        ...


def unscored(method: str, readings: tuple[Reading, ...]) -> Score | None:
    """Return an unscored :class:`Score` naming every unusable reading; None if all are usable."""
    reasons = [reading.reason for reading in readings if reading.value is None]
    if not reasons:
        return None
    return Score(method=method, value=None, readings=readings, reason="; ".join(reasons))
