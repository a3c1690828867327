"""What the invented company's people do in the weeks after the site's first day.

Each action is a body of ``POST /_sandbox/human`` with one key more, ``why``, for whoever watches.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pmsync.sandbox.product import generate, site
from pmsync.sandbox.product.catalog import Catalog, Epic, Item, catalogs
from pmsync.sandbox.product.estimates import effort_field
from pmsync.sandbox.product.times import sprints
from pmsync.sandbox.seed import Record

Action = Record

_STARTED = ("returns", "consent")
"""Refs of the epics that are started in the weeks told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Where a generated site has what the weeks speak of.

    Attributes:
        keys: Issue keys by summary.
        names: Epic names by ref.
        gaps: ``(ref, field id, value)`` of missing inputs, in the order of refs.
        waiting: Refs of epics to do, unrestricted, top of the rank first.
    """

    keys: dict[str, str]
    names: dict[str, str]
    gaps: tuple[tuple[str, str, object], ...]
    waiting: tuple[str, ...]

    def epic(self, ref: str) -> str:
        """Key of an epic."""
        return self.keys[self.names[ref]]


def week(number: int, seed: int = 1) -> list[Action]:
    """The actions of one week, in order; together they advance the clock by seven days.

    Args:
        number: 1 is the week from 16 November 2026.
        seed: The seed of the site.

    Raises:
        ValueError: The number is less than 1.
    """
    if number < 1:
        message = f"weeks are counted from 1, not {number}"
        raise ValueError(message)
    told = _TOLD[number - 1] if number <= len(_TOLD) else _later(number)
    return list(told(board(seed)))


@lru_cache(maxsize=4)
def board(seed: int) -> Board:
    """Looks up a generated site."""
    issues = generate(seed).issues
    epics = {epic.name: (epic, home) for home in catalogs() for epic in home.epics}
    gaps = []
    waiting = []
    for issue in issues:
        shown = issue["fields"]
        if shown["issuetype"]["name"] != "Epic" or shown["status"]["name"] != "To Do":
            continue
        epic, home = epics[shown["summary"]]
        if shown["security"] is None:
            waiting.append(epic.ref)
        gaps += [(epic.ref, *found) for found in _missing(epic, home, shown)]
    return Board(
        keys={issue["fields"]["summary"]: issue["key"] for issue in issues},
        names={epic.ref: name for name, (epic, _) in epics.items()},
        gaps=tuple(sorted(gaps, key=lambda one: one[:2])),
        waiting=tuple(waiting),
    )


def _missing(epic: Epic, home: Catalog, shown: Record) -> Iterator[tuple[str, object]]:
    reach, impact, confidence, effort, *_ = epic.estimate
    authored: list[tuple[str, object]] = [
        (site.REACH, reach),
        (site.IMPACT, {"value": impact}),
        (site.CONFIDENCE, confidence),
        (effort_field(home.key), effort),
    ]
    return ((field, value) for field, value in authored if shown[field] is None)


def _first(known: Board) -> Iterator[Action]:
    yield _edit(
        known.epic("dates"),
        {site.CONFIDENCE: 80},
        "Maren reads on the page that a confidence of 800 is off the scale and corrects her slip.",
    )
    yield _fill(known, 0, "Maren and Priya go through the estimates that the page calls missing.")
    yield _days(2)
    yield from _finish(known, "Offer two deliveries when one article is late")
    yield _move(known, "Take name and address from the wallet", "In Progress")
    yield _days(5)


def _second(known: Board) -> Iterator[Action]:
    yield from _next_sprint("SHOP", 0)
    yield _edit(
        known.epic("fraud"),
        {site.EFFORT: 6},
        "A spike shows that the score needs data which the warehouse does not send yet: 6 months.",
    )
    yield _fill(known, 1, "The number came out of last week's analytics.")
    yield _days(1)
    yield {
        "do": "move-issue",
        "by": "Priya Nair",
        "issue": known.epic("alerts"),
        "before": known.epic(_top(known, "alerts")),
        "why": "Priya drags the back-in-stock alerts to the top: sales season starts on Friday.",
    }
    yield from _finish(known, "Pay with Google Pay on Android and Chrome")
    yield from _finish(known, "Apple Pay sheet shows the total without the voucher")
    yield from _finish(known, "Offer other payment methods after a refusal")
    yield _move(known, "Charge each parcel when it leaves the warehouse", "In Progress")
    yield _days(6)


def _third(known: Board) -> Iterator[Action]:
    yield from _next_sprint("WEB", 0)
    yield from _finish(known, "Pay with Apple Pay from the cart")
    yield from _finish(known, "Take name and address from the wallet")
    yield from _finish(known, "Charge each parcel when it leaves the warehouse")
    yield _days(3)
    yield _edit(
        known.epic("returns"),
        {site.REACH: 45000},
        "Returns after the sales week: 45,000 shoppers a quarter instead of 38,000.",
    )
    yield _move(known, "Hold the cart for 24 hours after a failed payment", "In Progress")
    yield _days(4)


def _fourth(known: Board) -> Iterator[Action]:
    yield from _next_sprint("SHOP", 1)
    yield from _finish(known, "Show wallets first on phones that have one")
    yield from _finish(known, "Cancel the late half without touching the other")
    yield from _finish(known, "Hold the cart for 24 hours after a failed payment")
    yield _days(1)
    for ref in ("wallets", "split", "retry"):
        yield _move(known, known.names[ref], "Done")
    yield {
        "do": "release-version",
        "project": "SHOP",
        "version": "Checkout 4.4",
        "why": "Checkout 4.4 is live.",
    }
    yield _move(known, "Choose articles and a reason without signing in", "In Progress")
    yield _move(known, known.names["returns"], "In Progress")
    yield _days(6)


def _fifth(known: Board) -> Iterator[Action]:
    yield _fill(known, 2, "The interviews are done, so there is a number now.")
    yield _move(known, "Reject everything with one click", "In Progress")
    yield _move(known, known.names["consent"], "In Progress")
    yield _days(4)
    yield _edit(
        known.epic("home"),
        {site.CONFIDENCE: 30},
        "The test of personal rows on 5 % of visits showed nothing: confidence down to 30 %.",
    )
    yield _days(3)


def _sixth(known: Board) -> Iterator[Action]:
    yield from _next_sprint("WEB", 1)
    yield _fill(known, 3, "The last missing estimate is in.")
    yield _edit(
        known.epic("currencies"),
        {site.EFFORT: 4},
        "The new payment contract includes exchange rates: two person-months less.",
    )
    yield _days(2)
    yield {
        "do": "move-issue",
        "by": "Priya Nair",
        "issue": known.epic("japan"),
        "before": known.epic(_top(known, "japan")),
        "why": "The partner in Osaka has signed; Priya drags the Japanese storefront to the top.",
    }
    yield _days(5)


_TOLD = (_first, _second, _third, _fourth, _fifth, _sixth)


def _later(number: int) -> Callable[[Board], Iterator[Action]]:
    """Quiet weeks: numbers drift, now and then somebody drags an epic."""

    def told(known: Board) -> Iterator[Action]:
        rng = Random(f"pmsync:week:{number}")
        chosen = [ref for ref in known.waiting if ref not in _STARTED]
        for ref in rng.sample(chosen, 2):
            reach = round(_authored(ref).estimate[0] * rng.uniform(0.8, 1.25), -2)
            why = f"{known.names[ref]}: reach is now {reach:,.0f} a quarter."
            yield _edit(known.epic(ref), {site.REACH: reach}, why)
        yield _days(3)
        if number % 2 == 0:
            first, second = rng.sample(chosen, 2)
            yield {
                "do": "move-issue",
                "issue": known.epic(first),
                "before": known.epic(second),
                "why": f"Somebody drags {known.names[first]} above {known.names[second]}.",
            }
        yield _days(4)

    return told


def _top(known: Board, other_than: str) -> str:
    """The first epic to do that stays one through the told weeks."""
    return next(ref for ref in known.waiting if ref not in {other_than, *_STARTED})


def _authored(ref: str) -> Epic:
    return next(epic for home in catalogs() for epic in home.epics if epic.ref == ref)


def _item(summary: str) -> Item:
    items = (item for home in catalogs() for epic in home.epics for item in epic.items)
    return next(item for item in items if item.summary == summary)


def _next_sprint(project: str, number: int) -> Iterator[Action]:
    """Closes the sprint that is open after ``number`` more, and starts the one behind it."""
    open_ones = [one for one in sprints(project) if one.state != "closed"]
    for deed, sprint in (("close", open_ones[number]), ("start", open_ones[number + 1])):
        why = f"{sprint.name} {'ends' if deed == 'close' else 'begins'}."
        yield {"do": f"{deed}-sprint", "sprint": sprint.id, "why": why}


def _days(days: int) -> Action:
    return {
        "do": "advance-clock",
        "days": days,
        "why": "A day passes." if days == 1 else f"{days} days pass.",
    }


def _edit(key: str, fields: Record, why: str) -> Action:
    manager = site.TEAMS[key.partition("-")[0]][0]
    return {"do": "edit-issue", "issue": key, "by": manager, "fields": fields, "why": why}


def _fill(known: Board, place: int, why: str) -> Action:
    ref, field, value = known.gaps[place]
    return _edit(known.epic(ref), {field: value}, why)


def _move(known: Board, summary: str, status: str) -> Action:
    key = known.keys[summary]
    why = f"{key} {summary}: {status}."
    team = site.TEAMS[key.partition("-")[0]]
    who = team[1 + len(summary) % (len(team) - 1)]
    return {"do": "transition", "issue": key, "by": who, "to": status, "why": why}


def _finish(known: Board, summary: str) -> Iterator[Action]:
    """Done, with the sentence for customers."""
    item = _item(summary)
    if item.text:
        why = f"The release note of {known.keys[summary]} is written."
        yield _edit(known.keys[summary], {site.NOTE: item.text}, why)
    yield _move(known, summary, "Done")
