"""The weeks fit the site they happen on."""

import json
from typing import Any

import pytest

from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.jira.people import act
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.product import generate
from pmsync.sandbox.product.weeks import week

KINDS = {
    *("edit-issue", "move-issue", "transition", "release-version"),
    *("close-sprint", "start-sprint", "advance-clock"),
}
WEEKS = range(1, 13)


@pytest.mark.parametrize("seed", [1, 2, 3, 8])
def test_every_action_names_what_is_there(seed: int) -> None:
    """Known kinds, keys of the site, fields of the catalogue, a reason for each."""
    site = generate(seed)
    keys = {one["key"] for one in site.issues}
    fields = {one["id"] for one in site.fields}
    statuses = {one["name"] for one in site.statuses}
    for action in (one for number in WEEKS for one in week(number, seed)):
        assert action["do"] in KINDS
        assert action["why"].endswith((".", "!"))
        assert {action[name] for name in ("issue", "before") if name in action} <= keys
        assert set(action.get("fields", {})) <= fields
        assert action.get("to", "Done") in statuses
        json.dumps(action)


@pytest.mark.parametrize("number", WEEKS)
def test_a_week_has_seven_days(number: int) -> None:
    """However many pauses it takes."""
    assert sum(one.get("days", 0) for one in week(number)) == 7


def test_same_seed_same_weeks() -> None:
    """Weeks are as deterministic as the site."""
    assert week(3, 2) == week(3, 2)
    assert week(9) == week(9)


def test_weeks_count_from_one() -> None:
    """There is no week nought."""
    with pytest.raises(ValueError, match="counted from 1"):
        week(0)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_story_of_six_weeks(seed: int) -> None:
    """Gaps are filled, the slip mended, epics dragged, work finished, a version released."""
    site = generate(seed)
    told = [one for number in range(1, 7) for one in week(number, seed)]
    edits = [(one["issue"], name) for one in told for name in one.get("fields", {})]
    empty = _gaps(site.issues)
    assert len(empty) == 4
    assert set(empty) <= set(edits)
    assert any(one.get("fields") == {"customfield_10103": 80} for one in told)
    assert sum(one["do"] == "move-issue" for one in told) >= 2
    (release,) = [one for one in told if one["do"] == "release-version"]
    version = next(one for one in site.versions if one["name"] == release["version"])
    assert version["released"] is False
    _assert_finished(site.issues, told, version["id"])


def _gaps(issues: list[dict[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for one in issues:
        fields = one["fields"]
        if fields["issuetype"]["name"] == "Epic" and fields["status"]["name"] == "To Do":
            effort = "customfield_10104" if one["key"].startswith("SHOP") else "customfield_10201"
            names = ("customfield_10101", "customfield_10102", "customfield_10103", effort)
            found += [(one["key"], name) for name in names if fields[name] is None]
    return found


def _assert_finished(
    issues: list[dict[str, Any]], told: list[dict[str, Any]], version: str
) -> None:
    """Everything planned for the version is done before it is released, with a note."""
    release = next(place for place, one in enumerate(told) if one["do"] == "release-version")
    done = {one["issue"] for one in told[:release] if one.get("to") == "Done"}
    noted = {one["issue"] for one in told[:release] if "customfield_10108" in one.get("fields", {})}
    for one in issues:
        fields = one["fields"]
        if version in [fix["id"] for fix in fields["fixVersions"]]:
            assert fields["resolution"] or one["key"] in done
            if fields["issuetype"]["name"] in {"Story", "Bug"}:
                assert fields["resolution"] or one["key"] in noted


def test_no_issue_is_finished_twice() -> None:
    """A transition changes the status it finds."""
    site = generate(1)
    now = {one["key"]: one["fields"]["status"]["name"] for one in site.issues}
    for action in (one for number in WEEKS for one in week(number)):
        if action["do"] == "transition":
            assert now[action["issue"]] != action["to"]
            now[action["issue"]] = action["to"]


@pytest.mark.parametrize("seed", [1, 5])
def test_the_site_does_what_the_weeks_say(seed: int) -> None:
    """Every action is accepted, and twelve weeks later the site shows it."""
    site = generate(seed)
    clock = SiteClock(site.now)
    state = JiraState(site, clock, {"accountId": "bot", "displayName": "Bot"})
    for action in (one for number in WEEKS for one in week(number, seed)):
        act(state, action)
    assert (clock.now() - site.now).days == 7 * len(WEEKS)
    assert state.catalogue.version("Checkout 4.4", "SHOP")["released"] is True
    assert [
        one["name"] for one in state.catalogue.sprints.values() if one["state"] == "active"
    ] == [
        "Checkout sprint 52",
        "Storefront sprint 46",
    ]
    shown = [{"key": one.key, "fields": one.fields} for one in state.issues.values()]
    assert _gaps(shown) == []
