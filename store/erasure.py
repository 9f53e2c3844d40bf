"""Erase contact persons and free text from all that is kept (AVG), by request or by age.

What is erased is gone from plots, every version, deliveries, figures, links and snapshots. The
audit holds no text that users typed, so its chain stays whole. A snapshot keeps its number, its
SHA-256 and what its scores rest on: its result can still be made again, but that a copy which was
handed out is the original can from then on only be told by that SHA-256.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from data.plot_schema import SCHEMA, ColumnType
from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, require
from store.database import Store, note, now, raise_version, read_only, version_of
from store.errors import NotFoundError, StoreError
from store.plots import PLOTS_VERSION

ERASED: Final = "[gewist]"
"""What stands where a text stood."""

ERASURES: Final = "erasures"
"""Counter of the database that rises with each erasure."""

SHORTEST: Final = 4
"""Fewer characters stand in too many other words."""

PERSONAL: Final = tuple(
    c.key
    for c in SCHEMA
    if c.type is ColumnType.TEXT and c.readers is Confidentiality.VERTROUWELIJK
)
"""Texts for the team alone: names of people and working notes."""
FREE_TEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "plots": (
        *("name", "address", "object_kind", "zoning", "nature", "grid_connection"),
        *("next_actor", "contact", "remarks", "provenance", "cadastral_number", "further"),
    ),
    "plot_versions": ("reason", "record"),
    "deliveries": ("file_name", "report", "undone_reason"),
    "column_matches": ("header",),
    "shares": ("name",),
    "kaders": ("reason",),
    "entered_tasks": ("source",),
    "exchanges": ("in_return", "source"),
    "snapshots": ("content",),
    "layers": ("name", "source", "source_date", "content"),
    "plans": ("steps", "answers"),
    "practice_examples": ("title", "place", "size", "what", "lesson", "source"),
    "attachments": ("name", "credit"),
}
"""By table the columns that hold what users typed; a test says which others there may be."""

_FIXED_KEYS = ("plot_id", "shape", "geometry", "municipality_code", "confidentiality", "state")
_OF_LAYER = ("name", "source", "source_date")
"""What somebody typed of a layer of their own, as a snapshot keeps it."""
_BESIDE = ("plan", "photo", "left")
"""What a snapshot keeps of a plot beside its columns."""
_RETENTION = "retention_days"
_Change = Callable[[Any], Any]


def count_words(store: Store, actor: Actor, words: str) -> int:
    """Say in how many places words stand, before they are erased.

    Raises:
        AccessDeniedError: the actor may not erase.
        StoreError: the words are too short.
    """
    change = _without(words)
    require(actor, Action.ERASE, Resource("texts"))
    with read_only(store) as connection:
        return sum(len(new) for _, _, new in _changed_everywhere(connection, change))


def erase_words(store: Store, actor: Actor, words: str) -> int:
    """Erase words, capital letters or not, wherever users typed them; gives in how many places.

    Raises:
        AccessDeniedError: the actor may not erase.
        StoreError: the words are too short.
    """
    change = _without(words)
    require(actor, Action.ERASE, Resource("texts"))
    with store.transaction() as connection:
        count = _write(connection, list(_changed_everywhere(connection, change)))
        _done(connection, actor, "erase_words", "texts", count)
    _forget(store)
    return count


def erase_plot(store: Store, actor: Actor, plot_id: str) -> int:
    """Erase contact persons, remarks and reasons of a plot from all its versions and snapshots.

    Its next steps and answers, photos and documents go with them. Gives in how many places. What
    they said is taken out of the reports of its deliveries too.

    Raises:
        AccessDeniedError: the actor may not erase.
        NotFoundError: there is no such plot.
    """
    require(actor, Action.ERASE, Resource("plot"))
    versions = tables.plot_versions.c
    with store.transaction() as connection:
        rows = connection.execute(
            sa.select(versions.record, versions.reason, versions.delivery).where(
                versions.plot_id == plot_id
            )
        ).all()
        if not rows:
            raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
        said = {row.reason for row in rows if row.delivery is None}
        said |= {(row.record or {}).get(column) for row in rows for column in PERSONAL}
        change = _without_any(text for text in said if text and text != ERASED)
        of_plot = versions.plot_id == plot_id
        changes = [
            *_changed(connection, tables.plots, change, tables.plots.c.plot_id == plot_id),
            *_changed(connection, tables.plot_versions, _plain_record(change), of_plot),
            *_changed(
                connection,
                tables.deliveries,
                change,
                tables.deliveries.c.number.in_({row.delivery for row in rows if row.delivery}),
                ("report", "undone_reason"),
            ),
            *_changed(connection, tables.snapshots, _of_plots(_emptied, {plot_id})),
        ]
        count = _write(connection, changes)
        gone = connection.execute(sa.delete(tables.plans).where(tables.plans.c.plot_id == plot_id))
        count += int(gone.rowcount)
        connection.execute(
            sa.update(tables.plots)
            .where(tables.plots.c.plot_id == plot_id)
            .values({column: None for column in PERSONAL if column in tables.plots.c})
        )
        count += connection.execute(
            sa.delete(tables.attachments).where(tables.attachments.c.plot_id == plot_id)
        ).rowcount
        _done(connection, actor, "erase_plot", plot_id, count)
    _forget(store)
    return count


def retention_days(store: Store, actor: Actor) -> int:
    """Give after how many days personal texts that are no longer in use are erased; 0: never.

    Raises:
        AccessDeniedError: the actor may not erase.
    """
    require(actor, Action.ERASE, Resource("retention"))
    with read_only(store) as connection:
        return version_of(connection, _RETENTION)


def set_retention(store: Store, actor: Actor, days: int) -> None:
    """Set after how many days personal texts that are no longer in use are erased; 0: never.

    Raises:
        AccessDeniedError: the actor may not erase.
        StoreError: it is less than a month and not 0.
    """
    require(actor, Action.ERASE, Resource("retention"))
    if days != 0 and not 30 <= days <= 36_500:
        raise StoreError(Message("store.error.retention"))
    meta = tables.meta
    with store.transaction() as connection:
        connection.execute(sa.delete(meta).where(meta.c.key == _RETENTION))
        connection.execute(sa.insert(meta).values(key=_RETENTION, value=days))
        note(connection, actor.name, "set_retention", "retention", {"days": days})


def apply_retention(store: Store, actor: Actor, *, moment: dt.datetime | None = None) -> int:
    """Erase what is older than the retention, and gives in how many places.

    That is: contact persons, remarks and reasons of former versions; reports and file names of
    deliveries; contact persons and remarks in snapshots; names of links and records of sessions
    that have ended. What a plot says today stays.

    Raises:
        AccessDeniedError: the actor may not erase.
    """
    days = retention_days(store, actor)
    if days == 0:
        return 0
    before = (moment or now()) - dt.timedelta(days=days)
    versions, plots = tables.plot_versions.c, tables.plots.c
    present = sa.select(plots.plot_id).where(
        plots.plot_id == versions.plot_id, plots.version == versions.version
    )
    deliveries, shares = tables.deliveries.c, tables.shares.c
    with store.transaction() as connection:
        changes = [
            *_changed(
                connection,
                tables.plot_versions,
                _plain_record(_nothing),
                sa.and_(versions.at < before, sa.not_(present.exists())),
            ),
            *_changed(connection, tables.deliveries, _nothing, deliveries.at < before),
            *_changed(connection, tables.shares, _nothing, shares.expires_at < before),
            *_changed(
                connection,
                tables.snapshots,
                _of_plots(_emptied, None),
                tables.snapshots.c.at < before,
            ),
        ]
        count = _write(connection, changes)
        gone = connection.execute(
            sa.delete(tables.sessions).where(tables.sessions.c.expires_at < before)
        )
        count += int(gone.rowcount)
        if count:
            _done(connection, actor, "apply_retention", "retention", count)
    if count:
        _forget(store)
    return count


# --- what becomes of a value ---------------------------------------------------------------------


def _without(words: str) -> _Change:
    if len(words.strip()) < SHORTEST:
        raise StoreError(Message("store.error.erase_words", {"least": SHORTEST}))
    return _without_any([words.strip()])


def _without_any(texts: Iterable[str]) -> _Change:
    longest_first = sorted({text for text in texts if text.strip()}, key=len, reverse=True)
    if not longest_first:
        return lambda value: value
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def change(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [change(entry) for entry in value]
        if isinstance(value, dict):
            return {k: v if k in _FIXED_KEYS else change(v) for k, v in value.items()}
        if isinstance(value, bytes):
            return _of_file(change)(value)
        return value

    return change


def _nothing(value: Any) -> Any:
    if isinstance(value, str):
        return ERASED
    return [] if isinstance(value, list) else value


def _emptied(plot: Any) -> Any:
    if not isinstance(plot, dict):
        return plot
    return {k: None if k in (*PERSONAL, *_BESIDE) else v for k, v in plot.items()}


def _plain_record(change: _Change) -> _Change:
    """Empty contact person and remarks of a record, and change its reason and provenance."""

    def changed(value: Any) -> Any:
        if not isinstance(value, dict):
            return change(value)
        told = {k: v for k, v in value.get("provenance", {}).items() if k not in PERSONAL}
        return {**_emptied(value), "provenance": {k: change(v) for k, v in told.items()}}

    return changed


def _of_file(change: _Change) -> _Change:
    """Change what is kept as a file: a snapshot, or the names in a layer that was loaded."""

    def changed(content: Any) -> Any:
        parsed = _parsed(content)
        if parsed is None or not isinstance(parsed.get("features"), list):
            return _of_plots(change, None)(content)
        new = [
            {**one, "properties": change(one["properties"])}
            if isinstance(one, dict) and isinstance(one.get("properties"), dict)
            else one
            for one in parsed["features"]
        ]
        if new == parsed["features"]:
            return content
        return json.dumps({**parsed, "features": new}).encode("utf-8")

    return changed


def _of_plots(change: _Change, only: set[str] | None) -> _Change:
    """Change the plots in the content of a snapshot, all or some, and say in it that they were.

    Where all are changed, so are its view, and what was typed of the layers in it.
    """

    def changed(content: Any) -> Any:
        parsed = _parsed(content)
        if parsed is None or not isinstance(parsed.get("plots"), list):
            return content
        plots = [
            change(plot) if only is None or plot.get("plot_id") in only else plot
            for plot in parsed["plots"]
        ]
        new: dict[str, Any] = {"plots": plots}
        if only is None:
            if "view" in parsed:
                new["view"] = change(parsed["view"])
            if isinstance(parsed.get("layers"), dict):
                new["layers"] = {k: _layer(v, change) for k, v in parsed["layers"].items()}
            if "others" in parsed:
                new["others"] = change(parsed["others"])
        if all(parsed[key] == value for key, value in new.items()):
            return content
        parsed.update(new, erased=True)
        text = json.dumps(parsed, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
        return text.encode("utf-8")

    return changed


def _layer(told: dict[str, Any], change: _Change) -> dict[str, Any]:
    """Change the name, source and date of a layer in a snapshot, and the names of its shapes."""
    return {
        **told,
        **{key: change(told[key]) for key in _OF_LAYER if key in told},
        "shapes": [[change(name), shape] for name, shape in told.get("shapes", [])],
    }


def _parsed(content: Any) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


# --- finding and writing -------------------------------------------------------------------------

_Found = tuple[sa.Table, dict[str, Any], dict[str, Any]]


def _changed_everywhere(connection: sa.Connection, change: _Change) -> Iterable[_Found]:
    for name in FREE_TEXT:
        yield from _changed(connection, tables.metadata.tables[name], change)


def _changed(
    connection: sa.Connection,
    table: sa.Table,
    change: _Change,
    where: sa.ColumnElement[bool] | None = None,
    columns: tuple[str, ...] | None = None,
) -> Iterable[_Found]:
    """Give of each row that changes its table, key, and new values."""
    chosen = columns or FREE_TEXT[table.name]
    keys = list(table.primary_key.columns)
    question = sa.select(*keys, *(table.c[name] for name in chosen if name not in keys))
    if where is not None:
        question = question.where(where)
    for row in connection.execute(question).all():
        values = row._mapping
        new = {name: change(values[name]) for name in chosen}
        new = {name: value for name, value in new.items() if value != values[name]}
        if new:
            yield table, {key.name: values[key.name] for key in keys}, new


def _write(connection: sa.Connection, changes: list[_Found]) -> int:
    for table, key, values in changes:
        here = sa.and_(*(table.c[name] == value for name, value in key.items()))
        if set(values) & set(key):
            # a header is what its row is known by: the row goes
            connection.execute(sa.delete(table).where(here))
        else:
            connection.execute(sa.update(table).where(here).values(**values))
    return sum(len(values) for _, _, values in changes)


def _done(connection: sa.Connection, actor: Actor, deed: str, what: str, count: int) -> None:
    raise_version(connection, PLOTS_VERSION)
    raise_version(connection, ERASURES)
    note(connection, actor.name, deed, what, {"count": count})


def _forget(store: Store) -> None:
    """Let the database overwrite what was erased, also in what it keeps beside its tables."""
    if store.engine.dialect.name == "sqlite":
        with contextlib.closing(store.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as alone:
        for name in FREE_TEXT:
            alone.exec_driver_sql(f"VACUUM {name}")
