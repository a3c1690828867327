"""Brings a store's tables to this package's revision; loaded only when there is something to do."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from pmsync import __version__
from pmsync.adapters.store.database import Database
from pmsync.adapters.store.revision import made_by, present
from pmsync.adapters.store.sqlite import backup, upsert
from pmsync.adapters.store.tables import meta
from pmsync.core.errors import StoreError

MIGRATIONS = Path(__file__).with_name("migrations")

_alembic = Lock()  # its context is one for the whole process


def migrate(database: Database, path: Path, migrations: Path = MIGRATIONS) -> None:
    """Upgrade the tables in one transaction, after a backup beside the store.

    Args:
        database: May be without any table.
        path: Its file; the backup becomes ``<path>.backup-<revision it had>``.
        migrations: Alembic's folder with the revisions.

    Raises:
        StoreError: The store is newer than the revisions, or a step failed; nothing was changed.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    newest = script.get_current_head()
    with database.writing() as connection:
        before = present(connection)  # asked again, now that nobody else can be migrating
        if before == newest:
            return
        if before is not None:
            _refuse_newer(connection, script, before)
            backup(path, path.with_name(f"{path.name}.backup-{before}"))
        _upgrade(connection, config)
        connection.execute(upsert(meta), {"name": "package", "value": __version__})


def _refuse_newer(connection: Connection, script: ScriptDirectory, before: str) -> None:
    if before in {known.revision for known in script.walk_revisions()}:
        return
    what = (
        f"the store was made by pmsync {made_by(connection)} (revision {before}), "
        f"newer than this pmsync {__version__}"
    )
    raise StoreError(what, cure="upgrade pmsync, or put the backup of before its upgrade in place")


def _upgrade(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    try:
        with _alembic:
            command.upgrade(config, "head")
    except CommandError as error:
        what = f"the store's tables could not be upgraded: {error}"
        raise StoreError(what) from error
