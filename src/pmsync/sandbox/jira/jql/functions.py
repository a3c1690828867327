"""JQL's functions over versions and sprints."""

from collections.abc import Sequence

from pmsync.sandbox.jira.catalogue import Catalogue
from pmsync.sandbox.jira.jql.syntax import Call, JqlError
from pmsync.sandbox.seed import Record

LISTS = frozenset(
    {"opensprints", "closedsprints", "futuresprints", "unreleasedversions", "releasedversions"}
)
KNOWN = LISTS | {
    "now",
    "currentuser",
    *(f"{edge}of{unit}" for edge in ("start", "end") for unit in ("day", "week", "month", "year")),
}
_SPRINT_STATES = {"opensprints": "active", "closedsprints": "closed", "futuresprints": "future"}


def check_known(call: Call) -> None:
    """Refuses a function that this site does not have.

    Raises:
        JqlError: There is none of that name.
    """
    if call.name.lower() not in KNOWN:
        message = f"Unable to find JQL function '{call.name}({', '.join(call.arguments)})'."
        raise JqlError(message)


def sprints(catalogue: Catalogue, call: Call) -> Sequence[str] | None:
    """Ids of the sprints that a function means; None if it is not about sprints."""
    state = _SPRINT_STATES.get(call.name.lower())
    if state is None:
        return None
    return [str(each["id"]) for each in catalogue.sprints.values() if each["state"] == state]


def versions(catalogue: Catalogue, call: Call) -> Sequence[str] | None:
    """Ids of the versions that a function means; None if it is not about versions.

    Raises:
        JqlError: An argument is no project.
    """
    name = call.name.lower()
    if name not in ("unreleasedversions", "releasedversions"):
        return None
    released = name == "releasedversions"
    wanted = {_project(catalogue, argument, call.name)["id"] for argument in call.arguments}
    return [
        str(each["id"])
        for each in catalogue.versions.values()
        if bool(each.get("released")) == released
        and not each.get("archived")
        and (not wanted or str(each["projectId"]) in {str(identity) for identity in wanted})
    ]


def _project(catalogue: Catalogue, text: str, name: str) -> Record:
    for record in catalogue.visible_projects():
        if text.lower() in (record["key"].lower(), record["name"].lower(), str(record["id"])):
            return record
    message = f"Could not resolve the project '{text}' provided to function '{name}'."
    raise JqlError(message)
