"""The pull: whole and incremental, what left and why, and fields under their names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from run_world import RunWorld

from pmsync.core.errors import IncompleteInputError
from pmsync.core.model import Issue, Link
from pmsync.core.rules import RankRules
from pmsync.pipeline.ask import BadQueryError
from pmsync.pipeline.pull import Pulled, pull

SHOP3 = "10003"


class Pulling:
    """Pull after pull, each keeping what the one before it found."""

    def __init__(self, **rules: Any) -> None:
        self.w = RunWorld(**rules)
        self.known: dict[str, Issue] = {}
        self.mark: Any = None
        self.fetched: list[str] = []
        fetch = self.w.jira.fetch

        def noticing(ids: Any, fields: Any) -> Any:
            pages = [tuple(page) for page in ids]
            self.fetched += [issue for page in pages for issue in page]
            return fetch(pages, fields)

        self.w.jira.fetch = noticing  # type: ignore[method-assign]  # the test looks on

    def __call__(self, **options: Any) -> Pulled:
        self.fetched.clear()
        self.w.clock.at += timedelta(hours=1)
        found = pull(
            self.w.product,
            tracker=self.w.jira,
            known=self.known,
            mark=self.mark,
            pins=self.w.pins,
            now=self.w.clock.now(),
            browse_url="https://acme.example",
            **options,
        )
        self.known = {**self.known, **{issue.id: issue for issue in found.changed}}
        self.known = {key: one for key, one in self.known.items() if key not in found.gone}
        self.mark, self.w.pins = found.mark, found.pins
        return found

    def seen(self, key: str) -> Issue:
        found = self(full=False)
        return next(issue for issue in found.snapshot.issues if issue.key == key)


class TestWhole:
    """The first pull, and those that must be like it."""

    def test_everything_in_rank_order(self) -> None:
        """Of the scope, and with the sets that the rules name."""
        pulling = Pulling()
        found = pulling()
        in_scope = [key for key in pulling.w.jira.order() if not key.startswith("SEC")]
        assert [issue.key for issue in found.snapshot.issues] == in_scope
        assert (found.full, found.before, found.gone, found.lost) == (True, 0, (), ())
        new = {issue.id for issue in found.snapshot.issues if issue.category == "new"}
        assert found.snapshot.sets == {"rank:only": new}

    def test_the_same_world_the_same_snapshot(self) -> None:
        """Only the moment differs, whether all or nothing was fetched."""
        pulling = Pulling()
        first, second, third = pulling(), pulling(), pulling(full=True)
        moment = first.snapshot.pulled_at
        assert replace(second.snapshot, pulled_at=moment) == first.snapshot
        assert replace(third.snapshot, pulled_at=moment) == first.snapshot
        assert (second.full, third.full) == (False, True)

    @pytest.mark.parametrize("what", ["scope", "inputs"])
    def test_other_rules_pull_all(self, what: str) -> None:
        """What is kept was pulled by other rules: other issues, or without a field."""
        pulling = Pulling()
        pulling()
        if what == "scope":
            pulling.w.set(scope="project in (SHOP)")
        else:
            inputs = {
                name: rule for name, rule in pulling.w.product.inputs.items() if name != "reach"
            }
            pulling.w.set(inputs=inputs, order=(), scores={})
        assert pulling().full

    def test_without_fields_the_catalogue_is_not_asked_for(self) -> None:
        """And nothing is pinned."""
        pulling = Pulling(inputs={}, scores={}, order=(), release_notes=(), pages=None)
        assert pulling().pins == {}


class TestIncremental:
    """Later pulls: what is new or touched is fetched, the rest is known."""

    def test_nothing_happened(self) -> None:
        """Nothing is fetched."""
        pulling = Pulling()
        pulling()
        assert pulling().changed == ()
        assert pulling.fetched == []

    def test_a_touched_issue(self) -> None:
        """It alone; once the overlap is over, nothing again."""
        pulling = Pulling()
        pulling()
        pulling.w.jira.edit("SHOP-3", summary="Other")
        assert pulling.seen("SHOP-3").summary == "Other"
        assert pulling.fetched == [SHOP3]
        pulling()
        assert pulling.fetched == []

    def test_a_change_during_the_last_pull_is_not_missed(self) -> None:
        """The overlap reaches back before its beginning."""
        pulling = Pulling()
        pulling()
        moment = pulling.mark.since - timedelta(minutes=9)
        at = pulling.w.jira.order().index("SHOP-3")
        late = replace(pulling.w.jira.ranked[at], summary="Late", updated=moment)
        pulling.w.jira.ranked[at] = late
        assert pulling.seen("SHOP-3").summary == "Late"

    def test_a_re_ranked_issue(self) -> None:
        """The census notices what `updated` does not show; nothing is fetched."""
        pulling = Pulling()
        pulling()
        pulling.w.jira.move("SHOP-8", 0)
        assert pulling().snapshot.issues[0].key == "SHOP-8"
        assert pulling.fetched == []

    def test_a_new_issue(self) -> None:
        """However old its last change is: it may have been moved into the scope."""
        pulling = Pulling()
        pulling.w.jira.hidden = {SHOP3}
        pulling()
        pulling.w.jira.hidden = set()
        assert pulling.seen("SHOP-3").id == SHOP3
        assert pulling.fetched == [SHOP3]

    def test_a_moved_issue_keeps_its_identity(self) -> None:
        """Same id, another key; its children speak of the key it has now."""
        pulling = Pulling()
        pulling()
        pulling.w.jira.edit("SHOP-1", key="WEB-77", project="WEB")
        found = pulling()
        assert found.gone == ()
        child = next(issue for issue in found.snapshot.issues if issue.key == "SHOP-11")
        assert (child.parent_id, child.parent_key) == ("10001", "WEB-77")

    def test_a_project_with_another_key(self) -> None:
        """No issue is touched by that, and none is lost: they are fetched again."""
        pulling = Pulling()
        pulling()
        jira = pulling.w.jira
        jira.places = tuple(
            replace(one, key="NET") if one.key == "WEB" else one for one in jira.places
        )
        jira.ranked = [
            replace(one, project="NET", key=one.key.replace("WEB", "NET"))
            if one.project == "WEB"
            else one
            for one in jira.ranked
        ]
        jira.releases = tuple(
            replace(one, project="NET") if one.project == "WEB" else one for one in jira.releases
        )
        pages = pulling.w.product.pages
        assert pages
        readers = replace(pages.readers, projects=("SHOP", "NET"))
        jira.former = {"WEB": "NET"}
        pulling.w.set(pages=replace(pages, readers=readers))
        found = pulling()
        assert found.lost == ()
        assert "NET-1" in {issue.key for issue in found.snapshot.issues}


class TestGone:
    """Issues that were known and are not in scope any more."""

    @pytest.mark.parametrize(
        ("how", "lost"), [("deleted", True), ("hidden", True), ("edited out", False)]
    )
    def test_explained_or_not(self, how: str, *, lost: bool) -> None:
        """Deleted and hidden ones look alike; what can still be seen is explained."""
        pulling = Pulling()
        pulling()
        if how == "deleted":
            pulling.w.jira.delete("SHOP-3")
        elif how == "hidden":
            pulling.w.jira.hidden = {SHOP3}
        else:
            pulling.w.jira.edit("SHOP-3", project="SEC")
        found = pulling()
        assert found.gone == (SHOP3,)
        assert found.lost == ((SHOP3,) if lost else ())
        assert SHOP3 not in found.snapshot.by_id()

    def test_a_narrower_scope_explains_all(self) -> None:
        """We said so ourselves."""
        pulling = Pulling()
        pulling()
        pulling.w.set(scope="project in (SHOP)")
        found = pulling()
        assert found.gone
        assert found.lost == ()

    def test_an_empty_scope(self) -> None:
        """Where there were issues, it stops; where there never were, it is just empty."""
        pulling = Pulling()
        pulling.w.jira.hidden = {issue.id for issue in pulling.w.jira.ranked}
        assert pulling().snapshot.issues == ()
        pulling.w.jira.hidden = set()
        pulling()
        pulling.w.jira.hidden = {issue.id for issue in pulling.w.jira.ranked}
        with pytest.raises(IncompleteInputError, match="holds no issue"):
            pulling()

    def test_a_lost_project(self) -> None:
        """Named, with what to do; its issues are not simply gone."""
        pulling = Pulling()
        pulling()
        pulling.w.jira.hidden = {i.id for i in pulling.w.jira.ranked if i.project == "WEB"}
        pulling.w.jira.places = pulling.w.jira.places[:1]
        pulling.w.jira.ranked = [i for i in pulling.w.jira.ranked if i.project == "SHOP"]
        with pytest.raises(IncompleteInputError, match="project WEB had issues in scope"):
            pulling()

    def test_issues_that_are_counted_but_not_handed_out(self) -> None:
        """A few linger in the index; many are a fault, also at the first pull."""
        pulling = Pulling()
        pulling.w.jira.undelivered = {SHOP3}
        assert SHOP3 not in pulling().snapshot.by_id()
        pulling = Pulling()
        pulling.w.jira.undelivered = {issue.id for issue in pulling.w.jira.ranked[:10]}
        with pytest.raises(IncompleteInputError, match="counts 29 issues in scope"):
            pulling()


class TestRestrictedOnes:
    """P10 begins here: what is restricted leaves before anything is computed."""

    def test_they_leave_issues_sets_links_and_parents(self) -> None:
        """And only their ids are remembered."""
        pulling = Pulling()
        pulling.w.jira.edit("SHOP-1", security="restricted")
        link = Link(kind="Blocks", outward=True, other_id="10001", other_key="SHOP-1")
        pulling.w.jira.edit("SHOP-3", links=(link,))
        found = pulling().snapshot
        assert found.restricted == {"10001"}
        by_id = found.by_id()
        assert "10001" not in by_id
        assert by_id[SHOP3].links == ()
        assert by_id["10011"].parent_id is None
        assert not any("10001" in ids for ids in found.sets.values())

    def test_versions_of_hidden_projects(self) -> None:
        """A project without a shown issue brings no versions."""
        pulling = Pulling()
        for key in [key for key in pulling.w.jira.order() if key.startswith("WEB")]:
            pulling.w.jira.edit(key, security="restricted")
        found = pulling().snapshot
        assert {version.project for version in found.versions} == {"SHOP"}
        assert [project.key for project in found.projects] == ["SHOP"]

    def test_a_newly_restricted_issue(self) -> None:
        """An edit like any other: seen at the next pull."""
        pulling = Pulling()
        pulling()
        pulling.w.jira.edit("SHOP-3", security="restricted")
        found = pulling()
        assert found.snapshot.restricted == {SHOP3}
        assert (found.gone, found.lost) == ((), ())

    def test_a_project_that_gets_levels(self) -> None:
        """No issue is touched by that, but undelivered fields mean something now."""
        pulling = Pulling()
        pulling.w.jira.edit("WEB-1", security="undelivered")
        assert "20001" in pulling().snapshot.by_id()
        pulling.w.jira.places = tuple(
            replace(one, security_levels=("Internal",)) for one in pulling.w.jira.places
        )
        assert "20001" not in pulling().snapshot.by_id()


class TestRules:
    """What the configuration got wrong."""

    def test_a_refused_jql_names_its_rule(self) -> None:
        """With Jira's own words."""
        pulling = Pulling(rank=RankRules(level=1, never_move=("labels = a b",)))
        with pytest.raises(BadQueryError, match=r"never_move:0: .*\(labels = a b\)") as caught:
            pulling()
        assert "'labels = a b'" in caught.value.what
        assert caught.value.exit_code == 2

    def test_a_refused_scope(self) -> None:
        """At the first pull there is no project to miss."""
        pulling = Pulling(scope="labels = a b")
        with pytest.raises(BadQueryError, match=r"scope: \(labels = a b\)"):
            pulling()

    def test_an_unknown_field_stops(self) -> None:
        """All of them are named at once."""
        pulling = Pulling()
        pulling.w.jira.catalogue = pulling.w.jira.catalogue[2:]
        with pytest.raises(IncompleteInputError, match=r"Reach.*Impact"):
            pulling()

    def test_a_retyped_field_stops(self) -> None:
        """Pinned at the first pull, missed at the second."""
        pulling = Pulling()
        pulling()
        first, *rest = pulling.w.jira.catalogue
        pulling.w.jira.catalogue = (replace(first, type_key="textfield"), *rest)
        with pytest.raises(IncompleteInputError, match="is now textfield"):
            pulling()

    def test_a_renamed_field_is_noted(self) -> None:
        """And read on."""
        pulling = Pulling()
        pulling()
        first, *rest = pulling.w.jira.catalogue
        pulling.w.jira.catalogue = (replace(first, name="Range"), *rest)
        found = pulling()
        assert "is now called Range" in found.notes[0].text
        assert found.snapshot.fields["reach"]["SHOP"].name == "Range"

    def test_never_move_sets(self) -> None:
        """Each entry that asks something has its set."""
        rank = RankRules(level=1, never_move=("child_in_open_sprint", "labels = pinned"))
        pulling = Pulling(rank=rank)
        pulling.w.jira.sprinting = {"10013"}
        pulling.w.jira.edit("SHOP-3", labels=("pinned",))
        assert pulling().snapshot.sets == {"open_sprint": {"10013"}, "never_move:1": {SHOP3}}


def test_only_projects_in_scope_are_asked_for_their_levels() -> None:
    """A site may have hundreds of others."""
    pulling = Pulling()
    asked: list[Any] = []
    projects = pulling.w.jira.projects

    def noticing(keys: Any = None, *, levels: bool = True) -> Any:
        asked.append((keys, levels))
        return projects(keys, levels=levels)

    pulling.w.jira.projects = noticing  # type: ignore[method-assign]  # the test looks on
    pulling()
    assert asked[:2] == [(None, False), (["SHOP", "WEB"], True)]
    assert all(keys is not None for keys, levels in asked if levels)
