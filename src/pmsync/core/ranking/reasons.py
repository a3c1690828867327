"""Why an issue stands where it does, in one sentence that a product manager can check.

A reason depends on the order and the verdicts only, never on how the order came about, so that
a page that was right yesterday is the same today.
"""

from collections.abc import Mapping, Sequence

from pmsync.core.model import Issue
from pmsync.core.scoring.combine import SortKey, Verdict, step_key
from pmsync.core.scoring.order import OrderKey


def reasons(
    order: Sequence[str],
    *,
    issues: Mapping[str, Issue],
    verdicts: Mapping[str, Verdict],
    fixed: Mapping[str, str],
    steps: Sequence[OrderKey],
) -> dict[str, str]:
    """Return ``{issue id: sentence}`` for every issue of *order* (ids, top first)."""
    below: str | None = None
    found: dict[str, str] = {}
    for issue in reversed(order):
        verdict = verdicts[issue]
        if issue in fixed:
            found[issue] = f"stays: {fixed[issue]}"
        elif verdict.key is None:
            found[issue] = f"unscored, because {verdict.reason}; not moved"
        else:
            found[issue] = _against(issue, below, issues, verdicts, fixed=fixed, steps=steps)
        if verdict.key is not None:
            below = issue
    return found


def _against(
    issue: str,
    below: str | None,
    issues: Mapping[str, Issue],
    verdicts: Mapping[str, Verdict],
    *,
    fixed: Mapping[str, str],
    steps: Sequence[OrderKey],
) -> str:
    """Return how an issue compares with the next scored one below it."""
    own = standing(verdicts[issue], issues[issue], steps)
    if below is None:
        return f"{own}; the last that is scored"
    key = issues[below].key
    for step in steps:
        mine, _ = _part(step, issues[issue], verdicts[issue])
        other, _ = _part(step, issues[below], verdicts[below])
        if mine < other:
            return _deciding(step, issues[issue], issues[below], verdicts[issue], verdicts[below])
        if mine > other:
            held = f": {fixed[below]}" if below in fixed else ""
            return f"{own}, and before {key} although that one scores better{held}"
    return f"{own}, the same as {key}; between the two, today's order stays"


def _part(step: OrderKey, issue: Issue, verdict: Verdict) -> tuple[SortKey, str]:
    return step_key(step, issue, verdict.readings, verdict.scores)


def _deciding(step: OrderKey, issue: Issue, below: Issue, verdict: Verdict, other: Verdict) -> str:
    """Return the sentence for the step that puts *issue* before *below*."""
    mine, theirs = shown(step, verdict, issue), shown(step, other, below)
    if step.by in verdict.readings and step.direction is None:
        return f"{mine} goes before {theirs} ({below.key})"
    if not theirs:
        return f"{mine}; {below.key} has no such date"
    if mine == theirs:
        return f"{mine}, a little ahead of {below.key}"
    return f"{mine}, against {theirs.rpartition(' ')[2]} of {below.key}"


def standing(verdict: Verdict, issue: Issue, steps: Sequence[OrderKey]) -> str:
    """Return what an issue's place rests on: its class, its scores, its due date.

    Scores have two significant figures, because the estimates they come from have no more.
    """
    said = [shown(step, verdict, issue) for step in steps]
    return ", ".join(part for part in said if part)


def shown(step: OrderKey, verdict: Verdict, issue: Issue) -> str:
    """Return what one step of the order says of an issue, such as ``RICE 4,200``; may be empty."""
    if step.by in verdict.scores:
        value = verdict.scores[step.by].value
        return f"{_title(step.by)} {two_figures(value)}" if value is not None else ""
    if step.by in verdict.readings:
        reading = verdict.readings[step.by]
        return reading.shown if step.direction is None else f"{reading.field} {reading.shown}"
    moment = {"due": issue.due, "created": issue.created, "updated": issue.updated}[step.by]
    return f"{step.by} {moment.isoformat()[:10]}" if moment else ""


def _title(score: str) -> str:
    return score.upper() if len(score) <= 4 else score  # noqa: PLR2004 - RICE, ICE, WSJF, CD3


def two_figures(value: float) -> str:
    """Return *value* with two significant figures, without an exponent.

    Example:
        >>> [two_figures(value) for value in (1234.5, 0.04567, 7.0, 0.0)]
        ['1,200', '0.046', '7', '0']
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.1e}")
    if abs(rounded) >= 10:  # noqa: PLR2004 - from here two figures leave no decimals
        return f"{rounded:,.0f}"
    return f"{rounded:.15f}".rstrip("0").rstrip(".") if abs(rounded) < 1 else f"{rounded:g}"
