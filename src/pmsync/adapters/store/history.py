"""Runs, and the plans that wait or waited for a person."""

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from pmsync.adapters.store.database import Rows
from pmsync.adapters.store.records import by_beginning, columns, record
from pmsync.adapters.store.sqlite import upsert
from pmsync.adapters.store.tables import plans, runs
from pmsync.core.errors import StoreError
from pmsync.core.journal import Run, StoredPlan


class SqlRuns(Rows):
    """Runs, one row each."""

    def start_run(self, run: Run) -> None:
        """Record a run's beginning.

        Raises:
            StoreError: There is a run of this id.
        """
        with self._database.writing() as connection:
            try:
                connection.execute(insert(runs), columns(run))
            except IntegrityError as error:
                what = f"run {run.id} was started before"
                raise StoreError(what, where=self._database.place) from error

    def update_run(self, run: Run) -> None:
        """Replace a run's row.

        Raises:
            StoreError: There is no run of this id.
        """
        replaced = update(runs).where(runs.c.id == run.id).values(columns(run))
        with self._database.writing() as connection:
            if connection.execute(replaced).rowcount == 0:
                what = f"run {run.id} was never started"
                raise StoreError(what, where=self._database.place)

    def run(self, run_id: str) -> Run | None:
        """Return one run by its id or a unique beginning of it; None if there is none.

        Raises:
            UsageError: Several ids begin like this.
        """
        return by_beginning(self._database, runs, runs.c.id, Run, run_id)

    def runs(self, product: str | None, limit: int) -> tuple[Run, ...]:
        """Return the latest runs, of one product or of all (None), newest first."""
        query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
        if product is not None:
            query = query.where(runs.c.product == product)
        with self._database.reading() as connection:
            return tuple(record(Run, row) for row in connection.execute(query).mappings())


class SqlPlans(Rows):
    """Plans by their hash."""

    def put_plan(self, plan: StoredPlan) -> None:
        """Keep a plan; an older waiting one of the product becomes ``replaced``.

        A plan that waits replaces every other one that does; one that is kept as applied leaves
        those waiting that were made after it.
        """
        others = update(plans).where(
            plans.c.product == plan.product, plans.c.state == "waiting", plans.c.hash != plan.hash
        )
        if plan.state != "waiting":
            others = others.where(plans.c.made_at <= plan.made_at)
        with self._database.writing() as connection:
            connection.execute(others.values(state="replaced"))
            connection.execute(upsert(plans), columns(plan))

    def plan(self, hash_prefix: str) -> StoredPlan | None:
        """Return a plan by its hash or a unique beginning of it; None if there is none.

        Raises:
            UsageError: Several hashes begin like this.
        """
        return by_beginning(self._database, plans, plans.c.hash, StoredPlan, hash_prefix)

    def plans(self, product: str) -> tuple[StoredPlan, ...]:
        """Return the product's plans, newest first."""
        query = select(plans).where(plans.c.product == product)
        newest_first = query.order_by(plans.c.made_at.desc(), plans.c.hash)
        with self._database.reading() as connection:
            rows = connection.execute(newest_first).mappings()
            return tuple(record(StoredPlan, row) for row in rows)
