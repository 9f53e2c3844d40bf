"""Recognise which column of a file is what, and read its cells."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from data.loader import FOLDER
from data.plot_schema import BY_KEY, PLOT_COLUMNS, ColumnType
from geo.reading import values, words
from geo.reading.bounds import MAX_TEXT
from messages import Message

_NAMES = tomllib.loads((FOLDER / "column_names.toml").read_text(encoding="utf-8"))

HEADERS: Mapping[str, tuple[str, ...]] = {
    column: tuple(_NAMES["headers"].get(column) or (column.replace("_", " "),))
    for column in PLOT_COLUMNS
}
"""Headers that are recognised, without accents, capitals and marks; the first is the template's."""

GEOMETRY_HEADERS: Mapping[str, tuple[str, ...]] = {
    key: tuple(headers) for key, headers in _NAMES["geometry"].items()
}
"""Headers of columns with a shape: ``wkt``, ``x`` and ``y``."""

AMBIGUOUS: frozenset[str] = frozenset(_NAMES["ambiguous"]["headers"])
"""Headers that many tables have for something else."""


def normalised(header: str) -> str:
    """Give a header as it is compared and remembered."""
    return values.plain(header)[:200]


_BY_HEADER = {header: column for column, headers in HEADERS.items() for header in headers}
_BY_HEADER |= {normalised(column): column for column in PLOT_COLUMNS}
_UNIT = re.compile(r" (?:in )?(?:m2|m|ha|hectare|hectares|hectaren|vierkante meter|bvo)$")
_LARGEST_M2 = 10_000_000  # 1,000 ha: more is another unit, or no area; a choice of the team
_DBF_WIDTH = 10  # letters that a shapefile keeps of a header


def column_of(header: str) -> str | None:
    """Give the column of a plot that a header means, None when it is not known.

    A unit after it does not matter. A header of ten letters is that which a shapefile left of a
    longer one, when it can be only one.

    >>> column_of("Perceelgrootte [m2]"), column_of("vertrouwel"), column_of("waarde (euro)")
    ('stated_area_m2', 'confidentiality', None)
    """
    name = normalised(header)
    if not name or "\u20ac" in header:
        return None
    found = _BY_HEADER.get(name) or _BY_HEADER.get(name.replace("_", " "))
    if found is None:
        found = _BY_HEADER.get(_UNIT.sub("", name))
        found = found if found in ("stated_area_m2", "gfa_m2") else None
    return found or _cut_off(header)


def cut_off_meanings(header: str) -> set[str]:
    """Give the columns that a header cut off at ten letters may mean."""
    bare = header.strip()
    if len(bare) != _DBF_WIDTH:
        return set()
    # a number at the end tells a second column of one name from the first
    name = normalised(re.sub(r"_?\d$", "", bare).replace("_", " ")).replace(" ", "")
    if len(name) < _DBF_WIDTH - 2:
        return set()
    return {
        column
        for known, column in _BY_HEADER.items()
        if len(known) > len(name) and known.replace(" ", "").startswith(name)
    }


def _cut_off(header: str) -> str | None:
    meanings = cut_off_meanings(header)
    return meanings.pop() if len(meanings) == 1 else None


