"""Write what became of a delivery as a workbook that can be sent back to the officer."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from data.plot_schema import SCHEMA
from data.vocabulary import highest_class
from geo.reading.columns import HEADERS
from geo.reading.result import Outcome, Reading, RowReport, Wanted
from geo.reference_system import system_name
from messages import Message, text
from presentation.plain_text import TEXT_LIMIT, printable

Extra = dict[tuple[str, int], list[str]]
"""More remarks, in words, by part and row."""

_LONG = 4 * TEXT_LIMIT
_LINE_PT = 13.5
_SIGNS = "=+-@|"


def delivery_report(
    reading: Reading, *, language: str, extra: Mapping[tuple[str, int], Sequence[str]] | None = None
) -> bytes:
    """Give a workbook (XLSX): what was read, one question a line, and what became of every row.

    Args:
        reading: what was understood of the file.
        language: "nl" or "en".
        extra: more remarks by part and row, in words.
    """
    stream = io.BytesIO()
    book = _workbook(stream)
    told = {
        (row.part, row.row): [
            *(message.text(language) for message in row.messages),
            *(extra or {}).get((row.part, row.row), []),
        ]
        for row in reading.rows
    }
    _write(book, text("deliver.sheet.summary", language), (), _summary(reading, language), (34, 90))
    questions = _questions(reading, told, language)
    question_keys = ("number", "part_name", "row", "name", "question", "answer")
    heads = [text(f"deliver.{key}", language) for key in question_keys]
    _write(
        book, text("deliver.sheet.questions", language), heads, questions, (6, 28, 7, 24, 80, 46),
        answers=True,
    )  # fmt: skip
    row_keys = ("part_name", "row", "name", "outcome", "messages")
    heads = [text(f"deliver.{key}", language) for key in row_keys]
    rows = [
        (r.part, r.row, r.name or "", text(f"deliver.outcome.{r.outcome}", language),
         " ".join(told[r.part, r.row]))
        for r in reading.rows
    ]  # fmt: skip
    _write(book, text("deliver.sheet.rows", language), heads, rows, (24, 7, 28, 22, 100))
    _class_on_paper(book, reading, language)
    book.close()
    return stream.getvalue()


def list_to_complete(reading: Reading, missing: Sequence[Wanted], *, language: str) -> bytes:
    """Give the rows that were not found as a workbook that can be completed and delivered again.

    Args:
        reading: of the list.
        missing: the rows that were not found.
        language: "nl" or "en", of the explanation; headers are those of the template.
    """
    names = {(row.part, row.row): row.name for row in reading.rows}
    said = {(row.part, row.row): row.messages for row in reading.rows}
    heads = [*(HEADERS[c][0] for c in ("name", "cadastral_number", "address")), "wkt",
             text("deliver.row", language), text("deliver.messages", language)]  # fmt: skip
    rows = []
    for one in missing:
        why = " ".join(m.text(language) for m in said.get((one.part, one.row), ()))
        parcel = one.key if one.kind == "parcel" else ""
        address = one.key if one.kind == "address" else ""
        rows.append((names.get((one.part, one.row)) or "", parcel, address, "", one.row, why))
    stream = io.BytesIO()
    book = _workbook(stream)
    _write(book, "plekken", heads, rows, (28, 22, 40, 40, 7, 80))
    _class_on_paper(book, reading, language)
    book.close()
    return stream.getvalue()


def _class_on_paper(book: xlsxwriter.Workbook, reading: Reading, language: str) -> None:
    """Write on each printed page who may read it, and which page it is."""
    found = text(f"vocabulary.Confidentiality.{_class_of(reading)}", language)
    words = f"{text('deliver.summary.class', language)}: {found}"
    for sheet in book.worksheets():
        # in headers an ampersand starts a code
        sheet.set_header("&R" + words.replace("&", "&&"))
        sheet.set_footer("&R&P / &N")


def _workbook(stream: io.BytesIO) -> xlsxwriter.Workbook:
    # What a file of others says is never a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(stream, options)
    # Without a fixed moment of making, the same delivery would give other bytes.
    book.set_properties({"author": "Locatiewijzer", "created": dt.datetime(2000, 1, 1)})
    return book


def _write(
    book: xlsxwriter.Workbook,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[int],
    *,
    answers: bool = False,
) -> None:
    """Write a sheet; ``answers`` says that its last column is for the reader to fill in."""
    sheet = book.add_worksheet(name)
    common = {"text_wrap": True, "valign": "top", "align": "left", "font_name": "Arial",
              "font_size": 10}  # fmt: skip
    head_form = book.add_format(common | {"bold": True, "bottom": 1, "bg_color": "#EDEDED"})
    bold = book.add_format(common | {"bold": True})
    line_below = {"bottom": 4, "bottom_color": "#9A9A9A"} if heads else {}
    plain = book.add_format(common | line_below)
    to_fill = book.add_format(
        common | {"border": 1, "border_color": "#9A9A9A", "bg_color": "#FFF9E5"}
    )
    # a text that looks like a formula stays a text, in what is saved from the workbook too
    quoted = book.add_format(common | line_below | {"quote_prefix": True})
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, head_form)
    for line, row in enumerate(rows, start=bool(heads)):
        shown = [
            cell if isinstance(cell, int) else printable(cell, _LONG, any_letter=True)
            for cell in row
        ]
        # no program that opens the sheet but Excel makes a row as high as its text
        lines = max(math.ceil(len(str(c)) * 1.1 / w) for c, w in zip(shown, widths, strict=True))
        sheet.set_row(line, _LINE_PT * max(1, min(lines, 25)))
        for place, cell in enumerate(shown):
            if answers and place == len(shown) - 1:
                sheet.write_blank(line, place, None, to_fill)
                continue
            if isinstance(cell, int):
                sheet.write_number(line, place, cell, plain)
                continue
            form = quoted if cell[:1] in _SIGNS and cell else plain
            sheet.write_string(line, place, cell, bold if place == 0 and not heads else form)
    if heads:
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _summary(reading: Reading, language: str) -> list[tuple[str, Any]]:
    """Say what was read: file, counts, classes, system, parts and columns."""

    def said(key: str) -> str:
        return text(f"deliver.summary.{key}", language)

    lines: list[tuple[str, Any]] = [
        (said("title"), said("how")),
        (said("file"), reading.file_name),
        (said("sha"), reading.sha256),
        (said("class"), text(f"vocabulary.Confidentiality.{_class_of(reading)}", language)),
        (said("rows"), len(reading.rows)),
    ]
    for outcome in Outcome:
        name = text(f"deliver.outcome.{outcome}", language)
        lines.append((text("deliver.summary.outcome", language, name=name), reading.count(outcome)))
    for one, count in reading.classes.items():
        name = text(f"vocabulary.Confidentiality.{one}", language)
        lines.append((text("deliver.summary.plots", language, name=name), count))
    if reading.refused is not None:
        lines.append((said("refused"), reading.refused.text(language)))
    if reading.system:
        system = system_name(reading.system)
        shown = system.text(language) if isinstance(system, Message) else system
        why = " ".join(message.text(language) for message in reading.system_evidence)
        lines.append((said("system"), f"{shown}. {why}"))
    for part in reading.parts if len(reading.parts) > 1 else ():
        why = text("deliver.summary.taken", language)
        if part.why is not None:
            why = part.why.text(language)
        lines.append((said("part"), f"{part.name} ({part.rows}): {why}"))
    lines += [(said("remark"), message.text(language)) for message in reading.messages]
    for header, column in reading.columns.items():
        meaning = text(f"deliver.field.{column}" if column else "deliver.columns.skip", language)
        lines.append((said("column"), f"{header} \u2192 {meaning}"))
    return lines


def _class_of(reading: Reading) -> str:
    """Give the class of what is written of a delivery: that of its most confidential plot.

    Rows that became no plot have no class, so they count as confidential.
    """
    whole = reading.plots is not None and len(reading.plots) == len(reading.rows)
    return str(highest_class(reading.classes if whole else [None]))


def _questions(
    reading: Reading, told: Mapping[tuple[str, int], Sequence[str]], language: str
) -> list[tuple[Any, ...]]:
    """Give one question a line, with room for its answer: of the file, then of each row."""
    lines = [("", "", "", text(f"read.question.{key}", language)) for key in reading.questions]
    for column in [c.key for c in SCHEMA if c.asked] if reading.rows else ():
        if column not in reading.columns.values():
            field = text(f"deliver.field.{column}", language)
            lines.append(("", "", "", text("deliver.question.missing", language, field=field)))
    for row in reading.rows:
        lines += [_asked(row, remark) for remark in told[row.part, row.row]]
    return [(place, *line, "") for place, line in enumerate(lines, start=1)]


def _asked(row: RowReport, remark: str) -> tuple[Any, ...]:
    return row.part, row.row, row.name or "", remark
