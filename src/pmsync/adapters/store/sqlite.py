"""All that is SQLite's own: engine, files, backup and upsert; no other module knows it."""

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects.sqlite import Insert, insert

from pmsync.core.errors import StoreError

WRITING = "pmsync_writing"
"""Execution option of connections that are going to write."""

_SMALLEST = 512  # bytes of the smallest page, so of the smallest database

_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a committed intent survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)


def prepare(path: Path) -> None:
    """Make the store's file and folder for this user alone, where they are missing.

    Raises:
        StoreError: The path is no file, or may not be written.
        OSError: The folder or the file cannot be made.
    """
    if path.exists() and not path.is_file():
        what = "this is a folder" if path.is_dir() else "this is not a regular file"
        raise StoreError(what, where=str(path), cure="name a file, such as sqlite:///pmsync.db")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _create(path)
    elif 0 < path.stat().st_size < _SMALLEST:
        what = "the file is not a pmsync store"  # SQLite would take it for an empty one
        raise StoreError(what, where=str(path), cure="name another file; pmsync makes it")
    if not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)):
        what = "the store cannot be written"
        cure = "let this user write the file and its folder"
        raise StoreError(what, where=str(path), cure=cure)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        with suppress(PermissionError):  # somebody else's file: theirs to decide
            path.chmod(0o600)  # SQLite gives its side files the mode of the database


def _create(path: Path) -> None:
    # An existing file is never opened here: closing it would drop this process's SQLite locks.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # another process was faster


def engine(path: Path, busy_timeout_s: float) -> Engine:
    """Return an engine for the database in *path*.

    Args:
        path: A file that :func:`prepare` has seen.
        busy_timeout_s: How long to wait for another process's lock.
    """
    made = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": busy_timeout_s, "check_same_thread": False},
        max_overflow=-1,
        hide_parameters=True,  # issue texts have no place in an error
    )
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    return made


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def share(engine: Engine) -> None:
    """Let readers go on while one process writes; the file remembers it.

    Only for a file that is known to be ours, since it changes the file.
    """
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            # Another process is at work in the file: the next one to open it will do this.


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a read that becomes a write fails without waiting."""
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def backup(source: Path, target: Path) -> None:
    """Copy the committed state of a database, complete or not at all.

    Args:
        source: The database; others may read and write it meanwhile.
        target: Replaced if it exists.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    _create(part)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def damage(connection: Connection) -> str:
    """Return SQLite's own words on what is damaged; empty if nothing is."""
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    return "" if found == "ok" else str(found)


def upsert(table: Table, *, unless_same: str | None = None) -> Insert:
    """Return an insert that replaces the row of the same primary key.

    Args:
        table: Where to.
        unless_same: A column; a row that has the same value there already is left alone.
    """
    statement = insert(table)
    keys = list(table.primary_key)
    replaced = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    differs = (
        table.c[unless_same] != statement.excluded[unless_same] if unless_same is not None else None
    )
    return statement.on_conflict_do_update(index_elements=keys, set_=replaced, where=differs)


def insert_missing(table: Table) -> Insert:
    """Return an insert that leaves a row of the same primary key alone."""
    return insert(table).on_conflict_do_nothing()
