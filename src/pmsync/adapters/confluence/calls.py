"""Sends the calls of the endpoint table through ``atlassian`` and decodes what comes back.

The library is a transport only: its own page methods do not work on Cloud, and its retries are
off. Time-outs, retries, the write gate and the errors are the guarded session's.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
from requests import Response

from pmsync.adapters.confluence.answers import Listing
from pmsync.core.errors import UnexpectedAnswerError
from pmsync.transport.answers import place
from pmsync.transport.endpoints import ENDPOINTS

if TYPE_CHECKING:
    from atlassian.rest_client import AtlassianRestAPI

_TABLE: Final = {each.name: each for each in ENDPOINTS if each.product == "confluence"}
_CURE: Final = "check the wiki's address; if it is right, report this with the answer"

Answer = TypeVar("Answer")
Query = Mapping[str, str | int | list[str]]


class Calls:
    """Calls by their name in the endpoint table.

    Args:
        client: Made by :func:`pmsync.transport.rest_client.rest_client`.
    """

    def __init__(self, client: "AtlassianRestAPI") -> None:
        self._client = client

    def ask(
        self,
        kind: type[Answer],
        name: str,
        *parts: str,
        query: Query | None = None,
        send: object = None,
    ) -> Answer:
        """Make one call and return its answer.

        Args:
            kind: What the answer must look like.
            name: The endpoint's.
            parts: Values of its path's placeholders.
            query: Lists are sent as repeated parameters.
            send: The body, as JSON-able values; None for none.

        Raises:
            RemoteError: There was no proper answer.
        """
        response = self._sent(name, parts, query, send)
        return _decoded(kind, response, writes=_TABLE[name].writes)

    def listed(
        self, kind: type[Answer], name: str, *parts: str, query: Query | None = None
    ) -> Iterator[Answer]:
        """Yield all items of a list, fetching page after page, as large as the table allows.

        Raises:
            UnexpectedAnswerError: The same page came twice: the list would never end, or would
                lack what should have come.
            RemoteError: There was no proper answer.
        """
        asked: dict[str, str | int | list[str]] = {"limit": _TABLE[name].limit or 1}
        asked |= query or {}
        seen: set[str] = set()
        while True:
            response = self._sent(name, parts, asked, None)
            # mypy cannot see that a class made from a type argument is one.
            page: Listing[Answer] = _decoded(Listing[kind], response)  # type: ignore[valid-type]
            yield from page.results
            cursor = _cursor(page.links.next or response.links.get("next", {}).get("url"), response)
            if cursor is None:
                return
            if cursor in seen:
                what = "the site sent the same page of a list twice"
                raise _unexpected(what, response)
            seen.add(cursor)
            asked["cursor"] = cursor

    def _sent(self, name: str, parts: tuple[str, ...], query: Query | None, send: Any) -> Response:
        endpoint = _TABLE[name]
        return self._client.request(
            method=endpoint.method,
            path=_filled(endpoint.path, parts),
            params=dict(query) if query else None,
            json=send,
            advanced_mode=True,
            allow_redirects=False,
        )


def _filled(path: str, parts: tuple[str, ...]) -> str:
    """Put *parts* into the placeholders of *path*, in order."""
    left = iter(parts)
    pieces = (
        quote(next(left), safe="") if piece.startswith("{") else piece for piece in path.split("/")
    )
    return "/".join(pieces)


def _decoded(kind: type[Answer], response: Response, *, writes: bool = False) -> Answer:
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.MsgspecError, UnicodeError) as error:
        what = f"the site's answer is not what its documents promise: {error}"
        raise _unexpected(what, response, applied=None if writes else False) from error


def _cursor(url: str | None, response: Response) -> str | None:
    """Return the cursor in the address of a list's next page; None without a next page."""
    if not url:
        return None
    found = parse_qs(urlsplit(url).query).get("cursor")
    if not found:
        what = "the site points to a next page without naming its cursor"
        raise _unexpected(what, response)
    return found[0]


def _unexpected(
    what: str, response: Response, *, applied: bool | None = False
) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(
        what,
        status=response.status_code,
        method=response.request.method or "",
        url=place(response.request),
        applied=applied,
        cure=_CURE,
    )
