"""A run from its lease to its last row: what every writing command has around it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pmsync.config.configuration import rules_text
from pmsync.core.errors import LeaseHeldError, PmsyncError
from pmsync.core.journal import Lease, Run, RunState
from pmsync.pipeline.apply_pages import PageRun
from pmsync.pipeline.line import Line
from pmsync.pipeline.settle import settle
from pmsync.pipeline.writing import Writer

LEASE_S = 180.0
"""How long a run may be silent before another one may take over; every write renews it.

Longer than any single stage takes; short, because a run that was killed blocks the next so long.
"""

LOOK_BACK = 20
"""How many of the latest runs are searched for one that never told its end."""


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

    def hold(self) -> None:
        """Make sure that the product is still ours to work on, before anything is kept.

        Raises:
            LeaseHeldError: Another run has taken over.
        """
        self.writer.hold()

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
    lease = line.store.take_lease(line.product.id, line.holder, line.now(), LEASE_S)
    try:
        with _recorded(line, _new_run(line, command), lease) as session:
            yield session
    finally:
        line.store.release_lease(lease)


@contextmanager
def _recorded(line: Line, run: Run, lease: Lease) -> Iterator[Session]:
    """Record the run's beginning, and its end however it comes."""
    line.store.start_run(run)
    session = Session(line=line, run=run, writer=_writer(line, run, lease))
    try:
        _bury(line, run.id)
        yield session
    except PmsyncError as error:
        session.finish("failed", str(error))
        raise
    except BaseException as error:
        # Not its text: nobody knows what a fault's message holds.
        session.finish("failed", f"ended by {type(error).__name__}")
        raise


def _new_run(line: Line, command: str) -> Run:
    now = line.now()
    return Run(
        id=f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06}-{line.product.id}",
        product=line.product.id,
        command=command,
        package=line.package,
        started_at=now,
        as_of=line.today().isoformat(),
        rules=line.store.put_blob(rules_text(line.product).encode()),
    )


def _bury(line: Line, run: str) -> None:
    """Tell how earlier runs ended that could not tell it themselves: we hold their lease now."""
    for other in line.store.runs(line.product.id, LOOK_BACK):
        if other.state == "running" and other.id != run:
            problem = "it was killed, or its machine failed"
            line.store.update_run(replace(other, state="failed", problem=problem))


def _keep(line: Line, lease: Lease) -> None:
    """Renew the lease, as long as nobody else has taken it.

    Raises:
        LeaseHeldError: Somebody has.
    """
    line.store.check_lease(lease)
    renewed = line.store.take_lease(lease.product, lease.holder, line.now(), LEASE_S)
    if renewed.fence != lease.fence:
        line.store.release_lease(renewed)
        msg = f"another run of {lease.product} took over meanwhile and has finished"
        raise LeaseHeldError(msg, cure="run again")


def _writer(line: Line, run: Run, lease: Lease) -> Writer:
    return Writer(
        journal=line.store,
        gate=line.gate,
        clock=line.clock,
        run=run.id,
        product=line.product.id,
        still_ours=lambda: _keep(line, lease),
    )
