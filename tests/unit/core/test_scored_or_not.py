"""P12: a number, or the reason why there is none; never 0, never a guess."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import world
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.model import Field, Issue, Raw
from pmsync.core.scoring.combine import ScoreRules, Verdict, judge_issue
from pmsync.core.scoring.inputs import InputRule, Reading, read_input
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import OrderKey

SNAPSHOT = world.snapshot()
ISSUE = next(i for i in SNAPSHOT.issues if i.key == "SHOP-3")
EFFORT = Field(id="cf1", name="Effort", kind="number", type_key="float", custom=True)


def reading(raw: Raw, **rule: Any) -> Reading:
    issue = replace(ISSUE, values={"cf1": raw})
    return read_input("effort", InputRule(field="Effort", **rule), issue, EFFORT)


def given_value(name: str, value: float | None) -> Reading:
    if value is None:
        return Reading(name=name, field=name, problem="missing", reason=f"field {name} is empty")
    return Reading(name=name, field=name, shown=f"{value:g}", value=value)


class TestReading:
    """One field's value."""

    @pytest.mark.parametrize("raw", [None, "", ()])
    def test_empty(self, raw: Raw) -> None:
        """Empty is missing, and says of which field."""
        found = reading(raw)
        assert (found.value, found.problem, found.reason) == (
            None,
            "missing",
            "field Effort is empty",
        )

    def test_zero_is_a_number(self) -> None:
        """Somebody wrote it; whether it makes sense is the method's affair."""
        assert reading(0.0).value == 0.0

    @pytest.mark.parametrize("raw", [True, "5", "five", ("5",), float("nan"), float("inf")])
    def test_not_a_number(self, raw: Raw) -> None:
        """Nothing is repaired: a text that looks like a number stays a text."""
        found = reading(raw)
        assert (found.value, found.problem) == (None, "unreadable")
        assert "Effort" in found.reason

    def test_percent_is_a_share(self) -> None:
        """80 counts as 0.8, and the person sees 80."""
        found = reading(80.0, unit="percent")
        assert (found.value, found.shown) == (0.8, "80")

    @pytest.mark.parametrize(("raw", "fits"), [(0, True), (100, True), (100.5, False), (-1, False)])
    def test_percent_has_a_scale(self, raw: float, *, fits: bool) -> None:
        """0 to 100 if nothing else is said."""
        assert (reading(float(raw), unit="percent").problem is None) is fits

    def test_a_declared_scale_includes_its_ends(self) -> None:
        """And what is outside is named with both."""
        assert reading(1.0, scale=(1, 5)).value == 1.0
        assert reading(5.0, scale=(1, 5)).value == 5.0
        found = reading(5.5, scale=(1, 5))
        assert (found.problem, found.reason) == ("off_scale", "field Effort is 5.5, outside 1 to 5")

    def test_options_have_numbers(self) -> None:
        """Without regard to case; an unknown option lists the known ones."""
        values = {"High": 2.0, "None": 0.0}
        assert reading("high", values=values).value == 2.0
        assert reading("None", values=values).value == 0.0
        assert "not one of High, None" in reading("Higher", values=values).reason

    def test_classes_have_an_order(self) -> None:
        """The first is the best; several options at once are none of them."""
        classes = ("Must", "Should")
        assert reading("must", classes=classes).value == 0.0
        assert reading("Should", classes=classes).value == 1.0
        assert reading(("Must", "Should"), classes=classes).problem == "off_scale"

    def test_a_project_without_the_field(self) -> None:
        """It is missing there, and says in which project."""
        found = read_input("effort", InputRule(field="Effort"), ISSUE, None)
        assert (found.problem, found.reason) == ("missing", "project SHOP has no field Effort")

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_every_finite_number_is_read_as_it_is(self, raw: float) -> None:
        """No rounding on the way in."""
        assert reading(raw).value == raw


RICE = Rice()


def rice(**values: float | None) -> Any:
    given_ = {"reach": 500.0, "impact": 2.0, "confidence": 0.8, "effort": 4.0, **values}
    return RICE.score({name: given_value(name, value) for name, value in given_.items()})


