"""The addresses that a reader's browser opens."""

from starlette.responses import Response

from pmsync.sandbox.confluence.api.frame import Ask
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.site import Site
from pmsync.sandbox.confluence.view import missing_document, page_document, space_document

# Nothing of a page runs, loads from elsewhere or sends anything.
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_SEEN = frozenset({"current", "archived"})


def page(site: Site, ask: Ask) -> Response:
    """``/wiki/spaces/{KEY}/pages/{id}``, with or without a title behind it."""
    space = site.space_of(str(ask.parts["key"]))
    try:
        found = site.page(ask.number("id"))
    except Refusal:
        return _html(missing_document(site), 404)
    if space is None or found.space_id != space.id or found.status not in _SEEN:
        return _html(missing_document(site), 404)
    return _html(page_document(site, found))


def space(site: Site, ask: Ask) -> Response:
    """``/wiki/spaces/{KEY}`` and ``/wiki/spaces/{KEY}/overview``."""
    found = site.space_of(str(ask.parts["key"]))
    if found is None:
        return _html(missing_document(site), 404)
    return _html(space_document(site, found))


def _html(content: bytes, status: int = 200) -> Response:
    return Response(content, status, headers=_HEADERS, media_type="text/html")
