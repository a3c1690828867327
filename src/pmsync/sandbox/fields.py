"""The fields every Jira site has, as ``GET /field`` lists them."""

from pmsync.sandbox.seed import Record

_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"
_SOFTWARE = "com.pyxis.greenhopper.jira:"

# id: (name, type, items, JQL names other than the id)
_SYSTEM: dict[str, tuple[str, str, str | None, tuple[str, ...]]] = {
    "summary": ("Summary", "string", None, ()),
    "description": ("Description", "string", None, ()),
    "environment": ("Environment", "string", None, ()),
    "issuetype": ("Issue Type", "issuetype", None, ("type",)),
    "project": ("Project", "project", None, ()),
    "status": ("Status", "status", None, ()),
    "priority": ("Priority", "priority", None, ()),
    "resolution": ("Resolution", "resolution", None, ()),
    "resolutiondate": ("Resolved", "datetime", None, ("resolved",)),
    "created": ("Created", "datetime", None, ("createdDate",)),
    "updated": ("Updated", "datetime", None, ("updatedDate",)),
    "duedate": ("Due date", "date", None, ("due",)),
    "lastViewed": ("Last Viewed", "datetime", None, ()),
    "assignee": ("Assignee", "user", None, ()),
    "reporter": ("Reporter", "user", None, ()),
    "creator": ("Creator", "user", None, ()),
    "labels": ("Labels", "array", "string", ()),
    "components": ("Components", "array", "component", ("component",)),
    "versions": ("Affects versions", "array", "version", ("affectedVersion",)),
    "fixVersions": ("Fix versions", "array", "version", ("fixVersion",)),
    "issuelinks": ("Linked Issues", "array", "issuelinks", ()),
    "subtasks": ("Sub-tasks", "array", "issuelinks", ()),
    "parent": ("Parent", "issuelink", None, ()),
    "security": ("Security Level", "securitylevel", None, ("level",)),
    "issuerestriction": ("Restrict to", "issuerestriction", None, ()),
    "votes": ("Votes", "votes", None, ()),
    "watches": ("Watchers", "watches", None, ("watchers",)),
    "comment": ("Comment", "comments-page", None, ()),
    "attachment": ("Attachment", "array", "attachment", ("attachments",)),
    "worklog": ("Log Work", "array", "worklog", ()),
    "timetracking": ("Time tracking", "timetracking", None, ()),
    "timeestimate": ("Remaining Estimate", "number", None, ("remainingEstimate",)),
    "timeoriginalestimate": ("Original estimate", "number", None, ("originalEstimate",)),
    "timespent": ("Time Spent", "number", None, ()),
    "aggregatetimeestimate": ("Σ Remaining Estimate", "number", None, ()),
    "aggregatetimeoriginalestimate": ("Σ Original Estimate", "number", None, ()),
    "aggregatetimespent": ("Σ Time Spent", "number", None, ()),
    "progress": ("Progress", "progress", None, ()),
    "aggregateprogress": ("Σ Progress", "progress", None, ()),
    "workratio": ("Work Ratio", "number", None, ()),
}

RANK = "customfield_10019"
SPRINT = "customfield_10020"
STORY_POINTS = "customfield_10028"
EPIC_LINK = "customfield_10014"
FLAGGED = "customfield_10021"


def system_fields() -> list[Record]:
    """Fresh records of the system fields."""
    return [_system(identity) for identity in _SYSTEM]


def custom_field(
    identity: str, name: str, kind: str, custom: str, items: str | None = None
) -> Record:
    """A custom field.

    Args:
        identity: ``customfield_N``.
        name: What people see.
        kind: Type of its values in the schema (number, string, option, array, any ...).
        custom: Key of the custom field type.
        items: Type of the elements of an array.
    """
    number = int(identity.removeprefix("customfield_"))
    schema: Record = {"type": kind, "custom": custom, "customId": number}
    if items:
        schema["items"] = items
    return {
        "id": identity,
        "key": identity,
        "name": name,
        "custom": True,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [f"cf[{number}]", name],
        "schema": schema,
    }


def rank_field(identity: str = RANK) -> Record:
    """Jira Software's rank."""
    return custom_field(identity, "Rank", "any", f"{_SOFTWARE}gh-lexo-rank")


def sprint_field(identity: str = SPRINT) -> Record:
    """Jira Software's sprint: a list of sprints, closed ones included."""
    return custom_field(identity, "Sprint", "array", f"{_SOFTWARE}gh-sprint", "json")


def epic_link_field(identity: str = EPIC_LINK) -> Record:
    """The older link of an issue to its epic: the epic's key."""
    return custom_field(identity, "Epic Link", "any", f"{_SOFTWARE}gh-epic-link")


def number_field(identity: str, name: str) -> Record:
    """A number."""
    return custom_field(identity, name, "number", f"{_CUSTOM}float")


def select_field(identity: str, name: str, options: list[str]) -> Record:
    """A choice of one; ``options`` are the texts in their order."""
    return custom_field(identity, name, "option", f"{_CUSTOM}select") | {"options": options}


def checkboxes_field(identity: str, name: str, options: list[str]) -> Record:
    """A choice of several."""
    field = custom_field(identity, name, "array", f"{_CUSTOM}multicheckboxes", "option")
    return field | {"options": options}


def text_field(identity: str, name: str, *, long: bool = False) -> Record:
    """A text of one line, or of many."""
    return custom_field(identity, name, "string", f"{_CUSTOM}{'textarea' if long else 'textfield'}")


def _system(identity: str) -> Record:
    name, kind, items, aliases = _SYSTEM[identity]
    schema: Record = {"type": kind, "system": identity}
    if items:
        schema["items"] = items
    return {
        "id": identity,
        "key": identity,
        "name": name,
        "custom": False,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [identity, *aliases],
        "schema": schema,
    }
