"""From field names to field ids, per project, and what happens when Jira changes under a pin."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.fields import Pin, Resolution, resolve
from pmsync.core.model import Field, Project

SHOP = Project(id="100", key="SHOP", name="Shop")
WEB = Project(id="200", key="WEB", name="Web")
PROJECTS = (SHOP, WEB)


def field(id_: str, name: str, *projects: str, type_key: str = "float") -> Field:
    return Field(
        id=id_, name=name, kind="number", type_key=type_key, custom=True, projects=projects
    )


EFFORT = field("cf1", "Effort")
WEB_EFFORT = field("cf2", "Effort", "200")
REACH = field("cf3", "Reach")


def found(
    wanted: str, *catalogue: Field, pins: Mapping[str, Mapping[str, Pin]] | None = None
) -> Resolution:
    return resolve({"effort": wanted}, catalogue, PROJECTS, pins or {})


class TestByName:
    """The first time a name is met."""

    @pytest.mark.parametrize("wanted", ["Effort", "effort", "EFFORT", "cf1"])
    def test_a_name_or_an_id(self, wanted: str) -> None:
        """Names are compared without regard to case, as Jira does."""
        resolution = found(wanted, EFFORT, REACH)
        assert resolution.in_project("effort", "SHOP") == EFFORT
        assert resolution.pins == {"effort": {"*": Pin(id="cf1", name="Effort", type_key="float")}}
        assert resolution.problems == resolution.warnings == ()

    def test_a_projects_own_field_wins_there(self) -> None:
        """Everywhere else the global one of the same name is read."""
        resolution = found("Effort", EFFORT, WEB_EFFORT)
        assert resolution.in_project("effort", "SHOP") == EFFORT
        assert resolution.in_project("effort", "WEB") == WEB_EFFORT
        assert resolution.fields() == (EFFORT, WEB_EFFORT)

    def test_only_a_projects_own_field(self) -> None:
        """Other projects have none, which is said of each of their issues."""
        resolution = found("Effort", WEB_EFFORT)
        assert resolution.in_project("effort", "WEB") == WEB_EFFORT
        assert resolution.in_project("effort", "SHOP") is None

    def test_two_global_fields_of_one_name(self) -> None:
        """Nobody can know which is meant: both are listed with id and type."""
        other = field("cf9", "effort", type_key="select")
        (problem,) = found("Effort", EFFORT, other).problems
        assert "cf1 (float)" in problem
        assert "cf9 (select)" in problem
        assert "write the id" in problem

    def test_two_fields_of_one_name_in_one_project(self) -> None:
        """The same inside a project, which is named."""
        (problem,) = found("Effort", EFFORT, WEB_EFFORT, field("cf4", "Effort", "200")).problems
        assert "2 fields in project WEB" in problem
        assert "cf2 (float), cf4 (float)" in problem

    def test_no_such_field_lists_similar_ones(self) -> None:
        """The misspelt name is answered with what it may have been."""
        (problem,) = found("Efort", EFFORT, REACH).problems
        assert "similar: Effort (cf1)" in problem

    def test_nothing_similar(self) -> None:
        """No guess is better than a wild one."""
        (problem,) = found("Zzz", EFFORT).problems
        assert problem == "effort: Jira has no field called Zzz"

    def test_a_field_of_a_project_that_cannot_be_seen(self) -> None:
        """It exists, but not for any project we read."""
        (problem,) = found("Effort", field("cf5", "Effort", "999")).problems
        assert "projects that cannot be seen: cf5 (float)" in problem

    def test_every_problem_at_once(self) -> None:
        """One look is enough to mend all rules."""
        names = {"a": "Nope", "b": "Effort", "c": "Nada"}
        resolution = resolve(names, [EFFORT], PROJECTS, {})
        assert len(resolution.problems) == 2


PINNED = {"effort": {"*": Pin(id="cf1", name="Effort", type_key="float")}}


class TestPinned:
    """Later times: the id counts, and changes under it are noticed."""

    def test_unchanged(self) -> None:
        """Nothing to say; the pins stay as they are."""
        resolution = found("Effort", EFFORT, pins=PINNED)
        assert (resolution.pins, resolution.warnings, resolution.problems) == (PINNED, (), ())

    def test_renamed_is_a_warning_until_the_rule_is_edited(self) -> None:
        """The field is read on; the pin keeps the name that the rule is written with."""
        resolution = found("Effort", field("cf1", "Cost"), pins=PINNED)
        assert resolution.problems == ()
        assert "is now called Cost" in resolution.warnings[0]
        assert resolution.pins == PINNED
        again = found("Cost", field("cf1", "Cost"), pins=resolution.pins)
        assert again.warnings == ()
        assert again.pins["effort"]["*"].name == "Cost"

    def test_another_field_takes_the_old_name(self) -> None:
        """The pinned one is still meant, although its name is somebody else's now."""
        resolution = found("Effort", field("cf1", "Cost"), field("cf7", "Effort"), pins=PINNED)
        assert resolution.in_project("effort", "SHOP") == field("cf1", "Cost")

    def test_retyped_stops(self) -> None:
        """Numbers that became options are not the same input."""
        (problem,) = found(
            "Effort", field("cf1", "Effort", type_key="select"), pins=PINNED
        ).problems
        assert "was of type float and is now select" in problem

    def test_deleted_stops(self) -> None:
        """Also when another field of that name is there: it was not chosen by anybody."""
        (problem,) = found("Effort", field("cf8", "Effort"), pins=PINNED).problems
        assert "no longer exists" in problem

    def test_an_edited_rule_resolves_anew(self) -> None:
        """What the rule asks for now is what counts."""
        resolution = found("Reach", EFFORT, REACH, pins=PINNED)
        assert resolution.in_project("effort", "SHOP") == REACH
        assert resolution.pins["effort"]["*"].id == "cf3"

    def test_a_project_gets_a_field_of_its_own(self) -> None:
        """It hides the global one there, so it is read there, and said."""
        resolution = found("Effort", EFFORT, WEB_EFFORT, pins=PINNED)
        assert resolution.in_project("effort", "WEB") == WEB_EFFORT
        assert resolution.in_project("effort", "SHOP") == EFFORT
        assert "project WEB has a field Effort (cf2)" in resolution.warnings[0]
        assert set(resolution.pins["effort"]) == {"*", "WEB"}
        assert found("Effort", EFFORT, WEB_EFFORT, pins=resolution.pins).warnings == ()

    def test_pins_of_rules_that_are_gone_go(self) -> None:
        """A lock file lists what is read, no more."""
        pins = {**PINNED, "old": {"*": Pin(id="cf3", name="Reach", type_key="float")}}
        assert set(found("Effort", EFFORT, REACH, pins=pins).pins) == {"effort"}


@given(st.permutations([EFFORT, WEB_EFFORT, REACH, field("cf6", "Other", "100")]))
def test_the_catalogues_order_does_not_matter(catalogue: list[Field]) -> None:
    """The same fields, the same answer, the same lock file."""
    assert found("Effort", *catalogue) == found("Effort", EFFORT, WEB_EFFORT, REACH)
