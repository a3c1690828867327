"""JQL on a little site: which issues are found, in which order, and what is refused."""

from datetime import timedelta

import pytest
from little_jira import MOMENT, REACH, little_jira

from pmsync.sandbox.jira.jql.evaluate import UNBOUNDED, search
from pmsync.sandbox.jira.jql.syntax import JqlError
from pmsync.sandbox.jira.people import act
from pmsync.sandbox.jira.state import JiraState


@pytest.fixture
def state() -> JiraState:
    return little_jira()


def keys(state: JiraState, jql: str) -> list[str]:
    return [issue.key for issue in search(state, jql)]


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = WEB", "WEB-1 WEB-2"),
        ('project = "shop front"', "WEB-1 WEB-2"),
        ("project = 200", "WEB-1 WEB-2"),
        ("project != SHOP", "WEB-1 WEB-2"),
        ("key in (SHOP-1, web-1)", "SHOP-1 WEB-1"),
        ("issuekey = 1001", "SHOP-1"),
        ("id in (1001, 1004)", "SHOP-1 WEB-1"),
        ("key > SHOP-3", "SHOP-4 SHOP-5 SHOP-10"),
        ("key <= SHOP-2", "SHOP-1 SHOP-2"),
        ("issuetype = epic", "SHOP-1 WEB-1"),
        ("type in (Epic, Sub-task)", "SHOP-1 WEB-1 SHOP-5"),
        ("status = 'In Progress'", "SHOP-1 SHOP-2"),
        ("status = 13", "SHOP-4"),
        ('statusCategory = "In Progress"', "SHOP-1 SHOP-2"),
        ("statusCategory = done", "SHOP-4"),
        ("statusCategory != new", "SHOP-1 SHOP-2 SHOP-4"),
        ("statusCategory in (2, 3) and project = WEB", "WEB-1 WEB-2"),
        ("labels = PAY", "SHOP-1 SHOP-3"),
        ("labels in (pay, web)", "SHOP-1 SHOP-3 SHOP-5"),
        ("labels = never-used", ""),
        ("labels is empty and project = WEB", "WEB-1 WEB-2"),
        ("labels = empty and project = WEB", "WEB-1 WEB-2"),
        ("labels in (web, empty) and type = Epic", "SHOP-1 WEB-1"),
        ("fixVersion = 1.1", "SHOP-2 SHOP-3"),
        ("fixVersion in (1.0, 2.0)", "WEB-1 SHOP-4"),
        ("fixVersion in unreleasedVersions()", "SHOP-2 SHOP-3 WEB-1"),
        ("fixVersion in unreleasedVersions(WEB)", "WEB-1"),
        ("fixVersion in releasedVersions()", "SHOP-4"),
        ("fixVersion > 1.0 and project = SHOP", "SHOP-2 SHOP-3"),
        ("parent = SHOP-1", "SHOP-2 SHOP-3"),
        ("parent in (SHOP-1, SHOP-2)", "SHOP-2 SHOP-3 SHOP-5"),
        ("parent is empty and type = Story", "SHOP-4 SHOP-10"),
        ("sprint in openSprints()", "SHOP-2"),
        ("sprint in closedSprints()", "SHOP-2 SHOP-4"),
        ("sprint in futureSprints()", "SHOP-5"),
        ('sprint = "Sprint 1"', "SHOP-2 SHOP-4"),
        ("sprint = 73", "SHOP-5"),
        ("sprint not in openSprints()", "SHOP-4 SHOP-5"),
        ("level is not empty", "SHOP-10"),
        ("level = Internal", "SHOP-10"),
        ("resolution = Unresolved and project = SHOP", "SHOP-1 SHOP-2 SHOP-3 SHOP-5 SHOP-10"),
        ("resolution is not empty", "SHOP-4"),
        ("resolution in (Unresolved, Done) and parent = SHOP-1", "SHOP-2 SHOP-3"),
        ("Impact = high", "SHOP-1 SHOP-3"),
        ("cf[10102] = Low", "SHOP-2 SHOP-10"),
        ("cf[10101] >= 50", "SHOP-1 SHOP-2"),
        ("cf[10101] = 0", "SHOP-10"),
        ("cf[10101] is empty and project = SHOP", "SHOP-3 SHOP-5"),
        ("customfield_10101 < 50", "SHOP-4 SHOP-10"),
        ("due = 2026-12-01", "SHOP-3"),
        ("due <= 15d", "SHOP-3"),
        ("due > 15d", ""),
        ("duedate is not empty", "SHOP-3"),
        ("summary ~ web", "WEB-1 WEB-2"),
        ('description ~ "words about" and project = WEB', "WEB-1 WEB-2"),
        ("assignee is empty and project = WEB", "WEB-1 WEB-2"),
        ("resolved >= 2026-07-31 and resolutiondate <= 2026-08-02", "SHOP-4"),
        ("created < 2026-06-02 and project = WEB", "WEB-1 WEB-2"),
        ("Started is empty and project = WEB", "WEB-1 WEB-2"),
        ("Line is empty and project = WEB", "WEB-1 WEB-2"),
        ("Teams is empty and project = WEB", "WEB-1 WEB-2"),
        ("project = SHOP AND NOT (type = Story OR type = Epic)", "SHOP-5"),
    ],
)
def test_found(state: JiraState, jql: str, found: str) -> None:
    """Each field and operator finds what it says."""
    assert sorted(keys(state, jql)) == sorted(found.split())


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("updated >= -1d", "SHOP-2 SHOP-5"),
        ("updated > -1w", "SHOP-1 SHOP-2 SHOP-5"),
        ('updated >= "-1w 1d"', "SHOP-1 SHOP-2 SHOP-5"),
        ("updated >= 0d", ""),
        ("updated <= 0d and project = WEB", "WEB-1 WEB-2"),
        ("updated >= 2026-11-15", "SHOP-2 SHOP-5"),
        ('updated >= "2026-11-15 10:59"', "SHOP-2 SHOP-5"),
        ('updated > "2026-11-15 11:00"', "SHOP-5"),
        ('updated > "2026/11/15 11:00"', "SHOP-5"),
        ("updated >= 1794736799999", "SHOP-2 SHOP-5"),
        ("updated >= 1794736800000", "SHOP-2 SHOP-5"),
        ("updated >= 1794736800001", "SHOP-5"),
        ("updated >= startOfDay()", "SHOP-5"),
        ("updated >= startOfDay(-1d)", "SHOP-2 SHOP-5"),
        ("updated >= startOfWeek()", "SHOP-2 SHOP-5"),
        ("updated >= startOfMonth() and updated < endOfMonth()", "SHOP-1 SHOP-2 SHOP-3 SHOP-5"),
        ("updated < now() and project = WEB", "WEB-1 WEB-2"),
    ],
)
def test_moments_are_read_in_the_accounts_zone(state: JiraState, jql: str, found: str) -> None:
    """Epoch milliseconds are exact; dates are those of Berlin, an hour ahead in winter."""
    assert sorted(keys(state, jql)) == sorted(found.split())


