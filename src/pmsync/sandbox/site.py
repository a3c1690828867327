"""One sandbox: a Jira, a Confluence and a clock, from one seed; resettable."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from pmsync.sandbox import jira
from pmsync.sandbox.browse import browse_routes, issue_card
from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.confluence import routes as confluence_routes
from pmsync.sandbox.confluence.state import ConfluenceState
from pmsync.sandbox.control import control_routes
from pmsync.sandbox.front import Front
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.seed import Record, Seed

if TYPE_CHECKING:
    from starlette.types import ASGIApp

EMAIL = "pmsync@acme.example"
ACCOUNT: Record = {
    "accountId": "5f0c1a2b3c4d5e6f70819203",
    "displayName": "pmsync",
    "emailAddress": EMAIL,
    "active": True,
    "timeZone": "Etc/UTC",
}


class Site:
    """A Jira and a Confluence that one account works on.

    Attributes:
        clock: The time of both halves.
        jira, confluence: The halves, new after every reset.
        front: The ASGI application to serve.
    """

    clock: SiteClock
    jira: JiraState
    confluence: ConfluenceState

    def __init__(self, seed: Seed, *, token: str, latency_ms: float = 0) -> None:
        self._seed = seed
        self._base_url = ""
        self._app: ASGIApp
        self.account = dict(ACCOUNT)
        self.front = Front(inner=lambda: self._app, email=EMAIL, token=token, latency_ms=latency_ms)
        self.reset()

    @property
    def base_url(self) -> str:
        """Where Jira is served; Confluence is below it at ``/wiki``."""
        return self._base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._base_url = url
        self.jira.base_url = url
        self.jira.forget_all()

    def reset(self) -> None:
        """Puts everything back to the seed, the log included."""
        self.clock = SiteClock(self._seed.now)
        self.jira = JiraState(self._seed, self.clock, self.account)
        self.jira.base_url = self._base_url
        self.confluence = ConfluenceState(self.clock.now, self.account)
        self.confluence.issue_lookup = issue_card(self.jira)
        self.front.log.clear()
        self._app = Starlette(routes=self._routes())

    def _routes(self) -> list[BaseRoute]:
        return [
            *control_routes(self),
            *jira.routes(self.jira),
            *confluence_routes(self.confluence),
            *browse_routes(self.jira),
            Route("/{path:path}", jira.unknown_path, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
