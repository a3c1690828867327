"""Issues as JSON: selection of fields, texts by version, and never a stale answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from little_jira import ACCOUNT, REACH, WEB_REACH, little_jira, little_seed

from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.fields import RANK, SPRINT
from pmsync.sandbox.jira.editing import edits
from pmsync.sandbox.jira.people import act
from pmsync.sandbox.jira.rendering import render
from pmsync.sandbox.jira.selection import select
from pmsync.sandbox.jira.state import JiraState


@pytest.fixture
def state() -> JiraState:
    return little_jira()


def shown(state: JiraState, key: str, *fields: str, version: int = 3) -> dict[str, Any]:
    selection = select(fields, default="*all")
    found = json.loads(render(state, state.get(key), selection, version=version))
    assert isinstance(found, dict)
    return found


def value(state: JiraState, key: str, field: str, *, version: int = 3) -> Any:
    return shown(state, key, field, version=version)["fields"][field]


def test_only_the_id_when_only_the_id_is_asked(state: JiraState) -> None:
    """Search pages of 5,000 are as short as Cloud's."""
    assert shown(state, "SHOP-1", "id") == {"id": "1001"}
    assert set(shown(state, "SHOP-1", "id", "key")) == {"expand", "id", "key", "self"}


@pytest.mark.parametrize(
    ("fields", "there", "gone"),
    [
        (["summary", "labels"], {"summary", "labels"}, {"status", REACH}),
        (["summary,labels"], {"summary", "labels"}, {"status"}),
        (["*all"], {"summary", "comment", REACH, RANK}, {WEB_REACH}),
        (["*all", "-comment", "-summary"], {"labels"}, {"comment", "summary"}),
        (["-summary"], {"labels", "comment"}, {"summary"}),
        (["*navigable"], {"summary", REACH}, {"comment", "worklog"}),
        (["*navigable", "comment"], {"comment"}, {"worklog"}),
        (["nonsense", "summary"], {"summary"}, {"nonsense"}),
    ],
)
def test_selection(state: JiraState, fields: list[str], there: set[str], gone: set[str]) -> None:
    """What is asked is there; what is not, is not; unknown names are passed over."""
    found = set(shown(state, "SHOP-1", *fields)["fields"])
    assert there <= found
    assert not gone & found


def test_empty_fields_are_null(state: JiraState) -> None:
    """A field that applies is delivered even where it is empty."""
    assert value(state, "WEB-1", REACH) is None


def test_fields_of_team_managed_projects_stay_there(state: JiraState) -> None:
    """Its own project has it, with a value or without."""
    assert value(state, "WEB-2", WEB_REACH) == 7.0
    assert WEB_REACH not in shown(state, "SHOP-1")["fields"]


def test_security_is_delivered_only_where_the_project_has_levels(state: JiraState) -> None:
    """SHOP delivers the field, empty too; WEB never does, whoever asks for it."""
    assert value(state, "SHOP-10", "security")["name"] == "Internal"
    assert value(state, "SHOP-1", "security") is None
    assert "security" not in shown(state, "WEB-1", "security")["fields"]


def test_texts_are_documents_in_version_three_and_markup_in_two(state: JiraState) -> None:
    """The same text, twice."""
    document = value(state, "SHOP-1", "description")
    assert document["type"] == "doc"
    assert document["content"][0]["type"] == "heading"
    assert value(state, "SHOP-1", "description", version=2).startswith("h2. About SHOP-1")


def test_a_document_that_a_client_wrote_is_text_in_version_two(state: JiraState) -> None:
    """Markup is lost, words are not."""
    issue = state.get("SHOP-1")
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}
    document = {"version": 1, "type": "doc", "content": [paragraph]}
    body = {"fields": {"description": document}}
    state.change(issue, edits(state, issue, body, version=3), author=state.account)
    assert value(state, "SHOP-1", "description") == document
    assert value(state, "SHOP-1", "description", version=2) == "Hello"


def test_comments_follow_the_version(state: JiraState) -> None:
    """Bodies are documents in version three only."""
    page = {"comments": [{"id": "1", "body": "Hi"}], "total": 1}
    state.get("SHOP-1").fields["comment"] = page
    assert value(state, "SHOP-1", "comment")["comments"][0]["body"]["type"] == "doc"
    assert value(state, "SHOP-1", "comment", version=2) == page


