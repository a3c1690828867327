"""Classes first, then scores, then tie-breakers: from an issue's inputs to its sort key."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pmsync.core.model import Issue, Snapshot
from pmsync.core.scoring.inputs import InputRule, Reading, read_input
from pmsync.core.scoring.order import OrderKey
from pmsync.core.scoring.score import Method, Score

SortKey = tuple[float, ...]
"""Smaller is better; comparable between issues scored by the same rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of one issue.

    Attributes:
        key: The sort key; None when the issue is unscored.
        readings: ``{input name: reading}`` for every configured input.
        scores: ``{score name: score}`` for every configured method.
        reason: Why it is unscored, as a sentence; empty when it has a key.
    """

    issue_id: str
    key: SortKey | None
    readings: Mapping[str, Reading] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRules:
    """What decides an issue's key: a product's inputs, scores and order."""

    inputs: Mapping[str, InputRule]
    scores: Mapping[str, Method]
    order: tuple[OrderKey, ...]


def judge(rules: ScoreRules, snapshot: Snapshot, issues: Iterable[Issue]) -> dict[str, Verdict]:
    """Return ``{issue id: verdict}`` for *issues*."""
    return {issue.id: judge_issue(rules, snapshot, issue) for issue in issues}


def judge_issue(rules: ScoreRules, snapshot: Snapshot, issue: Issue) -> Verdict:
    """Return what *rules* say of one issue.

    An issue is unscored (P12) as soon as one step of the order that needs an input or a score
    cannot be told; a missing due date is no such step: it sorts last.
    """
    readings = {
        name: read_input(name, rule, issue, snapshot.fields.get(name, {}).get(issue.project))
        for name, rule in rules.inputs.items()
    }
    scores = {name: method.score(readings) for name, method in rules.scores.items()}
    key: list[float] = []
    reasons: list[str] = []
    for step in rules.order:
        part, reason = step_key(step, issue, readings, scores)
        key.extend(part)
        if reason and reason not in reasons:
            reasons.append(reason)
    return Verdict(
        issue_id=issue.id,
        key=None if reasons else tuple(key),
        readings=readings,
        scores=scores,
        reason="; ".join(reasons),
    )


def step_key(
    step: OrderKey, issue: Issue, readings: Mapping[str, Reading], scores: Mapping[str, Score]
) -> tuple[SortKey, str]:
    """Return one step's part of the key and an empty reason, or why it cannot be told."""
    if step.by in {"due", "created", "updated"}:
        return _date_part(step, issue), ""
    found = scores[step.by] if step.by in scores else readings[step.by]
    if found.value is None:
        return (), found.reason or f"{step.by} has no value"
    if not math.isfinite(found.value):
        return (), f"{step.by} is too large to compute with"
    return (-found.value if step.direction == "highest first" else found.value,), ""


def _date_part(step: OrderKey, issue: Issue) -> SortKey:
    moment: date | datetime | None = {
        "due": issue.due,
        "created": issue.created,
        "updated": issue.updated,
    }[step.by]
    if moment is None:
        return (1.0, 0.0)
    number = moment.timestamp() if isinstance(moment, datetime) else float(moment.toordinal())
    return (0.0, -number if step.direction == "latest first" else number)
