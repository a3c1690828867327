"""Issues as JSON, made once and kept until they change."""

from typing import Any

import msgspec

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
    found: Record = {}
    catalogue = state.catalogue
    for field_id, record in catalogue.fields.items():
        navigable = record.get("navigable", True)
        if selection.wants(field_id, navigable=navigable) and catalogue.applies(
            record, issue.project
        ):
            found[field_id] = _value(state, issue, field_id, version)
    for field_id in issue.fields.keys() - catalogue.fields.keys():
        if selection.wants(field_id) and field_id != "security":
            found[field_id] = issue.fields[field_id]
    return found


def _value(state: JiraState, issue: StoredIssue, field_id: str, version: int) -> Any:
    value = issue.fields.get(field_id)
    if field_id == state.catalogue.rank_field:
        return state.rank.text(issue.id)
    if field_id == "subtasks":
        return _subtasks(state, issue)
    if value is None:
        return None
    if field_id == "comment":
        return shown_comments(issue, value, version)
    if state.catalogue.is_text(field_id):
        return shown_text(issue, field_id, value, version)
    return _alive(state, field_id, value)


def _alive(state: JiraState, field_id: str, value: Any) -> Any:
    """A value that shows something with a life of its own, as that is today."""
    if field_id == "parent":
        return _linked(state, value)
    if field_id == "issuelinks":
        return [_link(state, link) for link in value]
    if field_id in ("fixVersions", "versions"):
        known = state.catalogue.versions
        return [_refreshed(entry, known.get(str(entry["id"]))) for entry in value]
    if state.catalogue.is_sprint(field_id):
        sprints = state.catalogue.sprints
        return [_refreshed(entry, sprints.get(int(entry["id"]))) for entry in value]
    return value


def _refreshed(entry: Record, today: Record | None) -> Record:
    if today is None:
        return entry
    return {**entry, **{name: value for name, value in today.items() if name != "projectId"}}


def _linked(state: JiraState, entry: Record) -> Record:
    """A short issue inside another one; one that this site does not hold stays as it came."""
    other = state.issues.get(str(entry.get("id")))
    if other is None:
        return entry
    shown = {name: other.fields.get(name) for name in _LINKED}
    address = f"{state.base_url}/rest/api/3/issue/{other.id}"
    return {"id": other.id, "key": other.key, "self": address, "fields": shown}


def _link(state: JiraState, link: Record) -> Record:
    found = dict(link)
    for side in ("inwardIssue", "outwardIssue"):
        if side in found:
            found[side] = _linked(state, found[side])
    return found


def _subtasks(state: JiraState, issue: StoredIssue) -> list[Record]:
    stored = issue.fields.get("subtasks") or []
    elsewhere = [entry for entry in stored if str(entry.get("id")) not in state.issues]
    here = [child for child in state.children(issue) if child.named("issuetype").get("subtask")]
    return [*elsewhere, *(_linked(state, {"id": child.id}) for child in here)]
