"""Serves a sandbox over real HTTP, on loopback only."""

import json
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from pmsync.sandbox.control import human, snapshot
from pmsync.sandbox.load import load as load_files
from pmsync.sandbox.product import generate
from pmsync.sandbox.seed import Seed
from pmsync.sandbox.site import EMAIL, Site

_HOST = "127.0.0.1"
_BACKLOG = 128
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a sandbox is, and what to say at its door."""

    jira: str
    confluence: str
    account: str
    token: str

    def line(self) -> str:
        """The one line of JSON that tells a client all it needs."""
        return json.dumps(
            {
                "jira": self.jira,
                "confluence": self.confluence,
                "account": self.account,
                "token": self.token,
            }
        )


class Sandbox:
    """A sandbox that serves from a thread of its own until it is closed.

    Attributes:
        site: Its content, to look at and to change under ``site.jira.lock``.
        address: Where it is.
    """

    def __init__(self, site: Site, listening: socket.socket) -> None:
        self.site = site
        self._socket = listening
        self.address = _address(site, listening)
        self._server = _server(site)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        """Begins to serve; the socket listens already, so no request is lost."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops serving and waits until the thread has ended."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(_PATIENCE)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def human(self, action: dict[str, Any]) -> dict[str, Any]:
        """Does one thing as a person; see ``/_sandbox/human``."""
        return human(self.site, action)

    def snapshot(self) -> dict[str, Any]:
        """What stands where; see ``/_sandbox/state``."""
        return snapshot(self.site)

    @property
    def log(self) -> list[dict[str, Any]]:
        """Every request so far, oldest first."""
        return list(self.site.front.log)


def start_in_thread(
    seed: Seed | None = None,
    *,
    port: int = 0,
    latency_ms: float = 0,
    random_seed: int = 1,
    token: str = "",
) -> Sandbox:
    """Starts a sandbox beside the caller; close it, or use it as a context manager.

    Args:
        seed: What it holds; None for the generated product.
        port: 0 for any free one.
        latency_ms: How long every answer waits.
        random_seed: Of the generated product.
        token: What the account must say; empty for the sandbox's usual one.
    """
    content = generate(random_seed) if seed is None else seed
    site = Site(content, token=token or _usual_token(), latency_ms=latency_ms)
    return Sandbox(site, _listen(port)).start()


def serve(
    *,
    port: int = 8700,
    load: Sequence[Path] = (),
    latency_ms: float = 0,
    seed: int = 1,
) -> None:
    """Serves until interrupted; prints the address as one line of JSON when it listens.

    Args:
        port: 0 for any free one.
        load: Search pages of a Jira to serve instead of the generated product.
        latency_ms: How long every answer waits.
        seed: Of the generated product.

    Raises:
        OSError: The port is taken.
        pmsync.sandbox.load.InputError: A file cannot be used.
    """
    content = load_files(load) if load else generate(seed)
    site = Site(content, token=_usual_token(), latency_ms=latency_ms)
    with _listen(port) as listening:
        sys.stdout.write(_address(site, listening).line() + "\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):  # uvicorn has shut down by then and raises it again
            _server(site).run(sockets=[listening])


def _usual_token() -> str:
    """No secret: the sandbox is on loopback and its token is printed when it starts."""
    return "sandbox-token"


def _listen(port: int) -> socket.socket:
    # The protocol is named, else asyncio leaves Nagle's algorithm on: 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
    except OSError:
        listening.close()
        raise
    listening.listen(_BACKLOG)
    return listening


def _address(site: Site, listening: socket.socket) -> Address:
    site.base_url = f"http://{_HOST}:{listening.getsockname()[1]}"
    return Address(
        jira=site.base_url,
        confluence=f"{site.base_url}/wiki",
        account=EMAIL,
        token=site.front.token,
    )


def _server(site: Site) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            site.front,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
    )
