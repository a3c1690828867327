"""Jira Software's rank: one global order, 50 issues a call."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.jira.errors import JiraError, bad_payload
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.selection import strings
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import answer, body_of, nothing, only
from pmsync.sandbox.seed import Record

_LIMIT = 50
_UNKNOWN = "Issue does not exist or you do not have permission to see it."
_NOT_ALLOWED = "You do not have permission to rank this issue. Schedule Issues is required."


class Ranking:
    """The rank endpoint."""

    def __init__(self, state: JiraState) -> None:
        self._state = state

    async def rank(self, request: Request) -> Response:
        """Puts issues directly before or after another one, in the order listed."""
        body = await body_of(request)
        names, anchor, before = _read(body)
        state = self._state
        with state.lock:
            self._check_field(body.get("rankCustomFieldId"))
            fixed = state.find(anchor)
            if fixed is None:
                raise JiraError(400, _UNKNOWN)
            entries, allowed = self._sorted_out(names)
            if fixed in allowed:
                message = "An issue cannot be ranked relative to itself."
                raise JiraError(400, message)
            if not allowed and all(entry["status"] == 403 for entry in entries):  # noqa: PLR2004
                raise JiraError(403, _NOT_ALLOWED)
            request.scope["applied"] = bool(allowed)
            if allowed:
                place = {"before": fixed} if before else {"after": fixed}
                state.move(allowed, author=state.account, **place)
        if all(entry["status"] == 200 for entry in entries):  # noqa: PLR2004
            return nothing()
        return answer({"entries": entries}, 207)

    def _check_field(self, number: object) -> None:
        if number is None:
            return
        if f"customfield_{number}" != self._state.catalogue.rank_field:
            message = f"The custom field with id '{number}' is not a rank field."
            raise JiraError(400, message)

    def _sorted_out(self, names: list[str]) -> tuple[list[Record], list[StoredIssue]]:
        """An entry for every name, and the issues that may be ranked."""
        entries, allowed = [], []
        for name in dict.fromkeys(names):
            issue = self._state.find(name)
            status, message = self._refusal(issue)
            entry: Record = {"issueKey": issue.key if issue else name, "status": status}
            if issue:
                entry["issueId"] = issue.number
            if message:
                entry["errors"] = [message]
            elif issue and issue not in allowed:
                allowed.append(issue)
            entries.append(entry)
        return entries, allowed

    def _refusal(self, issue: StoredIssue | None) -> tuple[int, str]:
        if issue is None:
            return 404, _UNKNOWN
        if not self._state.catalogue.may("SCHEDULE_ISSUES", issue.project):
            return 403, _NOT_ALLOWED
        return self._state.rank_faults.pop(issue.id, (200, ""))


def _read(body: dict[str, Any]) -> tuple[list[str], str, bool]:
    only(body, ("issues", "rankBeforeIssue", "rankAfterIssue", "rankCustomFieldId"))
    names = list(strings(body.get("issues")) or ())
    if not names:
        message = "At least one issue must be given."
        raise JiraError(400, message)
    if len(names) > _LIMIT:
        message = f"The number of issues to rank exceeds the limit of {_LIMIT}."
        raise JiraError(400, message)
    before, after = body.get("rankBeforeIssue"), body.get("rankAfterIssue")
    if (before is None) == (after is None):
        message = "Exactly one of rankBeforeIssue and rankAfterIssue must be given."
        raise JiraError(400, message)
    anchor = after if before is None else before
    if not isinstance(anchor, str):
        raise bad_payload()
    return names, anchor, before is not None
