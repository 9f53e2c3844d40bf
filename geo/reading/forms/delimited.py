"""Read delimited text in any usual encoding, and text that is nothing but shapes."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from geo.reading import bounds
from geo.reading.form import LAST, Form
from geo.reading.places import PlaceColumns, is_shape, read_places
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.sheet_marks import Sheet
from geo.reading.tabular import table_layer
from messages import Message


def read_csv(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
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
    layer = table_layer(path.stem, Sheet(numbered), options)
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


FORMS = (
    # text that is nothing else
    Form("csv", lambda head: bool(head.start), read_csv, suffixes=(".csv", ".txt"), order=LAST),
)
