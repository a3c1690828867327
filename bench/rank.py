"""What a new order costs in rank calls: the cheapest plan next to what others send.

Peers, in the same run: one call an issue (what `jira.JIRA.rank` does for a whole list), one call
for each issue outside a longest increasing subsequence, and that with neighbours joined into
runs. Time is that of the search for what stays, as a ratio to a plain longest increasing
subsequence of the same orders.

Run: `.venv/bin/python bench/rank.py`
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import median
from time import process_time

from pmsync.core.ranking.moves import Move, apply_move, plan_moves
from pmsync.core.ranking.stay import cheapest_stay

BATCH = 50
SIZES = (1_000, 10_000)
CALL_COSTS = (1.0, 10.0, 1000.0)
"""Names that one call is worth: the default, in between, and fewest calls at any price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case: calls and named issues of each way, and search time against a plain subsequence."""

    case: str
    per_issue: int
    displaced: int
    runs: int
    plans: tuple[tuple[int, int], ...]
    ratio: float


def run() -> list[Row]:
    """Return one row a case; orders are drawn from a fixed seed."""
    return [
        measure(f"{size:,} {name}", size, change(size))
        for size in SIZES
        for name, change in CHANGES.items()
    ]


def measure(case: str, size: int, desired: list[int]) -> Row:
    """Plan one change of `0 .. size-1` into *desired*, check it, and count."""
    stay, prices = plain_lis(desired), [1.0] * size
    current, wanted = [str(n) for n in range(size)], [str(n) for n in desired]
    plans = [plan_moves(current, wanted, call_cost=price, batch=BATCH) for price in CALL_COSTS]
    for plan in plans:
        assert applied(current, plan) == wanted
    return Row(
        case=case,
        per_issue=size,
        displaced=size - len(stay),
        runs=calls_of_runs(stay, size),
        plans=tuple((len(plan), sum(len(move.issues) for move in plan)) for plan in plans),
        ratio=seconds(lambda: cheapest_stay(desired, prices=prices, call_cost=1.0, batch=BATCH))
        / seconds(lambda: plain_lis(desired)),
    )


def plain_lis(places: Sequence[int]) -> list[int]:
    """Indices of a longest increasing subsequence: patience sorting, as in any textbook."""
    tails: list[int] = []
    ends: list[int] = []
    above = []
    for index, place in enumerate(places):
        at = bisect_left(tails, place)
        above.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[at] = place
            ends[at] = index
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(index)
        index = above[index]
    return found[::-1]


def calls_of_runs(stay: Sequence[int], size: int) -> int:
    """Calls where every gap between issues that stay is filled by calls of up to 50."""
    gaps = [below - above - 1 for above, below in pairwise([-1, *stay, size])]
    return sum(-(-gap // BATCH) for gap in gaps)


def applied(order: list[str], plan: Sequence[Move]) -> list[str]:
    for move in plan:
        order = apply_move(order, move)
    return order


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median processor time of *work*."""
    spent = []
    for _ in range(repeats):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return median(spent)


def moved(share: float) -> Callable[[int], list[int]]:
    """A share of the issues, drawn at random, goes to random places."""

    def change(size: int) -> list[int]:
        chance = Random(size)  # noqa: S311  a reproducible drawing, not a secret
        wanders = set(chance.sample(range(size), int(size * share)))
        order = [issue for issue in range(size) if issue not in wanders]
        for issue in sorted(wanders):
            order.insert(chance.randrange(len(order) + 1), issue)
        return order

    return change


def shuffled(size: int) -> list[int]:
    order = list(range(size))
    Random(size).shuffle(order)  # noqa: S311  a reproducible drawing, not a secret
    return order


def epic(size: int) -> list[int]:
    """Thirty neighbours go up together."""
    order = list(range(size))
    block = order[size // 2 : size // 2 + 30]
    rest = order[: size // 2] + order[size // 2 + 30 :]
    return [*rest[:10], *block, *rest[10:]]


CHANGES = {
    "1 % moved": moved(0.01),
    "5 % moved": moved(0.05),
    "20 % moved": moved(0.20),
    "reshuffled": shuffled,
    "epic of 30 moved": epic,
}


def table(rows: Sequence[Row]) -> str:
    """The rows as a markdown table."""
    head = ["issues, change", "call an issue", "displaced, one call each", "displaced, in runs"]
    head += [f"plan, call = {price:g}" for price in CALL_COSTS] + ["search time / plain LIS"]
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for row in rows:
        cells = [row.case, f"{row.per_issue:,}", f"{row.displaced:,}"]
        cells.append(f"{row.runs:,} ({row.displaced:,})")
        cells += [f"{calls:,} ({named:,})" for calls, named in row.plans]
        lines.append("| " + " | ".join([*cells, f"{row.ratio:.1f}"]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print("Calls (and named issues in brackets); price of naming an issue = 1\n")
    print(table(run()))
