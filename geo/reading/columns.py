"""Recognise which column of a file is what, and read its cells."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from data.loader import FOLDER
from data.vocabulary import (
    PLOT_COLUMNS,
    Confidentiality,
    GridConnection,
    NatureStatus,
    ObjectKind,
    OwnerKind,
    PlotState,
    Zoning,
)
from geo.reading import values
from geo.reading.bounds import MAX_TEXT
from messages import Message

_NAMES = tomllib.loads((FOLDER / "column_names.toml").read_text(encoding="utf-8"))

HEADERS: Mapping[str, tuple[str, ...]] = {
    column: tuple(headers) for column, headers in _NAMES["headers"].items()
}
"""Headers that are recognised, without accents, capitals and marks."""

GEOMETRY_HEADERS: Mapping[str, tuple[str, ...]] = {
    key: tuple(headers) for key, headers in _NAMES["geometry"].items()
}
"""Headers of columns with a shape: ``wkt``, ``x`` and ``y``."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    column: {word: member for member, words in members.items() for word in words}
    for column, members in _NAMES["words"].items()
}
_ENUMS: Mapping[str, type[StrEnum]] = {
    "OwnerKind": OwnerKind,
    "ObjectKind": ObjectKind,
    "Zoning": Zoning,
    "NatureStatus": NatureStatus,
    "GridConnection": GridConnection,
    "PlotState": PlotState,
    "Confidentiality": Confidentiality,
}


def normalised(header: str) -> str:
    """Give a header as it is compared and remembered."""
    return values.plain(header)[:200]


_BY_HEADER = {header: column for column, headers in HEADERS.items() for header in headers}
_BY_HEADER |= {normalised(column): column for column in PLOT_COLUMNS}


def match_columns(headers: Iterable[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Say for each header which column of a plot it is, "" for none.

    What was remembered goes before what is recognised. A column is taken once: the first header
    that means it gets it.
    """
    listed = list(headers)
    matched = dict.fromkeys(listed, "")
    taken: set[str] = set()
    for memory in (remembered, _BY_HEADER):
        for header in listed:
            column = memory.get(normalised(header))
            if matched[header] or column is None or column in taken or column not in PLOT_COLUMNS:
                continue
            if memory is _BY_HEADER and normalised(header) in remembered:
                continue
            matched[header] = column
            taken.add(column)
    return matched


def read_cell(column: str, header: str, cell: Any) -> tuple[Any, Message | None, str | None]:
    """Read a cell as a value of a column of a plot.

    Returns:
        The value (None for unknown), a remark, and a text to keep in the remarks of the plot
        where the cell says something that the column has no place for.
    """
    kind = PLOT_COLUMNS[column]
    if values.is_unknown(cell):
        return None, None, None
    said = {"header": header[:60], "value": str(cell)[:80]}
    if kind == "text":
        if isinstance(cell, dt.datetime | dt.date):
            return cell.isoformat(), None, None
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = " ".join(str(cell).split())[:MAX_TEXT]
        return text or None, None, None
    if kind == "number":
        found = values.number(cell)
        if found is None or found < 0:
            return None, Message("read.cell.number", said), f"{header}: {cell}"
        if normalised(header).endswith(" ha") and isinstance(cell, int | float | str):
            given = str(cell).lower()
            found = found if "ha" in given else found * 10_000
        return found, None, None
    if kind == "date":
        day, exact = values.date(cell)
        if day is None:
            return None, Message("read.cell.date", said), f"{header}: {cell}"
        remark = (
            None if exact else Message("read.cell.date_inexact", {**said, "date": day.isoformat()})
        )
        return day, remark, None
    if kind == "boolean":
        answer = values.boolean(cell)
        if answer is None:
            return None, Message("read.cell.boolean", said), f"{header}: {cell}"
        return answer, None, None
    return _member(column, kind, said, header, cell)


def _member(
    column: str, kind: str, said: dict[str, str], header: str, cell: Any
) -> tuple[Any, Message | None, str | None]:
    text = values.plain(str(cell))
    members = {values.plain(str(member)): str(member) for member in _ENUMS[kind]}
    if isinstance(cell, bool):
        text = "ja" if cell else "nee"
    found = members.get(text) or _WORDS[column].get(text)
    if found is None:
        within = [
            m for word, m in _WORDS[column].items() if f" {word} " in f" {text} " and len(word) > 2
        ]
        found = within[0] if len(set(within)) == 1 else None
        if found is not None:
            return found, None, f"{header}: {cell}"
    if found is None:
        return None, Message("read.cell.word", said), f"{header}: {cell}"
    return found, None, None
