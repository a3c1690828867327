"""The desired order: by brute force on all small cases, and by examples of what P12 means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmsync.core.ranking.desired import Desired, SortKey, desired_order
from pmsync.core.ranking.sequence import displaced

Order = tuple[str, ...]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Issues "a", "b", ... stand in alphabetical order today."""

    keys: dict[str, SortKey | None]
    fixed: frozenset[str] = frozenset()
    before: tuple[Pair, ...] = ()
    weights: dict[str, float] | None = None

    @property
    def today(self) -> Order:
        return tuple(self.keys)

    @property
    def unscored(self) -> Order:
        return tuple(issue for issue, key in self.keys.items() if key is None)

    @property
    def firm(self) -> set[str]:
        return {*self.fixed, *self.unscored}

    def rank(self, order: Iterable[str] | None = None) -> Desired:
        return desired_order(
            tuple(order or self.today),
            keys=self.keys,
            fixed=self.fixed,
            before=self.before,
            weights=self.weights,
        )


def subsets(issues: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(issues, size) for size in range(len(issues) + 1))


def agrees(order: Order, pairs: Iterable[Pair]) -> bool:
    at = {issue: place for place, issue in enumerate(order)}
    return all(at[above] < at[below] for above, below in pairs)


def constraints(case: Case) -> tuple[list[Pair], list[Pair]]:
    """Firm issues as today, then *before* edge by edge as long as some order agrees with all."""
    accepted = list(combinations(sorted(case.firm), 2))
    dropped: list[Pair] = []
    able = [order for order in permutations(case.today) if agrees(order, accepted)]
    for pair in case.before:
        fewer = [order for order in able if agrees(order, [pair])] if pair[0] != pair[1] else []
        (accepted if fewer else dropped).append(pair)
        able = fewer or able
    return accepted, dropped


def worthy(case: Case, accepted: list[Pair]) -> list[Order]:
    """All orders within the constraints whose scored issues stand in the best order there is."""
    able = [order for order in permutations(case.today) if agrees(order, accepted)]

    def scored(order: Order) -> list[tuple[SortKey, str]]:
        return [(key, issue) for issue in order if (key := case.keys[issue]) is not None]

    best = min(scored(order) for order in able)
    return [order for order in able if scored(order) == best]


def lost(case: Case, order: Order) -> float:
    """The least weight to displace on the way to *order*, with all firm issues staying."""
    weights = case.weights or {}
    sums = [
        sum(weights.get(issue, 1.0) for issue in case.today if issue not in stay)
        for stay in subsets(case.today)
        if case.firm <= set(stay) and agrees(order, pairwise(stay))
    ]
    return min(sums)


def passes(case: Case, order: Order) -> int:
    """How many pairs of a scored and an unscored issue stand the other way round than today."""
    return sum(
        (order.index(issue) < order.index(still)) != (issue < still)
        for issue in case.today
        for still in case.unscored
        if case.keys[issue] is not None
    )


def check(case: Case) -> None:
    """Every property of the desired order, against all orders there are."""
    accepted, dropped = constraints(case)
    able = worthy(case, accepted)

    found = case.rank()

    assert list(found.dropped_edges) == dropped
    assert found.order in able
    assert case.firm <= set(found.kept)
    assert agrees(found.order, pairwise(found.kept))
    assert sorted(found.kept) == list(found.kept)
    assert sorted(found.kept + found.displaced) == list(case.today)
    assert agrees(found.order, pairwise(found.displaced))
    weights = case.weights or {}
    price = sum(weights.get(issue, 1.0) for issue in found.displaced)
    assert price == min(lost(case, order) for order in able)
    keeping = [order for order in able if agrees(order, pairwise(found.kept))]
    assert passes(case, found.order) == min(passes(case, order) for order in keeping)
    again = case.rank(found.order)
    assert (again.order, again.displaced) == (found.order, ())


def lettered(keys: Sequence[SortKey | None]) -> dict[str, SortKey | None]:
    return dict(zip("abcdef", keys, strict=False))


