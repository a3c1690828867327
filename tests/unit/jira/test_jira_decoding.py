"""From Jira's JSON to issues: real dumps, security, sprints, links, fields used twice."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pmsync.adapters.jira.catalogue import SPRINT, field_of
from pmsync.adapters.jira.decoding import Decoder
from pmsync.adapters.jira.shapes import FieldShape
from pmsync.core.model import Field, Issue, Link, Sprint

DUMPS = Path(__file__).resolve().parents[4] / "shared" / "data" / "jira"
SPRINTS = "customfield_10020"
LEAST: dict[str, Any] = {
    "issuetype": {"id": "1", "name": "Story", "subtask": False, "hierarchyLevel": 0},
    "project": {"id": "100", "key": "SHOP"},
    "status": {"name": "To Do", "statusCategory": {"key": "new"}},
    "created": "2026-06-01T12:00:00.000+0200",
    "updated": "2026-06-02T10:00:00.000+0000",
}


def field(name: str) -> Field:
    """A configured field."""
    return Field(id=name, name=name, kind="other", type_key="", custom=False)


def decoded(more: dict[str, Any], *wanted: str) -> Issue:
    """The issue that Jira tells with these fields beside the least."""
    told = {"issues": [{"id": "7", "key": "SHOP-7", "fields": LEAST | more}]}
    decoder = Decoder(SPRINTS, [field(name) for name in wanted])
    ((issue,), errors) = decoder.issues(json.dumps(told).encode())
    assert errors == ()
    return issue


def test_the_least_is_enough() -> None:
    """What Jira leaves out is empty, and times are in UTC."""
    assert decoded({}) == Issue(
        id="7",
        key="SHOP-7",
        project="SHOP",
        issue_type="Story",
        level=0,
        summary="",
        status="To Do",
        category="new",
        created=datetime(2026, 6, 1, 10, 0, tzinfo=UTC),
        updated=datetime(2026, 6, 2, 10, 0, tzinfo=UTC),
        security="undelivered",
    )


@pytest.mark.parametrize(
    ("more", "security"),
    [
        ({"security": None}, "open"),
        ({"security": {"id": "1", "name": "Internal"}}, "restricted"),
        ({"security": {}}, "restricted"),
        ({}, "undelivered"),
        ({"issuerestriction": None}, "undelivered"),
        ({"security": None, "issuerestriction": {"issuerestrictions": {}}}, "open"),
        (
            {
                "security": None,
                "issuerestriction": {"issuerestrictions": {}, "shouldDisplay": True},
            },
            "open",
        ),
        (
            {"issuerestriction": {"issuerestrictions": {"projectrole": []}}},
            "undelivered",
        ),
        (
            {
                "security": None,
                "issuerestriction": {"issuerestrictions": {"projectrole": [{"id": "1"}]}},
            },
            "restricted",
        ),
        ({"issuerestriction": {"issuerestrictions": {"projectrole": [{"id": "1"}]}}}, "restricted"),
        ({"security": None, "issuerestriction": {"issuerestrictions": [1]}}, "restricted"),
        ({"security": None, "issuerestriction": {"a new shape": 1}}, "restricted"),
        ({"security": None, "issuerestriction": [{"id": "1"}]}, "restricted"),
        ({"security": None, "issuerestriction": []}, "open"),
    ],
)
def test_who_may_read_it(more: dict[str, Any], security: str) -> None:
    """A level or a restriction restricts, null opens, silence says nothing, riddles restrict."""
    assert decoded(more).security == security


@pytest.mark.parametrize(
    ("key", "category"),
    [("new", "new"), ("indeterminate", "indeterminate"), ("done", "done"), ("undefined", "new")],
)
def test_status_categories(key: str, category: str) -> None:
    """Jira's three categories; a status without one counts as not begun."""
    status = {"name": "X", "statusCategory": {"key": key}}
    assert decoded({"status": status}).category == category


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"name": "Epic", "hierarchyLevel": 1}, 1),
        ({"name": "Sub-task", "subtask": True}, -1),
        ({"name": "Story"}, 0),
        ({"name": "Initiative", "hierarchyLevel": 3, "subtask": False}, 3),
    ],
)
def test_levels(told: dict[str, Any], level: int) -> None:
    """The hierarchy level counts; where it is missing, ``subtask`` does."""
    assert decoded({"issuetype": told}).level == level


