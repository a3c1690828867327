"""The generated product has what the demo and the pages need to be worth looking at."""

import dataclasses
import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import adf_structure
import pytest

from pmsync.sandbox.product import generate
from pmsync.sandbox.seed import Seed
from pmsync.sandbox.wiki import to_adf

SEEDS = (1, 2, 7)
INPUTS = {
    "SHOP": ("customfield_10101", "customfield_10102", "customfield_10103", "customfield_10104"),
    "WEB": ("customfield_10101", "customfield_10102", "customfield_10103", "customfield_10201"),
}


@pytest.fixture(scope="module", params=SEEDS)
def seed(request: pytest.FixtureRequest) -> Seed:
    """The product for several seeds."""
    return generate(request.param)


def kind(issue: dict[str, Any]) -> str:
    """Name of the issue type."""
    return str(issue["fields"]["issuetype"]["name"])


def status(issue: dict[str, Any]) -> str:
    """Name of the status."""
    return str(issue["fields"]["status"]["name"])


def open_epics(seed: Seed) -> list[dict[str, Any]]:
    """Epics to do, top of the rank first."""
    return [one for one in seed.issues if kind(one) == "Epic" and status(one) == "To Do"]


def as_bytes(seed: Seed) -> bytes:
    """A seed as comparable bytes."""
    return json.dumps(dataclasses.asdict(seed), default=str).encode()


def test_same_seed_same_bytes() -> None:
    """Twice the same, and something else for another number."""
    assert as_bytes(generate(5)) == as_bytes(generate(5))
    assert as_bytes(generate(5)) != as_bytes(generate(6))


@pytest.mark.parametrize(("asked", "made"), [(300, 300), (260, 260), (1, 231), (340, 340)])
def test_size(asked: int, made: int) -> None:
    """Sub-tasks fill up what was asked for; the authored issues are always there."""
    assert len(generate(1, issues=asked).issues) == made


def test_a_monday_in_november(seed: Seed) -> None:
    """The clock does not depend on today."""
    assert seed.now == datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert seed.now.weekday() == 0


def test_two_projects_on_three_levels(seed: Seed) -> None:
    """A company-managed and a team-managed project; all five issue types in use."""
    assert {one["key"]: one["style"] for one in seed.projects} == {
        "SHOP": "classic",
        "WEB": "next-gen",
    }
    for key in ("SHOP", "WEB"):
        kinds = {kind(one) for one in seed.issues if one["key"].startswith(key)}
        assert kinds == {"Epic", "Story", "Task", "Bug", "Sub-task"}


def test_ids_keys_and_summaries_are_unique(seed: Seed) -> None:
    """Nobody wrote the same thing twice."""
    for part in (
        [one["id"] for one in seed.issues],
        [one["key"] for one in seed.issues],
        [one["fields"]["summary"] for one in seed.issues],
    ):
        assert len(part) == len(set(part)) == 300


def test_parents_are_one_level_up(seed: Seed) -> None:
    """Sub-tasks below standard issues, standard issues below epics, in the same project."""
    by_id = {one["id"]: one for one in seed.issues}
    levels = {one["name"]: one["hierarchyLevel"] for one in seed.issue_types}
    orphans = 0
    for one in seed.issues:
        parent = one["fields"]["parent"]
        if parent is None:
            assert kind(one) != "Sub-task"
            orphans += kind(one) != "Epic"
            continue
        above = by_id[parent["id"]]
        assert levels[kind(above)] == levels[kind(one)] + 1
        assert above["key"].split("-")[0] == one["key"].split("-")[0]
        if kind(one) == "Sub-task":
            assert one["id"] in [sub["id"] for sub in above["fields"]["subtasks"]]
    assert 20 <= orphans <= 50


def test_epics(seed: Seed) -> None:
    """More than forty, of which a backlog page's worth is to do."""
    assert Counter(status(one) for one in seed.issues if kind(one) == "Epic") == {
        "To Do": 29,
        "Done": 13,
        "In Progress": 5,
    }


def test_gaps_in_the_estimates(seed: Seed) -> None:
    """12 to 15 % of the open epics lack exactly one input of RICE."""
    lacking = []
    for one in open_epics(seed):
        inputs = INPUTS[one["key"].split("-")[0]]
        empty = [field for field in inputs if one["fields"][field] is None]
        assert len(empty) <= 1
        lacking += empty
    assert 0.12 <= len(lacking) / len(open_epics(seed)) <= 0.15
    assert len(set(lacking) - {"customfield_10201"}) >= 3