@pytest.mark.parametrize("size", range(5))
def test_every_small_case_without_constraints(size: int) -> None:
    """All ways to score up to four issues (or not), with every set of fixed ones."""
    for keys in product([None, (0.0,), (1.0,), (2.0,)], repeat=size):
        for fixed in subsets("abcd"[:size]):
            check(Case(keys=lettered(keys), fixed=frozenset(fixed)))


def test_every_case_of_three_with_every_pair_of_constraints() -> None:
    """All keys of three issues, one fixed or none, and all pairs of edges."""
    edges = [(above, below) for above in "abc" for below in "abc"]
    for keys in product([None, (0.0,), (1.0,)], repeat=3):
        for fixed in ("", "b"):
            for before in product(edges, repeat=2):
                check(Case(keys=lettered(keys), fixed=frozenset(fixed), before=before))


KEYS = st.lists(
    st.one_of(st.none(), st.tuples(st.integers(0, 1), st.integers(0, 2))), min_size=4, max_size=6
)


@settings(max_examples=250, deadline=None)
@given(keys=KEYS, draw=st.data())
def test_up_to_six_issues_with_all_at_once(
    keys: list[tuple[int, int] | None], draw: st.DataObject
) -> None:
    """Unscored, fixed, constraints and weights together: nothing displaces less."""
    names = "abcdef"[: len(keys)]
    issue = st.sampled_from(names)
    case = Case(
        keys=lettered(keys),
        fixed=draw.draw(st.frozensets(issue, max_size=2)),
        before=tuple(draw.draw(st.lists(st.tuples(issue, issue), max_size=4))),
        weights=draw.draw(
            st.none() | st.dictionaries(issue, st.integers(0, 3).map(float), max_size=6)
        ),
    )

    check(case)


@given(keys=st.lists(st.integers(0, 9).map(lambda n: (float(n),)), max_size=40))
def test_all_scored_and_free_is_a_stable_sort(keys: list[tuple[float]]) -> None:
    """Where nothing is held, the order is the one by key, equal keys as today."""
    issues = [f"i{n}" for n in range(len(keys))]

    found = desired_order(issues, keys=dict(zip(issues, keys, strict=True)))

    stable = sorted(range(len(keys)), key=lambda n: keys[n])
    assert found.order == tuple(issues[n] for n in stable)
    assert len(found.displaced) == len(displaced(issues, found.order))


@given(
    keys=st.lists(st.one_of(st.none(), st.integers(0, 30).map(lambda n: (n,))), max_size=60),
    draw=st.data(),
)
def test_larger_cases_hold_what_they_promise(
    keys: list[tuple[int] | None], draw: st.DataObject
) -> None:
    """Firm issues never move, scored ones that are free are sorted, a second run is calm."""
    issues = [f"i{n}" for n in range(len(keys))]
    scores = dict(zip(issues, keys, strict=True))
    fixed = draw.draw(st.sets(st.sampled_from(issues), max_size=5)) if issues else set()
    firm = [issue for issue in issues if issue in fixed or scores[issue] is None]

    found = desired_order(issues, keys=scores, fixed=fixed)

    assert [issue for issue in found.order if issue in firm] == firm
    free = [scores[issue] or () for issue in found.order if issue not in firm]
    assert free == sorted(free)
    assert len(found.displaced) == len(displaced(issues, found.order, pinned=firm))
    assert desired_order(found.order, keys=scores, fixed=fixed).displaced == ()


def order_of(today: str, keys: str, **more: object) -> str:
    """Rank issues of one letter; a key is a digit, "-" = unscored."""
    given = {i: None if k == "-" else (int(k),) for i, k in zip(today, keys, strict=True)}
    return "".join(desired_order(today, keys=given, **more).order)  # type: ignore[arg-type]


def test_an_unscored_issue_holds_back_nobody() -> None:
    """Its neighbour above falls to the bottom; the good ones below it don't fall with it."""
    assert order_of("zuabm", "9-125") == "uabmz"