def test_links_have_a_direction() -> None:
    """``outwardIssue`` means that this issue is the source."""
    kind = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    links = [
        {"type": kind, "outwardIssue": {"id": "8", "key": "SHOP-8", "fields": {}}},
        {"type": kind, "inwardIssue": {"id": "9", "key": "WEB-9"}},
        {"type": kind},
    ]
    assert decoded({"issuelinks": links}).links == (
        Link(kind="Blocks", outward=True, other_id="8", other_key="SHOP-8"),
        Link(kind="Blocks", outward=False, other_id="9", other_key="WEB-9"),
    )


def test_sprints_are_read_and_riddles_left_out() -> None:
    """Sprints with a known state; text forms and unknown states are no sprints."""
    told = [
        {"id": 5, "name": "Sprint 5", "state": "active", "boardId": 1, "goal": None},
        {"id": 4, "name": "Sprint 4", "state": "closed"},
        {"id": 6, "name": "Sprint 6", "state": "ACTIVE?"},
        "com.atlassian.greenhopper.service.sprint.Sprint@1[id=7,name=x,state=ACTIVE]",
        None,
    ]
    assert decoded({SPRINTS: told}).sprints == (
        Sprint(id=5, name="Sprint 5", state="active"),
        Sprint(id=4, name="Sprint 4", state="closed"),
    )
    assert decoded({SPRINTS: None}).sprints == decoded({SPRINTS: "?"}).sprints == ()


def test_a_site_without_sprints() -> None:
    """Where no field holds sprints, no issue has any."""
    decoder = Decoder(None, [])
    told = {"issues": [{"id": "7", "key": "SHOP-7", "fields": LEAST}]}
    ((issue,), _) = decoder.issues(json.dumps(told).encode())
    assert issue.sprints == ()
    assert not any(name.startswith("customfield") for name in decoder.wanted)


def test_a_field_may_serve_twice() -> None:
    """A field that every issue is asked for anyway can be an input too, and is asked for once."""
    more = {
        "duedate": "2026-12-24",
        "priority": {"id": "1", "name": "High"},
        "labels": ["a", "b"],
        "fixVersions": [{"id": "9", "name": "4.2", "released": False}],
        SPRINTS: [{"id": 5, "name": "Sprint 5", "state": "active"}],
        "security": None,
    }
    names = ("duedate", "priority", "labels", "fixVersions", SPRINTS, "resolution", "security")
    issue = decoded(more, *names)
    assert issue.values == {
        "duedate": "2026-12-24",
        "priority": "High",
        "labels": ("a", "b"),
        "fixVersions": ("4.2",),
        SPRINTS: ("Sprint 5",),
        "resolution": None,
        "security": None,
    }
    assert (issue.due, issue.priority, issue.labels) == (date(2026, 12, 24), "High", ("a", "b"))
    assert issue.sprints[0].id == 5
    wanted = Decoder(SPRINTS, [field(name) for name in names]).wanted
    assert len(set(wanted)) == len(wanted)


def test_an_undelivered_standard_field_is_empty_as_an_input() -> None:
    """``security`` that was not sent is no value."""
    assert decoded({}, "security").values == {"security": None}


def test_what_is_not_wanted_is_not_read() -> None:
    """Hundreds of other fields, of whatever shape, do not matter."""
    junk = {f"customfield_{number}": {"deep": [[{"er": number}]]} for number in range(300)}
    assert decoded(junk) == decoded({})


