"""Keep the one number of plots that are not public, once a quarter."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "quarterly_counts",
        sa.Column("quarter", sa.Text, primary_key=True),
        sa.Column("hidden", sa.Integer),
        sa.Column("made_at", UtcMoment, nullable=False),
    )
