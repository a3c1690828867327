"""What people do in Jira while nobody of pmsync looks, for ``/_sandbox/human``.

Deeds (``do``) and what they need; ``by`` is a user's name, address or id, or any other name:

- ``edit-issue``: ``issue``, ``fields`` (by id or name, values as in REST v2; a status by its name).
- ``move-issue``: ``issue`` and ``before`` or ``after`` (a key), ``to`` (``top``, ``bottom``) or
  ``project`` (a key: the issue gets a new key there).
- ``create-issue``: ``project``, ``summary``; ``type`` (default Story), ``fields``.
- ``delete-issue``: ``issue``. Its sub-tasks go with it.
- ``restrict-issue``: ``issue``; ``level`` (default the project's first; null takes it away).
- ``transition``: ``issue``, ``to`` (a status).
- ``release-version``: ``version`` (id, or name with ``project``); ``date``, ``undo``.
- ``start-sprint``, ``close-sprint``: ``sprint`` (id or name).
- ``advance-clock``: any of ``weeks``, ``days``, ``hours``, ``minutes``.
- ``revoke``, ``grant``: ``permission``, ``project`` (none for a global one), of pmsync's account.
- ``refuse-rank``: ``issue``; the next rank call that names it refuses it (``status``, ``message``).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pmsync.sandbox.clock import written
from pmsync.sandbox.jira.editing import edits
from pmsync.sandbox.jira.errors import JiraError
from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.state import Change, JiraState
from pmsync.sandbox.seed import Record

_LEVEL = {"id": "10500", "name": "Restricted", "description": "Only a few may see this."}


def act(state: JiraState, action: Record) -> Record:
    """Does one thing as a person.

    Args:
        state: The site.
        action: ``do`` names it; the other entries say on what. ``by`` is the person's name, else
            the first user of the site.

    Returns:
        What changed, in short.

    Raises:
        JiraError: It cannot be done (400 or 404), with the reason.
    """
    deed = DEEDS.get(str(action.get("do")))
    if deed is None:
        message = f"No one here can '{action.get('do')}'. Known: {', '.join(sorted(DEEDS))}."
        raise JiraError(400, message)
    with state.lock:
        return deed(state, action)


def _author(state: JiraState, action: Record) -> Record:
    name = action.get("by")
    others = [each for each in state.catalogue.users.values() if each != state.account]
    for user in others:
        if name in (user["displayName"], user.get("emailAddress"), user["accountId"]):
            return user
    if name is None and others:
        return others[0]
    name = str(name or "A person")
    return {
        "accountId": f"human:{name}",
        "displayName": name,
        "active": True,
        "timeZone": "Etc/UTC",
    }


def _needed(action: Record, name: str) -> Any:
    if name not in action:
        message = f"'{action['do']}' needs '{name}'."
        raise JiraError(400, message)
    return action[name]


def _issue(state: JiraState, action: Record, name: str = "issue") -> StoredIssue:
    return state.get(str(_needed(action, name)))


def _edit(state: JiraState, action: Record) -> Record:
    issue = _issue(state, action)
    fields = {
        state.catalogue.field_named(name, issue.project)["id"]: value
        for name, value in dict(_needed(action, "fields")).items()
    }
    status = fields.pop("status", None)
    if fields:
        changes = edits(state, issue, {"fields": fields}, version=2)
        state.change(issue, changes, author=_author(state, action))
    if status:
        to = status["name"] if isinstance(status, dict) else status
        _transition(state, {**action, "to": to})
    return _shown(issue)


def _shown(issue: StoredIssue) -> Record:
    return {"id": issue.id, "key": issue.key, "updated": issue.fields["updated"]}


def _move(state: JiraState, action: Record) -> Record:
    """Before or after another issue, to the top or the bottom, or into another project."""
    issue = _issue(state, action)
    author = _author(state, action)
    if "project" in action:
        project = state.catalogue.project(str(action["project"]))
        if project["key"] == issue.project:
            message = f"{issue.key} is in {project['key']} already."
            raise JiraError(400, message)
        state.rekey(issue, project, author=author)
        return _shown(issue)
    first = next(iter(state.rank))
    if "before" in action:
        state.move([issue], before=_issue(state, action, "before"), author=author)
    elif "after" in action:
        state.move([issue], after=_issue(state, action, "after"), author=author)
    elif action.get("to") == "bottom":
        state.move([issue], author=author)
    elif action.get("to") != "top":
        message = "'move-issue' needs 'before', 'after', 'to' (top or bottom) or 'project'."
        raise JiraError(400, message)
    elif first != issue.id:
        state.move([issue], before=state.issues[first], author=author)
    return _shown(issue)


def _delete(state: JiraState, action: Record) -> Record:
    issue = _issue(state, action)
    state.delete(issue)
    return {"id": issue.id, "key": issue.key}


def _restrict(state: JiraState, action: Record) -> Record:
    """Gives an issue a security level; ``level`` null takes it away."""
    issue = _issue(state, action)
    levels = state.catalogue.levels.setdefault(issue.project, [])
    if not levels:
        levels.append(dict(_LEVEL))
        state.forget_all()
    name = action.get("level", levels[0]["name"])
    level = next((each for each in levels if each["name"] == name), None)
    if level is None and name is not None:
        message = f"There is no security level '{name}' in {issue.project}."
        raise JiraError(400, message)
    old = issue.named("security")
    change = Change(
        field_id="security",
        value=level,
        old=(old.get("id"), old.get("name")),
        new=(level["id"], level["name"]) if level else (None, None),
    )
    state.change(issue, [change], author=_author(state, action))
    return _shown(issue)


def _transition(state: JiraState, action: Record) -> Record:
    """Puts an issue into a status; done ones get a resolution, the others lose theirs."""
    issue = _issue(state, action)
    status = state.catalogue.status_named(str(_needed(action, "to")))
    old = issue.named("status")
    changes = [
        Change(
            field_id="status",
            value=status,
            old=(old.get("id"), old.get("name")),
            new=(str(status["id"]), status["name"]),
        )
    ]
    done = (status.get("statusCategory") or {}).get("key") == "done"
    if done != bool(issue.fields.get("resolution")):
        resolution = next(iter(state.catalogue.resolutions), None) if done else None
        was = issue.named("resolution")
        changes.append(
            Change(
                field_id="resolution",
                value=resolution,
                old=(was.get("id"), was.get("name")),
                new=(resolution["id"], resolution["name"]) if resolution else (None, None),
            )
        )
        issue.fields["resolutiondate"] = written(state.clock.now()) if done else None
    state.change(issue, changes, author=_author(state, action))
    return _shown(issue)


def _create(state: JiraState, action: Record) -> Record:
    """A new issue at the bottom of the order."""
    project = state.catalogue.project(str(_needed(action, "project")))
    kind = state.catalogue.issue_type_named(str(action.get("type", "Story")))
    initial = [each for each in state.catalogue.statuses if each["statusCategory"]["key"] == "new"]
    author = _author(state, action)
    small = {
        name: project[name] for name in ("id", "key", "name", "projectTypeKey") if name in project
    }
    blank: Record = {
        "project": small,
        "issuetype": kind,
        "status": (initial or state.catalogue.statuses)[0],
        "summary": str(_needed(action, "summary")),
        "labels": [],
        "fixVersions": [],
        "issuelinks": [],
        "creator": author,
        "reporter": author,
    }
    issue = state.create(project["key"], blank)
    if "fields" in action:
        _edit(state, {**action, "issue": issue.key})
    return _shown(issue)


def _release(state: JiraState, action: Record) -> Record:
    """Releases a version, by id or by name in a project; ``undo`` takes it back."""
    project = action.get("project")
    found = state.catalogue.version(str(_needed(action, "version")), project)
    released = not action.get("undo", False)
    found["released"] = released
    if released:
        found["releaseDate"] = str(action.get("date") or state.clock.now().date())
    state.forget_all()
    return dict(found)


def _sprint(state: JiraState, action: Record) -> Record:
    """Starts a future sprint or closes an active one."""
    wanted = str(_needed(action, "sprint"))
    for number, sprint in state.catalogue.sprints.items():
        if wanted in (str(number), sprint["name"]):
            break
    else:
        message = f"There is no sprint '{wanted}'."
        raise JiraError(404, message)
    begins = action["do"] == "start-sprint"
    sprint["state"] = "active" if begins else "closed"
    sprint["startDate" if begins else "completeDate"] = written(state.clock.now())
    state.forget_all()
    return dict(sprint)


def _permission(state: JiraState, action: Record) -> Record:
    """Takes a permission from pmsync's account in a project, or gives it back."""
    entry = (str(action.get("project", "")).upper(), str(_needed(action, "permission")).upper())
    if action["do"] == "revoke":
        state.catalogue.denied.add(entry)
    else:
        state.catalogue.denied.discard(entry)
    return {"denied": sorted(state.catalogue.denied)}


