"""The sandbox's Jira over real HTTP: what a client meets, and what is written down of it."""

import json
import socket
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import requests
from asking import Client
from jira import JIRA
from little_jira import REACH, little_seed

from pmsync.sandbox.seed import Seed
from pmsync.sandbox.server import Sandbox, start_in_thread

RANK = "/rest/agile/1.0/issue/rank"
ORDER = ["SHOP-1", "SHOP-2", "SHOP-3", "WEB-1", "SHOP-4", "SHOP-5", "WEB-2", "SHOP-10"]


@pytest.fixture(scope="module")
def serving() -> Iterator[Sandbox]:
    with start_in_thread(little_seed()) as sandbox:
        yield sandbox


@pytest.fixture
def client(serving: Sandbox) -> Iterator[Client]:
    """The little site as it was in the beginning."""
    client = Client(serving)
    client.post("/_sandbox/reset", {})
    yield client
    client.close()


def refused(answer: requests.Response, status: int) -> dict[str, Any]:
    """The body of a refusal, which always has Jira's two parts."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"errorMessages", "errors"}
    return dict(body)


class TestDoor:
    """Who may come in."""

    @pytest.mark.parametrize(
        "auth", [None, ("pmsync@acme.example", "wrong"), ("someone", "sandbox-token")]
    )
    def test_a_wrong_token_is_refused(self, client: Client, auth: tuple[str, str] | None) -> None:
        """With 401, Jira's words and its header; nothing is done."""
        client.session.auth = auth
        answer = client.ask("PUT", RANK, json={"issues": ["SHOP-2"], "rankBeforeIssue": "SHOP-1"})
        body = refused(answer, 401)
        assert "Client must be authenticated" in body["errorMessages"][0]
        assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
        assert client.order() == ORDER

    @pytest.mark.parametrize("header", ["Bearer sandbox-token", "Basic ???", "Basic", ""])
    def test_other_schemes_are_refused(self, client: Client, header: str) -> None:
        """Only basic authentication with account and token opens the door."""
        client.session.auth = None
        answer = client.ask("GET", "/rest/api/3/myself", headers={"Authorization": header})
        refused(answer, 401)

    def test_server_info_needs_no_account(self, client: Client) -> None:
        """It says which flavour answers, and the site's time."""
        client.session.auth = None
        body = client.get("/rest/api/2/serverInfo")
        assert body["deploymentType"] == "Cloud"
        assert body["baseUrl"] == client.sandbox.address.jira
        assert body["serverTime"] == "2026-11-16T08:00:00.000+0000"

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", "\xff"])
    def test_a_body_that_is_no_json_object_is_refused(self, client: Client, text: str) -> None:
        """Wherever a body is needed."""
        data = text.encode("latin-1")
        refused(client.ask("POST", "/rest/api/3/search/jql", data=data), 400)
        refused(client.ask("PUT", RANK, data=data), 400)
        refused(client.ask("PUT", "/rest/api/3/issue/SHOP-1", data=data), 400)

    def test_answers_do_not_wait_for_acknowledgements(self, client: Client) -> None:
        """asyncio turns Nagle's algorithm off only where the protocol is named."""
        assert client.sandbox._socket.proto == socket.IPPROTO_TCP

    def test_unknown_paths_are_404(self, client: Client) -> None:
        """With JAX-RS's words."""
        answer = client.ask("GET", "/rest/api/3/nonsense")
        assert answer.status_code == 404
        assert "null for uri" in answer.json()["message"]


