"""What the Confluence adapter sends, to the letter, each request held against the documents."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from guarded_wiki import GuardedWiki, guarded_wiki

from pmsync.core.errors import ReadOnlyError, RequestRefusedError
from pmsync.ports import PageHead, Property, Wiki

BASE = "https://acme.test/wiki"
PAGE = {
    "id": "123",
    "status": "current",
    "title": "Roadmap",
    "spaceId": "7",
    "parentId": "100",
    "authorId": "maker",
    "version": {"number": 4, "authorId": "last", "createdAt": "2026-11-20T12:00:00Z"},
    "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
    "somethingNew": [1, 2],
    "_links": {"webui": "/spaces/PROD/pages/123"},
}
HEAD = PageHead(
    id="123",
    space_id="7",
    title="Roadmap",
    status="current",
    version=4,
    parent_id="100",
    author_id="last",
)
TAKEN = {"errors": [{"status": 400, "code": "BAD_REQUEST", "title": (
    "A page with this title already exists: A page already exists with the same TITLE in this space"
), "detail": None}]}  # fmt: skip


@pytest.fixture
def guarded() -> GuardedWiki:
    """The adapter with its gate and clock."""
    return guarded_wiki(BASE, "bot@acme.test", "secret-token-123")


@pytest.fixture
def wiki(guarded: GuardedWiki) -> Iterator[Wiki]:
    """The adapter, with an open permit."""
    with guarded.gate.permit("w1"):
        yield guarded.wiki


@pytest.fixture
def site() -> Iterator[responses.RequestsMock]:
    """What answers in the site's place; refuses what nobody announced."""
    with responses.RequestsMock() as mock:
        yield mock


Sent = Callable[[], list[tuple[str, str, list[tuple[str, str]], Any]]]


@pytest.fixture
def sent(site: responses.RequestsMock, specs: ModuleType) -> Sent:
    """Every request so far as method, path, query and body, held against the documents."""

    def read() -> list[tuple[str, str, list[tuple[str, str]], Any]]:
        found = []
        for call in site.calls:
            assert specs.request_errors(call.request) == []
            parts = urlsplit(call.request.url or "")
            body = json.loads(call.request.body) if call.request.body else None
            query = parse_qsl(parts.query, keep_blank_values=True)
            found.append((call.request.method or "", parts.path, query, body))
        return found

    return read


