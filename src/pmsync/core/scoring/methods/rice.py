"""RICE: reach x impact x confidence / effort.

Source: Sean McBride, "RICE: Simple prioritization for product managers", Intercom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pmsync.core.scoring.exact import exact, product, quotient
from pmsync.core.scoring.inputs import Reading
from pmsync.core.scoring.score import Score, unscored


@dataclass(frozen=True, slots=True, kw_only=True)
class Rice:
    """RICE with the names of its four inputs.

    The author's scales: reach in people or events per period, the same period for all issues;
    impact 3, 2, 1, 0.5 or 0.25; confidence 100, 80 or 50 %, lower being "a total moonshot";
    effort in person-months, at least half of one. An effort of 0 or less has no score, because
    dividing by it (or by a tiny stand-in) would put the least known issue on top.

    Attributes:
        method: ``rice``.
        reach, impact, confidence, effort: Input names; confidence is a share in 0..1 by the
            time it gets here (declare its field with ``unit: percent``).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    method: Literal["rice"] = "rice"
    reach: str = "reach"
    impact: str = "impact"
    confidence: str = "confidence"
    effort: str = "effort"

    def inputs(self) -> tuple[str, ...]:
        """Return the four input names in the order of the acronym."""
        return (self.reach, self.impact, self.confidence, self.effort)

    def score(self, readings: Mapping[str, Reading]) -> Score:
        """Return reach x impact x confidence / effort: impact points per person-month.

        Example:
            >>> read = lambda name, value: Reading(name=name, field=name, value=value)
            >>> rice = Rice()
            >>> rice.score({
            ...     "reach": read("reach", 500.0), "impact": read("impact", 2.0),
            ...     "confidence": read("confidence", 0.8), "effort": read("effort", 4.0),
            ... }).value
            200.0
        """
        parts = tuple(readings[name] for name in self.inputs())
        missing = unscored(self.method, parts)
        if missing:
            return missing
        reach, impact, confidence, effort = (part.value or 0.0 for part in parts)
        wrong = _wrong(parts, reach, impact, confidence, effort)
        if wrong:
            return Score(method=self.method, value=None, readings=parts, reason=wrong)
        formula = f"{reach:,.15g} x {impact:.15g} x {confidence * 100:.4g} % / {effort:.15g}"
        notes = ("confidence under 50 %: a moonshot",) if confidence < 0.5 else ()  # noqa: PLR2004 - McBride's own limit
        value = float(quotient(product(map(exact, (reach, impact, confidence))), exact(effort)))
        return Score(method=self.method, value=value, readings=parts, formula=formula, notes=notes)


def _wrong(
    parts: tuple[Reading, ...], reach: float, impact: float, confidence: float, effort: float
) -> str:
    """Return why these numbers cannot make a RICE score; empty if they can."""
    if effort <= 0:
        return f"field {parts[3].field} is {parts[3].shown}, and effort must be above 0"
    if not 0 <= confidence <= 1:
        return f"field {parts[2].field} is {parts[2].shown}, not a share (is it a percentage?)"
    if reach < 0 or impact < 0:
        negative = parts[0] if reach < 0 else parts[1]
        return f"field {negative.field} is {negative.shown}, and must not be negative"
    return ""
