"""A real HTTP server that misbehaves as told, and remembers what reached it."""

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Any, Self, cast

from typing_extensions import override

Body = bytes | str | Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Exchange:
    """One request, and the wire to answer it on."""

    seen: Seen
    wire: socket.socket
    server: "FaultServer"

    def apply(self) -> None:
        """Let the request take effect."""
        self.server.applied.append(self.seen)

    def send(self, *parts: bytes) -> None:
        """Write raw bytes; the client may be gone."""
        try:
            self.wire.sendall(b"".join(parts))
        except OSError:
            return

    def reset(self) -> None:
        """Close with a reset instead of an orderly end."""
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wire.close()


Behaviour = Callable[[Exchange], None]


def answer(status: int = 200, body: Body = "{}", **headers: str) -> Behaviour:
    """Take effect if the status says so, and answer; header names are written with underscores."""

    def act(exchange: Exchange) -> None:
        if status < 300:
            exchange.apply()
        raw = body if isinstance(body, bytes) else _text(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **named}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        start = f"HTTP/1.1 {status} Status\r\nConnection: close\r\n{head}\r\n"
        exchange.send(start.encode(), b"" if status == 204 else raw)

    return act


def _text(body: str | Mapping[str, object]) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def reset(*, applied: bool = False) -> Behaviour:
    """Break the connection, before or after the request took effect."""

    def act(exchange: Exchange) -> None:
        if applied:
            exchange.apply()
        exchange.reset()

    return act


def hang(*, applied: bool = False) -> Behaviour:
    """Say nothing until the server is closed."""

    def act(exchange: Exchange) -> None:
        if applied:
            exchange.apply()
        exchange.server.closing.wait(30)

    return act


def truncated(*, announced: bool) -> Behaviour:
    """Take effect, and break off in the middle of the answer."""

    def act(exchange: Exchange) -> None:
        exchange.apply()
        length = "Content-Length: 1000\r\n" if announced else ""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{length}Connection: close"
        exchange.send(head.encode(), b'\r\n\r\n{"issues": [{"id"')

    return act


def bad_record(*, after: bytes = b"") -> Behaviour:
    """Take effect, send *after*, and then what is no TLS record of this connection."""

    def act(exchange: Exchange) -> None:
        exchange.apply()
        exchange.send(after)
        # Past the TLS layer, straight onto the wire.
        socket.socket.sendall(exchange.wire, b"\x17\x03\x03\x00\x20" + bytes(32))

    return act


@dataclass(slots=True)
class FaultServer:
    """Answers with the planned behaviours in turn, then always with the last one's successor.

    Attributes:
        plan: What to do with the next requests; when it is used up, ``otherwise``.
        seen: Every request that arrived, whatever became of it.
        applied: Those that took effect.
        tls: Speaks TLS with this; plain http without.
        greet: Called with each new connection before anything is read; closes it if it says so.
        connections: How many were made.
    """

    plan: deque[Behaviour] = field(default_factory=deque)
    otherwise: Behaviour = field(default_factory=answer)
    seen: list[Seen] = field(default_factory=list)
    applied: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None
    greet: Callable[[socket.socket], bool] | None = None
    connections: int = 0
    _tcp: "_Tcp" = field(init=False)

    def __enter__(self) -> Self:
        self._tcp = _Tcp(self)
        threading.Thread(target=self._tcp.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._tcp.shutdown()
        self._tcp.server_close()

    @property
    def url(self) -> str:
        """The server's address."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._tcp.server_address[1]}"

    def behave(self, *plan: Behaviour) -> None:
        """Plan the answers to the next requests."""
        self.plan.extend(plan)


class _Tcp(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self, faults: FaultServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults = faults

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        wire, client = super().get_request()
        self.faults.connections += 1
        if self.faults.tls is None:
            return wire, client
        # The handshake comes with the first read, in the connection's own thread.
        secured = self.faults.tls.wrap_socket(wire, server_side=True, do_handshake_on_connect=False)
        return secured, client


class _Handler(StreamRequestHandler):
    @override
    def handle(self) -> None:
        faults = cast("_Tcp", self.server).faults
        try:
            closed = faults.greet is not None and faults.greet(self.connection)
            request = [] if closed else self.rfile.readline().decode("latin-1").split()
        except OSError:  # the client broke off, or did not trust us
            return
        if not request:
            return
        headers: dict[str, str] = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(": ")
            headers[name.title()] = value
        body = self.rfile.read(int(headers.get("Content-Length", "0")))
        path, _, query = request[1].partition("?")
        seen = Seen(method=request[0], path=path, query=query, headers=headers, body=body)
        faults.seen.append(seen)
        behaviour = faults.plan.popleft() if faults.plan else faults.otherwise
        behaviour(Exchange(seen, self.connection, faults))

    @override
    def finish(self) -> None:
        try:
            super().finish()
        except OSError:  # reset by ourselves
            return
