"""See what the maker of a sheet did with its rows: hid them, merged cells, left formulas.

openpyxl does not tell this of a sheet that it reads row by row, and to hold a whole sheet in
memory asks too much for large ones; so the sheet is gone through once more.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from geo.reading import bounds
from geo.reading.safe_xml import refuse_entities
from messages import Message

_MAX_MERGED = 5_000


@dataclass
class Sheet:
    """The cells of a table: rows by number, and what its maker did with them."""

    rows: list[tuple[int, list[Any]]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    formulas: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    notes: list[str] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)

    def tell(self, **counts: int) -> None:
        """Remark how many rows, columns or cells are hidden, merged and so on, where there are."""
        for key, count in counts.items():
            if count:
                self.remarks.append(Message(f"read.sheet.{key}", {"count": count}))


def mark(sheet: Sheet, stream: IO[bytes], struck: frozenset[str] = frozenset()) -> None:
    """Note hidden rows, formulas without an outcome, and fill cells that were merged downwards.

    Args:
        sheet: with its rows; it is changed.
        stream: of the sheet in the workbook (XML).
        struck: numbers of the styles that strike a text through.
    """
    seen = _Seen()
    for event, element in ET.iterparse(stream, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                seen.begin_row(element)
        elif tag == "c":
            seen.cell(element, struck)
            element.clear()
        elif tag == "row":
            element.clear()
        elif tag == "col":
            seen.hidden_columns += element.get("hidden") in ("1", "true")
        elif tag == "mergeCell" and len(seen.merged) < _MAX_MERGED:
            seen.merged.append(element.get("ref") or "")
        elif tag in _PRINTED and element.text:
            sheet.notes.append(element.text[: bounds.MAX_TEXT])
    used = {number for number, cells in sheet.rows if any(cell is not None for cell in cells)}
    sheet.hidden_rows = frozenset(seen.hidden_rows & used)
    sheet.formulas = frozenset(seen.formulas)
    sheet.struck_rows = frozenset(seen.struck_rows)
    sheet.tell(
        hidden_rows=len(sheet.hidden_rows),
        hidden_columns=seen.hidden_columns,
        formulas=len(seen.formulas),
        struck=len(seen.struck_rows),
        merged=_fill_merged(sheet, seen.merged),
    )


_PRINTED = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


@dataclass
class _Seen:
    """What was seen of a sheet so far."""

    row: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    formulas: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    hidden_columns: int = 0

    def begin_row(self, element: ET.Element) -> None:
        self.row = _whole(element.get("r")) or self.row + 1
        if element.get("hidden") in ("1", "true"):
            self.hidden_rows.add(self.row)

    def cell(self, element: ET.Element, struck: frozenset[str]) -> None:
        inner = {child.tag.rpartition("}")[2]: child.text for child in element}
        if "f" in inner and not inner.get("v"):
            self.formulas.add(self.row)
        if element.get("s") in struck and (inner.get("v") or "is" in inner):
            self.struck_rows.add(self.row)


def struck_styles(stream: IO[bytes]) -> frozenset[str]:
    """Give the numbers of the styles of a workbook (``xl/styles.xml``) that strike through."""
    root = refuse_entities(stream)
    strikes = [font.find("{*}strike") for font in root.iterfind("{*}fonts/{*}font")]
    fonts = [strike is not None and strike.get("val", "1") != "0" for strike in strikes]
    return frozenset(
        str(number)
        for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf"))
        if (at := _whole(style.get("fontId"))) < len(fonts) and fonts[at]
    )


def texts_beside(archive: zipfile.ZipFile) -> list[str]:
    """Give what a workbook says beside its cells: remarks at cells, its title, its label."""
    found: list[str] = []
    for name in archive.namelist():
        if _BESIDE.fullmatch(name) and len(found) < _MAX_NOTES:
            with archive.open(name) as stream:
                root = refuse_entities(stream)
            for element in root.iter():
                texts = [element.text, element.tail]
                if element.tag.rpartition("}")[2] in ("property", "label"):
                    texts.append(element.get("name"))
                found += [text.strip()[:500] for text in texts if text and text.strip()]
    return found[:_MAX_NOTES]


_BESIDE = re.compile(
    r"(xl/(threadedComments/|comments/)?[\w]*[cC]omments?\d*\.xml|docProps/(core|custom)\.xml)"
)
_MAX_NOTES = 2_000


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,7}", text) else 0


def _fill_merged(sheet: Sheet, merged: Sequence[str]) -> int:
    """Give every row of a cell that was merged over rows its value; gives how many cells."""
    from openpyxl.utils.cell import range_boundaries  # loaded by its reader alone

    rows = dict(sheet.rows)
    count = 0
    for ref in merged:
        if not re.fullmatch(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}", ref):
            continue
        first, top, last, bottom = range_boundaries(ref)
        if first == last and first <= bounds.MAX_COLUMNS and top < bottom:
            count += fill_down(rows, first - 1, top, bottom)
    return count


def fill_down(rows: Mapping[int, list[Any]], column: int, top: int, bottom: int) -> int:
    """Give the rows under a cell that was merged downwards its value; gives how many cells.

    Args:
        rows: cells by number of the row.
        column: position of the cell, from 0.
        top: row of the cell.
        bottom: last row of what was merged.
    """
    value = _at(rows.get(top), column)
    count = 0
    for number in range(top + 1, min(bottom, top + bounds.MAX_FEATURES) + 1):
        cells = rows.get(number)
        if value is None or cells is None or not any(cell is not None for cell in cells):
            continue  # an empty row stays empty
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value
        count += 1
    return count


def _at(cells: list[Any] | None, place: int) -> Any:
    return cells[place] if cells is not None and place < len(cells) else None
