"""Make the tables for fixed kaders, searches, figures, snapshots and practice."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcMoment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "kaders",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False, index=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("fixed_at", UtcMoment, nullable=False),
        sa.Column("fixed_by", sa.Text, nullable=False),
        sa.Column("known_plots", sa.JSON, nullable=False),
        sa.UniqueConstraint("kind", "version"),
    )
    op.create_table(
        "searches",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("area", sa.JSON, nullable=False),
        sa.Column("kader", sa.Integer, sa.ForeignKey("kaders.number"), nullable=False),
        sa.Column("begun_at", UtcMoment, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
    )
    op.create_table(
        "entered_tasks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("municipality_code", sa.Text, nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("places", sa.Integer),
        sa.Column("realised_places", sa.Integer),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_date", sa.Text, nullable=False),
        sa.Column("entered_at", UtcMoment, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("from_code", sa.Text, nullable=False),
        sa.Column("to_code", sa.Text),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("in_return", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("entered_at", UtcMoment, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "practice_examples",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("municipality_code", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("size", sa.Text),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("written_at", UtcMoment, nullable=False),
        sa.Column("written_by", sa.Text, nullable=False),
    )