def test_one_misfilled_field(seed: Seed) -> None:
    """One confidence is 800; everything else is on its scale."""
    off = []
    for one in seed.issues:
        fields = one["fields"]
        if (fields["customfield_10103"] or 0) > 100:
            off.append(fields["customfield_10103"])
        for scale in ("customfield_10106", "customfield_10107"):
            assert fields[scale] is None or 0 <= fields[scale] <= 10
        for effort in ("customfield_10104", "customfield_10201"):
            assert fields[effort] is None or fields[effort] >= 0.5
    assert off == [800]


def test_effort_is_scoped_in_the_team_managed_project(seed: Seed) -> None:
    """WEB has an Effort of its own, with the same name as SHOP's."""
    efforts = [one for one in seed.fields if one["name"] == "Effort"]
    scopes = [one.get("scope", {}).get("project", {}).get("id") for one in efforts]
    web = next(one["id"] for one in seed.projects if one["key"] == "WEB")
    assert scopes == [None, web]
    for one in seed.issues:
        other = "customfield_10201" if one["key"].startswith("SHOP") else "customfield_10104"
        assert one["fields"][other] is None


def test_select_values_are_options(seed: Seed) -> None:
    """A select field holds one of its texts."""
    for field in (one for one in seed.fields if "options" in one):
        held = [one["fields"][field["id"]] for one in seed.issues]
        assert {one["value"] for one in held if one} <= set(field["options"])


def test_versions_with_dates(seed: Seed) -> None:
    """Released ones lie in the past, others in the future; both projects have both."""
    today = seed.now.date().isoformat()
    for project in seed.projects:
        own = [one for one in seed.versions if str(one["projectId"]) == project["id"]]
        released = Counter(one["released"] for one in own)
        assert 3 <= released[True] <= 4
        assert 2 <= released[False] <= 3
        assert all((one["releaseDate"] < today) is one["released"] for one in own)


def test_releases_have_notes(seed: Seed) -> None:
    """8 to 20 done entries of stories, bugs and an epic, most with a sentence for customers."""
    for version in (one for one in seed.versions if one["released"]):
        fixed = [
            one
            for one in seed.issues
            if version["id"] in [fix["id"] for fix in one["fields"]["fixVersions"]]
        ]
        assert {status(one) for one in fixed} == {"Done"}
        kinds = Counter(map(kind, fixed))
        assert 8 <= kinds["Story"] + kinds["Bug"] <= 20
        assert min(kinds["Story"], kinds["Bug"], kinds["Epic"]) >= 1
        told = [one for one in fixed if one["fields"]["customfield_10108"]]
        assert len(told) >= 0.8 * (kinds["Story"] + kinds["Bug"])
        dates = [one["fields"]["resolutiondate"][:10] for one in fixed]
        assert version["startDate"] <= min(dates)
        assert max(dates) <= version["releaseDate"]


def test_done_means_resolved(seed: Seed) -> None:
    """Done issues have a resolution and a date, others have neither."""
    for one in seed.issues:
        done = status(one) == "Done"
        assert (one["fields"]["resolution"] is not None) is done
        assert (one["fields"]["resolutiondate"] is not None) is done


def test_sprints(seed: Seed) -> None:
    """Closed, active and future sprints, all of them in use; active ones hold open work."""
    assert set(Counter(one["state"] for one in seed.sprints)) == {"closed", "active", "future"}
    known = {one["id"]: one["state"] for one in seed.sprints}
    used: Counter[str] = Counter()
    for one in seed.issues:
        states = [known[sprint["id"]] for sprint in one["fields"]["customfield_10020"] or ()]
        used.update(set(states))
        assert states == sorted(states, key=["closed", "active", "future"].index)
    assert used["closed"] > 60
    assert used["active"] > 10
    assert used["future"] > 5


def test_an_epic_to_do_has_a_child_in_the_open_sprint(seed: Seed) -> None:
    """So that the rule child_in_open_sprint has something to hold."""
    above = {
        one["fields"]["parent"]["id"]
        for one in seed.issues
        if one["fields"]["parent"]
        and any(sprint["state"] == "active" for sprint in one["fields"]["customfield_10020"] or ())
    }
    assert above & {one["id"] for one in open_epics(seed)}


