"""Records as v2 writes them."""

from collections.abc import Sequence
from typing import Any

from pmsync.sandbox.confluence.records import (
    Attachment,
    Comment,
    Label,
    Page,
    Property,
    Revision,
    Space,
)
from pmsync.sandbox.confluence.site import Site

Shape = dict[str, Any]
_FOLDED = 50


def version(revision: Revision) -> Shape:
    """A version without its content."""
    return {
        "number": revision.number,
        "message": revision.message,
        "minorEdit": revision.minor,
        "authorId": revision.author,
        "createdAt": revision.at,
    }


def space(entry: Space) -> Shape:
    """A space."""
    return {
        "id": str(entry.id), "key": entry.key, "name": entry.name, "type": "global",
        "status": "current", "authorId": entry.author, "createdAt": entry.created_at,
        "homepageId": str(entry.homepage_id), "currentActiveAlias": entry.key,
        "_links": {"webui": f"/spaces/{entry.key}"},
    }  # fmt: skip


def page(site: Site, entry: Page, *, revision: Revision | None = None) -> Shape:
    """A page without body and extras.

    Args:
        site: Where it stands.
        entry: The page.
        revision: An older version to show; None for the newest.
    """
    shown = revision or entry.revision
    key = site.spaces[entry.space_id].key
    webui = f"/spaces/{key}/pages/{entry.id}"
    above = {"parentId": str(entry.parent_id), "parentType": "page"} if entry.parent_id else {}
    historic = revision is not None and revision.number != entry.revision.number
    return {
        "id": str(entry.id),
        "status": "historical" if historic else entry.status,
        "title": shown.title if historic else entry.title,
        "spaceId": str(entry.space_id),
        **above,
        "position": entry.position,
        "authorId": entry.author,
        "ownerId": entry.owner,
        "lastOwnerId": None,
        "createdAt": entry.created_at,
        "version": version(shown),
        "_links": {"webui": webui, "editui": f"{webui}/edit", "tinyui": f"/x/{entry.id:x}"},
    }


def storage_body(value: str) -> Shape:
    """A body in storage format."""
    return {"storage": {"representation": "storage", "value": value}}


def prop(entry: Property) -> Shape:
    """A content property."""
    return {
        "id": str(entry.id),
        "key": entry.key,
        "value": entry.value,
        "version": version(entry.revision),
    }


def label(entry: Label) -> Shape:
    """A label."""
    return {"id": str(entry.id), "name": entry.name, "prefix": entry.prefix}


def attachment(site: Site, entry: Attachment) -> Shape:
    """An attachment with its newest file."""
    upload = entry.upload
    key = site.spaces[site.pages[entry.page_id].space_id].key
    download = f"/download/attachments/{entry.page_id}/{entry.title}?version={len(entry.uploads)}"
    webui = f"/spaces/{key}/pages/{entry.page_id}?preview=%2F{entry.page_id}%2F{entry.id}"
    return {
        "id": f"att{entry.id}",
        "status": entry.status,
        "title": entry.title,
        "createdAt": entry.uploads[0].revision.at,
        "pageId": str(entry.page_id),
        "mediaType": upload.media_type,
        "mediaTypeDescription": upload.media_type,
        "comment": upload.revision.message,
        "fileId": f"file-{entry.id}",
        "fileSize": len(upload.content),
        "webuiLink": webui,
        "downloadLink": download,
        "version": version(upload.revision),
        "_links": {"webui": webui, "download": download},
    }


def inline_comment(site: Site, entry: Comment, *, body: bool) -> Shape:
    """An inline comment; its thread's state is seen from the page's body."""
    where = site.pages[entry.page_id]
    key = site.spaces[where.space_id].key
    shown: Shape = {
        "id": str(entry.id),
        "status": "current",
        "title": f"Re: {where.title}",
        "pageId": str(entry.page_id),
        "version": version(entry.revision),
        "resolutionStatus": site.resolution(entry),
        "properties": {"inlineMarkerRef": entry.ref, "inlineOriginalSelection": entry.selection},
        "_links": {"webui": f"/spaces/{key}/pages/{where.id}?focusedCommentId={entry.id}"},
    }
    if entry.parent_id is not None:
        shown["parentCommentId"] = str(entry.parent_id)
    return {**shown, "body": storage_body(entry.text)} if body else shown


def folded(entries: Sequence[Shape], link: str) -> Shape:
    """A short list inside another answer, as ``include-labels`` gives it."""
    return {
        "results": list(entries[:_FOLDED]),
        "meta": {"hasMore": len(entries) > _FOLDED},
        "_links": {"self": link},
    }
