"""The store's tables as the newest revision makes them."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from typing_extensions import override

REVISION = "0001"
"""The newest revision in ``migrations/versions``: what this package reads and writes."""

REVISION_TABLE = "pmsync_revision"
"""Alembic's own table; named so that another program's database is never taken for ours."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time as ISO text of one width, in UTC, so that texts sort like times."""

    impl = String(32)  # type: ignore[mutable-override]  # SQLAlchemy's documented way
    cache_ok = True  # type: ignore[mutable-override]  # SQLAlchemy's documented way

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("product", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("package", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("finished_at", UtcTime),
    Column("as_of", Text, nullable=False),
    Column("rules", Text),
    Column("snapshot", Text),
    Column("scores", Text),
    Column("plan", Text),
    Column("problem", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Index("runs_by_start", "product", "started_at"),
)

# An intent and its outcome share a row: an outcome without an intent cannot exist.
writes = Table(
    "writes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("desired", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("intended_at", UtcTime, nullable=False),
    Column("state", Text),
    Column("reason", Text, nullable=False),
    Column("refused", JSON, nullable=False),
    Column("settled_at", UtcTime),
    Index("writes_by_id", "id", unique=True),
    Index("writes_by_run", "run"),
    Index("writes_by_state", "product", "state"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("product", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("updated", UtcTime, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

pull_marks = Table(
    "pull_marks",
    metadata,
    Column("product", Text, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("product", Text, primary_key=True),
    Column("page", Text, primary_key=True),
    Column("page_id", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("property_id", Text),
)

plans = Table(
    "plans",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("product", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("text", Text, nullable=False),
    Index("plans_by_product", "product", "made_at"),
)

# The row outlives the lease, so that the fence only grows.
leases = Table(
    "leases",
    metadata,
    Column("product", Text, primary_key=True),
    Column("holder", Text),
    Column("fence", Integer, nullable=False),
    Column("until", UtcTime, nullable=False),
)
