"""The store's way in: :func:`open_store`."""

from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from pmsync.adapters.store.database import Database
from pmsync.adapters.store.faults import told
from pmsync.adapters.store.history import SqlPlans, SqlRuns
from pmsync.adapters.store.journal import SqlJournal
from pmsync.adapters.store.ownership import SqlLeases, SqlPages
from pmsync.adapters.store.revision import present
from pmsync.adapters.store.snapshots import SqlBlobs, SqlIssues
from pmsync.adapters.store.sqlite import damage, engine, prepare, share
from pmsync.adapters.store.tables import REVISION
from pmsync.core.errors import StoreError

_SHAPE = "write sqlite:/// and a file's path, such as sqlite:///pmsync.db"


class SqlStore(SqlJournal, SqlRuns, SqlPlans, SqlBlobs, SqlIssues, SqlPages, SqlLeases):
    """Everything that outlives a run, in one SQL database (:class:`pmsync.ports.Store`).

    Threads of one process may share it; processes may share its file. Used as a context, it is
    closed at the end.
    """

    def verify(self) -> None:
        """Read the whole store and look for damage; takes seconds when it is large.

        Raises:
            StoreError: Something is damaged.
        """
        with self._database.reading() as connection:
            found = damage(connection)
        if found:
            what = f"the store is damaged: {found}"
            raise StoreError(what, where=self._database.place, cure="restore a backup")

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(url: str, *, busy_timeout_s: float = 5.0) -> SqlStore:
    """Open a store, making it or upgrading its tables first where needed.

    Args:
        url: ``sqlite:///`` and a file's path, relative to the working folder or absolute.
        busy_timeout_s: How long to wait, each time, for another process's lock.

    Returns:
        The store; close it in the end.

    Raises:
        StoreBusyError: Another process holds it.
        StoreError: It cannot be opened, is damaged, not a store, or newer than this package.
    """
    path = _path(url)
    place = str(path)
    with told(place):
        prepare(path)
    database = Database(engine(path, busy_timeout_s), place)
    try:
        _bring_up_to_date(database, path)
        with told(place):
            share(database.engine)
    except StoreError as error:
        database.close()
        error.where = error.where or place
        raise
    return SqlStore(database)


def _bring_up_to_date(database: Database, path: Path) -> None:
    with database.reading() as connection:
        current = present(connection) == REVISION
    if not current:
        # Alembic takes longer to load than an unchanged store takes to open.
        from pmsync.adapters.store.migrating import migrate  # noqa: PLC0415

        migrate(database, path)


def _path(url: str) -> Path:
    """Return the file a store's address names; the address may hold a password, so is not shown."""
    try:
        parts = make_url(url)
    except ArgumentError as error:
        what = "the store's address is not a URL"
        raise StoreError(what, cure=_SHAPE) from error
    if parts.drivername not in ("sqlite", "sqlite+pysqlite"):
        what = f"this pmsync has no store of the kind {parts.drivername}"
        raise StoreError(what, cure=_SHAPE)
    if not parts.database or parts.database.startswith((":memory:", "file:")) or parts.query:
        what = "the store's address must be a plain file"
        raise StoreError(what, cure=_SHAPE)
    return Path(parts.database)
