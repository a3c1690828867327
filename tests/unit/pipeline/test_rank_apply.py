"""Rank calls: refusals, lagging indexes, servers that lose the order, and what proves a move."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_store import MemoryStore
from run_world import PermitGate, RunJira, Steps, StillClock
from store_records import issue

from pmsync.core.errors import PermissionDeniedError, RemoteDownError
from pmsync.core.journal import Outcome
from pmsync.core.model import Project
from pmsync.core.plan import RankMove, Ref
from pmsync.core.ranking.moves import apply_move, plan_moves
from pmsync.pipeline.apply_rank import (
    RankRun,
    already_made,
    ascending_parts,
    holds,
    read_back,
    shows,
)
from pmsync.pipeline.writing import Writer
from pmsync.ports import RankResult

SCOPE = "project in (SHOP)"


def ref(name: str) -> Ref:
    return Ref(id=name, key=f"SHOP-{name}")


def move(
    issues: str, *, before: str = "", after: str = "", above: str = "", change: str = "rank/0001"
) -> RankMove:
    names = issues.split()
    return RankMove(
        change=change,
        issues=tuple(map(ref, names)),
        before=ref(before) if before else None,
        after=ref(after) if after else None,
        above=ref(above) if above else None,
        expects=tuple(sorted([*names, before or after], key=int)),
    )


class Site:
    """A Jira with the issues 1 to *count* in that order, and what applies moves to it."""

    def __init__(self, count: int = 8) -> None:
        self.clock, self.gate, self.store = StillClock(), PermitGate(), MemoryStore()
        self.steps = Steps(self.gate)
        self.steps.store = self.store
        self.runs = 0
        names = [str(number) for number in range(1, count + 1)]
        self.jira = RunJira(
            ranked=[issue(name, security="open") for name in names],
            places=(Project(id="1", key="SHOP", name="Shop"),),
            steps=self.steps,
            time=self.clock,
        )

    def run(self) -> RankRun:
        self.runs += 1
        writer = Writer(
            journal=self.store,
            gate=self.gate,
            clock=self.clock,
            run=f"r{self.runs}",
            product="shop",
            still_ours=lambda: None,
        )
        return RankRun(
            tracker=self.jira, clock=self.clock, writer=writer, scope=SCOPE, order=self.order()
        )

    def apply(self, *moves: RankMove) -> dict[str, Outcome]:
        return self.run().apply(moves)

    def lie(self, *_: object, **__: object) -> RankResult:
        """Accept a rank call, and do nothing."""
        return self.steps.write(RankResult)

    def order(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.jira.ranked)


class TestShows:
    """What proves that a move was made."""

    def test_above_the_anchor_is_not_enough(self) -> None:
        """It may have been there before: the gap's upper end counts."""
        asked = move("1", before="3", above="2")
        assert not shows(asked, ["1", "2", "3"])
        assert shows(asked, ["2", "1", "3"])

    def test_strangers_in_between_do_not_matter(self) -> None:
        """Somebody may have ranked other issues since."""
        assert shows(move("1", before="3", above="2"), ["2", "9", "1", "8", "3"])

    def test_an_upper_end_that_went_elsewhere(self) -> None:
        """It does not count any more when it stands below the anchor, or is gone."""
        asked = move("1", before="3", above="2")
        assert shows(asked, ["1", "3", "2"])
        assert shows(asked, ["1", "3"])

    def test_below_the_last(self) -> None:
        """In the order listed."""
        asked = move("1 2", after="3")
        assert shows(asked, ["3", "1", "2"])
        assert not shows(asked, ["3", "2", "1"])
        assert not shows(asked, ["1", "3", "2"])

    def test_refused_entries_are_left_out(self) -> None:
        """The others must stand as asked."""
        assert shows(move("1 2", before="4", above="3"), ["1", "3", "2", "4"], refused=["1"])

    def test_a_missing_issue_proves_nothing(self) -> None:
        """Deleted, or out of scope."""
        assert not shows(move("1 2", before="3"), ["1", "3"])
        assert not holds(move("1 2", before="3"), ["1", "3"])

    @given(st.permutations("123456"), st.permutations("123456"), st.integers(1, 3))
    def test_never_before_always_after(
        self, today: Sequence[str], desired: Sequence[str], batch: int
    ) -> None:
        """Of the cheapest calls, none shows in today's order and all show at the end."""
        calls = plan_moves(today, desired, batch=batch)
        named = {one for call in calls for one in call.issues}
        staying = [one for one in desired if one not in named]
        above = dict(zip(staying, ["", *staying], strict=False))
        moves = [
            move(
                " ".join(call.issues),
                before=call.before or "",
                after=call.after or "",
                above=above[call.before] if call.before else "",
                change=f"rank/{number}",
            )
            for number, call in enumerate(calls)
        ]
        order = list(today)
        assert not any(len(one.issues) == 1 and shows(one, order) for one in moves)
        for call in calls:
            order = apply_move(order, call)
        assert all(shows(one, order) for one in moves)
        assert already_made(moves, order) == tuple(one.change for one in moves)


