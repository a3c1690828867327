"""Nine months of changelog that lead to what the issues show."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from pmsync.sandbox.product import generate
from pmsync.sandbox.seed import Seed


@pytest.fixture(scope="module", params=(1, 4))
def seed(request: pytest.FixtureRequest) -> Seed:
    """The product for two seeds."""
    return generate(request.param)


def items(issue: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """Changelog items of one field, oldest first."""
    return [one for log in issue["changelog"] for one in log["items"] if one["field"] == field]


def moment(text: str) -> datetime:
    """A date and time as Jira writes it."""
    return datetime.fromisoformat(text)


def test_it_spans_nine_months(seed: Seed) -> None:
    """From February to last week, every month of it."""
    months = Counter(log["created"][:7] for one in seed.issues for log in one["changelog"])
    assert all(months[f"2026-{month:02}"] > 20 for month in range(2, 12))


def test_time_goes_forward(seed: Seed) -> None:
    """Created, then histories in order, `updated` is the last one, nothing in the future."""
    for one in seed.issues:
        times = [one["fields"]["created"], *(log["created"] for log in one["changelog"])]
        assert times == sorted(times)
        assert one["fields"]["updated"] == times[-1]
        assert moment(times[-1]) < seed.now


def test_history_ids_are_unique_and_grow(seed: Seed) -> None:
    """Over the whole site."""
    logs = [log for one in seed.issues for log in one["changelog"]]
    by_id = sorted(logs, key=lambda log: int(log["id"]))
    assert len({log["id"] for log in logs}) == len(logs)
    assert [log["created"] for log in by_id] == sorted(log["created"] for log in logs)


def test_status_changes_form_a_chain(seed: Seed) -> None:
    """From To Do to the present status; Done at the time of the resolution."""
    for one in seed.issues:
        path = items(one, "status")
        steps = ["To Do", *(step["toString"] for step in path)]
        assert [step["fromString"] for step in path] == steps[:-1]
        assert steps[-1] == one["fields"]["status"]["name"]
        done = [
            log["created"]
            for log in one["changelog"]
            if any(
                item["toString"] == "Done" and item["field"] == "status" for item in log["items"]
            )
        ]
        assert done == ([one["fields"]["resolutiondate"]] if one["fields"]["resolution"] else [])


@pytest.mark.parametrize("name", ["Reach", "Impact", "Confidence", "Effort", "Class", "Risk"])
def test_estimates_form_chains(seed: Seed, name: str) -> None:
    """Each change begins with the value before; the last one is what the issue shows."""
    seen = 0
    for one in seed.issues:
        path = items(one, name)
        values = [None, *(step["toString"] for step in path)]
        assert [step["fromString"] for step in path] == values[:-1]
        if path:
            held = one["fields"][path[-1]["fieldId"]]
            shown = held["value"] if isinstance(held, dict) else f"{held:g}"
            assert shown == values[-1]
            seen += 1
    assert seen > 35


def test_some_estimates_were_changed(seed: Seed) -> None:
    """Otherwise an input's history would be no story."""
    assert sum(len(items(one, "Effort")) > 1 for one in seed.issues) >= 3


def test_people_dragged_issues(seed: Seed) -> None:
    """Rank entries look as Jira writes them."""
    moves = [item for one in seed.issues for item in items(one, "Rank")]
    assert len(moves) > 15
    assert {item["toString"] for item in moves} == {"Ranked higher", "Ranked lower"}


def test_sprint_changes_name_the_sprints(seed: Seed) -> None:
    """The last one lists the ids that the issue shows (sub-tasks inherit theirs)."""
    for one in seed.issues:
        path = items(one, "Sprint")
        if path:
            shown = [str(sprint["id"]) for sprint in one["fields"]["customfield_10020"]]
            assert path[-1]["to"] == ", ".join(shown)


def test_some_stories_were_carried_over(seed: Seed) -> None:
    """Not everything is done in the sprint in which it was begun."""
    assert sum(len(items(one, "Sprint")) > 1 for one in seed.issues) >= 5


def test_work_is_spread(seed: Seed) -> None:
    """Something was finished in every month since March."""
    months = Counter((one["fields"]["resolutiondate"] or "")[:7] for one in seed.issues)
    assert all(months[f"2026-{month:02}"] >= 3 for month in range(3, 12))


def test_an_epic_is_done_after_its_stories(seed: Seed) -> None:
    """And starts before the first of them, within minutes."""
    by_id = {one["id"]: one for one in seed.issues}
    for one in seed.issues:
        parent = one["fields"]["parent"]
        if parent is None or not one["fields"]["resolutiondate"]:
            continue
        above = by_id[parent["id"]]["fields"]
        if above["resolutiondate"]:
            assert moment(one["fields"]["resolutiondate"]) <= moment(above["resolutiondate"])


def test_working_hours(seed: Seed) -> None:
    """Nobody plans a sprint at midnight; nearly everything happens on weekdays."""
    logs = [moment(log["created"]) for one in seed.issues for log in one["changelog"]]
    night = [when for when in logs if when.hour < 5]
    weekend = [when for when in logs if when.weekday() > 4]
    assert len(night) < 0.02 * len(logs)
    assert len(weekend) < 0.2 * len(logs)
    assert max(logs) > seed.now - timedelta(days=7)
