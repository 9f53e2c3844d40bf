"""Keep candidate plots and their history.

Each change of a plot is a version with who, when and why; a version holds the whole record, so
that any former state can be shown and restored.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from data.plot_record import (
    Record,
    columns_of,
    in_present_form,
    plain_value,
    retired,
    to_records,
)
from data.plot_schema import PLOT_COLUMNS, hidden_from
from data.vocabulary import PAST_STATES, Confidentiality
from messages import Message
from store import tables
from store.access import (
    Action,
    Actor,
    Resource,
    highest_class,
    may,
    may_read_record,
    readable_rows,
    require,
    resource_of,
)
from store.database import (
    Store,
    from_column,
    note,
    now,
    raise_version,
    read_only,
    to_column,
    version_of,
)
from store.errors import NotFoundError, PlotConflictError
from store.records import Left

RD = f"EPSG:{tables.RD_SRID}"
PLOTS_VERSION = "plots"
_EXAMPLES_LOADED = "examples_loaded"
_OWN_COLUMNS = frozenset(tables.plots.c.keys()) - {"plot_id", "geometry", "version", "further"}
"""What of a record has a column of its own in the table; the rest is kept in ``further``."""

GONE = 0
"""The version of a plot that is not there: nought, as versions begin at one."""

_EVERYWHERE = Resource("plots", Confidentiality.VERTROUWELIJK, None)
"""What the made-up plots are for access: anywhere in the province, and of every class."""


@dataclass(frozen=True)
class HistoryEntry:
    """One version of a plot; ``changes`` gives for each changed column the old and new value.

    ``actor`` and ``reason`` are empty where they are not for the reader.
    """

    version: int
    at: dt.datetime
    actor: str
    reason: str
    delivery: int | None
    removed: bool
    changes: Mapping[str, tuple[Any, Any]]


def plots_version(store: Store, actor: Actor) -> str:
    """Give a text that changes whenever a plot does."""
    require(actor, Action.READ_PLOTS, Resource("plots"))
    with read_only(store) as connection:
        return str(version_of(connection, PLOTS_VERSION))


def visible_version(store: Store, actor: Actor) -> str:
    """Give a text that changes whenever a plot that the actor may read does, and else never.

    What changes out of an actor's sight must not show, not even that something did.
    """
    require(actor, Action.READ_PLOTS, Resource("plots"))
    version = tables.plots.c.version
    with read_only(store) as connection:
        row = connection.execute(
            sa.select(sa.func.count(), sa.func.sum(version), sa.func.max(version)).where(
                _readable(actor)
            )
        ).one()
    return "-".join(str(value or 0) for value in row)


def list_plots(store: Store, actor: Actor) -> gpd.GeoDataFrame:
    """Give the plots that the actor may read, in EPSG:28992, indexed by ``plot_id``.

    Columns are ``data.plot_schema.PLOT_COLUMNS``, municipality_code, municipality_certain,
    fictional and provenance. Ordered by ``plot_id``. Contact persons, remarks and provenance are
    empty where the actor may not read what is confidential.
    """
    with read_only(store) as connection:
        found = connection.execute(
            sa.select(tables.plots).where(_readable(actor)).order_by(tables.plots.c.plot_id)
        ).all()
    return _table({r.plot_id: _without_internal(actor, _record_of_row(r)) for r in found})


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    return readable_rows(actor, tables.plots.c.confidentiality, tables.plots.c.municipality_code)


def _works_with(actor: Actor, record: Mapping[str, object]) -> bool:
    """Say whether an actor may read what is confidential where a plot lies."""
    secret = replace(resource_of(record), confidentiality=Confidentiality.VERTROUWELIJK)
    return may(actor, Action.READ_PLOTS, secret)


def _without_internal(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """Empty the columns of which the class is higher than the actor may read there."""
    highest = highest_class(actor, Action.READ_PLOTS, row["municipality_code"])
    hidden = hidden_from(highest or Confidentiality.OPENBAAR)
    if not hidden:
        return row
    emptied = {**row, **dict.fromkeys(hidden)}
    return {**emptied, "provenance": {}} if "provenance" in hidden else emptied


def load_examples(store: Store, actor: Actor, examples: gpd.GeoDataFrame) -> bool:
    """Put the fictional plots in at the first start of a database; never again after that.

    Returns:
        Whether they were put in now.
    """
    require(actor, Action.DELIVER, _EVERYWHERE)
    with store.transaction() as connection:
        if version_of(connection, _EXAMPLES_LOADED):
            return False
        raise_version(connection, _EXAMPLES_LOADED)
        write_plots(connection, actor, examples, reason="voorbeelden", delivery=None)
        note(connection, actor.name, "load_examples", "plots", {"count": len(examples)})
    return True


def remove_examples(store: Store, actor: Actor) -> int:
    """Take all fictional plots out; gives how many there were."""
    require(actor, Action.CHANGE_PLOTS, _EVERYWHERE)
    with store.transaction() as connection:
        found = (
            connection.execute(sa.select(tables.plots.c.plot_id).where(tables.plots.c.fictional))
            .scalars()
            .all()
        )
        remove_plots(connection, actor, found, reason="voorbeelden verwijderd", delivery=None)
        note(connection, actor.name, "remove_examples", "plots", {"count": len(found)})
    return len(found)


def change_plot(
    store: Store,
    actor: Actor,
    plot_id: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Change some columns of a plot; ``values`` may hold a ``geometry`` (EPSG:28992) too.

    When the geometry changes, the caller gives its municipality as well.

    Args:
        store: where.
        actor: who changes it.
        plot_id: which plot.
        values: new values by column.
        reason: why, kept in the history.
        expected_version: the version that the actor looked at. What another changed since in
            other columns stays; in the same columns it is a conflict. None takes any version.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change plots.
        PlotConflictError: another changed one of these columns in between.
    """
    require(actor, Action.CHANGE_PLOTS, Resource("plots"))
    with store.transaction() as connection:
        before = _to_change(connection, actor, plot_id)
        wanted = {
            column: shapely.to_wkb(value, hex=True) if column == "geometry" else plain_value(value)
            for column, value in values.items()
        }
        if expected_version is not None:
            _refuse_conflict(connection, plot_id, expected_version, before, wanted)
        after = {**before, **wanted}
        origin = {**before["provenance"], **dict.fromkeys(values, f"{actor.name}: {reason}")}
        after["provenance"] = {c: origin[c] for c in origin if c in PLOT_COLUMNS or c == "geometry"}
        require(actor, Action.CHANGE_PLOTS, resource_of(after))
        write_records(connection, actor, {plot_id: after}, reason=reason, delivery=None)
        note(connection, actor.name, "change_plot", plot_id, {"columns": sorted(values)})


