"""See what the maker of a sheet did with its rows: hid them, merged cells, left formulas.

openpyxl does not tell this of a sheet that it reads row by row, and to hold a whole sheet in
memory asks too much for large ones; so the sheet is gone through once more.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl.utils.cell import range_boundaries

from geo.reading import bounds
from messages import Message

_MAX_MERGED = 5_000


@dataclass
class Sheet:
    """The cells of a table: rows by number, and what its maker did with them."""

    rows: list[tuple[int, list[Any]]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    formulas: frozenset[int] = frozenset()
    remarks: list[Message] = field(default_factory=list)


def mark(sheet: Sheet, stream: IO[bytes]) -> None:
    """Note hidden rows, formulas without an outcome, and fill cells that were merged downwards.

    Args:
        sheet: with its rows; it is changed.
        stream: of the sheet in the workbook (XML).
    """
    hidden_rows: set[int] = set()
    formulas: set[int] = set()
    merged: list[str] = []
    hidden_columns = row_number = 0
    for event, element in ET.iterparse(stream, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row_number = _whole(element.get("r")) or row_number + 1
                if element.get("hidden") in ("1", "true"):
                    hidden_rows.add(row_number)
            continue
        if tag == "c":
            inner = {child.tag.rpartition("}")[2]: child.text for child in element}
            if "f" in inner and not inner.get("v"):
                formulas.add(row_number)
            element.clear()
        elif tag == "row":
            element.clear()
        elif tag == "col" and element.get("hidden") in ("1", "true"):
            hidden_columns += 1
        elif tag == "mergeCell" and len(merged) < _MAX_MERGED:
            merged.append(element.get("ref") or "")
    used = {number for number, cells in sheet.rows if any(cell is not None for cell in cells)}
    sheet.hidden_rows = frozenset(hidden_rows & used)
    sheet.formulas = frozenset(formulas)
    filled = _fill_merged(sheet, merged)
    for key, count in (
        ("hidden_rows", len(sheet.hidden_rows)), ("hidden_columns", hidden_columns),
        ("formulas", len(formulas)), ("merged", filled),
    ):  # fmt: skip
        if count:
            sheet.remarks.append(Message(f"read.sheet.{key}", {"count": count}))


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,7}", text) else 0


def _fill_merged(sheet: Sheet, merged: list[str]) -> int:
    """Give every row of a cell that was merged over rows its value; gives how many cells."""
    rows = dict(sheet.rows)
    count = 0
    for ref in merged:
        if not re.fullmatch(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}", ref):
            continue
        first, top, last, bottom = range_boundaries(ref)
        if first != last or first > bounds.MAX_COLUMNS or not top < bottom:
            continue
        value = _at(rows.get(top), first - 1)
        if value is None:
            continue
        for number in range(top + 1, min(bottom, top + bounds.MAX_FEATURES) + 1):
            cells = rows.get(number)
            if cells is None or not any(cell is not None for cell in cells):
                continue  # an empty row stays empty
            cells.extend([None] * (first - len(cells)))
            cells[first - 1] = value
            count += 1
    return count


def _at(cells: list[Any] | None, place: int) -> Any:
    return cells[place] if cells is not None and place < len(cells) else None