def listing(*results: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    links = {"base": BASE}
    if after:
        links["next"] = f"/wiki/api/v2/pages?limit=250&cursor={after}"
    return {"results": list(results), "_links": links}


def test_account(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """The account is v1's current user."""
    site.get(f"{BASE}/rest/api/user/current", json={"type": "known", "accountId": "me"})
    assert wiki.account_id() == "me"
    assert sent() == [("GET", "/wiki/rest/api/user/current", [], None)]


def test_spaces(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Keys are asked for together, each once."""
    found = {"id": "7", "key": "PROD", "name": "Product", "homepageId": None}
    site.get(f"{BASE}/api/v2/spaces", json=listing(found))
    (space,) = wiki.spaces(["PROD", "HELP", "PROD"])
    assert (space.id, space.homepage_id) == ("7", None)
    query = [("limit", "250"), ("keys", "PROD"), ("keys", "HELP")]
    assert sent() == [("GET", "/wiki/api/v2/spaces", query, None)]


def test_heads(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """All ids in one call, in every status that keeps a title."""
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE))
    assert wiki.heads(["123", "456"]) == {"123": HEAD}
    query = [("limit", "250"), ("id", "123"), ("id", "456")]
    query += [("status", each) for each in ("current", "archived", "trashed")]
    assert sent() == [("GET", "/wiki/api/v2/pages", query, None)]


@pytest.mark.parametrize(("pages", "calls"), [(0, 0), (1, 1), (250, 1), (251, 2), (500, 2)])
def test_heads_cost_a_call_for_250_pages(
    wiki: Wiki, site: responses.RequestsMock, sent: Sent, pages: int, calls: int
) -> None:
    """Not one more, and none for nothing."""
    if calls:
        site.get(f"{BASE}/api/v2/pages", json=listing())
    wiki.heads([str(number) for number in range(pages)])
    assert [len([1 for name, _ in query if name == "id"]) for _, _, query, _ in sent()] == [
        250 if number < pages // 250 else pages % 250 for number in range(calls)
    ]


def test_page(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """One page comes with its body in storage format."""
    site.get(f"{BASE}/api/v2/pages/123", json=PAGE)
    page = wiki.page("123")
    assert (page.head, page.body) == (HEAD, "<p>x</p>")
    assert sent() == [("GET", "/wiki/api/v2/pages/123", [("body-format", "storage")], None)]


def test_find(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """By space and exact title; letters that mean something in a URL are only letters."""
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE))
    title = "Größe & Gewicht, 100 % #1?"
    assert wiki.find("7", title) == (HEAD,)
    query = [("limit", "250"), ("space-id", "7"), ("title", title)]
    query += [("status", each) for each in ("current", "archived", "trashed")]
    assert sent() == [("GET", "/wiki/api/v2/pages", query, None)]


def test_create(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Space, parent, title and body, published at once."""
    site.post(f"{BASE}/api/v2/pages", json=PAGE)
    assert wiki.create(space_id="7", parent_id="100", title="Roadmap", body="<p>x</p>") == HEAD
    body = {
        "spaceId": "7",
        "status": "current",
        "title": "Roadmap",
        "parentId": "100",
        "body": {"representation": "storage", "value": "<p>x</p>"},
    }
    assert sent() == [("POST", "/wiki/api/v2/pages", [], body)]


def test_update(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """All five fields that the document requires, and nothing that would move the page."""
    site.put(f"{BASE}/api/v2/pages/123", json=PAGE)
    done = wiki.update(page_id="123", title="Roadmap", body="<p>x</p>", version=4, message="why")
    assert done == HEAD
    body = {
        "id": "123",
        "status": "current",
        "title": "Roadmap",
        "body": {"representation": "storage", "value": "<p>x</p>"},
        "version": {"number": 4, "message": "why"},
    }
    assert sent() == [("PUT", "/wiki/api/v2/pages/123", [], body)]


def test_open_comments(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Open and reopened threads are asked for, and others are not counted if they come."""
    states = ("open", "reopened", "resolved", "dangling", "open")
    found = [{"id": str(n), "resolutionStatus": state} for n, state in enumerate(states)]
    site.get(f"{BASE}/api/v2/pages/123/inline-comments", json=listing(*found))
    assert wiki.open_comments("123") == 3
    query = [("limit", "250"), ("resolution-status", "open"), ("resolution-status", "reopened")]
    assert sent() == [("GET", "/wiki/api/v2/pages/123/inline-comments", query, None)]


def test_a_comment_of_unknown_state_counts_as_open(
    wiki: Wiki, site: responses.RequestsMock
) -> None:
    """Rather one page held too many than one comment lost."""
    site.get(f"{BASE}/api/v2/pages/123/inline-comments", json=listing({"id": "1"}))
    assert wiki.open_comments("123") == 1


def test_properties(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Asked for by key; others that come along are not ours."""
    ours = {"id": "9", "key": "pmsync", "value": {"page": "roadmap"}, "version": {"number": 2}}
    other = ours | {"id": "8", "key": "pmsync-2"}
    site.get(f"{BASE}/api/v2/pages/123/properties", json=listing(other, ours))
    expected = Property(id="9", key="pmsync", value={"page": "roadmap"}, version=2)
    assert wiki.properties("123", "pmsync") == expected
    query = [("limit", "250"), ("key", "pmsync")]
    assert sent() == [("GET", "/wiki/api/v2/pages/123/properties", query, None)]


@pytest.mark.parametrize("value", ["text", 3, [1], None])
def test_a_property_of_another_shape_is_not_ours(
    wiki: Wiki, site: responses.RequestsMock, value: object
) -> None:
    """It names no page, so nothing is taken for adopted."""
    found = {"id": "9", "key": "pmsync", "value": value, "version": {"number": 2}}
    site.get(f"{BASE}/api/v2/pages/123/properties", json=listing(found))
    got = wiki.properties("123", "pmsync")
    assert got == Property(id="9", key="pmsync", value={}, version=2)


def test_set_property(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Created by key, replaced by its numeric id with the next version's number."""
    made = {"id": "9", "key": "pmsync", "value": {"n": 1}, "version": {"number": 1}}
    site.post(f"{BASE}/api/v2/pages/123/properties", json=made)
    site.put(
        f"{BASE}/api/v2/pages/123/properties/9",
        json=made | {"value": {"n": 2}, "version": {"number": 2}},
    )
    first = wiki.set_property("123", "pmsync", {"n": 1}, None)
    second = wiki.set_property("123", "pmsync", {"n": 2}, first)
    assert (first.version, second.version, second.value) == (1, 2, {"n": 2})
    path = "/wiki/api/v2/pages/123/properties"
    replaced = {"key": "pmsync", "value": {"n": 2}, "version": {"number": 2}}
    assert sent() == [
        ("POST", path, [], {"key": "pmsync", "value": {"n": 1}}),
        ("PUT", f"{path}/9", [], replaced),
    ]


def test_labels(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """Read with v2, written with v1, because v2 cannot."""
    found = {"id": "1", "name": "pmsync", "prefix": "global"}
    site.get(f"{BASE}/api/v2/pages/123/labels", json=listing(found))
    site.post(f"{BASE}/rest/api/content/123/label", json={"results": [], "size": 0})
    assert wiki.labels("123") == ("pmsync",)
    wiki.add_labels("123", ["roadmap", "q1"])
    query = [("limit", "250"), ("prefix", "global")]
    body = [{"prefix": "global", "name": "roadmap"}, {"prefix": "global", "name": "q1"}]
    assert sent() == [
        ("GET", "/wiki/api/v2/pages/123/labels", query, None),
        ("POST", "/wiki/rest/api/content/123/label", [], body),
    ]


def test_an_id_cannot_leave_its_path(wiki: Wiki, site: responses.RequestsMock) -> None:
    """What should be an id and is a path reaches nothing else."""
    site.get(f"{BASE}/api/v2/pages/..%2F..%2Fadmin", json=PAGE)
    wiki.page("../../admin")
    assert "/admin" not in urlsplit(site.calls[0].request.url or "").path


@pytest.mark.parametrize("where", ["body", "header"])
def test_the_next_page_of_a_list(
    wiki: Wiki, site: responses.RequestsMock, sent: Sent, where: str
) -> None:
    """Its cursor stands in the body or in the Link header; the same question is asked again."""
    second = PAGE | {"id": "124"}
    after = "a+b/c="
    next_url = "/wiki/api/v2/pages?cursor=a%2Bb%2Fc%3D"
    first_body = listing(PAGE)
    headers = {}
    if where == "body":
        first_body["_links"]["next"] = next_url
    else:
        headers["Link"] = f'<{next_url}>; rel="next", <{BASE}>; rel="base"'
    site.get(f"{BASE}/api/v2/pages", json=first_body, headers=headers)
    site.get(f"{BASE}/api/v2/pages", json=listing(second))
    assert set(wiki.heads(["123", "124"])) == {"123", "124"}
    first, following = (query for _, _, query, _ in sent())
    assert following == [*first, ("cursor", after)]


def test_an_empty_page_does_not_end_a_list(wiki: Wiki, site: responses.RequestsMock) -> None:
    """Only a missing cursor does."""
    site.get(f"{BASE}/api/v2/pages", json=listing(after="more"))
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE))
    assert wiki.heads(["123"]) == {"123": HEAD}


def test_a_taken_title_is_looked_up(wiki: Wiki, site: responses.RequestsMock, sent: Sent) -> None:
    """The refusal of a new page names the page that has its title."""
    site.post(f"{BASE}/api/v2/pages", json=TAKEN, status=400)
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE | {"status": "archived"}))
    with pytest.raises(RequestRefusedError) as caught:
        wiki.create(space_id="7", parent_id="100", title="Roadmap", body="<p>x</p>")
    assert "'Roadmap' is taken in this space by page 123 (archived)" in str(caught.value)
    assert "restore" in caught.value.cure
    assert caught.value.status == 400
    assert isinstance(caught.value.__cause__, RequestRefusedError)
    assert sent()[-1][2][1:3] == [("space-id", "7"), ("title", "Roadmap")]


def test_a_taken_title_is_not_ones_own(
    wiki: Wiki, site: responses.RequestsMock, sent: Sent
) -> None:
    """When a page is renamed, the one that blocks is another one of its space."""
    blocker = PAGE | {"id": "55", "status": "trashed"}
    site.put(f"{BASE}/api/v2/pages/123", json=TAKEN, status=400)
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE))
    site.get(f"{BASE}/api/v2/pages", json=listing(PAGE, blocker))
    with pytest.raises(RequestRefusedError, match=r"by page 55 \(trashed\)"):
        wiki.update(page_id="123", title="Roadmap", body="", version=5, message="")
    assert sent()[-1][2][1:3] == [("space-id", "7"), ("title", "Roadmap")]


@pytest.mark.parametrize("status", [200, 503])
def test_a_taken_title_whose_owner_cannot_be_seen(
    wiki: Wiki, site: responses.RequestsMock, status: int
) -> None:
    """A restricted page, or a search that fails: the refusal still says what to look for."""
    site.post(f"{BASE}/api/v2/pages", json=TAKEN, status=400)
    site.get(f"{BASE}/api/v2/pages", json=listing(), status=status)
    with pytest.raises(RequestRefusedError, match="may not see") as caught:
        wiki.create(space_id="7", parent_id="100", title="Roadmap", body="<p>x</p>")
    assert "trash" in caught.value.cure


def test_another_refusal_stays_what_it_is(wiki: Wiki, site: responses.RequestsMock) -> None:
    """A body that does not parse has nothing to do with titles; nothing is looked up."""
    words = {"errors": [{"status": 400, "title": "Error parsing xhtml: title element"}]}
    site.post(f"{BASE}/api/v2/pages", json=words, status=400)
    with pytest.raises(RequestRefusedError, match="Error parsing xhtml"):
        wiki.create(space_id="7", parent_id="100", title="Roadmap", body="<p>x")
    assert len(site.calls) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda wiki: wiki.create(space_id="7", parent_id="1", title="x", body=""),
        lambda wiki: wiki.update(page_id="1", title="x", body="", version=2, message=""),
        lambda wiki: wiki.set_property("1", "pmsync", {}, None),
        lambda wiki: wiki.add_labels("1", ["x"]),
    ],
    ids=["create", "update", "set_property", "add_labels"],
)
def test_nothing_is_written_without_a_permit(
    guarded: GuardedWiki, site: responses.RequestsMock, write: Callable[[Wiki], object]
) -> None:
    """Every writing call is stopped at the gate."""
    with pytest.raises(ReadOnlyError):
        write(guarded.wiki)
    assert len(site.calls) == 0
