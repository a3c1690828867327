"""v1's search, its current user, and what v1 and v2 answer where there is nothing."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api.cql import search
from pmsync.sandbox.confluence.api.frame import Ask, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page
from pmsync.sandbox.confluence.site import Site

_GONE = "This deprecated endpoint has been removed."


def content_search(site: Site, ask: Ask) -> Response:
    """``GET /rest/api/content/search?cql=``."""
    text = ask.query.get("cql", "")
    if not text.strip():
        raise Refusal(400, "cql query parameter is required")
    found = search(site, text)
    limit = ask.limit()
    start = whole(ask.query.get("cursor", "0"), "cursor")
    shown = [_content(site, page, ask) for page in found[start : start + limit]]
    links = {"base": ask.base, "context": "/wiki", "self": f"{ask.base}/rest/api/content/search"}
    if start + limit < len(found):
        more = ask.path.removeprefix("/wiki")
        query = ask.query.multi_items()
        links["next"] = f"{more}?{_query(query, start + limit)}"
    body = {"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links}
    return JSONResponse(body)


def me(site: Site, ask: Ask) -> Response:
    """``GET /rest/api/user/current``."""
    person = site.people[site.account]
    return JSONResponse({
        "type": "known", "accountId": person.account_id, "accountType": "atlassian",
        "email": person.email, "publicName": person.name, "displayName": person.name,
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"base": ask.base, "context": "/wiki"},
    })  # fmt: skip


def gone(_site: Site, _ask: Ask) -> Response:
    """v1 pages: removed on newer sites (veryfront-code#1787)."""
    raise Refusal(410, _GONE)


def nothing(_site: Site, _ask: Ask) -> Response:
    """A path that no API has."""
    raise Refusal(404)


def _query(items: list[tuple[str, str]], start: int) -> str:
    return urlencode([*(pair for pair in items if pair[0] != "cursor"), ("cursor", str(start))])


def _content(site: Site, page: Page, ask: Ask) -> dict[str, Any]:
    return {
        "id": str(page.id), "type": "page", "status": page.status, "title": page.title,
        "_expandable": {"space": f"/rest/api/space/{site.spaces[page.space_id].key}"},
        "_links": {
            "self": f"{ask.base}/rest/api/content/{page.id}",
            "webui": f"/spaces/{site.spaces[page.space_id].key}/pages/{page.id}",
        },
    }  # fmt: skip
