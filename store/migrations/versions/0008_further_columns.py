"""Give plots room for columns that came after the first table, and for those that were retired."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("plots", sa.Column("further", sa.JSON(none_as_null=True)))
