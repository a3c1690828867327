"""P8: which plans wait for a person, and which do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.core.brakes import Extent, page_target, targets, tripped
from pmsync.core.plan import Change, PageCreate, PageUpdate, RankMove, Ref
from pmsync.core.rules import Brakes

MOVE = RankMove(
    change="rank/0001",
    issues=(Ref(id="1", key="A-1"),),
    before=Ref(id="2", key="A-2"),
    expects=("2", "1"),
)


def create(page: str = "backlog", parent: str = "100") -> PageCreate:
    return PageCreate(
        change=f"page/{page}",
        page=page,
        space="PROD",
        space_id="9",
        parent=parent,
        title=page,
        body="b",
        fingerprint="f",
        message="",
    )


def update(page: str = "backlog") -> PageUpdate:
    return PageUpdate(
        change=f"page/{page}",
        page=page,
        page_id="5",
        version=1,
        expects="e",
        title=page,
        body="b",
        fingerprint="f",
        message="",
    )


def names(*changes: Change, approved: frozenset[str] | None = None, **extent: object) -> list[str]:
    known = targets(changes) if approved is None else approved
    found = tripped(Brakes(), changes, Extent(approved=known, **extent))  # type: ignore[arg-type]
    return [one.brake for one in found]


class TestFirstRun:
    """What was never written to before."""

    def test_rank_and_kinds_of_pages_are_targets(self) -> None:
        """A page we update is one that was approved when it was made."""
        found = targets([MOVE, create(), create("notes/customers/1", "222"), update("roadmap")])
        assert found == {"rank", "backlog under 100", "notes under 222"}

    def test_nothing_approved_yet(self) -> None:
        """Everything new is named, sorted."""
        (one,) = tripped(Brakes(), [MOVE, create()], Extent())
        assert (one.brake, one.text) == (
            "first_run",
            "never approved before: backlog under 100, rank",
        )

    def test_a_new_page_of_an_approved_kind_under_an_approved_parent(self) -> None:
        """The next version's release notes are no first run."""
        approved = frozenset({page_target("notes/customers/1", "222")})
        assert names(create("notes/customers/2", "222"), approved=approved) == []
        assert names(create("notes/customers/2", "333"), approved=approved) == ["first_run"]
        assert names(create("roadmap", "222"), approved=approved) == ["first_run"]

    def test_updates_alone(self) -> None:
        """They need no approval."""
        assert names(update(), approved=frozenset()) == []


class TestShares:
    """Too many issues or pages at once."""

    @pytest.mark.parametrize(
        ("displaced", "backlog", "over"),
        [(10, 10, False), (11, 100, False), (30, 100, False), (31, 100, True), (11, 20, True)],
    )
    def test_displaced_issues(self, displaced: int, backlog: int, *, over: bool) -> None:
        """More than 30 %, and over 10."""
        found = names(MOVE, displaced=displaced, backlog=backlog)
        assert found == (["share_moved"] if over else [])

    @pytest.mark.parametrize(("count", "pages", "over"), [(10, 10, False), (11, 11, True)])
    def test_pages(self, count: int, pages: int, *, over: bool) -> None:
        """The same for pages, new ones included; moves are no pages."""
        changes = [update(f"notes/x/{number}") for number in range(count)]
        assert names(MOVE, *changes, pages=pages) == (["share_pages"] if over else [])

    def test_the_numbers_are_named(self) -> None:
        """So that a person can judge."""
        extent = Extent(displaced=40, backlog=80, approved=targets([MOVE]))
        found = tripped(Brakes(), [MOVE], extent)
        assert [one.text for one in found] == ["40 of 80 issues move (50%), over 30%"]


class TestLosses:
    """Issues and text that are gone."""

    @pytest.mark.parametrize(
        ("lost", "before", "over"), [(0, 0, False), (20, 100, False), (21, 100, True)]
    )
    def test_unexplained_loss(self, lost: int, before: int, *, over: bool) -> None:
        """More than 20 %."""
        assert names(MOVE, lost=lost, before=before) == (["lost"] if over else [])

    @pytest.mark.parametrize(
        ("now", "then", "over"), [(100, 50, False), (100, 49, True), (0, 0, False)]
    )
    def test_a_shrinking_page(self, now: int, then: int, *, over: bool) -> None:
        """Losing more than half of its text."""
        assert names(update(), sizes={"backlog": (now, then)}) == (["shrink"] if over else [])

    def test_each_shrinking_page_is_named(self) -> None:
        """In a fixed order."""
        sizes = {"roadmap": (10, 1), "backlog": (10, 0)}
        found = tripped(Brakes(), [], Extent(sizes=sizes))
        assert [one.text.split()[1] for one in found] == ["backlog", "roadmap"]


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 200))
def test_less_never_brakes_where_more_does_not(some: int, more: int, total: int) -> None:
    """A brake that holds for a plan holds for every plan that changes more."""
    low, high = sorted((min(some, total), min(more, total)))
    if names(MOVE, displaced=low, backlog=total):
        assert names(MOVE, displaced=high, backlog=total)