def test_the_changelog_is_newest_first_and_cut(state: JiraState) -> None:
    """With its true total, so that a client sees the cut."""
    for number in range(4):
        act(state, {"do": "edit-issue", "issue": "SHOP-1", "fields": {"Reach": number}})
    selection = select(["id"], default="id")
    body = json.loads(render(state, state.get("SHOP-1"), selection, version=3, histories=3))
    log = body["changelog"]
    assert (log["total"], log["maxResults"], len(log["histories"])) == (4, 3, 3)
    assert [each["items"][0]["toString"] for each in log["histories"]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("deed", "key", "field", "see"),
    [
        ({"do": "edit-issue", "issue": "SHOP-1", "fields": {"Reach": 1}}, "SHOP-1", REACH, 1),
        (
            {"do": "edit-issue", "issue": "SHOP-1", "fields": {"summary": "New"}},
            "SHOP-2",
            "parent",
            "New",
        ),
        (
            {"do": "edit-issue", "issue": "SHOP-5", "fields": {"summary": "New"}},
            "SHOP-2",
            "subtasks",
            "New",
        ),
        ({"do": "transition", "issue": "SHOP-1", "to": "Done"}, "SHOP-2", "parent", "Done"),
        ({"do": "release-version", "version": "902"}, "SHOP-2", "fixVersions", "2026-11-16"),
        ({"do": "close-sprint", "sprint": 72}, "SHOP-2", SPRINT, "completeDate"),
        ({"do": "delete-issue", "issue": "SHOP-5"}, "SHOP-2", "subtasks", []),
        ({"do": "delete-issue", "issue": "SHOP-1"}, "SHOP-2", "parent", None),
        ({"do": "restrict-issue", "issue": "WEB-1"}, "WEB-1", "security", "Restricted"),
        ({"do": "move-issue", "issue": "SHOP-2", "project": "WEB"}, "SHOP-5", "parent", "WEB-3"),
    ],
)
def test_no_answer_outlives_what_it_shows(
    state: JiraState, deed: dict[str, Any], key: str, field: str, see: Any
) -> None:
    """Cached answers of the issue and of those that show it are made anew."""
    shown(state, key)  # fills the cache
    act(state, deed)
    found = shown(state, key)["fields"][field]
    assert found == see or str(see) in json.dumps(found)


def test_links_show_the_other_issue_as_it_is() -> None:
    """And vanish with it; a link to elsewhere stays as it came."""
    seed = little_seed()
    kind = seed.link_types[0]
    link = {"id": "5", "type": kind, "outwardIssue": {"id": "1007", "key": "WEB-2"}}
    foreign = {"id": "6", "type": kind, "inwardIssue": {"id": "77", "key": "X-1", "fields": {}}}
    seed.issues[0]["fields"]["issuelinks"] = [link, foreign]
    state = JiraState(seed, SiteClock(seed.now), ACCOUNT)
    near, far = value(state, "SHOP-1", "issuelinks")
    assert near["outwardIssue"]["fields"]["status"]["name"] == "To Do"
    assert far == foreign
    act(state, {"do": "transition", "issue": "WEB-2", "to": "Done"})
    fields = value(state, "SHOP-1", "issuelinks")[0]["outwardIssue"]["fields"]
    assert fields["status"]["name"] == "Done"
    act(state, {"do": "delete-issue", "issue": "WEB-2"})
    assert value(state, "SHOP-1", "issuelinks") == [foreign]


def test_fields_that_no_catalogue_lists_are_kept(state: JiraState) -> None:
    """A loaded site may know more than it lists."""
    state.get("SHOP-1").fields["oddity"] = {"a": 1}
    assert value(state, "SHOP-1", "oddity") == {"a": 1}


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just(REACH), st.integers(0, 3)),
        st.tuples(st.just("summary"), st.sampled_from(["a", "b"])),
        st.tuples(st.just("parent"), st.sampled_from([None, {"key": "SHOP-1"}, {"key": "WEB-1"}])),
        st.tuples(st.just("labels"), st.sampled_from([[], ["x"]])),
    ),
    max_size=12,
)


@given(EDITS)
def test_the_cache_never_lies(changes: list[tuple[str, Any]]) -> None:
    """After any edits every issue looks as it does on a site that caches nothing."""
    state = little_jira()
    selection = select(["*all"], default="*all")
    for place, (field, new) in enumerate(changes):
        issue = state.get(("SHOP-2", "SHOP-3", "SHOP-5", "WEB-2")[place % 4])
        body = {"fields": {field: new}}
        state.change(issue, edits(state, issue, body, version=3), author=state.account)
        cached = [render(state, each, selection, version=3) for each in state.issues.values()]
        state.forget_all()
        fresh = [render(state, each, selection, version=3) for each in state.issues.values()]
        assert cached == fresh
