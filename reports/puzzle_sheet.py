"""Make the answer of the puzzle as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
import xlsxwriter

from presentation.plain_text import printable

FILE_NAME = "puzzel"
"""What the sheet is, in the names of files."""
_WIDEST = 44


def puzzle_sheet(table: pd.DataFrame, *, title: str, lines: Sequence[str]) -> bytes:
    """Give one sheet: a title, what is said of the answer, and its table, fit to one page wide.

    Args:
        table: with the heads and words that a reader sees; numbers stay numbers.
        title: of the sheet.
        lines: that stand above the table.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(title[:31])
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    strong = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#E3E9ED", "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    top = book.add_format({"valign": "top"})
    page.write_string(0, 0, printable(title, 120), strong)
    for row, line in enumerate(lines, start=1):
        page.write_string(row, 0, printable(line, 500))
    first = len(lines) + 2
    page.repeat_rows(first)
    page.freeze_panes(first + 1, 1)
    for column, name in enumerate(table.columns):
        values = list(table[name])
        page.write_string(first, column, printable(str(name), 80), head)
        longest = max([len(str(name)), *(len(str(value)) for value in values)])
        page.set_column(column, column, min(longest + 2, _WIDEST))
        for row, value in enumerate(values, start=first + 1):
            if isinstance(value, str):
                page.write_string(row, column, printable(value, 500), wrapped)
            else:
                page.write_number(row, column, float(value), top)
    book.close()
    return stream.getvalue()
