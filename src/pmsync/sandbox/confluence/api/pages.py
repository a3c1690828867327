"""Pages: read one, read many, create, update, rename, delete."""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page, Revision
from pmsync.sandbox.confluence.site import Site

_MAX_IDS = 250
_LISTED = ("current", "archived", "deleted", "trashed")
_SORTS: dict[str, Callable[[Page], Any]] = {
    "id": lambda page: page.id,
    "title": lambda page: page.title.casefold(),
    "created-date": lambda page: page.created_at,
    "modified-date": lambda page: page.revision.at,
}


def listing(site: Site, ask: Ask) -> Response:
    """``GET /pages``, by id, space, title and status (current and archived unless asked)."""
    ids, spaces = ask.numbers("id"), ask.numbers("space-id")
    if len(ids) > _MAX_IDS:
        raise Refusal(400, f"At most {_MAX_IDS} page ids can be asked for at once")
    states = _one_of(ask.listed("status") or ["current", "archived"], _LISTED, "status")
    title = ask.query.get("title")
    found = [
        page
        for page in site.pages.values()
        if page.status in states
        and (not ids or page.id in ids)
        and (not spaces or page.space_id in spaces)
        and (title is None or page.title.casefold() == title.strip().casefold())
    ]
    with_body = _wants_body(ask)
    return paged(ask, _sorted(found, ask), lambda page: _in_list(site, page, body=with_body))


def one(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}``, also an older version."""
    page = site.page(ask.number("id"))
    states = ask.listed("status")
    if states and page.status not in states:
        raise Refusal(404)
    revision = _revision(page, ask.query.get("version"))
    body = page.body if revision is None else revision.body
    shown = shapes.page(site, page, revision=revision)
    if _wants_body(ask):
        shown["body"] = shapes.storage_body(body)
    if not ask.flag("include-version", default=True):
        del shown["version"]
    shown |= {name: make(site, page) for name, make in _EXTRAS.items() if _asked(ask, name)}
    return _answer(shown, ask)


def create(site: Site, ask: Ask) -> Response:
    """``POST /pages``: below the home page unless a parent is named."""
    sent = ask.record()
    space = site.spaces.get(whole(sent.get("spaceId", ""), "spaceId"))
    if space is None:
        raise Refusal(404)
    status = sent.get("status", "current")
    if status not in {"current", "draft"}:
        raise Refusal(400, f"Provided value {{{status}}} for 'status' is not current or draft")
    root_level = ask.flag("root-level")
    parent = None if root_level else sent.get("parentId") or space.homepage_id
    above = None if parent is None else _parent(site, parent, space.id)
    drafted = status == "draft"
    body = site.stored(_storage(sent)) if sent.get("body") else ""
    title = (
        str(sent.get("title") or "") if drafted else site.checked_title(sent.get("title"), space.id)
    )
    page = site.add_page(space_id=space.id, title=title, body=body, parent_id=above, status=status)
    return _written(site, page, ask)


def update(site: Site, ask: Ask) -> Response:
    """``PUT /pages/{id}``: a new version, a restored page, a published draft."""
    page = site.page(ask.number("id"))
    sent = ask.record()
    for name in ("id", "status", "title", "body", "version"):
        if sent.get(name) in (None, ""):
            raise Refusal(400, f"Required field '{name}' is missing")
    if str(sent["id"]) != str(page.id):
        raise Refusal(400, "The id in the body does not match the id in the path")
    if sent.get("spaceId") and str(sent["spaceId"]) != str(page.space_id):
        raise Refusal(400, "Moving a page to a different space is not supported")
    _check_version(page, sent["version"])
    if page.status == "archived":
        raise Refusal(400, "Archived content cannot be updated")
    if sent["status"] != "current":
        raise Refusal(400, f"Provided value {{{sent['status']}}} for 'status' is not supported")
    if page.status == "trashed":
        return _restore(site, page, ask)
    return _revise(site, page, sent, ask)


def rename(site: Site, ask: Ask) -> Response:
    """``PUT /pages/{id}/title``."""
    page = site.page(ask.number("id"))
    sent = ask.record()
    if page.status != "current" or sent.get("status") != "current":
        raise Refusal(400, "Only the title of current content can be changed")
    title = site.checked_title(sent.get("title"), page.space_id, keeper=page.id)
    site.revise(page, title=title, body=page.body, author=site.account)
    return _written(site, page, ask)


def delete(site: Site, ask: Ask) -> Response:
    """``DELETE /pages/{id}``: to the trash, or with ``purge`` out of it for good."""
    page = site.page(ask.number("id"))
    if ask.flag("purge"):
        if page.status != "trashed":
            raise Refusal(400, "Only trashed content can be purged")
        page.status = "deleted"
    elif page.status == "trashed":
        raise Refusal(404)
    elif page.id in {space.homepage_id for space in site.spaces.values()}:
        raise Refusal(400, "The home page of a space cannot be deleted")
    else:
        page.status = "trashed"
        for child in site.children(page.id):
            child.parent_id = page.parent_id
    return Response(status_code=204)


def _revise(site: Site, page: Page, sent: dict[str, Any], ask: Ask) -> Response:
    parent = sent.get("parentId")
    above = page.parent_id if parent is None else _parent(site, parent, page.space_id, of=page)
    title = site.checked_title(sent["title"], page.space_id, keeper=page.id)
    body = site.stored(_storage(sent))
    version = sent["version"]
    page.parent_id = above
    if page.status == "draft":
        first = Revision(number=1, at=site.stamp(), author=site.account, title=title, body=body)
        page.title, page.body, page.status, page.revisions = title, body, "current", [first]
        site.notify("page created", page, site.account)
        return _written(site, page, ask)
    site.revise(
        page,
        title=title,
        body=body,
        author=site.account,
        message=str(version.get("message") or ""),
        minor_asked=version.get("minorEdit") is True,
    )
    return _written(site, page, ask)


def _restore(site: Site, page: Page, ask: Ask) -> Response:
    """Only the status changes: what else was sent is not read."""
    page.status = "current"
    return _written(site, page, ask)


def _check_version(page: Page, version: object) -> None:
    if not isinstance(version, dict):
        raise Refusal(400, "Required field 'version' must be an object")
    number = whole(version.get("number", ""), "version.number")
    current = page.revision.number
    if page.status == "draft":
        if number != 1:
            raise Refusal(409, "Version of a draft must be 1")
    elif number != current + 1:
        message = f"Version must be incremented on update. Current version is: {current}"
        raise Refusal(409, message)


def _parent(site: Site, parent: object, space_id: int, *, of: Page | None = None) -> int:
    above = site.pages.get(whole(parent, "parentId"))
    if above is None or above.status != "current":
        raise Refusal(404)
    if above.space_id != space_id:
        raise Refusal(400, "The parent page is in another space")
    step: Page | None = above
    while step is not None:
        if of is not None and step.id == of.id:
            raise Refusal(400, "A page cannot be moved below itself")
        step = site.pages.get(step.parent_id) if step.parent_id else None
    return above.id


def _storage(sent: dict[str, Any]) -> str:
    """The body's text, in either of the two forms that the API takes."""
    body = sent["body"]
    if not isinstance(body, dict):
        raise Refusal(400, "Required field 'body' must be an object")
    inner = body.get("storage", body)
    if not isinstance(inner, dict) or inner.get("representation", "storage") != "storage":
        raise Refusal(400, "This site takes bodies in storage representation only")
    value = inner.get("value")
    if not isinstance(value, str):
        raise Refusal(400, "Required field 'body.value' is missing")
    return value


