"""Finding and fetching issues: search/jql, approximate-count, jql/parse, issue/bulkfetch."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.jira.cursors import Cursor, Cursors
from pmsync.sandbox.jira.errors import JiraError, bad_payload
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.jql.evaluate import check, search
from pmsync.sandbox.jira.jql.syntax import JqlError
from pmsync.sandbox.jira.rendering import render
from pmsync.sandbox.jira.selection import Selection, select, strings
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import answer, body_of, joined, only, whole_number

_DEFAULT_PAGE = 50
_RECONCILED = 50
_FETCHED = 100
_HISTORIES = 40
_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full "
    "migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
_SEARCH_BODY = (
    "jql",
    "fields",
    "maxResults",
    "nextPageToken",
    "expand",
    "properties",
    "fieldsByKeys",
    "reconcileIssues",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    jql: str
    selection: Selection
    limit: int
    token: str | None
    expand: frozenset[str]


class Search:
    """Endpoints that find and fetch issues."""

    def __init__(self, state: JiraState) -> None:
        self._state = state
        self._cursors = Cursors()

    async def post(self, request: Request) -> Response:
        """One page of a search."""
        body = await body_of(request)
        only(body, _SEARCH_BODY)
        return self._page(request, _asked(body))

    async def get(self, request: Request) -> Response:
        """One page of a search, asked for in the address."""
        query = request.query_params
        body: dict[str, Any] = {
            "jql": query.get("jql"),
            "fields": query.getlist("fields") or None,
            "maxResults": whole_number(request, "maxResults", _DEFAULT_PAGE),
            "nextPageToken": query.get("nextPageToken"),
            "expand": query.get("expand"),
            "reconcileIssues": [_number(text) for text in query.getlist("reconcileIssues")],
        }
        return self._page(request, _asked(body))

    def _page(self, request: Request, asked: _Asked) -> Response:
        state = self._state
        with state.lock:
            number, cursor, start = self._cursor(asked)
            shown = cursor.ids[start : start + asked.limit]
            found = (state.find(each) for each in shown)
            version = request.path_params["version"]
            histories = _HISTORIES if "changelog" in asked.expand else 0
            issues = joined(
                render(state, issue, asked.selection, version=version, histories=histories)
                for issue in found
                if issue is not None
            )
            names = self._names(asked) if asked.expand & {"names", "schema"} else b""
        if start + len(shown) >= len(cursor.ids):
            return answer(b'{"isLast":true,"issues":' + issues + names + b"}")
        token = self._cursors.token(number, start + len(shown))
        head = b'{"isLast":false,"nextPageToken":"' + token.encode() + b'","issues":'
        return answer(head + issues + names + b"}")

    def _cursor(self, asked: _Asked) -> tuple[int, Cursor, int]:
        if asked.token is not None:
            return self._cursors.find(asked.token, asked.jql)
        found = tuple(issue.id for issue in _found(self._state, asked.jql))
        cursor = Cursor(jql=asked.jql, ids=found)
        return self._cursors.open(cursor), cursor, 0

    def _names(self, asked: _Asked) -> bytes:
        wanted = [
            record
            for field_id, record in self._state.catalogue.fields.items()
            if asked.selection.wants(field_id)
        ]
        parts = b""
        if "names" in asked.expand:
            parts += b',"names":' + bytes(answer({e["id"]: e["name"] for e in wanted}).body)
        if "schema" in asked.expand:
            shown = {each["id"]: each["schema"] for each in wanted if "schema" in each}
            parts += b',"schema":' + bytes(answer(shown).body)
        return parts

    async def count(self, request: Request) -> Response:
        """How many issues a query finds, roughly (here: exactly)."""
        body = await body_of(request)
        only(body, ("jql",))
        with self._state.lock:
            return answer({"count": len(_found(self._state, _jql(body)))})

    async def parse(self, request: Request) -> Response:
        """What is wrong with some queries."""
        body = await body_of(request)
        queries = strings(body.get("queries")) or []
        strict = request.query_params.get("validation", "strict") != "none"
        with self._state.lock:
            return answer({"queries": [self._parsed(each, strict=strict) for each in queries]})

    def _parsed(self, jql: str, *, strict: bool) -> dict[str, Any]:
        try:
            check(self._state, jql)
        except JqlError as error:
            if strict or error.message.startswith("Error in the JQL"):
                return {"query": jql, "errors": [error.message]}
        return {"query": jql}

    async def bulk_fetch(self, request: Request) -> Response:
        """Up to 100 issues by id or key, in the order of their ids; missing ones are left out."""
        body = await body_of(request)
        only(body, ("issueIdsOrKeys", "fields", "expand", "fieldsByKeys", "properties"))
        wanted = strings(body.get("issueIdsOrKeys"))
        if not wanted:
            raise bad_payload()
        if len(wanted) > _FETCHED:
            message = f"The number of issues requested exceeds the limit of {_FETCHED}."
            raise JiraError(400, message)
        selection = select(strings(body.get("fields")), default="*navigable")
        histories = _HISTORIES if "changelog" in (strings(body.get("expand")) or ()) else 0
        version = request.path_params["version"]
        state = self._state
        with state.lock:
            found = {issue.id: issue for issue in map(state.find, wanted) if issue is not None}
            issues: list[StoredIssue] = sorted(found.values(), key=lambda issue: issue.number)
            shown = joined(
                render(state, issue, selection, version=version, histories=histories)
                for issue in issues
            )
        return answer(b'{"issues":' + shown + b',"issueErrors":[]}')

    async def removed(self, request: Request) -> Response:
        """The search of old, which Cloud has taken away."""
        del request
        raise JiraError(410, _REMOVED)


def _found(state: JiraState, jql: str) -> list[StoredIssue]:
    try:
        return search(state, jql)
    except JqlError as error:
        raise JiraError(400, error.message) from error


def _jql(body: dict[str, Any]) -> str:
    jql = body.get("jql") or ""
    if not isinstance(jql, str):
        raise bad_payload()
    return jql


def _asked(body: dict[str, Any]) -> _Asked:
    limit = body.get("maxResults", _DEFAULT_PAGE)
    token, expand = body.get("nextPageToken"), body.get("expand")
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise bad_payload()
    if not isinstance(token, str | None) or not isinstance(expand, str | None):
        raise bad_payload()
    _check_reconciled(body.get("reconcileIssues"))
    selection = select(strings(body.get("fields")), default="id")
    return _Asked(
        jql=_jql(body),
        selection=selection,
        limit=max(1, min(limit, selection.page_limit)),
        token=token,
        expand=frozenset((expand or "").split(",")),
    )


def _check_reconciled(ids: object) -> None:
    if ids is None:
        return
    if not isinstance(ids, list) or not all(type(each) is int for each in ids):
        raise bad_payload()
    if len(ids) > _RECONCILED:
        message = f"The number of issues to reconcile exceeds the limit of {_RECONCILED}."
        raise JiraError(400, message)


def _number(text: str) -> int:
    if not text.isdigit():
        raise bad_payload()
    return int(text)
