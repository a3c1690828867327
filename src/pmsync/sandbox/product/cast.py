"""Turns the catalogue into drafts with a life each."""

from datetime import datetime, timedelta
from random import Random

from pmsync.sandbox.product import lives, texts
from pmsync.sandbox.product.catalog import Catalog, Epic, Item
from pmsync.sandbox.product.draft import Draft, system
from pmsync.sandbox.product.site import NOTE, NOW, TEAMS
from pmsync.sandbox.product.times import between, day

_LABELS = ("mobile", "from-support", "from-interviews", "from-analytics", "survey-spring")
_FIRST = day("2026-02-16")


def cast(catalog: Catalog, rng: Random) -> list[Draft]:
    """The epics, stories, bugs and tasks of one project; an epic before what is below it."""
    drafts: list[Draft] = []
    for epic in catalog.epics:
        top = _epic(catalog, epic, rng)
        below = [_item(catalog, item, top, rng) for item in epic.items]
        _live(top, epic, below, rng)
        drafts += [top, *below]
    drafts += [_item(catalog, item, None, rng) for item in catalog.loose]
    return drafts


def _epic(catalog: Catalog, epic: Epic, rng: Random) -> Draft:
    done = epic.state not in {"doing", "todo"}
    latest = lives.window(catalog, epic.state)[0] if done else NOW - timedelta(days=30)
    created = between(rng, latest - timedelta(days=140), latest - timedelta(days=45))
    draft = Draft(
        project=catalog.key,
        kind="Epic",
        summary=epic.name,
        created=created,
        reporter=TEAMS[catalog.key][0],
        source=epic,
        epic=epic.ref,
    )
    version = epic.state if done else epic.version
    _common(draft, catalog, version, epic.component, rng)
    _restrict(draft, epic)
    draft.values["description"] = texts.of_epic(epic, rng)
    draft.values["labels"] = [*epic.labels, *draft.values["labels"]]
    draft.values["duedate"] = epic.due
    return draft


def _live(top: Draft, epic: Epic, below: list[Draft], rng: Random) -> None:
    """An epic is in progress with its first story and done with its last."""
    if epic.state == "todo":
        lives.dragged(top, rng, 0.5)
        return
    begun = min((one.started for one in below if one.started), default=NOW - timedelta(days=9))
    top.started = begun - timedelta(minutes=5)
    owner = rng.choice(TEAMS[top.project])
    top.assign(top.started - timedelta(hours=1), top.reporter, owner)
    top.move(top.started, owner, "In Progress")
    if epic.state != "doing":
        top.resolve(max(one.resolved or begun for one in below) + timedelta(hours=2), owner)


def _item(catalog: Catalog, item: Item, top: Draft | None, rng: Random) -> Draft:
    epic = top.source if top and isinstance(top.source, Epic) else None
    component = epic.component if epic else _component(catalog, item)
    done_by = _done_by(catalog, item, rng)
    born = (done_by or NOW) - timedelta(days=rng.randrange(20, 75))
    draft = Draft(
        project=catalog.key,
        kind=item.kind,
        summary=item.summary,
        created=between(
            rng, max(born, top.created) if top else born, done_by or NOW - timedelta(days=12)
        ),
        reporter=rng.choice(TEAMS[catalog.key]),
        source=item,
        epic=epic.ref if epic else None,
        parent=top,
    )
    if done_by and done_by - draft.created < timedelta(days=5):
        draft.created = done_by - timedelta(days=6)
    version = item.state if item.state.startswith(("Checkout", "Storefront")) else None
    if version is None and epic and item.state != "closed":
        version = epic.version
    _common(draft, catalog, version, component, rng)
    _restrict(draft, item)
    draft.values["description"] = texts.of_item(item, component, epic, rng)
    if done_by and item.text:
        draft.values[NOTE] = item.text
    _live_item(draft, item.state, done_by, rng)
    return draft


def _live_item(draft: Draft, state: str, done_by: datetime | None, rng: Random) -> None:
    if state == "closed":
        lives.closed(draft, done_by or NOW, rng)
    elif done_by:
        lives.finished(draft, done_by, rng)
        lives.dragged(draft, rng, 0.1)
    elif state in {"doing", "review"}:
        lives.started(draft, rng, review=state == "review")
    else:
        lives.waiting(draft, state, rng)
        lives.dragged(draft, rng, 0.2)


def _done_by(catalog: Catalog, item: Item, rng: Random) -> datetime | None:
    if item.state == "closed":
        return between(rng, _FIRST, NOW - timedelta(days=5))
    if item.state == "done":
        return between(rng, NOW - timedelta(days=15), NOW - timedelta(days=1))
    if any(version.name == item.state for version in catalog.versions):
        return between(rng, *lives.window(catalog, item.state))
    return None


def _component(catalog: Catalog, item: Item) -> str:
    """The component that the summary speaks of, else the same one every time."""
    words = {
        "order": "Orders", "deliver": "Delivery", "voucher": "Cart", "pay": "Payments",
        "collection": "Delivery", "label": "Delivery", "card": "Payments", "search": "Search",
        "home": "Home page", "categor": "Product page", "newsletter": "Content",
        "pixel": "Consent", "language": "Content", "address": "Delivery",
    }  # fmt: skip
    text = item.summary.lower()
    found = (name for word, name in words.items() if word in text and name in catalog.components)
    return next(found, catalog.components[len(item.summary) % len(catalog.components)])


def _common(
    draft: Draft, catalog: Catalog, version: str | None, component: str, rng: Random
) -> None:
    weights = {"Bug": (1, 5, 8, 3, 1), "Epic": (1, 4, 6, 2, 1)}.get(draft.kind, (1, 3, 9, 3, 1))
    number = rng.choices(range(5), weights)[0]
    name = ("Highest", "High", "Medium", "Low", "Lowest")[number]
    draft.values |= {
        "priority": {"id": str(number + 1), "name": name},
        "labels": sorted(rng.sample(_LABELS, rng.choice((0, 0, 1, 1, 2)))),
        "components": [component],
        "fixVersions": [version] if version else [],
    }
    if version:
        when = between(rng, draft.created, draft.created + timedelta(days=4))
        draft.log(when, TEAMS[catalog.key][0], system("Fix Version", None, version))


def _restrict(draft: Draft, source: Epic | Item) -> None:
    if source.restricted:
        level = {"id": "10000", "name": "Internal only"}
        draft.values["security"] = level | {"description": "The company's own people"}
