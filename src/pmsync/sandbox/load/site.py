"""Puts the contents of input files together to a site."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pmsync.sandbox import fields
from pmsync.sandbox.load.collect import Collection
from pmsync.sandbox.load.files import Contents, histories_of, moment, read
from pmsync.sandbox.load.infer import catalogue, rank_of
from pmsync.sandbox.load.people import people
from pmsync.sandbox.load.registry import is_number
from pmsync.sandbox.load.sprints import fold
from pmsync.sandbox.seed import Record, Seed

_LONG_AGO = datetime(2020, 1, 6, 8, 0, tzinfo=UTC)
_FIRST_ID = 10_000


def load(paths: Sequence[Path]) -> Seed:
    """A site from search pages and version lists, told apart by their shape.

    Every field is kept. Issues with a rank field stand first, in its order; others follow in the
    order of the files. The site's clock stands a minute after the newest change.

    Args:
        paths: Search pages (v2 or Agile API), lists of versions (bare or by project), changelogs.

    Raises:
        InputError: A file cannot be loaded; nothing else is raised for its content.
    """
    contents = read(paths)
    issues = [_record(issue, contents) for issue in _unique(contents.issues)]
    users = people([[one["fields"], one["changelog"]] for one in issues])
    listed = catalogue(issues, contents.names)
    collection = _collection(issues, listed)
    _add_versions(contents, collection)
    rank = rank_of(listed)
    if rank is None:
        rank = fields.RANK
        listed.append(fields.rank_field())
    return Seed(
        now=_after(issues),
        projects=collection.projects.listed(),
        issue_types=collection.types.listed(),
        fields=listed,
        statuses=collection.statuses.listed(),
        priorities=sorted(collection.priorities.listed(), key=_number),
        resolutions=collection.resolutions.listed(),
        link_types=collection.links.listed(),
        versions=collection.versions.listed(),
        sprints=list(collection.sprints.values()),
        security_levels=collection.levels,
        users=users,
        issues=_ranked(issues, rank),
        rank_field=rank,
    )


def _unique(issues: Iterable[Record]) -> list[Record]:
    """The first of issues with the same key: pages may overlap."""
    found: dict[str, Record] = {}
    for issue in issues:
        found.setdefault(issue["key"], issue)
    ids = [str(issue.get("id", "")) for issue in found.values()]
    fresh = count(max((int(one) for one in ids if is_number(one)), default=_FIRST_ID) + 1)
    taken: set[str] = set()
    for issue, identity in zip(found.values(), ids, strict=True):
        usable = is_number(identity) and identity not in taken
        issue["id"] = identity if usable else str(next(fresh))
        taken.add(issue["id"])
    return list(found.values())


def _record(issue: Record, contents: Contents) -> Record:
    shown = issue["fields"]
    fold(shown)
    dates = [shown.get(name) for name in ("created", "updated", "resolutiondate")]
    known = next((one for one in dates if isinstance(one, str)), None)
    default = known or _LONG_AGO.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    for name in ("created", "updated"):
        shown[name] = shown.get(name) or default
    log = contents.changelogs.get(issue["key"]) or histories_of(issue)
    return {"id": issue["id"], "key": issue["key"], "fields": shown, "changelog": log}


def _collection(issues: list[Record], listed: list[Record]) -> Collection:
    collection = Collection()
    sprints = [one["id"] for one in listed if one["schema"].get("custom", "").endswith("gh-sprint")]
    for issue in issues:
        collection.take(issue["key"], issue["fields"])
        for identity in sprints:
            collection.take_sprints(issue["fields"], identity)
    return collection


def _add_versions(contents: Contents, collection: Collection) -> None:
    """Lists without a project belong to the one whose issues mention most of their versions."""
    projects = {one["key"]: one for one in collection.projects.listed()}
    homes = {one["id"]: one["projectId"] for one in collection.versions.listed()}
    by_id = {int(one["id"]): one for one in projects.values()}
    for key, versions in contents.versions:
        votes = Counter(homes[one["id"]] for one in versions if one.get("id") in homes)
        likely = by_id[votes.most_common(1)[0][0]] if votes else next(iter(by_id.values()), None)
        home = projects.get(key) if key else likely
        if home is None:
            home = collection.projects.take({"key": key or "NONE", "name": key or "NONE"})
        for version in versions:
            collection.version(version, home)


def _ranked(issues: list[Record], rank: str) -> list[Record]:
    known = [one for one in issues if isinstance(one["fields"].get(rank), str)]
    known.sort(key=lambda one: one["fields"][rank])
    return known + [one for one in issues if not isinstance(one["fields"].get(rank), str)]


def _after(issues: list[Record]) -> datetime:
    names = ("created", "updated", "resolutiondate")
    texts = {one["fields"].get(name) for one in issues for name in names}
    texts |= {history["created"] for one in issues for history in one["changelog"]}
    moments = [_LONG_AGO, *(one for one in map(moment, texts) if one)]
    return max(moments).replace(microsecond=0) + timedelta(minutes=1)


def _number(record: Record) -> tuple[int, str]:
    """Priorities are numbered from the highest."""
    return (int(record["id"]) if record["id"].isdigit() else 0, record["id"])
