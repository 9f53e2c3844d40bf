"""Let all who made the same snapshot find it under its number, not the first of them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "snapshot_keepers",
        sa.Column("number", sa.Text, sa.ForeignKey("snapshots.number"), primary_key=True),
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("seen_by", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