def left_on(store: Store, actor: Actor, plot_ids: Iterable[str]) -> dict[str, Left]:
    """Give since when and why plots are dropped or realised, by plot, as far as it is known.

    Only of plots of which the actor may read the latest version. Where the version in which it
    happened is of a higher class than the actor may read, nothing is given; why is told to those
    who may read what is confidential there, as it is typed text without a class.
    """
    wanted = sorted(set(plot_ids))
    versions = tables.plot_versions
    found: dict[str, Left] = {}
    with read_only(store) as connection:
        for begin in range(0, len(wanted), 500):
            rows = connection.execute(
                sa.select(versions)
                .where(versions.c.plot_id.in_(wanted[begin : begin + 500]))
                .order_by(versions.c.plot_id, versions.c.version.desc())
            )
            for plot_id, of_plot in itertools.groupby(rows, key=lambda row: row.plot_id):
                state = None
                for row in of_plot:
                    if row.record is None or not may_read_record(actor, row.record):
                        found.pop(plot_id, None)
                        break
                    its = row.record.get("state")
                    if its not in PAST_STATES or (state is not None and its != state):
                        break
                    state = its
                    why = row.reason if _works_with(actor, row.record) else ""
                    found[plot_id] = Left(row.at.date(), why)
    return found


def plot_history(store: Store, actor: Actor, plot_id: str) -> list[HistoryEntry]:
    """Give the versions of a plot that the actor may read, each by its own class, oldest first.

    Who and why, the name of a delivered file among it, are typed texts without a class: they are
    empty, as is the delivery, for who may not read what is confidential where the plot lies.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see its latest state.
    """
    with read_only(store) as connection:
        found = connection.execute(
            sa.select(tables.plot_versions)
            .where(tables.plot_versions.c.plot_id == plot_id)
            .order_by(tables.plot_versions.c.version)
        ).all()
    records = [row.record for row in found if row.record is not None]
    if not records or not may_read_record(actor, records[-1]):
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    entries = []
    before: Record | None = {}
    inside = False
    for row in found:
        after = in_present_form(row.record) if row.record is not None else {}
        seen = may_read_record(actor, after) if after else before is not None
        if not seen:
            # what stood in it, and so what the next one changed, is not for this reader
            before = None
            continue
        # what is gone lies where it lay
        inside = _works_with(actor, after) if after else inside
        after = _without_internal(actor, after) if after else after
        if "geometry" in after:
            after = {**after, "geometry": plain_shape(after["geometry"])}
        changes = {
            column: (before.get(column), after.get(column))
            for column in (*PLOT_COLUMNS, "geometry")
            if before is not None
            and row.record is not None
            and before.get(column) != after.get(column)
        }
        entries.append(
            HistoryEntry(
                row.version,
                row.at,
                row.actor if inside else "",
                row.reason if inside else "",
                row.delivery if inside else None,
                row.record is None,
                changes,
            )
        )
        before = after
    return entries