def test_spans_follow_the_sites_clock(state: JiraState) -> None:
    """When the clock moves, -1d means another day."""
    state.clock.advance(timedelta(days=30))
    assert keys(state, "updated >= -1d") == []


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        ("labels = pay", "labels != pay"),
        ("labels in (pay, web)", "labels not in (pay, web)"),
        ("labels = pay", "NOT labels = pay"),
        ("Impact = High", "Impact != High"),
        ("fixVersion in releasedVersions()", "fixVersion not in releasedVersions()"),
        ("due <= 2026-12-01", "NOT due <= 2026-12-01"),
    ],
)
def test_negation_does_not_find_what_is_empty(
    state: JiraState, positive: str, negative: str
) -> None:
    """Jira's trap: an issue without a value is neither in nor out."""
    field = positive.split(maxsplit=1)[0]
    empty = set(keys(state, f"{field} is empty"))
    found, rest = set(keys(state, positive)), set(keys(state, negative))
    assert found.isdisjoint(rest)
    assert empty
    assert empty.isdisjoint(found | rest)
    assert found | rest | empty == {issue.key for issue in state.issues.values()}


def test_a_name_that_two_fields_share_means_both(state: JiraState) -> None:
    """Positive tests look into either; negative ones must hold in all."""
    assert sorted(keys(state, "Reach > 5 and type = Story")) == ["SHOP-2", "SHOP-4", "WEB-2"]
    assert keys(state, "cf[10201] = 7") == ["WEB-2"]
    assert keys(state, "Reach != 7") == []


