"""What every issue tracker must do, asked of the adapter over real HTTP and of the fake."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import little_jira
import pytest
from guarded_jira import guarded_jira
from memory_tracker import MemoryTracker

from pmsync.core.errors import NotFoundError, RequestRefusedError
from pmsync.core.model import Category, Field, Issue, Project, Sprint, Version
from pmsync.ports import IssueTracker, IssueType
from pmsync.sandbox.seed import Seed
from pmsync.sandbox.server import Sandbox, start_in_thread

KEYS = [line.split("|")[0].strip() for line in little_jira.ROWS.strip().splitlines()]
IDS = {key: str(1001 + place) for place, key in enumerate(KEYS)}
REACH = Field(id=little_jira.REACH, name="Reach", kind="number", type_key="float", custom=True)
IMPACT = Field(id=little_jira.IMPACT, name="Impact", kind="option", type_key="select", custom=True)
WEB_REACH = replace(REACH, id=little_jira.WEB_REACH, projects=("200",))
FIELDS = (REACH, IMPACT, WEB_REACH)
ALL = "project in (SHOP, WEB) ORDER BY Rank"
TYPES = (
    IssueType(id="1", name="Epic", level=1),
    IssueType(id="2", name="Story", level=0),
    IssueType(id="3", name="Sub-task", level=-1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A tracker with the little site in it.

    Attributes:
        permit: Opens the write gate, where there is one.
        refuse: Makes the next rank call refuse an issue, with these words.
    """

    tracker: IssueTracker
    permit: Callable[[str], AbstractContextManager[None]]
    refuse: Callable[[str, str], None]

    def ids(self, jql: str = ALL) -> list[str]:
        """The ids that a query finds, in its order."""
        return list(chain.from_iterable(self.tracker.search(jql)))

    def keys(self, jql: str = ALL) -> list[str]:
        """The keys that a query finds, in its order."""
        names = {number: key for key, number in IDS.items()}
        return [names[number] for number in self.ids(jql)]

    def fetched(self, *keys: str) -> dict[str, Issue]:
        """Issues by key."""
        pages = self.tracker.fetch([[IDS[key] for key in keys]], FIELDS)
        return {issue.key: issue for issue in chain.from_iterable(pages)}