class TestApplied:
    """Calls that are made."""

    def test_moves_are_made_and_seen(self) -> None:
        """Both ends, several issues at once."""
        site = Site()
        found = site.apply(move("7 5", before="1"), move("2", after="8", change="rank/0002"))
        assert {outcome.state for outcome in found.values()} == {"applied"}
        assert site.order() == ("7", "5", "1", "3", "4", "6", "8", "2")
        assert [write.outcome for write in site.store.writes("r1")] == [
            Outcome(state="applied")
        ] * 2

    def test_what_is_so_already_is_not_sent(self) -> None:
        """No call, and it counts as applied."""
        site = Site()
        found = site.apply(move("1 2", before="3"))
        assert found["rank/0001"].state == "applied"
        assert site.jira.named == []

    def test_parts_of_one_gap_are_made_in_order(self) -> None:
        """Where the second part stands and the first does not, both are sent."""
        site = Site()
        first = move("7", before="3", above="2")
        second = move("6", before="3", above="2", change="rank/0002")
        site.apply(second)
        assert site.order() == ("1", "2", "6", "3", "4", "5", "7", "8")
        site.apply(first, second)
        assert site.order() == ("1", "2", "7", "6", "3", "4", "5", "8")

    def test_a_server_that_turns_the_list_round(self) -> None:
        """It is noticed at the first call, and calls are split where the order descends."""
        site = Site()
        site.jira.shuffles = True
        found = site.apply(move("7 5 6", before="1"))
        assert found["rank/0001"].state == "applied"
        assert site.order()[:4] == ("7", "5", "6", "1")

    def test_turned_round_below_the_last(self) -> None:
        """The parts go in from the last to the first."""
        site = Site()
        site.jira.shuffles = True
        found = site.apply(move("3 1 2", after="8"))
        assert found["rank/0001"].state == "applied"
        assert site.order()[-4:] == ("8", "3", "1", "2")

    def test_an_index_that_lags(self) -> None:
        """Two equal reads of the old order are no proof that the call had no effect."""
        site = Site()
        site.jira.lag = 5
        found = site.apply(move("7", before="1"))
        assert found["rank/0001"].state == "applied"

    def test_an_order_that_never_settles(self) -> None:
        """Unknown, after a minute; a later run looks again."""
        site = Site()
        rotate = site.jira.search

        def restless(jql: str, *, reconcile: Sequence[str] = ()) -> object:
            site.jira.ranked = [*site.jira.ranked[1:], site.jira.ranked[0]]
            return rotate(jql, reconcile=reconcile)

        site.jira.search = restless  # type: ignore[method-assign, assignment]  # people at work
        found = site.apply(move("7", before="1"))
        assert found["rank/0001"].state == "unknown"
        assert [one.change for one in site.store.unsettled("shop")] == ["rank/0001"]

    def test_accepted_but_not_done(self) -> None:
        """Jira says yes and does nothing: the order counts, not the words."""
        site = Site()
        site.jira.rank = site.lie  # type: ignore[method-assign]  # a liar
        found = site.apply(move("7", before="1"))
        assert found["rank/0001"].state == "not_applied"
        assert "another one" in found["rank/0001"].detail