def plot_version(store: Store, actor: Actor, plot_id: str) -> int:
    """Give the version of a plot, to name it when changing.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
    """
    with read_only(store) as connection:
        found = connection.execute(
            sa.select(tables.plots.c.version).where(
                tables.plots.c.plot_id == plot_id, _readable(actor)
            )
        ).scalar_one_or_none()
    if found is None:
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    return int(found)


def withdraw_plot(
    store: Store, actor: Actor, plot_id: str, *, reason: str, expected_version: int | None = None
) -> None:
    """Take one plot out; its history stays, and :func:`restore_plot` puts it back.

    Args:
        store: where.
        actor: who takes it out.
        plot_id: which plot.
        reason: why, kept in the history.
        expected_version: the version that the actor looked at. None takes any version.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change it.
        PlotConflictError: another changed it after the expected version.
    """
    require(actor, Action.CHANGE_PLOTS, Resource("plots"))
    with store.transaction() as connection:
        present = _to_change(connection, actor, plot_id)
        _refuse_changed(connection, actor, plot_id, expected_version, present)
        remove_plots(connection, actor, [plot_id], reason=reason, delivery=None)
        note(connection, actor.name, "withdraw_plot", plot_id, {})


@dataclass(frozen=True)
class WithdrawnPlot:
    """A plot that is not there any more; ``version`` is the last one that it had a state in."""

    plot_id: str
    name: str | None
    version: int
    at: dt.datetime
    reason: str


_MOST_WITHDRAWN = 200


