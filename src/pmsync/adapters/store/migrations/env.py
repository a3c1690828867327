"""What alembic runs: the steps, on the connection and in the transaction it is handed."""

from alembic import context

from pmsync.adapters.store.tables import REVISION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=REVISION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