class TestTrouble:
    """Calls that are refused, or of which nobody knows."""

    def test_partly_refused(self) -> None:
        """The rest is done; the outcome names the refused with Jira's words."""
        site = Site()
        site.jira.refusals["7"] = "no permission"
        found = site.apply(move("7 6", before="1"))["rank/0001"]
        assert (found.state, found.refused) == ("not_applied", {"7": "no permission"})
        assert site.order()[:2] == ("6", "1")
        (write,) = site.store.writes("r1")
        assert write.outcome
        assert (write.outcome.state, write.outcome.refused) == ("applied", {"7": "no permission"})

    def test_wholly_refused(self) -> None:
        """Then the write had no effect."""
        site = Site()
        site.jira.refusals["7"] = "no permission"
        site.apply(move("7", before="1"))
        (write,) = site.store.writes("r1")
        assert write.outcome
        assert write.outcome.state == "not_applied"

    @pytest.mark.parametrize(
        ("kind", "state"), [("down", "not_applied"), ("lost answer", "applied")]
    )
    def test_an_unknown_outcome_is_read_back(self, kind: str, state: str) -> None:
        """And what comes after it is not tried: the site is not well."""
        site = Site()
        site.steps.trouble[1] = kind  # type: ignore[assignment]  # one of Kind
        found = site.apply(move("7", before="1"), move("2", after="8", change="rank/0002"))
        assert found["rank/0001"].state == state
        assert found["rank/0002"].detail.startswith("not tried")
        assert site.store.unsettled("shop") == ()

    def test_one_that_is_forbidden_does_not_stop_the_others(self) -> None:
        """It says nothing of the next issue."""
        site = Site()
        site.steps.trouble[1] = "forbidden"
        found = site.apply(move("7", before="1"), move("2", after="8", change="rank/0002"))
        assert [outcome.state for outcome in found.values()] == ["not_applied", "applied"]

    @pytest.mark.parametrize("count", [1, 2])
    def test_no_reading_back(self, count: int) -> None:
        """Jira goes down after the call: nobody knows, and the run goes on to tell it."""
        site = Site()
        run = site.run()
        rank = site.jira.rank

        def last_words(*parts: object, **more: object) -> object:
            site.jira.down = True
            return rank(*parts, **more)  # type: ignore[arg-type]  # handed through

        site.jira.rank = last_words  # type: ignore[method-assign, assignment]  # then silence
        found = run.apply([move("7 6" if count == 2 else "7", before="1")])
        assert found["rank/0001"].state == "unknown"
        assert len(site.store.unsettled("shop")) == 1

    def test_a_split_move_that_breaks_off(self) -> None:
        """Some of its parts are in; the outcome is that of the part that failed."""
        site = Site()
        site.jira.shuffles = True
        site.steps.trouble[2] = "down"
        found = site.apply(move("7 5 6", before="1"))
        assert found["rank/0001"].state == "not_applied"

    def test_nothing_to_do(self) -> None:
        """No move, no call, no read."""
        site = Site()
        assert site.apply() == {}
        assert site.jira.asked == []


def test_parts_ascend() -> None:
    """Each part stands in the listed order already, so it cannot come out in another."""
    parts = ascending_parts(
        [ref(name) for name in ["7", "5", "6", "1"]], [str(n) for n in range(9)]
    )
    assert [[one.id for one in part] for part in parts] == [["7"], ["5", "6"], ["1"]]


def test_reading_back_without_expectations() -> None:
    """Two equal reads are enough."""
    site = Site()
    assert read_back(site.jira, site.clock, SCOPE, []) == site.order()
    assert len(site.jira.asked) == 2


def test_errors_have_their_meaning() -> None:
    """A reset is unknown, a 403 certainly had no effect."""
    assert RemoteDownError("x", applied=None).applied is None
    assert PermissionDeniedError("x", status=403).applied is False
