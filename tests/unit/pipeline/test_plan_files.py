"""A plan as a file: what was approved is what is read, and nothing else is a plan."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_world import RunWorld

from pmsync.core.brakes import targets
from pmsync.core.errors import PlanFileError
from pmsync.core.plan import Plan, RankMove, Ref
from pmsync.pipeline.planfile import decode, encode, plan_hash, targets_of


@pytest.fixture(scope="module")
def plan() -> Plan:
    return RunWorld().preview()


def forged(plan: Plan) -> str:
    """The file of a plan made by other means, with a hash that fits."""
    return encode(plan)


def altered(plan: Plan, change: Callable[[dict[str, Any]], Any], *, fit: bool = False) -> str:
    """The plan's file after *change*; with a hash that fits, if asked for."""
    content = json.loads(encode(plan))
    change(content)
    if fit:
        raw = msgspec.json.encode(content["plan"], order="sorted")
        content["hash"] = hashlib.sha256(raw).hexdigest()
    return json.dumps(content)


def refused(text: str) -> str:
    with pytest.raises(PlanFileError) as caught:
        decode(text, where="plan.json")
    assert caught.value.where == "plan.json"
    assert caught.value.cure
    return caught.value.what


class TestRoundTrip:
    """Written and read."""

    def test_the_same_plan_comes_back(self, plan: Plan) -> None:
        """With its moves, pages and bodies."""
        assert plan.moves()
        assert plan.page_changes()
        assert decode(encode(plan), where="") == plan

    def test_its_hash_is_its_identity(self, plan: Plan) -> None:
        """Layout does not matter, content does."""
        compact = json.dumps(json.loads(encode(plan)))
        assert plan_hash(decode(compact, where="")) == plan_hash(plan)
        assert plan_hash(replace(plan, package="9.9")) != plan_hash(plan)

    def test_the_targets_can_be_read_alone(self, plan: Plan) -> None:
        """As approval remembers them; what is no plan approves nothing."""
        assert targets_of(encode(plan)) == targets(plan.changes)
        assert targets_of("{}") == targets_of("nonsense") == frozenset()


class TestAltered:
    """Every change after the plan was made is noticed."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda c: c["plan"].update(product="other"),
            lambda c: c["plan"]["changes"].pop(),
            lambda c: c["plan"]["changes"].reverse(),
            lambda c: c["plan"]["displaced"][0].update(reason="because"),
            lambda c: c["plan"]["displaced"][0].update(unknown="key"),
            lambda c: c["plan"]["changes"][0].update(comment="unknown key"),
            lambda c: c["plan"]["changes"][0]["issues"][0].update(key="SHOP-999"),
            lambda c: c.update(hash="0" * 64),
            lambda c: c.update(hash=7),
        ],
        ids=[
            "product",
            "a change less",
            "another order",
            "a reason",
            "an unknown key of a row",
            "an unknown key of a change",
            "the issues of a move",
            "the hash",
            "no hash",
        ],
    )
    def test_content(self, plan: Plan, change: Callable[[dict[str, Any]], Any]) -> None:
        """Known keys and unknown ones."""
        assert "altered" in refused(altered(plan, change))

    @given(st.integers(0, 10**6), st.sampled_from('0aZ}\\"'))
    def test_any_character(self, at: int, character: str) -> None:
        """One character of the file is another one: either it reads the same, or is refused."""
        text = SMALL_TEXT
        at %= len(text)
        other = text[:at] + character + text[at + 1 :]
        with suppress(PlanFileError):
            assert decode(other, where="") == SMALL


SMALL = Plan(
    product="checkout",
    site="acme",
    package="0.1.0",
    as_of=RunWorld().line().today(),
    expires=RunWorld().line().today(),
    rules="r",
    snapshot="s",
    changes=(
        RankMove(
            change="rank/0001",
            issues=(Ref(id="1", key="A-1"), Ref(id="3", key="A-3")),
            before=Ref(id="2", key="A-2"),
            expects=("2", "1", "3"),
        ),
    ),
)
SMALL_TEXT = encode(SMALL)


class TestNoPlan:
    """Files of other kinds."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "not JSON"),
            ("{", "not JSON"),
            ("\ud800", "not JSON"),
            ("[" * 5000, "not JSON"),
            ("[]", "not a plan file"),
            ("{}", "not a plan file"),
            ('{"plan": {}, "hash": ""}', "not a plan file"),
            ('{"pmsync_plan": 1, "plan": {}, "hash": "", "more": 1}', "not a plan file"),
            ('{"pmsync_plan": 2, "plan": {}, "hash": ""}', "format 2"),
            ('{"pmsync_plan": 1, "plan": {}, "hash": ""}', "not a valid plan"),
            ('{"pmsync_plan": 1, "plan": [], "hash": ""}', "not a valid plan"),
        ],
    )
    def test_refused_in_one_sentence(self, text: str, said: str) -> None:
        """Each with what it is instead."""
        assert said in refused(text)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda c: c["plan"].update(extra=1), "unknown key extra"),
            (lambda c: c["plan"].pop("product"), "product"),
            (lambda c: c["plan"].update(backlog="many"), "int"),
            (lambda c: c["plan"].update(as_of="yesterday"), "date"),
            (lambda c: c["plan"].update(changes="none"), "not a valid plan"),
            (lambda c: c["plan"]["changes"][0].update(kind="delete"), "unknown kind"),
            (lambda c: c["plan"]["changes"][0].pop("expects"), "expects"),
        ],
        ids=["extra", "missing", "type", "day", "changes", "kind", "part"],
    )
    def test_of_a_wrong_shape(
        self, plan: Plan, change: Callable[[dict[str, Any]], Any], said: str
    ) -> None:
        """Even where the hash fits."""
        assert said in refused(altered(plan, change, fit=True))


def with_move(**changes: Any) -> Plan:
    (move,) = SMALL.moves()
    return replace(SMALL, changes=(replace(move, **changes),))


class TestForged:
    """A hash is no signature: what no plan of ours holds is refused."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"before": None},
            {"after": Ref(id="9", key="A-9")},
            {"issues": ()},
            {"issues": (Ref(id="2", key="A-2"),)},
            {"issues": (Ref(id="1", key="A-1"), Ref(id="1", key="A-1"))},
            {"issues": (Ref(id="99", key="X-99"),)},
            {"expects": ()},
        ],
    )
    def test_moves(self, changes: dict[str, Any]) -> None:
        """No anchor, two, nothing to move, or issues beyond the precondition."""
        assert "rank/0001" in refused(forged(with_move(**changes)))

    def test_too_many_issues_in_a_call(self) -> None:
        """Jira takes fifty."""
        refs = tuple(Ref(id=str(n), key=f"A-{n}") for n in range(10, 61))
        plan = with_move(issues=refs, expects=("2", *(ref.id for ref in refs)))
        assert "1 to 50" in refused(forged(plan))

    def test_one_name_twice(self) -> None:
        """Outcomes are told by name."""
        assert "one name" in refused(forged(replace(SMALL, changes=SMALL.changes * 2)))

    def test_a_body_under_another_name(self, plan: Plan) -> None:
        """Bodies are named by their hash."""
        key = next(iter(plan.bodies))
        bodies = {**plan.bodies, key: "<p>other</p>"}
        assert f"the body {key[:12]}" in refused(forged(replace(plan, bodies=bodies)))

    def test_a_body_that_is_missing(self, plan: Plan) -> None:
        """It would be noticed in the middle of applying."""
        assert "is missing" in refused(forged(replace(plan, bodies={})))
