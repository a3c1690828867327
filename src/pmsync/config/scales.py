"""The fixed scale of an input, as its own declaration gives it."""

from collections.abc import Mapping

from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.weighted import Scale, Weighted

_PERCENT = (0.0, 100.0)


def scale_of(rule: InputRule) -> Scale | None:
    """Return the lowest and highest value that *rule* can read, in the unit it is read in.

    None where the declaration does not bound it, or leaves only one value.

    Example:
        >>> scale_of(InputRule(field="Confidence", unit="percent"))
        (0.0, 1.0)
    """
    if rule.values:
        bounds = (min(rule.values.values()), max(rule.values.values()))
    elif rule.unit == "percent":
        low, high = rule.scale or _PERCENT
        bounds = (low / 100, high / 100)
    elif rule.scale:
        bounds = rule.scale
    else:
        return None
    return bounds if bounds[0] < bounds[1] else None


def with_scales(method: Weighted, inputs: Mapping[str, InputRule]) -> Weighted:
    """Return *method* with the scales that its inputs declare."""
    scales = {name: scale for name in method.weights if (scale := scale_of(inputs[name]))}
    return Weighted(
        weights=method.weights,
        lower_is_better=method.lower_is_better,
        missing=method.missing,
        scales=scales,
    )
