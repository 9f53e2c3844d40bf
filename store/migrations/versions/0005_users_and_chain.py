"""Keep users, their sessions and shared views, and chain the audit so that it can be verified."""

import sqlalchemy as sa
from alembic import op

from store.chain import link
from store.tables import UtcMoment

revision = "0005"
down_revision = "0004"

_PROTECT_SQLITE = """
CREATE TRIGGER audit_{deed} BEFORE {deed} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
"""
_PROTECT_POSTGRESQL = """
CREATE FUNCTION audit_is_only_added_to() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()
"""


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("municipality_code", sa.Text),
        sa.Column("known_since", UtcMoment, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("begun_at", UtcMoment, nullable=False),
        sa.Column("expires_at", UtcMoment, nullable=False),
        sa.Column("ended_at", UtcMoment),
        sa.Column("ended_by", sa.Text),
    )
    op.create_table(
        "shares",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("confidentiality", sa.Text, nullable=False),
        sa.Column("plot_ids", sa.JSON, nullable=False),
        sa.Column("made_at", UtcMoment, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", UtcMoment, nullable=False),
        sa.Column("ended_at", UtcMoment),
        sa.Column("ended_by", sa.Text),
    )
    op.add_column("audit", sa.Column("link", sa.Text))
    connection = op.get_bind()
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer),
        sa.column("at", UtcMoment),
        sa.column("actor", sa.Text),
        sa.column("action", sa.Text),
        sa.column("resource", sa.Text),
        sa.column("detail", sa.JSON),
        sa.column("link", sa.Text),
    )
    before = ""
    rows = connection.execute(sa.select(audit).order_by(audit.c.id)).all()
    for row in rows:
        before = link(before, row.at, row.actor, row.action, row.resource, row.detail)
        connection.execute(sa.update(audit).where(audit.c.id == row.id).values(link=before))
    if connection.dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(_PROTECT_SQLITE.format(deed=deed))
    elif connection.dialect.name == "postgresql":
        op.execute(_PROTECT_POSTGRESQL)
        op.execute("CREATE INDEX IF NOT EXISTS ix_plots_geometry ON plots USING gist (geometry)")
