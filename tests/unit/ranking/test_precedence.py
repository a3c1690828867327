"""Constraints: cycles, and the best order that obeys them."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.ranking.precedence import Edge, best_first, chain, without_cycles

SIZE = 5
EDGES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=8)


def extensions(edges: list[Edge]) -> list[tuple[int, ...]]:
    return [
        order
        for order in permutations(range(SIZE))
        if all(order.index(above) < order.index(below) for above, below in edges)
    ]


@given(wanted=EDGES, firm=st.lists(st.integers(0, SIZE - 1), unique=True))
def test_only_edges_that_close_a_cycle_are_dropped(wanted: list[Edge], firm: list[int]) -> None:
    """What is accepted has an order; a dropped edge had none with those accepted before it."""
    accepted, dropped = without_cycles(SIZE, chain(firm), wanted)

    assert accepted[: len(chain(firm))] == chain(firm)
    assert sorted(accepted + dropped) == sorted(chain(firm) + wanted)
    assert extensions(accepted)
    so_far = chain(firm)
    for edge in wanted:
        if extensions([*so_far, edge]):
            so_far.append(edge)
        else:
            assert edge in dropped
    assert sorted(so_far) == sorted(accepted)


@given(wanted=EDGES, priorities=st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE))
def test_best_first_is_the_lexicographically_best_extension(
    wanted: list[Edge], priorities: list[int]
) -> None:
    """No order within the constraints puts a better issue earlier."""
    accepted, _ = without_cycles(SIZE, [], wanted)

    found = best_first(SIZE, accepted, priorities)

    best = min(extensions(accepted), key=lambda order: [(priorities[n], n) for n in order])
    assert tuple(found) == best


def test_an_edge_to_itself_is_dropped() -> None:
    """An issue that blocks itself is a cycle of one."""
    assert without_cycles(2, [], [(1, 1), (1, 0)]) == ([(1, 0)], [(1, 1)])


def test_of_a_cycle_the_edge_of_least_authority_is_dropped() -> None:
    """Edges come by falling authority, so the last of the three gives way."""
    assert without_cycles(3, [], [(0, 1), (1, 2), (2, 0)])[1] == [(2, 0)]
    assert without_cycles(3, [], [(2, 0), (0, 1), (1, 2)])[1] == [(1, 2)]


def test_nodes_on_a_cycle_are_left_out() -> None:
    """Best first never invents an order where there is none."""
    assert best_first(3, [(0, 1), (1, 0)], [0, 0, 0]) == [2]
