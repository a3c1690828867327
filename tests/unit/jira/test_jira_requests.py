"""What the Jira adapter sends, to the letter, each request held against the documents."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from guarded_jira import GuardedJira, guarded_jira
from jira import JIRA

from pmsync.adapters.jira.tracker import JiraCloud
from pmsync.core.errors import ReadOnlyError, UnexpectedAnswerError
from pmsync.core.model import Field
from pmsync.ports import RankResult

BASE = "https://acme.test"
V3 = f"{BASE}/rest/api/3"
RANK = f"{BASE}/rest/agile/1.0/issue/rank"
SPRINT = "customfield_10020"
REACH = Field(id="customfield_10101", name="Reach", kind="number", type_key="", custom=True)
DUE = Field(id="duedate", name="Due", kind="date", type_key="date", custom=False)
STANDARD = [
    "issuetype", "project", "status", "created", "updated", "summary", "resolutiondate",
    "resolution", "priority", "assignee", "labels", "parent", "fixVersions", "duedate",
    "issuelinks", "security", "issuerestriction",
]  # fmt: skip
CATALOGUE = [
    {
        "id": SPRINT,
        "name": "Sprint",
        "custom": True,
        "schema": {
            "type": "array",
            "items": "json",
            "custom": "com.pyxis.greenhopper.jira:gh-sprint",
        },
    },
    {"id": "thumbnail", "name": "Images", "custom": False},
]
PROJECT = {"id": "10001", "key": "SHOP", "name": "Checkout", "newKey": 1}

Asked = list[tuple[str, str, dict[str, list[str]], Any]]
Call = Callable[[JiraCloud], object]


@pytest.fixture
def guarded() -> GuardedJira:
    """The adapter with its gate and clock."""
    return guarded_jira(BASE)


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    """What answers in the site's place."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{V3}/serverInfo", json={"deploymentType": "Cloud", "baseUrl": BASE + "/"})
        mock.get(f"{V3}/myself", json={"accountId": "a", "displayName": "Bot"})
        mock.get(f"{V3}/mypermissions", json={"permissions": {}})
        mock.get(f"{V3}/field", json=CATALOGUE)
        mock.get(f"{V3}/issuetype", json=[{"id": "1", "name": "Sub-task", "subtask": True}])
        mock.get(f"{V3}/project/search", json={"values": [PROJECT], "isLast": True})
        mock.get(f"{V3}/project/SHOP/securitylevel", json={"levels": []})
        mock.get(f"{V3}/project/A%2FB/version", json={"values": [], "isLast": True})
        mock.post(f"{V3}/search/jql", json={"issues": [{"id": "1"}], "isLast": True})
        mock.post(f"{V3}/issue/bulkfetch", json={"issues": [], "issueErrors": []})
        mock.put(RANK, status=204)
        yield mock


def sent(site: responses.RequestsMock) -> Asked:
    """Method, path, query and decoded body of every request."""
    return [
        (
            call.request.method or "",
            urlsplit(call.request.url or "").path,
            parse_qs(urlsplit(call.request.url or "").query),
            json.loads(call.request.body) if call.request.body else None,
        )
        for call in site.calls
    ]


