"""What becomes of answers that Confluence should not have given, and of refusals."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import responses
from guarded_wiki import GuardedWiki, guarded_wiki

from pmsync.core.errors import (
    AuthenticationError,
    ConflictError,
    GoneError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RemoteDownError,
    RemoteError,
    RequestRefusedError,
    UnexpectedAnswerError,
)
from pmsync.ports import Property, Wiki

BASE = "https://acme.test/wiki"
TOKEN = "secret-token-123"  # noqa: S105 - not one
LOGIN = "<!DOCTYPE html><html><title>Log in with Atlassian account</title></html>"
CURRENT = Property(id="9", key="pmsync", value={}, version=1)

READS: dict[str, Callable[[Wiki], object]] = {
    "rest/api/user/current": lambda wiki: wiki.account_id(),
    "api/v2/spaces": lambda wiki: wiki.spaces(["PROD"]),
    "api/v2/pages": lambda wiki: wiki.heads(["1"]),
    "api/v2/pages/1": lambda wiki: wiki.page("1"),
    "api/v2/pages/1/inline-comments": lambda wiki: wiki.open_comments("1"),
    "api/v2/pages/1/properties": lambda wiki: wiki.properties("1", "pmsync"),
    "api/v2/pages/1/labels": lambda wiki: wiki.labels("1"),
}
WRITES: dict[tuple[str, str], Callable[[Wiki], object]] = {
    ("POST", "api/v2/pages"): lambda wiki: wiki.create(
        space_id="7", parent_id="1", title="x", body="<p>x</p>"
    ),
    ("PUT", "api/v2/pages/1"): lambda wiki: wiki.update(
        page_id="1", title="x", body="<p>x</p>", version=2, message=""
    ),
    ("POST", "api/v2/pages/1/properties"): lambda wiki: wiki.set_property("1", "pmsync", {}, None),
    ("PUT", "api/v2/pages/1/properties/9"): lambda wiki: wiki.set_property(
        "1", "pmsync", {}, CURRENT
    ),
    ("POST", "rest/api/content/1/label"): lambda wiki: wiki.add_labels("1", ["x"]),
}
CALLS = {("GET", path): call for path, call in READS.items()} | WRITES


@pytest.fixture
def guarded() -> GuardedWiki:
    """The adapter with its gate and clock."""
    return guarded_wiki(BASE, "bot@acme.test", TOKEN)


@pytest.fixture
def wiki(guarded: GuardedWiki) -> Iterator[Wiki]:
    """The adapter, with an open permit."""
    with guarded.gate.permit("w1"):
        yield guarded.wiki


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    """What answers in the site's place."""
    with responses.RequestsMock() as mock:
        yield mock


def failed(wiki: Wiki, call: Callable[[Wiki], object]) -> RemoteError:
    """The error that a call ends with; whatever it is, it shows no secret and no query."""
    with pytest.raises(RemoteError) as caught:
        call(wiki)
    shown = f"{caught.value} {caught.value.excerpt}"
    assert TOKEN not in shown
    assert "?" not in caught.value.url
    return caught.value


