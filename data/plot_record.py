"""Write plots as plain records and read them again, in one way for all that keeps them.

A record is what JSON can hold: a value for each column of :data:`data.plot_schema.SCHEMA` and of
:data:`~data.plot_schema.PLACED`, the shape as well-known binary (hexadecimal, EPSG:28992) under
``geometry``, and the form that it was written in. The database keeps them for history and undo,
snapshots and the reading of files carry them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.plot_schema import BY_KEY, PLACED, PLOT_COLUMNS, ColumnType
from data.vocabulary import Confidentiality

Record = dict[str, Any]

RECORD_FORM = 2
"""The form in which records are written. Form 1, until November 2026, bore no number; snapshots
called its shape ``shape``."""


def plain_value(value: Any) -> Any:
    """Give a value as JSON can hold it: a date as its day, an unknown as None.

    >>> plain_value(float("nan")), plain_value(pd.Timestamp("2027-03-01")), plain_value(np.int64(3))
    (None, '2027-03-01', 3)
    """
    if isinstance(value, dict | list):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float | np.floating) and np.isnan(value):
        return None
    if isinstance(value, dt.date | pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return value.item() if isinstance(value, np.generic) else value


def plain_columns(table: pd.DataFrame, names: Iterable[str]) -> dict[str, list[Any]]:
    """Give columns of a table as lists that JSON can hold; one that is not there is unknown."""
    return {
        name: [plain_value(value) for value in table[name].tolist()]
        if name in table
        else [None] * len(table)
        for name in names
    }


def to_records(table: pd.DataFrame, shapes: Sequence[str]) -> dict[str, Record]:
    """Give each plot of a table as a record, by ``plot_id``.

    Args:
        table: indexed by ``plot_id``.
        shapes: of its plots, in its order, as hexadecimal well-known binary.
    """
    columns = plain_columns(table, (*PLOT_COLUMNS, *PLACED))
    records: dict[str, Record] = {}
    for place, plot_id in enumerate(table.index):
        record: Record = {name: values[place] for name, values in columns.items()}
        record["confidentiality"] = record["confidentiality"] or str(Confidentiality.VERTROUWELIJK)
        record["municipality_certain"] = bool(record["municipality_certain"])
        record["fictional"] = bool(record["fictional"])
        record["provenance"] = record["provenance"] or {}
        record["geometry"] = shapes[place]
        record["form"] = RECORD_FORM
        records[str(plot_id)] = record
    return records


def in_present_form(record: Mapping[str, Any]) -> Record:
    """Give a record of any form in that of today.

    A column that was not there yet is unknown; one that is no longer there is carried along, so
    that what is restored is whole.
    """
    present = dict(record)
    if present.get("form", 1) == 1 and "shape" in present:
        present["geometry"] = present.pop("shape")
    present["form"] = RECORD_FORM
    for name, column in BY_KEY.items():
        present.setdefault(name, column.unknown)
    for name in PLACED:
        present.setdefault(name, None)
    present["provenance"] = present["provenance"] or {}
    return present


def retired(record: Mapping[str, Any]) -> Record:
    """Give what a record holds in columns that are no longer there: it is kept with the plot."""
    known = {*BY_KEY, *PLACED, "geometry", "shape", "form"}
    return {name: value for name, value in record.items() if name not in known}


def values_of(name: str, values: Sequence[Any], index: pd.Index | None = None) -> pd.Series:
    """Give the values of a column, plain or not, as a column of its type.

    What cannot be one is unknown: NaN, NaT, None, or the member that says so.
    """
    given = pd.Series(list(values), index=index, dtype=object)
    column = BY_KEY.get(name)
    if column is None:
        if PLACED.get(name) is ColumnType.BOOLEAN:
            return given.map(lambda value: value is not None and value == value and bool(value))
        return given
    if column.type is ColumnType.NUMBER:
        return pd.to_numeric(given, errors="coerce").astype(float)
    if column.type is ColumnType.DATE:
        return pd.to_datetime(given, errors="coerce").astype("datetime64[us]")
    # pandas would make of a mask over an empty column another type
    told = given.where(given.notna(), column.unknown)
    return told.astype(object)


def columns_of(
    records: Sequence[Mapping[str, Any]], index: pd.Index, names: Iterable[str] | None = None
) -> dict[str, pd.Series]:
    """Give records as columns, each of its type, on an index; by default all that are known."""
    kept = list(names) if names is not None else [*PLOT_COLUMNS, *PLACED]
    return {name: values_of(name, [r.get(name) for r in records], index) for name in kept}