class TestRice:
    """Reach x impact x confidence / effort."""

    def test_the_formula_with_its_numbers(self) -> None:
        """A person can follow it."""
        assert (rice().value, rice().formula) == (200.0, "500 x 2 x 80 % / 4")

    @pytest.mark.parametrize("name", ["reach", "impact", "confidence", "effort"])
    def test_a_missing_input(self, name: str) -> None:
        """No score, and the field is named."""
        assert (rice(**{name: None}).value, rice(**{name: None}).reason) == (
            None,
            f"field {name} is empty",
        )

    def test_all_missing_inputs_are_named(self) -> None:
        """One look at the issue is enough to fill them in."""
        reason = rice(reach=None, effort=None).reason
        assert reason == "field reach is empty; field effort is empty"

    @pytest.mark.parametrize("effort", [0.0, -1.0])
    def test_no_effort_is_no_score(self, effort: float) -> None:
        """Dividing by nothing would put the least known issue on top."""
        assert rice(effort=effort).value is None
        assert "effort must be above 0" in rice(effort=effort).reason

    @pytest.mark.parametrize("name", ["reach", "impact"])
    def test_negative_values(self, name: str) -> None:
        """They would turn the order upside down."""
        assert f"field {name} is -1" in rice(**{name: -1.0}).reason

    def test_confidence_must_be_a_share(self) -> None:
        """80 instead of 80 % is a slip that multiplies by a hundred."""
        assert "is it a percentage" in rice(confidence=80.0).reason

    def test_zero_reach_is_a_score_of_zero(self) -> None:
        """Here nothing is missing: it is worth nothing."""
        assert rice(reach=0.0).value == 0.0

    def test_a_moonshot_is_noted(self) -> None:
        """Confidence under a half says so beside the score."""
        assert rice(confidence=0.4).notes
        assert not rice(confidence=0.5).notes


def weighted(missing: Any = "unscored", **values: float | None) -> Any:
    method = Weighted(
        weights={"value": 3, "cost": 1},
        lower_is_better=("cost",),
        missing=missing,
        scales={"value": (0, 10), "cost": (0, 10)},
    )
    return method.score({name: given_value(name, value) for name, value in values.items()})


class TestWeighted:
    """The weighted mean on fixed scales."""

    def test_the_mean(self) -> None:
        """Costs count the other way round."""
        score = weighted(value=8.0, cost=2.0)
        assert score.value == 80.0
        assert score.formula == "75% x 80 value + 25% x 80 cost"

    def test_the_ends_of_the_scale(self) -> None:
        """0 and 100."""
        assert weighted(value=0.0, cost=10.0).value == 0.0
        assert weighted(value=10.0, cost=0.0).value == 100.0

    def test_a_missing_input_is_unscored(self) -> None:
        """Unless it was declared otherwise."""
        assert weighted(value=8.0, cost=None).value is None
        assert weighted(value=8.0, cost=None).reason == "field cost is empty"

    def test_reweighting_says_so(self) -> None:
        """The mean of what is there, and a note of what is not."""
        score = weighted("reweight", value=8.0, cost=None)
        assert score.value == pytest.approx(80)
        assert score.notes == ("weighted without it: field cost is empty",)

    def test_nothing_to_reweight(self) -> None:
        """Without any input there is no mean."""
        assert weighted("reweight", value=None, cost=None).value is None

    def test_no_weights_at_all(self) -> None:
        """Nothing is not zero."""
        assert Weighted(weights={}).score({}).value is None

    def test_its_inputs(self) -> None:
        """In the order declared."""
        assert Weighted(weights={"b": 1, "a": 2}).inputs() == ("b", "a")

    @given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
    def test_other_issues_do_not_matter(self, one: float, other: float, cost: float) -> None:
        """More value never scores lower, with scales that are declared and not found."""
        low, high = sorted((one, other))
        assert weighted(value=low, cost=cost).value <= weighted(value=high, cost=cost).value


