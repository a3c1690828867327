"""Issues as JSON, made once and kept until they change."""

from collections.abc import Callable
from typing import Any

import msgspec

from pmsync.sandbox.jira.catalogue import Catalogue
from pmsync.sandbox.jira.documents import shown_comments, shown_text
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.selection import Selection
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record

EXPANDS = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
_ENCODER = msgspec.json.Encoder()
_LINKED = ("summary", "status", "priority", "issuetype")


def render(
    state: JiraState,
    issue: StoredIssue,
    selection: Selection,
    *,
    version: int,
    histories: int = 0,
) -> bytes:
    """An issue as JSON.

    Args:
        state: The site.
        issue: Any issue of it.
        selection: Which fields to show.
        version: 3 shows texts as Atlassian documents, 2 as wiki markup.
        histories: Most histories to show with it, newest first; 0 for no changelog.
    """
    depends = (selection, version, histories)
    found = issue.rendered.get(depends)
    if found is None:
        found = _ENCODER.encode(_issue(state, issue, selection, version, histories))
        issue.rendered[depends] = found
    return found


def _issue(
    state: JiraState, issue: StoredIssue, selection: Selection, version: int, histories: int
) -> Record:
    if selection.bare and not histories:
        return {"id": issue.id}
    record: Record = {
        "expand": EXPANDS,
        "id": issue.id,
        "self": f"{state.base_url}/rest/api/{version}/issue/{issue.id}",
        "key": issue.key,
    }
    if not selection.keyed:
        record["fields"] = _fields(state, issue, selection, version)
    if histories:
        newest = issue.changelog[::-1][:histories]
        record["changelog"] = {
            "startAt": 0,
            "maxResults": len(newest),
            "total": len(issue.changelog),
            "histories": newest,
        }
    return record


def _fields(state: JiraState, issue: StoredIssue, selection: Selection, version: int) -> Record:
    values = issue.fields
    found = {
        field_id: values.get(field_id) if show is None else show(state, issue, field_id, version)
        for field_id, show in _shown(state, selection, issue.project)
    }
    for field_id in values.keys() - state.catalogue.fields.keys():
        if selection.wants(field_id):
            found[field_id] = values[field_id]
    return found


def _shown(
    state: JiraState, selection: Selection, project: str
) -> tuple[tuple[str, "_Show | None"], ...]:
    """The fields that a selection means in a project, worked out once."""
    known = state.shown.get((selection, project))
    if known is None:
        catalogue = state.catalogue
        known = tuple(
            (field_id, _show(catalogue, field_id))
            for field_id, record in catalogue.fields.items()
            if selection.wants(field_id, navigable=record.get("navigable", True))
            and catalogue.applies(record, project)
        )
        state.shown[selection, project] = known
    return known


_Show = Callable[[JiraState, StoredIssue, str, int], Any]


def _show(catalogue: Catalogue, field_id: str) -> _Show | None:
    """How a field's value is made; None if it is shown as it is kept."""
    if field_id == catalogue.rank_field:
        return lambda state, issue, _field_id, _version: state.rank.text(issue.id)
    if catalogue.is_text(field_id):
        return _text
    if catalogue.is_sprint(field_id):
        return _sprints
    return _SHOWN.get(field_id)


def _text(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    del state
    value = issue.fields.get(field_id)
    return None if value is None else shown_text(issue, field_id, value, version)


def _comments(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    del state
    value = issue.fields.get(field_id)
    return None if value is None else shown_comments(issue, value, version)


def _versions(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    """Versions as they are today: released since, renamed."""
    del version
    known = state.catalogue.versions
    entries = issue.fields.get(field_id)
    return entries and [_refreshed(entry, known.get(str(entry["id"]))) for entry in entries]


def _sprints(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    """Sprints as they are today."""
    del version
    known = state.catalogue.sprints
    entries = issue.fields.get(field_id)
    return entries and [_refreshed(entry, known.get(int(entry["id"]))) for entry in entries]


def _refreshed(entry: Record, today: Record | None) -> Record:
    if today is None:
        return entry
    return {**entry, **{name: value for name, value in today.items() if name != "projectId"}}


def _linked(state: JiraState, entry: Record, version: int) -> Record:
    """A short issue inside another one; one that this site does not hold stays as it came."""
    other = state.issues.get(str(entry.get("id")))
    if other is None:
        return entry
    shown = {name: other.fields.get(name) for name in _LINKED}
    address = f"{state.base_url}/rest/api/{version}/issue/{other.id}"
    return {"id": other.id, "key": other.key, "self": address, "fields": shown}


def _parent(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    value = issue.fields.get(field_id)
    return value and _linked(state, value, version)


def _links(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    found = []
    for link in issue.fields.get(field_id) or ():
        side = "inwardIssue" if "inwardIssue" in link else "outwardIssue"
        found.append({**link, side: _linked(state, link[side], version)})
    return found


def _subtasks(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    stored = issue.fields.get(field_id) or []
    elsewhere = [entry for entry in stored if str(entry.get("id")) not in state.issues]
    here = [child for child in state.children(issue) if child.named("issuetype").get("subtask")]
    return [*elsewhere, *(_linked(state, {"id": child.id}, version) for child in here)]


_SHOWN: dict[str, _Show] = {
    "comment": _comments,
    "fixVersions": _versions,
    "versions": _versions,
    "parent": _parent,
    "issuelinks": _links,
    "subtasks": _subtasks,
}