@pytest.mark.parametrize(
    ("jql", "order"),
    [
        ("parent is not empty order by Rank", "SHOP-2 SHOP-3 SHOP-5 WEB-2"),
        ("parent is not empty order by Rank desc", "WEB-2 SHOP-5 SHOP-3 SHOP-2"),
        ("cf[10101] is not empty order by cf[10101] asc", "SHOP-10 SHOP-4 SHOP-2 SHOP-1"),
        (
            "project = SHOP order by cf[10101] desc, key",
            "SHOP-1 SHOP-2 SHOP-4 SHOP-10 SHOP-3 SHOP-5",
        ),
        ("project = SHOP order by key", "SHOP-1 SHOP-2 SHOP-3 SHOP-4 SHOP-5 SHOP-10"),
        ("project = WEB order by updated", "WEB-2 WEB-1"),
        ("project = WEB order by updated asc", "WEB-1 WEB-2"),
        ("project = WEB order by project, type, key desc", "WEB-1 WEB-2"),
        ("project = SHOP order by due, key", "SHOP-3 SHOP-1 SHOP-2 SHOP-4 SHOP-5 SHOP-10"),
        ("project = WEB", "WEB-2 WEB-1"),
    ],
)
def test_order(state: JiraState, jql: str, order: str) -> None:
    """By value, empty ones last; newest first when nothing is said."""
    assert keys(state, jql) == order.split()


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("", UNBOUNDED),
        ("order by created desc", UNBOUNDED),
        ("foo = 1", "Field 'foo' does not exist or you do not have permission to view it."),
        ("project = SHOP order by foo", "Field 'foo' does not exist or you do not have"),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("status = Nope", "The value 'Nope' does not exist for the field 'status'."),
        ("status = 999", "A value with ID '999' does not exist for the field 'status'."),
        ("key = SHOP-99", "An issue with key 'SHOP-99' does not exist for field 'key'."),
        ("parent = SHOP-99", "An issue with key 'SHOP-99' does not exist for field 'parent'."),
        ("id = 9999", "A value with ID '9999' does not exist for the field 'id'."),
        ("fixVersion = 9.9", "The value '9.9' does not exist for the field 'fixVersion'."),
        ("sprint = Nope", "The value 'Nope' does not exist for the field 'sprint'."),
        ("level = Nope", "The value 'Nope' does not exist for the field 'level'."),
        ("Impact = Huge", "The option 'Huge' for field 'Impact' does not exist."),
        ("cf[10101] = many", "Value 'many' is invalid for the 'cf[10101]' field."),
        ("updated > soon", "Date value 'soon' for field 'updated' is invalid."),
        ("updated > 2026-02-30", "Date value '2026-02-30' for field 'updated' is invalid."),
        ("updated > startOfYear(1x)", "Duration for function 'startOfYear' should have the format"),
        ("status > Done", "The operator '>' is not supported by the 'status' field."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("labels ~ x", "The operator '~' is not supported by the 'labels' field."),
        ("status in Done", "Operator 'in' does not support the non-list value 'Done'"),
        ("status = (Done)", "Operator '=' does not support the list value '(Done)'"),
        ("sprint = openSprints()", "does not support the list value 'openSprints()'"),
        ("labels is pay", "Operator 'is' only supports the value 'EMPTY', not 'pay'"),
        ("due > empty", "Operator '>' does not support the value 'EMPTY'"),
        ("sprint in frobnicate()", "Unable to find JQL function 'frobnicate()'."),
        ("status = now()", "A value provided by the function 'now' is invalid for the field"),
        (
            "fixVersion in openSprints()",
            "A value provided by the function 'openSprints' is invalid",
        ),
        ("sprint in releasedVersions()", "provided by the function 'releasedVersions' is invalid"),
        ("Started > soon", "Date value 'soon' for field 'Started' is invalid."),
        ("component = Nope", "The value 'Nope' does not exist for the field 'component'."),
        ("fixVersion in releasedVersions(NOPE)", "Could not resolve the project 'NOPE'"),
        ("Rank = 1", "Field 'Rank' is not searchable, it is only sortable."),
        ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
        ("project = SHOP order by a, b, c, d, e, f, g, h", "more than 7 fields"),
    ],
)
def test_refused(state: JiraState, jql: str, words: str) -> None:
    """What this site does not know is an error, never ignored."""
    with pytest.raises(JqlError) as caught:
        search(state, jql)
    assert words in caught.value.message