def verdict(
    issue: Issue = ISSUE,
    values: Mapping[str, Raw] | None = None,
    *,
    order: tuple[OrderKey, ...] | None = None,
) -> Verdict:
    product = world.product()
    changed = {world.INPUTS[name]: value for name, value in (values or {}).items()}
    kept = {**issue.values, **changed}
    rules = ScoreRules(inputs=product.inputs, scores=product.scores, order=order or product.order)
    return judge_issue(rules, SNAPSHOT, replace(issue, values=kept))


class TestVerdict:
    """An issue's key, or why it has none."""

    def test_class_then_score_then_date(self) -> None:
        """One part each, smaller is better; no due date comes last."""
        assert verdict().key == (0.0, -3120.0, 1.0, 0.0)

    def test_a_due_date_goes_before_none(self) -> None:
        """And an earlier one before a later one."""
        early = verdict(replace(ISSUE, due=date(2026, 5, 1))).key
        late = verdict(replace(ISSUE, due=date(2026, 6, 1))).key
        none = verdict().key
        assert sorted([none or (), late or (), early or ()]) == [early, late, none]

    def test_the_latest_first(self) -> None:
        """Dates can be turned round; a missing one is still last."""
        order = (OrderKey(by="due", direction="latest first"),)
        early = verdict(replace(ISSUE, due=date(2026, 5, 1)), order=order).key
        late = verdict(replace(ISSUE, due=date(2026, 6, 1)), order=order).key
        none = verdict(order=order).key
        assert sorted([none or (), late or (), early or ()]) == [late, early, none]

    def test_moments_too(self) -> None:
        """Created and updated are moments, not days."""
        order = (OrderKey(by="created", direction="earliest first"),)
        later = replace(ISSUE, created=ISSUE.created + timedelta(seconds=1))
        first, second = verdict(order=order).key, verdict(later, order=order).key
        assert sorted([second or (), first or ()]) == [first, second]

    def test_an_input_as_a_step(self) -> None:
        """Highest or lowest first."""
        up = (OrderKey(by="reach", direction="lowest first"),)
        down = (OrderKey(by="reach", direction="highest first"),)
        assert verdict(order=up).key == (2600.0,)
        assert verdict(order=down).key == (-2600.0,)

    def test_every_reason_once(self) -> None:
        """A field that two steps need is named once."""
        order = (OrderKey(by="effort", direction="lowest first"), *world.product().order)
        found = verdict(values={"effort": None, "class": None}, order=order)
        assert found.key is None
        assert found.reason == "field Effort is empty; field Class is empty"

    def test_an_input_that_no_step_needs(self) -> None:
        """It may be missing; the issue is scored all the same."""
        order = (OrderKey(by="class"),)
        assert verdict(values={"effort": None}, order=order).key == (0.0,)

    def test_a_score_beyond_all_numbers(self) -> None:
        """Infinity cannot be compared with sense, so it is no score."""
        found = verdict(values={"reach": 1.7e308, "impact": "Massive"})
        assert found.key is None
        assert "too large" in found.reason

    def test_a_method_that_gives_no_reason(self) -> None:
        """It is unscored all the same, and never sorted by a shorter key."""
        rules = ScoreRules(
            inputs={}, scores={"worth": Weighted(weights={})}, order=(OrderKey(by="worth"),)
        )
        found = judge_issue(rules, SNAPSHOT, ISSUE)
        assert (found.key, found.reason) == (None, "worth has no value")

    @given(
        st.fixed_dictionaries(
            {
                "reach": st.none() | st.floats(-10, 1e4),
                "impact": st.none() | st.sampled_from(["High", "Low", "Odd"]),
                "confidence": st.none() | st.floats(-10, 110),
                "effort": st.none() | st.floats(-1, 10),
                "class": st.none() | st.sampled_from(["Must", "Never"]),
            }
        )
    )
    def test_a_key_or_a_reason_never_both(self, values: dict[str, Raw]) -> None:
        """Whatever is in the fields."""
        found = verdict(values=values)
        assert (found.key is None) is bool(found.reason)
        if any(value is None for value in values.values()):
            assert found.key is None
