"""How the site says no, in the shapes of its two APIs."""

import json
from typing import Any

import pytest
from starlette.responses import Response
from wiki_site import Wiki

from pmsync.sandbox.confluence.errors import not_found, unauthorized


def said(response: Response) -> tuple[int, Any]:
    return response.status_code, json.loads(bytes(response.body))


def test_v2_says_no_as_a_list_of_errors() -> None:
    """401 and 404 as they were seen: status, code, title and a detail that is null."""
    assert said(not_found("/wiki/api/v2/pages/1")) == (
        404,
        {"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]},
    )
    status, body = said(unauthorized("/wiki/api/v2/pages"))
    assert (status, body["errors"][0]["code"]) == (401, "UNAUTHORIZED")


def test_v1_says_no_in_two_other_shapes() -> None:
    """The gateway's for 401, the product's own for 404."""
    assert said(unauthorized("/wiki/rest/api/content/search")) == (
        401,
        {"code": 401, "message": "Unauthorized"},
    )
    status, body = said(not_found("/wiki/rest/api/content/1/label"))
    assert (status, body["statusCode"]) == (404, 404)
    assert body["data"] == {"authorized": False, "valid": True, "errors": [], "successful": False}
    assert "NotFoundException" in body["message"]


@pytest.mark.parametrize("path", ["/wiki/api/v2/blogposts", "/wiki/api/v2/pages/1/likes"])
def test_an_unknown_v2_path_is_not_found(wiki: Wiki, path: str) -> None:
    """Rather than something that a client might take for an empty list."""
    answer = wiki.session.get(wiki.address + path, timeout=20)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/wiki/rest/api/content/1"), ("POST", "/wiki/rest/api/content")]
)
def test_v1s_pages_are_gone(wiki: Wiki, method: str, path: str) -> None:
    """410, so that a client that still uses them is found out."""
    answer = wiki.send(method, path, json={})
    assert (answer.status_code, answer.json()["statusCode"]) == (410, 410)


@pytest.mark.parametrize("path", ["/pages/x", "/pages/-1", "/pages/" + "9" * 30, "/spaces/%C2%B2"])
def test_an_id_that_is_no_number_is_refused(wiki: Wiki, path: str) -> None:
    """In the words that name the type."""
    assert "Expected type is long" in wiki.refused("GET", path, 400)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/pages/7"),
        ("PUT", "/pages/7"),
        ("DELETE", "/pages/7"),
        ("GET", "/pages/7/properties"),
        ("GET", "/pages/7/labels"),
        ("GET", "/pages/7/attachments"),
        ("GET", "/pages/7/inline-comments"),
        ("GET", "/pages/7/direct-children"),
        ("GET", "/pages/7/ancestors"),
        ("GET", "/pages/7/versions"),
        ("GET", "/attachments/att7"),
        ("GET", "/inline-comments/7"),
    ],
)
def test_what_belongs_to_a_missing_page_is_not_found(wiki: Wiki, method: str, path: str) -> None:
    """Never an empty list for a page that is not there."""
    assert wiki.refused(method, path, 404, json={}) == "Not Found"
