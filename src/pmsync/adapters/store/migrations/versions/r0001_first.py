"""The first tables.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables what this revision says."""
    _meta()
    _runs()
    _writes()
    _blobs()
    _issues()
    _pull_marks()
    _pages()
    _plans()
    _leases()


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("package", sa.Text, nullable=False),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("rules", sa.Text),
        sa.Column("snapshot", sa.Text),
        sa.Column("scores", sa.Text),
        sa.Column("plan", sa.Text),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_index("runs_by_start", "runs", ["product", "started_at"])


def _writes() -> None:
    op.create_table(
        "writes",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("desired", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("intended_at", sa.String(32), nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("refused", sa.JSON, nullable=False),
        sa.Column("settled_at", sa.String(32)),
    )
    op.create_index("writes_by_id", "writes", ["id"], unique=True)
    op.create_index("writes_by_run", "writes", ["run"])
    op.create_index("writes_by_state", "writes", ["product", "state"])


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _issues() -> None:
    op.create_table(
        "issues",
        sa.Column("product", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def _pull_marks() -> None:
    op.create_table(
        "pull_marks",
        sa.Column("product", sa.Text, primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("product", sa.Text, primary_key=True),
        sa.Column("page", sa.Text, primary_key=True),
        sa.Column("page_id", sa.Text, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("property_id", sa.Text),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("plans_by_product", "plans", ["product", "made_at"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("product", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
