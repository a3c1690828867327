"""The endpoint table against Atlassian's own documents, and how requests are found in it."""

import json
import re
from types import ModuleType
from typing import Any

import pytest

from pmsync.transport.endpoints import ENDPOINTS, Endpoint, Product, find

PREFIX = {
    "jira-platform-v3.json": "",
    "jira-agile.json": "",
    "confluence-v2.json": "/api/v2",
    "confluence-v1.json": "",
}
READ_STYLE = {"search", "count", "parse jql", "bulk fetch", "changelogs"}


def described(endpoint: Endpoint, specs: ModuleType) -> dict[str, Any]:
    """The document's words on an operation."""
    document = json.loads((specs.SPECS / endpoint.document).read_text("utf-8"))
    path = endpoint.path.removeprefix(PREFIX[endpoint.document])
    if endpoint.document == "confluence-v1.json":
        path = "/wiki" + path
    operation: dict[str, Any] = document["paths"][path][endpoint.method.lower()]
    return operation


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.product} {e.name}")
def test_every_row_is_in_its_document(endpoint: Endpoint, specs: ModuleType) -> None:
    """Path and method are Atlassian's own, placeholders included, and not on their way out."""
    assert not described(endpoint, specs).get("deprecated", False)


@pytest.mark.parametrize(
    "endpoint",
    [e for e in ENDPOINTS if e.limit and e.method == "GET"],
    ids=lambda e: f"{e.product} {e.name}",
)
def test_no_page_is_larger_than_the_document_allows(endpoint: Endpoint, specs: ModuleType) -> None:
    """Where the document gives the most of a page, the table's limit is not above it."""
    sizes = [
        parameter["schema"].get("maximum", endpoint.limit)
        for parameter in described(endpoint, specs)["parameters"]
        if parameter.get("name") in ("limit", "maxResults")
    ]
    assert sizes
    assert endpoint.limit is not None
    assert all(endpoint.limit <= size for size in sizes)


def test_names_are_unique() -> None:
    """A name is what records and rate budgets know a call by."""
    names = [(endpoint.product, endpoint.name) for endpoint in ENDPOINTS]
    assert len(set(names)) == len(names)


def test_only_gets_and_named_posts_are_reads() -> None:
    """Everything that is no GET counts as a write, except the reads that are sent as POST."""
    reads = {endpoint.name for endpoint in ENDPOINTS if not endpoint.writes}
    assert reads == {e.name for e in ENDPOINTS if e.method == "GET"} | READ_STYLE
    assert all(e.method == "POST" for e in ENDPOINTS if e.name in READ_STYLE)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.product} {e.name}")
def test_a_filled_path_is_found_again(endpoint: Endpoint) -> None:
    """A request to a row's path is that row, with the placeholders' values."""
    path = re.sub(r"\{[^}]+\}", "10001", endpoint.path)
    match = find(endpoint.product, endpoint.method, path)
    assert match is not None
    assert match.endpoint == endpoint
    assert set(match.values.values()) <= {"10001"}


@pytest.mark.parametrize(
    ("product", "method", "path"),
    [
        ("jira", "GET", "/rest/api/3/issue"),
        ("jira", "GET", "/rest/api/3/issue/"),
        ("jira", "GET", "/rest/api/3/issue/../myself"),
        ("jira", "GET", "/rest/api/3/issue/.."),
        ("jira", "GET", "/rest/api/2/myself"),
        ("jira", "GET", "/rest/api/3/search"),
        ("jira", "DELETE", "/rest/api/3/issue/10001"),
        ("jira", "POST", "/rest/agile/1.0/issue/rank"),
        ("confluence", "GET", "/rest/api/3/myself"),
        ("confluence", "DELETE", "/api/v2/pages/1"),
        ("confluence", "GET", "/rest/api/content/1"),
    ],
)
def test_what_is_not_in_the_table_is_not_found(product: Product, method: str, path: str) -> None:
    """Removed, foreign and sideways paths have no row; nor has any way to delete."""
    assert find(product, method, path) is None


def test_a_literal_path_wins_over_a_placeholder() -> None:
    """The rank call is not an issue called ``rank``."""
    match = find("jira", "PUT", "/rest/agile/1.0/issue/rank")
    assert match is not None
    assert match.endpoint.name == "rank"
