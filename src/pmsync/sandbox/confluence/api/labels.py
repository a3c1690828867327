"""Labels, written: v2 has no call for that, so v1's is used."""

from typing import Any

from starlette.responses import JSONResponse, Response

from pmsync.sandbox.confluence.api.frame import Ask
from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Label, Page
from pmsync.sandbox.confluence.site import Site

_FORBIDDEN = frozenset(" !#&()*,.:;<>?@[]^")
_PREFIXES = frozenset({"global", "my", "team"})
_MAX_NAME = 255


def add(site: Site, ask: Ask) -> Response:
    """``POST /content/{id}/label``: one label or a list; those that are there already are kept."""
    page = site.page(ask.number("id"))
    sent = ask.body()
    for label in [_checked(entry) for entry in (sent if isinstance(sent, list) else [sent])]:
        if not any((own.prefix, own.name) == label for own in page.labels):
            prefix, name = label
            page.labels.append(Label(id=site.new_id(), prefix=prefix, name=name))
    return JSONResponse(_listed(page, ask))


def remove_by_query(site: Site, ask: Ask) -> Response:
    """``DELETE /content/{id}/label?name=``."""
    return _remove(site.page(ask.number("id")), ask.query.get("name", ""))


def remove(site: Site, ask: Ask) -> Response:
    """``DELETE /content/{id}/label/{label}``."""
    return _remove(site.page(ask.number("id")), str(ask.parts["label"]))


def _remove(page: Page, name: str) -> Response:
    kept = [label for label in page.labels if label.name != name.lower()]
    if len(kept) == len(page.labels):
        raise Refusal(404)
    page.labels[:] = kept
    return Response(status_code=204)


def _checked(entry: object) -> tuple[str, str]:
    if not isinstance(entry, dict):
        raise Refusal(400, "A label must be an object with prefix and name")
    prefix, name = entry.get("prefix"), entry.get("name")
    if prefix not in _PREFIXES:
        raise Refusal(400, f"Invalid label prefix: {prefix}")
    if not isinstance(name, str) or not name or len(name) > _MAX_NAME or _FORBIDDEN & set(name):
        raise Refusal(400, f"Invalid label name: {name}")
    return prefix, name.lower()


def _listed(page: Page, ask: Ask) -> dict[str, Any]:
    results = [
        {"prefix": label.prefix, "name": label.name, "id": str(label.id), "label": label.name}
        for label in page.labels
    ]
    return {
        "results": results, "start": 0, "limit": 200, "size": len(results),
        "_links": {"base": ask.base, "context": "/wiki"},
    }  # fmt: skip
