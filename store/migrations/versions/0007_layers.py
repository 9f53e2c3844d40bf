"""Keep layers that users load, to measure plots to."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "layers",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_date", sa.Text, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("shapes", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("entered_at", UtcMoment, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", UtcMoment),
    )
