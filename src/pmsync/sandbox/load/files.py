"""Reads input files and tells their kinds apart by shape."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from pmsync.sandbox.seed import Record

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[0-9]{1,15}")
_MOMENTS = ("created", "updated", "resolutiondate")
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


class InputError(ValueError):
    """A file that cannot be loaded; the text names it and says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


@dataclass(slots=True)
class Contents:
    """What all files hold together.

    Attributes:
        issues: In the order of the files.
        versions: ``(project key or None, versions)``, one entry a list found.
        changelogs: Histories by issue key, from files of their own.
        names: Field names by id, from pages asked with ``expand=names``.
    """

    issues: list[Record] = field(default_factory=list)
    versions: list[tuple[str | None, list[Record]]] = field(default_factory=list)
    changelogs: dict[str, list[Record]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read(paths: Sequence[Path]) -> Contents:
    """Reads all files.

    Raises:
        InputError: A file is missing, not JSON, or of no shape that is known.
    """
    contents = Contents()
    for path in paths:
        _sort_in(path, _decoded(path), contents)
    return contents


def _decoded(path: Path) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise InputError(path, error.strerror or "cannot be read") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(path, f"is not JSON: {error}") from error


def _sort_in(path: Path, content: Any, contents: Contents) -> None:
    if isinstance(content, list):
        _sort_list(path, content, contents)
    elif not isinstance(content, dict):
        raise InputError(path, "holds neither issues nor versions")
    elif isinstance(content.get("issues"), list):
        _add_issues(path, content["issues"], contents)
        _add_names(content.get("names"), contents)
    elif isinstance(content.get("values"), list):
        _sort_list(path, content["values"], contents)
    elif isinstance(content.get("key"), str):
        _add_single(path, content, contents)
    elif content and all(_versions(entry) for entry in content.values()):
        contents.versions.extend(content.items())
    else:
        keys = ", ".join(list(content)[:5]) or "nothing"
        why = f"holds {keys}; expected a search page (issues) or versions by project"
        raise InputError(path, why)


def _sort_list(path: Path, content: list[Any], contents: Contents) -> None:
    """A bare list is one of versions or one of issues."""
    if content and all(isinstance(one, dict) and "key" in one for one in content):
        _add_issues(path, content, contents)
    elif _versions(content):
        contents.versions.append((None, content))
    else:
        raise InputError(path, "is a list of neither issues nor versions")


def _add_issues(path: Path, issues: Iterable[Any], contents: Contents) -> None:
    for place, issue in enumerate(issues):
        if not isinstance(issue, dict):
            raise InputError(path, f"issues[{place}] is no object")
        if why := _broken(issue):
            raise InputError(path, f"issues[{place}] {why}")
        contents.issues.append(issue)


def _broken(issue: Record) -> str | None:
    """What keeps an issue from being loaded."""
    key, shown = issue.get("key"), issue.get("fields")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return "has no key such as ABC-1"
    if not isinstance(shown, dict):
        return f"({key}) has no fields"
    for name in _MOMENTS:
        if shown.get(name) is not None and moment(shown[name]) is None:
            return f"({key}) has no moment in {name}: {str(shown[name])[:40]!r}"
    return None


def moment(text: object) -> datetime | None:
    """A date and time as Jira writes it (UTC where it names no zone); None if it is none."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _add_names(names: Any, contents: Contents) -> None:
    if isinstance(names, dict):
        contents.names |= {key: name for key, name in names.items() if isinstance(name, str)}


def _add_single(path: Path, content: Record, contents: Contents) -> None:
    """One issue, or the changelog of one."""
    if "fields" in content:
        _add_issues(path, [content], contents)
    elif histories := histories_of(content):
        contents.changelogs[content["key"]] = histories
    else:
        raise InputError(path, f"{content['key']} has neither fields nor a changelog")


def histories_of(issue: Record) -> list[Record]:
    """An issue's changelog, oldest first; empty when the page came without."""
    changelog = issue.get("changelog")
    listed = changelog.get("histories") if isinstance(changelog, dict) else changelog
    known = [one for one in _list(listed) if isinstance(one, dict) and moment(one.get("created"))]
    return sorted(known, key=lambda one: str(one.get("created") or ""))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _versions(entry: Any) -> bool:
    return isinstance(entry, list) and all(isinstance(one, dict) and "name" in one for one in entry)
