"""Keep how far around the province a layer holds everything."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("layers", sa.Column("margin_m", sa.Float, nullable=False, server_default="0"))
