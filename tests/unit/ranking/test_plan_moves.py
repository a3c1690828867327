"""The plan of calls: against the plain quadratic programme, and in what it promises."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.ranking.moves import Move, apply_move, plan_moves
from pmsync.core.ranking.sequence import displaced

PRICES = st.integers(0, 12).map(lambda eighths: eighths / 8)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[int], dict[str, float], float, int, set[str]]:
    """Places now of the desired order, prices, price of a call, batch, feasible pins."""
    places = draw(st.permutations(range(draw(st.integers(0, 60)))))
    cost = {
        str(index): draw(PRICES)
        for index in draw(st.lists(st.sampled_from(range(60)), max_size=60, unique=True))
        if index < len(places)
    }
    pins: set[str] = set()
    for index, wanted in enumerate(draw(st.lists(st.booleans(), max_size=len(places)))):
        if wanted and all(places[int(pin)] < places[index] for pin in pins):
            pins.add(str(index))
    batch = draw(st.one_of(st.integers(1, 7), st.sampled_from([20, 50, 100])))
    return places, cost, draw(PRICES), batch, pins if draw(st.booleans()) else set()


def issues_of(places: Sequence[int]) -> tuple[list[str], list[str]]:
    """Today's order and the desired one; issue "0" is the first desired."""
    desired = [str(index) for index in range(len(places))]
    return sorted(desired, key=lambda issue: places[int(issue)]), desired


def quadratic(
    places: Sequence[int], prices: Sequence[float], call_cost: float, batch: int, pins: set[str]
) -> tuple[float, int]:
    """The recurrence as it is written: the least price, and of those the fewest named issues."""
    size = len(places)
    at = [-1, *places, size]
    spent = [0.0] * (size + 1)
    for index, price in enumerate(prices):
        spent[index + 1] = spent[index] + price
    firm = [True, *(str(index) in pins for index in range(size)), True]
    least: list[tuple[float, int]] = [(0.0, 0)] + [(math.inf, 0)] * (size + 1)
    for below in range(1, size + 2):
        for above in range(below - 1, -1, -1):
            gap = below - above - 1
            if at[above] < at[below]:
                price = call_cost * -(-gap // batch) + spent[below - 1] - spent[above]
                least[below] = min(least[below], (least[above][0] + price, least[above][1] + gap))
            if firm[above]:
                break
    return least[size + 1]


@given(case=cases())
def test_price_is_that_of_the_quadratic_programme(
    case: tuple[list[int], dict[str, float], float, int, set[str]],
) -> None:
    """Same price, and of equal prices the fewest named issues, on random cases."""
    places, cost, call_cost, batch, pins = case
    current, desired = issues_of(places)
    prices = [cost.get(issue, 1.0) for issue in desired]

    moves = plan_moves(current, desired, pinned=pins, cost=cost, call_cost=call_cost, batch=batch)

    named = [issue for move in moves for issue in move.issues]
    price = sum(cost.get(issue, 1.0) for issue in named) + call_cost * len(moves)
    assert (price, len(named)) == quadratic(places, prices, call_cost, batch, pins)
    assert len(set(named)) == len(named)
    assert not pins & set(named)


@given(
    case=cases(),
    chance=st.randoms(use_true_random=False),
    foreign=st.integers(0, 8),
    share=st.floats(0, 0.6),
)
def test_refused_entries_disturb_nobody_else(
    case: tuple[list[int], dict[str, float], float, int, set[str]],
    chance: Random,
    foreign: int,
    share: float,
) -> None:
    """Refused issues stay where they were, all others reach the desired order, in any order."""
    places, cost, call_cost, batch, pins = case
    current, desired = issues_of(places)
    order = list(current)
    for number in range(foreign):
        order.insert(chance.randrange(len(order) + 1), f"x{number}")
    moves = plan_moves(current, desired, pinned=pins, cost=cost, call_cost=call_cost, batch=batch)
    refused = {issue for issue in current if chance.random() < share}
    lost = {number for number in range(len(moves)) if chance.random() < share / 3}
    refused |= {issue for number in lost for issue in moves[number].issues}
    touched = {issue for move in moves for issue in move.issues} - refused

    after = order
    for number, move in enumerate(moves):
        if number not in lost:
            after = apply_move(after, move, refused=refused)

    assert sorted(after) == sorted(order)
    assert [i for i in after if i not in touched] == [i for i in order if i not in touched]
    reached = [i for i in after if not i.startswith("x")]
    named = {issue for move in moves for issue in move.issues}
    standing = [i for i in reached if i not in named & refused]
    assert standing == [i for i in desired if i not in named & refused]


@given(case=cases())
def test_all_calls_applied_reach_the_desired_order(
    case: tuple[list[int], dict[str, float], float, int, set[str]],
) -> None:
    """Every anchor stays, so what one call lands on no other call moves."""
    places, cost, call_cost, batch, pins = case
    current, desired = issues_of(places)
    moves = plan_moves(current, desired, pinned=pins, cost=cost, call_cost=call_cost, batch=batch)

    after = current
    for move in moves:
        after = apply_move(after, move)

    assert after == desired
    assert not {move.anchor for move in moves} & {i for move in moves for i in move.issues}
    assert plan_moves(after, desired) == ()


@given(places=st.permutations(range(12)))
def test_where_naming_is_all_that_costs_the_displaced_are_named(places: list[int]) -> None:
    """With free calls, as many issues are named as are displaced."""
    current, desired = issues_of(places)

    moves = plan_moves(current, desired, call_cost=0.0)

    assert sum(len(move.issues) for move in moves) == len(displaced(current, desired))


def test_one_issue_to_the_top_is_one_call() -> None:
    """The commonest change of all."""
    assert plan_moves("abcd", "dabc") == (Move(issues=("d",), before="a"),)


def test_a_block_is_one_call_next_to_what_stays() -> None:
    """An epic's thirty issues go in one call."""
    rest, epic = [f"r{n}" for n in range(100)], [f"e{n}" for n in range(30)]

    moves = plan_moves(rest + epic, rest[:10] + epic + rest[10:])

    assert moves == (Move(issues=tuple(epic), before="r10"),)


def test_parts_of_the_bottom_gap_go_last_part_first() -> None:
    """Both land directly below what stays, so the lower part has to be there first."""
    moves = plan_moves("abcde", "eabcd", pinned="e", batch=3)

    assert moves == (Move(issues=("d",), after="e"), Move(issues=("a", "b", "c"), after="e"))


def test_parts_of_an_inner_gap_go_top_part_first() -> None:
    """Both land directly above what stays, so the lower part comes second."""
    moves = plan_moves("eabcd", "abcde", pinned="e", batch=3)

    assert moves == (Move(issues=("a", "b", "c"), before="e"), Move(issues=("d",), before="e"))


def test_a_dear_issue_stays_and_cheap_ones_move() -> None:
    """The price of an issue decides which side of a swap is named."""
    cheap_top = plan_moves("abc", "cab", cost={"c": 9.0})

    assert cheap_top == (Move(issues=("a", "b"), after="c"),)


def test_dear_calls_name_more_issues_in_fewer_calls() -> None:
    """The price of a call is the knob between history entries and requests."""
    current = [str(n) for n in range(20)]
    desired = list(current)
    for low in range(0, 20, 4):
        desired[low], desired[low + 1] = desired[low + 1], desired[low]

    few_named = plan_moves(current, desired, call_cost=0.1)
    few_calls = plan_moves(current, desired, call_cost=50.0)

    assert [len(move.issues) for move in few_named] == [1] * 5
    assert len(few_calls) == 1


def test_equal_prices_are_settled_alike_every_time() -> None:
    """A swap names the issue that rises; the same input gives the same plan."""
    assert plan_moves("ab", "ba") == (Move(issues=("b",), before="a"),)
    assert plan_moves("abcdef", "fedcba") == plan_moves("abcdef", "fedcba")


def test_nothing_to_do_is_no_call() -> None:
    """The desired order already stands, also when it is empty."""
    assert plan_moves("abc", "abc", pinned="abc") == ()
    assert plan_moves("", "") == ()


def test_pins_outside_the_order_are_ignored() -> None:
    """Committed issues of other boards do not matter here."""
    assert plan_moves("ab", "ba", pinned={"z"}) == (Move(issues=("b",), before="a"),)


def test_pins_that_would_have_to_change_places_are_refused() -> None:
    """Infeasible exactly when the pinned issues' order today is not the desired one."""
    with pytest.raises(ValueError, match="pinned issues would have to change their order"):
        plan_moves("abc", "cba", pinned="ac")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"batch": 0}, "at least one issue, not 0"),
        ({"call_cost": -1.0}, "finite and not negative"),
        ({"cost": {"a": float("nan")}}, "finite and not negative"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, object], told: str) -> None:
    """A batch of nothing and a price that is no price are mistakes of the caller."""
    with pytest.raises(ValueError, match=told):
        plan_moves("ab", "ba", **arguments)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("desired", ["ab", "abd", "abcc", "abcd"])
