"""The global order: moves against a plain list, and texts that sort like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.jira.rank import RankOrder

IDS = [str(number) for number in range(8)]
MOVES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(IDS), min_size=1, max_size=5, unique=True),
        st.sampled_from(IDS),
        st.sampled_from(["before", "after", "bottom"]),
    ),
    max_size=25,
)


def moved(order: list[str], block: list[str], anchor: str, where: str) -> list[str]:
    """What a move means, said with a list."""
    rest = [each for each in order if each not in block]
    place = len(rest) if where == "bottom" else rest.index(anchor) + (where == "after")
    return rest[:place] + block + rest[place:]


@given(MOVES)
def test_moves_are_those_of_a_list_and_texts_sort_like_it(
    moves: list[tuple[list[str], str, str]],
) -> None:
    """After any moves the order is the model's, and so is the order of the texts."""
    rank, model = RankOrder(IDS), list(IDS)
    for block, anchor, where in moves:
        if anchor in block:
            continue
        model = moved(model, block, anchor, where)
        rank.move(block, **({} if where == "bottom" else {where: anchor}))
        assert list(rank) == model
        assert sorted(IDS, key=rank.text) == model
        assert [rank.place(each) for each in model] == list(range(len(IDS)))


def test_only_moved_issues_get_a_new_text() -> None:
    """As with LexoRank, a move touches nobody else."""
    rank = RankOrder(IDS)
    before = {each: rank.text(each) for each in IDS}
    rank.move(["6", "7"], before="2")
    changed = {each for each in IDS if rank.text(each) != before[each]}
    assert changed == {"6", "7"}


def test_the_same_gap_takes_any_number_of_moves() -> None:
    """Texts grow; they never run out."""
    rank = RankOrder(IDS)
    for turn in range(300):
        rank.move([IDS[2 + turn % 2]], after="0")
    assert sorted(IDS, key=rank.text) == list(rank)


def test_text_looks_like_lexorank() -> None:
    """A bucket, six digits, a colon."""
    assert RankOrder(["1"]).text("1") == "0|i00000:"


def test_new_and_deleted_issues() -> None:
    """New ones come at the bottom; deleted ones leave no gap."""
    rank = RankOrder(["1", "2"])
    rank.move(["3"])
    rank.remove("1")
    assert list(rank) == ["2", "3"]
    assert len(rank) == 2
    assert rank.place("3") == 1
    with pytest.raises(KeyError):
        rank.place("1")


def test_a_moved_block_keeps_its_listed_order() -> None:
    """Whatever order it had before."""
    rank = RankOrder(IDS)
    rank.move(["5", "1", "3"], after="6")
    assert list(rank) == ["0", "2", "4", "6", "5", "1", "3", "7"]