KINDS: dict[int, type[RemoteError]] = {
    400: RequestRefusedError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    413: RequestRefusedError,
}


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("status", KINDS)
def test_a_refusal_has_its_kind(
    wiki: Wiki, site: responses.RequestsMock, method: str, path: str, status: int
) -> None:
    """Each status of each call is one kind of error, with no effect and one try."""
    words = {"errors": [{"status": status, "title": "not like this"}]}
    site.add(method, f"{BASE}/{path}", json=words, status=status)
    error = failed(wiki, CALLS[method, path])
    assert type(error) is KINDS[status]
    assert (error.status, error.method, error.url) == (status, method, f"{BASE}/{path}")
    assert error.applied is False
    assert len(site.calls) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Version must be incremented on update. Current version is: 5",
        "version number must be 6",
    ],
)
def test_400_about_the_version_is_a_conflict(
    wiki: Wiki, site: responses.RequestsMock, words: str
) -> None:
    """Some sites say 400 where others say 409."""
    site.put(f"{BASE}/api/v2/pages/1", json={"errors": [{"title": words}]}, status=400)
    assert isinstance(failed(wiki, WRITES["PUT", "api/v2/pages/1"]), ConflictError)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_too_many_requests(
    guarded: GuardedWiki, wiki: Wiki, site: responses.RequestsMock, method: str, path: str
) -> None:
    """A refused call had no effect, so it is sent again, not before the site allows it."""
    headers = {"Retry-After": "7"}
    site.add(method, f"{BASE}/{path}", json={}, status=429, headers=headers)
    error = failed(wiki, CALLS[method, path])
    assert isinstance(error, RateLimitedError)
    assert error.applied is False
    assert len(site.calls) > 1
    assert guarded.clock.slept >= 7 * (len(site.calls) - 1)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_login_page_is_not_an_answer(
    wiki: Wiki, site: responses.RequestsMock, method: str, path: str
) -> None:
    """HTML with status 200 means that nobody is logged in; whether a write arrived is unknown."""
    site.add(method, f"{BASE}/{path}", body=LOGIN, status=200, content_type="text/html")
    error = failed(wiki, CALLS[method, path])
    assert isinstance(error, AuthenticationError)
    assert error.exit_code == 4
    assert error.applied is (False if method == "GET" else None)


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("fault", [requests.ConnectionError("reset"), 500, 503])
def test_a_write_that_may_have_arrived_is_sent_once(
    wiki: Wiki, site: responses.RequestsMock, method: str, path: str, fault: Exception | int
) -> None:
    """Its effect is unknown and stays so until somebody reads back."""
    url = f"{BASE}/{path}"
    if isinstance(fault, int):
        site.add(method, url, json={}, status=fault)
    else:
        site.add(method, url, body=fault)
    error = failed(wiki, WRITES[method, path])
    assert isinstance(error, RemoteDownError)
    assert error.applied is None
    assert len(site.calls) == 1


STRANGE = ("[]", "null", '"page"', '{"id": 5}', '{"results": [{"name": 1}]}', '{"id": "\\ud800"}')


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (*call, body)
        for call in CALLS
        for body in STRANGE
        # Of these three nothing that must be there is read.
        if not (call[1].endswith("/label") and body in STRANGE[3:5])
        and not (call[1].endswith("/inline-comments") and body == STRANGE[4])
        and not (call[1].endswith("/current") and body in STRANGE[3:5])
    ],
)
def test_json_of_another_shape(
    wiki: Wiki, site: responses.RequestsMock, method: str, path: str, body: str
) -> None:
    """JSON that the documents do not promise is an error, and a write's effect is unknown."""
    site.add(method, f"{BASE}/{path}", body=body, content_type="application/json")
    error = failed(wiki, CALLS[method, path])
    assert isinstance(error, UnexpectedAnswerError | RemoteDownError)
    assert error.applied is (False if method == "GET" else None)
    assert error.cure


def test_an_anonymous_visitor_is_not_an_account(wiki: Wiki, site: responses.RequestsMock) -> None:
    """Confluence lets strangers in where a site is public, and says so with 200."""
    site.get(f"{BASE}/rest/api/user/current", json={"type": "anonymous", "accountId": None})
    assert isinstance(failed(wiki, READS["rest/api/user/current"]), AuthenticationError)


LISTS = [path for path in READS if path not in ("rest/api/user/current", "api/v2/pages/1")]


def page_of(after: str | None) -> dict[str, Any]:
    links = {} if after is None else {"next": f"/wiki/api/v2/x?cursor={after}"}
    return {"results": [], "_links": links}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursors", ["aa", "aba", "abcb"])
def test_a_list_that_turns_in_circles(
    wiki: Wiki, site: responses.RequestsMock, path: str, cursors: str
) -> None:
    """A cursor seen before ends in an error, never in a partial list."""
    for cursor in cursors:
        site.get(f"{BASE}/{path}", json=page_of(cursor))
    error = failed(wiki, READS[path])
    assert isinstance(error, UnexpectedAnswerError)
    assert "twice" in error.what
    assert len(site.calls) == len(cursors)


@pytest.mark.parametrize("path", LISTS)
def test_a_next_page_without_cursor(wiki: Wiki, site: responses.RequestsMock, path: str) -> None:
    """A list that goes on nobody knows where is not taken for complete."""
    body = {"results": [], "_links": {"next": "/wiki/api/v2/x?start=250"}}
    site.get(f"{BASE}/{path}", json=body)
    assert isinstance(failed(wiki, READS[path]), UnexpectedAnswerError)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_breaks_in_the_middle(
    wiki: Wiki, site: responses.RequestsMock, path: str
) -> None:
    """A refused second page makes the whole list an error."""
    site.get(f"{BASE}/{path}", json=page_of("b"))
    site.get(f"{BASE}/{path}", json={}, status=403)
    assert isinstance(failed(wiki, READS[path]), PermissionDeniedError)