class TestSearch:
    """search/jql and its pages."""

    def test_ids_only_by_default(self, client: Client) -> None:
        """Cloud's default, and no total."""
        page = client.search("project = WEB order by rank")
        assert page == {"isLast": True, "issues": [{"id": "1004"}, {"id": "1007"}]}

    def test_token_pages_hold_every_issue_once(self, client: Client) -> None:
        """Until isLast, when no token comes."""
        jql = "project is not empty order by rank"
        page = client.search(jql, maxResults=3)
        found = [issue["id"] for issue in page["issues"]]
        while not page["isLast"]:
            page = client.search(jql, maxResults=3, nextPageToken=page["nextPageToken"])
            found += [issue["id"] for issue in page["issues"]]
        assert "nextPageToken" not in page
        assert found == [str(1001 + place) for place in range(8)]

    def test_a_page_can_be_asked_again(self, client: Client) -> None:
        """A retried request gets the same page."""
        jql = "project = SHOP order by key"
        token = client.search(jql, maxResults=2)["nextPageToken"]
        pages = [client.search(jql, maxResults=2, nextPageToken=token) for _ in range(2)]
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("token", ["", "nonsense", "OTk5OjA", "AAAA"])
    def test_a_wrong_token_is_refused(self, client: Client, token: str) -> None:
        """As is one of another query."""
        body = {"jql": "project = SHOP", "nextPageToken": token}
        refused(client.ask("POST", "/rest/api/3/search/jql", json=body), 400)

    def test_a_token_belongs_to_its_query(self, client: Client) -> None:
        """It cannot continue another one."""
        token = client.search("project = SHOP", maxResults=1)["nextPageToken"]
        body = {"jql": "project = WEB", "nextPageToken": token}
        refused(client.ask("POST", "/rest/api/3/search/jql", json=body), 400)

    def test_an_issue_deleted_between_pages_is_left_out(self, client: Client) -> None:
        """The rest of the search stands."""
        jql = "project is not empty order by rank"
        token = client.search(jql, maxResults=4)["nextPageToken"]
        client.human({"do": "delete-issue", "issue": "SHOP-4"})
        rest = client.search(jql, nextPageToken=token)
        assert [issue["id"] for issue in rest["issues"]] == ["1006", "1007", "1008"]

    def test_get_and_post_are_the_same(self, client: Client) -> None:
        """Whichever way the fields are written."""
        jql = "project = WEB"
        posted = client.search(jql, fields=["summary", "labels"], expand="names")
        got = client.get(
            "/rest/api/3/search/jql", jql=jql, fields=["summary,labels"], expand="names"
        )
        assert posted == got
        assert posted["names"] == {"summary": "Summary", "labels": "Labels"}

    @pytest.mark.parametrize(
        "body",
        [
            {"jql": "project = SHOP", "startAt": 0},
            {"jql": "project = SHOP", "fields": "summary"},
            {"jql": "project = SHOP", "maxResults": "10"},
            {"jql": "project = SHOP", "expand": ["names"]},
            {"jql": "project = SHOP", "reconcileIssues": ["1001"]},
            {"jql": "project = SHOP", "reconcileIssues": list(range(51))},
            {"jql": 7},
            ["project = SHOP"],
        ],
    )
    def test_a_body_of_the_wrong_shape_is_refused(self, client: Client, body: Any) -> None:
        """Old paging, wrong types, too many issues to reconcile."""
        refused(client.ask("POST", "/rest/api/3/search/jql", json=body), 400)

    def test_jql_faults_are_told(self, client: Client) -> None:
        """In errorMessages, as Jira does."""
        answer = client.ask("POST", "/rest/api/3/search/jql", json={"jql": "foo = 1"})
        words = "Field 'foo' does not exist or you do not have permission to view it."
        assert refused(answer, 400)["errorMessages"] == [words]

    def test_pages_are_shorter_the_more_fields_are_asked(self) -> None:
        """5,000 ids, but 100 whole issues, whatever was asked for."""
        with start_in_thread(_many(5100)) as sandbox:
            client = Client(sandbox)
            ask = {"jql": "project = SHOP", "maxResults": 6000}
            sizes = [
                len(client.post("/rest/api/3/search/jql", {**ask, **fields})["issues"])
                for fields in ({}, {"fields": ["key"]}, {"fields": ["*all"]})
            ]
            client.close()
        assert sizes == [5000, 5000, 100]

    def test_count_and_parse(self, client: Client) -> None:
        """A count without issues; faults without a search."""
        counted = client.post("/rest/api/3/search/approximate-count", {"jql": "project = SHOP"})
        assert counted == {"count": 6}
        queries = ["project = SHOP", "foo = 1", "project ="]
        strict = client.post("/rest/api/3/jql/parse?validation=strict", {"queries": queries})
        loose = client.post("/rest/api/3/jql/parse?validation=none", {"queries": queries})
        assert ["errors" in each for each in strict["queries"]] == [False, True, True]
        assert ["errors" in each for each in loose["queries"]] == [False, False, True]

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_old_search_is_gone(self, client: Client, method: str) -> None:
        """410 names the new one."""
        body = refused(client.ask(method, "/rest/api/2/search"), 410)
        assert "/rest/api/3/search/jql" in body["errorMessages"][0]


