"""A Jira of a dozen issues that a reader can hold in mind, for tests of the sandbox.

Two projects: SHOP (company-managed, security levels) and WEB (team-managed, a field of its own).
The order is the order of ``ROWS``.
"""

from datetime import UTC, datetime
from typing import Any

from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.fields import (
    RANK,
    SPRINT,
    checkboxes_field,
    custom_field,
    number_field,
    rank_field,
    select_field,
    sprint_field,
    system_fields,
    text_field,
)
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record, Seed

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
REACH, IMPACT, TEAMS, NOTE = (f"customfield_1010{number}" for number in (1, 2, 3, 4))
MOMENT, LINE, WEB_REACH = "customfield_10106", "customfield_10107", "customfield_10201"
ACCOUNT: Record = {
    "accountId": "bot",
    "displayName": "Bot",
    "emailAddress": "bot@acme.example",
    "active": True,
    "timeZone": "Europe/Berlin",
}
ANA: Record = {"accountId": "ana", "displayName": "Ana Ruiz", "active": True, "timeZone": "Etc/UTC"}
LEVEL: Record = {"id": "10500", "name": "Internal", "description": ""}

TYPES: list[Record] = [
    {"id": "1", "name": "Epic", "hierarchyLevel": 1, "subtask": False},
    {"id": "2", "name": "Story", "hierarchyLevel": 0, "subtask": False},
    {"id": "3", "name": "Sub-task", "hierarchyLevel": -1, "subtask": True},
]
STATUSES: list[Record] = [
    {"id": "11", "name": "To Do", "statusCategory": {"id": 2, "key": "new", "name": "To Do"}},
    {
        "id": "12",
        "name": "In Progress",
        "statusCategory": {"id": 4, "key": "indeterminate", "name": "In Progress"},
    },
    {"id": "13", "name": "Done", "statusCategory": {"id": 3, "key": "done", "name": "Done"}},
]
PRIORITIES: list[Record] = [
    {"id": "1", "name": "High"},
    {"id": "2", "name": "Medium"},
    {"id": "3", "name": "Low"},
]
VERSIONS: list[Record] = [
    {"id": "901", "name": "1.0", "projectId": 100, "released": True, "releaseDate": "2026-10-01"},
    {"id": "902", "name": "1.1", "projectId": 100, "released": False},
    {"id": "903", "name": "2.0", "projectId": 200, "released": False},
]
SPRINTS: list[Record] = [
    {"id": 71, "name": "Sprint 1", "state": "closed", "boardId": 1},
    {"id": 72, "name": "Sprint 2", "state": "active", "boardId": 1},
    {"id": 73, "name": "Sprint 3", "state": "future", "boardId": 1},
]

# key | type | status | labels | reach | impact | fix version | sprint | parent | updated
ROWS = """
SHOP-1 | Epic     | In Progress | pay,Web | 100 | High | -   | -     | -      | 2026-11-10T10:00
SHOP-2 | Story    | In Progress | -       | 50  | Low  | 902 | 71,72 | SHOP-1 | 2026-11-15T10:00
SHOP-3 | Story    | To Do       | pay     | -   | High | 902 | -     | SHOP-1 | 2026-11-01T10:00
WEB-1  | Epic     | To Do       | -       | -   | -    | 903 | -     | -      | 2026-09-01T10:00
SHOP-4 | Story    | Done        | -       | 10  | -    | 901 | 71    | -      | 2026-08-01T10:00
SHOP-5 | Sub-task | To Do       | web     | -   | -    | -   | 73    | SHOP-2 | 2026-11-16T07:59
WEB-2  | Story    | To Do       | -       | -   | -    | -   | -     | WEB-1  | 2026-10-01T10:00
SHOP-10| Story   | To Do       | -       | 0   | Low  | -   | -     | -      | 2026-07-01T10:00
"""


def little_seed() -> Seed:
    """The seed of the little site."""
    rows = [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()]
    ids = {row[0]: str(1001 + place) for place, row in enumerate(rows)}
    return Seed(
        now=NOW,
        projects=[_project("100", "SHOP", "Checkout", "classic"), _web()],
        issue_types=TYPES,
        fields=_fields(),
        statuses=STATUSES,
        priorities=PRIORITIES,
        resolutions=[{"id": "1", "name": "Done"}],
        link_types=[{"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}],
        versions=VERSIONS,
        sprints=SPRINTS,
        security_levels={"SHOP": [LEVEL]},
        users=[ANA],
        issues=[_issue(row, ids) for row in rows],
        rank_field=RANK,
    )


def little_jira() -> JiraState:
    """The little site, ready to be asked."""
    return JiraState(little_seed(), SiteClock(NOW), ACCOUNT)


def _project(identity: str, key: str, name: str, style: str) -> Record:
    return {
        "id": identity,
        "key": key,
        "name": name,
        "projectTypeKey": "software",
        "style": style,
    }


def _web() -> Record:
    return _project("200", "WEB", "Shop front", "next-gen")


def _fields() -> list[Record]:
    scope = {"type": "PROJECT", "project": {"id": "200"}}
    return [
        *system_fields(),
        rank_field(),
        sprint_field(),
        number_field(REACH, "Reach"),
        select_field(IMPACT, "Impact", ["High", "Low"]),
        checkboxes_field(TEAMS, "Teams", ["Red", "Blue"]),
        text_field(NOTE, "Note", long=True),
        custom_field(MOMENT, "Started", "datetime", "com.acme:datetime"),
        text_field(LINE, "Line"),
        {**number_field(WEB_REACH, "Reach"), "scope": scope},
    ]


def _issue(row: list[str], ids: dict[str, str]) -> Record:
    key, kind, status, labels, reach, impact, version, sprints, parent, minute = row
    updated = f"{minute}:00.000+0000"
    fields: dict[str, Any] = {
        "summary": f"Summary of {key}",
        "description": f"h2. About {key}\n\n*Strong* words.",
        "issuetype": _named(TYPES, kind),
        "status": _named(STATUSES, status),
        "priority": PRIORITIES[len(key) % 3],
        "resolution": {"id": "1", "name": "Done"} if status == "Done" else None,
        "resolutiondate": updated if status == "Done" else None,
        "labels": [] if labels == "-" else labels.split(","),
        "fixVersions": [each for each in VERSIONS if each["id"] == version],
        "parent": None if parent == "-" else {"id": ids[parent], "key": parent},
        "issuelinks": [],
        "created": "2026-06-01T10:00:00.000+0000",
        "updated": updated,
        "duedate": "2026-12-01" if key == "SHOP-3" else None,
        SPRINT: [each for each in SPRINTS if str(each["id"]) in sprints.split(",")] or None,
        REACH: None if reach == "-" else float(reach),
        IMPACT: None if impact == "-" else {"id": f"2{len(impact)}", "value": impact},
    }
    if key == "SHOP-10":
        fields["security"] = LEVEL
    if key == "WEB-2":
        fields[WEB_REACH] = 7.0
    return {"id": ids[key], "key": key, "fields": fields, "changelog": []}


def _named(records: list[Record], name: str) -> Record:
    return next(record for record in records if record["name"] == name)