def _wants_body(ask: Ask) -> bool:
    wanted = ask.query.get("body-format")
    if wanted not in {None, "storage"}:
        raise Refusal(400, f"Provided value {{{wanted}}} for 'body-format' is not supported here")
    return wanted is not None


def _in_list(site: Site, page: Page, *, body: bool) -> dict[str, Any]:
    shown = shapes.page(site, page)
    return {**shown, "body": shapes.storage_body(page.body)} if body else {**shown, "body": {}}


def _revision(page: Page, wanted: str | None) -> Revision | None:
    if wanted is None:
        return None
    number = whole(wanted, "version")
    found = next((entry for entry in page.revisions if entry.number == number), None)
    if found is None:
        raise Refusal(404)
    return None if found is page.revision else found


def _sorted(pages: list[Page], ask: Ask) -> list[Page]:
    sort = ask.query.get("sort", "id")
    key = _SORTS.get(sort.removeprefix("-"))
    if key is None:
        raise Refusal(400, f"Provided value {{{sort}}} for 'sort' is not supported")
    return sorted(pages, key=key, reverse=sort.startswith("-"))


def _one_of(values: list[str], known: tuple[str, ...], name: str) -> list[str]:
    stray = next((value for value in values if value not in known), None)
    if stray is not None:
        raise Refusal(400, f"Provided value {{{stray}}} for '{name}' is not supported")
    return values


def _written(site: Site, page: Page, ask: Ask) -> Response:
    shown = shapes.page(site, page)
    return _answer({**shown, "body": shapes.storage_body(page.body)}, ask)


def _answer(shown: dict[str, Any], ask: Ask) -> Response:
    return JSONResponse({**shown, "_links": {**shown["_links"], "base": ask.base}})


def _asked(ask: Ask, name: str) -> bool:
    asked = _QUESTIONS.get(name, f"include-{name}")
    return ask.flag(asked)


_QUESTIONS = {"isFavoritedByCurrentUser": "include-favorited-by-current-user-status"}
_EXTRAS: dict[str, Callable[[Site, Page], Any]] = {
    "labels": lambda _site, page: shapes.folded(
        [shapes.label(entry) for entry in page.labels], f"/wiki/api/v2/pages/{page.id}/labels"
    ),
    "properties": lambda _site, page: shapes.folded(
        [shapes.prop(entry) for entry in page.properties.values()],
        f"/wiki/api/v2/pages/{page.id}/properties",
    ),
    "versions": lambda _site, page: shapes.folded(
        [shapes.version(entry) for entry in reversed(page.revisions)],
        f"/wiki/api/v2/pages/{page.id}/versions",
    ),
    "operations": lambda _site, page: shapes.folded(
        [{"operation": verb, "targetType": "page"} for verb in ("read", "update", "delete")],
        f"/wiki/api/v2/pages/{page.id}/operations",
    ),
    "likes": lambda _site, page: shapes.folded([], f"/wiki/api/v2/pages/{page.id}/likes"),
    "isFavoritedByCurrentUser": lambda _site, _page: False,
}
