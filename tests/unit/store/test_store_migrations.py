"""The store's tables: made by alembic, upgraded after a backup, refused when newer."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateIndex, CreateTable
from store_records import issue, write

import pmsync.adapters.store
from pmsync.adapters.store import migrating, sqlite
from pmsync.adapters.store.database import Database
from pmsync.adapters.store.migrating import MIGRATIONS, migrate
from pmsync.adapters.store.sql import SqlStore, open_store
from pmsync.adapters.store.tables import REVISION, REVISION_TABLE, metadata
from pmsync.core.errors import StoreError

REVISIONS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

NEXT = '''"""A step of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{after}"


def upgrade() -> None:
    op.create_table("tomorrow", sa.Column("id", sa.Text, primary_key=True))
    {more}
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "pmsync.db"


@pytest.fixture
def filled(path: Path) -> Path:
    """A closed store with a write and an issue in it."""
    with open_store(f"sqlite:///{path}") as store:
        store.intend(write())
        store.put_issues("shop", [issue()], [])
    return path


@pytest.fixture
def tomorrow(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a copy of the migrations with one more step."""

    def make(more: str = "") -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        step = NEXT.format(after=REVISION, more=more)
        (folder / "versions" / "r9001_tomorrow.py").write_text(step)
        return folder

    return make


def database(path: Path) -> Database:
    return Database(sqlite.engine(path, 1.0), str(path))


def upgrade(path: Path, migrations: Path) -> None:
    opened = database(path)
    try:
        migrate(opened, path, migrations)
    finally:
        opened.close()


def revision_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM pmsync_revision").fetchone()[0])


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}


def test_the_package_knows_its_newest_revision() -> None:
    """The constant that spares loading alembic names the last step."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == REVISION


def test_the_steps_make_the_tables_that_are_used(filled: Path) -> None:
    """Alembic finds no difference between what the steps made and what the code declares."""
    opened = database(filled)
    try:
        with opened.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": REVISION_TABLE, "compare_type": True}
            )
            assert compare_metadata(context, metadata) == []
    finally:
        opened.close()


def test_a_new_store_needs_no_backup(filled: Path) -> None:
    """Where nothing was, nothing is copied."""
    assert [each.name for each in filled.parent.iterdir()] == ["pmsync.db"]
    assert revision_of(filled) == REVISION


def test_an_unchanged_store_opens_without_alembic(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a store of this revision leads to no migration."""

    def refuse(*_: object) -> None:
        pytest.fail("migrated without need")

    monkeypatch.setattr(migrating, "migrate", refuse)
    with open_store(f"sqlite:///{filled}") as store:
        assert store.unsettled("shop") == (write(),)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_any_revision_is_opened(path: Path, revision: str) -> None:
    """A store that an older pmsync left is upgraded, and backed up if it changed."""
    opened = database(path)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with opened.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    opened.close()
    with open_store(f"sqlite:///{path}") as store:
        store.intend(write())
    assert revision_of(path) == REVISION
    assert path.with_name(f"pmsync.db.backup-{revision}").exists() == (revision != REVISION)


def test_an_upgrade_keeps_a_backup(filled: Path, tomorrow: Callable[[], Path]) -> None:
    """What was in the store is in it afterwards, and in a private copy of before."""
    upgrade(filled, tomorrow())
    copy = filled.with_name(f"pmsync.db.backup-{REVISION}")
    assert revision_of(filled) == "9001"
    assert "tomorrow" in tables_of(filled)
    assert "tomorrow" not in tables_of(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not list(filled.parent.glob("*.part"))
    with open_store(f"sqlite:///{copy}") as store:
        assert store.unsettled("shop") == (write(),)
        assert store.issues("shop") == {"10001": issue()}


def test_the_backup_holds_what_is_still_in_the_side_file(
    filled: Path, tomorrow: Callable[[], Path]
) -> None:
    """Writes that SQLite has not moved into the main file are backed up too."""
    migrations = tomorrow()
    with open_store(f"sqlite:///{filled}") as store:
        store.intend(write("late"))
        upgrade(filled, migrations)
    with open_store(f"sqlite:///{filled}.backup-{REVISION}") as store:
        assert [each.id for each in store.unsettled("shop")] == [write().id, "late"]


def test_a_failed_step_changes_nothing(filled: Path, tomorrow: Callable[[str], Path]) -> None:
    """An upgrade happens whole or not at all."""
    with pytest.raises(StoreError, match="nonsense"):
        upgrade(filled, tomorrow('op.execute("nonsense")'))
    assert revision_of(filled) == REVISION
    assert "tomorrow" not in tables_of(filled)
    with open_store(f"sqlite:///{filled}") as store:
        assert store.unsettled("shop") == (write(),)


def test_without_a_backup_there_is_no_upgrade(filled: Path, tomorrow: Callable[[], Path]) -> None:
    """When the copy cannot be made, the store stays as it is."""
    filled.with_name(f"pmsync.db.backup-{REVISION}").mkdir()
    with pytest.raises(StoreError):
        upgrade(filled, tomorrow())
    assert revision_of(filled) == REVISION
    assert not list(filled.parent.glob("*.part"))


def test_a_newer_store_is_refused(filled: Path, tomorrow: Callable[[], Path]) -> None:
    """A store that a newer pmsync left is not touched, and the message says what to do."""
    upgrade(filled, tomorrow())
    before = filled.read_bytes()
    with pytest.raises(StoreError, match=r"newer than this pmsync") as caught:
        open_store(f"sqlite:///{filled}")
    assert "9001" in caught.value.what
    assert "upgrade pmsync" in caught.value.cure
    assert caught.value.where == str(filled)
    assert filled.read_bytes() == before
    assert not filled.with_name("pmsync.db.backup-9001").exists()


def test_many_may_open_a_new_store_at_once(path: Path) -> None:
    """Of several that find no tables, one makes them and the others use them."""
    url = f"sqlite:///{path}"

    def open_and_write(number: int) -> SqlStore:
        store = open_store(url, busy_timeout_s=30)
        store.intend(write(f"w{number}"))
        return store

    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(open_and_write, range(6)))
    assert len(stores[0].unsettled("shop")) == 6
    for store in stores:
        store.close()


def test_the_tables_can_be_made_in_postgresql() -> None:
    """Every table and index has a form in PostgreSQL."""
    dialect = PGDialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    for table in metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


def test_one_module_speaks_sqlite() -> None:
    """Dialects and pragmas stay in one module, so that another database needs one more."""
    folder = Path(pmsync.adapters.store.__file__).parent
    speaking = {
        each.name
        for each in folder.rglob("*.py")
        if re.search(r"sqlalchemy\.dialects|PRAGMA|sqlite3\.connect", each.read_text("utf-8"))
    }
    assert speaking == {"sqlite.py"}
