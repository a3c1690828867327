"""A sandbox Confluence on a loopback port; its client holds every answer to the documents."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import specs
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from pmsync.sandbox.confluence import routes
from pmsync.sandbox.confluence.state import ConfluenceState

# Answers that the official documents leave out: method, path, status -> why all the same.
UNDOCUMENTED: tuple[tuple[str, str, int, str], ...] = (
    ("PUT", r"/wiki/api/v2/pages/\d+", 409, "a wrong version number; v1 documented it"),
    ("PUT", r"/wiki/api/v2/pages/\d+", 413, "the 5 MB limit that POST documents"),
    ("PUT", r"/wiki/api/v2/pages/\d+/properties/\d+", 409, "a wrong version number"),
    ("POST", r"/wiki/api/v2/pages/\d+/properties", 409, "the key exists; v1 documented it"),
    ("PUT", r"/wiki/api/v2/inline-comments/\d+", 409, "a wrong version number"),
    ("PUT", r"/wiki/rest/api/content/\d+/child/attachment", 415, "no multipart body"),
    ("PUT", r"/wiki/rest/api/content/\d+/child/attachment", 400, "what POST documents"),
    ("GET", r"/wiki/rest/api/content/\d+", 410, "v1 pages are gone (veryfront-code#1787)"),
    ("POST", r"/wiki/rest/api/content", 410, "v1 pages are gone (veryfront-code#1787)"),
)
ACCOUNT = {"accountId": "bot", "displayName": "pmsync bot", "emailAddress": "bot@example.test"}
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """A clock that goes on by a second each time it is read."""

    at: datetime = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class Swap:
    """An application that hands on to another, so that one server lasts for many tests."""

    def __init__(self) -> None:
        self.app: ASGIApp = Starlette()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The address at which an application answers."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@dataclass(slots=True, kw_only=True)
class Wiki:
    """A client of one fresh site.

    Attributes:
        faults: What the official documents say against the answers so far.
    """

    address: str
    state: ConfluenceState
    session: requests.Session
    faults: list[str] = field(default_factory=list)

    @classmethod
    def fresh(cls, swap: Swap, address: str, session: requests.Session) -> "Wiki":
        """A site as it is right after the start."""
        state = ConfluenceState(Clock(), ACCOUNT)
        swap.app = Starlette(routes=routes(state))
        return cls(address=address, state=state, session=session)

    def send(self, method: str, path: str, **parts: Any) -> requests.Response:
        """A request as it is; its answer is held to the documents."""
        answer = self.session.request(
            method, self.address + path, timeout=20, allow_redirects=False, **parts
        )
        if specs.available() and "/api/" in path:
            self.faults += _faults(method, path.partition("?")[0], answer)
        return answer

    def call(self, method: str, path: str, status: int = 200, **parts: Any) -> Any:
        """The answer's JSON, whose status must be the one that is expected."""
        answer = self.send(method, f"/wiki/api/v2{path}", **parts)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, status: int, **parts: Any) -> str:
        """What v2 says when it refuses."""
        return str(self.call(method, path, status, **parts)["errors"][0]["title"])

    def space(self, key: str = "PROD") -> dict[str, Any]:
        """A space by its key."""
        found: dict[str, Any] = self.call("GET", f"/spaces?keys={key}")["results"][0]
        return found

    def create(self, title: str, body: str = "<p>x</p>", **more: Any) -> dict[str, Any]:
        """A new page in PROD."""
        made: dict[str, Any] = self.call("POST", "/pages", json=self.new(title, body, **more))
        return made

    def new(self, title: str, body: str = "<p>x</p>", **more: Any) -> dict[str, Any]:
        """The body of a request that creates a page."""
        return {
            "spaceId": self.space()["id"],
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": body},
            **more,
        }

    def change(self, page: dict[str, Any], body: str, **more: Any) -> dict[str, Any]:
        """The body of a request that writes the page's next version."""
        return {
            "id": page["id"],
            "status": "current",
            "title": page["title"],
            "body": {"representation": "storage", "value": body},
            "version": {"number": page["version"]["number"] + 1},
            **more,
        }

    def body(self, page_id: str) -> str:
        """A page's stored body."""
        found = self.call("GET", f"/pages/{page_id}?body-format=storage")
        return str(found["body"]["storage"]["value"])

    def read(self, page_id: str, key: str = "PROD") -> str:
        """The page as a reader's browser gets it."""
        answer = self.send("GET", f"/wiki/spaces/{key}/pages/{page_id}")
        assert answer.status_code == 200
        return answer.text


def _faults(method: str, path: str, answer: requests.Response) -> list[str]:
    for verb, pattern, status, _why in UNDOCUMENTED:
        if (verb, status) == (method, answer.status_code) and re.fullmatch(pattern, path):
            return []
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    body = answer.content or None
    found: list[str] = specs.response_errors(
        method, path, answer.status_code, body, content_type=kind
    )
    return found
