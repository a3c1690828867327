"""How the store writes: durable at once, only what changed, nothing of an issue in an error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from store_records import issue, write

from pmsync.adapters.store.sql import SqlStore, open_store
from pmsync.core.errors import StoreError
from pmsync.core.journal import Outcome


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "pmsync.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """A new store."""
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


def pragma(store: SqlStore, name: str) -> object:
    with store._database.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_a_commit_reaches_the_disk(store: SqlStore) -> None:
    """Every connection waits for the disk (FULL is 2) and lets readers go on meanwhile."""
    assert pragma(store, "synchronous") == 2
    assert pragma(store, "journal_mode") == "wal"


def test_an_intent_is_seen_by_others_when_the_call_returns(store: SqlStore, path: Path) -> None:
    """Another connection reads the row as soon as intend() is back."""
    with closing(sqlite3.connect(path)) as other:
        store.intend(write())
        assert other.execute("SELECT id, state FROM writes").fetchall() == [(write().id, None)]
        store.settle(write().id, Outcome(state="applied"), write().intended_at)
        assert other.execute("SELECT state FROM writes").fetchall() == [("applied",)]


def test_unchanged_issues_are_not_written(store: SqlStore, path: Path) -> None:
    """Putting the same issues again changes not a byte of the database."""
    issues = [issue(str(number)) for number in range(50)]
    store.put_issues("shop", issues, [])
    before = path.with_name("pmsync.db-wal").read_bytes()
    store.put_issues("shop", issues, [])
    assert path.with_name("pmsync.db-wal").read_bytes() == before
    store.put_issues("shop", [issue("7", summary="new")], [])
    assert path.with_name("pmsync.db-wal").read_bytes() != before


def test_equal_blobs_are_kept_once(store: SqlStore, path: Path) -> None:
    """A blob is compressed, and its second putting writes nothing."""
    content = b"the same line\n" * 10_000
    store.put_blob(content)
    store.put_blob(content)
    with closing(sqlite3.connect(path)) as other:
        [(size,)] = other.execute("SELECT length(content) FROM blobs").fetchall()
    assert size < len(content) / 20


def test_an_error_names_no_text_of_an_issue(store: SqlStore, path: Path) -> None:
    """Restricted issues must not reach a log by way of a failed statement."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE issues")
        with pytest.raises(StoreError) as caught:
            store.put_issues("shop", [issue("1", summary="the secret merger")], [])
    assert "secret" not in str(caught.value)
    assert "secret" not in str(caught.value.__cause__)


def test_a_closed_store_lets_go_of_its_file(path: Path) -> None:
    """After closing, one file is left and anybody may lock it."""
    with open_store(f"sqlite:///{path}") as store:
        store.intend(write())
    assert [each.name for each in path.parent.iterdir()] == ["pmsync.db"]
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
