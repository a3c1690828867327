"""What the invented company's Jira has besides issues: people, fields, types, states."""

from datetime import UTC, datetime

from pmsync.sandbox import fields
from pmsync.sandbox.people import account_id
from pmsync.sandbox.product.catalog import Catalog, catalogs
from pmsync.sandbox.seed import Record

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)

REACH, IMPACT, CONFIDENCE = "customfield_10101", "customfield_10102", "customfield_10103"
EFFORT, CLASS = "customfield_10104", "customfield_10105"
VALUE, RISK, NOTE = "customfield_10106", "customfield_10107", "customfield_10108"
WEB_EFFORT = "customfield_10201"

IMPACTS = ["Massive", "High", "Medium", "Low", "Minimal"]
CLASSES = ["Must", "Should", "Could", "Won't"]

SHOP_TEAM = ("Maren Holt", "Jonas Beck", "Aiko Tanabe", "Pavel Novak", "Grace Obi", "Ines Duarte")
WEB_TEAM = ("Priya Nair", "Omar Haddad", "Lena Fischer", "Tomas Vidal", "Noor Ahmadi", "Ewan Ross")
TEAMS = {"SHOP": SHOP_TEAM, "WEB": WEB_TEAM}
"""The first of each team is its product manager."""


def people() -> list[Record]:
    """Everybody's user record."""
    return [user(name) for name in SHOP_TEAM + WEB_TEAM]


def user(name: str) -> Record:
    """The user record of one of the invented people."""
    return {
        "accountId": account_id(name),
        "accountType": "atlassian",
        "displayName": name,
        "emailAddress": f"{name.lower().replace(' ', '.')}@example.com",
        "active": True,
        "timeZone": "Europe/Berlin",
    }


def project(catalog: Catalog) -> Record:
    """The project record of a catalogue."""
    return {
        "id": {"SHOP": "10001", "WEB": "10002"}[catalog.key],
        "key": catalog.key,
        "name": catalog.name,
        "projectTypeKey": "software",
        "simplified": catalog.style == "next-gen",
        "style": catalog.style,
        "isPrivate": False,
    }


def issue_types() -> list[Record]:
    """Three levels, as Jira Cloud names them."""
    rows = [("10000", "Epic", 1), ("10001", "Story", 0), ("10002", "Task", 0), ("10003", "Bug", 0)]
    return [
        {"id": identity, "name": name, "subtask": level < 0, "hierarchyLevel": level}
        for identity, name, level in [*rows, ("10004", "Sub-task", -1)]
    ]


def statuses() -> list[Record]:
    """To Do, In Progress, In Review, Done."""
    categories = {
        "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
        "doing": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
        "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
    }
    rows = [("10000", "To Do", "new"), ("3", "In Progress", "doing")]
    rows += [("10001", "In Review", "doing"), ("10002", "Done", "done")]
    return [
        {"id": identity, "name": name, "statusCategory": dict(categories[category])}
        for identity, name, category in rows
    ]


def priorities() -> list[Record]:
    """Highest first."""
    names = ("Highest", "High", "Medium", "Low", "Lowest")
    return [{"id": str(number), "name": name} for number, name in enumerate(names, 1)]


def resolutions() -> list[Record]:
    """Reasons why an issue is closed."""
    rows = [("10000", "Done"), ("10001", "Won't Do"), ("10002", "Duplicate")]
    return [{"id": identity, "name": name, "description": ""} for identity, name in rows]


def link_types() -> list[Record]:
    """The link types of a new site."""
    rows = [
        ("10000", "Blocks", "is blocked by", "blocks"),
        ("10001", "Cloners", "is cloned by", "clones"),
        ("10002", "Duplicate", "is duplicated by", "duplicates"),
        ("10003", "Relates", "relates to", "relates to"),
    ]
    return [
        {"id": identity, "name": name, "inward": inward, "outward": outward}
        for identity, name, inward, outward in rows
    ]


def security_levels() -> dict[str, list[Record]]:
    """SHOP has one level; WEB, being team-managed, has none."""
    level = {"id": "10000", "name": "Internal only", "description": "The company's own people"}
    return {"SHOP": [level]}


def all_fields() -> list[Record]:
    """System fields, Jira Software's, and the company's own.

    WEB has an Effort of its own, as team-managed projects do: same name, scoped to the project.
    """
    scope = {"type": "PROJECT", "project": {"id": "10002"}}
    return [
        *fields.system_fields(),
        fields.rank_field(),
        fields.sprint_field(),
        fields.number_field(fields.STORY_POINTS, "Story Points"),
        fields.number_field(REACH, "Reach"),
        fields.select_field(IMPACT, "Impact", list(IMPACTS)),
        fields.number_field(CONFIDENCE, "Confidence"),
        fields.number_field(EFFORT, "Effort"),
        fields.select_field(CLASS, "Class", list(CLASSES)),
        fields.number_field(VALUE, "Business value"),
        fields.number_field(RISK, "Risk"),
        fields.text_field(NOTE, "Release note", long=True),
        fields.number_field(WEB_EFFORT, "Effort") | {"scope": scope},
    ]


def option(field: str, text: str) -> Record:
    """The value of a select field."""
    texts = {IMPACT: IMPACTS, CLASS: CLASSES}[field]
    number = int(field.removeprefix("customfield_")) * 10 + texts.index(text)
    return {"id": str(number), "value": text}


def versions() -> list[Record]:
    """The versions of both projects, in the order of their dates."""
    records: list[Record] = []
    for catalog in catalogs():
        home = int(project(catalog)["id"])
        for number, version in enumerate(catalog.versions):
            records.append(
                {
                    "id": str(home * 10 + number),
                    "name": version.name,
                    "description": version.description,
                    "archived": False,
                    "released": version.released,
                    "startDate": version.start,
                    "releaseDate": version.end,
                    "projectId": home,
                }
            )
    return records