def _many(count: int) -> Seed:
    seed = little_seed()
    model = seed.issues[0]
    seed.issues = [
        {**model, "id": str(2000 + number), "key": f"SHOP-{number + 1}"} for number in range(count)
    ]
    return seed


class TestBulkFetch:
    """issue/bulkfetch."""

    def fetch(self, client: Client, names: list[str], **body: Any) -> list[Any]:
        body = {"issueIdsOrKeys": names, **body}
        return list(client.post("/rest/api/3/issue/bulkfetch", body)["issues"])

    def test_in_order_of_ids_and_without_the_missing(self, client: Client) -> None:
        """By key or id, each once; what is not there is silently absent."""
        names = ["WEB-2", "1001", "SHOP-99", "shop-3", "WEB-2"]
        found = self.fetch(client, names, fields=["key"])
        assert [issue["key"] for issue in found] == ["SHOP-1", "SHOP-3", "WEB-2"]

    def test_navigable_fields_by_default(self, client: Client) -> None:
        """The summary is, comments are not."""
        (issue,) = self.fetch(client, ["SHOP-1"])
        assert "summary" in issue["fields"]
        assert "comment" not in issue["fields"]

    @pytest.mark.parametrize("names", [[], ["A-1"] * 101, "SHOP-1", [1001], None])
    def test_too_many_or_none_is_refused(self, client: Client, names: object) -> None:
        """A hundred is the limit."""
        body = {"issueIdsOrKeys": names}
        refused(client.ask("POST", "/rest/api/3/issue/bulkfetch", json=body), 400)

    def test_a_moved_issue_is_found_by_its_old_key(self, client: Client) -> None:
        """And shown by its new one."""
        client.human({"do": "move-issue", "issue": "SHOP-2", "project": "WEB"})
        (issue,) = self.fetch(client, ["SHOP-2"], fields=["project"])
        assert (issue["key"], issue["fields"]["project"]["key"]) == ("WEB-3", "WEB")


class TestRank:
    """PUT /rest/agile/1.0/issue/rank."""

    def rank(self, client: Client, names: list[str], **anchor: Any) -> requests.Response:
        return client.ask("PUT", RANK, json={"issues": names, **anchor})

    def test_before_and_after(self, client: Client) -> None:
        """In the order listed, directly beside the anchor; 204 without a body."""
        answer = self.rank(client, ["WEB-2", "SHOP-3"], rankBeforeIssue="SHOP-2")
        assert (answer.status_code, answer.content) == (204, b"")
        answer = self.rank(client, ["SHOP-1"], rankAfterIssue="WEB-1", rankCustomFieldId=10019)
        assert answer.status_code == 204
        assert client.order()[:5] == ["WEB-2", "SHOP-3", "SHOP-2", "WEB-1", "SHOP-1"]

    def test_updated_does_not_show_it_but_the_changelog_does(self, client: Client) -> None:
        """As in Jira: a poll by `updated` misses every rank change."""
        before = client.get("/rest/api/3/issue/WEB-2", fields="updated")
        self.rank(client, ["WEB-2"], rankBeforeIssue="SHOP-1")
        assert client.get("/rest/api/3/issue/WEB-2", fields="updated") == before
        (history,) = client.get("/rest/api/3/issue/WEB-2/changelog")["values"]
        (item,) = history["items"]
        assert (item["field"], item["fieldId"]) == ("Rank", "customfield_10019")
        assert item["toString"] == "Ranked higher"
        assert history["author"]["displayName"] == "pmsync"

    def test_an_unknown_issue_makes_it_a_207(self, client: Client) -> None:
        """The others are ranked, and every issue has its entry."""
        answer = self.rank(client, ["WEB-2", "SHOP-99"], rankBeforeIssue="SHOP-1")
        assert answer.status_code == 207
        good, bad = answer.json()["entries"]
        assert good == {"issueId": 1007, "issueKey": "WEB-2", "status": 200}
        assert (bad["issueKey"], bad["status"]) == ("SHOP-99", 404)
        assert bad["errors"]
        assert client.order()[0] == "WEB-2"

    def test_a_project_without_schedule_issues_is_refused(self, client: Client) -> None:
        """403 if nothing may be ranked, 207 if something may."""
        client.human({"do": "revoke", "permission": "SCHEDULE_ISSUES", "project": "WEB"})
        refused(self.rank(client, ["WEB-2"], rankBeforeIssue="SHOP-1"), 403)
        answer = self.rank(client, ["WEB-2", "SHOP-4"], rankBeforeIssue="SHOP-1")
        assert [entry["status"] for entry in answer.json()["entries"]] == [403, 200]
        assert client.order()[:2] == ["SHOP-4", "SHOP-1"]
        client.human({"do": "grant", "permission": "SCHEDULE_ISSUES", "project": "WEB"})
        assert self.rank(client, ["WEB-2"], rankBeforeIssue="SHOP-1").status_code == 204

    def test_a_busy_jira_refuses_an_issue_once(self, client: Client) -> None:
        """The document's own example: 503 in an entry."""
        client.human({"do": "refuse-rank", "issue": "WEB-2"})
        answer = self.rank(client, ["WEB-2", "SHOP-4"], rankBeforeIssue="SHOP-1")
        assert [entry["status"] for entry in answer.json()["entries"]] == [503, 200]
        assert self.rank(client, ["WEB-2"], rankBeforeIssue="SHOP-1").status_code == 204

    @pytest.mark.parametrize(
        "body",
        [
            {"issues": ["WEB-2"]},
            {"issues": ["WEB-2"], "rankBeforeIssue": "SHOP-1", "rankAfterIssue": "SHOP-2"},
            {"issues": ["WEB-2"], "rankBefore": "SHOP-1"},
            {"issues": [], "rankBeforeIssue": "SHOP-1"},
            {"issues": "WEB-2", "rankBeforeIssue": "SHOP-1"},
            {"issues": [f"A-{number}" for number in range(51)], "rankBeforeIssue": "SHOP-1"},
            {"issues": ["WEB-2"], "rankBeforeIssue": "SHOP-99"},
            {"issues": ["WEB-2", "SHOP-1"], "rankBeforeIssue": "SHOP-1"},
            {"issues": ["WEB-2"], "rankBeforeIssue": 1001},
            {"issues": ["WEB-2"], "rankBeforeIssue": "SHOP-1", "rankCustomFieldId": 5},
        ],
    )
    def test_a_wrong_call_changes_nothing(self, client: Client, body: dict[str, Any]) -> None:
        """One anchor that exists, one to fifty issues, the rank field."""
        refused(client.ask("PUT", RANK, json=body), 400)
        assert client.order() == ORDER


