"""Edits of an issue: what is written, what the changelog says, what is refused."""

from typing import Any

import pytest
from little_jira import (
    ACCOUNT,
    IMPACT,
    LINE,
    MOMENT,
    NOTE,
    REACH,
    TEAMS,
    WEB_REACH,
    little_jira,
    little_seed,
)

from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.fields import RANK, SPRINT
from pmsync.sandbox.jira.editing import edits
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.jql.evaluate import search
from pmsync.sandbox.jira.people import act
from pmsync.sandbox.jira.state import JiraState

DOCUMENT = {
    "version": 1,
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "One"}]},
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": "two"}, {"type": "hardBreak"}],
        },
    ],
}


@pytest.fixture
def state() -> JiraState:
    return little_jira()


def edit(state: JiraState, key: str, body: dict[str, Any], *, version: int = 3) -> None:
    issue = state.get(key)
    state.change(issue, edits(state, issue, body, version=version), author=state.account)


def refusal(state: JiraState, key: str, body: dict[str, Any], *, version: int = 3) -> JiraError:
    with pytest.raises(JiraError) as caught:
        edit(state, key, body, version=version)
    return caught.value


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("summary", "New words", (None, "Summary of SHOP-2", None, "New words")),
        (REACH, 75, (None, "50", None, "75")),
        (REACH, 0.5, (None, "50", None, "0.5")),
        (REACH, None, (None, "50", None, None)),
        ("duedate", "2026-12-24", (None, None, None, "2026-12-24")),
        ("labels", ["a", "b"], (None, None, None, "a b")),
        (IMPACT, {"value": "High"}, ("23", "Low", "24", "High")),
        (TEAMS, [{"value": "Red"}], (None, None, "10584", "Red")),
        ("fixVersions", [{"name": "1.0"}], ("902", "1.1", "901", "1.0")),
        ("fixVersions", [{"id": "901"}], ("902", "1.1", "901", "1.0")),
        ("fixVersions", [], ("902", "1.1", None, None)),
        ("assignee", {"accountId": "ana"}, (None, None, "ana", "Ana Ruiz")),
        ("parent", {"key": "WEB-1"}, ("1001", "SHOP-1", "1004", "WEB-1")),
        (SPRINT, 73, ("71, 72", "Sprint 1, Sprint 2", "71, 73", "Sprint 1, Sprint 3")),
        (SPRINT, None, ("71, 72", "Sprint 1, Sprint 2", "71", "Sprint 1")),
        ("security", {"id": "10500"}, (None, None, "10500", "Internal")),
        ("priority", {"name": "Low"}, ("1", "High", "3", "Low")),
        (NOTE, None, (None, "old note", None, None)),
        (
            MOMENT,
            "2026-11-01T10:00:00.000+0000",
            (None, None, None, "2026-11-01T10:00:00.000+0000"),
        ),
        (LINE, "One line", (None, None, None, "One line")),
        (NOTE, DOCUMENT, (None, "old note", None, "One\n\ntwo\n")),
    ],
)
def test_a_field_is_set_and_told(
    state: JiraState, field: str, value: Any, told: tuple[str | None, ...]
) -> None:
    """The changelog has old and new as ids and as texts; `updated` moves."""
    issue = state.get("SHOP-2")
    before = issue.fields["updated"]
    issue.fields |= {"priority": state.catalogue.priorities[0], NOTE: "old note"}
    edit(state, "SHOP-2", {"fields": {field: value}})
    (item,) = issue.changelog[-1]["items"]
    assert (item["from"], item["fromString"], item["to"], item["toString"]) == told
    assert item["fieldId"] == field
    assert issue.changelog[-1]["author"] == state.account
    assert issue.fields["updated"] == issue.changelog[-1]["created"] > before


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([{"add": "new"}], ["pay", "Web", "new"]),
        ([{"add": "pay"}], ["Web", "pay"]),
        ([{"remove": "pay"}], ["Web"]),
        ([{"remove": "never"}], ["pay", "Web"]),
        ([{"set": ["x"]}, {"add": "y"}, {"remove": "x"}], ["y"]),
    ],
)
def test_update_operations_run_in_their_order(
    state: JiraState, operations: list[dict[str, Any]], left: list[str]
) -> None:
    """``add`` and ``remove`` change a list without naming the rest."""
    edit(state, "SHOP-1", {"update": {"labels": operations}})
    assert state.get("SHOP-1").fields["labels"] == left


