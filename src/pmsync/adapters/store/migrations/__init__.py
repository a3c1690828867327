"""Alembic's folder: the steps that made the store's tables what they are."""
