"""``/_sandbox/``: what whoever watches from outside may see and do."""

import json
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pmsync.sandbox.clock import SiteClock
from pmsync.sandbox.confluence.state import ConfluenceState
from pmsync.sandbox.front import Front
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.people import DEEDS, act
from pmsync.sandbox.jira.state import JiraState


class Watched(Protocol):
    """A whole sandbox, as far as this module looks at it."""

    clock: SiteClock
    jira: JiraState
    confluence: ConfluenceState
    front: Front

    def reset(self) -> None:
        """Puts everything back to its beginning."""
        ...


def control_routes(site: Watched) -> list[BaseRoute]:
    """The control endpoints of a site; they ask for no account and stand in no log."""
    control = _Control(site)
    return [
        Route("/_sandbox/log", control.log, methods=["GET"]),
        Route("/_sandbox/state", control.state, methods=["GET"]),
        Route("/_sandbox/human", control.human, methods=["POST"]),
        Route("/_sandbox/reset", control.reset, methods=["POST"]),
    ]


class _Control:
    def __init__(self, site: Watched) -> None:
        self._site = site

    async def log(self, request: Request) -> Response:
        """Every request so far, one JSON object a line."""
        del request
        return Response(self._site.front.lines(), media_type="application/x-ndjson")

    async def state(self, request: Request) -> Response:
        """The order, the issues in short, and what Confluence holds."""
        del request
        return JSONResponse(snapshot(self._site))

    async def human(self, request: Request) -> Response:
        """Does one thing as a person, in Jira or in Confluence."""
        try:
            action = json.loads(await request.body())
        except ValueError:
            action = None
        if not isinstance(action, dict):
            return _refused(400, "The body must be a JSON object.")
        try:
            return JSONResponse(human(self._site, action))
        except JiraError as error:
            return _refused(error.status, *error.messages, *error.errors.values())
        except (ValueError, LookupError, TypeError) as error:
            return _refused(400, str(error))

    async def reset(self, request: Request) -> Response:
        """Puts the site back to its beginning."""
        del request
        self._site.reset()
        return JSONResponse({"now": self._site.clock.now().isoformat()})


def human(site: Watched, action: dict[str, Any]) -> dict[str, Any]:
    """Does one thing as a person; what Jira does not know is Confluence's.

    Raises:
        JiraError: It cannot be done in Jira.
        ValueError: It cannot be done in Confluence.
    """
    if action.get("do") in DEEDS:
        return act(site.jira, action)
    return dict(site.confluence.human(action))


def snapshot(site: Watched) -> dict[str, Any]:
    """What stands where: the rank order by key, issues in short, pages, mails."""
    state = site.jira
    with state.lock:
        order = [state.issues[each] for each in state.rank]
        found = {
            "now": state.clock.now().isoformat(),
            "rank": [issue.key for issue in order],
            "issues": [
                {
                    "id": issue.id,
                    "key": issue.key,
                    "summary": issue.fields.get("summary"),
                    "status": issue.named("status").get("name"),
                    "updated": issue.fields.get("updated"),
                    "restricted": bool(issue.fields.get("security")),
                }
                for issue in order
            ],
            "jira_notifications": state.notifications,
        }
    return {**found, **site.confluence.snapshot()}


def _refused(status: int, *reasons: str) -> Response:
    return JSONResponse({"error": " ".join(reasons)}, status)
