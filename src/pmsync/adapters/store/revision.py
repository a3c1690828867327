"""Which revision the tables of an open database have."""

from sqlalchemy import Connection, column, inspect, select, table

from pmsync.adapters.store.tables import REVISION_TABLE, meta
from pmsync.core.errors import StoreError

_revision = table(REVISION_TABLE, column("version_num"))


def present(connection: Connection) -> str | None:
    """Return the revision of the tables; None for a database without any.

    Raises:
        StoreError: It is somebody else's database.
    """
    if inspect(connection).has_table(REVISION_TABLE):
        return connection.execute(select(_revision.c.version_num)).scalar()
    if inspect(connection).get_table_names():
        what = "this database belongs to another program"
        raise StoreError(what, cure="name another file; pmsync makes it")
    return None


def made_by(connection: Connection) -> str:
    """Return the version of the pmsync that last changed the tables; ``?`` if unknown."""
    if not inspect(connection).has_table(meta.name):
        return "?"
    query = select(meta.c.value).where(meta.c.name == "package")
    return connection.execute(query).scalar() or "?"
