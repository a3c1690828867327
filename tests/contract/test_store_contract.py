"""What every store must do, asked of the SQL store and of the one in memory."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from memory_store import MemoryStore
from store_records import NOON, issue, mark, minutes, page, plan, run, write

from pmsync.adapters.store.sql import open_store
from pmsync.core.errors import LeaseHeldError, StoreError, UsageError
from pmsync.core.journal import Outcome, OutcomeState, StoredPlan
from pmsync.ports import Store

APPLIED = Outcome(state="applied")
UNKNOWN = Outcome(state="unknown", detail="the connection was reset")


class StoreContract:
    """The behaviours; subclasses say which store."""

    # journal

    def test_an_intent_comes_back_as_it_was(self, store: Store) -> None:
        """Every field of an intended write survives."""
        store.intend(write())
        assert store.unsettled("shop") == (write(),)
        assert store.writes("r1") == (write(),)

    @pytest.mark.parametrize("state", get_args(OutcomeState))
    def test_an_outcome_comes_back_as_it_was(self, store: Store, state: OutcomeState) -> None:
        """Every state of an outcome survives with its reason, its refusals and its time."""
        outcome = Outcome(state=state, detail="because", refused={"10002": "not yours"})
        store.intend(write())
        store.settle(write().id, outcome, minutes(1))
        assert store.writes("r1") == (write(outcome=outcome, settled_at=minutes(1)),)

    def test_only_what_nobody_knows_is_unsettled(self, store: Store) -> None:
        """Writes without outcome and with an unknown one are left to settle, oldest first."""
        for name in ("z", "b", "a", "y"):
            store.intend(write(name))
        store.settle("b", APPLIED, minutes(1))
        store.settle("a", UNKNOWN, minutes(1))
        assert [each.id for each in store.unsettled("shop")] == ["z", "a", "y"]

    def test_unsettled_writes_are_the_products_own(self, store: Store) -> None:
        """Another product's writes are not named."""
        store.intend(write("a"))
        store.intend(write("b", product="other"))
        assert [each.id for each in store.unsettled("other")] == ["b"]

    def test_writes_of_a_run_keep_the_order_of_their_intents(self, store: Store) -> None:
        """Neither ids nor times order a run's writes."""
        store.intend(write("b", intended_at=minutes(2)))
        store.intend(write("c", run="r2"))
        store.intend(write("a", intended_at=minutes(1)))
        assert [each.id for each in store.writes("r1")] == ["b", "a"]

    def test_a_write_is_intended_once(self, store: Store) -> None:
        """The same id a second time is refused and the first intent stays."""
        store.intend(write())
        with pytest.raises(StoreError, match="intended before"):
            store.intend(write(target="something else"))
        assert store.writes("r1") == (write(),)

    def test_an_outcome_needs_an_intent(self, store: Store) -> None:
        """What was never intended cannot have ended."""
        with pytest.raises(StoreError, match="never intended"):
            store.settle("nobody", APPLIED, NOON)
        assert store.writes("r1") == ()

    @pytest.mark.parametrize("told", [UNKNOWN, APPLIED])
    def test_reading_back_replaces_what_was_told(self, store: Store, told: Outcome) -> None:
        """An unknown outcome is settled later, and an accepted call may turn out to be void."""
        seen = Outcome(state="not_applied", detail="not there when read back")
        store.intend(write())
        store.settle(write().id, told, minutes(1))
        store.settle(write().id, seen, minutes(2))
        assert store.writes("r1") == (write(outcome=seen, settled_at=minutes(2)),)
        assert store.unsettled("shop") == ()

    def test_what_was_known_may_become_unknown(self, store: Store) -> None:
        """Where reading back contradicts itself, the write is left to be settled."""
        store.intend(write())
        store.settle(write().id, APPLIED, minutes(1))
        store.settle(write().id, UNKNOWN, minutes(2))
        assert [each.outcome for each in store.unsettled("shop")] == [UNKNOWN]

    def test_times_keep_their_moment_across_zones(self, store: Store) -> None:
        """A time in another zone comes back as the same moment."""
        there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
        store.intend(write(intended_at=there))
        assert store.writes("r1")[0].intended_at == NOON

    # runs

    def test_a_run_is_replaced_by_its_later_state(self, store: Store) -> None:
        """An updated run comes back with every field."""
        store.start_run(run())
        done = run(
            state="partial",
            finished_at=minutes(3),
            as_of="2026-11-20",
            rules="1" * 64,
            snapshot="2" * 64,
            scores="3" * 64,
            plan="4" * 64,
            problem="two refused",
            counts={"calls": 12, "moves": 3},
        )
        store.update_run(done)
        assert store.run("r1") == done
        assert store.runs("shop", 10) == (done,)

    def test_a_run_starts_once(self, store: Store) -> None:
        """A second run of the same id is refused."""
        store.start_run(run())
        with pytest.raises(StoreError, match="started before"):
            store.start_run(run(command="apply"))

    def test_only_a_started_run_is_updated(self, store: Store) -> None:
        """Updating does not make runs."""
        with pytest.raises(StoreError, match="never started"):
            store.update_run(run())
        assert store.run("r1") is None

    def test_the_latest_runs_come_first(self, store: Store) -> None:
        """Runs are ordered by their start, cut at the limit, of one product or of all."""
        for name, start, product in (("b", 1, "shop"), ("a", 3, "shop"), ("c", 2, "other")):
            store.start_run(run(name, started_at=minutes(start), product=product))
        assert [each.id for each in store.runs("shop", 10)] == ["a", "b"]
        assert [each.id for each in store.runs(None, 2)] == ["a", "c"]

    def test_a_unique_beginning_names_a_run(self, store: Store) -> None:
        """The beginning of an id is enough, as long as no other id begins like it."""
        store.start_run(run("20261120-a1"))
        store.start_run(run("20261120-b2"))
        found = store.run("20261120-b")
        assert found is not None
        assert found.id == "20261120-b2"
        assert store.run("20261121") is None

    def test_an_ambiguous_beginning_lists_the_candidates(self, store: Store) -> None:
        """Several runs of the same beginning are named."""
        store.start_run(run("20261120-a1"))
        store.start_run(run("20261120-b2"))
        with pytest.raises(UsageError, match=r"20261120-a1, 20261120-b2"):
            store.run("2026")

    def test_a_whole_id_wins_over_longer_ones(self, store: Store) -> None:
        """An id that is the beginning of another one is still found."""
        store.start_run(run("r1"))
        store.start_run(run("r12"))
        found = store.run("r1")
        assert found is not None
        assert found.id == "r1"

    @pytest.mark.parametrize("start", ["%", "_1", "R1", "r1'"])
    def test_a_beginning_is_taken_literally(self, store: Store, start: str) -> None:
        """Wildcards, other case and quotes match nothing."""
        store.start_run(run())
        assert store.run(start) is None

    # blobs

    @pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50_000, "Grüße".encode()])
    def test_a_blob_comes_back_by_its_hash(self, store: Store, content: bytes) -> None:
        """Any bytes come back, and putting them twice is one blob."""
        sha256 = store.put_blob(content)
        assert sha256 == hashlib.sha256(content).hexdigest()
        assert store.put_blob(content) == sha256
        assert store.blob(sha256) == content

    def test_a_missing_blob_is_an_error(self, store: Store) -> None:
        """Nothing is made up for a hash that nobody put."""
        with pytest.raises(StoreError, match="no content"):
            store.blob("0" * 64)

    # issues and marks

    def test_issues_come_back_as_they_were(self, store: Store) -> None:
        """Every kind of value of an issue survives with its type."""
        store.put_issues("shop", [issue()], [])
        kept = store.issues("shop")
        assert kept == {"10001": issue()}
        assert [type(each) for each in kept["10001"].values.values()] == [
            type(each) for each in issue().values.values()
        ]

    def test_putting_issues_changes_only_those_named(self, store: Store) -> None:
        """New ones are added, changed ones replaced, gone ones forgotten, others stay."""
        store.put_issues("shop", [issue("1"), issue("2"), issue("3")], [])
        store.put_issues("shop", [issue("2", summary="new"), issue("4")], ["3", "99"])
        assert store.issues("shop") == {
            "1": issue("1"),
            "2": issue("2", summary="new"),
            "4": issue("4"),
        }

    def test_issues_are_the_products_own(self, store: Store) -> None:
        """The same issue in two products is kept and forgotten separately."""
        store.put_issues("shop", [issue("1")], [])
        store.put_issues("other", [issue("1", summary="there")], [])
        store.put_issues("shop", [], ["1"])
        assert store.issues("shop") == {}
        assert store.issues("other")["1"].summary == "there"

    def test_issues_may_arrive_one_by_one(self, store: Store) -> None:
        """More than one batch, from iterators, in an order that does not matter."""
        numbers = range(1203, 0, -1)
        store.put_issues("shop", (issue(str(each)) for each in numbers), iter(()))
        store.put_issues("shop", iter(()), (str(each) for each in numbers if each > 2))
        assert list(store.issues("shop")) == ["1", "2"]

    def test_a_pull_mark_is_replaced(self, store: Store) -> None:
        """The last mark of a product is the one that counts."""
        assert store.pull_mark("shop") is None
        store.put_pull_mark(mark())
        store.put_pull_mark(mark(count=301, since=minutes(5)))
        assert store.pull_mark("shop") == mark(count=301, since=minutes(5))
        assert store.pull_mark("other") is None

    # pages

    def test_a_page_record_is_replaced(self, store: Store) -> None:
        """One record a page of a product, the last one."""
        store.put_page(page(property_id=None))
        store.put_page(page(version=5))
        store.put_page(page("backlog", page_id="778"))
        store.put_page(page(product="other", page_id="9"))
        assert store.pages("shop") == {
            "backlog": page("backlog", page_id="778"),
            "roadmap": page(version=5),
        }

    # plans

    def test_a_new_plan_replaces_the_waiting_one(self, store: Store) -> None:
        """At most one plan of a product waits; other products' plans and applied ones stay."""
        store.put_plan(plan("a", state="applied"))
        store.put_plan(plan("b", made_at=minutes(1)))
        store.put_plan(plan("x", product="other"))
        store.put_plan(plan("c", made_at=minutes(2)))
        assert [(each.hash, each.state) for each in store.plans("shop")] == [
            ("c", "waiting"),
            ("b", "replaced"),
            ("a", "applied"),
        ]
        assert [each.state for each in store.plans("other")] == ["waiting"]

    def test_a_plan_can_be_told_applied(self, store: Store) -> None:
        """Putting a plan again in another state changes its state, not those made after it."""
        store.put_plan(plan("a"))
        store.put_plan(plan("b", made_at=minutes(1)))
        store.put_plan(plan("a", state="applied"))
        assert [(each.hash, each.state) for each in store.plans("shop")] == [
            ("b", "waiting"),
            ("a", "applied"),
        ]

    def test_an_applied_plan_ends_the_waiting_of_older_ones(self, store: Store) -> None:
        """What was planned before something else was applied waits no more."""
        store.put_plan(plan("a"))
        store.put_plan(plan("b", made_at=minutes(1), state="applied"))
        assert [each.state for each in store.plans("shop")] == ["applied", "replaced"]

    def test_a_unique_beginning_names_a_plan(self, store: Store) -> None:
        """As with runs: unique is found, ambiguous is refused, none is None."""
        first, second = plan("ab12"), plan("ab34", made_at=minutes(1))
        store.put_plan(first)
        store.put_plan(second)
        assert store.plan("ab3") == second
        assert store.plan("ab12") == replace(first, state="replaced")
        assert store.plan("ff") is None
        with pytest.raises(UsageError, match="ab12, ab34"):
            store.plan("ab")

    def test_a_plan_keeps_its_text_exactly(self, store: Store) -> None:
        """The canonical text is what was hashed, so not a character may change."""
        text = '{"a":"Größe\\u0000\N{SHOPPING TROLLEY}"}\n'
        kept = StoredPlan(hash="t", product="shop", state="waiting", made_at=NOON, text=text)
        store.put_plan(kept)
        assert store.plan("t") == kept

    # leases

    def test_a_lease_keeps_others_out(self, store: Store) -> None:
        """Somebody else is refused and told who holds it; other products are free."""
        store.take_lease("shop", "ana@host:1", NOON, 60)
        with pytest.raises(LeaseHeldError, match="ana@host:1") as caught:
            store.take_lease("shop", "ben@host:2", minutes(0.5), 60)
        assert caught.value.exit_code == 75
        assert store.take_lease("other", "ben@host:2", minutes(0.5), 60).holder == "ben@host:2"

    def test_a_lease_runs_out(self, store: Store) -> None:
        """At its end anybody may take it, and the one who had it notices."""
        lost = store.take_lease("shop", "ana", NOON, 60)
        taken = store.take_lease("shop", "ben", minutes(1), 60)
        assert taken.fence > lost.fence
        with pytest.raises(LeaseHeldError, match="ben"):
            store.check_lease(lost)
        store.check_lease(taken)

    def test_a_renewal_keeps_the_fence(self, store: Store) -> None:
        """The holder lengthens its lease, even a little late, without losing it."""
        first = store.take_lease("shop", "ana", NOON, 60)
        renewed = store.take_lease("shop", "ana", minutes(2), 60)
        assert renewed.fence == first.fence
        assert renewed.until == minutes(3)
        store.check_lease(first)
        with pytest.raises(LeaseHeldError):
            store.take_lease("shop", "ben", minutes(2.5), 60)

    def test_a_released_lease_is_free(self, store: Store) -> None:
        """After a release nobody waits, and the fence grows, for the same holder too."""
        first = store.take_lease("shop", "ana", NOON, 60)
        store.release_lease(first)
        second = store.take_lease("shop", "ben", NOON, 60)
        store.release_lease(second)
        third = store.take_lease("shop", "ben", NOON, 60)
        assert first.fence < second.fence < third.fence

    def test_a_lost_lease_cannot_release_the_new_one(self, store: Store) -> None:
        """A late release of an old lease leaves the present holder alone."""
        lost = store.take_lease("shop", "ana", NOON, 60)
        store.take_lease("shop", "ben", minutes(2), 60)
        store.release_lease(lost)
        with pytest.raises(LeaseHeldError, match="ben"):
            store.take_lease("shop", "cem", minutes(2.5), 60)

    def test_a_lost_lease_stays_lost_after_the_other_is_released(self, store: Store) -> None:
        """A later fence existed, so an older one is worth nothing ever after."""
        lost = store.take_lease("shop", "ana", NOON, 60)
        store.release_lease(store.take_lease("shop", "ben", minutes(2), 60))
        with pytest.raises(LeaseHeldError):
            store.check_lease(lost)

    # threads

    def test_one_of_many_threads_gets_the_lease(self, store: Store) -> None:
        """Of eight that ask at once, one holds it."""

        def ask(number: int) -> bool:
            try:
                store.take_lease("shop", f"holder {number}", NOON, 60)
            except LeaseHeldError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(ask, range(8))) == 1

    def test_threads_write_the_journal_together(self, store: Store) -> None:
        """Nothing is lost or doubled when several threads intend and settle at once."""

        def one(number: int) -> None:
            store.intend(write(f"w{number}"))
            store.settle(f"w{number}", APPLIED, minutes(1))
            store.put_issues("shop", [issue(str(number))], [])

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(60)))
        assert {each.id for each in store.writes("r1")} == {f"w{number}" for number in range(60)}
        assert store.unsettled("shop") == ()
        assert len(store.issues("shop")) == 60


class TestSqlStore(StoreContract):
    """The store of the product, in a file."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        """A new store."""
        with open_store(f"sqlite:///{tmp_path}/pmsync.db") as opened:
            yield opened


class TestMemoryStore(StoreContract):
    """The fake that other tests use."""

    @pytest.fixture
    def store(self) -> Store:
        """A new store."""
        return MemoryStore()
