"""Give practice examples of users a class: confidential unless somebody says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column(
        "practice_examples",
        sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
    )
