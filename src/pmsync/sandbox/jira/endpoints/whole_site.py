"""The site as a whole: what answers, who asks, what they may do, and the shared lists."""

from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.clock import written
from pmsync.sandbox.jira.catalogue import GLOBAL_PERMISSIONS, PROJECT_PERMISSIONS
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import answer
from pmsync.sandbox.seed import Record

_FIELD_KEYS = (
    "id",
    "key",
    "name",
    "custom",
    "orderable",
    "navigable",
    "searchable",
    "clauseNames",
    "scope",
    "schema",
)


class WholeSite:
    """Endpoints that belong to no project and no issue."""

    def __init__(self, state: JiraState) -> None:
        self._state = state

    async def server_info(self, request: Request) -> Response:
        """What answers; needs no account."""
        del request
        return answer(
            {
                "baseUrl": self._state.base_url,
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "deploymentType": "Cloud",
                "buildNumber": 100290,
                "buildDate": "2026-11-02T00:00:00.000+0000",
                "serverTime": written(self._state.clock.now()),
                "scmInfo": "sandbox",
                "serverTitle": "Sandbox",
            }
        )

    async def myself(self, request: Request) -> Response:
        """The account that asks."""
        account = self._state.account
        address = f"{request.base_url}rest/api/3/user?accountId={account['accountId']}"
        return answer({"self": address, "accountType": "atlassian", "locale": "en_US", **account})

    async def my_permissions(self, request: Request) -> Response:
        """Which of the permissions asked for the account has, in a project or anywhere."""
        asked = [each for each in request.query_params.get("permissions", "").split(",") if each]
        if not asked:
            message = "The 'permissions' query parameter is required."
            raise JiraError(400, message)
        unknown = [each for each in asked if each not in PROJECT_PERMISSIONS + GLOBAL_PERMISSIONS]
        if unknown:
            raise JiraError(400, [f"Unrecognized permission: {each}" for each in unknown])
        project = self._project_asked(request)
        return answer({"permissions": {each: self._permission(each, project) for each in asked}})

    def _project_asked(self, request: Request) -> str | None:
        query = request.query_params
        if issue := query.get("issueKey") or query.get("issueId"):
            return self._state.get(issue).project
        if named := query.get("projectKey") or query.get("projectId"):
            return str(self._state.catalogue.project(named)["key"])
        return None

    def _permission(self, name: str, project: str | None) -> Record:
        catalogue = self._state.catalogue
        is_global = name in GLOBAL_PERMISSIONS
        if is_global:
            granted = catalogue.may(name)
        elif project is not None:
            granted = catalogue.may(name, project)
        else:
            granted = any(catalogue.may(name, key) for key in catalogue.projects)
        number = (PROJECT_PERMISSIONS + GLOBAL_PERMISSIONS).index(name)
        return {
            "id": str(number + 10),
            "key": name,
            "name": name.replace("_", " ").capitalize(),
            "type": "GLOBAL" if is_global else "PROJECT",
            "description": "",
            "havePermission": granted,
        }

    async def fields(self, request: Request) -> Response:
        """Every field of the site."""
        del request
        listed = self._state.catalogue.fields.values()
        return answer([{key: each[key] for key in _FIELD_KEYS if key in each} for each in listed])

    async def issue_types(self, request: Request) -> Response:
        """Every issue type, with its level."""
        del request
        base = self._state.base_url
        return answer(
            [
                {"self": f"{base}/rest/api/3/issuetype/{each['id']}", **each}
                for each in self._state.catalogue.issue_types
            ]
        )

    async def link_types(self, request: Request) -> Response:
        """Every type of link between issues."""
        del request
        base = self._state.base_url
        listed = [
            {**each, "self": f"{base}/rest/api/3/issueLinkType/{each['id']}"}
            for each in self._state.catalogue.link_types
        ]
        return answer({"issueLinkTypes": listed})

    async def statuses(self, request: Request) -> Response:
        """Every status."""
        del request
        return answer(self._state.catalogue.statuses)

    async def priorities(self, request: Request) -> Response:
        """Every priority, highest first."""
        del request
        return answer(self._state.catalogue.priorities)

    async def resolutions(self, request: Request) -> Response:
        """Every resolution."""
        del request
        return answer(self._state.catalogue.resolutions)
