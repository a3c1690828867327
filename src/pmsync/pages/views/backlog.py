"""The prioritised backlog: which issue stands where, and why it is there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pmsync.core.rules import BacklogPage
from pmsync.core.scoring.combine import Verdict
from pmsync.pages.text import one_line
from pmsync.pages.views.common import IssueRef, Source, page_title
from pmsync.pages.views.words import (
    capital,
    class_of,
    order_in_words,
    ranking_class,
    ranking_score,
    score_in_words,
    spelled,
    standing,
    step_names,
)

_WORDS = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogRow:
    """One issue of the list.

    Attributes:
        place: 1-based, among the issues that readers may see.
        today: Its place in Jira's present order, if the rules would move it elsewhere; None
            otherwise. A page that is sent after the moves never has one.
        priority_class: Such as ``Must``; empty when the rules know no classes.
        score: None for an unscored issue.
        parts: The score's parts in words; empty for an unscored issue.
        reason: Why it stands here.
    """

    place: int
    issue: IssueRef
    priority_class: str
    score: float | None
    parts: str
    reason: str
    today: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnscoredRow:
    """An issue without a score.

    Attributes:
        missing: Which fields are missing or unusable, by name.
    """

    place: int
    issue: IssueRef
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogView:
    """The page's content.

    Attributes:
        class_name, score_name: Headings of those columns; empty: there is no such column.
        ordered_by: The steps of the order by name: ``class, then RICE``.
        order_rules: How the order is made, a sentence each.
        rules: First characters of the rules' hash.
        rows: At most as many as the page lists.
        more: How many issues stand below the last row.
        total, scored: Of all issues that readers may see.
        moves: How many issues stand elsewhere today.
        unscored: In the page's order, at most as many as the page lists.
        more_unscored: How many more there are.
    """

    kind: ClassVar[str] = "backlog"
    title: str
    product: str
    class_name: str
    score_name: str
    ordered_by: str
    order_rules: tuple[str, ...]
    rules: str
    rows: tuple[BacklogRow, ...]
    more: int
    total: int
    scored: int
    moves: int
    unscored: tuple[UnscoredRow, ...]
    more_unscored: int


def backlog_view(source: Source, page: BacklogPage) -> BacklogView:
    """Return the prioritised backlog as a page shows it."""
    product, ids = source.product, source.ordered()
    moved = _moved(source, ids)
    unscored = _unscored(source, ids)
    class_name, score_name = ranking_class(product), ranking_score(product)
    return BacklogView(
        title=page_title(product.name, "prioritised backlog"),
        product=one_line(product.name),
        class_name=capital(spelled(class_name)) if class_name else "",
        score_name=capital(spelled(score_name)) if score_name else "",
        ordered_by=capital(one_line(", then ".join(step_names(product)))),
        order_rules=tuple(one_line(rule) for rule in order_in_words(product)),
        rules=source.mark,
        rows=tuple(
            _row(source, place, issue, moved.get(issue))
            for place, issue in enumerate(ids[: page.top], start=1)
        ),
        more=max(0, len(ids) - page.top),
        total=len(ids),
        scored=len(ids) - len(unscored),
        moves=len(moved),
        unscored=unscored[: page.top],
        more_unscored=max(0, len(unscored) - page.top),
    )


def _row(source: Source, place: int, issue: str, today: int | None) -> BacklogRow:
    product, verdict = source.product, _verdict(source, issue)
    name = ranking_score(product)
    score = verdict.scores.get(name) if name else None
    return BacklogRow(
        place=place,
        issue=source.ref(source.issues[issue]),
        priority_class=one_line(class_of(product, verdict)),
        score=score.value if score else None,
        parts=capital(one_line(score_in_words(product, name, score, source.locale)))
        if score
        else "",
        reason=capital(one_line(_reason(source, issue))),
        today=today,
    )


def _verdict(source: Source, issue: str) -> Verdict:
    return source.backlog.verdicts[issue] if source.backlog else Verdict(issue_id=issue, key=None)


def _reason(source: Source, issue: str) -> str:
    """Return why *issue* stands where it does.

    A sentence that names an issue which readers must not see gives way to what this one stands
    on by itself. Keys are matched as whole words: ``SHOP-1`` does not silence ``SHOP-12``.
    """
    if source.backlog is None:
        return ""
    reason = source.backlog.reasons.get(issue, "")
    if source.unseen.isdisjoint(_WORDS.findall(reason)):
        return reason
    return standing(source.product, source.backlog, issue, source.locale)


def _unscored(source: Source, ids: Sequence[str]) -> tuple[UnscoredRow, ...]:
    return tuple(
        UnscoredRow(
            place=place,
            issue=source.ref(source.issues[issue]),
            missing=capital(one_line(_verdict(source, issue).reason)),
        )
        for place, issue in enumerate(ids, start=1)
        if _verdict(source, issue).key is None
    )


def _moved(source: Source, ids: Sequence[str]) -> dict[str, int]:
    """Return ``{id: today's place}`` of displaced issues that stand elsewhere today."""
    if source.backlog is None:
        return {}
    today = [issue for issue in source.backlog.today if issue in source.issues]
    stated = {issue: place for place, issue in enumerate(ids, start=1)}
    return {
        issue: place
        for place, issue in enumerate(today, start=1)
        if issue in source.backlog.displaced and stated.get(issue) != place
    }
