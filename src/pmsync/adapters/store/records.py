"""Rows to records of the core and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, Table, func, select

from pmsync.adapters.store.database import Database
from pmsync.core.errors import UsageError
from pmsync.core.journal import PageRecord, Run, StoredPlan

_CANDIDATES = 5  # named in the message when a beginning fits several

Record = TypeVar("Record")


def columns(kept: Run | StoredPlan | PageRecord) -> dict[str, Any]:
    """Return ``{column: value}`` of a record whose fields are its table's columns."""
    values = {field.name: getattr(kept, field.name) for field in fields(kept)}
    return {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()
    }


def record(kind: type[Record], row: Mapping[Any, Any]) -> Record:
    """Return a row as a record, its types checked.

    Raises:
        msgspec.ValidationError: The row holds what *kind* cannot; a StoreError to the outside.
    """
    # SQLAlchemy's column names are a subclass of str, which msgspec does not take for names.
    return msgspec.convert({str(name): value for name, value in row.items()}, kind)


def by_beginning(
    database: Database, table: Table, column: Column[str], kind: type[Record], start: str
) -> Record | None:
    """Return the record whose *column* is *start*, or is the only one that begins like it.

    Raises:
        UsageError: Several begin like this.
    """
    # Not LIKE: it would need escapes, and SQLite's takes no notice of case.
    query = select(table).where(func.substr(column, 1, len(start)) == start)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(column).limit(_CANDIDATES + 1)).mappings().all()
        found = [row for row in rows if row[column.name] == start] or rows
        if len(found) > 1:
            raise _ambiguous(table.name, start, [str(row[column.name]) for row in rows])
        return record(kind, found[0]) if found else None


def _ambiguous(table: str, start: str, candidates: list[str]) -> UsageError:
    more = ", …" if len(candidates) > _CANDIDATES else ""
    what = f"{start!r} begins several {table}: {', '.join(candidates[:_CANDIDATES])}{more}"
    return UsageError(what, cure="give more of it")
