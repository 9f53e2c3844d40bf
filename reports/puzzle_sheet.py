"""Make the answer of the puzzle as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import pandas as pd
import xlsxwriter

from presentation.plain_text import printable
from reports.spreadsheet import lines_of

FILE_NAME = "puzzel"
"""What the sheet is, in the names of files."""
_WIDEST = 44


def puzzle_sheet(
    table: pd.DataFrame,
    *,
    title: str,
    lines: Sequence[str],
    label: str,
    made: str,
    unknown: str,
    fiction: str = "",
) -> bytes:
    """Give one sheet: a title, what is said of the answer, and its table, fit to one page wide.

    Args:
        table: with the heads and words that a reader sees; numbers stay numbers.
        title: of the sheet.
        lines: that stand above the table.
        label: who may read it.
        made: when it was made, in words.
        unknown: what stands where a number is not known.
        fiction: the warning that plots are made up, where some are.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # without a fixed moment of making, the same answer would give other bytes
    moment = dt.datetime(2000, 1, 1)
    book.set_properties(
        {"title": title, "subject": label, "author": "Locatiewijzer", "created": moment}
    )
    page = book.add_worksheet(title[:31])
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    # in headers an ampersand starts a code
    page.set_header("&L" + title.replace("&", "&&") + "&R" + label.replace("&", "&&"))
    page.set_footer("&L" + made.replace("&", "&&") + "&R&P / &N")
    plain = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    strong = book.add_format(plain | {"bold": True, "font_size": 14})
    warned = book.add_format(plain | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#17242D"})
    classed = book.add_format(plain | {"bold": True, "font_color": "#7F0000"})
    head = book.add_format(
        plain | {"bold": True, "bg_color": "#E3E9ED", "text_wrap": True, "bottom": 1}
    )
    words = book.add_format(plain | {"text_wrap": True, "align": "left", "indent": 1})
    line_of = book.add_format(plain)
    figures = book.add_format(plain | {"num_format": "[>=100]#,##0;[=0]0;0.##"})
    whole = book.add_format(plain | {"num_format": "#,##0"})
    page.write_string(0, 0, printable(title, 120), strong)
    page.write_string(1, 0, printable(label, 120), classed)
    said = [made, *lines]
    for row, line in enumerate(said, start=2):
        page.write_string(row, 0, printable(line, 500), line_of)
    first = len(said) + 3
    if fiction:
        for column in range(len(table.columns)):
            page.write_blank(first - 1, column, None, warned)
        page.write_string(first - 1, 0, fiction, warned)
    page.repeat_rows(first)
    page.freeze_panes(first + 1, 1)
    heights = [1] * (len(table) + 1)
    for column, name in enumerate(table.columns):
        values = [v if isinstance(v, str) or not pd.isna(v) else unknown for v in table[name]]
        numbers = [value for value in values if not isinstance(value, str)]
        look = whole if all(value == round(value) for value in numbers) else figures
        longest_word = max(map(len, str(name).split()), default=0) + 3
        longest = max([longest_word, *(len(str(v)) + 3 for v in values if isinstance(v, str))])
        width = min(max(longest, 9), _WIDEST)
        page.set_column(column, column, width)
        page.write_string(first, column, printable(str(name), 80), head)
        heights[0] = max(heights[0], lines_of(str(name), 0.85 * width))
        for place, value in enumerate(values, start=1):
            if isinstance(value, str):
                told = printable(value, 500)
                heights[place] = max(heights[place], lines_of(told, width))
                page.write_string(first + place, column, told, words)
            else:
                page.write_number(first + place, column, float(value), look)
    for place, high in enumerate(heights):
        page.set_row(first + place, 13 * high + 2)
    book.close()
    return stream.getvalue()
