"""A store in memory: the contract of :class:`pmsync.ports.Store` without a file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from typing import TypeVar

from pmsync.core.errors import LeaseHeldError, StoreError, UsageError
from pmsync.core.journal import Lease, Outcome, PageRecord, PullMark, Run, StoredPlan, Write
from pmsync.core.model import Issue

Kept = TypeVar("Kept")


class MemoryStore:
    """Forgets everything with the process; safe between threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._writes: dict[str, Write] = {}
        self._runs: dict[str, Run] = {}
        self._blobs: dict[str, bytes] = {}
        self._issues: dict[str, dict[str, Issue]] = {}
        self._marks: dict[str, PullMark] = {}
        self._pages: dict[tuple[str, str], PageRecord] = {}
        self._plans: dict[str, StoredPlan] = {}
        self._leases: dict[str, Lease] = {}
        self._released: set[str] = set()

    def intend(self, write: Write) -> None:
        with self._lock:
            if write.id in self._writes:
                message = f"write {write.id} was intended before"
                raise StoreError(message)
            self._writes[write.id] = write

    def settle(self, write_id: str, outcome: Outcome, at: datetime) -> None:
        with self._lock:
            write = self._writes.get(write_id)
            if write is None:
                message = f"write {write_id} was never intended"
                raise StoreError(message)
            self._writes[write_id] = replace(write, outcome=outcome, settled_at=at)

    def unsettled(self, product: str) -> tuple[Write, ...]:
        with self._lock:
            kept = self._writes.values()
            return tuple(each for each in kept if each.product == product and _open(each))

    def writes(self, run: str) -> tuple[Write, ...]:
        with self._lock:
            return tuple(each for each in self._writes.values() if each.run == run)

    def start_run(self, run: Run) -> None:
        with self._lock:
            if run.id in self._runs:
                message = f"run {run.id} was started before"
                raise StoreError(message)
            self._runs[run.id] = run

    def update_run(self, run: Run) -> None:
        with self._lock:
            if run.id not in self._runs:
                message = f"run {run.id} was never started"
                raise StoreError(message)
            self._runs[run.id] = run

    def run(self, run_id: str) -> Run | None:
        with self._lock:
            return _by_beginning(self._runs, run_id)

    def runs(self, product: str | None, limit: int) -> tuple[Run, ...]:
        with self._lock:
            kept = [run for run in self._runs.values() if product in (None, run.product)]
        newest_first = sorted(kept, key=lambda run: (run.started_at, run.id), reverse=True)
        return tuple(newest_first[:limit])

    def put_blob(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self._blobs[sha256] = content
        return sha256

    def blob(self, sha256: str) -> bytes:
        if sha256 not in self._blobs:
            message = f"the store has no content {sha256}"
            raise StoreError(message)
        return self._blobs[sha256]

    def issues(self, product: str) -> dict[str, Issue]:
        with self._lock:
            return dict(sorted(self._issues.get(product, {}).items()))

    def put_issues(self, product: str, changed: Iterable[Issue], gone: Iterable[str]) -> None:
        new = {issue.id: issue for issue in changed}
        with self._lock:
            kept = self._issues.setdefault(product, {})
            kept.update(new)
            for issue_id in gone:
                kept.pop(issue_id, None)

    def pull_mark(self, product: str) -> PullMark | None:
        return self._marks.get(product)

    def put_pull_mark(self, mark: PullMark) -> None:
        self._marks[mark.product] = mark

    def pages(self, product: str) -> dict[str, PageRecord]:
        with self._lock:
            kept = sorted(self._pages.items())
        return {page: record for (owner, page), record in kept if owner == product}

    def put_page(self, record: PageRecord) -> None:
        with self._lock:
            self._pages[record.product, record.page] = record

    def put_plan(self, plan: StoredPlan) -> None:
        with self._lock:
            for other in self._plans.values():
                older = plan.state == "waiting" or other.made_at <= plan.made_at
                if other.product == plan.product and other.state == "waiting" and older:
                    self._plans[other.hash] = replace(other, state="replaced")
            self._plans[plan.hash] = plan

    def plan(self, hash_prefix: str) -> StoredPlan | None:
        with self._lock:
            return _by_beginning(self._plans, hash_prefix)

    def plans(self, product: str) -> tuple[StoredPlan, ...]:
        with self._lock:
            kept = sorted(self._plans.values(), key=lambda plan: plan.hash)
        mine = [plan for plan in kept if plan.product == product]
        return tuple(sorted(mine, key=lambda plan: plan.made_at, reverse=True))

    def take_lease(self, product: str, holder: str, now: datetime, seconds: float) -> Lease:
        with self._lock:
            kept = self._leases.get(product)
            free = kept is None or product in self._released
            mine = kept is not None and kept.holder == holder and not free
            if kept is not None and not free and not mine and kept.until > now:
                raise _held(kept)
            fence = (kept.fence if kept else 0) + (0 if mine else 1)
            until = now + timedelta(seconds=seconds)
            lease = Lease(product=product, holder=holder, fence=fence, until=until)
            self._leases[product] = lease
            self._released.discard(product)
            return lease

    def release_lease(self, lease: Lease) -> None:
        with self._lock:
            kept = self._leases.get(lease.product)
            if kept and (kept.fence, kept.holder) == (lease.fence, lease.holder):
                self._released.add(lease.product)

    def check_lease(self, lease: Lease) -> None:
        with self._lock:
            kept = self._leases.get(lease.product)
            if kept and kept.fence > lease.fence:
                raise _held(kept)


def _open(write: Write) -> bool:
    return write.outcome is None or write.outcome.state == "unknown"


def _by_beginning(kept: dict[str, Kept], start: str) -> Kept | None:
    found: Sequence[str] = [name for name in kept if name == start]
    found = found or [name for name in kept if name.startswith(start)]
    if len(found) > 1:
        message = f"{start!r} begins several: {', '.join(sorted(found))}"
        raise UsageError(message)
    return kept[found[0]] if found else None


def _held(lease: Lease) -> LeaseHeldError:
    message = f"another run of {lease.product} is under way: {lease.holder}"
    return LeaseHeldError(message)
