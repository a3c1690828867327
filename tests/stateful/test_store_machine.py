"""The SQL store next to the one in memory, through any sequence of calls and reopenings."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from memory_store import MemoryStore
from store_records import NOON, issue, minutes, plan, write
from typing_extensions import override

from pmsync.adapters.store.sql import open_store
from pmsync.core.errors import PmsyncError
from pmsync.core.journal import Lease, Outcome
from pmsync.ports import Store

WRITES = st.sampled_from(["w1", "w2", "w3", "w4"])
PRODUCTS = st.sampled_from(["shop", "other"])
HOLDERS = st.sampled_from(["ana", "ben"])
OUTCOMES = st.builds(
    Outcome,
    state=st.sampled_from(["applied", "not_applied", "unknown", "held"]),
    detail=st.text(max_size=5).filter(lambda text: text.isprintable()),
)


class StoreMachine(RuleBasedStateMachine):
    """Whatever is asked, both stores answer the same, or refuse with the same kind of error."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._url = f"sqlite:///{Path(self._folder.name) / 'pmsync.db'}"
        self._sql = open_store(self._url)
        self._memory = MemoryStore()
        self._now = NOON
        self._leases: list[Lease] = []

    @override
    def teardown(self) -> None:
        """Close and forget the file."""
        self._sql.close()
        self._folder.cleanup()

    def _both(self, name: str, *arguments: object) -> object:
        answers = [_answer(store, name, arguments) for store in (self._sql, self._memory)]
        assert answers[0] == answers[1]
        return answers[0]

    @rule()
    def reopen(self) -> None:
        """Nothing is lost by closing."""
        self._sql.close()
        self._sql = open_store(self._url)

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self._now = minutes((self._now - NOON).total_seconds() / 60 + seconds / 60)

    @rule(write_id=WRITES, product=PRODUCTS)
    def intend(self, write_id: str, product: str) -> None:
        """Something is about to be written."""
        self._both("intend", write(write_id, product=product, intended_at=self._now))

    @rule(write_id=WRITES, outcome=OUTCOMES)
    def settle(self, write_id: str, outcome: Outcome) -> None:
        """A write ended, or is told to have."""
        self._both("settle", write_id, outcome, self._now)

    @rule(product=PRODUCTS, holder=HOLDERS)
    def take(self, product: str, holder: str) -> None:
        """Somebody wants to write."""
        taken = self._both("take_lease", product, holder, self._now, 60)
        if isinstance(taken, Lease):
            self._leases.append(taken)

    @precondition(lambda self: bool(self._leases))
    @rule(pick=st.randoms(use_true_random=False), give_back=st.booleans())
    def use(self, pick: object, give_back: bool) -> None:  # noqa: FBT001 - a drawn value
        """An old or a present lease is checked or given back."""
        lease = self._leases[hash(str(pick)) % len(self._leases)]
        self._both("release_lease" if give_back else "check_lease", lease)

    @rule(
        plan_hash=st.sampled_from(["a", "ab", "b"]),
        product=PRODUCTS,
        state=st.sampled_from(["waiting", "applied"]),
    )
    def put_plan(self, plan_hash: str, product: str, state: str) -> None:
        """A plan is made or was applied."""
        self._both("put_plan", plan(plan_hash, product=product, state=state, made_at=self._now))

    @rule(changed=st.sets(st.integers(1, 9)), gone=st.sets(st.integers(1, 9)), text=st.text())
    def put_issues(self, changed: set[int], gone: set[int], text: str) -> None:
        """A pull brings issues and takes others away."""
        summary = text.encode("utf-8", "replace").decode()
        issues = [issue(str(number), summary=summary) for number in sorted(changed)]
        self._both("put_issues", "shop", issues, [str(number) for number in sorted(gone)])

    @invariant()
    def the_same_is_kept(self) -> None:
        """All that can be read is the same."""
        for product in ("shop", "other"):
            self._both("unsettled", product)
            self._both("plans", product)
            self._both("issues", product)
        self._both("writes", "r1")
        self._both("plan", "a")

    @invariant()
    def fences_only_grow(self) -> None:
        """A lease that was taken later never has a smaller fence."""
        for product in ("shop", "other"):
            fences = [lease.fence for lease in self._leases if lease.product == product]
            assert fences == sorted(fences)


def _answer(store: Store, name: str, arguments: tuple[object, ...]) -> object:
    try:
        return getattr(store, name)(*arguments)
    except PmsyncError as error:
        return type(error)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
