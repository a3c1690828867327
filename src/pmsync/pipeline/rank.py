"""From a snapshot to the backlog with its desired order."""

from collections.abc import Mapping
from dataclasses import replace

from pmsync.core.backlog import Backlog
from pmsync.core.model import Issue, Snapshot
from pmsync.core.queries import OPEN_SPRINT, RANKED, never_move_name
from pmsync.core.ranking.desired import desired_order
from pmsync.core.ranking.reasons import reasons
from pmsync.core.rules import Product, RankRules
from pmsync.core.scoring.combine import ScoreRules, judge


def ranked_issues(rules: RankRules, snapshot: Snapshot) -> tuple[Issue, ...]:
    """Return the issues that are ranked, in today's order: of the level, and in the chosen set."""
    chosen = snapshot.sets.get(RANKED) if rules.only else None
    return tuple(
        issue
        for issue in snapshot.issues
        if on_level(rules, issue) and (chosen is None or issue.id in chosen)
    )


def on_level(rules: RankRules, issue: Issue) -> bool:
    """Return whether *issue* is on the ranked level, given as a number or an issue type's name."""
    if isinstance(rules.level, int):
        return issue.level == rules.level
    return issue.issue_type.casefold() == rules.level.casefold()


def fixed_issues(
    rules: RankRules, snapshot: Snapshot, ranked: Mapping[str, Issue]
) -> dict[str, str]:
    """Return ``{issue id: why it never moves}`` for the ranked issues that never move."""
    in_sprint = _with_ancestors(snapshot, snapshot.sets.get(OPEN_SPRINT, frozenset()))
    found: dict[str, str] = {}
    for position, entry in enumerate(rules.never_move):
        if entry == "in_progress":
            stays = {one.id for one in ranked.values() if one.category == "indeterminate"}
            why = "work on it has begun"
        elif entry == "child_in_open_sprint":
            stays, why = in_sprint, "a child of it is in an open sprint"
        else:
            stays, why = (
                set(snapshot.sets[never_move_name(position)]),
                f"the rules keep it ({entry})",
            )
        for issue in stays & ranked.keys():
            found.setdefault(issue, why)
    return found


def _with_ancestors(snapshot: Snapshot, issues: frozenset[str]) -> set[str]:
    """Return *issues* and everything above them."""
    by_id = snapshot.by_id()
    found: set[str] = set()
    waiting = list(issues)
    while waiting:
        issue = waiting.pop()
        if issue in found:
            continue
        found.add(issue)
        parent = by_id[issue].parent_id if issue in by_id else None
        if parent:
            waiting.append(parent)
    return found


def make_backlog(product: Product, snapshot: Snapshot) -> Backlog | None:
    """Return the product's backlog in today's and in the desired order; None if nothing is ranked.

    Under :attr:`RankRules.least_scored` the desired order is today's (P12): too little is known
    to reorder people's work by it.
    """
    if product.rank is None:
        return None
    issues = {issue.id: issue for issue in ranked_issues(product.rank, snapshot)}
    today = tuple(issues)
    rules = ScoreRules(inputs=product.inputs, scores=product.scores, order=product.order)
    verdicts = judge(rules, snapshot, issues.values())
    fixed = fixed_issues(product.rank, snapshot, issues)
    backlog = Backlog(
        today=today,
        desired=today,
        issues=issues,
        verdicts=verdicts,
        fixed=fixed,
        displaced=frozenset(),
        reasons={},
    )
    if backlog.scored_share() >= product.rank.least_scored:
        keys = {issue: verdict.key for issue, verdict in verdicts.items()}
        desired = desired_order(today, keys=keys, fixed=fixed)
        backlog = replace(backlog, desired=desired.order, displaced=frozenset(desired.displaced))
    return with_reasons(product, backlog)


def with_reasons(product: Product, backlog: Backlog) -> Backlog:
    """Return *backlog* with a reason for every place of its desired order."""
    said = reasons(
        backlog.desired,
        issues=backlog.issues,
        verdicts=backlog.verdicts,
        fixed=backlog.fixed,
        steps=product.order,
    )
    return replace(backlog, reasons=said)


def as_if_applied(product: Product, backlog: Backlog) -> Backlog:
    """Return the backlog as it is once the desired order is today's."""
    return with_reasons(product, replace(backlog, today=backlog.desired, displaced=frozenset()))


def as_it_stands(product: Product, backlog: Backlog) -> Backlog:
    """Return the backlog with today's order as the only one, for pages sent without the moves."""
    return with_reasons(product, replace(backlog, desired=backlog.today, displaced=frozenset()))
