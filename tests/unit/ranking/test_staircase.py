"""The staircase answers like a plain search through everything added."""

from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.ranking.staircase import Staircase

CEILING = 1000


@given(
    added=st.lists(st.tuples(st.integers(0, 20), st.integers(-50, 50)), max_size=30),
    place=st.integers(0, 25),
)
def test_least_left_of_is_the_minimum_over_smaller_places(
    added: list[tuple[int, int]], place: int
) -> None:
    """Whatever was added in whatever order, the least value left of a place is found."""
    stairs = Staircase(CEILING)

    for at, value in added:
        stairs.add(at, value)

    expected = min((value for at, value in added if at < place), default=CEILING)
    assert stairs.least_left_of(place) == expected


def test_an_empty_staircase_answers_its_ceiling() -> None:
    """Nothing added means the ceiling, at the very first place too."""
    assert Staircase(CEILING).least_left_of(0) == CEILING
