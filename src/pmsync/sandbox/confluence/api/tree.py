"""Where a page stands, what it carries and what it was: children, labels, versions."""

from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page, Revision
from pmsync.sandbox.confluence.site import Site

_DEFAULT_DEPTH = 2
_MAX_DEPTH = 10


def children(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/direct-children``; all of them are pages here."""
    page = site.page(ask.number("id"))
    return paged(ask, site.children(page.id), _child)


def descendants(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/descendants``, down to ``depth`` levels (1 to 10, else 2)."""
    page = site.page(ask.number("id"))
    depth = whole(ask.query.get("depth", str(_DEFAULT_DEPTH)), "depth")
    if not 1 <= depth <= _MAX_DEPTH:
        raise Refusal(400, f"Provided value {{{depth}}} for 'depth' must be from 1 to {_MAX_DEPTH}")
    return paged(ask, list(_below(site, page, 1, depth)), lambda found: found)


def ancestors(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/ancestors``, from the top down."""
    page: Page | None = site.page(ask.number("id"))
    above: list[dict[str, Any]] = []
    while page is not None and page.parent_id is not None:
        above.insert(0, {"id": str(page.parent_id), "type": "page"})
        page = site.pages.get(page.parent_id)
    return paged(ask, above, lambda found: found)


def labels(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/labels``, by prefix."""
    page, prefixes = site.page(ask.number("id")), ask.listed("prefix")
    found = [label for label in page.labels if not prefixes or label.prefix in prefixes]
    return paged(ask, found, shapes.label)


def versions(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/versions``, newest first unless sorted otherwise."""
    page = site.page(ask.number("id"))
    newest_first = ask.query.get("sort", "-modified-date").startswith("-")
    found = list(reversed(page.revisions)) if newest_first else list(page.revisions)
    with_body = ask.query.get("body-format") == "storage"

    def shape(revision: Revision) -> dict[str, Any]:
        inner: dict[str, Any] = {"id": str(page.id), "title": revision.title}
        if with_body:
            inner["body"] = shapes.storage_body(revision.body)
        return {**shapes.version(revision), "page": inner}

    return paged(ask, found, shape)


def version(site: Site, ask: Ask) -> Response:
    """``GET /pages/{page-id}/versions/{version-number}``."""
    page, number = site.page(ask.number("page_id")), ask.number("number")
    revision = next((entry for entry in page.revisions if entry.number == number), None)
    if revision is None:
        raise Refusal(404)
    around: dict[str, Any] = {"contentTypeModified": False, "collaborators": [revision.author]}
    if number > page.revisions[0].number:
        around["prevVersion"] = number - 1
    if number < page.revision.number:
        around["nextVersion"] = number + 1
    return JSONResponse({**shapes.version(revision), **around})


def _child(page: Page) -> dict[str, Any]:
    return {
        "id": str(page.id), "status": page.status, "title": page.title, "type": "page",
        "spaceId": str(page.space_id), "childPosition": page.position,
    }  # fmt: skip


def _below(site: Site, page: Page, depth: int, deepest: int) -> Iterator[dict[str, Any]]:
    for child in site.children(page.id):
        shown = _child(child)
        del shown["spaceId"]
        yield {**shown, "parentId": str(page.id), "depth": depth}
        if depth < deepest:
            yield from _below(site, child, depth + 1, deepest)