def test_no_block_of_worse_issues_is_let_in_front_of_an_unscored_one() -> None:
    """Displaced issues that are worse than what stays below it go below that, not above."""
    assert order_of("zyuab", "98-12") == "uabyz"


def test_a_displaced_issue_passes_no_unscored_one_without_need() -> None:
    """What comes from above stops above the unscored, what comes from below stops below them."""
    assert order_of("xaub", "2 1-3".replace(" ", "")) == "axub"
    assert order_of("aubx", "1-32") == "auxb"


def test_an_unscored_issue_stays_below_the_one_above_it_today() -> None:
    """Its neighbour above stays, everybody else is turned round: it keeps that neighbour."""
    assert order_of("aucb", "1-32") == "aubc"


def test_unscored_issues_keep_todays_order_whatever_their_neighbours_do() -> None:
    """Never displaced, so never named in a call."""
    found = desired_order("aubvc", keys={"a": (3,), "u": None, "b": (2,), "v": None, "c": (1,)})

    assert [issue for issue in found.order if issue in "uv"] == ["u", "v"]
    assert {"u", "v"} <= set(found.kept)


def test_nothing_scored_is_todays_order() -> None:
    """Without a single score there is nothing to act on."""
    assert order_of("cab", "---") == "cab"


def test_fixed_issues_stay_however_bad_their_scores() -> None:
    """Others pass them by score, they themselves keep their order."""
    found = desired_order("abc", keys={"a": (9,), "b": (1,), "c": (5,)}, fixed="ab")

    assert found.order == ("c", "a", "b")
    assert found.displaced == ("c",)


def test_a_blocker_comes_before_what_it_blocks() -> None:
    """A firm constraint is reason enough to move, against the score."""
    assert order_of("abc", "123", before=[("c", "a")]) == "bca"


def test_an_unscored_issue_is_passed_where_a_constraint_asks() -> None:
    """The blocked issue goes below its unscored blocker, which stays."""
    found = desired_order("au", keys={"a": (1,), "u": None}, before=[("u", "a")])

    assert found.order == ("u", "a")
    assert found.displaced == ("a",)


def test_a_constraint_against_firm_issues_is_dropped_and_reported() -> None:
    """Between two unscored or fixed issues today's order has the authority."""
    found = desired_order("uva", keys={"u": None, "v": None, "a": (1,)}, before=[("v", "u")])

    assert found.dropped_edges == (("v", "u"),)
    assert found.order == ("u", "v", "a")


def test_weights_decide_which_issues_stay() -> None:
    """A dear issue stays while two cheap ones move around it."""
    keys = {"a": (3,), "b": (1,), "c": (2,)}

    assert desired_order("abc", keys=keys).displaced == ("a",)
    assert desired_order("abc", keys=keys, weights={"a": 5.0}).displaced == ("b", "c")


def test_equal_keys_keep_todays_order() -> None:
    """Issues that cannot be told apart are left alone."""
    assert order_of("dcba", "2211") == "badc"


def test_keys_may_mix_numbers_and_text() -> None:
    """A key is any tuple whose parts compare, all of one shape."""
    keys = {"a": (1, "y"), "b": (1, "x"), "c": (0, "z")}

    assert desired_order("abc", keys=keys).order == ("c", "b", "a")


@pytest.mark.parametrize(
    ("current", "keys", "before", "told"),
    [
        ("aa", {"a": (1,)}, [], "listed more than once: a"),
        ("ab", {"a": (1,)}, [], "no sort key for b"),
        ("a", {"a": (float("nan"),)}, [], "holds NaN"),
        ("a", {"a": (1,)}, [("a", "z")], "not in the order"),
    ],
)
def test_input_that_has_no_order_is_refused(
    current: str, keys: dict[str, SortKey | None], before: list[Pair], told: str
) -> None:
    """Each message says what is wrong; nothing is guessed."""
    with pytest.raises(ValueError, match=told):
        desired_order(current, keys=keys, before=before)


def test_fixed_issues_outside_the_order_are_ignored() -> None:
    """`never_move` may speak of more than this backlog."""
    assert order_of("ab", "21", fixed={"z"}) == "ba"