SEARCH_BODY = {"jql": "project = SHOP", "fields": ["id"], "maxResults": 5000}
CALLS: dict[str, tuple[Call, list[tuple[str, str, dict[str, list[str]], Any]]]] = {
    "site": (JiraCloud.site, [("GET", "/rest/api/3/serverInfo", {}, None)]),
    "account": (JiraCloud.account, [("GET", "/rest/api/3/myself", {}, None)]),
    "permissions": (
        lambda jira: jira.permissions(["BROWSE_PROJECTS", "SCHEDULE_ISSUES"], "SHOP"),
        [
            (
                "GET",
                "/rest/api/3/mypermissions",
                {"permissions": ["BROWSE_PROJECTS,SCHEDULE_ISSUES"], "projectKey": ["SHOP"]},
                None,
            )
        ],
    ),
    "fields": (JiraCloud.fields, [("GET", "/rest/api/3/field", {}, None)]),
    "issue types": (JiraCloud.issue_types, [("GET", "/rest/api/3/issuetype", {}, None)]),
    "projects": (
        lambda jira: jira.projects(["SHOP", "WEB"]),
        [
            (
                "GET",
                "/rest/api/3/project/search",
                {"keys": ["SHOP", "WEB"], "startAt": ["0"], "maxResults": ["100"]},
                None,
            ),
            ("GET", "/rest/api/3/project/SHOP/securitylevel", {}, None),
            (
                "GET",
                "/rest/api/3/mypermissions",
                {"permissions": ["SET_ISSUE_SECURITY"], "projectKey": ["SHOP"]},
                None,
            ),
        ],
    ),
    "versions": (
        lambda jira: jira.versions("A/B"),
        [
            (
                "GET",
                "/rest/api/3/project/A%2FB/version",
                {"startAt": ["0"], "maxResults": ["50"]},
                None,
            )
        ],
    ),
    "search": (
        lambda jira: list(jira.search("project = SHOP")),
        [("POST", "/rest/api/3/search/jql", {}, SEARCH_BODY)],
    ),
    "search after a write": (
        lambda jira: list(jira.search("project = SHOP", reconcile=["10", "11"])),
        [("POST", "/rest/api/3/search/jql", {}, SEARCH_BODY | {"reconcileIssues": [10, 11]})],
    ),
    "fetch": (
        lambda jira: list(jira.fetch([["1", "2"]], [REACH, DUE])),
        [
            ("GET", "/rest/api/3/field", {}, None),
            (
                "POST",
                "/rest/api/3/issue/bulkfetch",
                {},
                {"issueIdsOrKeys": ["1", "2"], "fields": [*STANDARD, SPRINT, REACH.id]},
            ),
        ],
    ),
    "rank before": (
        lambda jira: jira.rank(["3", "1"], before="7"),
        [
            (
                "PUT",
                "/rest/agile/1.0/issue/rank",
                {},
                {"issues": ["3", "1"], "rankBeforeIssue": "7"},
            )
        ],
    ),
    "rank after": (
        lambda jira: jira.rank(["3"], after="7"),
        [("PUT", "/rest/agile/1.0/issue/rank", {}, {"issues": ["3"], "rankAfterIssue": "7"})],
    ),
}


@pytest.mark.parametrize(("call", "expected"), CALLS.values(), ids=CALLS.keys())
def test_what_is_sent(
    guarded: GuardedJira, site: responses.RequestsMock, call: Call, expected: Asked
) -> None:
    """Method, path, query and body, and no request more."""
    with guarded.gate.permit("w1"):
        call(guarded.tracker)
    assert sent(site) == expected


@pytest.mark.parametrize("call", [call for call, _ in CALLS.values()], ids=CALLS.keys())
def test_every_request_is_as_documented(
    guarded: GuardedJira, site: responses.RequestsMock, specs: ModuleType, call: Call
) -> None:
    """Atlassian's documents find no fault with any request, undeclared parameters included."""
    with guarded.gate.permit("w1"):
        call(guarded.tracker)
    assert site.calls
    faults = [fault for each in site.calls for fault in specs.request_errors(each.request)]
    assert faults == []


@pytest.mark.parametrize("name", [name for name in CALLS if not name.startswith("rank")])
def test_reading_needs_no_permit(
    guarded: GuardedJira, site: responses.RequestsMock, name: str
) -> None:
    """Everything but ranking goes out through a closed gate."""
    CALLS[name][0](guarded.tracker)
    assert site.calls


def test_ranking_needs_a_permit(guarded: GuardedJira, site: responses.RequestsMock) -> None:
    """Without one nothing is sent."""
    with pytest.raises(ReadOnlyError):
        guarded.tracker.rank(["1"], before="2")
    assert not site.calls


def test_many_project_keys_are_asked_for_in_parts(
    guarded: GuardedJira, site: responses.RequestsMock
) -> None:
    """Jira takes 50 keys a call."""
    guarded.tracker.projects([f"P{number}" for number in range(120)])
    asked = [query["keys"] for _, path, query, _ in sent(site) if path.endswith("/project/search")]
    assert [len(keys) for keys in asked] == [50, 50, 20]