class TestIssue:
    """One issue."""

    def test_put_writes_and_get_reads(self, client: Client) -> None:
        """204, then the new value; returnIssue answers with it."""
        put = client.ask("PUT", "/rest/api/3/issue/SHOP-1", json={"fields": {REACH: 7}})
        assert put.status_code == 204
        assert client.get("/rest/api/3/issue/SHOP-1", fields=REACH)["fields"] == {REACH: 7}
        path = "/rest/api/3/issue/SHOP-1?returnIssue=true&notifyUsers=false"
        put = client.ask("PUT", path, json={"fields": {REACH: 8}})
        assert put.json()["fields"][REACH] == 8

    def test_mails_are_counted_unless_asked_not_to(self, client: Client) -> None:
        """notifyUsers=false is silent."""
        client.ask("PUT", "/rest/api/3/issue/SHOP-1", json={"fields": {REACH: 7}})
        path = "/rest/api/3/issue/SHOP-1?notifyUsers=false"
        client.ask("PUT", path, json={"fields": {REACH: 8}})
        assert client.get("/_sandbox/state")["jira_notifications"] == 1

    def test_wrong_fields_are_told_by_field(self, client: Client) -> None:
        """In `errors`, by the field's id."""
        body = {"fields": {REACH: "x", "nonsense": 1}}
        errors = refused(client.ask("PUT", "/rest/api/3/issue/SHOP-1", json=body), 400)["errors"]
        assert set(errors) == {REACH, "nonsense"}

    def test_a_project_one_may_not_edit_is_refused(self, client: Client) -> None:
        """403, and 404 where one may not even look."""
        client.human({"do": "revoke", "permission": "EDIT_ISSUES", "project": "SHOP"})
        body = {"fields": {REACH: 7}}
        refused(client.ask("PUT", "/rest/api/3/issue/SHOP-1", json=body), 403)
        client.human({"do": "revoke", "permission": "BROWSE_PROJECTS", "project": "SHOP"})
        refused(client.ask("PUT", "/rest/api/3/issue/SHOP-1", json=body), 404)
        refused(client.ask("GET", "/rest/api/3/issue/SHOP-1"), 404)
        refused(client.ask("GET", "/rest/api/3/project/SHOP"), 404)
        assert [each["key"] for each in client.get("/rest/api/3/project/search")["values"]] == [
            "WEB"
        ]

    def test_changelog_pages_are_oldest_first(self, client: Client) -> None:
        """A hundred a page at most, with a link to the next."""
        for number in range(3):
            client.ask(
                "PUT", "/rest/api/3/issue/WEB-1", json={"fields": {"labels": [f"l{number}"]}}
            )
        page = client.get("/rest/api/3/issue/WEB-1/changelog", maxResults=2)
        assert (page["total"], page["isLast"], page["maxResults"]) == (3, False, 2)
        rest = client.session.get(page["nextPage"], timeout=20).json()
        items = [each["items"][0] for each in page["values"] + rest["values"]]
        assert [item["toString"] for item in items] == ["l0", "l1", "l2"]
        assert rest["isLast"]
        assert client.get("/rest/api/3/issue/WEB-1/changelog", maxResults=500)["maxResults"] == 100


