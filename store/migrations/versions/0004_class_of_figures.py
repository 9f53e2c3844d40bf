"""Give figures that users entered a class; those of before are for the team alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("entered_tasks", "exchanges"):
        op.add_column(
            table,
            sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
        )