class TrackerContract:
    """The behaviours; subclasses say which tracker."""

    def test_the_site_says_what_it_is(self, place: Place) -> None:
        """Cloud, with an address for people and a clock of its own."""
        site = place.tracker.site()
        assert site.flavor == "Cloud"
        assert not site.browse_url.endswith("/")
        assert site.now is not None
        assert site.now.utcoffset() == timedelta(0)

    def test_it_knows_whose_token_it_is(self, place: Place) -> None:
        """The account has id, name and time zone."""
        account = place.tracker.account()
        assert account.id
        assert account.name
        assert account.time_zone

    def test_permissions_are_told_one_by_one(self, place: Place) -> None:
        """Each permission asked for has an answer, and no other has."""
        asked = ["BROWSE_PROJECTS", "SCHEDULE_ISSUES"]
        for project in (None, "SHOP"):
            told = place.tracker.permissions(asked, project)
            assert told == dict.fromkeys(asked, True)

    def test_fields_have_kind_and_scope(self, place: Place) -> None:
        """Two fields of one name are told apart by the project that one belongs to."""
        found = {field.id: field for field in place.tracker.fields()}
        same_name = [field for field in found.values() if field.name == "Reach"]
        assert {(field.id, field.projects) for field in same_name} == {
            (REACH.id, ()),
            (WEB_REACH.id, ("200",)),
        }
        assert (found[REACH.id].kind, found[IMPACT.id].kind) == ("number", "option")
        assert all(field.custom and field.type_key for field in same_name)

    def test_issue_types_have_levels(self, place: Place) -> None:
        """Epics stand above, sub-tasks below."""
        assert set(place.tracker.issue_types()) == set(TYPES)

    def test_projects_come_with_their_levels(self, place: Place) -> None:
        """A project with security levels names them; one without says that there are none."""
        found = {project.key: project for project in place.tracker.projects()}
        assert found["SHOP"] == Project(
            id="100", key="SHOP", name="Checkout", security_levels=("Internal",)
        )
        assert found["WEB"].security_levels == ()

    def test_levels_can_be_left_out(self, place: Place) -> None:
        """Who does not need the levels gets None, which is never taken for none."""
        found = place.tracker.projects(levels=False)
        assert [project.key for project in found] == ["SHOP", "WEB"]
        assert {project.security_levels for project in found} == {None}

    def test_only_the_projects_asked_for(self, place: Place) -> None:
        """Unknown keys are left out; no key means no project."""
        assert [each.key for each in place.tracker.projects(["WEB", "NOPE"])] == ["WEB"]
        assert place.tracker.projects(["NOPE"]) == ()
        assert place.tracker.projects([]) == ()

    def test_versions_of_a_project(self, place: Place) -> None:
        """All of them, released or not, with their dates."""
        found = {version.name: version for version in place.tracker.versions("SHOP")}
        assert found["1.0"] == Version(
            id="901", project="SHOP", name="1.0", released=True, release_date=date(2026, 10, 1)
        )
        assert (found["1.1"].released, found["1.1"].release_date) == (False, None)
        assert len(found) == 2

    def test_versions_of_no_project(self, place: Place) -> None:
        """A project that is not there is an error, not an empty list."""
        with pytest.raises(NotFoundError):
            place.tracker.versions("NOPE")

    def test_a_search_gives_the_rank_order(self, place: Place) -> None:
        """Across projects there is one order."""
        assert place.keys() == KEYS

    def test_a_search_finds_what_its_query_says(self, place: Place) -> None:
        """And nothing else; nothing found is no error."""
        assert place.keys('project = SHOP AND statusCategory = "Done"') == ["SHOP-4"]
        assert place.keys('project = WEB AND statusCategory = "Done"') == []

    @pytest.mark.parametrize("jql", ["nonsense", "ORDER BY Rank"])
    def test_a_bad_query_is_refused(self, place: Place, jql: str) -> None:
        """A query without sense or bound is an error when its first page is asked for."""
        with pytest.raises(RequestRefusedError) as caught:
            place.ids(jql)
        assert caught.value.status == 400
        assert "JQL" in caught.value.what

    def test_issues_arrive_whole(self, place: Place) -> None:
        """Everything the core knows of an issue is there, typed."""
        assert place.fetched(*KEYS) == {issue.key: issue for issue in expected()}

    def test_only_wanted_fields_are_delivered(self, place: Place) -> None:
        """Values hold the fields asked for, None where an issue has nothing, and no others."""
        pages = place.tracker.fetch([[IDS["WEB-2"]], [IDS["SHOP-3"]]], [WEB_REACH])
        values = {issue.key: issue.values for issue in chain.from_iterable(pages)}
        assert values == {"WEB-2": {WEB_REACH.id: 7.0}, "SHOP-3": {WEB_REACH.id: None}}

    def test_what_does_not_exist_is_left_out(self, place: Place) -> None:
        """Strangers among the ids do no harm."""
        pages = place.tracker.fetch([["987654321", IDS["SHOP-1"]]], FIELDS)
        assert [issue.key for issue in chain.from_iterable(pages)] == ["SHOP-1"]

    def test_nothing_to_fetch(self, place: Place) -> None:
        """No ids, no issues."""
        assert list(chain.from_iterable(place.tracker.fetch([], FIELDS))) == []
        assert list(chain.from_iterable(place.tracker.fetch([[]], FIELDS))) == []

    def test_fetching_while_searching(self, place: Place) -> None:
        """The pages of a search can be handed on as they come."""
        pages = place.tracker.fetch(place.tracker.search(ALL), FIELDS)
        assert {issue.key for page in pages for issue in page} == set(KEYS)

    def test_a_bad_query_breaks_the_fetch(self, place: Place) -> None:
        """A search that fails under a fetch is not taken for an end."""
        with pytest.raises(RequestRefusedError):
            list(place.tracker.fetch(place.tracker.search("nonsense"), FIELDS))

    def test_ranking_before(self, place: Place) -> None:
        """The issues named stand above the anchor, in the order named, and nobody else moves."""
        moved = [IDS["SHOP-4"], IDS["SHOP-3"]]
        with place.permit("w1"):
            assert place.tracker.rank(moved, before=IDS["SHOP-1"]).refused == {}
        rest = [key for key in KEYS if key not in ("SHOP-3", "SHOP-4")]
        assert place.keys() == ["SHOP-4", "SHOP-3", *rest]

    def test_ranking_after(self, place: Place) -> None:
        """The same below an anchor, here the last one."""
        with place.permit("w1"):
            place.tracker.rank([IDS["SHOP-1"], IDS["WEB-1"]], after=IDS[KEYS[-1]])
        rest = [key for key in KEYS if key not in ("SHOP-1", "WEB-1")]
        assert place.keys() == [*rest, "SHOP-1", "WEB-1"]

    def test_just_written_order_can_be_asked_for(self, place: Place) -> None:
        """A search that names what was written shows it."""
        with place.permit("w1"):
            place.tracker.rank([IDS["WEB-2"]], before=IDS["SHOP-1"])
        pages = place.tracker.search(ALL, reconcile=[IDS["WEB-2"]])
        assert next(iter(chain.from_iterable(pages))) == IDS["WEB-2"]

    def test_a_refused_issue_is_named(self, place: Place) -> None:
        """One issue of a call is refused with the site's words; the others are ranked."""
        place.refuse(IDS["SHOP-3"], "Please try again later.")
        with place.permit("w1"):
            result = place.tracker.rank([IDS["SHOP-4"], IDS["SHOP-3"]], before=IDS["SHOP-1"])
        assert dict(result.refused) == {IDS["SHOP-3"]: "Please try again later."}
        assert place.keys() == ["SHOP-4", *(key for key in KEYS if key != "SHOP-4")]

    @pytest.mark.parametrize(
        ("count", "anchors"),
        [(0, {"before": "1"}), (51, {"before": "1"}), (1, {}), (1, {"before": "1", "after": "2"})],
        ids=["none", "too many", "no anchor", "two anchors"],
    )
    def test_what_is_no_rank_call(
        self, place: Place, count: int, anchors: Mapping[str, str]
    ) -> None:
        """A call that Jira would refuse, or misread, is refused before it is sent."""
        with place.permit("w1"), pytest.raises(RequestRefusedError):
            place.tracker.rank([str(number) for number in range(count)], **anchors)
        assert place.keys() == KEYS