class TestCatalogue:
    """Lists of the site and of its projects."""

    def test_permissions(self, client: Client) -> None:
        """By project, or anywhere."""
        client.human({"do": "revoke", "permission": "SCHEDULE_ISSUES", "project": "WEB"})

        def may(**where: str) -> bool:
            found = client.get("/rest/api/3/mypermissions", permissions="SCHEDULE_ISSUES", **where)
            return bool(found["permissions"]["SCHEDULE_ISSUES"]["havePermission"])

        assert may()
        assert may(projectKey="SHOP")
        assert not may(projectKey="WEB")
        assert not may(issueKey="WEB-1")

    def test_security_levels_are_hidden_from_whoever_may_not_set_them(self, client: Client) -> None:
        """An empty list, though there are levels: it proves nothing."""
        path = "/rest/api/3/project/SHOP/securitylevel"
        assert [each["name"] for each in client.get(path)["levels"]] == ["Internal"]
        client.human({"do": "revoke", "permission": "SET_ISSUE_SECURITY", "project": "SHOP"})
        assert client.get(path) == {"levels": []}
        assert client.get("/rest/api/3/project/WEB/securitylevel") == {"levels": []}

    def test_fields_carry_scope_and_no_options(self, client: Client) -> None:
        """As Cloud lists them."""
        by_id = {each["id"]: each for each in client.get("/rest/api/3/field")}
        assert by_id["customfield_10201"]["scope"]["project"]["id"] == "200"
        assert all("options" not in each for each in by_id.values())

    def test_issue_types_have_levels(self, client: Client) -> None:
        """Epic above standard above sub-task."""
        levels = {
            each["name"]: each["hierarchyLevel"] for each in client.get("/rest/api/3/issuetype")
        }
        assert levels == {"Epic": 1, "Story": 0, "Sub-task": -1}

    def test_versions_by_page_and_all(self, client: Client) -> None:
        """Filtered by status; in their own order or by name."""
        path = "/rest/api/3/project/SHOP/version"
        assert [each["name"] for each in client.get(path)["values"]] == ["1.0", "1.1"]
        named = client.get(path, orderBy="-name", maxResults=1)
        assert ([each["name"] for each in named["values"]], named["isLast"]) == (["1.1"], False)
        unreleased = client.get(path, status="unreleased")["values"]
        assert [each["name"] for each in unreleased] == ["1.1"]
        assert len(client.get("/rest/api/3/project/SHOP/versions")) == 2
        refused(client.ask("GET", path + "?orderBy=colour"), 400)

    def test_projects_are_found_by_key_and_paged(self, client: Client) -> None:
        """Next-gen projects say so."""
        (web,) = client.get("/rest/api/3/project/search", keys="web")["values"]
        assert (web["key"], web["style"], web["simplified"]) == ("WEB", "next-gen", True)
        page = client.get("/rest/api/3/project/search", maxResults=1)
        assert (page["total"], page["isLast"], len(page["values"])) == (2, False, 1)
        refused(client.ask("GET", "/rest/api/3/project/search?startAt=x"), 400)


