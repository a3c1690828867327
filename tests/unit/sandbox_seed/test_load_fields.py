"""Field types, sprints, people and levels that are inferred from values."""

import json
from pathlib import Path
from typing import Any

import pytest

from pmsync.sandbox.load import load
from pmsync.sandbox.people import account_id
from pmsync.sandbox.seed import Seed


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """Loads issues with the given fields; their keys are A-1, A-2 ..."""

    def made(*fields: dict[str, Any], **more: Any) -> Seed:
        issues = [{"key": f"A-{place}", "fields": one} for place, one in enumerate(fields, 1)]
        path = tmp_path / "page.json"
        path.write_text(json.dumps({"issues": issues, **more}), "utf-8")
        return load([path])

    return made


def entry(seed: Seed, identity: str) -> dict[str, Any]:
    """The catalogue entry of a field."""
    return next(one for one in seed.fields if one["id"] == identity)


@pytest.mark.parametrize(
    ("value", "kind", "custom"),
    [
        (3.5, "number", "float"),
        ("short", "string", "textfield"),
        ("two\nlines", "string", "textarea"),
        ("2024-01-02", "date", "datepicker"),
        ("2024-01-02T03:04:05.000+0000", "datetime", "datetime"),
        ("ABC-12", "any", "gh-epic-link"),
        ("0|i2t1tb:", "any", "gh-lexo-rank"),
        ({"id": "1", "value": "High"}, "option", "select"),
        ([{"id": "1", "value": "High"}], "array", "multicheckboxes"),
        (["a", "b"], "array", "labels"),
        ({"name": "u", "displayName": "U"}, "user", "userpicker"),
        ([{"name": "u", "displayName": "U"}], "array", "multiuserpicker"),
        ([{"id": 1, "name": "S", "state": "active"}], "array", "gh-sprint"),
        (True, "any", "any"),
        ({"x": 1}, "any", "any"),
        (None, "string", "textfield"),
    ],
)
def test_types_of_custom_fields(site: Any, value: Any, kind: str, custom: str) -> None:
    """The type is the one that all values have."""
    schema = entry(site({"customfield_5": value}, {"customfield_5": None}), "customfield_5")[
        "schema"
    ]
    assert (schema["type"], schema["custom"].rpartition(":")[2]) == (kind, custom)


def test_mixed_values_have_no_type(site: Any) -> None:
    """A number and a text together are anything."""
    seed = site({"customfield_5": 1}, {"customfield_5": "a"})
    assert entry(seed, "customfield_5")["schema"]["type"] == "any"


def test_options_are_listed_once(site: Any) -> None:
    """A select field knows the texts that were seen."""
    seed = site(*({"customfield_5": {"id": "1", "value": one}} for one in ("b", "a", "b")))
    assert entry(seed, "customfield_5")["options"] == ["b", "a"]


def test_names_come_from_the_page(site: Any) -> None:
    """expand=names tells them; without it the number does."""
    seed = site({"customfield_5": 1, "customfield_6": 1}, names={"customfield_5": "Reach"})
    assert entry(seed, "customfield_5")["clauseNames"] == ["cf[5]", "Reach"]
    assert entry(seed, "customfield_6")["name"] == "Field 6"


def test_unknown_plain_fields_are_kept(site: Any) -> None:
    """A field that no Jira of ours knows has an entry and its value."""
    seed = site({"mystery": {"deep": [1]}})
    assert seed.issues[0]["fields"]["mystery"] == {"deep": [1]}
    assert entry(seed, "mystery")["custom"] is False


def test_rank_text_sorts(site: Any) -> None:
    """The rank field orders issues; those without follow in file order."""
    ranks = ("0|i2:", None, "0|i1:", "0|h9:zz", None)
    seed = site(*({"customfield_9": rank} for rank in ranks))
    assert [one["key"] for one in seed.issues] == ["A-4", "A-3", "A-1", "A-2", "A-5"]
    assert seed.rank_field == "customfield_9"


def test_without_rank_the_files_order_holds(site: Any) -> None:
    """There is a rank field all the same."""
    seed = site({}, {})
    assert [one["key"] for one in seed.issues] == ["A-1", "A-2"]
    assert entry(seed, seed.rank_field)["schema"]["custom"].endswith(":gh-lexo-rank")