class TestMemoryTracker(TrackerContract):
    """The fake in memory."""

    @pytest.fixture
    def place(self) -> Place:
        """The little site in memory."""
        tracker = MemoryTracker(
            ranked=list(expected()),
            catalogue=FIELDS,
            places=(
                Project(id="100", key="SHOP", name="Checkout", security_levels=("Internal",)),
                Project(id="200", key="WEB", name="Shop front"),
            ),
            releases=_versions(),
            types=TYPES,
            grants={"BROWSE_PROJECTS", "SCHEDULE_ISSUES"},
        )

        def refuse(issue: str, words: str) -> None:
            tracker.refusals[issue] = words

        return Place(tracker=tracker, permit=lambda _: nullcontext(), refuse=refuse)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The little site behind a socket, for all tests of the adapter."""
    with start_in_thread(_seed()) as running:
        yield running


class TestJiraCloud(TrackerContract):
    """The adapter over real HTTP, against the sandbox."""

    @pytest.fixture
    def place(self, sandbox: Sandbox) -> Place:
        """The little site as at its beginning."""
        sandbox.site.reset()
        address = sandbox.address
        jira = guarded_jira(address.jira, account=address.account, token=address.token)

        def refuse(issue: str, words: str) -> None:
            sandbox.human({"do": "refuse-rank", "issue": issue, "message": words})

        return Place(tracker=jira.tracker, permit=jira.gate.permit, refuse=refuse)


def _seed() -> Seed:
    """The little site, its issues knowing their projects."""
    seed = little_jira.little_seed()
    projects = {project["key"]: project for project in seed.projects}
    for issue in seed.issues:
        issue["fields"]["project"] = projects[issue["key"].partition("-")[0]]
    return seed


def _versions() -> tuple[Version, ...]:
    return (
        Version(
            id="901", project="SHOP", name="1.0", released=True, release_date=date(2026, 10, 1)
        ),
        Version(id="902", project="SHOP", name="1.1", released=False),
        Version(id="903", project="WEB", name="2.0", released=False),
    )


CATEGORIES: dict[str, Category] = {
    "To Do": "new",
    "In Progress": "indeterminate",
    "Done": "done",
}
LEVELS = {kind.name: kind.level for kind in TYPES}
SPRINTS = {
    "71": Sprint(id=71, name="Sprint 1", state="closed"),
    "72": Sprint(id=72, name="Sprint 2", state="active"),
    "73": Sprint(id=73, name="Sprint 3", state="future"),
}


def expected() -> Iterator[Issue]:
    """The little site's issues as the core knows them, top first."""
    for line in little_jira.ROWS.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        yield _issue(["" if cell == "-" else cell for cell in cells])


def _issue(row: list[str]) -> Issue:
    key, kind, status, labels, reach, impact, version, sprints, parent, minute = row
    project = key.partition("-")[0]
    updated = datetime.fromisoformat(f"{minute}:00+00:00")
    restricted = "restricted" if key == "SHOP-10" else "open"
    return Issue(
        id=IDS[key],
        key=key,
        project=project,
        issue_type=kind,
        level=LEVELS[kind],
        summary=f"Summary of {key}",
        status=status,
        category=CATEGORIES[status],
        created=datetime(2026, 6, 1, 10, 0, tzinfo=UTC),
        updated=updated,
        resolved=updated if status == "Done" else None,
        resolution="Done" if status == "Done" else None,
        priority=("High", "Medium", "Low")[len(key) % 3],
        labels=tuple(labels.split(",")) if labels else (),
        parent_id=IDS[parent] if parent else None,
        parent_key=parent or None,
        versions=(version,) if version else (),
        sprints=tuple(SPRINTS[each] for each in sprints.split(",") if each),
        due=date(2026, 12, 1) if key == "SHOP-3" else None,
        security=restricted if project == "SHOP" else "undelivered",  # type: ignore[arg-type] # two literals
        values={
            REACH.id: float(reach) if reach else None,
            IMPACT.id: impact or None,
            WEB_REACH.id: 7.0 if key == "WEB-2" else None,
        },
    )
