"""Inline comments. Writing one changes the page's body, but not its version."""

from typing import Any

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence import humans, storage
from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Comment, Page, Revision
from pmsync.sandbox.confluence.site import Site
from pmsync.sandbox.confluence.storage.markers import occurrences


def on_page(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/inline-comments``: threads, by resolution status."""
    page = site.page(ask.number("id"))
    wanted = ask.listed("resolution-status")
    found = [
        comment
        for comment in site.comments_on(page)
        if comment.parent_id is None and (not wanted or site.resolution(comment) in wanted)
    ]
    body = _wants_body(ask)
    return paged(ask, found, lambda comment: shapes.inline_comment(site, comment, body=body))


def footer(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/footer-comments``: nobody writes any here."""
    site.page(ask.number("id"))
    return paged(ask, [], lambda comment: comment)


def answers(site: Site, ask: Ask) -> Response:
    """``GET /inline-comments/{id}/children``."""
    thread = _comment(site, ask.number("id"))
    found = [entry for entry in site.comments.values() if entry.parent_id == thread.id]
    body = _wants_body(ask)
    return paged(ask, found, lambda comment: _answer_shape(site, comment, body=body))


def one(site: Site, ask: Ask) -> Response:
    """``GET /inline-comments/{comment-id}``."""
    return _shown(site, _comment(site, ask.number("id")), ask, body=_wants_body(ask))


def create(site: Site, ask: Ask) -> Response:
    """``POST /inline-comments``: a thread on a selection, or an answer to a thread."""
    sent = ask.record()
    text = site.stored(_text(sent))
    if sent.get("parentCommentId"):
        thread = _comment(site, whole(sent["parentCommentId"], "parentCommentId"))
        comment = _reply(site, thread, text)
    else:
        page = site.page(whole(sent.get("pageId", ""), "pageId"))
        comment = _thread(site, page, sent.get("inlineCommentProperties"), text)
    location = f"{ask.base}/api/v2/inline-comments/{comment.id}"
    return _shown(site, comment, ask, body=True, status=201, location=location)


def update(site: Site, ask: Ask) -> Response:
    """``PUT /inline-comments/{comment-id}``: other words, or resolved, or opened again."""
    comment, sent = _comment(site, ask.number("id")), ask.record()
    version = sent.get("version")
    number = whole(version.get("number", "") if isinstance(version, dict) else "", "version.number")
    if number != comment.revision.number + 1:
        raise Refusal(409, f"Current version is: {comment.revision.number}")
    if sent.get("body"):
        comment.text = site.stored(_text(sent))
    if isinstance(sent.get("resolved"), bool):
        comment.settled = "resolved" if sent["resolved"] else "reopened"
    comment.revision = Revision(number=number, at=site.stamp(), author=site.account)
    return _shown(site, comment, ask, body=True)


def delete(site: Site, ask: Ask) -> Response:
    """``DELETE /inline-comments/{comment-id}``; the marker stays in the body, as on Cloud."""
    comment = _comment(site, ask.number("id"))
    gone = [c.id for c in site.comments.values() if comment.id in {c.id, c.parent_id}]
    for number in gone:
        del site.comments[number]
    return Response(status_code=204)


def _comment(site: Site, number: int) -> Comment:
    comment = site.comments.get(number)
    if comment is None:
        raise Refusal(404)
    return comment


def _thread(site: Site, page: Page, where: object, text: str) -> Comment:
    if not isinstance(where, dict) or not isinstance(where.get("textSelection"), str):
        raise Refusal(400, "Required field 'inlineCommentProperties.textSelection' is missing")
    selection = where["textSelection"]
    index = whole(where.get("textSelectionMatchIndex", 0), "textSelectionMatchIndex")
    count = where.get("textSelectionMatchCount")
    found = occurrences(storage.parse(page.body), selection)
    if count is not None and whole(count, "textSelectionMatchCount") != found:
        raise Refusal(400, f"textSelectionMatchCount does not match: the text occurs {found} times")
    comment = humans.add_comment(
        site, page, selection=selection, text=text, index=index, by=site.account
    )
    if comment is None:
        raise Refusal(400, "The text selection was not found on the page")
    return comment


def _reply(site: Site, thread: Comment, text: str) -> Comment:
    first = Revision(number=1, at=site.stamp(), author=site.account)
    comment = Comment(
        id=site.new_id(), page_id=thread.page_id, text=text, selection=thread.selection,
        ref=thread.ref, revision=first, parent_id=thread.id,
    )  # fmt: skip
    site.comments[comment.id] = comment
    site.notify("comment", site.pages[thread.page_id], site.account)
    return comment


def _text(sent: dict[str, Any]) -> str:
    body = sent.get("body")
    inner = body.get("storage", body) if isinstance(body, dict) else None
    value = inner.get("value") if isinstance(inner, dict) else None
    if not isinstance(value, str):
        raise Refusal(400, "Required field 'body.value' is missing")
    return value


def _wants_body(ask: Ask) -> bool:
    return ask.query.get("body-format") == "storage"


def _answer_shape(site: Site, comment: Comment, *, body: bool) -> dict[str, Any]:
    """The document gives an answer no place of its own on the page."""
    shown = shapes.inline_comment(site, comment, body=body)
    return {
        name: value for name, value in shown.items() if name not in {"pageId", "resolutionStatus"}
    }


def _shown(
    site: Site, comment: Comment, ask: Ask, *, body: bool, status: int = 200, location: str = ""
) -> Response:
    shown = shapes.inline_comment(site, comment, body=body)
    shown["_links"] = {**shown["_links"], "base": ask.base}
    headers = {"Location": location} if location else {}
    return JSONResponse(shown, status_code=status, headers=headers)
