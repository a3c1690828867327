"""Intents and outcomes of writes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from pmsync.adapters.store.database import Rows
from pmsync.adapters.store.records import record
from pmsync.adapters.store.tables import writes
from pmsync.core.errors import StoreError
from pmsync.core.journal import Outcome, Write

_OPEN = or_(writes.c.state.is_(None), writes.c.state == "unknown")

_PLAIN = ("id", "run", "product", "change", "step", "target", "desired", "intended_at")


class SqlJournal(Rows):
    """The journal, one row a write."""

    def intend(self, write: Write) -> None:
        """Make *write* durable, before its call is made.

        Raises:
            StoreError: A write of this id was intended before.
        """
        with self._database.writing() as connection:
            try:
                connection.execute(insert(writes), _row(write))
            except IntegrityError as error:
                what = f"write {write.id} was intended before"
                raise StoreError(what, where=self._database.place) from error

    def settle(self, write_id: str, outcome: Outcome, at: datetime) -> None:
        """Record how a write ended; what reading back shows later replaces it.

        Raises:
            StoreError: No such write was intended.
        """
        ended = update(writes).where(writes.c.id == write_id)
        with self._database.writing() as connection:
            if connection.execute(ended.values(settled_at=at, **_ending(outcome))).rowcount == 0:
                what = f"write {write_id} was never intended"
                raise StoreError(what, where=self._database.place)

    def unsettled(self, product: str) -> tuple[Write, ...]:
        """Return the writes without outcome, or with ``unknown``, oldest first."""
        return self._asked(select(writes).where(writes.c.product == product, _OPEN))

    def writes(self, run: str) -> tuple[Write, ...]:
        """Return the writes of one run, in the order they were intended."""
        return self._asked(select(writes).where(writes.c.run == run))

    def _asked(self, query: Select[Any]) -> tuple[Write, ...]:
        with self._database.reading() as connection:
            return _writes(connection.execute(query.order_by(writes.c.seq)).mappings())


def _row(write: Write) -> dict[str, Any]:
    ending = _ending(write.outcome) if write.outcome else {"reason": "", "refused": {}}
    plain = {name: getattr(write, name) for name in _PLAIN}
    return plain | ending | {"detail": dict(write.detail), "settled_at": write.settled_at}


def _ending(outcome: Outcome) -> dict[str, Any]:
    return {"state": outcome.state, "reason": outcome.detail, "refused": dict(outcome.refused)}


def _writes(rows: Iterable[Mapping[Any, Any]]) -> tuple[Write, ...]:
    return tuple(_write(row) for row in rows)


def _write(row: Mapping[Any, Any]) -> Write:
    outcome = {"state": row["state"], "detail": row["reason"], "refused": row["refused"]}
    kept = {name: row[name] for name in (*_PLAIN, "detail", "settled_at")}
    return record(Write, kept | {"outcome": outcome if row["state"] else None})
