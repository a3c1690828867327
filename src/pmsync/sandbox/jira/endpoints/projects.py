"""Projects and what belongs to one: versions, statuses, security levels."""

from starlette.requests import Request
from starlette.responses import Response

from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.state import JiraState
from pmsync.sandbox.jira.wire import answer, page
from pmsync.sandbox.seed import Record

_PAGE = 100
_STATUSES = ("released", "unreleased", "archived")


class Projects:
    """Endpoints about projects."""

    def __init__(self, state: JiraState) -> None:
        self._state = state

    def _shown(self, record: Record) -> Record:
        address = f"{self._state.base_url}/rest/api/3/project/{record['id']}"
        simplified = record.get("style") == "next-gen"
        return {**record, "self": address, "simplified": simplified, "isPrivate": False}

    async def search(self, request: Request) -> Response:
        """Visible projects, a page at a time, filtered by key, id or text."""
        query = request.query_params
        keys = {each.upper() for each in query.getlist("keys")}
        ids = set(query.getlist("id"))
        text = query.get("query", "").lower()
        found = [
            self._shown(each)
            for each in self._state.catalogue.visible_projects()
            if (not keys or each["key"].upper() in keys)
            and (not ids or str(each["id"]) in ids)
            and text in f"{each['key']} {each['name']}".lower()
        ]
        if query.get("orderBy", "key").startswith("-"):
            found.reverse()
        return answer(page(request, found, limit=_PAGE))

    async def one(self, request: Request) -> Response:
        """A project with its issue types and versions."""
        record = self._asked(request)
        versions = [self._version(each) for each in self._state.catalogue.versions_of(record)]
        types = self._state.catalogue.issue_types
        return answer({**self._shown(record), "issueTypes": types, "versions": versions})

    def _asked(self, request: Request) -> Record:
        return self._state.catalogue.project(request.path_params["project"])

    def _version(self, record: Record) -> Record:
        address = f"{self._state.base_url}/rest/api/3/version/{record['id']}"
        return {**record, "self": address, "projectId": int(record["projectId"])}

    async def version_page(self, request: Request) -> Response:
        """A project's versions, a page at a time."""
        found = self._state.catalogue.versions_of(self._asked(request))
        query = request.query_params
        if wanted := [each for each in query.get("status", "").split(",") if each]:
            found = [each for each in found if _status(each) in wanted]
        if text := query.get("query", "").lower():
            found = [each for each in found if text in str(each["name"]).lower()]
        return answer(page(request, _sorted(found, query.get("orderBy")), limit=_PAGE))

    async def versions(self, request: Request) -> Response:
        """All of a project's versions."""
        found = self._state.catalogue.versions_of(self._asked(request))
        return answer([self._version(each) for each in found])

    async def statuses(self, request: Request) -> Response:
        """The statuses of every issue type; a sandbox has one workflow."""
        self._asked(request)
        base = self._state.base_url
        catalogue = self._state.catalogue
        return answer(
            [
                {
                    "self": f"{base}/rest/api/3/issuetype/{each['id']}",
                    "id": each["id"],
                    "name": each["name"],
                    "subtask": bool(each.get("subtask")),
                    "statuses": catalogue.statuses,
                }
                for each in catalogue.issue_types
            ]
        )

    async def security_levels(self, request: Request) -> Response:
        """A project's security levels.

        Whoever lacks Set Issue Security gets an empty list, not an error, even where there are
        levels: an empty answer alone proves nothing.
        """
        key = self._asked(request)["key"]
        catalogue = self._state.catalogue
        levels = catalogue.levels.get(key, []) if catalogue.may("SET_ISSUE_SECURITY", key) else []
        base = self._state.base_url
        return answer(
            {
                "levels": [
                    {**each, "self": f"{base}/rest/api/3/securitylevel/{each['id']}"}
                    for each in levels
                ]
            }
        )


def _status(version: Record) -> str:
    if version.get("archived"):
        return "archived"
    return "released" if version.get("released") else "unreleased"


def _sorted(versions: list[Record], order: str | None) -> list[Record]:
    if not order or order.lstrip("+-") == "sequence":
        return versions[::-1] if order and order.startswith("-") else versions
    name = order.lstrip("+-").strip()
    if name not in ("description", "name", "releaseDate", "startDate"):
        message = f"The orderBy parameter '{order}' is not valid."
        raise JiraError(400, message)
    return sorted(
        versions, key=lambda each: str(each.get(name) or ""), reverse=order.startswith("-")
    )