def test_orders_of_different_issues_are_refused(desired: str) -> None:
    """A plan between different sets would lose issues or invent them."""
    with pytest.raises(ValueError, match=r"same issues|more than once"):
        plan_moves("abc", desired)


@pytest.mark.parametrize(
    "parts",
    [
        {"issues": ()},
        {"issues": (), "before": "a"},
        {"issues": ("a",)},
        {"issues": ("a",), "before": "b", "after": "c"},
        {"issues": ("a",), "before": "a"},
        {"issues": ("a", "a"), "before": "b"},
    ],
)
def test_a_move_is_a_call_that_could_be_sent(parts: dict[str, object]) -> None:
    """One anchor, at least one issue, each once, and never next to itself."""
    with pytest.raises(ValueError, match="a move names"):
        Move(**parts)  # type: ignore[arg-type]  # wrong on purpose


def test_apply_move_needs_its_anchor() -> None:
    """An anchor that is gone is an error, not a move to the top."""
    with pytest.raises(ValueError, match="not in list"):
        apply_move(["a"], Move(issues=("a",), before="z"))


def test_ten_thousand_shuffled_issues_take_few_bisections(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most log2(50) + 2 queries and additions an issue: counted, not timed."""
    size, counted = 10_000, [0]

    def counting(steps: list[int], place: int) -> int:
        counted[0] += 1
        return bisect_left(steps, place)

    monkeypatch.setattr("pmsync.core.ranking.staircase.bisect_left", counting)
    desired = [str(n) for n in range(size)]
    current = sorted(desired, key=lambda issue: crc32(issue.encode()))

    moves = plan_moves(current, desired)

    assert 0 < counted[0] <= size * 2 * (math.log2(50) + 2)
    assert len(moves) + sum(len(move.issues) for move in moves) < size + size / 50
    after = current
    for move in moves:
        after = apply_move(after, move)
    assert after == desired
