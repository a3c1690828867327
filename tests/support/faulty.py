"""A lossy line between pmsync and the sandbox: one write call meets one fault."""

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override

READING_POSTS = ("/search/jql", "/issue/bulkfetch", "/jql/parse")
RANK = "/rest/agile/1.0/issue/rank"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the client gets to see."""

    status: int
    headers: Headers = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class Call:
    """One write call on its way.

    Attributes:
        pass_on: Sends it (with another body, if one is given) and returns the site's answer.
    """

    method: str
    path: str
    body: bytes
    pass_on: Callable[[bytes | None], Answer]


class Lost(Exception):  # noqa: N818 - not an error: an event on the line
    """The connection breaks."""


class Silent(Exception):  # noqa: N818
    """No answer comes until the client has given up."""


Fault = Callable[[Call], Answer]


@dataclass(slots=True, kw_only=True)
class Seen:
    """A write call that came by."""

    method: str
    path: str
    body: bytes
    faulty: bool

    def same_as(self, other: "Seen") -> bool:
        """Whether the two ask for the very same."""
        return (self.method, self.path, self.body) == (other.method, other.path, other.body)


@dataclass(slots=True)
class Line:
    """The line to the sandbox.

    Attributes:
        fault: What happens to the write calls that *at* chooses.
        at: Numbers of write calls, the first one being 1.
        writes: The write calls so far.
    """

    upstream: str
    fault: Fault | None = None
    at: frozenset[int] = frozenset()
    writes: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, call: Call) -> Answer:
        """Carry one write call, faultily if it is its turn."""
        with self.lock:
            faulty = self.fault is not None and len(self.writes) + 1 in self.at
            self.writes.append(
                Seen(method=call.method, path=call.path, body=call.body, faulty=faulty)
            )
        if faulty and self.fault:
            return self.fault(call)
        return call.pass_on(None)

    def mend(self) -> None:
        """Let everything pass from now on."""
        self.fault = None


@contextmanager
def line_to(upstream: str) -> Iterator[tuple[Line, str]]:
    """Give a line to *upstream* and the address at which it can be called."""
    line = Line(upstream)

    class Handler(_Carrier):
        carries = line

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield line, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


class _Carrier(BaseHTTPRequestHandler):
    carries: Line
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(self._pass_on("GET", b""))

    def do_POST(self) -> None:
        self._carry("POST")

    def do_PUT(self) -> None:
        self._carry("PUT")

    def _carry(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.partition("?")[0].endswith(READING_POSTS):
            self._answer(self._pass_on(method, body))
            return
        call = Call(
            method=method,
            path=self.path,
            body=body,
            pass_on=lambda other: self._pass_on(method, body if other is None else other),
        )
        try:
            self._answer(self.carries.carry(call))
        except Lost:
            self._reset()
        except Silent:
            self._wait_for_the_end()

    def _pass_on(self, method: str, body: bytes) -> Answer:
        target = urlsplit(self.carries.upstream)
        connection = http.client.HTTPConnection(target.hostname or "", target.port)
        headers = {name: text for name, text in self.headers.items() if name.lower() != "host"}
        headers["Content-Length"] = str(len(body))
        try:
            connection.request(method, self.path, body=body or None, headers=headers)
            got = connection.getresponse()
            kept = {
                name: text
                for name, text in got.getheaders()
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}
            }
            return Answer(status=got.status, headers=kept, body=got.read())
        finally:
            connection.close()

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, text in answer.headers.items():
            self.send_header(name, text)
        if answer.status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _reset(self) -> None:
        # Closing with a linger of 0 seconds sends RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _wait_for_the_end(self) -> None:
        self.connection.settimeout(20)
        with suppress(OSError):
            self.connection.recv(1)
        self.close_connection = True

    @override
    def finish(self) -> None:
        with suppress(OSError):  # the connection may be gone already
            super().finish()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def status(code: int, message: str = "no", **headers: str) -> Fault:
    """A refusal without any effect."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    body = json.dumps({"errorMessages": [message], "errors": {}, "message": message}).encode()
    shown = Answer(status=code, headers={"Content-Type": "application/json", **named}, body=body)

    def refuse(call: Call) -> Answer:
        return shown

    return refuse


def refused_entries(call: Call) -> Answer:
    """Jira ranks all issues of a call but the first; alone, it is refused altogether."""
    if not call.path.startswith(RANK):
        return call.pass_on(None)
    asked = json.loads(call.body)
    first, *others = asked["issues"]
    refusal = {"issueId": int(first), "status": 503, "errors": ["Please try again later."]}
    entries = [refusal, *({"issueId": int(issue), "status": 200} for issue in others)]
    if others:
        done = call.pass_on(json.dumps({**asked, "issues": others}).encode())
        assert done.status == http.HTTPStatus.NO_CONTENT, done
    body = json.dumps({"entries": entries}).encode()
    return Answer(status=207, headers={"Content-Type": "application/json"}, body=body)


def reset_before(call: Call) -> Answer:
    """The connection breaks, and the site has seen nothing."""
    raise Lost


def reset_after(call: Call) -> Answer:
    """The site does it, and the connection breaks before it can say so."""
    call.pass_on(None)
    raise Lost


def silent_before(call: Call) -> Answer:
    """No answer in time, and no effect."""
    raise Silent


def silent_after(call: Call) -> Answer:
    """No answer in time, but it was done."""
    call.pass_on(None)
    raise Silent


def failed_before(call: Call) -> Answer:
    """500, and nothing was done."""
    return status(500, "internal error")(call)


def failed_after(call: Call) -> Answer:
    """500, although it was done."""
    call.pass_on(None)
    return status(500, "internal error")(call)
