"""Keep what comes next for a plot, and answers to the questions of a council."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("plot_id", sa.Text, primary_key=True),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("written_at", UtcMoment, nullable=False),
        sa.Column("written_by", sa.Text, nullable=False),
    )
