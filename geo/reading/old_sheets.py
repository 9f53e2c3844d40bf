"""Read spreadsheets of other programs and times: ods, xls, and the XML of 2003."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import python_calamine

from geo.reading import bounds
from geo.reading.kml import refuse_entities
from geo.reading.raw import ReadingError
from geo.reading.sheet_marks import Sheet
from messages import Message

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def calamine_sheets(path: Path) -> list[tuple[str, Sheet]]:
    """Give the sheets of an ods or xls file.

    Raises:
        ReadingError: it is broken or protected by a password.
    """
    try:
        book = python_calamine.load_workbook(path)
        found = []
        for about in book.sheets_metadata:
            rows = book.get_sheet_by_name(about.name).to_python(
                skip_empty_area=False, nrows=bounds.MAX_FEATURES + 50
            )
            sheet = Sheet(
                [(number, _cells(row)) for number, row in enumerate(rows, start=1)],
                hidden=about.visible != python_calamine.SheetVisibleEnum.Visible,
            )
            found.append((about.name, sheet))
    except python_calamine.PasswordError as problem:
        raise ReadingError(Message("read.password")) from problem
    except (python_calamine.CalamineError, OSError, ValueError) as problem:
        raise ReadingError(Message("read.xlsx_broken")) from problem
    return found


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
    found = []
    for place, own in enumerate(root.iter(f"{{{_SPACE}}}Worksheet"), start=1):
        rows: list[tuple[int, list[Any]]] = []
        number = 0
        for row in own.iter(f"{{{_SPACE}}}Row"):
            number = _at(row, number + 1)
            cells: list[Any] = []
            for cell in row.iter(f"{{{_SPACE}}}Cell"):
                at = min(_at(cell, len(cells) + 1), bounds.MAX_COLUMNS)
                cells += [None] * (at - 1 - len(cells))
                cells.append(_value(cell.find(f"{{{_SPACE}}}Data")))
            rows.append((number, cells[: bounds.MAX_COLUMNS]))
            if len(rows) > bounds.MAX_FEATURES + 50:
                break
        hidden = own.find(".//{*}Visible")
        found.append(
            (
                own.get(f"{{{_SPACE}}}Name") or f"blad {place}",
                Sheet(rows, hidden=hidden is not None),
            )
        )
    return found


def _at(element: ElementTree.Element, otherwise: int) -> int:
    said = element.get(f"{{{_SPACE}}}Index", "")
    return int(said) if said.isdigit() and int(said) >= otherwise else otherwise


def _value(data: ElementTree.Element | None) -> Any:
    if data is None:
        return None
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{{{_SPACE}}}Type")
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
