"""One issue: reading, editing, its history."""

from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.jira.editing import edits
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.rendering import render
from pmsync.sandbox.jira.selection import select
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import answer, body_of, flag, nothing, only, page

_HISTORIES = 100


class Issues:
    """Endpoints about one issue."""

    def __init__(self, state: JiraState) -> None:
        self._state = state

    async def get(self, request: Request) -> Response:
        """An issue."""
        selection = select(request.query_params.getlist("fields"), default="*all")
        expand = request.query_params.get("expand", "").split(",")
        histories = _HISTORIES if "changelog" in expand else 0
        with self._state.lock:
            issue = self._state.get(request.path_params["issue"])
            version = request.path_params["version"]
            return answer(
                render(self._state, issue, selection, version=version, histories=histories)
            )

    async def put(self, request: Request) -> Response:
        """Edits an issue: all of it, or nothing and an error for every field that is wrong."""
        body = await body_of(request)
        only(body, ("fields", "update", "historyMetadata", "properties", "transition"))
        version = request.path_params["version"]
        mail = flag(request, "notifyUsers", default=True)
        state = self._state
        with state.lock:
            issue = state.get(request.path_params["issue"])
            if not state.catalogue.may("EDIT_ISSUES", issue.project):
                message = "You do not have permission to edit issues in this project."
                raise JiraError(403, message)
            changes = edits(state, issue, body, version=version)
            state.change(issue, changes, author=state.account, mail=mail)
            if flag(request, "returnIssue", default=False):
                return answer(render(state, issue, select(None, default="*all"), version=version))
        return nothing()

    async def changelog(self, request: Request) -> Response:
        """An issue's histories, oldest first."""
        with self._state.lock:
            issue = self._state.get(request.path_params["issue"])
            found = page(request, issue.changelog, limit=_HISTORIES, default=_HISTORIES)
        return answer(found)