def test_people_are_found_by_id_name_and_as_oneself(state: JiraState) -> None:
    """``currentUser()`` is the account that asks."""
    ana, bot = state.catalogue.users["ana"], state.catalogue.users["bot"]
    state.get("WEB-1").fields["assignee"] = ana
    state.get("WEB-2").fields["assignee"] = bot
    assert keys(state, 'assignee = "Ana Ruiz"') == keys(state, "assignee = ana") == ["WEB-1"]
    assert keys(state, "assignee = currentUser()") == ["WEB-2"]
    assert keys(state, 'assignee = "bot@acme.example"') == ["WEB-2"]


def test_priority_compares_by_urgency(state: JiraState) -> None:
    """More than Medium is High, whatever the letters say."""
    for key, number in (("WEB-1", 0), ("WEB-2", 2)):
        state.get(key).fields["priority"] = state.catalogue.priorities[number]
    assert keys(state, "project = WEB and priority > Medium") == ["WEB-1"]
    assert keys(state, "project = WEB order by priority") == ["WEB-1", "WEB-2"]
    assert keys(state, "project = WEB order by priority asc") == ["WEB-2", "WEB-1"]


def test_changes_are_seen_at_once(state: JiraState) -> None:
    """Sprints, versions, fields and the order are asked as they are now."""
    act(state, {"do": "start-sprint", "sprint": "Sprint 3"})
    act(state, {"do": "release-version", "version": "1.1", "project": "SHOP"})
    act(state, {"do": "edit-issue", "issue": "WEB-2", "fields": {"labels": ["pay"]}})
    act(state, {"do": "move-issue", "issue": "WEB-2", "to": "top"})
    assert sorted(keys(state, "sprint in openSprints()")) == ["SHOP-2", "SHOP-5"]
    assert keys(state, "fixVersion in unreleasedVersions()") == ["WEB-1"]
    assert keys(state, "labels = pay order by rank") == ["WEB-2", "SHOP-1", "SHOP-3"]


def test_a_project_one_may_not_browse_is_not_there(state: JiraState) -> None:
    """Its name is unknown, and its issues are found by no other way either."""
    act(state, {"do": "revoke", "permission": "BROWSE_PROJECTS", "project": "WEB"})
    with pytest.raises(JqlError, match="'WEB' does not exist for the field 'project'"):
        search(state, "project = WEB")
    assert not any(key.startswith("WEB") for key in keys(state, "created is not empty"))
    assert REACH in state.catalogue.fields


def test_components_parents_elsewhere_and_custom_moments(state: JiraState) -> None:
    """What loaded sites bring along."""
    web = state.get("WEB-1")
    web.fields |= {
        "components": [{"id": "5", "name": "Search"}],
        "parent": {"id": "9", "key": "FAR-7"},
        MOMENT: "2026-11-01T10:00:00.000+0000",
    }
    assert keys(state, "component = search order by component") == ["WEB-1"]
    assert keys(state, "parent is not empty and project = WEB order by parent, key")[0] == "WEB-1"
    assert keys(state, 'Started >= "2026-11-01 11:00" order by Started') == ["WEB-1"]
    assert keys(state, 'Started > "2026-11-01 11:00"') == []


@pytest.mark.parametrize(
    "field",
    [
        *("status", "priority", "resolution", "statusCategory", "labels", "fixVersion", "sprint"),
        *("level", "summary", "assignee", "created", "Impact", "Teams", "Note", "component"),
    ],
)
def test_every_field_sorts(state: JiraState, field: str) -> None:
    """No order loses an issue, in either direction."""
    up = keys(state, f"project is not empty order by {field} asc")
    down = keys(state, f"project is not empty order by {field} desc")
    assert sorted(up) == sorted(down)
    assert len(up) == len(state.issues)
