"""The checks against the official documents, themselves checked."""

from types import ModuleType
from typing import Any

import pytest
from requests import PreparedRequest, Request

SITE = "https://acme.example"


def prepared(method: str, path: str, **parts: Any) -> PreparedRequest:
    return Request(method, SITE + path, **parts).prepare()


@pytest.mark.parametrize(
    ("method", "path", "parts"),
    [
        ("POST", "/rest/api/3/search/jql", {"json": {"jql": "project = A", "fields": ["id"]}}),
        ("GET", "/rest/api/3/search/jql", {"params": {"jql": "project = A", "maxResults": 5}}),
        ("POST", "/rest/api/3/issue/bulkfetch", {"json": {"issueIdsOrKeys": ["A-1"]}}),
        ("PUT", "/rest/agile/1.0/issue/rank", {"json": {"issues": ["A"], "rankAfterIssue": "B"}}),
        ("GET", "/wiki/api/v2/pages", {"params": {"id": ["1", "2"], "limit": 250}}),
        ("GET", "/ex/confluence/abc/wiki/api/v2/spaces", {"params": {"keys": "PROD"}}),
        ("GET", "/wiki/rest/api/content/search", {"params": {"cql": "title = x"}}),
        (
            "PUT",
            "/wiki/rest/api/content/12/child/attachment",
            {"files": {"file": ("a.png", b"x", "image/png"), "minorEdit": (None, "true")}},
        ),
    ],
)
def test_right_requests_have_no_faults(
    specs: ModuleType, method: str, path: str, parts: dict[str, Any]
) -> None:
    """Requests as Atlassian documents them pass on all four documents."""
    assert specs.request_errors(prepared(method, path, **parts)) == []


@pytest.mark.parametrize(
    ("method", "path", "parts", "words"),
    [
        ("GET", "/rest/api/3/search/jql?startAt=5", {}, "undeclared query parameter 'startAt'"),
        ("POST", "/rest/api/3/search/jql", {"json": {"jql": "a=b", "expand": None}}, "expand"),
        ("POST", "/rest/api/3/search/jql", {"json": {"jql": "a=b", "startAt": 1}}, "startAt"),
        (
            "POST",
            "/rest/api/3/issue/bulkfetch",
            {"json": {"issueIdsOrKeys": [str(number) for number in range(101)]}},
            "issueIdsOrKeys",
        ),
        (
            "PUT",
            "/rest/agile/1.0/issue/rank",
            {"json": {"issues": ["A-1"]}},
            "any of the given schemas",
        ),
        ("GET", "/wiki/api/v2/pages?limit=500", {}, "500"),
        ("GET", "/wiki/rest/api/content/12", {}, "no official document"),
        ("DELETE", "/rest/api/3/search/jql", {}, "no official document"),
        ("GET", "/rest/api/2/myself", {}, "no official document"),
    ],
)
def test_wrong_requests_are_told_by_their_fault(
    specs: ModuleType, method: str, path: str, parts: dict[str, Any], words: str
) -> None:
    """Every kind of fault, prose limits and undeclared parameters included, is named."""
    faults = specs.request_errors(prepared(method, path, **parts))
    assert any(words in fault for fault in faults), faults


def test_right_response_has_no_faults(specs: ModuleType) -> None:
    """A response that follows its schema passes, as raw bytes or decoded."""
    path = "/rest/api/3/search/jql?jql=project%3DA"
    assert specs.response_errors("GET", path, 200, {"issues": [{"id": "1"}], "isLast": True}) == []
    assert specs.response_errors("GET", path, 200, b'{"issues": [], "isLast": true}') == []


def test_response_of_a_wrong_type_is_told_with_its_place(specs: ModuleType) -> None:
    """The fault says where in the body it is."""
    faults = specs.response_errors("GET", "/rest/api/3/search/jql", 200, {"issues": [{"id": 1}]})
    assert any("issues/0/id" in fault for fault in faults), faults


def test_status_outside_the_document_is_a_fault(specs: ModuleType) -> None:
    """A status the document leaves out passes only when the named list holds it."""
    assert specs.response_errors("GET", "/rest/api/3/search/jql", 418, None) != []
    assert specs.response_errors("PUT", "/wiki/api/v2/pages/5", 409, {"errors": []}) == []


def test_named_exceptions_exist_in_a_document_and_give_a_reason(specs: ModuleType) -> None:
    """An exception for a path that no document knows would hide nothing and mislead."""
    known = {
        (method.upper(), template)
        for _, name, base in specs._DOCUMENTS
        for template, item in specs._load(name, base).raw["paths"].items()
        for method in item
    }
    for (method, template, _), reason in specs.UNDOCUMENTED.items():
        assert (method, template) in known
        assert reason
