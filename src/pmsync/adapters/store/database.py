"""Transactions on the store: reading ones, and writing ones that wait for their turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, Engine

from pmsync.adapters.store.faults import told
from pmsync.adapters.store.sqlite import WRITING


class Database:
    """An engine and its address; every error that leaves a transaction is a StoreError.

    Attributes:
        engine: Closed by :meth:`close`.
        place: The address as it may be shown.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        # SQLite's own waiting is unfair: threads of one process queue here instead.
        self._turn = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees one state of the store and changes nothing."""
        with told(self.place), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that is durable when the block ends, or had no effect if it raises."""
        with self._turn, told(self.place):
            writer = self.engine.execution_options(**{WRITING: True})
            with writer.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class Rows:
    """A part of the store: some tables and what is asked of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
