"""Make the tables for plots, their history, deliveries, remembered columns and audit."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment, rd_geometry

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("file_sha256", sa.Text, nullable=False),
        sa.Column("municipality_code", sa.Text),
        sa.Column("plot_count", sa.Integer, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("undone_at", UtcMoment),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_reason", sa.Text),
    )
    op.create_table(
        "plots",
        sa.Column("plot_id", sa.Text, primary_key=True),
        sa.Column("geometry", rd_geometry(), nullable=False),
        *[
            sa.Column(name, sa.Text)
            for name in ("name", "address", "cadastral_number", "owner_kind", "object_kind")
        ],
        sa.Column("gfa_m2", sa.Float),
        sa.Column("stated_area_m2", sa.Float),
        *[sa.Column(name, sa.Text) for name in ("zoning", "nature", "grid_connection")],
        sa.Column("mixed_living", sa.Boolean),
        sa.Column("available_from", sa.Date),
        sa.Column("available_until", sa.Date),
        sa.Column("state", sa.Text),
        sa.Column("confidentiality", sa.Text, nullable=False),
        *[sa.Column(name, sa.Text) for name in ("next_actor", "contact", "remarks")],
        sa.Column("municipality_code", sa.Text),
        sa.Column("municipality_certain", sa.Boolean, nullable=False),
        sa.Column("fictional", sa.Boolean, nullable=False),
        sa.Column("provenance", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "plot_versions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("plot_id", sa.Text, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("delivery", sa.Integer, sa.ForeignKey("deliveries.number"), index=True),
        sa.Column("record", sa.JSON(none_as_null=True)),
        sa.UniqueConstraint("plot_id", "version"),
    )
    op.create_table(
        "column_matches",
        sa.Column("municipality_code", sa.Text, primary_key=True),
        sa.Column("header", sa.Text, primary_key=True),
        sa.Column("plot_column", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
