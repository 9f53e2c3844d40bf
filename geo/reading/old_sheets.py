"""Read spreadsheets of other programs and times: ods, xls, and the XML of 2003."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine
import xlrd

from geo.reading import bounds
from geo.reading.raw import ReadingError
from geo.reading.safe_xml import refuse_entities
from geo.reading.sheet_marks import Sheet, fill_down
from messages import Message

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
SPACE_2003 = "urn:schemas-microsoft-com:office:spreadsheet"


def calamine_sheets(path: Path) -> list[tuple[str, Sheet]]:
    """Give the sheets of an ods, xls or xlsb file.

    Which rows are hidden is told of ods and xls; of xlsb it cannot be seen, and that is said.

    Raises:
        ReadingError: it is broken or protected by a password.
    """
    try:
        book = python_calamine.load_workbook(path)
        found = [_calamine_sheet(book, about) for about in book.sheets_metadata]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if "content.xml" in archive.namelist():
                    _mark_ods([sheet for _, sheet in found], archive)
                else:
                    _unseen([sheet for _, sheet in found])
        else:
            _mark_xls(dict(found), path)
    except python_calamine.PasswordError as problem:
        raise ReadingError(Message("read.password")) from problem
    except (
        python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.xlsx_broken")) from problem
    except BaseException as problem:
        # A slip in the library's own language (Rust), which is no ordinary exception here.
        if type(problem).__name__ != "PanicException":
            raise
        raise ReadingError(Message("read.xlsx_broken")) from problem
    return found


def _calamine_sheet(book: Any, about: Any) -> tuple[str, Sheet]:
    own = book.get_sheet_by_name(about.name)
    rows = own.to_python(skip_empty_area=False, nrows=bounds.MAX_FEATURES + 50)
    sheet = Sheet(
        [(number, _cells(row)) for number, row in enumerate(rows, start=1)],
        hidden=about.visible != python_calamine.SheetVisibleEnum.Visible,
    )
    filled = 0
    for (top, first), (bottom, last) in own.merged_cell_ranges or ():
        if first == last and first < bounds.MAX_COLUMNS and top < bottom:
            filled += fill_down(dict(sheet.rows), first, top + 1, bottom + 1)
    sheet.tell(merged=filled)
    return about.name, sheet


def _mark_xls(sheets: Mapping[str, Sheet], path: Path) -> None:
    """Note which rows and columns of an xls are hidden, which calamine does not tell."""
    try:
        with xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True) as book:
            for own in book.sheets():
                sheet = sheets.get(own.name)
                if sheet is None:
                    continue
                used = {number for number, cells in sheet.rows if cells}
                hidden = {at + 1 for at, row in own.rowinfo_map.items() if row.hidden}
                sheet.hidden_rows = frozenset(hidden & used)
                columns = sum(bool(column.hidden) for column in own.colinfo_map.values())
                sheet.tell(hidden_rows=len(sheet.hidden_rows), hidden_columns=columns)
    except (xlrd.XLRDError, struct.error, AssertionError, LookupError, ValueError, TypeError,
            AttributeError, OSError, NotImplementedError):  # fmt: skip
        # what the one library reads, the other may not
        _unseen(list(sheets.values()))


def _unseen(sheets: Sequence[Sheet]) -> None:
    """Say of each sheet with rows that hidden ones cannot be told from the others."""
    for sheet in sheets:
        if any(cells for _, cells in sheet.rows):
            sheet.remarks.append(Message("read.sheet.hidden_unknown"))


def _mark_ods(sheets: list[Sheet], archive: zipfile.ZipFile) -> None:
    """Note which rows of an ods are hidden, and fill cells that were merged downwards."""
    with archive.open("content.xml") as stream:
        root = refuse_entities(stream)
    for sheet, own in zip(sheets, root.iter(f"{{{_TABLE}}}table"), strict=False):
        rows = dict(sheet.rows)
        hidden: set[int] = set()
        number = 1
        merged = 0
        for row in own.iter(f"{{{_TABLE}}}table-row"):
            if row.get(f"{{{_TABLE}}}visibility") in ("collapse", "filter") and rows.get(number):
                hidden.add(number)
            column = 0
            for cell in row:
                spanned = _count(cell, "number-rows-spanned")
                if spanned > 1 and column < bounds.MAX_COLUMNS:
                    merged += fill_down(rows, column, number, number + spanned - 1)
                column += _count(cell, "number-columns-repeated")
            number += _count(row, "number-rows-repeated")
        sheet.hidden_rows = frozenset(hidden)
        sheet.tell(hidden_rows=len(hidden), merged=merged)


def _count(element: ElementTree.Element, name: str) -> int:
    said = element.get(f"{{{_TABLE}}}{name}", "1")
    return int(said) if said.isdigit() else 1


def _cells(row: list[Any]) -> list[Any]:
    cells = [None if cell == "" else cell for cell in row[: bounds.MAX_COLUMNS]]
    cells = [int(c) if isinstance(c, float) and c.is_integer() else c for c in cells]
    used = [place for place, cell in enumerate(cells) if cell is not None]
    return cells[: used[-1] + 1] if used else []


def xml_2003_sheets(path: Path) -> list[tuple[str, Sheet]]:
    """Give the sheets of an XML spreadsheet of 2003.

    Raises:
        ReadingError: it is broken.
    """
    root = refuse_entities(path)
    return [
        (own.get(f"{{{SPACE_2003}}}Name") or f"blad {place}", _sheet_2003(own))
        for place, own in enumerate(root.iter(f"{{{SPACE_2003}}}Worksheet"), start=1)
    ]


def _sheet_2003(own: ElementTree.Element) -> Sheet:
    rows: dict[int, list[Any]] = {}
    hidden: set[int] = set()
    merged: list[tuple[int, int, int]] = []
    notes: list[str] = []
    number = 0
    for row in own.iter(f"{{{SPACE_2003}}}Row"):
        number = _at(row, number + 1)
        cells: list[Any] = []
        for cell in row.iter(f"{{{SPACE_2003}}}Cell"):
            at = min(_at(cell, len(cells) + 1), bounds.MAX_COLUMNS)
            cells += [None] * (at - 1 - len(cells))
            cells.append(_value(cell.find(f"{{{SPACE_2003}}}Data")))
            down = cell.get(f"{{{SPACE_2003}}}MergeDown", "")
            if re.fullmatch(r"\d{1,6}", down):
                merged.append((len(cells) - 1, number, number + int(down)))
            notes += ["".join(said.itertext()) for said in cell.iter(f"{{{SPACE_2003}}}Comment")]
        rows[number] = cells[: bounds.MAX_COLUMNS]
        if row.get(f"{{{SPACE_2003}}}Hidden") == "1":
            hidden.add(number)
        if len(rows) > bounds.MAX_FEATURES + 50:
            break
    sheet = Sheet(list(rows.items()), own.find(".//{*}Visible") is not None, frozenset(hidden))
    sheet.notes = notes
    filled = sum(fill_down(rows, *one) for one in merged if one[0] < bounds.MAX_COLUMNS)
    sheet.tell(hidden_rows=len(hidden), merged=filled)
    return sheet


def _at(element: ElementTree.Element, otherwise: int) -> int:
    said = element.get(f"{{{SPACE_2003}}}Index", "")
    return int(said) if said.isdigit() and int(said) >= otherwise else otherwise


def _value(data: ElementTree.Element | None) -> Any:
    if data is None:
        return None
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{{{SPACE_2003}}}Type")
    if kind == "Number":
        try:
            value = float(text)
        except ValueError:
            return text
        return int(value) if value.is_integer() else value
    if kind == "Boolean":
        return text == "1"
    if kind == "DateTime":
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            return text
    return text or None
