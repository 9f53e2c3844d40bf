"""Read CSV and Excel tables with geometry as WKT or as x and y."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.utils.exceptions
import shapely
from charset_normalizer import from_bytes

from geo.reading import bounds
from geo.reading.columns import GEOMETRY_HEADERS, normalised
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.values import coordinate
from messages import Message

_WKT, _X, _Y = (frozenset(GEOMETRY_HEADERS[key]) for key in ("wkt", "x", "y"))
_WKT_START = re.compile(
    r"\s*(SRID=\d+;\s*)?(POINT|LINESTRING|POLYGON|MULTI|GEOMETRYCOLLECTION|CURVEPOLYGON|"
    r"CIRCULARSTRING|COMPOUNDCURVE)",
    re.I,
)
_WKB_START = re.compile(r"\s*0[01]0[0-9A-Fa-f]{8,}\s*$")


def read_csv(path: Path) -> list[RawLayer]:
    """Read a delimited text in any usual encoding and with any usual delimiter.

    Raises:
        ReadingError: it is no table, or has no column with geometry.
    """
    text, remark = _decoded(path.read_bytes())
    if not text.strip():
        raise ReadingError(Message("read.empty_file"))
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
    layer = _layer(path.stem, numbered)
    if remark:
        layer.remarks.append(remark)
    return [layer]


def read_xlsx(path: Path) -> list[RawLayer]:
    """Read the sheets of an Excel file that hold a table with geometry.

    Raises:
        ReadingError: it is broken, too large, or no sheet has a column with geometry.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > bounds.MAX_UNPACKED_BYTES:
            raise ReadingError(Message("read.zip_bomb"))
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheets = []
        for sheet in book.worksheets[:20]:
            rows = []
            for number, cells in enumerate(
                sheet.iter_rows(
                    values_only=True,
                    max_row=bounds.MAX_FEATURES + 50,
                    max_col=bounds.MAX_COLUMNS,
                ),
                start=1,
            ):
                used = [place for place, cell in enumerate(cells) if cell is not None]
                rows.append((number, list(cells[: used[-1] + 1] if used else ())))
            sheets.append((str(sheet.title), rows))
    except (
        openpyxl.utils.exceptions.InvalidFileException, zipfile.BadZipFile, KeyError, ValueError,
        TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.xlsx_broken")) from problem
    layers: list[RawLayer] = []
    last: ReadingError | None = None
    for name, rows in sheets:
        try:
            layers.append(_layer(name, rows))
        except ReadingError as problem:
            last = problem
    if not layers:
        raise last or ReadingError(Message("read.empty_file"))
    return layers


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


def _layer(name: str, table: list[tuple[int, list[Any]]]) -> RawLayer:
    filled = [(number, cells) for number, cells in table if any(_filled(cell) for cell in cells)]
    if len(filled) < 1:
        raise ReadingError(Message("read.empty_file"))
    head, geometry = _header(filled)
    if geometry is None:
        headers = [str(cell) for cell in filled[0][1] if _filled(cell)][:12]
        raise ReadingError(
            Message("read.no_geometry_column", {"columns": ", ".join(h[:40] for h in headers)})
        )
    headers = [
        str(cell).strip() if _filled(cell) else f"kolom {place}"
        for place, cell in enumerate(filled[head][1], start=1)
    ]
    body = filled[head + 1 :]
    if len(body) > bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(body), "limit": bounds.MAX_FEATURES})
        )
    rows = [_row(number, cells, headers, geometry) for number, cells in body]
    if not rows:
        raise ReadingError(Message("read.only_header"))
    srid = {int(s) for r in rows if (s := r.values.get("__srid"))}
    for row in rows:
        row.values = {k: v for k, v in row.values.items() if k != "__srid"}
    layer = RawLayer(name, rows)
    if len(srid) == 1:
        layer.crs = f"EPSG:{srid.pop()}"
        layer.crs_evidence = Message("read.crs.declared")
    return layer


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


_Geometry = tuple[str, tuple[int, ...]]


def _header(table: list[tuple[int, list[Any]]]) -> tuple[int, _Geometry | None]:
    """Find the row with headers among the first twenty, and where the geometry stands."""
    for place, (_, cells) in enumerate(table[:20]):
        names = [normalised(str(cell)) if _filled(cell) else "" for cell in cells]
        wkt = [i for i, n in enumerate(names) if n in _WKT]
        below = table[place + 1 : place + 30]
        for i in wkt:
            if not below or any(
                i < len(row)
                and _WKT_START.match(str(row[i]))
                or _WKB_START.match(str(row[i] if i < len(row) else ""))
                for _, row in below
            ):
                return place, ("wkt", (i,))
        x = [i for i, n in enumerate(names) if n in _X]
        y = [i for i, n in enumerate(names) if n in _Y]
        if x and y:
            return place, ("xy", (x[0], y[0]))
        if names[:1] and not wkt and below:
            for i in range(len(cells)):
                found = [str(row[i]) for _, row in below if i < len(row) and _filled(row[i])]
                if found and all(_WKT_START.match(v) for v in found):
                    return place, ("wkt", (i,))
    return 0, None


def _row(number: int, cells: list[Any], headers: list[str], geometry: _Geometry) -> RawRow:
    kind, places = geometry
    values: dict[str, Any] = {}
    for place, header in enumerate(headers):
        if place in places or place >= len(cells):
            continue
        cell = cells[place]
        values[header] = cell[: bounds.MAX_TEXT] if isinstance(cell, str) else cell
    row = RawRow(number, None, values)
    given = [cells[place] if place < len(cells) else None for place in places]
    if not all(_filled(cell) for cell in given):
        row.refused = Message("read.row.no_geometry")
        return row
    if kind == "xy":
        x, y = (coordinate(cell) for cell in given)
        if x is None or y is None:
            row.refused = Message(
                "read.row.bad_number", {"value": " / ".join(str(cell)[:40] for cell in given)}
            )
        else:
            row.geometry = shapely.Point(x, y)
        return row
    text = str(given[0]).strip()
    srid = re.match(r"SRID=(\d+);\s*", text, re.I)
    if srid:
        text = text[srid.end() :]
        values["__srid"] = srid.group(1)
    try:
        if _WKB_START.match(text):
            row.geometry = shapely.from_wkb(text)
            found = shapely.get_srid(row.geometry)
            if found:
                values["__srid"] = str(found)
        else:
            row.geometry = shapely.from_wkt(text, on_invalid="raise")
    except NotImplementedError:
        row.refused = Message("read.row.curved")
    except shapely.errors.GEOSException:
        row.geometry = _mended_wkt(text)
        if row.geometry is None:
            row.refused = Message("read.row.bad_wkt", {"value": text[:60]})
        else:
            row.remarks.append(Message("read.row.ring_closed"))
    return row


def _mended_wkt(text: str) -> shapely.Geometry | None:
    """Close the rings of a WKT polygon that are not, where that is all that is wrong."""
    if not re.match(r"(MULTI)?POLYGON", text, re.I) or len(text) > bounds.MAX_VERTICES * 20:
        return None

    def close(found: re.Match[str]) -> str:
        points = found.group(1).split(",")
        return (
            "("
            + ",".join([*points, points[0]] if points[0].split() != points[-1].split() else points)
            + ")"
        )

    try:
        return shapely.from_wkt(re.sub(r"\(([^()]+)\)", close, text))
    except (shapely.errors.GEOSException, NotImplementedError):
        return None