class TestJiraLibrary:
    """What the `jira` library calls works as it is."""

    @pytest.fixture
    def library(self, client: Client) -> Iterator[JIRA]:
        address = client.sandbox.address
        library = JIRA(address.jira, basic_auth=(address.account, address.token), max_retries=0)
        yield library
        library._session.close()

    @pytest.mark.parametrize("post", [False, True])
    def test_enhanced_search_gets_every_issue(self, library: JIRA, *, post: bool) -> None:
        """Its POST sends nulls, which Jira lets pass."""
        found = library.enhanced_search_issues(
            "project is not empty order by rank", maxResults=0, use_post=post
        )
        assert [issue.key for issue in found] == ORDER
        assert found[0].fields.description.startswith("h2.")

    def test_the_rest_that_it_offers(self, library: JIRA) -> None:
        """Search of one page, counting, fields, versions, one issue, editing, oneself."""
        assert len(library.search_issues("project = SHOP", maxResults=2)) == 2
        assert library.approximate_issue_count("project = WEB") == 2
        assert "Reach" in {field["name"] for field in library.fields()}
        assert [each.name for each in library.project_versions("SHOP")] == ["1.0", "1.1"]
        assert library.myself()["displayName"] == "pmsync"
        issue = library.issue("SHOP-1")
        issue.update(fields={"summary": "By the library"})
        assert library.issue("SHOP-1").fields.summary == "By the library"
        library.rank("SHOP-3", next_issue="SHOP-1")
        mine = library.my_permissions(permissions="EDIT_ISSUES")
        assert mine["permissions"]["EDIT_ISSUES"]["havePermission"]


class TestControl:
    """What whoever watches from outside sees and does."""

    def test_the_log_has_a_line_a_request(self, client: Client) -> None:
        """What was asked, how it ended, and whether it changed anything."""
        client.search("project = SHOP")
        body = json.dumps({"issues": ["WEB-2", "SHOP-99"], "rankBeforeIssue": "SHOP-1"}).encode()
        client.ask("PUT", RANK, data=body)
        client.ask("PUT", RANK, json={"issues": ["WEB-2"]})
        client.ask(
            "PUT", RANK, json={"issues": ["SHOP-98", "SHOP-99"], "rankBeforeIssue": "SHOP-1"}
        )
        client.get("/rest/api/3/field", unknown=1)
        lines = [json.loads(line) for line in client.ask("GET", "/_sandbox/log").text.splitlines()]
        assert [(line["method"], line["status"], line["applied"]) for line in lines] == [
            ("POST", 200, False),
            ("PUT", 207, True),
            ("PUT", 400, False),
            ("PUT", 207, False),
            ("GET", 200, False),
        ]
        assert lines[1]["body_sha256"] == sha256(body).hexdigest()
        assert (lines[4]["path"], lines[4]["query"]) == ("/rest/api/3/field", "unknown=1")
        assert lines[4]["body_sha256"] is None

    def test_reset_is_as_it_was(self, client: Client) -> None:
        """Issues, order, clock, permissions and log."""
        before = client.get("/_sandbox/state")
        client.human({"do": "delete-issue", "issue": "SHOP-1"})
        client.human({"do": "release-version", "version": "902"})
        client.human({"do": "restrict-issue", "issue": "WEB-1"})
        client.human({"do": "close-sprint", "sprint": 72})
        client.human({"do": "advance-clock", "days": 3})
        client.human({"do": "revoke", "permission": "BROWSE_PROJECTS", "project": "SHOP"})
        assert client.get("/_sandbox/state") != before
        client.post("/_sandbox/reset", {})
        assert client.get("/_sandbox/state") == before
        assert client.search("sprint in openSprints()")["issues"] == [{"id": "1002"}]
        assert client.get("/rest/api/3/project/SHOP/versions")[1]["released"] is False

    def test_state_speaks_of_both_halves(self, client: Client) -> None:
        """The order and the pages in one answer."""
        state = client.get("/_sandbox/state")
        assert state["rank"] == ORDER
        assert {"pages", "notifications", "issues", "now"} <= set(state)

    def test_time_moves_when_it_is_told_to(self, client: Client) -> None:
        """And what is written afterwards has the new time."""
        client.human({"do": "advance-clock", "days": 1, "hours": 2})
        info = client.get("/rest/api/3/serverInfo")
        assert info["serverTime"] == "2026-11-17T10:00:00.000+0000"
        client.human({"do": "edit-issue", "issue": "SHOP-1", "fields": {"Reach": 1}})
        issue = client.get("/rest/api/3/issue/SHOP-1", fields="updated")
        assert issue["fields"]["updated"] == "2026-11-17T10:00:00.001+0000"

    def test_pages_are_confluences_business(self, client: Client) -> None:
        """Deeds that Jira does not know are handed on."""
        page = client.get("/_sandbox/state")["pages"][0]
        client.human({"do": "edit-page", "page": page["id"], "append": "<p>Hello</p>"})
        after = client.get("/_sandbox/state")["pages"][0]
        assert after["version"] == page["version"] + 1

    @pytest.mark.parametrize(
        ("action", "status"),
        [
            ({"do": "fly"}, 400),
            ({}, 400),
            ({"do": "edit-issue"}, 400),
            ({"do": "edit-issue", "issue": "SHOP-99", "fields": {}}, 404),
            ({"do": "edit-issue", "issue": "SHOP-1", "fields": {"Nonsense": 1}}, 404),
            ({"do": "edit-issue", "issue": "SHOP-1", "fields": {"Reach": "x"}}, 400),
            ({"do": "move-issue", "issue": "SHOP-1"}, 400),
            ({"do": "transition", "issue": "SHOP-1", "to": "Nowhere"}, 404),
            ({"do": "restrict-issue", "issue": "SHOP-1", "level": "Nope"}, 400),
            ({"do": "release-version", "version": "9.9"}, 404),
            ({"do": "close-sprint", "sprint": "Sprint 9"}, 404),
            ({"do": "advance-clock"}, 400),
            ({"do": "advance-clock", "days": -1}, 400),
            ({"do": "advance-clock", "days": "many"}, 400),
        ],
    )
    def test_what_no_one_can_do_is_told(
        self, client: Client, action: dict[str, Any], status: int
    ) -> None:
        """With the reason, and nothing happens."""
        before = client.get("/_sandbox/state")
        assert client.human(action, status=status)["error"]
        assert client.get("/_sandbox/state") == before

    def test_a_body_that_is_no_object_is_refused(self, client: Client) -> None:
        """Whatever it is."""
        for text in ("", "[]", "{"):
            assert client.ask("POST", "/_sandbox/human", data=text).status_code == 400


