"""Every answer of the sandbox's Jira, held against Atlassian's documents.

What the documents leave out is listed, with its reason, in ``specs.UNDOCUMENTED``.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import requests
from starlette.routing import Route

from pmsync.sandbox import jira
from pmsync.sandbox.server import Sandbox, start_in_thread

ADF = {"version": 1, "type": "doc", "content": []}

Case = tuple[str, str, dict[str, Any], int]

CASES: list[Case] = [
    ("GET", "/rest/api/3/serverInfo", {}, 200),
    ("GET", "/rest/api/3/myself", {}, 200),
    ("GET", "/rest/api/3/mypermissions", {"params": {"permissions": "EDIT_ISSUES"}}, 200),
    (
        "GET",
        "/rest/api/3/mypermissions",
        {"params": {"permissions": "SCHEDULE_ISSUES,ADMINISTER", "projectKey": "SHOP"}},
        200,
    ),
    ("GET", "/rest/api/3/mypermissions", {}, 400),
    ("GET", "/rest/api/3/mypermissions", {"params": {"permissions": "FLY"}}, 400),
    (
        "GET",
        "/rest/api/3/mypermissions",
        {"params": {"permissions": "EDIT_ISSUES", "projectKey": "NONE"}},
        404,
    ),
    ("GET", "/rest/api/3/field", {}, 200),
    ("GET", "/rest/api/3/issuetype", {}, 200),
    ("GET", "/rest/api/3/issueLinkType", {}, 200),
    ("GET", "/rest/api/3/status", {}, 200),
    ("GET", "/rest/api/3/priority", {}, 200),
    ("GET", "/rest/api/3/resolution", {}, 200),
    ("GET", "/rest/api/3/project/search", {}, 200),
    ("GET", "/rest/api/3/project/search", {"params": {"maxResults": 1, "orderBy": "-key"}}, 200),
    ("GET", "/rest/api/3/project/SHOP", {}, 200),
    ("GET", "/rest/api/3/project/NONE", {}, 404),
    ("GET", "/rest/api/3/project/SHOP/version", {}, 200),
    ("GET", "/rest/api/3/project/SHOP/version", {"params": {"maxResults": 2, "startAt": 1}}, 200),
    ("GET", "/rest/api/3/project/SHOP/versions", {}, 200),
    ("GET", "/rest/api/3/project/NONE/versions", {}, 404),
    ("GET", "/rest/api/3/project/SHOP/statuses", {}, 200),
    ("GET", "/rest/api/3/project/SHOP/securitylevel", {}, 200),
    ("GET", "/rest/api/3/project/WEB/securitylevel", {}, 200),
    ("GET", "/rest/api/3/project/NONE/securitylevel", {}, 404),
    ("POST", "/rest/api/3/search/jql", {"json": {"jql": "project = SHOP"}}, 200),
    (
        "POST",
        "/rest/api/3/search/jql",
        {
            "json": {
                "jql": "project = SHOP ORDER BY Rank ASC",
                "fields": ["*all"],
                "expand": "names,schema,changelog",
                "maxResults": 30,
                "reconcileIssues": [10100],
            }
        },
        200,
    ),
    ("POST", "/rest/api/3/search/jql", {"json": {"jql": "project = NONE"}}, 400),
    ("POST", "/rest/api/3/search/jql", {"json": {"jql": ""}}, 400),
    ("GET", "/rest/api/3/search/jql", {"params": {"jql": "key = SHOP-1", "fields": "id,key"}}, 200),
    ("POST", "/rest/api/3/search/approximate-count", {"json": {"jql": "project = SHOP"}}, 200),
    ("POST", "/rest/api/3/search/approximate-count", {"json": {"jql": "x = 1"}}, 400),
    (
        "POST",
        "/rest/api/3/jql/parse",
        {"params": {"validation": "strict"}, "json": {"queries": ["project = SHOP", "x = 1"]}},
        200,
    ),
    ("POST", "/rest/api/3/issue/bulkfetch", {"json": {"issueIdsOrKeys": ["SHOP-1", "X-1"]}}, 200),
    (
        "POST",
        "/rest/api/3/issue/bulkfetch",
        {"json": {"issueIdsOrKeys": ["WEB-1"], "fields": ["*all"], "expand": ["changelog"]}},
        200,
    ),
    ("POST", "/rest/api/3/issue/bulkfetch", {"json": {"issueIdsOrKeys": ["A"] * 101}}, 400),
    ("GET", "/rest/api/3/issue/SHOP-1", {"params": {"expand": "changelog"}}, 200),
    ("GET", "/rest/api/3/issue/NONE-1", {}, 404),
    ("PUT", "/rest/api/3/issue/SHOP-1", {"json": {"fields": {"summary": "New"}}}, 204),
    (
        "PUT",
        "/rest/api/3/issue/SHOP-1",
        {"params": {"returnIssue": "true"}, "json": {"fields": {"description": ADF}}},
        200,
    ),
    ("PUT", "/rest/api/3/issue/SHOP-1", {"json": {"fields": {"nonsense": 1}}}, 400),
    ("PUT", "/rest/api/3/issue/NONE-1", {"json": {"fields": {"summary": "New"}}}, 404),
    ("GET", "/rest/api/3/issue/SHOP-3/changelog", {}, 200),
    ("GET", "/rest/api/3/issue/SHOP-3/changelog", {"params": {"maxResults": 2}}, 200),
    ("GET", "/rest/api/3/issue/NONE-3/changelog", {}, 404),
    ("GET", "/rest/api/3/search", {"params": {"jql": "project = SHOP"}}, 410),
    ("POST", "/rest/api/3/search", {"json": {"jql": "project = SHOP"}}, 410),
    (
        "PUT",
        "/rest/agile/1.0/issue/rank",
        {"json": {"issues": ["SHOP-2", "SHOP-3"], "rankBeforeIssue": "SHOP-1"}},
        204,
    ),
    (
        "PUT",
        "/rest/agile/1.0/issue/rank",
        {"json": {"issues": ["SHOP-2", "NONE-3"], "rankAfterIssue": "SHOP-1"}},
        207,
    ),
    (
        "PUT",
        "/rest/agile/1.0/issue/rank",
        {"json": {"issues": ["SHOP-2"], "rankAfterIssue": "NONE-1"}},
        400,
    ),
]

IDS = [f"{place} {case[0]} {case[1]} {case[3]}" for place, case in enumerate(CASES)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The generated product, served."""
    with start_in_thread() as serving:
        yield serving


