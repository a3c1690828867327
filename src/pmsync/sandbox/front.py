"""The front door of both halves: who may come in, how long it takes, what is written down."""

import asyncio
import base64
import binascii
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LogLine = dict[str, Any]

_OWN = "/_sandbox/"
_GUARDED = ("/rest/", "/wiki/rest/", "/wiki/api/")
_ANONYMOUS = frozenset({"/rest/api/2/serverInfo", "/rest/api/3/serverInfo"})
_READS = ("GET", "HEAD", "OPTIONS")
_READING_POSTS = ("/search/jql", "/search/approximate-count", "/jql/parse", "/issue/bulkfetch")
_REFUSED = {
    "errorMessages": ["Client must be authenticated to access this resource."],
    "errors": {},
}


@dataclass(slots=True, kw_only=True)
class Front:
    """An ASGI application around the site's own one.

    Attributes:
        inner: Finds the site's application; asked for each request, since a reset makes a new one.
        email, token: What basic authentication must say.
        latency_ms: How long every answer waits; may be changed while serving.
        log: A line a request, in the order the answers began.
    """

    inner: Callable[[], ASGIApp]
    email: str
    token: str
    latency_ms: float = 0
    log: list[LogLine] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN):
            await self.inner()(scope, receive, send)
            return
        seen = _Seen(scope, receive, send, self.log)
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        if self._may_enter(Request(scope)):
            await self.inner()(scope, seen.receive, seen.send)
        else:
            await _refuse(scope, seen)

    def _may_enter(self, request: Request) -> bool:
        path = request.url.path
        if not path.startswith(_GUARDED) or path in _ANONYMOUS:
            return True
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(given, f"{self.email}:{self.token}".encode())

    def lines(self) -> bytes:
        """The log as JSON, one object a line."""
        return b"".join(json.dumps(line).encode() + b"\n" for line in list(self.log))


async def _refuse(scope: Scope, seen: "_Seen") -> None:
    while (await seen.receive()).get("more_body"):
        pass
    answer = Response(
        json.dumps(_REFUSED),
        401,
        headers={
            "WWW-Authenticate": 'Basic realm="sandbox"',
            "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
        },
        media_type="application/json;charset=UTF-8",
    )
    await answer(scope, seen.receive, seen.send)


class _Seen:
    """Watches one request go by and writes it down when its answer begins."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, log: list[LogLine]) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._log = log
        self._digest = sha256()
        self._empty = True

    async def receive(self) -> Message:
        message = await self._receive()
        if body := message.get("body"):
            self._digest.update(body)
            self._empty = False
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._log.append(self._line(message["status"]))
        await self._send(message)

    def _line(self, status: int) -> LogLine:
        return {
            "method": self._scope["method"],
            "path": self._scope["path"],
            "query": self._scope["query_string"].decode("latin-1"),
            "status": status,
            "body_sha256": None if self._empty else self._digest.hexdigest(),
            "applied": _applied(self._scope, status),
        }


def _applied(scope: Scope, status: int) -> bool:
    """Whether the request changed the site; endpoints that know better say so in the scope."""
    if scope["method"] in _READS or status >= 300:  # noqa: PLR2004  # the first status that refuses
        return False
    if scope["path"].endswith(_READING_POSTS):
        return False
    return bool(scope.get("applied", True))
