"""Content properties of pages. They are addressed by number, not by key."""

from typing import Any

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page, Property, Revision
from pmsync.sandbox.confluence.site import Site

_MAX_KEY = 255


def listing(site: Site, ask: Ask) -> Response:
    """``GET /pages/{page-id}/properties``, by key."""
    keys = ask.listed("key")
    entries = site.page(ask.number("page_id")).properties.values()
    return paged(ask, [e for e in entries if not keys or e.key in keys], shapes.prop)


def create(site: Site, ask: Ask) -> Response:
    """``POST /pages/{page-id}/properties``; a key that the page has already is a conflict."""
    page, sent = site.page(ask.number("page_id")), ask.record()
    key = _key(sent)
    if any(entry.key == key for entry in page.properties.values()):
        raise Refusal(409, f"A property with the key {key} already exists on this content")
    revision = Revision(number=1, at=site.stamp(), author=site.account)
    entry = Property(id=site.new_id(), key=key, value=sent.get("value"), revision=revision)
    page.properties[entry.id] = entry
    return JSONResponse(shapes.prop(entry))


def one(site: Site, ask: Ask) -> Response:
    """``GET /pages/{page-id}/properties/{property-id}``."""
    return JSONResponse(shapes.prop(_property(site, ask)[1]))


def update(site: Site, ask: Ask) -> Response:
    """``PUT /pages/{page-id}/properties/{property-id}``; the version must be the next one."""
    _, entry = _property(site, ask)
    sent = ask.record()
    if _key(sent) != entry.key:
        raise Refusal(400, "The key of a property cannot be changed")
    version = sent.get("version")
    if not isinstance(version, dict):
        raise Refusal(400, "Required field 'version' is missing")
    current = entry.revision.number
    if whole(version.get("number", ""), "version.number") != current + 1:
        message = f"Version must be incremented on update. Current version is: {current}"
        raise Refusal(409, message)
    entry.value = sent.get("value")
    entry.revision = Revision(
        number=current + 1,
        at=site.stamp(),
        author=site.account,
        message=str(version.get("message") or ""),
    )
    return JSONResponse(shapes.prop(entry))


def delete(site: Site, ask: Ask) -> Response:
    """``DELETE /pages/{page-id}/properties/{property-id}``."""
    page, entry = _property(site, ask)
    del page.properties[entry.id]
    return Response(status_code=204)


def _property(site: Site, ask: Ask) -> tuple[Page, Property]:
    page = site.page(ask.number("page_id"))
    entry = page.properties.get(ask.number("property_id"))
    if entry is None:
        raise Refusal(404)
    return page, entry


def _key(sent: dict[str, Any]) -> str:
    key = sent.get("key")
    if not isinstance(key, str) or not key or len(key) > _MAX_KEY:
        raise Refusal(400, f"Required field 'key' must be a text of 1 to {_MAX_KEY} characters")
    return key
