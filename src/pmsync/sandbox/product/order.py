"""The order in which people keep the backlog: partly by value, partly by habit and voice."""

from datetime import datetime
from math import log
from random import Random

from pmsync.sandbox.product.catalog import Epic
from pmsync.sandbox.product.draft import Draft
from pmsync.sandbox.product.site import NOW

_IMPACT = {"Massive": 3.0, "High": 2.0, "Medium": 1.0, "Low": 0.5, "Minimal": 0.25}
_CLASS = {"Must": 1.2, "Should": 0.4, "Could": 0.0, "Won't": -1.5}
_PINNED = 3.0
_VOICE = 1.3
"""Spread of what speaks for an epic besides its value, in units of the logarithm of RICE."""


def ranked(drafts: list[Draft], rng: Random) -> list[Draft]:
    """All issues, top of the rank first: done ones, then work in hand, then the backlog."""
    done = sorted((one for one in drafts if one.resolved), key=_finished)
    hand = [one for one in drafts if _in_hand(one)]
    taken = {id(one) for one in (*done, *hand)}
    rest = [one for one in drafts if id(one) not in taken]
    rng.shuffle(hand)
    return [*done, *hand, *_backlog(rest, rng)]


def _backlog(rest: list[Draft], rng: Random) -> list[Draft]:
    """Every epic with what is below it; what belongs to no epic stands in between."""
    tops = [one for one in rest if isinstance(one.source, Epic)]
    tops.sort(key=lambda one: -_voice(one, rng))
    below: dict[str | None, list[Draft]] = {}
    for one in rest:
        if not isinstance(one.source, Epic):
            below.setdefault(one.epic, []).append(one)
    known = {top.epic for top in tops}
    order = [one for top in tops for one in (top, *below.get(top.epic, ()))]
    for stray in (one for ref, group in below.items() if ref not in known for one in group):
        order.insert(rng.randrange(len(order) + 1), stray)
    return order


def _voice(top: Draft, rng: Random) -> float:
    epic = top.source
    noise = rng.gauss(0, _VOICE)
    if not isinstance(epic, Epic):
        return noise
    reach, impact, confidence, effort, class_, _, _ = epic.estimate
    worth = log(reach * _IMPACT[impact] * confidence / 100 / effort) + _CLASS[class_]
    return worth + noise + (_PINNED if "pinned" in epic.labels else 0.0)


def _in_hand(draft: Draft) -> bool:
    """Started, or in the open sprint; an epic counts by itself only."""
    if draft.resolved:
        return False
    return draft.status != "To Do" or any(one.state == "active" for one in draft.sprints)


def _finished(draft: Draft) -> datetime:
    return draft.resolved or NOW
