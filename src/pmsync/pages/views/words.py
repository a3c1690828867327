"""The rules and the scores in words: what a reader needs to check an order by hand."""

from collections.abc import Sequence

from babel import Locale
from babel.numbers import format_decimal, format_percent

from pmsync.core.backlog import Backlog
from pmsync.core.rules import AnyMethod, Product
from pmsync.core.scoring.combine import Verdict
from pmsync.core.scoring.inputs import InputRule, Reading
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import OrderKey
from pmsync.core.scoring.score import Score

_TIMES = " \u00d7 "
_DIRECTIONS = {
    "highest first": "the highest first",
    "lowest first": "the lowest first",
    "earliest first": "the earliest first",
    "latest first": "the latest first",
}
_DATES = {"due": "due date", "created": "date of creation", "updated": "last change"}
_STAY = {
    "in_progress": "issues in progress",
    "child_in_open_sprint": "issues with a child in an open sprint",
}


def significant(value: float, digits: int = 2) -> float:
    """Return *value* rounded to *digits* significant figures.

    Example:
        >>> significant(4160), significant(0.03471), significant(-996)
        (4200.0, 0.035, -1000.0)
    """
    return float(f"{value:.{digits - 1}e}")


def number(value: float, locale: Locale, digits: int = 15) -> str:
    """Return *value* with at most *digits* significant figures, written as in *locale*."""
    return format_decimal(significant(value, digits), "#,##0.###############", locale=locale)


def spelled(name: str) -> str:
    """Return an input's or score's name for people: RICE is an acronym, the rest are words."""
    return name.upper() if name in {"rice", "wsjf", "ice"} else name.replace("_", " ")


def ranking_class(product: Product) -> str | None:
    """Return the name of the first class in the order; None if it has none."""
    return next((key.by for key in product.order if _classes(product, key)), None)


def ranking_score(product: Product) -> str | None:
    """Return the name of the first score in the order; None if it has none."""
    return next((key.by for key in product.order if key.by in product.scores), None)


def class_of(product: Product, verdict: Verdict) -> str:
    """Return the issue's class as Jira shows it; empty if it has none."""
    name = ranking_class(product)
    reading = verdict.readings.get(name) if name else None
    return reading.shown if reading and reading.value is not None else ""


def standing(product: Product, backlog: Backlog, issue: str, locale: Locale) -> str:
    """Return in a few words what an issue stands on: ``Must, RICE 4,200``."""
    verdict = backlog.verdicts[issue]
    if verdict.key is None:
        return "Not scored yet"
    score = ranking_score(product)
    value = verdict.scores[score].value if score else None
    shown = f"{spelled(score)} {number(value, locale, 2)}" if score and value is not None else ""
    return capital(", ".join(part for part in (class_of(product, verdict), shown) if part))


def step_names(product: Product) -> tuple[str, ...]:
    """Return the steps of the order by name."""
    return tuple(_DATES.get(key.by, spelled(key.by)) for key in product.order)


def order_in_words(product: Product) -> tuple[str, ...]:
    """Return how the order is made, a sentence for each step."""
    steps = [f"{_step(product, key)}." for key in product.order]
    lines = [f"{'First' if at == 0 else 'Then'} {step}" for at, step in enumerate(steps)]
    lines += [
        f"{capital(spelled(name))} is {method_in_words(product, method)}."
        for name, method in product.scores.items()
        if any(key.by == name for key in product.order)
    ]
    lines.append("Issues that these rules cannot tell apart stay in today's order.")
    lines.append("An issue without a score keeps its place until what is missing is filled in.")
    return (*lines, *_never_moved(product))


def method_in_words(product: Product, method: AnyMethod) -> str:
    """Return a method's formula with the product's own words for its inputs."""
    if isinstance(method, Rice):
        *factors, divisor = (_with_unit(product, name) for name in method.inputs())
        return f"{_TIMES.join(factors)} ÷ {divisor}"
    total = sum(method.weights.values())
    terms = [
        f"{weight / total:.0%} {spelled(name)}"
        + (" (lower is better)" if name in method.lower_is_better else "")
        for name, weight in method.weights.items()
    ]
    return f"the weighted mean of {', '.join(terms)}, on a scale of 0 to 100"


def score_in_words(product: Product, name: str | None, score: Score, locale: Locale) -> str:
    """Return the parts of an issue's score: ``reach 5,200 per quarter, impact High (2)`` ...

    Empty when there is no score; *name* is the score's in the rules.
    """
    if score.value is None:
        return ""
    method = product.scores.get(name) if name else None
    parts = [
        _reading(product, reading, locale)
        for reading in score.readings
        if reading.value is not None
    ]
    if isinstance(method, Weighted):
        shares = _shares(method, [r.name for r in score.readings if r.value is not None])
        weighed = [f"{share:.0%} {part}" for share, part in zip(shares, parts, strict=True)]
        return "; ".join((*weighed, *score.notes))
    return f"{_TIMES.join(parts[:-1])} ÷ {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _shares(method: Weighted, usable: Sequence[str]) -> list[float]:
    """Return the weight of each of the *usable* inputs, as shares of 1."""
    total = sum(method.weights[name] for name in usable)
    return [method.weights[name] / total for name in usable]


def _reading(product: Product, reading: Reading, locale: Locale) -> str:
    rule = product.inputs.get(reading.name, InputRule(field=reading.field))
    value = reading.value or 0.0
    name = spelled(reading.name)
    if rule.classes is not None:
        return f"{name} {reading.shown}"
    if rule.values is not None:
        return f"{name} {reading.shown} ({number(value, locale)})"
    if rule.unit == "percent":
        return f"{name} {format_percent(value, locale=locale)}"
    unit = f" {_unit(rule.unit, value)}" if rule.unit else ""
    per = f" per {rule.per}" if rule.per else ""
    return f"{name} {number(value, locale)}{unit}{per}"


def _unit(unit: str, value: float) -> str:
    """Return *unit* in the singular for exactly one."""
    return unit.removesuffix("s") if value == 1 else unit


def _with_unit(product: Product, name: str) -> str:
    rule = product.inputs.get(name)
    if rule is None:
        return spelled(name)
    if rule.per:
        return f"{spelled(name)} per {rule.per}"
    return f"{spelled(name)} in {rule.unit}" if rule.unit else spelled(name)


def _step(product: Product, key: OrderKey) -> str:
    classes = _classes(product, key)
    if classes:
        return f"by {spelled(key.by)}: {', then '.join(classes)}"
    name = _DATES.get(key.by, spelled(key.by))
    return f"by {name}, {_DIRECTIONS[key.direction]}" if key.direction else f"by {name}"


def _classes(product: Product, key: OrderKey) -> tuple[str, ...]:
    rule = product.inputs.get(key.by)
    return rule.classes or () if rule else ()


def _never_moved(product: Product) -> tuple[str, ...]:
    stay = product.rank.never_move if product.rank else ()
    if not stay:
        return ()
    named = [_STAY.get(rule, f"issues with {rule}") for rule in stay]
    return (f"Never moved: {'; '.join(named)}.",)


def capital(text: str) -> str:
    """Return *text* with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
