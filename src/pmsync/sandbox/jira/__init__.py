"""The Jira half of the sandbox: Jira Cloud, its platform API and Jira Software's rank."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pmsync.sandbox.jira.endpoints.issues import Issues
from pmsync.sandbox.jira.endpoints.projects import Projects
from pmsync.sandbox.jira.endpoints.ranking import Ranking
from pmsync.sandbox.jira.endpoints.search import Search
from pmsync.sandbox.jira.endpoints.whole_site import WholeSite
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import Endpoint, answer, jira_words

_VERSIONS = (2, 3)


def routes(state: JiraState) -> list[BaseRoute]:
    """Every path of Jira, with its v2 twin."""
    found: list[BaseRoute] = [
        _route("PUT", "/rest/agile/1.0/issue/rank", Ranking(state).rank),
    ]
    search = Search(state)
    for version in _VERSIONS:
        found += [
            _versioned(version, method, path, endpoint)
            for method, path, endpoint in _platform(state, search)
        ]
    return found


def _platform(state: JiraState, search: Search) -> list[tuple[str, str, Endpoint]]:
    site, projects, issues = WholeSite(state), Projects(state), Issues(state)
    return [
        ("GET", "serverInfo", site.server_info),
        ("GET", "myself", site.myself),
        ("GET", "mypermissions", site.my_permissions),
        ("GET", "field", site.fields),
        ("GET", "issuetype", site.issue_types),
        ("GET", "issueLinkType", site.link_types),
        ("GET", "status", site.statuses),
        ("GET", "priority", site.priorities),
        ("GET", "resolution", site.resolutions),
        ("GET", "project/search", projects.search),
        ("GET", "project/{project}", projects.one),
        ("GET", "project/{project}/version", projects.version_page),
        ("GET", "project/{project}/versions", projects.versions),
        ("GET", "project/{project}/statuses", projects.statuses),
        ("GET", "project/{project}/securitylevel", projects.security_levels),
        ("POST", "search/jql", search.post),
        ("GET", "search/jql", search.get),
        ("POST", "search/approximate-count", search.count),
        ("POST", "jql/parse", search.parse),
        ("GET", "search", search.removed),
        ("POST", "search", search.removed),
        ("POST", "issue/bulkfetch", search.bulk_fetch),
        ("GET", "issue/{issue}", issues.get),
        ("PUT", "issue/{issue}", issues.put),
        ("GET", "issue/{issue}/changelog", issues.changelog),
    ]


def _versioned(version: int, method: str, path: str, endpoint: Endpoint) -> Route:
    async def of_version(request: Request) -> Response:
        request.path_params["version"] = version
        return await endpoint(request)

    return _route(method, f"/rest/api/{version}/{path}", of_version)


def _route(method: str, path: str, endpoint: Callable[[Request], object]) -> Route:
    return Route(path, jira_words(endpoint), methods=[method])  # type: ignore[arg-type]  # all are coroutines


async def unknown_path(request: Request) -> Response:
    """The answer to a path that Jira does not have."""
    message = f"null for uri: {request.url}"
    return answer({"message": message, "status-code": 404}, 404)
