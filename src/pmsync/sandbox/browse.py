"""An issue as a reader meets it: the page behind a link, and the card inside a Confluence page."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from pmsync.sandbox.confluence.records import IssueCard
from pmsync.sandbox.jira.documents import plain
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.state import JiraState

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}
small{{color:#5e6c84}}pre{{white-space:pre-wrap;font:inherit}}</style>
"""
_ISSUE = """<small>{kind} · {key} · {status}</small><h1>{summary}</h1><pre>{text}</pre></html>
"""
_ROW = """<li><a href="/browse/{key}">{key}</a> {summary} <small>{kind} · {status}</small></li>
"""


def issue_card(state: JiraState) -> Callable[[str], IssueCard | None]:
    """What a reader of Confluence sees of an issue; restricted ones are not there for them."""

    def card(key: str) -> IssueCard | None:
        with state.lock:
            issue = state.find(key)
        if issue is None or issue.fields.get("security"):
            return None
        status = issue.named("status")
        return IssueCard(
            summary=str(issue.fields.get("summary") or ""),
            status=str(status.get("name", "")),
            category=str((status.get("statusCategory") or {}).get("key", "new")),
        )

    return card


def browse_routes(state: JiraState) -> list[BaseRoute]:
    """The pages that a person opens in a browser."""

    async def browse(request: Request) -> Response:
        with state.lock:
            issue = state.find(request.path_params["key"])
        if issue is None or issue.fields.get("security"):
            return HTMLResponse("<h1>No such issue, or none for you to see</h1>", 404)
        if issue.key != request.path_params["key"]:
            return RedirectResponse(f"/browse/{issue.key}")
        text = issue.fields.get("description") or ""
        shown = escape(text if isinstance(text, str) else plain(text))
        head = _HEAD.format(title=escape(issue.key))
        return HTMLResponse(head + _ISSUE.format(text=shown, **_short(issue)))

    async def backlog(request: Request) -> Response:
        del request
        with state.lock:
            issues = [state.issues[each] for each in state.rank]
        rows = (_ROW.format(**_short(each)) for each in issues if not each.fields.get("security"))
        head = _HEAD.format(title="Issues in rank order") + "<h1>Issues in rank order</h1><ol>"
        return HTMLResponse(head + "".join(rows) + "</ol></html>")

    return [Route("/", backlog, methods=["GET"]), Route("/browse/{key}", browse, methods=["GET"])]


def _short(issue: StoredIssue) -> dict[str, str]:
    return {
        "key": escape(issue.key),
        "summary": escape(str(issue.fields.get("summary") or "")),
        "kind": escape(str(issue.named("issuetype").get("name", ""))),
        "status": escape(str(issue.named("status").get("name", ""))),
    }
