"""Let history know its undos, and a delivery the reading that it was confirmed from."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("plot_versions", sa.Column("undoes", sa.Integer))
    op.add_column("deliveries", sa.Column("confirmation", sa.Text))
    op.create_index("ix_deliveries_confirmation", "deliveries", ["confirmation"], unique=True)
    # Undos of before were told by their reason alone; they stand at the moment of the undo.
    deliveries = sa.table(
        "deliveries", sa.column("number", sa.Integer), sa.column("undone_at", UtcMoment)
    )
    versions = sa.table(
        "plot_versions",
        sa.column("at", UtcMoment),
        sa.column("reason", sa.Text),
        sa.column("delivery", sa.Integer),
        sa.column("undoes", sa.Integer),
    )
    connection = op.get_bind()
    undone = connection.execute(
        sa.select(deliveries.c.number, deliveries.c.undone_at).where(
            deliveries.c.undone_at.is_not(None)
        )
    ).all()
    for number, at in undone:
        connection.execute(
            sa.update(versions)
            .where(
                versions.c.at == at,
                versions.c.delivery.is_(None),
                versions.c.reason.like(f"aanlevering {number} teruggedraaid: %"),
            )
            .values(undoes=number)
        )