def _refuse_rank(state: JiraState, action: Record) -> Record:
    """The next rank call that names this issue refuses it, as a busy Jira would."""
    issue = _issue(state, action)
    busy = "JIRA Agile cannot execute the rank operation at this time. Please try again later."
    state.rank_faults[issue.id] = (int(action.get("status", 503)), str(action.get("message", busy)))
    return _shown(issue)


def _advance(state: JiraState, action: Record) -> Record:
    span = {
        unit: float(action[unit])
        for unit in ("weeks", "days", "hours", "minutes")
        if unit in action
    }
    if not span or any(number < 0 for number in span.values()):
        message = "'advance-clock' needs weeks, days, hours or minutes, none negative."
        raise JiraError(400, message)
    return {"now": state.clock.advance(timedelta(**span)).isoformat()}


Deed = Callable[[JiraState, Record], Record]

DEEDS: dict[str, Deed] = {
    "edit-issue": _edit,
    "move-issue": _move,
    "delete-issue": _delete,
    "restrict-issue": _restrict,
    "create-issue": _create,
    "transition": _transition,
    "release-version": _release,
    "start-sprint": _sprint,
    "close-sprint": _sprint,
    "advance-clock": _advance,
    "revoke": _permission,
    "grant": _permission,
    "refuse-rank": _refuse_rank,
}
