"""Find quickly what somebody did lately, however long the audit has become."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("audit_who", "audit", ["actor", "action", "at"])