def test_links_have_two_ends(seed: Seed) -> None:
    """Blocks within and across projects, without a circle; the other end knows of it."""
    blocks: set[tuple[str, str]] = set()
    back: set[tuple[str, str]] = set()
    for one in seed.issues:
        for link in one["fields"]["issuelinks"]:
            if link["type"]["name"] != "Blocks":
                continue
            if "outwardIssue" in link:
                blocks.add((one["key"], link["outwardIssue"]["key"]))
            else:
                back.add((link["inwardIssue"]["key"], one["key"]))
    assert blocks == back
    assert len(blocks) >= 8
    assert sum(a.split("-")[0] != b.split("-")[0] for a, b in blocks) >= 2
    assert not _circle(blocks)


def _circle(edges: set[tuple[str, str]]) -> bool:
    """Whether taking away what nothing leads to leaves something."""
    while edges:
        targets = {second for _, second in edges}
        free = {edge for edge in edges if edge[0] not in targets}
        if not free:
            return True
        edges = edges - free
    return False


def test_two_restricted_issues(seed: Seed) -> None:
    """An open epic and a done story of a released version; WEB has no levels at all."""
    secret = [one for one in seed.issues if one["fields"]["security"]]
    assert sorted((kind(one), status(one)) for one in secret) == [
        ("Epic", "To Do"),
        ("Story", "Done"),
    ]
    assert set(seed.security_levels) == {"SHOP"}
    assert all(one["key"].startswith("SHOP") for one in secret)
    story = next(one for one in secret if kind(one) == "Story")
    assert story["fields"]["fixVersions"][0]["released"]


def test_pins_labels_and_due_dates(seed: Seed) -> None:
    """One or two pinned epics, some due dates."""
    pinned = [one for one in open_epics(seed) if "pinned" in one["fields"]["labels"]]
    assert 1 <= len(pinned) <= 2
    assert 4 <= sum(one["fields"]["duedate"] is not None for one in open_epics(seed)) <= 10


@pytest.mark.parametrize(
    "pattern",
    ["<b>", "&", r"\]\]>", "[\u3040-\u30ff]", "[\u0600-\u06ff]", "\u202e", "🎁", "<script>"],
)
def test_odd_texts_are_in_summaries(seed: Seed, pattern: str) -> None:
    """Markup and other scripts, where careless code breaks."""
    assert any(re.search(pattern, one["fields"]["summary"]) for one in seed.issues)


def test_descriptions_are_wiki_markup(seed: Seed) -> None:
    """Every authored issue has one that makes a valid document; epics have a table and a panel."""
    for one in seed.issues:
        text = one["fields"]["description"]
        if kind(one) == "Sub-task":
            continue
        document = to_adf(text)
        assert adf_structure.faults(document) == []
        types = {node["type"] for node in document["content"]}
        if kind(one) == "Epic":
            assert {"heading", "table", "bulletList", "panel"} <= types


def test_people_are_invented(seed: Seed) -> None:
    """Addresses of example.com only; every user of an issue is listed."""
    known = {one["accountId"] for one in seed.users}
    assert all(one["emailAddress"].endswith("@example.com") for one in seed.users)
    for one in seed.issues:
        for field in ("reporter", "creator", "assignee"):
            user = one["fields"][field]
            assert user is None or user["accountId"] in known


def test_every_field_of_an_issue_is_listed(seed: Seed) -> None:
    """And every listed field is there, empty or not."""
    known = {one["id"] for one in seed.fields}
    assert all(set(one["fields"]) == known for one in seed.issues)


def test_rank_agrees_with_rice_only_in_part(seed: Seed) -> None:
    """People's order and the formula's are related, and far from equal."""
    impacts = {"Massive": 3, "High": 2, "Medium": 1, "Low": 0.5, "Minimal": 0.25}
    scores = []
    for one in open_epics(seed):
        reach, impact, confidence, effort = (
            one["fields"][field] for field in INPUTS[one["key"].split("-")[0]]
        )
        if None not in {reach, confidence, effort} and impact:
            scores.append(reach * impacts[impact["value"]] * min(confidence, 100) / effort)
    pairs = [(a > b) for place, a in enumerate(scores) for b in scores[place + 1 :]]
    assert 0.5 < sum(pairs) / len(pairs) < 0.85