def withdrawn_plots(store: Store, actor: Actor) -> list[WithdrawnPlot]:
    """Give the plots taken out last, as far as the actor may put them back, the latest first."""
    if not may(actor, Action.CHANGE_PLOTS, Resource("plots")):
        return []
    versions = tables.plot_versions.c
    last = (
        sa.select(versions.plot_id, sa.func.max(versions.version).label("version"))
        .group_by(versions.plot_id)
        .subquery()
    )
    before = tables.plot_versions.alias("before")
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(
                versions.plot_id, before.c.version, versions.at, versions.reason, before.c.record
            )
            .join(last, sa.and_(last.c.plot_id == versions.plot_id,
                                last.c.version == versions.version))
            .join(before, sa.and_(before.c.plot_id == versions.plot_id,
                                  before.c.version == versions.version - 1))
            .where(versions.plot_id.not_in(sa.select(tables.plots.c.plot_id)))
            .order_by(versions.at.desc(), versions.plot_id)
        )  # fmt: skip
        found = []
        for row in rows:
            if row.record is None or not may_read_record(actor, row.record):
                continue
            record = in_present_form(row.record)
            if may(actor, Action.CHANGE_PLOTS, resource_of(record)):
                name = record.get("name")
                found.append(WithdrawnPlot(row.plot_id, name, row.version, row.at, row.reason))
            if len(found) == _MOST_WITHDRAWN:
                break
    return found


def restore_plot(
    store: Store,
    actor: Actor,
    plot_id: str,
    version: int,
    *,
    reason: str,
    expected_version: int | None = None,
) -> None:
    """Give a plot the state of one of its former versions, as a new version.

    Args:
        store: where.
        actor: who puts it back.
        plot_id: which plot.
        version: of which state.
        reason: why, kept in the history.
        expected_version: the version that the actor looked at, ``GONE`` for a plot that was not
            there. None takes any version.

    Raises:
        NotFoundError: there is no such version, it was one without a plot, or the actor may not
            see it.
        AccessDeniedError: the actor may not change plots.
        PlotConflictError: another changed it after the expected version.
    """
    require(actor, Action.CHANGE_PLOTS, Resource("plots"))
    table = tables.plot_versions.c
    with store.transaction() as connection:
        record = connection.execute(
            sa.select(table.record).where(table.plot_id == plot_id, table.version == version)
        ).scalar_one_or_none()
        if record is None or not may_read_record(actor, record):
            raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
        present = _records(connection, [plot_id]).get(plot_id)
        last = (
            present
            or connection.execute(
                sa.select(table.record)
                .where(table.plot_id == plot_id, table.record.is_not(None))
                .order_by(table.version.desc())
                .limit(1)
            ).scalar_one()
        )
        if not may_read_record(actor, last):
            # it went on out of sight: what it was here is not this actor's to put back
            raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
        for state in (record, last):
            require(actor, Action.CHANGE_PLOTS, resource_of(state))
        _refuse_changed(connection, actor, plot_id, expected_version, present)
        write_records(connection, actor, {plot_id: record}, reason=reason, delivery=None)
        note(connection, actor.name, "restore_plot", plot_id, {"version": version})


def restore_examples(store: Store, actor: Actor, examples: gpd.GeoDataFrame) -> int:
    """Put the fictional plots back that were taken out; gives how many."""
    require(actor, Action.CHANGE_PLOTS, _EVERYWHERE)
    with store.transaction() as connection:
        there = connection.execute(sa.select(tables.plots.c.plot_id)).scalars().all()
        missing = examples[~examples.index.isin(there)]
        write_plots(connection, actor, missing, reason="voorbeelden teruggezet", delivery=None)
        note(connection, actor.name, "restore_examples", "plots", {"count": len(missing)})
    return len(missing)


def _to_change(connection: sa.Connection, actor: Actor, plot_id: str) -> Record:
    """Give the record of a plot that the actor may see and change."""
    present = _records(connection, [plot_id]).get(plot_id)
    if present is None or not may_read_record(actor, present):
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    require(actor, Action.CHANGE_PLOTS, resource_of(present))
    return present


def _refuse_conflict(
    connection: sa.Connection, plot_id: str, expected: int, before: Record, wanted: Record
) -> None:
    """Refuse a change of columns that another changed after the version that was looked at."""
    seen = _version_record(connection, plot_id, expected)
    if seen is None:
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    both = {
        column: (before.get(column), value)
        for column, value in wanted.items()
        if before.get(column) != seen.get(column) and before.get(column) != value
    }
    if both:
        raise PlotConflictError(Message("store.error.conflict", {"count": len(both)}), both)


