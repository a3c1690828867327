"""Explain: why an issue stands where it does. It reads what a run stored and computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from pmsync.core.errors import UsageError
from pmsync.core.journal import Run
from pmsync.pipeline.evidence import Evidence, Place, decode
from pmsync.ports import Store

LOOK_BACK = 50
"""How many of the latest runs are searched for one that ranked anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One issue in one run.

    Attributes:
        place: The issue's place, with everything it rests on.
        total: Number of ranked issues.
    """

    run: Run
    place: Place
    total: int


def explain_issue(store: Store, products: Sequence[str], issue: str) -> Explanation:
    """Return why *issue* (a key or id) stands where it does, by the latest run that ranked it.

    Raises:
        UsageError: No stored run has ranked it.
    """
    for product in products:
        for run in store.runs(product, LOOK_BACK):
            evidence = _evidence(store, run)
            place = evidence.find(issue) if evidence else None
            if evidence and place:
                return Explanation(run=run, place=place, total=len(evidence.places))
    what = f"no stored run has ranked {issue}"
    raise UsageError(
        what,
        cure="it may be outside the ranked level or set, restricted, or not pulled yet:"
        " run pmsync sync, and look at pmsync score",
    )


def _evidence(store: Store, run: Run) -> Evidence | None:
    if not run.scores:
        return None
    try:
        return decode(store.blob(run.scores))
    except msgspec.MsgspecError:
        return None  # of another version of pmsync: an older run may be readable