ENTRIES = [
    {"issueId": 1, "issueKey": "S-1", "status": 200},
    {"issueId": 2, "issueKey": "S-2", "status": 503, "errors": ["Busy.", "Try again."]},
    {"issueKey": "S-3", "status": 403},
    {"issueId": 4, "issueKey": "S-4", "status": 200, "errors": ["Not ranked after all."]},
    {"issueId": 5, "issueKey": "S-5", "status": 204, "errors": []},
]


def test_every_entry_of_a_207_is_read(guarded: GuardedJira, site: responses.RequestsMock) -> None:
    """A partial success names each refused issue with the site's words."""
    site.replace(responses.PUT, RANK, json={"entries": ENTRIES}, status=207)
    with guarded.gate.permit("w1"):
        result = guarded.tracker.rank(["1", "2", "3", "4", "5"], before="9")
    assert result == RankResult(
        refused={"2": "Busy.; Try again.", "S-3": "status 403", "4": "Not ranked after all."}
    )


@pytest.mark.parametrize("body", [{}, {"entries": None}, {"entries": [{"status": "ok"}]}, []])
def test_a_207_that_cannot_be_read_is_no_success(
    guarded: GuardedJira, site: responses.RequestsMock, body: object
) -> None:
    """A body of another shape is an error that leaves the outcome unknown."""
    site.replace(responses.PUT, RANK, json=body, status=207)
    with guarded.gate.permit("w1"), pytest.raises(UnexpectedAnswerError) as caught:
        guarded.tracker.rank(["1"], before="9")
    assert caught.value.applied is None


@pytest.mark.parametrize(
    ("answer", "may_see", "levels"),
    [
        ({"json": {"levels": [{"name": "Board"}, {"name": "Staff"}]}}, {}, ("Board", "Staff")),
        ({"json": {"levels": []}}, {"havePermission": True}, ()),
        ({"json": {"levels": []}}, {}, ()),
        ({"json": {"levels": []}}, {"havePermission": False}, None),
        ({"json": {}, "status": 404}, {"havePermission": True}, None),
        ({"json": {}, "status": 403}, {"havePermission": True}, None),
    ],
    ids=["levels", "none", "none, not said", "none shown to us", "404", "403"],
)  # fmt: skip
def test_levels_are_known_only_if_jira_would_tell(
    guarded: GuardedJira,
    site: responses.RequestsMock,
    answer: dict[str, Any],
    may_see: dict[str, bool],
    levels: tuple[str, ...] | None,
) -> None:
    """An empty list means something only to who may set security; else nobody knows."""
    site.replace(responses.GET, f"{V3}/project/SHOP/securitylevel", **answer)
    grants = {"SET_ISSUE_SECURITY": may_see} if may_see else {}
    site.replace(responses.GET, f"{V3}/mypermissions", json={"permissions": grants})
    (project,) = guarded.tracker.projects()
    assert project.security_levels == levels


def test_an_answer_of_another_shape_names_the_place(
    guarded: GuardedJira, site: responses.RequestsMock
) -> None:
    """What cannot be read is an error with path and address, not a crash."""
    site.replace(responses.GET, f"{V3}/issuetype", json={"values": []})
    with pytest.raises(UnexpectedAnswerError, match=r"Expected `array`") as caught:
        guarded.tracker.issue_types()
    assert caught.value.url == f"{V3}/issuetype"


def test_a_subtask_without_level_stands_below(
    guarded: GuardedJira, site: responses.RequestsMock
) -> None:
    """Where Jira leaves the hierarchy level out, ``subtask`` says enough."""
    assert [kind.level for kind in guarded.tracker.issue_types()] == [-1]


def test_the_client_is_a_transport_only(guarded: GuardedJira) -> None:
    """The adapter builds on the library's session, which stays open as long as it is used."""
    tracker = guarded.tracker
    assert isinstance(tracker._wire._client, JIRA)
