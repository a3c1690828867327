"""The ranked backlog: which issues, in which order, and why each stands where it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from pmsync.core.model import Issue
from pmsync.core.scoring.combine import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The ranked part of a product's scope, before and after ranking.

    Attributes:
        today: Issue ids in Jira's present order, top first.
        desired: The same ids in the order the rules ask for.
        issues: ``{id: issue}`` for exactly these ids.
        verdicts: ``{id: verdict}`` for exactly these ids.
        fixed: ``{id: why it never moves}``.
        displaced: Ids whose place among the others changes.
        reasons: ``{id: sentence}``: why the issue stands where *desired* has it.
    """

    today: tuple[str, ...]
    desired: tuple[str, ...]
    issues: Mapping[str, Issue]
    verdicts: Mapping[str, Verdict]
    fixed: Mapping[str, str]
    displaced: frozenset[str]
    reasons: Mapping[str, str]

    def scored_share(self) -> float:
        """Return the share (0..1) of issues that are scored; 1 for an empty backlog."""
        if not self.today:
            return 1.0
        scored = sum(1 for issue in self.today if self.verdicts[issue].key is not None)
        return scored / len(self.today)

    def unscored(self) -> tuple[str, ...]:
        """Return the ids without a score, in today's order."""
        return tuple(issue for issue in self.today if self.verdicts[issue].key is None)
