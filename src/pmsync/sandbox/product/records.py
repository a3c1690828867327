"""Drafts as the records of a seed: keys, links, parents, versions, changelog."""

from random import Random
from typing import Any

from pmsync.sandbox import fields
from pmsync.sandbox.product import site
from pmsync.sandbox.product.catalog import Epic, catalogs
from pmsync.sandbox.product.draft import Draft
from pmsync.sandbox.product.times import sprints, stamp
from pmsync.sandbox.seed import Record

_TYPES = {one["name"]: one for one in site.issue_types()}
_STATUSES = {one["name"]: one for one in site.statuses()}
_LINKS = {one["name"]: one for one in site.link_types()}
_FIRST_ID, _FIRST_LINK, _FIRST_HISTORY = 10101, 10501, 20001


def name_all(drafts: list[Draft]) -> None:
    """Gives ids and keys in the order in which the issues were created."""
    used: dict[str, int] = {}
    for place, draft in enumerate(sorted(drafts, key=lambda one: (one.created, one.summary))):
        used[draft.project] = used.get(draft.project, 0) + 1
        draft.key = f"{draft.project}-{used[draft.project]}"
        draft.identity = str(_FIRST_ID + place)


def records(drafts: list[Draft], rng: Random) -> list[Record]:
    """One record an issue, in the order given."""
    versions = {one["name"]: one for one in site.versions()}
    projects = {one.key: site.project(one) for one in catalogs()}
    links = _links(drafts)
    histories = _histories(drafts, versions)
    children: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.kind == "Sub-task" and draft.parent:
            children.setdefault(draft.parent.key, []).append(draft)
    made = []
    for draft in drafts:
        shown = _empty() | draft.values | _plain(draft, projects[draft.project], rng)
        shown["components"] = [_component(draft.project, one) for one in draft.values["components"]]
        shown["fixVersions"] = [_version(versions[one]) for one in draft.values["fixVersions"]]
        shown["subtasks"] = [_short(one) for one in children.get(draft.key, ())]
        shown["issuelinks"] = links.get(draft.key, [])
        log = histories[draft.key]
        shown["updated"] = log[-1]["created"] if log else shown["created"]
        made.append({"id": draft.identity, "key": draft.key, "fields": shown, "changelog": log})
    return made


def _empty() -> Record:
    """Every field of the site, empty."""
    lists = (
        "versions",
        "issuelinks",
        "subtasks",
        "labels",
        "components",
        "fixVersions",
        "attachment",
    )
    blank: Record = {one["id"]: None for one in site.all_fields()}
    return blank | {name: [] for name in lists}


def _plain(draft: Draft, project: Record, rng: Random) -> Record:
    reporter = site.user(draft.reporter)
    votes = rng.choice((0, 0, 0, 1, 2, 5, 12)) if draft.kind != "Sub-task" else 0
    plain: Record = {
        "summary": draft.summary,
        "issuetype": dict(_TYPES[draft.kind]),
        "project": dict(project),
        "status": _status(draft.status),
        "reporter": reporter,
        "creator": reporter,
        "created": stamp(draft.created),
        "votes": {"votes": votes, "hasVoted": False},
        "watches": {"watchCount": rng.randrange(1, 6), "isWatching": False},
        "comment": {"comments": [], "maxResults": 0, "total": 0, "startAt": 0},
        "issuerestriction": {"issuerestrictions": {}, "shouldDisplay": project["simplified"]},
        "workratio": -1,
    }
    if draft.parent:
        plain["parent"] = _short(draft.parent)
    if draft.sprints:
        plain[fields.SPRINT] = [sprint.record() for sprint in draft.sprints]
    return plain


def _short(draft: Draft) -> Record:
    """An issue as other issues show it."""
    return {
        "id": draft.identity,
        "key": draft.key,
        "fields": {
            "summary": draft.summary,
            "status": _status(draft.status),
            "priority": dict(draft.values["priority"]),
            "issuetype": dict(_TYPES[draft.kind]),
        },
    }


def _status(name: str) -> Record:
    status = _STATUSES[name]
    return status | {"statusCategory": dict(status["statusCategory"])}


def _version(version: Record) -> Record:
    names = ("id", "name", "description", "archived", "released", "releaseDate")
    return {name: version[name] for name in names}


def _component(project: str, name: str) -> Record:
    catalog = next(one for one in catalogs() if one.key == project)
    number = 100 * int(site.project(catalog)["id"]) + catalog.components.index(name)
    return {"id": str(number), "name": name}


def _links(drafts: list[Draft]) -> dict[str, list[Record]]:
    """Both ends of every link by key."""
    known = {one.summary: one for one in drafts}
    known |= {one.source.ref: one for one in drafts if isinstance(one.source, Epic)}
    wanted = [("Blocks", pair) for one in catalogs() for pair in one.blocks]
    wanted += [("Relates", pair) for one in catalogs() for pair in one.relates]
    made: dict[str, list[Record]] = {}
    for number, (name, (first, second)) in enumerate(wanted, _FIRST_LINK):
        source, target = known[first], known[second]
        link: Record = {"id": str(number), "type": dict(_LINKS[name])}
        made.setdefault(source.key, []).append(link | {"outwardIssue": _short(target)})
        made.setdefault(target.key, []).append(link | {"inwardIssue": _short(source)})
    return made


def _histories(drafts: list[Draft], versions: dict[str, Record]) -> dict[str, list[Record]]:
    """Changelogs by key; ids grow with time over all issues."""
    made: dict[str, list[Record]] = {draft.key: [] for draft in drafts}
    moments = [(when, draft.key, place, who, items) for draft in drafts
               for place, (when, who, items) in enumerate(draft.moments)]  # fmt: skip
    moments.sort(key=lambda one: one[:3])
    for number, (when, key, _, who, items) in enumerate(moments, _FIRST_HISTORY):
        made[key].append(
            {
                "id": str(number),
                "author": site.user(who),
                "created": stamp(when),
                "items": [_item(item, versions) for item in items],
            }
        )
    return made


def _item(item: dict[str, Any], versions: dict[str, Record]) -> Record:
    if item["field"] == "Fix Version":
        return item | {"fieldId": "fixVersions", "to": versions[item["toString"]]["id"]}
    return item


def sprint_records() -> list[Record]:
    """The sprints of both teams."""
    return [sprint.record() for one in catalogs() for sprint in sprints(one.key)]
