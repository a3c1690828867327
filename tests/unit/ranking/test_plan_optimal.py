"""No plan is cheaper: the price of `plan_moves` against Dijkstra over all permutations.

The search knows nothing of gaps and subsequences: from any order, a call takes up to K issues
in any listed order to any place of the rest, and costs what naming them costs plus the call.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from heapq import heappop, heappush
from itertools import permutations

import pytest

from pmsync.core.ranking.moves import Move, plan_moves

Order = tuple[str, ...]
FOREIGN = "xyz"


def calls(order: Order, movable: Collection[str], batch: int) -> Iterator[tuple[Order, Order]]:
    """Yield `(named, order afterwards)` of every call there is."""
    for size in range(1, batch + 1):
        for named in permutations([issue for issue in order if issue in movable], size):
            rest = tuple(issue for issue in order if issue not in named)
            for at in range(len(rest) + 1 if rest else 0):
                yield named, (*rest[:at], *named, *rest[at:])


def prices_to(
    goals: list[Order],
    *,
    movable: Collection[str],
    cost: dict[str, float],
    call_cost: float,
    batch: int,
) -> dict[Order, float]:
    """Return the least price from every order to the nearest of *goals*; missing = no way."""
    leading_to: dict[Order, dict[Order, float]] = defaultdict(dict)
    for order in permutations(goals[0]):
        for named, after in calls(order, movable, batch):
            price = call_cost + sum(cost[issue] for issue in named)
            known = leading_to[after].get(order, price)
            leading_to[after][order] = min(known, price)
    found: dict[Order, float] = {}
    todo = [(0.0, goal) for goal in goals]
    while todo:
        price, order = heappop(todo)
        if order in found:
            continue
        found[order] = price
        for origin, step in leading_to[order].items():
            if origin not in found:
                heappush(todo, (price + step, origin))
    return found


def price_of(moves: tuple[Move, ...], cost: dict[str, float], call_cost: float) -> float:
    return sum(call_cost + sum(cost[issue] for issue in move.issues) for move in moves)


def ours(order: Order) -> Order:
    return tuple(issue for issue in order if issue not in FOREIGN)


def check_all_orders(
    issues: str, *, foreign: str, pinned: str, cost: dict[str, float], call_cost: float, batch: int
) -> None:
    """Compare every order of *issues* and *foreign* with what the search found."""
    everything = permutations(issues + foreign)
    goals = [order for order in everything if ours(order) == tuple(issues)]
    movable = set(issues) - set(pinned)
    cheapest = prices_to(goals, movable=movable, cost=cost, call_cost=call_cost, batch=batch)
    for order in permutations(issues + foreign):
        if order not in cheapest:
            with pytest.raises(ValueError, match="pinned issues would have to change"):
                plan_moves(ours(order), issues, pinned=pinned, batch=batch)
            continue
        moves = plan_moves(
            ours(order), issues, pinned=pinned, cost=cost, call_cost=call_cost, batch=batch
        )
        assert price_of(moves, cost, call_cost) == cheapest[order], order
        assert not any(set(move.issues) & set(pinned) for move in moves)
        assert all(len(move.issues) <= batch for move in moves)


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("call_cost", [0.0, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("issues", ["a", "ab", "abc", "abcd", "abcde"])
def test_no_plan_is_cheaper_up_to_five(issues: str, call_cost: float, batch: int) -> None:
    """Over all permutations of up to five issues, one price for each issue."""
    cost = dict.fromkeys(issues, 1.0)

    check_all_orders(
        issues, foreign="", pinned="", cost=cost, call_cost=call_cost, batch=min(batch, len(issues))
    )


@pytest.mark.parametrize(("batch", "call_cost"), [(1, 1.0), (2, 3.0), (3, 1.0)])
def test_no_plan_is_cheaper_with_six(batch: int, call_cost: float) -> None:
    """Over all 720 permutations of six issues."""
    cost = dict.fromkeys("abcdef", 1.0)

    check_all_orders("abcdef", foreign="", pinned="", cost=cost, call_cost=call_cost, batch=batch)


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("pinned", ["", "c", "ad", "abcd"])
@pytest.mark.parametrize(
    "prices", [(1.0, 1.0, 1.0, 1.0), (5.0, 0.5, 2.0, 1.0), (0.0, 3.0, 0.25, 3.0)]
)
def test_no_plan_is_cheaper_among_foreign_issues(
    prices: tuple[float, ...], pinned: str, batch: int
) -> None:
    """Foreign issues in between, pins and unequal prices change nothing: nor do long detours."""
    cost = dict(zip("abcd", prices, strict=True))

    check_all_orders("abcd", foreign="x", pinned=pinned, cost=cost, call_cost=2.0, batch=batch)


def test_no_plan_is_cheaper_with_two_foreign_issues() -> None:
    """Calls may anchor on foreign issues too, and it does not help."""
    cost = {"a": 1.0, "b": 2.0, "c": 1.0, "d": 4.0}

    check_all_orders("abcd", foreign="xy", pinned="b", cost=cost, call_cost=1.0, batch=2)
