"""Weighted scoring: the weighted mean of inputs, each on its own fixed, declared scale.

Scales are declared, never taken from today's lowest and highest value: with those, adding one
unrelated issue reorders the others (rank reversal; Belton and Gear, 1983).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Literal

from pmsync.core.scoring.exact import exact, product, quotient, total
from pmsync.core.scoring.inputs import Reading
from pmsync.core.scoring.score import Score, unscored

Scale = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A weighted mean on 0..100.

    Attributes:
        method: ``weighted``.
        weights: ``{input: weight}``, weights above 0; only their proportions matter.
        lower_is_better: Inputs that count as ``1 - share of the scale``, such as cost or effort.
        missing: ``unscored`` leaves an issue without a score when any input is unusable;
            ``reweight`` takes the mean of those that are there, and says so.
        scales: ``{input: (lowest, highest)}``, filled in from the inputs' own declarations.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    method: Literal["weighted"] = "weighted"
    weights: Mapping[str, float]
    lower_is_better: tuple[str, ...] = ()
    missing: Literal["unscored", "reweight"] = "unscored"
    scales: Mapping[str, Scale] = field(default_factory=dict)

    def inputs(self) -> tuple[str, ...]:
        """Return the weighted inputs in the order they were declared."""
        return tuple(self.weights)

    def score(self, readings: Mapping[str, Reading]) -> Score:
        """Return 100 x sum(weight x share) / sum(weight), the share being (v - low) / (high - low).

        Example:
            >>> read = lambda name, value: Reading(name=name, field=name, value=value)
            >>> weighted = Weighted(
            ...     weights={"value": 3, "cost": 1}, lower_is_better=("cost",),
            ...     scales={"value": (0, 10), "cost": (0, 10)},
            ... )
            >>> weighted.score({"value": read("value", 8.0), "cost": read("cost", 2.0)}).value
            80.0
        """
        parts = tuple(readings[name] for name in self.weights)
        usable = tuple(part for part in parts if part.value is not None)
        if not usable or (self.missing == "unscored" and len(usable) < len(parts)):
            return unscored(self.method, parts) or Score(method=self.method, value=None)
        weights = total(exact(self.weights[part.name]) for part in usable)
        points = total(
            product((exact(self.weights[part.name]), self._share(part))) for part in usable
        )
        value = float(quotient(product((points, Decimal(100))), weights))
        left_out = [part.reason for part in parts if part.value is None]
        return Score(
            method=self.method,
            value=value,
            readings=parts,
            formula=" + ".join(self._term(part, float(weights)) for part in usable),
            notes=tuple(f"weighted without it: {reason}" for reason in left_out),
        )

    def _share(self, part: Reading) -> Decimal:
        low, high = map(exact, self.scales[part.name])
        share = quotient(exact(part.value or 0.0) - low, high - low)
        return 1 - share if part.name in self.lower_is_better else share

    def _term(self, part: Reading, weights: float) -> str:
        share = float(self._share(part)) * 100
        return f"{self.weights[part.name] / weights:.0%} x {share:.3g} {part.name}"
