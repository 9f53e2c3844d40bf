"""Read CSV and Excel tables: rows by header, with their place where one can be found."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.utils.exceptions
from charset_normalizer import from_bytes

from geo.reading import bounds
from geo.reading.lists import is_row_of_list, names_places
from geo.reading.places import (
    PlaceColumns,
    filled,
    find_place,
    is_shape,
    join_corners,
    read_places,
)
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.sheet_marks import Sheet, mark
from messages import Message

_MAX_SHEETS = 20


def read_csv(path: Path, options: ReadOptions) -> list[RawLayer]:
    """Read a delimited text in any usual encoding and with any usual delimiter.

    Raises:
        ReadingError: it is no table.
    """
    text, remark = _decoded(path.read_bytes())
    if not text.strip():
        raise ReadingError(Message("read.empty_file"))
    bare = _bare_shapes(path.stem, text)
    if bare is not None:
        return [bare]
    sample = [line for line in text.splitlines()[:200] if line.strip()]
    delimiter = _delimiter(sample)
    old = csv.field_size_limit(bounds.MAX_FILE_BYTES)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        table: list[tuple[int, list[Any]]] = []
        for cells in reader:
            if len(table) > bounds.MAX_FEATURES + 50:
                raise ReadingError(
                    Message(
                        "read.too_many",
                        {"count": f"> {bounds.MAX_FEATURES}", "limit": bounds.MAX_FEATURES},
                    )
                )
            table.append((reader.line_num, cells))
    except csv.Error as problem:
        raise ReadingError(Message("read.no_table")) from problem
    finally:
        csv.field_size_limit(old)
    # a row is told by the line on which it begins
    numbered = [
        ((table[place - 1][0] + 1) if place else 1, cells) for place, (_, cells) in enumerate(table)
    ]
    layer = _layer(path.stem, Sheet(numbered), options)
    if remark:
        layer.remarks.append(remark)
    return [layer]


def _bare_shapes(name: str, text: str) -> RawLayer | None:
    """Read a text that is nothing but shapes in WKT: one, or one on each line."""
    whole = text.strip().rstrip(";")
    if not is_shape(whole) or whole.startswith("{"):
        return None
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not all(is_shape(line) for _, line in lines):
        lines = [(1, " ".join(whole.split()))]
    if any(re.search(r"\)\s*[^\s)(,;]", line) for _, line in lines):
        return None  # something stands behind a shape: a table
    rows = [RawRow(n, None, {}) for n, _ in lines]
    cells = [[line.rstrip(";")] for _, line in lines]
    _, _, crs = read_places(rows, cells, PlaceColumns("shape", (0,)), None)
    return RawLayer(name, rows, crs, Message("read.crs.declared") if crs else None)


def read_xlsx(path: Path, options: ReadOptions) -> list[RawLayer]:
    """Read the sheets of an Excel file.

    Raises:
        ReadingError: it is broken, too large, or there is nothing in it.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > bounds.MAX_UNPACKED_BYTES:
            raise ReadingError(Message("read.zip_bomb"))
    try:
        sheets = _sheets(path)
    except (
        openpyxl.utils.exceptions.InvalidFileException, zipfile.BadZipFile, KeyError, ValueError,
        TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.xlsx_broken")) from problem
    return sheet_layers(sheets, options)


def sheet_layers(sheets: list[tuple[str, Sheet]], options: ReadOptions) -> list[RawLayer]:
    """Give a layer for each sheet that holds a table.

    Raises:
        ReadingError: none of them does.
    """
    layers: list[RawLayer] = []
    last: ReadingError | None = None
    for name, sheet in sheets:
        try:
            layers.append(_layer(name, sheet, options))
        except ReadingError as problem:
            last = problem
    if not layers:
        raise last or ReadingError(Message("read.empty_file"))
    return layers


def _sheets(path: Path) -> list[tuple[str, Sheet]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    found = []
    for own in book.worksheets[:_MAX_SHEETS]:
        cells = own.iter_rows(
            values_only=True, max_row=bounds.MAX_FEATURES + 50, max_col=bounds.MAX_COLUMNS
        )
        rows = []
        for number, row in enumerate(cells, start=1):
            used = [place for place, cell in enumerate(row) if cell is not None]
            rows.append((number, list(row[: used[-1] + 1] if used else ())))
        sheet = Sheet(rows, hidden=own.sheet_state != "visible")
        with zipfile.ZipFile(path) as archive, archive.open(own._worksheet_path) as stream:
            mark(sheet, stream)
        found.append((str(own.title), sheet))
    return found


def _decoded(data: bytes) -> tuple[str, Message | None]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), None
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    best = from_bytes(data[:200_000]).best()
    name = best.encoding if best else "cp1252"
    if name in ("latin_1", "iso8859_1", "ascii", "cp1250", "iso8859_15", "mac_roman", "cp437"):
        name = "cp1252"
    return data.decode(name, errors="replace"), Message("read.encoding", {"name": name})


def _delimiter(sample: list[str]) -> str:
    counts = {d: [line.count(d) for line in sample[:50]] for d in ";\t|,"}
    # The delimiter stands in (nearly) every line; a decimal comma stands only in some headers.
    best, score = ",", -1.0
    for delimiter, found in counts.items():
        value = min(found[0], 30) if found and found[0] else 0
        steady = sum(c > 0 for c in found) / max(len(found), 1)
        if value and value * steady > score:
            best, score = delimiter, value * steady
        if delimiter in ";\t|" and value and steady > 0.9:
            return delimiter
    return best


def _layer(name: str, sheet: Sheet, options: ReadOptions) -> RawLayer:
    """Make a layer of the rows of a sheet: headers, values by header, and places where they are.

    Raises:
        ReadingError: there is nothing in it, or too much.
    """
    used = [(n, cells) for n, cells in sheet.rows if any(map(filled, cells))]
    if not used:
        raise ReadingError(Message("read.empty_file"))
    head, columns = find_place([cells for _, cells in used], options.place)
    if columns is None and head == 0 and is_row_of_list(used[0][1]):
        head = -1
    body = used[head + 1 :]
    if len(body) > bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(body), "limit": bounds.MAX_FEATURES})
        )
    if not body:
        raise ReadingError(Message("read.only_header"))
    widest = max(len(cells) for _, cells in used)
    headers = _headers(used[head][1] if head >= 0 else [None] * widest)
    shown = set(columns.places) if columns else set()
    rows = [RawRow(n, None, _values(cells, headers, shown)) for n, cells in body]
    layer = RawLayer(name, rows, remarks=list(sheet.remarks), hidden=sheet.hidden)
    layer.notes = [str(c)[:300] for _, cells in used[: max(head, 0)] for c in cells if filled(c)]
    for row in rows:
        if row.row in sheet.hidden_rows:
            row.remarks.append(Message("read.row.hidden"))
    if head < 0:
        layer.remarks.append(Message("read.no_header"))
    if columns:
        told, asked, crs = read_places(rows, [c for _, c in body], columns, options.kilometres)
        layer.remarks += told
        layer.questions += asked
        if crs:
            layer.crs, layer.crs_evidence = crs, Message("read.crs.declared")
        layer.rows = join_corners(rows, [h for p, h in enumerate(headers) if p not in shown])
        for row in layer.rows:
            if row.geometry is None and row.row in sheet.formulas:
                row.refused = Message("read.row.formula")
    elif not names_places(headers, [row.values for row in rows]):
        layer.questions.append("place")
    return layer


def _headers(cells: list[Any]) -> list[str]:
    """Give each column a name of its own: a second of one name gets a number."""
    headers: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(str(cell).split())[:200] if filled(cell) else f"kolom {place}"
        count = sum(own == name or own.startswith(f"{name} (") for own in headers)
        headers.append(f"{name} ({count + 1})" if name in headers else name)
    return headers


def _values(cells: list[Any], headers: list[str], shown: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        if place in shown:
            continue
        header = headers[place] if place < len(headers) else f"kolom {place + 1}"
        values[header] = cell[: bounds.MAX_TEXT] if isinstance(cell, str) else cell
    return values
