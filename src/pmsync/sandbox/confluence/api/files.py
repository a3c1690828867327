"""Attachments: read with v2, written with v1, fetched from the download address."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from pmsync.sandbox.confluence.api import shapes
from pmsync.sandbox.confluence.api.frame import Ask, paged, whole
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Attachment, Page, Revision, Upload
from pmsync.sandbox.confluence.site import Site

_FORBIDDEN_IN_NAME = re.compile(r'[\\/:"?*|<>\x00-\x1f]')
_DRAWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"})
# What somebody uploaded runs nowhere, even if it is opened on its own.
_LOCKED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    name: str
    filename: str | None
    media_type: str
    content: bytes


def on_page(site: Site, ask: Ask) -> Response:
    """``GET /pages/{id}/attachments``, by file name and media type."""
    page = site.page(ask.number("id"))
    names, kinds = ask.query.getlist("filename"), ask.listed("mediaType")
    found = [
        file
        for file in site.files_on(page)
        if (not names or file.title in names) and (not kinds or file.upload.media_type in kinds)
    ]
    return paged(ask, found, lambda file: shapes.attachment(site, file))


def one(site: Site, ask: Ask) -> Response:
    """``GET /attachments/{id}``."""
    shown = shapes.attachment(site, _file(site, str(ask.parts["id"])))
    return JSONResponse({**shown, "_links": {**shown["_links"], "base": ask.base}})


def delete(site: Site, ask: Ask) -> Response:
    """``DELETE /attachments/{id}``: to the trash."""
    _file(site, str(ask.parts["id"])).status = "trashed"
    return Response(status_code=204)


def create(site: Site, ask: Ask) -> Response:
    """v1 ``POST …/child/attachment``: 400 if the page has a file of that name."""
    return _store(site, ask, replace=False)


def create_or_update(site: Site, ask: Ask) -> Response:
    """v1 ``PUT …/child/attachment``: a new file, or a new version of the one of that name."""
    return _store(site, ask, replace=True)


def new_content(site: Site, ask: Ask) -> Response:
    """v1 ``POST …/child/attachment/{attachmentId}/data``."""
    page = site.page(ask.number("id"))
    file = _file(site, str(ask.parts["attachment_id"]))
    if file.page_id != page.id:
        raise Refusal(404)
    refused = _xsrf(ask)
    if refused is not None:
        return refused
    parts = _multipart(ask)
    _add_upload(site, page, file, _sent_file(parts), parts)
    return JSONResponse(_v1_shape(site, file, ask))


def download(site: Site, ask: Ask) -> Response:
    """v1 ``GET …/download``: sends on to the file's own address."""
    file = _file(site, str(ask.parts["attachment_id"]))
    if file.page_id != ask.number("id"):
        raise Refusal(404)
    return RedirectResponse(f"/wiki/download/attachments/{file.page_id}/{quote(file.title)}", 302)


def content(site: Site, ask: Ask) -> Response:
    """The file itself, a version of it if asked."""
    page = site.page(ask.number("id"))
    wanted = str(ask.parts["filename"])
    file = next((entry for entry in site.files_on(page) if entry.title == wanted), None)
    if file is None:
        raise Refusal(404)
    number = whole(ask.query.get("version", str(len(file.uploads))), "version")
    if not 1 <= number <= len(file.uploads):
        raise Refusal(404)
    upload = file.uploads[number - 1]
    how = "inline" if upload.media_type in _DRAWN else "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(file.title)}"
    headers = {**_LOCKED, "Content-Disposition": disposition}
    return Response(upload.content, media_type=upload.media_type, headers=headers)