def ask(sandbox: Sandbox, method: str, path: str, **parts: Any) -> requests.Response:
    parts.setdefault("auth", (sandbox.address.account, sandbox.address.token))
    return requests.request(method, sandbox.address.jira + path, timeout=10, **parts)


def faults(specs: ModuleType, answer: requests.Response) -> list[str]:
    method, url = str(answer.request.method), str(answer.request.url)
    body = answer.content or None
    found: list[str] = specs.response_errors(method, url, answer.status_code, body)
    return found


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_answers_are_as_documented(specs: ModuleType, sandbox: Sandbox, case: Case) -> None:
    """The status is the expected one and the body follows the document's schema."""
    method, path, parts, status = case
    answer = ask(sandbox, method, path, **parts)
    assert answer.status_code == status, answer.text
    assert faults(specs, answer) == []


@pytest.mark.parametrize("path", ["/rest/api/3/myself", "/rest/api/3/field"])
def test_refused_token_is_documented(specs: ModuleType, sandbox: Sandbox, path: str) -> None:
    """A wrong token is answered with a status that the document lists."""
    answer = ask(sandbox, "GET", path, auth=("someone@acme.example", "wrong"))
    assert answer.status_code == 401
    assert faults(specs, answer) == []


def test_every_endpoint_is_held_against_the_documents(sandbox: Sandbox) -> None:
    """An endpoint that no case reaches would escape the check."""
    reached = {(method, path) for method, path, _, _ in CASES}
    for route in jira.routes(sandbox.site.jira):
        assert isinstance(route, Route)
        if "/api/2/" in route.path:
            continue  # the documents describe version 3; its twin shares the code
        for method in (route.methods or set()) - {"HEAD"}:
            assert any(verb == method and route.path_regex.match(path) for verb, path in reached), (
                f"{method} {route.path}"
            )