class TestReaders:
    """An issue's page in the browser."""

    def test_an_issue_is_shown_and_escaped(self, client: Client) -> None:
        """Without an account; markup in a summary is text."""
        client.human({"do": "edit-issue", "issue": "SHOP-1", "fields": {"summary": "<b>Bold</b>"}})
        client.session.auth = None
        answer = client.ask("GET", "/browse/SHOP-1")
        assert answer.status_code == 200
        assert "&lt;b&gt;Bold&lt;/b&gt;" in answer.text

    def test_the_backlog_is_shown_in_its_order(self, client: Client) -> None:
        """Without the restricted issue."""
        client.session.auth = None
        text = client.ask("GET", "/").text
        places = [text.find(f">{key}<") for key in ORDER]
        assert places[:-1] == sorted(places[:-1])
        assert -1 not in places[:-1]
        assert ORDER[-1] not in text

    def test_a_restricted_issue_is_not(self, client: Client) -> None:
        """Nor one that is not there; a moved one leads on."""
        assert client.ask("GET", "/browse/SHOP-10").status_code == 404
        assert client.ask("GET", "/browse/SHOP-99").status_code == 404
        client.human({"do": "move-issue", "issue": "SHOP-3", "project": "WEB"})
        assert client.ask("GET", "/browse/SHOP-3").url.endswith("/browse/WEB-3")


def test_latency_is_waited_for_side_by_side() -> None:
    """It can be set while serving; nothing else about answers changes."""
    with start_in_thread(little_seed(), latency_ms=1) as sandbox:
        client = Client(sandbox)
        sandbox.site.front.latency_ms = 2
        assert client.get("/rest/api/3/myself")["displayName"] == "pmsync"
        client.close()


def test_two_sandboxes_do_not_know_each_other() -> None:
    """Each has its own port, token and state."""
    words = ("first", "second")
    with (
        start_in_thread(little_seed(), token=words[0]) as one,
        start_in_thread(little_seed(), token=words[1]) as two,
    ):
        first, second = Client(one), Client(two)
        assert one.address.token != two.address.token
        first.human({"do": "delete-issue", "issue": "SHOP-1"})
        assert "SHOP-1" in second.order()
        second.session.auth = first.session.auth
        assert second.ask("GET", "/rest/api/3/myself").status_code == 401
        first.close()
        second.close()
