"""What a site knows besides issues: projects, fields, versions, sprints, people, permissions."""

from collections import defaultdict
from collections.abc import Iterable

from pmsync.sandbox.fields import SPRINT, sprint_field
from pmsync.sandbox.jira.errors import JiraError, no_project
from pmsync.sandbox.seed import Record, Seed

PROJECT_PERMISSIONS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "SCHEDULE_ISSUES",
    "TRANSITION_ISSUES",
    "RESOLVE_ISSUES",
    "LINK_ISSUES",
    "MOVE_ISSUES",
    "DELETE_ISSUES",
    "ADD_COMMENTS",
    "SET_ISSUE_SECURITY",
    "MANAGE_SPRINTS_PERMISSION",
    "ADMINISTER_PROJECTS",
)
GLOBAL_PERMISSIONS = ("ADMINISTER", "SYSTEM_ADMIN", "BULK_CHANGE", "USER_PICKER")


class Catalogue:
    """Look-ups over a seed's records, and who may do what.

    Attributes:
        denied: Project permissions that the account lacks: ``{(project key, permission)}``; global
            ones with an empty project key.
    """

    def __init__(self, seed: Seed, account: Record) -> None:
        self.account = account
        self.rank_field = seed.rank_field
        self.projects = {record["key"]: dict(record) for record in seed.projects}
        self.issue_types = list(seed.issue_types)
        self.statuses = list(seed.statuses)
        self.priorities = list(seed.priorities)
        self.resolutions = list(seed.resolutions)
        self.link_types = list(seed.link_types)
        self.versions = {str(record["id"]): dict(record) for record in seed.versions}
        self.sprints = {int(record["id"]): dict(record) for record in seed.sprints}
        self.levels = {key: list(levels) for key, levels in seed.security_levels.items()}
        self.users = {user["accountId"]: user for user in (*seed.users, account)}
        self.denied: set[tuple[str, str]] = set()
        self.fields = {record["id"]: dict(record) for record in seed.fields}
        self._add_sprint_field()
        self._clauses = self._clause_names()

    def _add_sprint_field(self) -> None:
        """Every Jira Software has the field, whatever was loaded; JQL may ask for it."""
        if any(self.is_sprint(field_id) for field_id in self.fields):
            return
        identity = SPRINT
        while identity in self.fields:
            identity += "0"
        self.fields[identity] = sprint_field(identity)

    def _clause_names(self) -> dict[str, list[Record]]:
        names: dict[str, list[Record]] = defaultdict(list)
        for record in self.fields.values():
            own = {record["id"], *record.get("clauseNames", ())}
            if record.get("custom"):
                number = str(record["id"]).removeprefix("customfield_")
                own |= {record["name"], f"cf[{number}]"}
            for name in {str(each).lower() for each in own}:
                names[name].append(record)
        return dict(names)

    def clause(self, name: str) -> list[Record]:
        """The fields that JQL means by *name*; several where custom fields share it."""
        return self._clauses.get(name.lower(), [])

    def may(self, permission: str, project: str = "") -> bool:
        """Whether the account holds a permission in a project, or a global one."""
        return (project, permission) not in self.denied

    def visible_projects(self) -> list[Record]:
        """Projects that the account may browse, by key."""
        visible = (key for key in sorted(self.projects) if self.may("BROWSE_PROJECTS", key))
        return [self.projects[key] for key in visible]

    def project(self, id_or_key: str) -> Record:
        """A visible project.

        Raises:
            JiraError: There is none (404).
        """
        for record in self.visible_projects():
            if id_or_key.upper() == record["key"].upper() or id_or_key == str(record["id"]):
                return record
        raise no_project(id_or_key)

    def versions_of(self, project: Record) -> list[Record]:
        """A project's versions in their own order."""
        wanted = int(project["id"])
        return [each for each in self.versions.values() if int(each["projectId"]) == wanted]

    def version(self, id_or_name: str, project: str | None = None) -> Record:
        """A version by id, or by name in a project.

        Raises:
            JiraError: There is none (404).
        """
        scope = None if project is None else int(self.project(project)["id"])
        for record in self.versions.values():
            if scope in (None, int(record["projectId"])) and id_or_name in (
                record["id"],
                record["name"],
            ):
                return record
        message = f"Could not find version for id '{id_or_name}'"
        raise JiraError(404, message)

    def has_levels(self, project: str) -> bool:
        """Whether a project has security levels, and so delivers the field."""
        return bool(self.levels.get(project))

    def applies(self, record: Record, project: str) -> bool:
        """Whether issues of a project have a field: scope of team-managed ones, security levels."""
        if record["id"] == "security":
            return self.has_levels(project)
        scope = record.get("scope")
        if not scope:
            return True
        owner = scope.get("project", {})
        own = self.projects.get(project, {})
        return own.get("key") == owner.get("key") or str(own.get("id")) == str(owner.get("id"))

    def field_named(self, name: str, project: str) -> Record:
        """A field by id, or by the name it has in a project.

        Raises:
            JiraError: There is none (404).
        """
        if name in self.fields:
            return self.fields[name]
        for record in self.fields.values():
            if record["name"].lower() == name.lower() and self.applies(record, project):
                return record
        message = f"Field '{name}' does not exist."
        raise JiraError(404, message)

    def status_named(self, name: str) -> Record:
        """A status by id or name (404 where there is none)."""
        return _named(self.statuses, name, "status")

    def issue_type_named(self, name: str) -> Record:
        """An issue type by id or name (404 where there is none)."""
        return _named(self.issue_types, name, "issue type")

    def is_text(self, field_id: str) -> bool:
        """Whether a field holds markup, which v3 shows as an Atlassian document."""
        if field_id in ("description", "environment"):
            return True
        schema = self.fields.get(field_id, {}).get("schema") or {}
        return str(schema.get("custom", "")).endswith(":textarea")

    def is_sprint(self, field_id: str) -> bool:
        """Whether a field holds the sprints of an issue."""
        schema = self.fields.get(field_id, {}).get("schema") or {}
        return str(schema.get("custom", "")).endswith(":gh-sprint")


def _named(records: Iterable[Record], name: str, what: str) -> Record:
    for record in records:
        if name in (str(record["id"]), record["name"]) or name.lower() == record["name"].lower():
            return record
    message = f"There is no {what} '{name}'."
    raise JiraError(404, message)
