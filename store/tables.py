"""Describe the tables; ``store/migrations`` makes them.

Geometry is EPSG:28992: well-known binary in SQLite, a PostGIS geometry in PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry

RD_SRID = 28992
metadata = sa.MetaData()


def rd_geometry() -> sa.types.TypeEngine[Any]:
    """Give the column type of a geometry in RD New."""
    return sa.LargeBinary().with_variant(
        Geometry("GEOMETRY", srid=RD_SRID, spatial_index=True), "postgresql"
    )


class UtcMoment(sa.types.TypeDecorator[dt.datetime]):
    """A moment with time zone; SQLite keeps none, so it is kept as UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_result_value(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Give the zone back where the database lost it."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
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
    # which reading was confirmed: the same one again is the same delivery
    sa.Column("confirmation", sa.Text, unique=True),
)

plots = sa.Table(
    "plots",
    metadata,
    sa.Column("plot_id", sa.Text, primary_key=True),
    sa.Column("geometry", rd_geometry(), nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("cadastral_number", sa.Text),
    sa.Column("owner_kind", sa.Text),
    sa.Column("object_kind", sa.Text),
    sa.Column("gfa_m2", sa.Float),
    sa.Column("stated_area_m2", sa.Float),
    sa.Column("zoning", sa.Text),
    sa.Column("nature", sa.Text),
    sa.Column("grid_connection", sa.Text),
    sa.Column("mixed_living", sa.Boolean),
    sa.Column("available_from", sa.Date),
    sa.Column("available_until", sa.Date),
    sa.Column("state", sa.Text),
    sa.Column("confidentiality", sa.Text, nullable=False),
    sa.Column("next_actor", sa.Text),
    sa.Column("contact", sa.Text),
    sa.Column("remarks", sa.Text),
    sa.Column("municipality_code", sa.Text),
    sa.Column("municipality_certain", sa.Boolean, nullable=False),
    sa.Column("fictional", sa.Boolean, nullable=False),
    sa.Column("provenance", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # what data.plot_schema has beside the columns above, and what a retired column held
    sa.Column("further", sa.JSON(none_as_null=True)),
)

plot_versions = sa.Table(
    "plot_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("plot_id", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", UtcMoment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("delivery", sa.Integer, sa.ForeignKey("deliveries.number"), index=True),
    # the delivery that this version takes back
    sa.Column("undoes", sa.Integer),
    # None: the plot is gone with this version
    sa.Column("record", sa.JSON(none_as_null=True)),
    sa.UniqueConstraint("plot_id", "version"),
)

column_matches = sa.Table(
    "column_matches",
    metadata,
    sa.Column("municipality_code", sa.Text, primary_key=True),
    sa.Column("header", sa.Text, primary_key=True),
    # empty: this column is not taken over
    sa.Column("plot_column", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcMoment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    # a hash of this entry and of all before it, see store.chain
    sa.Column("link", sa.Text),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("municipality_code", sa.Text),
    sa.Column("known_since", UtcMoment, nullable=False),
)

sa.Index("users_name", users.c.name, unique=True)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("begun_at", UtcMoment, nullable=False),
    sa.Column("expires_at", UtcMoment, nullable=False),
    sa.Column("ended_at", UtcMoment),
    sa.Column("ended_by", sa.Text),
)

shares = sa.Table(
    "shares",
    metadata,
    # SHA-256 of the secret in the link: who reads the table cannot use it
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

kaders = sa.Table(
    "kaders",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("fixed_at", UtcMoment, nullable=False),
    sa.Column("fixed_by", sa.Text, nullable=False),
    # the plots that were known when it was fixed: whether rules came before sites
    sa.Column("known_plots", sa.JSON, nullable=False),
    sa.UniqueConstraint("kind", "version"),
)

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("area", sa.JSON, nullable=False),
    sa.Column("kader", sa.Integer, sa.ForeignKey("kaders.number"), nullable=False),
    sa.Column("begun_at", UtcMoment, nullable=False),
    sa.Column("begun_by", sa.Text, nullable=False),
)

entered_tasks = sa.Table(
    "entered_tasks",
    metadata,
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
    sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
)

exchanges = sa.Table(
    "exchanges",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("from_code", sa.Text, nullable=False),
    sa.Column("to_code", sa.Text),
    sa.Column("places", sa.Integer, nullable=False),
    sa.Column("in_return", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("entered_at", UtcMoment, nullable=False),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
)

layers = sa.Table(
    "layers",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    # by which kaders name it; the latest of a kind holds
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_date", sa.Text, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    # how far around the province too
    sa.Column("margin_m", sa.Float, nullable=False, server_default="0"),
    sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("shapes", sa.Integer, nullable=False),
    # GeoJSON in EPSG:28992
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("entered_at", UtcMoment, nullable=False),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("withdrawn_at", UtcMoment),
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("at", UtcMoment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    # what its maker could see then, as store.access.view_key says it; None: not known
    sa.Column("seen_by", sa.Text),
)

snapshot_keepers = sa.Table(
    "snapshot_keepers",
    metadata,
    sa.Column("number", sa.ForeignKey("snapshots.number"), primary_key=True),
    sa.Column("actor", sa.Text, primary_key=True),
    # what they could see then, as store.access.view_key says it
    sa.Column("seen_by", sa.Text, primary_key=True),
    sa.Column("at", UtcMoment, nullable=False),
)
"""Who else made a snapshot that was kept already: the same view has the same number."""

practice_examples = sa.Table(
    "practice_examples",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("municipality_code", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("size", sa.Text),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("lesson", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
    sa.Column("written_at", UtcMoment, nullable=False),
    sa.Column("written_by", sa.Text, nullable=False),
)

quarterly_counts = sa.Table(
    "quarterly_counts",
    metadata,
    sa.Column("quarter", sa.Text, primary_key=True),
    # as it is told, noise and rounding in it; None: too few stand behind it
    sa.Column("hidden", sa.Integer),
    sa.Column("made_at", UtcMoment, nullable=False),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("plot_id", sa.Text, primary_key=True),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("confidentiality", sa.Text, nullable=False, server_default="vertrouwelijk"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("written_at", UtcMoment, nullable=False),
    sa.Column("written_by", sa.Text, nullable=False),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("plot_id", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    # by its content, not by its name
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("credit", sa.Text),
    sa.Column("made_on", sa.Date),
    sa.Column("confidentiality", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("added_at", UtcMoment, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
)