def match_columns(headers: Iterable[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Say for each header which column of a plot it is, "" for none.

    What was remembered goes before what is recognised. A column is taken once: the first header
    that means it gets it.
    """
    listed = list(headers)
    matched = dict.fromkeys(listed, "")
    taken: set[str] = set()
    for known in (True, False):
        for header in listed:
            name = normalised(header)
            if (name in remembered) is not known:
                continue
            column = remembered[name] if known else column_of(header)
            if column is not None and column not in taken and column in PLOT_COLUMNS:
                matched[header] = column
                taken.add(column)
    if "confidentiality" not in taken:
        about = (h for h in listed if not matched[h] and normalised(h) not in remembered)
        first = next((h for h in about if words.speaks_of_class(h)), None)
        if first is not None:
            matched[first] = "confidentiality"
    return matched


Cell = tuple[Any, Message | None, str | None]
"""A value (None for unknown), a remark, and a text to keep among the remarks of the plot."""


def read_cell(column: str, header: str, cell: Any, *, yes_is_public: bool | None = None) -> Cell:
    """Read a cell as a value of a column of a plot.

    Args:
        column: of a plot.
        header: as the file has it.
        cell: what stands there.
        yes_is_public: whether a bare yes under a header about openness makes a plot public; None
            when that was not asked yet, which makes nothing public.

    Returns:
        The value (None for unknown), a remark, and a text to keep in the remarks of the plot
        where the cell says something that the column has no place for.
    """
    known = BY_KEY[column]
    if column == "confidentiality":
        return _class_cell(header, cell, yes_is_public)
    if values.is_unknown(cell):
        return None, None, None
    if known.vocabulary is not None:
        found = words.member(column, known.vocabulary, header, cell)
        return (found, None, None) if found else _not_read("word", header, cell)
    return _READERS[known.type](header, cell)


def _said(header: str, cell: Any) -> dict[str, str]:
    return {"header": header[:60], "value": str(cell)[:80]}


def _not_read(kind: str, header: str, cell: Any) -> Cell:
    return None, Message(f"read.cell.{kind}", _said(header, cell)), f"{header}: {cell}"


def _text(header: str, cell: Any) -> Cell:
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat(), None, None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).split())[:MAX_TEXT]
    return text or None, None, None


def _number(header: str, cell: Any) -> Cell:
    name = normalised(header)
    in_hectares = name.endswith((" ha", " hectare", " hectares", " hectaren"))
    if in_hectares and not values.has_unit(cell):  # a unit in the cell goes before the header
        cell_m2 = f"{cell} ha" if isinstance(cell, str) else cell
        found = values.number(cell_m2)
        found = found if isinstance(cell, str) or found is None else found * 10_000
    else:
        found = None if values.may_be_thousands(cell) else values.number(cell)
    size = values.cadastral_size(cell)
    found = size if size is not None else found
    if found is None or not 0 <= found <= _LARGEST_M2:
        return _not_read("number", header, cell)
    if values.is_about(cell):
        return found, Message("read.cell.about", _said(header, cell)), f"{header}: {cell}"
    return found, None, None


def _date(header: str, cell: Any) -> Cell:
    day, exact = values.date(cell)
    if day is None:
        return _not_read("date", header, cell)
    if exact:
        return day, None, None
    said = {**_said(header, cell), "date": day.isoformat()}
    return day, Message("read.cell.date_inexact", said), None


def _boolean(header: str, cell: Any) -> Cell:
    text = cell if isinstance(cell, bool) else words.clear(str(cell))
    answer = None if text is None else values.boolean(text)
    return _not_read("boolean", header, cell) if answer is None else (answer, None, None)


_READERS = {
    ColumnType.TEXT: _text,
    ColumnType.NUMBER: _number,
    ColumnType.DATE: _date,
    ColumnType.BOOLEAN: _boolean,
}


def _class_cell(header: str, cell: Any, yes_is_public: bool | None) -> Cell:
    if cell is None or str(cell).strip() in ("", "-") or cell != cell:
        return None, None, None
    found, why = words.class_of(header, cell)
    said = _said(header, cell)
    if why == "yes" and yes_is_public is not None:
        return (
            ("openbaar", Message("read.class.yes_public", said), None)
            if yes_is_public
            else (found, Message("read.class.yes_kept", said), None)
        )
    if why is None:
        return found, None, None
    return found, Message(f"read.class.{why}", said), f"{header}: {cell}"


def is_class_header(header: str) -> bool:
    """Say whether a header is one of those under which a class stands."""
    return column_of(header) == "confidentiality" or words.speaks_of_class(header)
