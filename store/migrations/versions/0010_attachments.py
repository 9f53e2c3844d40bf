"""Keep photos and documents with a plot."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("plot_id", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("credit", sa.Text),
        sa.Column("made_on", sa.Date),
        sa.Column("confidentiality", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_at", UtcMoment, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
    )
