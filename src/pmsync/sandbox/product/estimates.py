"""Who estimated what and when; where an input is missing or mistyped."""

from datetime import timedelta
from random import Random

from pmsync.sandbox.product import site
from pmsync.sandbox.product.catalog import Epic
from pmsync.sandbox.product.draft import Draft
from pmsync.sandbox.product.times import between

_GAPS = 4
_MISTYPED = ("dates", 800)
"""Ref of the epic whose confidence of 80 became 800, and that number."""
_KEPT = {
    *("dates", "acquirer", "returns", "consent", "lowest", "reserve"),
    *("fraud", "currencies", "home", "alerts", "japan"),
}
"""Refs of epics that people speak of: they are estimated."""


def estimate_all(epics: dict[str, Draft], rng: Random) -> None:
    """Fills the inputs of all epics, with the gaps that a real backlog has."""
    open_ones = sorted(ref for ref, draft in epics.items() if draft.status == "To Do")
    gaps = dict.fromkeys(rng.sample([ref for ref in open_ones if ref not in _KEPT], _GAPS), "")
    for number, ref in enumerate(gaps):
        gaps[ref] = ("reach", "confidence", "effort", "impact")[number]
    for ref, draft in epics.items():
        _estimate(draft, gaps.get(ref), rng)
    _mistype(epics[_MISTYPED[0]], _MISTYPED[1])


def effort_field(project: str) -> str:
    """The field that holds the effort: WEB has its own."""
    return site.WEB_EFFORT if project == "WEB" else site.EFFORT


def _estimate(draft: Draft, gap: str | None, rng: Random) -> None:
    epic = draft.source
    if not isinstance(epic, Epic):
        return
    reach, impact, confidence, effort, class_, value, risk = epic.estimate
    chosen = [
        ("reach", site.REACH, reach, round(reach * 0.8, -2)),
        ("impact", site.IMPACT, impact, "Medium"),
        ("confidence", site.CONFIDENCE, confidence, 50),
        ("effort", effort_field(draft.project), effort, effort + 1),
        ("class", site.CLASS, class_, "Should"),
        ("value", site.VALUE, value, 5),
        ("risk", site.RISK, risk, 5),
    ]
    end = draft.started or site.NOW - timedelta(days=5)
    when = between(rng, draft.created, draft.created + (end - draft.created) / 2)
    who = site.TEAMS[draft.project][0]
    for name, identity, final, earlier in chosen:
        if name == gap:
            continue
        when += timedelta(minutes=rng.randrange(1, 9))
        if earlier != final and rng.random() < 0.3:  # noqa: PLR2004
            draft.estimate(when, who, identity, earlier)
            draft.estimate(max(between(rng, when, end), when), who, identity, final)
        else:
            draft.estimate(when, who, identity, final)


def _mistype(draft: Draft, wrong: float) -> None:
    who = site.TEAMS[draft.project][0]
    draft.estimate(site.NOW - timedelta(days=3, hours=-6), who, site.CONFIDENCE, wrong)
