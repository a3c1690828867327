"""The real inputs beside the repository load whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from pmsync.sandbox.load import load
from pmsync.sandbox.seed import Seed

JIRA = Path(__file__).resolve().parents[4] / "shared" / "data" / "jira"
pytestmark = pytest.mark.skipif(not JIRA.is_dir(), reason="../shared/data/jira is not there")

ARROW = ("arrow-01.json", "arrow-02.json", "arrow-versions.json")
TITANIUM = ("titanium-01.json", "titanium-02.json", "titanium-versions.json")
RANK = "customfield_12311820"


def paths(*names: str) -> list[Path]:
    """Files of the folder."""
    return [JIRA / name for name in names]


def originals(*names: str) -> dict[str, dict[str, Any]]:
    """Fields by key, straight from the pages."""
    pages = [json.loads(path.read_bytes()) for path in paths(*names)]
    return {one["key"]: one["fields"] for page in pages for one in page["issues"]}


@pytest.fixture(scope="module")
def arrow() -> Seed:
    """The Data Center input."""
    return load(paths(*ARROW))


@pytest.fixture(scope="module")
def titanium() -> Seed:
    """The Agile API's input."""
    return load(paths(*TITANIUM))


def holds(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there; records may have gained keys."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and holds(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)


def test_arrow_is_whole(arrow: Seed) -> None:
    """874 issues of one project, their versions, and the end of 2022 as now."""
    assert len(arrow.issues) == 874
    assert [one["key"] for one in arrow.projects] == ["ARROW"]
    assert len(arrow.versions) == 53
    assert arrow.now.year == 2022


def test_arrow_is_in_rank_order(arrow: Seed) -> None:
    """The rank field is recognised by its values, and its order is the list's."""
    assert arrow.rank_field == RANK
    texts = [one["fields"][RANK] for one in arrow.issues]
    assert texts == sorted(texts)


def test_every_field_of_arrow_is_kept(arrow: Seed) -> None:
    """Null custom fields included, and each has an entry in the catalogue."""
    known = {one["id"] for one in arrow.fields}
    for key, fields in originals(*ARROW[:2]).items():
        shown = next(one["fields"] for one in arrow.issues if one["key"] == key)
        assert holds(shown, fields), key
        assert set(fields) <= known


def test_titanium_is_whole(titanium: Seed) -> None:
    """1,322 issues of five projects in the order of the files, versions by project."""
    assert [one["key"] for one in titanium.issues] == list(originals(*TITANIUM[:2]))
    assert len(titanium.issues) == 1322
    assert {one["key"] for one in titanium.projects} == {"AC", "ALOY", "DAEMON", "MOD", "TIMOB"}
    listed = json.loads((JIRA / TITANIUM[2]).read_bytes())
    homes = {one["id"]: one["key"] for one in titanium.projects}
    made: dict[str, set[str]] = {}
    for version in titanium.versions:
        made.setdefault(homes[str(version["projectId"])], set()).add(version["id"])
    for key, versions in listed.items():
        assert {one["id"] for one in versions} <= made[key], key


def test_every_field_of_titanium_is_kept(titanium: Seed) -> None:
    """Sprints and flags under Cloud's names, everything else under its own."""
    by_key = {one["key"]: one["fields"] for one in titanium.issues}
    for key, fields in originals(*TITANIUM[:2]).items():
        shown = by_key[key]
        sprints = [*(fields.pop("closedSprints", None) or ())]
        sprints += [fields.pop("sprint")] if fields.get("sprint") else []
        assert holds(shown["customfield_10020"] or [], sprints) if sprints else True, key
        assert bool(shown.get("customfield_10021")) is bool(fields.pop("flagged", False)), key
        fields.pop("sprint", None)
        assert holds(shown, fields), key


def test_titanium_has_three_levels(titanium: Seed) -> None:
    """Epics, standard issues, two kinds of sub-tasks; epics are parents."""
    levels = {one["name"]: one["hierarchyLevel"] for one in titanium.issue_types}
    assert (levels["Epic"], levels["Bug"], levels["Sub-task"], levels["Technical task"]) == (
        1,
        0,
        -1,
        -1,
    )
    below = [one for one in titanium.issues if one["fields"].get("epic")]
    assert len(below) == 48
    assert all(one["fields"]["parent"]["key"] for one in below)


def test_sprints_of_titanium_are_listed(titanium: Seed) -> None:
    """Every sprint that an issue names is one of the site's."""
    known = {one["id"] for one in titanium.sprints}
    named = {
        sprint["id"]
        for one in titanium.issues
        for sprint in one["fields"].get("customfield_10020") or ()
    }
    assert named
    assert named <= known


def test_people_are_the_same_everywhere(arrow: Seed, titanium: Seed) -> None:
    """Every user of an issue is listed with the account id it shows."""
    for seed in (arrow, titanium):
        known = {one["accountId"] for one in seed.users}
        for one in seed.issues:
            for field in ("assignee", "reporter", "creator"):
                user = one["fields"].get(field)
                assert user is None or user["accountId"] in known


def test_sling_pages_and_changelogs() -> None:
    """Pages with three fields an issue, 201 versions of one project, changelogs beside them."""
    folder = JIRA / "sling"
    files = [*sorted((folder / "search").iterdir()), *sorted((folder / "changelog").iterdir())]
    seed = load([*files, folder / "versions.json"])
    pages = [json.loads(path.read_bytes()) for path in (folder / "search").iterdir()]
    assert {one["key"] for one in seed.issues} == {
        one["key"] for page in pages for one in page["issues"]
    }
    assert len(seed.issues) == 14
    assert len(seed.versions) == 201
    logs = {one["key"]: len(one["changelog"]) for one in seed.issues}
    assert (logs["SLING-0006"], logs["SLING-0004"]) == (2, 1)


def test_two_sites_at_once() -> None:
    """Ids that mean different things at the two stay apart."""
    seed = load(paths(ARROW[0], TITANIUM[0]))
    for listed in (seed.issue_types, seed.priorities, seed.statuses, seed.resolutions):
        ids = [one["id"] for one in listed]
        assert len(ids) == len(set(ids))
    names = {one["id"]: one["name"] for one in seed.issue_types}
    for one in seed.issues:
        kind = one["fields"]["issuetype"]
        assert names[kind["id"]] == kind["name"]
