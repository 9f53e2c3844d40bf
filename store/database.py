"""Open the database: SQLite by default, PostgreSQL with PostGIS where instances share it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import alembic.util.exc
import sqlalchemy as sa
from geoalchemy2 import WKBElement

from messages import Message
from store.chain import link
from store.errors import NotKeptError, PerhapsKeptError, StoreError
from store.tables import RD_SRID, audit, meta

ADDRESS_VARIABLE = "LOCATIEWIJZER_DATABASE"
"""Environment variable with the address of the database, in the form of SQLAlchemy."""

DEFAULT_ADDRESS = "sqlite:///var/locatiewijzer.sqlite"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_S = 30
_MIGRATION_LOCK = 471_147
_WRITE_LOCK = 471_148


@dataclass(frozen=True)
class Store:
    """An open database."""

    engine: sa.Engine
    _writes: list[int] = field(default_factory=lambda: [0], compare=False, repr=False)

    @property
    def writes(self) -> int:
        """How often this process may have written: what was read before another number is old."""
        return self._writes[0]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a connection of which all work is kept, or none of it.

        Raises:
            NotKeptError: the database could not write, and nothing was kept.
            PerhapsKeptError: a connection to PostgreSQL was lost in the very moment of keeping:
                then nobody knows.
        """
        try:
            with self._transaction() as connection:
                yield connection
        finally:
            self._writes[0] += 1

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        told = Message("store.error.not_kept")
        try:
            connection = self.engine.connect()
        except sa.exc.OperationalError as problem:
            raise NotKeptError(told) from problem
        with connection:
            try:
                if connection.dialect.name == "postgresql":
                    # Writers wait for each other instead of failing, as they do in SQLite.
                    connection.execute(
                        sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITE_LOCK}
                    )
                yield connection
            except _LOST as problem:
                _let_go(connection)
                raise NotKeptError(told) from problem
            except BaseException:
                # why nothing is kept is told, whatever becomes of the connection
                _let_go(connection)
                raise
            try:
                connection.commit()
            except _LOST as problem:
                if connection.dialect.name != "sqlite":
                    raise PerhapsKeptError(Message("store.error.perhaps_kept")) from problem
                raise NotKeptError(told) from problem

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


_LOST = (sa.exc.OperationalError, sa.exc.InterfaceError)
"""What the drivers say of a full disk and of a connection that is gone, at first and after that."""


def _let_go(connection: sa.Connection) -> None:
    """Take all work of a connection back; where it is gone, the database has done so."""
    try:
        connection.rollback()
    except sa.exc.DBAPIError:
        connection.invalidate()


def open_store(address: str | None = None) -> Store:
    """Open the database and bring its tables up to date.

    Args:
        address: by default that of the environment variable LOCATIEWIJZER_DATABASE, else a file
            ``var/locatiewijzer.sqlite`` in the working folder.

    Raises:
        StoreError: the address is none that can be opened.
    """
    given = address or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS
    try:
        url = sa.make_url(given)
    except sa.exc.ArgumentError as problem:
        raise StoreError(
            Message("store.error.address", {"variable": ADDRESS_VARIABLE})
        ) from problem
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        path = Path(str(url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        refuse_torn(path)
    # what was asked of the database is in no error: it may be a name
    engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)
    try:
        _migrate(engine)
    except sa.exc.OperationalError as problem:
        raise StoreError(
            Message("store.error.unreachable", {"variable": ADDRESS_VARIABLE})
        ) from problem
    except alembic.util.exc.CommandError as problem:
        # its tables are of a version that this one does not know
        engine.dispose()
        raise StoreError(Message("store.error.newer")) from problem
    return Store(engine)


def refuse_torn(path: Path) -> None:
    """Refuse a database file that has lost what belongs to it.

    A file that is empty or not ours beside a ``-wal`` was copied by hand: what was kept is in the
    other file, and starting on it would show an empty province.

    Raises:
        StoreError: it is such a file.
    """
    wal = path.with_name(path.name + "-wal")
    torn = (
        wal.exists() and wal.stat().st_size > 0 and (not path.exists() or path.stat().st_size == 0)
    )
    if torn:
        raise StoreError(Message("store.error.torn", {"file": path.name, "wal": wal.name}))
    if path.exists() and path.stat().st_size > 0:
        with path.open("rb") as stream:
            if stream.read(16) != b"SQLite format 3\x00":
                raise StoreError(Message("store.error.strange", {"file": path.name}))


def now() -> dt.datetime:
    """Give the present moment in UTC, whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def version_of(connection: sa.Connection, key: str) -> int:
    """Give a counter of the database; 0 when it was never raised."""
    return int(connection.scalar(sa.select(meta.c.value).where(meta.c.key == key)) or 0)


def raise_version(connection: sa.Connection, key: str) -> None:
    """Raise a counter by one: what was read before is out of date."""
    changed = connection.execute(
        sa.update(meta).where(meta.c.key == key).values(value=meta.c.value + 1)
    )
    if changed.rowcount == 0:
        connection.execute(sa.insert(meta).values(key=key, value=1))


def note(
    connection: sa.Connection, actor_name: str, action: str, resource: str, detail: dict[str, Any]
) -> None:
    """Write in the audit who did what, in the same transaction as the deed.

    Writers wait for each other (see :meth:`Store.transaction`), so the chain has one end.
    """
    moment = now()
    before = connection.scalar(sa.select(audit.c.link).order_by(audit.c.id.desc()).limit(1))
    connection.execute(
        sa.insert(audit).values(
            at=moment,
            actor=actor_name,
            action=action,
            resource=resource,
            detail=detail,
            link=link(before or "", moment, actor_name, action, resource, detail),
        )
    )


def to_column(connection: sa.Connection, wkb: bytes) -> Any:
    """Give well-known binary (EPSG:28992) as the database of the connection takes it."""
    if connection.dialect.name == "postgresql":
        return WKBElement(wkb, srid=RD_SRID)
    return wkb


def from_column(value: Any) -> bytes:
    """Give a geometry of the database as well-known binary, without the number of its system."""
    return bytes(value.as_wkb().data) if isinstance(value, WKBElement) else bytes(value)


def _tune_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        # The driver's own way of beginning transactions is switched off: it begins too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # what is erased is overwritten, not only let go of
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_S * 1000}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        # Taking the write lock at once: two writers wait for each other instead of failing.
        immediate = not connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def read_only(store: Store) -> contextlib.AbstractContextManager[sa.Connection]:
    """Give a connection that only reads, and so waits for no writer."""
    return store.engine.execution_options(reading=True).connect()


def _migrate(engine: sa.Engine) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two instances that start at once must not both make the tables.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATION_LOCK})
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS postgis"))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
