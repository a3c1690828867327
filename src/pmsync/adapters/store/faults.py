"""Turns what the database, the disk and the decoders throw into sentences for a person."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pmsync.core.errors import StoreBusyError, StoreError

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_RESTORE = (
    "move the file away and put a backup in its place; without one, the next run starts a new "
    "store from what Jira and Confluence hold"
)

# SQLite's primary result code -> what happened, what to do.
_TOLD = {
    sqlite3.SQLITE_NOTADB: ("the file is not a pmsync store", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("the store is damaged", _RESTORE),
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and run again; nothing was lost"),
    sqlite3.SQLITE_READONLY: (
        "the store cannot be written",
        "let this user write the file and its folder",
    ),
    sqlite3.SQLITE_PERM: ("access to the store is denied", "let this user read and write it"),
    sqlite3.SQLITE_CANTOPEN: (
        "the store cannot be opened",
        "let this user read and write the file and its folder",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk under the store failed or is full",
        "check the disk and its free space, then run again",
    ),
}


@contextmanager
def told(place: str) -> Iterator[None]:
    """Let nothing but a :class:`StoreError` out of the block.

    Args:
        place: The store's address as it may be shown.

    Raises:
        StoreBusyError: Another process holds the database.
        StoreError: Anything else the database, the disk or a decoder complains of.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _from_database(error, place) from error
    except (msgspec.MsgspecError, zlib.error, UnicodeError) as error:
        what = f"the store holds, or was given, what cannot be read: {error}"
        cure = "run the pmsync that wrote it, or restore a backup"
        raise StoreError(what, where=place, cure=cure) from error
    except OSError as error:
        what = f"the store cannot be used: {error.strerror or error}"
        cure = "let this user read and write the file and its folder"
        raise StoreError(what, where=place, cure=cure) from error


def _from_database(error: Exception, place: str) -> StoreError:
    original = error.orig if isinstance(error, DBAPIError) else error
    # Extended codes carry the primary one in their low byte.
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        what = "another process holds the store"
        return StoreBusyError(what, where=place, cure="wait until it has finished and run again")
    what, cure = _TOLD.get(code, (f"the store failed: {original}", ""))
    return StoreError(what, where=place, cure=cure)