def test_sprints_of_the_agile_shape(site: Any) -> None:
    """closedSprints and sprint become one Sprint field, oldest first."""
    closed = {"id": 4, "name": "S4", "state": "closed", "originBoardId": 9}
    active = {"id": 5, "name": "S5", "state": "ACTIVE"}
    seed = site({"closedSprints": [closed], "sprint": active}, {"sprint": None})
    shown = seed.issues[0]["fields"]["customfield_10020"]
    assert [(one["id"], one["state"]) for one in shown] == [(4, "closed"), (5, "active")]
    assert [(one["id"], one["boardId"]) for one in seed.sprints] == [(4, 9), (5, 1)]
    assert seed.issues[1]["fields"]["customfield_10020"] is None
    assert entry(seed, "customfield_10020")["name"] == "Sprint"


def test_sprints_written_as_text(site: Any) -> None:
    """Data Center prints its Java object."""
    text = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=12,rapidViewId=3,state=CLOSED,"
        "name=Team A, week 2,startDate=2020-01-06T08:00:00.000Z,completeDate=<null>,sequence=12]"
    )
    (sprint,) = site({"customfield_77": [text]}).sprints
    assert (sprint["id"], sprint["boardId"], sprint["state"]) == (12, 3, "closed")
    assert sprint["name"] == "Team A, week 2"
    assert "completeDate" not in sprint


def test_epics_and_flags_of_the_agile_shape(site: Any) -> None:
    """An epic is the parent and the epic link; a flag is Impediment."""
    epic = {"id": 3, "key": "A-9", "name": "Big", "summary": "Big thing"}
    seed = site({"epic": epic, "flagged": True}, {"flagged": False})
    shown = seed.issues[0]["fields"]
    assert (shown["parent"]["key"], shown["customfield_10014"]) == ("A-9", "A-9")
    assert shown["epic"] == epic
    assert shown["customfield_10021"][0]["value"] == "Impediment"
    assert seed.issues[1]["fields"]["customfield_10021"] is None
    assert entry(seed, "customfield_10021")["name"] == "Flagged"


def test_a_parent_is_not_replaced_by_the_epic(site: Any) -> None:
    """A sub-task stays below its story."""
    parent = {"id": "2", "key": "A-8", "fields": {}}
    seed = site({"parent": parent, "epic": {"key": "A-9"}})
    assert seed.issues[0]["fields"]["parent"]["key"] == "A-8"


def test_people_get_account_ids(site: Any) -> None:
    """By key or name, the same everywhere, also deep inside; Cloud's own are kept."""
    ann = {"name": "ann", "key": "ann", "displayName": "Ann"}
    seed = site(
        {"assignee": dict(ann), "comment": {"comments": [{"author": dict(ann)}]}},
        {"reporter": {"accountId": "x1", "displayName": "Ben"}},
    )
    assert {one["accountId"] for one in seed.users} == {account_id("ann"), "x1"}
    shown = seed.issues[0]["fields"]
    assert shown["comment"]["comments"][0]["author"]["accountId"] == account_id("ann")
    assert all(one["displayName"] and "emailAddress" in one for one in seed.users)


def test_levels_of_issue_types(site: Any) -> None:
    """Epics above, sub-tasks below, a level that is given stays."""
    seed = site(
        {"issuetype": {"id": "1", "name": "Epic"}},
        {"issuetype": {"id": "2", "name": "Technical task", "subtask": True}},
        {"issuetype": {"id": "3", "name": "Initiative", "hierarchyLevel": 2}},
        {"issuetype": {"id": "4", "name": "Wish"}},
    )
    levels = {one["name"]: one["hierarchyLevel"] for one in seed.issue_types}
    assert levels == {"Epic": 1, "Technical task": -1, "Initiative": 2, "Wish": 0}


def test_ids_that_mean_two_things_are_kept_apart(site: Any) -> None:
    """Files of two sites: the second meaning gets an id of its own, also in its issues."""
    seed = site(
        {"priority": {"id": "1", "name": "Blocker"}},
        {"priority": {"id": "1", "name": "Critical"}},
        {"priority": {"id": "1", "name": "Critical"}},
    )
    ids = {one["name"]: one["id"] for one in seed.priorities}
    assert ids["Blocker"] == "1"
    shown = {one["key"]: one["fields"]["priority"]["id"] for one in seed.issues}
    assert shown["A-2"] == shown["A-3"] == ids["Critical"] != "1"


def test_security_levels_by_project(site: Any) -> None:
    """Only projects with a level have an entry."""
    level = {"id": "10", "name": "Secret"}
    assert site({"security": level}, {"security": level}).security_levels == {"A": [level]}
    assert site({}).security_levels == {}
