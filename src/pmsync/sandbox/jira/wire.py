"""How requests and answers look on the wire, the same for every endpoint of Jira."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.jira.errors import JiraError, bad_payload

_JSON = "application/json;charset=UTF-8"
_ENCODER = msgspec.json.Encoder()


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer; bytes are JSON already."""
    content = body if isinstance(body, bytes) else _ENCODER.encode(body)
    return Response(content, status, media_type=_JSON)


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(status_code=status)


def refusal(error: JiraError) -> Response:
    """A refusal in Jira's shape."""
    return answer(error.body(), error.status)


def joined(parts: Iterable[bytes]) -> bytes:
    """JSON values as a JSON array."""
    return b"[" + b",".join(parts) + b"]"


async def body_of(request: Request) -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        JiraError: It is no JSON object (400).
    """
    try:
        found = json.loads(await request.body())
    except ValueError as error:
        raise bad_payload() from error
    if not isinstance(found, dict):
        raise bad_payload()
    return found


def only(body: dict[str, Any], names: Iterable[str]) -> None:
    """Refuses a body that has other properties than *names* (400)."""
    if body.keys() - set(names):
        raise bad_payload()


def whole_number(request: Request, name: str, default: int) -> int:
    """A query parameter that is a number.

    Raises:
        JiraError: It is something else (400).
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.lstrip("-").isdigit():
        message = f'For input string: "{text}"'
        raise JiraError(400, message)
    return int(text)


def flag(request: Request, name: str, *, default: bool) -> bool:
    """A query parameter that is true or false."""
    return request.query_params.get(name, str(default)).lower() == "true"


def page(request: Request, values: list[Any], *, limit: int, default: int = 50) -> dict[str, Any]:
    """A page of *values* by ``startAt`` and ``maxResults``, at most *limit* long."""
    start = max(0, whole_number(request, "startAt", 0))
    size = max(0, min(limit, whole_number(request, "maxResults", default)))
    shown = values[start : start + size]
    found: dict[str, Any] = {
        "self": str(request.url),
        "maxResults": size,
        "startAt": start,
        "total": len(values),
        "isLast": start + len(shown) >= len(values),
        "values": shown,
    }
    if not found["isLast"]:
        found["nextPage"] = str(request.url.include_query_params(startAt=start + size))
    return found


Endpoint = Callable[[Request], Awaitable[Response]]


def jira_words(endpoint: Endpoint) -> Endpoint:
    """Turns a :class:`JiraError` of an endpoint into its answer."""

    async def worded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except JiraError as error:
            return refusal(error)

    return worded
