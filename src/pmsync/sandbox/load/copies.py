"""Makes a site larger by copying its issues, for measurements."""

from dataclasses import replace
from typing import Any

import msgspec

from pmsync.sandbox.seed import Record, Seed

_NEIGHBOURS = ("inwardIssue", "outwardIssue")


def replicate(seed: Seed, count: int) -> Seed:
    """The same site with ``count`` issues: its own first, then copies of them in rank order.

    Copies have ids and keys of their own. Links, parents and sub-tasks lead to the same copy; a
    link whose other end is not in it is left out, a parent that is not in it stays.

    Args:
        seed: A site with at least one issue.
        count: How many issues it shall have; fewer than it has cuts it off.

    Raises:
        ValueError: There is nothing to copy.
    """
    if not seed.issues and count > 0:
        message = "a site without issues cannot be made larger"
        raise ValueError(message)
    blob = msgspec.json.encode(seed.issues)
    issues: list[Record] = []
    next_id = max((int(one["id"]) for one in seed.issues), default=0) + 1
    numbers: dict[str, int] = {}
    while len(issues) < count:
        batch: list[Record] = msgspec.json.decode(blob)[: count - len(issues)]
        names = _names(batch, next_id, numbers, fresh=bool(issues))
        if issues or len(batch) < len(seed.issues):
            for issue in batch:
                _rename(issue, names)
        issues += batch
        next_id += len(batch) if len(issues) > len(batch) else 0
    return replace(seed, issues=issues)


def _names(
    batch: list[Record], next_id: int, numbers: dict[str, int], *, fresh: bool
) -> dict[str, tuple[str, str]]:
    """New id and key by old key; the old ones again for the first batch."""
    names: dict[str, tuple[str, str]] = {}
    for place, issue in enumerate(batch):
        project, _, number = issue["key"].rpartition("-")
        if fresh:
            numbers[project] = numbers.get(project, 0) + 1
            names[issue["key"]] = (str(next_id + place), f"{project}-{numbers[project]}")
        else:
            numbers[project] = max(numbers.get(project, 0), int(number))
            names[issue["key"]] = (issue["id"], issue["key"])
    return names


def _rename(issue: Record, names: dict[str, tuple[str, str]]) -> None:
    issue["id"], issue["key"] = names[issue["key"]]
    shown = issue["fields"]
    if isinstance(shown.get("parent"), dict):
        _point(shown["parent"], names)
    for name, value in shown.items():
        if isinstance(value, str) and value in names:  # an epic link
            shown[name] = names[value][1]
    subtasks = shown.get("subtasks")
    if subtasks:
        shown["subtasks"] = [one for one in subtasks if _point(one, names)]
    links = shown.get("issuelinks")
    if links:
        shown["issuelinks"] = [one for one in links if _inside(one, names)]


def _inside(link: Record, names: dict[str, tuple[str, str]]) -> bool:
    ends = [link[name] for name in _NEIGHBOURS if isinstance(link.get(name), dict)]
    return all(_point(end, names) for end in ends)


def _point(other: Any, names: dict[str, tuple[str, str]]) -> bool:
    """Lets a reference lead to the copy, if its issue is in it."""
    found = names.get(other.get("key", ""))
    if found is None:
        return False
    other["id"], other["key"] = found
    return True