def _refuse_changed(
    connection: sa.Connection,
    actor: Actor,
    plot_id: str,
    expected: int | None,
    present: Record | None,
) -> None:
    """Refuse what takes the place of a whole plot that another changed since it was looked at.

    The error tells what each changed column is now, and what it was.
    """
    current = tables.plots.c
    version = connection.execute(
        sa.select(current.version).where(current.plot_id == plot_id)
    ).scalar_one_or_none()
    if expected is None or expected == (version or GONE):
        return
    seen, values = _version_record(connection, plot_id, expected), {}
    if present is not None and seen is not None and may_read_record(actor, seen):
        values = {
            column: (present.get(column), seen.get(column))
            for column in (*PLOT_COLUMNS, "geometry")
            if present.get(column) != seen.get(column)
        }
    raise PlotConflictError(Message("store.error.plot_changed"), values)


def _version_record(connection: sa.Connection, plot_id: str, version: int) -> Record | None:
    """Give the record of a version in the form of today; None where it is not or had no plot."""
    table = tables.plot_versions.c
    found = connection.execute(
        sa.select(table.record).where(table.plot_id == plot_id, table.version == version)
    ).scalar_one_or_none()
    if found is None:
        return None
    record = in_present_form(found)
    # earlier versions of the app kept the number of PostGIS with a changed plot
    return {**record, "geometry": plain_shape(record["geometry"])}


# --- used by store.deliveries, inside its transaction --------------------------------------------


def require_all(
    connection: sa.Connection, actor: Actor, action: Action, records: Mapping[str, Record]
) -> None:
    """Refuse a write of records of which one, as it is or as it becomes, is out of reach.

    Raises:
        AccessDeniedError: the actor may not do this with one of them.
    """
    for record in (*records.values(), *_records(connection, records).values()):
        require(actor, action, resource_of(record))


def write_plots(
    connection: sa.Connection,
    actor: Actor,
    plots: gpd.GeoDataFrame,
    *,
    reason: str,
    delivery: int | None,
) -> None:
    """Write plots (EPSG:28992, indexed by ``plot_id``), new ones and changed ones alike.

    Raises:
        AccessDeniedError: one of them, as it is or as it becomes, is out of the actor's reach.
    """
    records = _records_of(plots)
    require_all(connection, actor, Action.DELIVER, records)
    write_records(connection, actor, records, reason=reason, delivery=delivery)


def write_records(
    connection: sa.Connection,
    actor: Actor,
    records: Mapping[str, Record],
    *,
    reason: str,
    delivery: int | None,
    undoes: int | None = None,
) -> None:
    """Write whole records and a version of each; ``undoes`` names a delivery taken back by it."""
    if not records:
        return
    last = _last_versions(connection, records)
    present = _records(connection, records)
    moment = now()
    rows, versions = [], []
    for plot_id, record in records.items():
        version = last.get(plot_id, 0) + 1
        # a delivery or form of today does not know a column of before: it stays with the plot
        record = {**retired(present.get(plot_id, {})), **record}
        rows.append(_to_row(connection, plot_id, record, version))
        versions.append(
            {
                "plot_id": plot_id,
                "version": version,
                "at": moment,
                "actor": actor.name,
                "reason": reason,
                "delivery": delivery,
                "undoes": undoes,
                "record": record,
            }
        )
    if present:
        _delete(connection, list(present))
    connection.execute(sa.insert(tables.plots), rows)
    connection.execute(sa.insert(tables.plot_versions), versions)
    raise_version(connection, PLOTS_VERSION)