@pytest.mark.parametrize(
    "told",
    [
        b"[]",
        b'{"issues": {}}',
        b'{"issues": [{"id": 7, "key": "S-7", "fields": {}}]}',
        b'{"issues": [{"id": "7", "key": "S-7"}]}',
        b'{"issues": [{"id": "7", "key"',
    ],
)
def test_what_is_no_issue_is_refused(told: bytes) -> None:
    """An answer of another shape is an error, never an empty result."""
    with pytest.raises(msgspec.DecodeError):
        Decoder(SPRINTS, []).issues(told)


@pytest.mark.parametrize("name", ["arrow-01", "arrow-02", "titanium-01", "titanium-02"])
def test_real_issues_are_read_whole(name: str) -> None:
    """Every issue of a real dump arrives, and agrees with a plain reading of the JSON."""
    path = DUMPS / f"{name}.json"
    if not path.exists():
        pytest.skip("the real Jira dumps (../shared/data/jira) are not beside the repository")
    raw = json.loads(path.read_text("utf-8"))["issues"]
    decoder = Decoder(SPRINTS, [field("customfield_12311820"), field("description")])
    issues, _ = decoder.issues(path.read_bytes())
    assert len(issues) == len(raw)
    for issue, told in zip(issues, raw, strict=True):
        assert _plainly(told) == _of(issue)


def _plainly(told: dict[str, Any]) -> list[Any]:
    fields = told["fields"]
    return [
        told["id"],
        told["key"],
        fields["summary"],
        fields["status"]["name"],
        datetime.fromisoformat(fields["updated"]),
        (fields.get("priority") or {}).get("name"),
        [version["id"] for version in fields.get("fixVersions") or []],
        fields["labels"],
        len(fields["issuelinks"]),
        (fields.get("assignee") or {}).get("displayName"),
        fields.get("duedate"),
        fields.get("customfield_12311820"),
        fields.get("description") or None,
    ]


def _of(issue: Issue) -> list[Any]:
    return [
        issue.id,
        issue.key,
        issue.summary,
        issue.status,
        issue.updated,
        issue.priority,
        list(issue.versions),
        list(issue.labels),
        len(issue.links),
        issue.assignee,
        issue.due.isoformat() if issue.due else None,
        issue.values["customfield_12311820"],
        issue.values["description"],
    ]


@pytest.mark.parametrize(
    ("schema", "kind", "type_key"),
    [
        ({"type": "number", "custom": "com.x:float"}, "number", "com.x:float"),
        ({"type": "option", "custom": "com.x:select"}, "option", "com.x:select"),
        ({"type": "option-with-child", "custom": "com.x:casc"}, "option", "com.x:casc"),
        ({"type": "array", "items": "option", "custom": "com.x:multi"}, "options", "com.x:multi"),
        ({"type": "array", "items": "string", "system": "labels"}, "options", "array"),
        ({"type": "array", "items": "json", "custom": SPRINT}, "other", SPRINT),
        ({"type": "array", "items": "issuelinks"}, "other", "array"),
        ({"type": "string", "system": "summary"}, "text", "string"),
        ({"type": "date", "system": "duedate"}, "date", "date"),
        ({"type": "datetime"}, "datetime", "datetime"),
        ({"type": "user"}, "user", "user"),
        ({"type": "priority"}, "option", "priority"),
        ({"type": "any", "custom": "com.x:gh-lexo-rank"}, "other", "com.x:gh-lexo-rank"),
        ({"type": "something new"}, "other", "something new"),
        (None, "other", ""),
    ],
)
def test_kinds_of_fields(schema: dict[str, str] | None, kind: str, type_key: str) -> None:
    """The schema says what a field's values are; what is unknown is ``other``."""
    told = {"id": "customfield_1", "name": "Field", "custom": True, "schema": schema}
    found = field_of(msgspec.convert(told, FieldShape))
    assert (found.kind, found.type_key, found.projects) == (kind, type_key, ())


def test_a_team_managed_field_belongs_to_its_project() -> None:
    """The scope names the one project."""
    scope = {"type": "PROJECT", "project": {"id": "10002"}}
    told = {"id": "customfield_1", "name": "Effort", "custom": True, "scope": scope}
    assert field_of(msgspec.convert(told, FieldShape)).projects == ("10002",)
