"""Read workbooks: of Excel, of OpenDocument, and of older times."""

from __future__ import annotations

import zipfile
from pathlib import Path

from geo.reading import bounds
from geo.reading.form import BY_CONTENT, Form, Head
from geo.reading.forms.not_plots import has_stream
from geo.reading.old_sheets import SPACE_2003, calamine_sheets, xml_2003_sheets
from geo.reading.raw import RawLayer, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.sheet_marks import Sheet, mark, struck_styles, texts_beside
from geo.reading.tabular import sheet_layers
from messages import Message

_MAX_SHEETS = 20


def read_xlsx(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read the sheets of an Excel file.

    Raises:
        ReadingError: it is broken, too large, or there is nothing in it.
    """
    from openpyxl.utils.exceptions import InvalidFileException  # see _sheets

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > bounds.MAX_UNPACKED_BYTES:
            raise ReadingError(Message("read.zip_bomb"))
    try:
        sheets = _sheets(path)
    except (
        InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError,
        IndexError, OSError, EOFError, SyntaxError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.xlsx_broken")) from problem
    return sheet_layers(sheets, options)


def _sheets(path: Path) -> list[tuple[str, Sheet]]:
    # imported here: it takes a fifth of a second, and every file of another form goes without
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    found = []
    with zipfile.ZipFile(path) as archive:
        beside = texts_beside(archive)
        struck: frozenset[str] = frozenset()
        if "xl/styles.xml" in archive.namelist():
            with archive.open("xl/styles.xml") as stream:
                struck = struck_styles(stream)
        for own in book.worksheets[:_MAX_SHEETS]:
            cells = own.iter_rows(
                values_only=True, max_row=bounds.MAX_FEATURES + 50, max_col=bounds.MAX_COLUMNS
            )
            rows = []
            for number, row in enumerate(cells, start=1):
                used = [place for place, cell in enumerate(row) if cell is not None]
                rows.append((number, list(row[: used[-1] + 1] if used else ())))
            sheet = Sheet(rows, hidden=own.sheet_state != "visible", notes=list(beside))
            with archive.open(own._worksheet_path) as stream:
                mark(sheet, stream, struck)
            found.append((str(own.title), sheet))
    return found


def _read_calamine(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    return sheet_layers(calamine_sheets(path), options)


def _read_xml_2003(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    return sheet_layers(xml_2003_sheets(path), options)


def _is_ods(head: Head) -> bool:
    own = {"mimetype", "content.xml"} <= set(head.entries)
    return own and b"spreadsheet" in head.entry("mimetype")[:200]


FORMS = (
    Form("xlsb", lambda head: "xl/workbook.bin" in head.entries, _read_calamine,
         suffixes=(".xlsb",), order=BY_CONTENT - 1),
    Form("xlsx", lambda head: any(name.startswith("xl/") for name in head.entries), read_xlsx,
         suffixes=(".xlsx", ".xlsm")),
    Form("ods", _is_ods, _read_calamine, suffixes=(".ods",)),
    Form("xls", lambda head: has_stream(head, "Workbook", "Book"), _read_calamine,
         suffixes=(".xls",)),
    Form("xml2003", lambda head: head.root == "workbook" and SPACE_2003 in head.xml[:2000],
         _read_xml_2003),
)  # fmt: skip