def remove_plots(
    connection: sa.Connection,
    actor: Actor,
    plot_ids: Iterable[str],
    *,
    reason: str,
    delivery: int | None,
    undoes: int | None = None,
) -> None:
    """Take plots out; their history stays. ``undoes`` names a delivery taken back by it."""
    ids = list(plot_ids)
    if not ids:
        return
    last = _last_versions(connection, ids)
    moment = now()
    connection.execute(
        sa.insert(tables.plot_versions),
        [
            {
                "plot_id": plot_id,
                "version": last.get(plot_id, 0) + 1,
                "at": moment,
                "actor": actor.name,
                "reason": reason,
                "delivery": delivery,
                "undoes": undoes,
                "record": None,
            }
            for plot_id in ids
        ],
    )
    _delete(connection, ids)
    raise_version(connection, PLOTS_VERSION)


_BATCH = 500
"""Identifiers in one question: databases bound the number of parameters."""


def _batches(ids: Iterable[str]) -> Iterable[list[str]]:
    everything = list(ids)
    for begin in range(0, len(everything), _BATCH):
        yield everything[begin : begin + _BATCH]


def _delete(connection: sa.Connection, ids: Iterable[str]) -> None:
    for batch in _batches(ids):
        connection.execute(sa.delete(tables.plots).where(tables.plots.c.plot_id.in_(batch)))


def _last_versions(connection: sa.Connection, ids: Iterable[str]) -> dict[str, int]:
    versions = tables.plot_versions.c
    found: dict[str, int] = {}
    for batch in _batches(ids):
        rows = connection.execute(
            sa.select(versions.plot_id, sa.func.max(versions.version))
            .where(versions.plot_id.in_(batch))
            .group_by(versions.plot_id)
        )
        found.update({plot_id: int(version) for plot_id, version in rows})
    return found


def _records(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for batch in _batches(ids):
        rows = connection.execute(sa.select(tables.plots).where(tables.plots.c.plot_id.in_(batch)))
        for row in rows:
            found[row.plot_id] = _record_of_row(row)
    return found


def plain_shape(wkb: bytes | str) -> str:
    """Give a geometry as a record holds it: hexadecimal, without the number that PostGIS adds."""
    return str(shapely.to_wkb(shapely.from_wkb(wkb), hex=True, include_srid=False))


def _record_of_row(row: sa.Row[Any]) -> Record:
    """Give a row of the table as the record that it was written from."""
    kept = {name: plain_value(row._mapping[name]) for name in _OWN_COLUMNS}
    shape = from_column(row.geometry).hex().upper()
    return in_present_form({**kept, **(row.further or {}), "geometry": shape})


def _records_of(plots: gpd.GeoDataFrame) -> dict[str, Record]:
    shapes = shapely.to_wkb(plots.geometry.to_numpy(), hex=True, include_srid=False)
    return to_records(plots, shapes.tolist())


def _to_row(
    connection: sa.Connection, plot_id: str, record: Record, version: int
) -> dict[str, Any]:
    whole = in_present_form(record)
    row: dict[str, Any] = {name: whole.get(name) for name in _OWN_COLUMNS}
    row["further"] = {
        name: value
        for name, value in whole.items()
        if name not in _OWN_COLUMNS and name not in ("geometry", "form")
    }
    row |= {"plot_id": plot_id, "version": version}
    row["geometry"] = to_column(connection, bytes.fromhex(whole["geometry"]))
    for name in _DATES:
        row[name] = dt.date.fromisoformat(row[name]) if row[name] else None
    return row


_DATES = tuple(c.name for c in tables.plots.c if isinstance(c.type, sa.Date))


def _table(records: Mapping[str, Record]) -> gpd.GeoDataFrame:
    index = pd.Index(list(records), name="plot_id", dtype=object)
    told = list(records.values())
    shapes = shapely.from_wkb(np.array([record["geometry"] for record in told], dtype=object))
    table = pd.DataFrame(columns_of(told, index), index=index)
    return gpd.GeoDataFrame(table, geometry=gpd.array.from_shapely(shapes), crs=RD)
