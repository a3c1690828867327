"""The sandbox's Confluence Cloud: its APIs and the page as a reader sees it."""

from starlette.routing import BaseRoute, Route

from pmsync.sandbox.confluence import reading
from pmsync.sandbox.confluence.api import (
    comments,
    files,
    finding,
    labels,
    pages,
    properties,
    spaces,
    tree,
)
from pmsync.sandbox.confluence.api.frame import Endpoint
from pmsync.sandbox.confluence.api.frame import route as _route
from pmsync.sandbox.confluence.state import ConfluenceState

__all__ = ["routes"]

_V2: dict[str, dict[str, Endpoint]] = {
    "spaces": {"GET": spaces.listing},
    "spaces/{id}": {"GET": spaces.one},
    "spaces/{id}/pages": {"GET": spaces.pages},
    "pages": {"GET": pages.listing, "POST": pages.create},
    "pages/{id}": {"GET": pages.one, "PUT": pages.update, "DELETE": pages.delete},
    "pages/{id}/title": {"PUT": pages.rename},
    "pages/{id}/direct-children": {"GET": tree.children},
    "pages/{id}/descendants": {"GET": tree.descendants},
    "pages/{id}/ancestors": {"GET": tree.ancestors},
    "pages/{id}/labels": {"GET": tree.labels},
    "pages/{id}/versions": {"GET": tree.versions},
    "pages/{page_id}/versions/{number}": {"GET": tree.version},
    "pages/{page_id}/properties": {"GET": properties.listing, "POST": properties.create},
    "pages/{page_id}/properties/{property_id}": {
        "GET": properties.one,
        "PUT": properties.update,
        "DELETE": properties.delete,
    },
    "pages/{id}/attachments": {"GET": files.on_page},
    "attachments/{id}": {"GET": files.one, "DELETE": files.delete},
    "pages/{id}/inline-comments": {"GET": comments.on_page},
    "pages/{id}/footer-comments": {"GET": comments.footer},
    "inline-comments": {"POST": comments.create},
    "inline-comments/{id}": {
        "GET": comments.one,
        "PUT": comments.update,
        "DELETE": comments.delete,
    },
    "inline-comments/{id}/children": {"GET": comments.answers},
}
_EVERY = ("GET", "POST", "PUT", "DELETE")
_V1: dict[str, dict[str, Endpoint]] = {
    "user/current": {"GET": finding.me},
    "content/search": {"GET": finding.content_search},
    "content/{id}/label": {"POST": labels.add, "DELETE": labels.remove_by_query},
    "content/{id}/label/{label}": {"DELETE": labels.remove},
    "content/{id}/child/attachment": {"PUT": files.create_or_update, "POST": files.create},
    "content/{id}/child/attachment/{attachment_id}/data": {"POST": files.new_content},
    "content/{id}/child/attachment/{attachment_id}/download": {"GET": files.download},
    "content": dict.fromkeys(_EVERY, finding.gone),
    "content/{id}": dict.fromkeys(_EVERY, finding.gone),
}

_READERS: dict[str, dict[str, Endpoint]] = {
    "{key}": {"GET": reading.space},
    "{key}/overview": {"GET": reading.space},
    "{key}/pages/{id}": {"GET": reading.page},
    "{key}/pages/{id}/{slug:path}": {"GET": reading.page},
}


def routes(state: ConfluenceState) -> list[BaseRoute]:
    """Everything below ``/wiki``, the readers' view included.

    Args:
        state: The site that all of it speaks of.
    """
    table = {f"/wiki/api/v2/{path}": methods for path, methods in _V2.items()}
    table |= {f"/wiki/rest/api/{path}": methods for path, methods in _V1.items()}
    table |= {f"/wiki/spaces/{path}": methods for path, methods in _READERS.items()}
    table["/wiki/download/attachments/{id}/{filename}"] = {"GET": files.content}
    for rest in ("/wiki/api/v2/{rest:path}", "/wiki/rest/api/{rest:path}"):
        table[rest] = dict.fromkeys(_EVERY, finding.nothing)
    made: list[Route] = [_route(state, path, **methods) for path, methods in table.items()]
    return list(made)
