"""What people do in the browser, and what an observer sees.

Deeds (``do``), each with ``page``: an id, or a title that only one current page has:

- ``edit-page``: ``find`` and ``replace`` (text of the stored body), or ``append`` (storage format),
  or ``body`` (all of it). A new version.
- ``rename-page``: ``title``. A new version.
- ``comment``: ``text`` (what is selected on the page), ``comment`` (what is said), ``index`` (which
  occurrence, from 0). No new version; one mail.
- ``resolve-comment``: ``comment`` (id). No new version.
- ``tick``: ``task`` (the task's id, or a part of its text), ``done`` (default true). The body
  changes without a version and without a mail: an assumption, and the harder case for a publisher.
- ``archive-page``, ``trash-page``: the page's status. No new version.

``by`` is an account id; a person other than the API's account if left out.
"""

from collections.abc import Callable
from typing import Any

from lxml.etree import _Element

from pmsync.sandbox.confluence import storage
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Comment, Page, Revision
from pmsync.sandbox.confluence.seeding import READER
from pmsync.sandbox.confluence.site import Site
from pmsync.sandbox.confluence.storage.markers import mark
from pmsync.sandbox.confluence.storage.names import ac, child_named

Action = dict[str, Any]


def act(state: Site, action: Action) -> dict[str, Any]:
    """Do one deed; see the module's own text.

    Raises:
        ValueError: It cannot be done; says why.
    """
    deed = _DEEDS.get(str(action.get("do")))
    if deed is None:
        message = f"unknown deed {action.get('do')!r}: one of {', '.join(sorted(_DEEDS))}"
        raise ValueError(message)
    page = _page(state, action.get("page", action.get("title")))
    by = str(action.get("by") or READER)
    if by not in state.people:
        state.add_person(by, by)
    try:
        extra = deed(state, page, action, by)
    except Refusal as refusal:
        raise ValueError(refusal.title) from refusal
    return {"page": str(page.id), "version": page.revision.number, **extra}


def add_comment(
    state: Site, page: Page, *, selection: str, text: str, index: int, by: str
) -> Comment | None:
    """A new inline thread on a page; None if the selection does not occur that often."""
    root = storage.parse(page.body)
    ref = state.new_uuid()
    if not mark(root, selection, ref, index=index):
        return None
    page.body = storage.write(root)
    first = Revision(number=1, at=state.stamp(), author=by)
    comment = Comment(
        id=state.new_id(), page_id=page.id, text=text, selection=selection, ref=ref, revision=first
    )
    state.comments[comment.id] = comment
    state.notify("comment", page, by)
    return comment


def snapshot(state: Site) -> dict[str, Any]:
    """The site as plain JSON; see ``ConfluenceState.snapshot``."""
    return {
        "spaces": [
            {"id": str(s.id), "key": s.key, "name": s.name, "homepageId": str(s.homepage_id)}
            for s in state.spaces.values()
        ],
        "pages": [_shown(state, page) for page in state.pages.values()],
        "notifications": [
            {
                "kind": notice.kind, "page": str(notice.page_id), "title": notice.title,
                "version": notice.version, "by": notice.by, "at": notice.at,
                "minorEditAsked": notice.minor_asked,
            }
            for notice in state.notices
        ],
    }  # fmt: skip


def _shown(state: Site, page: Page) -> dict[str, Any]:
    return {
        "id": str(page.id),
        "title": page.title,
        "version": page.revision.number,
        "message": page.revision.message,
        "status": page.status,
        "spaceKey": state.spaces[page.space_id].key,
        "parentId": str(page.parent_id) if page.parent_id else None,
        "body": page.body,
        "comments": [_comment_shown(state, comment) for comment in state.comments_on(page)],
        "labels": [label.name for label in page.labels],
        "properties": {entry.key: entry.value for entry in page.properties.values()},
        "attachments": [file.title for file in state.files_on(page)],
    }


def _comment_shown(state: Site, comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.id),
        "text": comment.text,
        "selection": comment.selection,
        "ref": comment.ref,
        "status": state.resolution(comment),
        "by": comment.revision.author,
    }


def _page(state: Site, wanted: object) -> Page:
    text = str(wanted)
    if text.isdecimal() and int(text) in state.pages:
        return state.pages[int(text)]
    titled = [p for p in state.pages.values() if p.title == text and p.status == "current"]
    if len(titled) != 1:
        message = f"{len(titled)} current pages with the title or id {text!r}"
        raise ValueError(message)
    return titled[0]


def _edit(state: Site, page: Page, action: Action, by: str) -> dict[str, Any]:
    if "body" in action:
        body = str(action["body"])
    elif "append" in action:
        body = page.body + str(action["append"])
    else:
        find = str(action.get("find") or "")
        if not find or find not in page.body:
            message = f"the page does not hold {find!r}"
            raise ValueError(message)
        body = page.body.replace(find, str(action.get("replace") or ""), 1)
    message = str(action.get("message") or "")
    state.revise(page, title=page.title, body=state.stored(body), author=by, message=message)
    return {}


def _rename(state: Site, page: Page, action: Action, by: str) -> dict[str, Any]:
    # ``title`` names the new title here; the page is found by ``page``.
    title = state.checked_title(action.get("title"), page.space_id, keeper=page.id)
    state.revise(page, title=title, body=page.body, author=by)
    return {"title": title}


def _comment(state: Site, page: Page, action: Action, by: str) -> dict[str, Any]:
    said = f"<p>{_escaped(str(action.get('comment') or 'Is this right?'))}</p>"
    selection = str(action.get("text") or "")
    index = int(action.get("index") or 0)
    comment = add_comment(state, page, selection=selection, text=said, index=index, by=by)
    if comment is None:
        message = f"nobody can select {selection!r} (occurrence {index}) on that page"
        raise ValueError(message)
    return {"comment": str(comment.id), "ref": comment.ref}


def _resolve(state: Site, page: Page, action: Action, _by: str) -> dict[str, Any]:
    number = str(action.get("comment"))
    comment = state.comments.get(int(number)) if number.isdecimal() else None
    if comment is None or comment.page_id != page.id:
        message = f"no comment {number} on that page"
        raise ValueError(message)
    comment.settled = "resolved"
    return {"comment": number}


def _tick(_state: Site, page: Page, action: Action, _by: str) -> dict[str, Any]:
    wanted = str(action.get("task") or "")
    root = storage.parse(page.body)
    for task in root.iter(ac("task")):
        status = child_named(task, "ac:task-status")
        if status is not None and wanted and _is_task(task, wanted):
            status.text = "complete" if action.get("done", True) else "incomplete"
            page.body = storage.write(root)
            return {"task": wanted}
    message = f"no task {wanted!r} on that page"
    raise ValueError(message)


def _is_task(task: _Element, wanted: str) -> bool:
    number, body = child_named(task, "ac:task-id"), child_named(task, "ac:task-body")
    text = "".join(body.itertext()) if body is not None else ""
    return (number is not None and number.text == wanted) or wanted in text


def _archive(_state: Site, page: Page, _action: Action, _by: str) -> dict[str, Any]:
    page.status = "archived"
    return {}


def _trash(_state: Site, page: Page, _action: Action, _by: str) -> dict[str, Any]:
    page.status = "trashed"
    return {}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_DEEDS: dict[str, Callable[[Site, Page, Action, str], dict[str, Any]]] = {
    "edit-page": _edit,
    "rename-page": _rename,
    "comment": _comment,
    "resolve-comment": _resolve,
    "tick": _tick,
    "archive-page": _archive,
    "trash-page": _trash,
}
