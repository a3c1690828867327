"""Spaces, read."""

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Space
from pmsync.sandbox.confluence.site import Site


def listing(site: Site, ask: Ask) -> Response:
    """``GET /spaces``, by ids and keys."""
    ids, keys = ask.numbers("ids"), {key.lower() for key in ask.listed("keys")}
    kinds, states = ask.listed("type"), ask.listed("status")
    found = [
        space
        for space in site.spaces.values()
        if (not ids or space.id in ids)
        and (not keys or space.key.lower() in keys)
        and (not kinds or "global" in kinds)
        and (not states or "current" in states)
    ]
    return paged(ask, found, shapes.space)


def one(site: Site, ask: Ask) -> Response:
    """``GET /spaces/{id}``."""
    space = _space(site, ask.number("id"))
    return JSONResponse({**shapes.space(space), "_links": _links(space, ask)})


def pages(site: Site, ask: Ask) -> Response:
    """``GET /spaces/{id}/pages``, by title and status; ``depth=root`` for the top ones."""
    space = _space(site, ask.number("id"))
    states = ask.listed("status") or ["current", "archived"]
    title = ask.query.get("title", "").casefold()
    found = [
        page
        for page in site.pages.values()
        if page.space_id == space.id
        and page.status in states
        and (not title or page.title.casefold() == title)
        and (ask.query.get("depth") != "root" or page.parent_id is None)
    ]
    return paged(ask, found, lambda page: shapes.page(site, page))


def _space(site: Site, number: int) -> Space:
    space = site.spaces.get(number)
    if space is None:
        raise Refusal(404)
    return space


def _links(space: Space, ask: Ask) -> dict[str, str]:
    return {"webui": f"/spaces/{space.key}", "base": ask.base}