def test_update_works_on_versions_and_options(state: JiraState) -> None:
    """Entries with an id are the same by their id."""
    add = {"fixVersions": [{"add": {"name": "1.0"}}], TEAMS: [{"add": {"value": "Blue"}}]}
    edit(state, "SHOP-2", {"update": add})
    issue = state.get("SHOP-2")
    assert [each["name"] for each in issue.fields["fixVersions"]] == ["1.1", "1.0"]
    edit(state, "SHOP-2", {"update": {"fixVersions": [{"remove": {"id": "902"}}]}})
    assert [each["name"] for each in issue.fields["fixVersions"]] == ["1.0"]
    assert [each["value"] for each in issue.fields[TEAMS]] == ["Blue"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nonsense", 1, "It is not on the appropriate screen, or unknown."),
        ("status", {"name": "Done"}, "It is not on the appropriate screen, or unknown."),
        ("updated", "2026-01-01", "It is not on the appropriate screen, or unknown."),
        (RANK, "0|i00000:", "It is not on the appropriate screen, or unknown."),
        (WEB_REACH, 1, "It is not on the appropriate screen, or unknown."),
        (MOMENT, "noon", "Error parsing time: noon"),
        (LINE, 5, "Operation value must be a string"),
        ("comment", "x", "It is not on the appropriate screen, or unknown."),
        (REACH, "12", "Operation value must be a number"),
        (REACH, True, "Operation value must be a number"),
        ("summary", 12, "Operation value must be a string"),
        ("summary", " ", "You must specify a summary of the issue."),
        ("summary", None, "You must specify a summary of the issue."),
        ("summary", "a\nb", "The summary is invalid because it contains newline characters."),
        ("summary", "x" * 256, "Summary can't exceed 255 characters."),
        ("description", "text", "Operation value must be an Atlassian Document"),
        ("description", {"type": "doc"}, "Operation value must be an Atlassian Document"),
        ("duedate", "tomorrow", "Error parsing date string: tomorrow"),
        ("labels", "pay", "data was not an array"),
        ("labels", ["a b"], "The label 'a b' contains spaces which is invalid."),
        ("labels", [1], "Operation value must be a string"),
        (IMPACT, "High", "data was not an object"),
        (IMPACT, {"value": "Huge"}, "Option value 'Huge' is not valid"),
        (TEAMS, [{"id": "1"}], "Option value '1' is not valid"),
        ("fixVersions", [{"name": "2.0"}], "Version name '2.0' is not valid"),
        ("fixVersions", [{}], "Version name is required"),
        ("priority", {"id": "99"}, "Priority id '99' is not valid"),
        ("assignee", {"accountId": "nobody"}, "User 'nobody' does not exist."),
        ("parent", {"key": "SHOP-99"}, "Could not find issue by id or key."),
        (SPRINT, "72", "Number value expected as the Sprint id."),
        (SPRINT, 99, "Sprint with id 99 does not exist."),
        ("security", {"id": "1"}, "Security level id '1' is not valid"),
    ],
)
def test_a_wrong_value_is_told_by_its_field(
    state: JiraState, field: str, value: Any, words: str
) -> None:
    """A 400 with the field's id and Jira's sentence."""
    error = refusal(state, "SHOP-2", {"fields": {field: value}})
    assert error.status == 400
    assert error.messages == []
    assert words in error.errors[field]


