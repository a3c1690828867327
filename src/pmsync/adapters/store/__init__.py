"""The store: what outlives a run, in SQLite by SQLAlchemy Core; tables made by alembic.

Nothing heavy is loaded from here; :mod:`pmsync.adapters.store.sql` has the way in.
"""
