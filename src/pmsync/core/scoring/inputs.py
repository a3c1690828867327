"""Inputs: a field's value turned into a number or class, or the reason why it cannot be.

Nothing is repaired here. An empty, unreadable or off-scale value stays unusable and is named,
because a guess would steer people's work without anybody noticing (P12).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from pmsync.core.model import Field, Issue, Raw
from pmsync.core.scoring.exact import exact, quotient

ProblemKind = Literal["missing", "off_scale", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRule:
    """How one input is read. Exactly one of a number, ``values`` or ``classes`` applies.

    Attributes:
        field: The Jira field's name or id.
        unit: What one unit is (``person-months``); ``percent`` is divided by 100.
        per: The period of a rate such as reach (``quarter``); the same for all issues.
        scale: Lowest and highest value allowed, in the unit of the field, both included; None
            for no bound. ``percent`` has 0 to 100 if nothing else is said.
        values: ``{option: number}`` for a select field.
        classes: Options in their order, best first, for a class that sorts before scores.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # for pmsync.config

    field: str
    unit: str | None = None
    per: str | None = None
    scale: tuple[float, float] | None = None
    values: Mapping[str, float] | None = None
    classes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One input of one issue, as read.

    Attributes:
        name: The input's name in the rules.
        field: The field's name in Jira.
        shown: The value as a person sees it in Jira; empty when there is none.
        value: The number to compute with (for a class: its index, 0 best); None if unusable.
        problem: What is wrong, as a kind; None when *value* is a number.
        reason: The same as a sentence: ``field Effort is empty``.
    """

    name: str
    field: str
    shown: str = ""
    value: float | None = None
    problem: ProblemKind | None = None
    reason: str = ""


def read_input(name: str, rule: InputRule, issue: Issue, field: Field | None) -> Reading:
    """Return what *issue* says for the input *name*.

    Args:
        name: The input's name in the rules.
        rule: How it is read.
        issue: The issue.
        field: The resolved field in the issue's project; None where that project has no such
            field, which counts as missing.
    """
    label = field.name if field else rule.field
    if field is None:
        return _unusable(
            name, label, "", "missing", f"project {issue.project} has no field {label}"
        )
    if field.kind == "other":
        kind = field.type_key.rpartition(":")[2] or "an unknown type"
        reason = f"field {label} is of a type that pmsync cannot read ({kind})"
        return _unusable(name, label, "", "unreadable", reason)
    raw = issue.values.get(field.id)
    if raw is None or raw in {"", ()}:
        return _unusable(name, label, "", "missing", f"field {label} is empty")
    if rule.classes is not None:
        return _read_class(name, rule.classes, label, raw)
    if rule.values is not None:
        return _read_option(name, rule.values, label, raw)
    return _read_number(name, rule, label, raw)


def _read_class(name: str, classes: tuple[str, ...], label: str, raw: Raw) -> Reading:
    shown = _shown(raw)
    folded = [option.casefold() for option in classes]
    if shown.casefold() not in folded:
        options = ", ".join(classes)
        return _unusable(
            name, label, shown, "off_scale", f"field {label} is {shown!r}, not one of {options}"
        )
    value = float(folded.index(shown.casefold()))
    return Reading(name=name, field=label, shown=shown, value=value)


def _read_option(name: str, values: Mapping[str, float], label: str, raw: Raw) -> Reading:
    shown = _shown(raw)
    by_option = {option.casefold(): value for option, value in values.items()}
    value = by_option.get(shown.casefold())
    if value is None:
        options = ", ".join(values)
        return _unusable(
            name, label, shown, "off_scale", f"field {label} is {shown!r}, not one of {options}"
        )
    return Reading(name=name, field=label, shown=shown, value=value)


def _read_number(name: str, rule: InputRule, label: str, raw: Raw) -> Reading:
    shown = _shown(raw)
    if isinstance(raw, bool) or not isinstance(raw, float | int):
        return _unusable(
            name, label, shown, "unreadable", f"field {label} is {shown!r}, not a number"
        )
    if not math.isfinite(raw):
        return _unusable(name, label, shown, "unreadable", f"field {label} is {shown}, not finite")
    percent = rule.unit == "percent"
    scale = rule.scale or ((0.0, 100.0) if percent else None)
    if scale and not scale[0] <= raw <= scale[1]:
        text = f"field {label} is {shown}, outside {scale[0]:g} to {scale[1]:g}"
        return _unusable(name, label, shown, "off_scale", text)
    value = float(quotient(exact(float(raw)), Decimal(100))) if percent else float(raw)
    return Reading(name=name, field=label, shown=shown, value=value)


def _unusable(name: str, label: str, shown: str, problem: ProblemKind, reason: str) -> Reading:
    return Reading(name=name, field=label, shown=shown, problem=problem, reason=reason)


def _shown(raw: Raw) -> str:
    """Return *raw* as Jira shows it, numbers without a needless ``.0``."""
    if isinstance(raw, bool) or raw is None:
        return str(raw)
    if isinstance(raw, float | int):
        return f"{raw:.15g}"
    return ", ".join(raw) if isinstance(raw, tuple) else raw
