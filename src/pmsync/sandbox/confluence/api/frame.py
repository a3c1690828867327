"""What every endpoint needs: the request as values, paging, and refusals as answers."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pmsync.sandbox.confluence.errors import Refusal, answer
from pmsync.sandbox.confluence.site import Site

T = TypeVar("T")
MAX_LIMIT = 250
DEFAULT_LIMIT = 25
_MAX_DIGITS = 18  # of a 64-bit number, whatever its digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request, read.

    Attributes:
        base: The wiki's address as the client called it, without a slash at the end.
        parts: The values in the path.
    """

    path: str
    base: str
    parts: dict[str, Any]
    query: QueryParams
    headers: Headers
    content: bytes

    def number(self, part: str) -> int:
        """An id in the path.

        Raises:
            Refusal: 400 if it is no number.
        """
        return _whole(str(self.parts[part]), part)

    def listed(self, name: str) -> list[str]:
        """A query parameter's values, however they are listed: repeated or with commas."""
        return [v for text in self.query.getlist(name) for v in text.split(",") if v]

    def numbers(self, name: str) -> list[int]:
        """The same, as ids."""
        return [_whole(value, name) for value in self.listed(name)]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean query parameter."""
        return self.query.get(name, str(default)).lower() == "true"

    def limit(self) -> int:
        """How many results a page of the list may have."""
        limit = _whole(self.query.get("limit", str(DEFAULT_LIMIT)), "limit")
        if not 1 <= limit <= MAX_LIMIT:
            message = f"Provided value {{{limit}}} for 'limit' must be from 1 to {MAX_LIMIT}"
            raise Refusal(400, message)
        return limit

    def body(self) -> Any:
        """The request's JSON.

        Raises:
            Refusal: 400 if it is none.
        """
        try:
            body = json.loads(self.content)
            if b"\\ud" in self.content.lower():  # half a character cannot be sent back
                json.dumps(body, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "Unable to parse request body as JSON") from error
        return body

    def record(self) -> dict[str, Any]:
        """The request's JSON object.

        Raises:
            Refusal: 400 if it is something else.
        """
        body = self.body()
        if not isinstance(body, dict):
            raise Refusal(400, "Request body must be a JSON object")
        return body


Endpoint = Callable[[Site, Ask], Response]


def route(site: Site, path: str, **methods: Endpoint) -> Route:
    """One path with a function for each HTTP method; a refusal becomes that API's answer."""

    async def endpoint(request: Request) -> Response:
        ask = Ask(
            path=request.url.path,
            base=f"{request.url.scheme}://{request.url.netloc}/wiki",
            parts=dict(request.path_params),
            query=request.query_params,
            headers=request.headers,
            content=await request.body(),
        )
        method = "GET" if request.method == "HEAD" else request.method
        with site.lock:
            try:
                return methods[method](site, ask)
            except Refusal as refusal:
                return answer(refusal, ask.path)

    return Route(path, endpoint, methods=list(methods))


def paged(ask: Ask, items: Sequence[T], shape: Callable[[T], dict[str, Any]]) -> Response:
    """A v2 list: one page of the items, and where the next one is.

    The place of the next page stands in ``_links.next`` and in the ``Link`` header.
    """
    start, limit = _start(ask), ask.limit()
    links = {"base": ask.base}
    headers = [f'<{ask.base}>; rel="base"']
    if start + limit < len(items):
        links["next"] = _next(ask, start + limit)
        headers.insert(0, f'<{links["next"]}>; rel="next"')
    results = [shape(item) for item in items[start : start + limit]]
    body = {"results": results, "_links": links}
    return JSONResponse(body, headers={"Link": ", ".join(headers)})


def whole(value: object, name: str) -> int:
    """A number in a request's body, sent as a number or as text.

    Raises:
        Refusal: 400 if it is none.
    """
    if isinstance(value, bool):
        raise Refusal(400, f"Provided value {{{value}}} for '{name}' is not a number")
    return _whole(str(value), name)


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        message = (
            f"Provided value {{{text}}} for '{name}' is not the correct type. Expected type is long"
        )
        raise Refusal(400, message)
    return int(text)


def _next(ask: Ask, start: int) -> str:
    cursor = base64.urlsafe_b64encode(json.dumps({"start": start}).encode()).decode()
    pairs = [(name, value) for name, value in ask.query.multi_items() if name != "cursor"]
    return f"{ask.path}?{urlencode([*pairs, ('cursor', cursor)])}"


def _start(ask: Ask) -> int:
    cursor = ask.query.get("cursor")
    if not cursor:
        return 0
    try:
        start = json.loads(base64.urlsafe_b64decode(cursor))["start"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise Refusal(400, "Provided cursor is not valid") from error
    return whole(start, "cursor")
