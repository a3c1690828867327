"""Why an issue stands where it does, in one sentence that a product manager can check.

A reason depends on the order and the verdicts only, never on how the order came about, so that
a page that was right yesterday is the same today.
"""

from collections.abc import Mapping, Sequence

from pmsync.core.model import Issue
from pmsync.core.scoring.combine import Verdict
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
            found[issue] = f"unscored, because {verdict.reason}; stays where it stands"
        else:
            own = standing(verdict, issues[issue], steps)
            if below:
                other = verdicts[below]
                said = standing(other, issues[below], steps)
                held = f": {fixed[below]}" if below in fixed else ""
                own += _against(verdict, other, issues[below].key, said, held)
            found[issue] = own
        if verdict.key is not None:
            below = issue
    return found


def _against(verdict: Verdict, other: Verdict, key: str, said: str, held: str) -> str:
    """Return how *verdict* compares with the next scored issue below it."""
    if verdict.key is None or other.key is None or verdict.key <= other.key:
        return f", before {key} ({said})"
    return f", before {key} although that one scores better ({said}){held}"


def standing(verdict: Verdict, issue: Issue, steps: Sequence[OrderKey]) -> str:
    """Return what an issue's place rests on: its class, its scores, its due date.

    Scores have two significant figures, because the estimates they come from have no more.
    """
    said: list[str] = []
    for step in steps:
        if step.by in verdict.scores:
            value = verdict.scores[step.by].value
            said.append(f"{_title(step.by)} {two_figures(value)}" if value is not None else "")
        elif step.by in verdict.readings:
            said.append(verdict.readings[step.by].shown)
        elif step.by == "due" and issue.due:
            said.append(f"due {issue.due.isoformat()}")
    return ", ".join(part for part in said if part)


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