def test_one_wrong_field_spoils_all_and_all_wrong_ones_are_told(state: JiraState) -> None:
    """Nothing is written, and no second try is needed to learn the rest."""
    before = dict(state.get("SHOP-2").fields)
    body = {"fields": {"summary": "Good", REACH: "bad", "nonsense": 1}}
    assert set(refusal(state, "SHOP-2", body).errors) == {REACH, "nonsense"}
    assert state.get("SHOP-2").fields == before
    assert state.get("SHOP-2").changelog == []


def test_a_field_cannot_be_set_and_updated_at_once(state: JiraState) -> None:
    """Jira refuses what has no one meaning."""
    body = {"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}}
    assert "cannot appear in both" in refusal(state, "SHOP-2", body).errors["labels"]


@pytest.mark.parametrize(
    "body",
    [{}, {"fields": {}}, {"fields": []}, {"update": {"labels": "x"}}, {"update": {"labels": [1]}}],
)
def test_a_body_of_the_wrong_shape_is_refused(state: JiraState, body: dict[str, Any]) -> None:
    """With a message for the whole."""
    error = refusal(state, "SHOP-2", body)
    assert (error.status, len(error.messages), error.errors) == (400, 1, {})


def test_an_operation_that_a_field_lacks_is_refused(state: JiraState) -> None:
    """A number can only be set."""
    error = refusal(state, "SHOP-2", {"update": {REACH: [{"add": 1}]}})
    assert "does not support operation 'add'" in error.errors[REACH]


def test_version_two_takes_wiki_text(state: JiraState) -> None:
    """And refuses a document."""
    edit(state, "SHOP-2", {"fields": {"description": "*plain*"}}, version=2)
    assert state.get("SHOP-2").fields["description"] == "*plain*"
    error = refusal(state, "SHOP-2", {"fields": {"description": DOCUMENT}}, version=2)
    assert error.errors == {"description": "Operation value must be a string"}


def test_the_same_value_again_changes_nothing(state: JiraState) -> None:
    """No history, no mail, `updated` stays."""
    before = state.get("SHOP-2").fields["updated"]
    edit(state, "SHOP-2", {"fields": {REACH: 50, "labels": []}})
    assert state.get("SHOP-2").changelog == []
    assert state.get("SHOP-2").fields["updated"] == before
    assert state.notifications == 0


def test_updated_strictly_increases(state: JiraState) -> None:
    """Even while the clock stands still."""
    seen = []
    for number in range(5):
        edit(state, "SHOP-2", {"fields": {REACH: number}})
        seen.append(state.get("SHOP-2").fields["updated"])
    assert seen == sorted(set(seen))


class TestLives:
    """Issues come, move and go."""

    def create(self, state: JiraState) -> str:
        return str(act(state, {"do": "create-issue", "project": "SHOP", "summary": "New"})["key"])

    def test_a_new_issue_stands_at_the_bottom(self, state: JiraState) -> None:
        """With its project's next key, in the first status."""
        key = self.create(state)
        issue = state.get(key)
        assert key == "SHOP-11"
        assert [*state.rank][-1] == issue.id
        assert issue.fields["status"]["name"] == "To Do"
        assert issue.fields["created"] == issue.fields["updated"]

    def test_ids_and_keys_are_never_given_twice(self, state: JiraState) -> None:
        """Not even when the newest issue is gone."""
        first = state.get(self.create(state))
        state.delete(first)
        second = state.get(self.create(state))
        assert second.key == "SHOP-12"
        assert second.number > first.number
        assert state.find(first.key) is None

    def test_a_deleted_issue_takes_its_sub_tasks_along(self, state: JiraState) -> None:
        """Its other children lose their parent and stay."""
        state.delete(state.get("SHOP-2"))
        assert state.find("SHOP-5") is None
        state.delete(state.get("SHOP-1"))
        assert state.get("SHOP-3").fields["parent"] is None
        assert [state.issues[each].key for each in state.rank] == [
            *("SHOP-3", "WEB-1", "SHOP-4", "WEB-2", "SHOP-10")
        ]

    def test_old_keys_lead_on(self, state: JiraState) -> None:
        """Through every move, and the changelog tells of each."""
        issue = state.get("SHOP-3")
        for project in ("WEB", "SHOP"):
            act(state, {"do": "move-issue", "issue": issue.key, "project": project, "by": "ana"})
        assert issue.key == "SHOP-11"
        assert state.find("SHOP-3") is state.find("web-3") is issue
        fields = [item["field"] for history in issue.changelog for item in history["items"]]
        assert fields == ["project", "Key", "project", "Key"]
        assert {history["author"]["displayName"] for history in issue.changelog} == {"Ana Ruiz"}

    def test_a_transition_sets_and_takes_the_resolution(self, state: JiraState) -> None:
        """One history for both."""
        issue = state.get("SHOP-2")
        act(state, {"do": "transition", "issue": "SHOP-2", "to": "Done", "by": "Somebody New"})
        assert issue.fields["resolution"]["name"] == "Done"
        assert issue.fields["resolutiondate"] is not None
        assert [item["field"] for item in issue.changelog[-1]["items"]] == ["status", "resolution"]
        assert issue.changelog[-1]["author"]["displayName"] == "Somebody New"
        act(state, {"do": "edit-issue", "issue": "SHOP-2", "fields": {"Status": "To Do"}})
        assert issue.fields["resolution"] is issue.fields["resolutiondate"] is None

    def test_people_call_fields_by_the_name_they_have_in_the_project(
        self, state: JiraState
    ) -> None:
        """Reach is one field in SHOP and may be another one in WEB."""
        act(state, {"do": "edit-issue", "issue": "SHOP-2", "fields": {"reach": 5}})
        assert state.get("SHOP-2").fields[REACH] == 5

    def test_a_level_is_given_and_taken(self, state: JiraState) -> None:
        """A project without levels gets one first."""
        act(state, {"do": "restrict-issue", "issue": "WEB-1"})
        assert state.get("WEB-1").fields["security"]["name"] == "Restricted"
        act(state, {"do": "restrict-issue", "issue": "WEB-1", "level": None})
        assert state.get("WEB-1").fields["security"] is None

    @pytest.mark.parametrize(
        ("place", "order"),
        [
            ({"to": "top"}, "SHOP-4 SHOP-1 SHOP-2"),
            ({"before": "SHOP-2"}, "SHOP-1 SHOP-4 SHOP-2"),
            ({"after": "SHOP-2"}, "SHOP-1 SHOP-2 SHOP-4"),
        ],
    )
    def test_people_move_issues(self, state: JiraState, place: dict[str, str], order: str) -> None:
        """To the top, before or after another one."""
        act(state, {"do": "move-issue", "issue": "SHOP-4", **place})
        assert [state.issues[each].key for each in state.rank][:3] == order.split()
        assert state.get("SHOP-4").changelog[-1]["author"]["displayName"] == "Ana Ruiz"

    def test_to_the_bottom_and_nowhere(self, state: JiraState) -> None:
        """A move that moves nothing leaves no history."""
        act(state, {"do": "move-issue", "issue": "SHOP-1", "to": "bottom"})
        assert [*state.rank][-1] == "1001"
        act(state, {"do": "move-issue", "issue": "SHOP-2", "to": "top"})
        assert state.get("SHOP-2").changelog == []


def test_a_site_without_sprints_still_has_the_field() -> None:
    """Jira Software always has it, whatever was loaded."""
    seed = little_seed()
    seed.fields = [each for each in seed.fields if each["id"] != SPRINT]
    state = JiraState(seed, SiteClock(seed.now), ACCOUNT)
    assert search(state, "sprint in openSprints() and project = WEB") == []


def test_an_issue_whose_id_is_no_number_is_refused() -> None:
    """Search by id and the order of bulk fetches need one."""
    seed = little_seed()
    seed.issues[0] = {**seed.issues[0], "id": "abc"}
    with pytest.raises(JiraError, match="is not a number"):
        JiraState(seed, SiteClock(seed.now), ACCOUNT)
