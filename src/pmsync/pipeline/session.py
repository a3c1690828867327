"""A run from its lease to its last row: what every writing command has around it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pmsync.core.errors import PmsyncError
from pmsync.core.journal import Lease, Run, RunState
from pmsync.pipeline.apply_pages import PageRun
from pmsync.pipeline.line import Line
from pmsync.pipeline.settle import settle
from pmsync.pipeline.writing import Writer

LEASE_S = 900.0
"""How long a run may be silent before another one may take over; every write renews it."""


@dataclass(slots=True)
class Session:
    """One run under way: its row, and the one way to write.

    Attributes:
        run: The run's row as last stored.
    """

    line: Line
    run: Run
    writer: Writer

    def note(self, **changes: str | None) -> None:
        """Store more of the run's row, such as ``snapshot`` or ``plan``."""
        self.run = replace(self.run, **changes)  # type: ignore[arg-type]  # keys of Run only
        self.line.store.update_run(self.run)

    def pages(self, bodies: Mapping[str, str]) -> PageRun | None:
        """Return what writes pages; None when the site has no wiki."""
        if self.line.wiki is None:
            return None
        return PageRun(
            wiki=self.line.wiki,
            store=self.line.store,
            writer=self.writer,
            product=self.line.product.id,
            package=self.line.package,
            bodies=bodies,
        )

    def settle(self) -> None:
        """Find out what became of earlier writes whose outcome is unknown; only reads."""
        line = self.line
        settle(
            line.store,
            line.product.id,
            tracker=line.tracker,
            scope=line.product.scope,
            pages=self.pages({}),
            clock=line.clock,
        )

    def complete_pages(self) -> None:
        """Complete pages that an earlier run wrote but could not finish."""
        pages, product = self.pages({}), self.line.product
        labels = product.pages.labels if product.pages else ()
        for record in self.line.store.pages(product.id).values():
            if pages and record.property_id is None:
                pages.finish(labels, record)

    def finish(
        self, state: RunState, problem: str = "", counts: Mapping[str, int] | None = None
    ) -> None:
        """Store how the run ended."""
        self.run = replace(
            self.run,
            state=state,
            problem=problem,
            finished_at=self.line.now(),
            counts=counts or {},
        )
        self.line.store.update_run(self.run)


@contextmanager
def started(line: Line, command: str) -> Iterator[Session]:
    """Take the product's lease and record the run; give the lease back however it ends.

    Raises:
        LeaseHeldError: Another run of this product is under way.
    """
    now = line.now()
    lease = line.store.take_lease(line.product.id, line.holder, now, LEASE_S)
    run = Run(
        id=f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06}-{line.product.id}",
        product=line.product.id,
        command=command,
        package=line.package,
        started_at=now,
        as_of=line.today().isoformat(),
        rules=line.rules,
    )
    line.store.start_run(run)
    session = Session(line=line, run=run, writer=_writer(line, run, lease))
    try:
        yield session
    except PmsyncError as error:
        session.finish("failed", str(error))
        raise
    finally:
        line.store.release_lease(lease)


def _writer(line: Line, run: Run, lease: Lease) -> Writer:
    return Writer(
        journal=line.store,
        gate=line.gate,
        clock=line.clock,
        run=run.id,
        product=line.product.id,
        still_ours=lambda: line.store.check_lease(lease),
    )