def _store(site: Site, ask: Ask, *, replace: bool) -> Response:
    page = site.page(ask.number("id"))
    refused = _xsrf(ask)
    if refused is not None:
        return refused
    parts = _multipart(ask)
    part = _sent_file(parts)
    name = part.filename or ""
    file = next((entry for entry in site.files_on(page) if entry.title == name), None)
    if file is None:
        file = Attachment(id=site.new_id(), page_id=page.id, title=name, uploads=[])
        site.attachments[file.id] = file
    elif not replace:
        message = (
            f"Cannot add a new attachment with same file name as an existing attachment: {name}"
        )
        raise Refusal(400, message)
    _add_upload(site, page, file, part, parts)
    results = [_v1_shape(site, file, ask)]
    links = {"base": ask.base, "context": "/wiki"}
    return JSONResponse({"results": results, "start": 0, "limit": 1, "size": 1, "_links": links})


def _add_upload(
    site: Site, page: Page, file: Attachment, part: _Part, parts: dict[str, _Part]
) -> None:
    minor = _field(parts, "minorEdit") == "true"
    revision = Revision(
        number=len(file.uploads) + 1, at=site.stamp(), author=site.account,
        message=_field(parts, "comment"), minor=minor,
    )  # fmt: skip
    upload = Upload(revision=revision, content=part.content, media_type=part.media_type)
    file.uploads.append(upload)
    if not minor:
        site.notify("attachment", page, site.account)


def _xsrf(ask: Ask) -> Response | None:
    """v1's answer to a file without the header that a browser's form cannot send."""
    if ask.headers.get("X-Atlassian-Token", "") in {"nocheck", "no-check"}:
        return None
    return PlainTextResponse("XSRF check failed", 403)


def _sent_file(parts: dict[str, _Part]) -> _Part:
    part = parts.get("file")
    if part is None or not part.filename:
        raise Refusal(400, "At least one file must be sent")
    if _FORBIDDEN_IN_NAME.search(part.filename):
        raise Refusal(400, "The file name holds characters that are not allowed")
    return part


def _field(parts: dict[str, _Part], name: str) -> str:
    part = parts.get(name)
    return part.content.decode("utf-8", "replace") if part else ""


def _multipart(ask: Ask) -> dict[str, _Part]:
    found = re.search(
        r'multipart/form-data;.*boundary="?([^";]+)', ask.headers.get("content-type", "")
    )
    if found is None:
        raise Refusal(415, "Unsupported Media Type")
    chunks = (b"\r\n" + ask.content).split(b"\r\n--" + found[1].encode("latin-1"))
    parts = [_part(chunk) for chunk in chunks[1:] if not chunk.startswith(b"--")]
    return {part.name: part for part in parts}


def _part(chunk: bytes) -> _Part:
    head, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = dict(_header(line) for line in head.decode("utf-8", "replace").split("\r\n"))
    described = lines.get("content-disposition", "")
    name = re.search(r'[; ]name="([^"]*)"', described)
    filename = re.search(r'filename="([^"]*)"', described)
    return _Part(
        name=name[1] if name else "",
        filename=filename[1] if filename else None,
        media_type=lines.get("content-type", "application/octet-stream"),
        content=content,
    )


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _file(site: Site, text: str) -> Attachment:
    number = text.removeprefix("att")
    file = site.attachments.get(int(number)) if number.isdecimal() else None
    if file is None or file.status != "current":
        raise Refusal(404)
    return file


def _v1_shape(site: Site, file: Attachment, ask: Ask) -> dict[str, Any]:
    upload, page = file.upload, site.pages[file.page_id]
    return {
        "id": f"att{file.id}",
        "type": "attachment",
        "status": "current",
        "title": file.title,
        "version": {
            "number": upload.revision.number,
            "when": upload.revision.at,
            "message": upload.revision.message,
            "minorEdit": upload.revision.minor,
        },
        "extensions": {
            "mediaType": upload.media_type,
            "fileSize": len(upload.content),
            "comment": upload.revision.message,
        },
        "metadata": {"mediaType": upload.media_type},
        "_links": {
            "self": f"{ask.base}/rest/api/content/att{file.id}",
            "webui": f"/spaces/{site.spaces[page.space_id].key}/pages/{page.id}",
            "download": f"/download/attachments/{page.id}/{quote(file.title)}",
        },
    }
