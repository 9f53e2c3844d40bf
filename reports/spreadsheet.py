"""Make the spreadsheet: the ranking, live weights, measured values and sources.

On the sheet with weights the totals are formulas over cells, so that a council member can try
another weight without the app; with the weights of the kader they give the numbers of the app.
"""

from __future__ import annotations

import datetime
import functools
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from data.loader import resource_info
from data.plot_schema import BY_KEY, SCHEMA, ColumnType, PlotColumn
from data.translated import in_language
from messages import text
from presentation import symbols
from presentation.numbers import day
from presentation.plain_text import FORMULA_SIGNS, TEXT_LIMIT, printable
from presentation.plot_columns import column_label, column_value
from presentation.words import class_label, kind_label, word
from reports.content import Content
from reports.drawing.canvas import wrapped
from reports.quick_sheet import QuickSheet, number_formats
from scoring.kader import Criterion

_A3, _A4 = 8, 9
_A4_PT, _SIDE_INCHES = 842.0, 0.25
_SMALLEST_ON_A4 = 0.7
"""Letters of 10 pt on screen are no smaller than this on an ordinary sheet of paper."""
_NAME_WIDE, _SCORE_WIDE, _VALUE_WIDE = 26.0, 5.6, 7.0
_FACT_WIDE = {ColumnType.NUMBER: 8.0, ColumnType.DATE: 11.5, ColumnType.BOOLEAN: 11.0}
_WORDS_WIDE = (9.0, 16.0)
_HIGHEST_HEAD = 220
_HIGHEST_ROW = 400
_FIRST_YEAR = 1900
_RANKING_FACTS = ("owner_kind", "state", "confidentiality", "available_from", "next_actor")
"""The columns of a plot beside its rank; what they are called stands in the schema."""
_HEADING_ROWS = 5
Written = str | float | datetime.date | None
"""What a cell says: a text, a number, a day, or that something is not known."""
_BAND_COLUMNS = 4
"""So many columns are wide enough for the warning that plots are made up."""


def spreadsheet(content: Content, *, language: str = "nl") -> bytes:
    """Make an XLSX of the ranking.

    Args:
        content: what the readers may see, see :func:`reports.content.content_of`.
        language: "nl" or "en".

    Returns:
        The bytes of the file; the same content gives the same bytes.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    label = class_label(content.confidentiality, language)
    title = text("reports.sheet.title", language, kind=kind_label(content.kader.kind, language))
    # Without a fixed moment of making, two runs would differ.
    book.set_properties(
        {
            "title": title,
            "subject": label,
            "keywords": printable(content.snapshot),
            "author": "Locatiewijzer",
            "created": datetime.datetime.combine(content.date, datetime.time(12)),
        }
    )
    book.set_custom_property(text("reports.sheet.class", language), label)
    maker = _Sheets(book, content, language, title, label)
    maker.ranking()
    maker.weights()
    maker.scores()
    maker.measured()
    maker.facts()
    maker.sources()
    book.close()
    return stream.getvalue()


@functools.lru_cache(maxsize=20_000)
def lines_of(words: str, width: float) -> int:
    """Give how many lines a text takes in a column of so many letters, broken at words.

    >>> lines_of("kort", 10), lines_of("een twee drie", 9), lines_of("x" * 25, 10)
    (1, 2, 3)
    """
    # most letters of Arial are narrower than the figure by which a column is measured
    return max(len(list(wrapped(words, max(int(1.05 * width) - 1, 1)))), 1)


@functools.lru_cache(maxsize=20_000)
def _written(words: str) -> tuple[str, bool]:
    """Give a text as it is written in a cell, and whether it could be taken for a formula."""
    written = printable(words, TEXT_LIMIT, any_letter=True)
    return written, written.startswith(FORMULA_SIGNS)


@functools.lru_cache(maxsize=20_000)
def _said(key: str, value: str | bool, language: str) -> str:
    return column_value(key, value, language)


def _pixels(width: float) -> float:
    """Give how wide a column of so many figures is, in pixels of a 96th of an inch."""
    return 7 * width + 5


def _height_turned(words: str, width: float) -> int:
    """Give the points that a bold text takes that runs upward in a column of so many figures."""
    most = max(int(0.75 * _pixels(width) / 13), 1)
    letters = next(n for n in range(1, len(words) + 2) if len(list(wrapped(words, n))) <= most)
    longest = max((len(part) for part in words.split()), default=0)
    return min(int(6.8 * max(letters, longest)) + 12, _HIGHEST_HEAD)


class _Sheets:
    """The sheets of one workbook, which share their formats and their heading."""

    def __init__(
        self, book: xlsxwriter.Workbook, content: Content, language: str, title: str, label: str
    ) -> None:
        self.book = book
        self.content = content
        self.language = language
        self.title = title
        self.label = label
        self.unknown = text("frame.unknown", language)
        self.names = {
            plot: _written(name if isinstance(name, str) else "")[0] or str(plot)
            for plot, name in content.plots["name"].items()
        }
        self.widths: dict[Any, list[float]] = {}
        self.heights: dict[tuple[Any, int], int] = {}
        plain = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.formats: dict[str, Any] = {
            "text": book.add_format(plain | {"align": "left", "indent": 1}),
            "wrap": book.add_format(plain | {"text_wrap": True, "align": "left", "indent": 1}),
            "quoted": book.add_format(plain | {"quote_prefix": True}),
            "line": book.add_format(plain),
            "title": book.add_format(plain | {"bold": True, "font_size": 14}),
            "fiction": book.add_format(
                plain | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#17242D"}
            ),
            "class": book.add_format(plain | {"bold": True, "font_color": "#7F0000"}),
            "head": book.add_format(
                plain
                | {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EDEDED", "locked": 1}
                | {"valign": "bottom"}
            ),
            "turned": book.add_format(
                plain
                | {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EDEDED"}
                | {"rotation": 90, "valign": "bottom", "align": "center"}
            ),
            "score": book.add_format(plain | {"num_format": "0.0"}),
            "part": book.add_format(plain | {"num_format": "0.00"}),
            "share": book.add_format(plain | {"num_format": "0.0%"}),
            "number": book.add_format(plain | {"num_format": "[>=100]#,##0;[=0]0;0.0#"}),
            "whole": book.add_format(plain | {"num_format": "#,##0"}),
            "date": book.add_format(plain | {"num_format": "d mmm yyyy", "align": "left"}),
            "note": book.add_format(plain | {"text_wrap": True, "italic": True}),
            "unknown": book.add_format(
                plain | {"italic": True, "font_color": "#666666", "align": "left", "indent": 1}
            ),
            "unknown_narrow": book.add_format(
                plain
                | {"italic": True, "font_color": "#666666", "font_size": 9}
                | {"text_wrap": True, "align": "right"}
            ),
            "input": book.add_format(
                plain | {"num_format": "0.0%", "bg_color": "#FFF8D6", "border": 1, "bold": True}
            ),
        }
        number_formats(self.formats.values())

    def say(self, key: str, **values: Any) -> str:
        """Give a text of this domain."""
        return text(f"reports.sheet.{key}", self.language, **values)

    def sheet(self, name_key: str, widths: list[float]) -> Any:
        """Add a sheet with the heading that all have: title, class, day, kader."""
        page = self.book.add_worksheet(self.say(name_key)[:31], QuickSheet)
        self.widths[page] = widths
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.set_landscape()
        wide_pt = 0.75 * sum(map(_pixels, widths))
        room_pt = _A4_PT - 2 * 72 * _SIDE_INCHES
        page.set_paper(_A4 if _SMALLEST_ON_A4 * wide_pt <= room_pt else _A3)
        page.fit_to_pages(1, 0)
        page.set_margins(left=_SIDE_INCHES, right=_SIDE_INCHES, top=0.75, bottom=0.6)
        # In headers an ampersand starts a code, so a text may not bring its own.
        page.set_header("&L" + self.title.replace("&", "&&") + "&R" + self.label.replace("&", "&&"))
        page.set_footer("&L" + self.label.replace("&", "&&") + "&R&P / &N")
        page.write_string(0, 0, self.title, self.formats["title"])
        page.write_string(1, 0, self.label, self.formats["class"])
        kader = self.content.stamp
        fixed = (
            self.say("kader_fixed", version=kader.version, date=day(kader.fixed_on, self.language))
            if kader.fixed_on and not self.content.exploration
            else self.say("kader_exploration", version=kader.version)
        )
        page.write_string(2, 0, fixed, self.formats["line"])
        made = self.say("made_on", date=day(self.content.date, self.language))
        if self.content.snapshot:
            made += " · " + self.say("snapshot", number=printable(self.content.snapshot))
        page.write_string(3, 0, made, self.formats["line"])
        # the title is higher than a row of a sheet is by itself
        page.set_row(0, 20)
        if self.content.fictional:
            for column in range(min(len(widths), _BAND_COLUMNS)):
                page.write_blank(4, column, None, self.formats["fiction"])
            page.write_string(4, 0, text("reports.fiction", self.language), self.formats["fiction"])
        return page

    def put(self, page: Any, row: int, column: int, value: Written, style: str = "text") -> None:
        """Write a value: a text as text whatever it begins with, an unknown as the word for it."""
        if isinstance(value, str):
            words, quoted = _written(value)
            if style in {"wrap", "unknown_narrow"}:
                self.fit(page, row, column, words)
            elif style == "over":
                # over all columns of a page
                lines = lines_of(words, sum(self.widths[page]))
                page.set_row(row, 13 * lines + 2)
                style = "wrap"
            page.write_words(row, column, words, self.formats["quoted" if quoted else style])
        elif value is None or (isinstance(value, float) and math.isnan(value)):
            page.write_words(row, column, self.unknown, self.formats["unknown"])
        elif isinstance(value, datetime.date):
            page.write_datetime(row, column, value, self.formats["date"])
        else:
            page.write_numbers(row, column, (value,), (self.formats[style],))

    def heads(self, page: Any, row: int, labels: Sequence[str], column: int = 0) -> None:
        """Write the names of columns, high enough for all of them, and repeat them on paper."""
        for place, label in enumerate(labels, column):
            self.fit(page, row, place, label)
            page.write_string(row, place, label, self.formats["head"])
        page.repeat_rows(row)

    def heads_turned(self, page: Any, row: int, labels: Sequence[str]) -> None:
        """Write the names of narrow columns upward, beside a wide first one; repeat them on paper.

        So forty columns of figures fit a page in letters that can be read.
        """
        self.heads(page, row, labels[:1])
        widths = self.widths[page]
        for place, label in enumerate(labels[1:], 1):
            page.write_string(row, place, label, self.formats["turned"])
        page.set_row(row, max(map(_height_turned, labels[1:], widths[1:]), default=16))

    def fit(self, page: Any, row: int, column: int, words: str) -> None:
        """Make a row high enough for a text that wraps: not every program does so itself."""
        lines = lines_of(words, self.widths[page][column])
        if lines > self.heights.get((page, row), 1):
            self.heights[page, row] = lines
            page.set_row(row, min(13 * lines + 2, _HIGHEST_ROW))

    def name(self, plot: str) -> str:
        """Give the name of a plot, or its number where it has none."""
        return self.names[plot]

    def ranking(self) -> None:
        """Write the ranking with the numbers of the app: totals of 0 to 100."""
        labelled = [column_label(key, self.language) for key in _RANKING_FACTS]
        heads = [
            *(self.say("head_" + key) for key in ("rank", "name", "municipality", "low", "high")),
            *(self.say("head_" + key) for key in ("area", "limits", "unknown_criteria")),
            *labelled,
        ]
        page = self.sheet("ranking", [7, 34, 20, 10, 10, 12, 46, 40] + [16.0] * len(labelled))
        row = _HEADING_ROWS
        self.heads(page, row, heads)
        content, ranking = self.content, self.content.ranking
        labels = [self.label_of(criterion) for criterion in content.criteria]
        areas = content.plots.geometry.area.round(1).tolist()
        columns = {
            key: content.plots[key].tolist() if key in content.plots else [None] * len(areas)
            for key in ("municipality", *_RANKING_FACTS)
        }
        for place, (plot, rank) in enumerate(zip(content.plots.index, content.ranks, strict=True)):
            row += 1
            missing = [
                label
                for label, unknown in zip(labels, ranking.measured.unknown[place], strict=True)
                if unknown
            ]
            self.put(page, row, 0, rank, "whole")
            self.put(page, row, 1, self.name(plot), "wrap")
            self.put(page, row, 2, columns["municipality"][place])
            self.put(page, row, 3, float(ranking.lower[place]), "score")
            self.put(page, row, 4, float(ranking.upper[place]), "score")
            self.put(page, row, 5, areas[place], "number")
            told = " ".join(
                f"{word('LimitOutcome', line.outcome, self.language)}: "
                f"{line.reason.text(self.language)}"
                for line in content.limits_of(plot)
            )
            self.put(page, row, 6, told or self.say("no_limits"), "wrap")
            self.put(page, row, 7, ", ".join(missing) or self.say("nothing_unknown"), "wrap")
            for column, key in enumerate(_RANKING_FACTS, 8):
                self.fact(page, row, column, BY_KEY[key], columns[key][place])
        page.freeze_panes(_HEADING_ROWS + 1, 2)
        page.autofilter(_HEADING_ROWS, 0, max(row, _HEADING_ROWS + 1), len(heads) - 1)
        self._colour_scores(page, _HEADING_ROWS + 1, row, 3)

    def label_of(self, criterion: Criterion) -> str:
        """Give the name of a criterion."""
        return text(f"scoring.criterion.{criterion.key}", self.language)

    def fact(self, page: Any, row: int, column: int, of: PlotColumn, value: Any) -> None:
        """Write what stands in a column of a plot: a number, a date that sorts, or words."""
        unknown = value is None or (not isinstance(value, str) and bool(pd.isna(value)))
        if unknown and of.type is ColumnType.NUMBER:
            self.put(page, row, column, self.unknown, "unknown_narrow")
        elif unknown:
            self.put(page, row, column, None)
        elif of.type is ColumnType.NUMBER:
            self.put(page, row, column, float(value), "number")
        elif of.type is ColumnType.DATE:
            moment = pd.Timestamp(value)
            if moment.year < _FIRST_YEAR:
                # a spreadsheet knows no day before 1900
                self.put(page, row, column, column_value(of.key, value, self.language))
            else:
                self.put(page, row, column, moment.date())
        else:
            self.put(page, row, column, _said(of.key, value, self.language), "wrap")

    def weights(self) -> None:
        """Write weights as cells beside totals that are formulas over them.

        Weights stand under each other on the left and the plots beside them, so that a hand that
        changes a weight sees the order change. The scores of criteria, lowest and highest where a
        value is not wholly known, have a sheet of their own.
        """
        content, ranking = self.content, self.content.ranking
        count = len(content.criteria)
        page = self.sheet("weights", [44, 11, 3, 42, 11, 11, 9, 11, 11])
        head, first = _HEADING_ROWS + 1, _HEADING_ROWS + 2
        page.merge_range(_HEADING_ROWS, 0, _HEADING_ROWS, 8, "", self.formats["note"])
        page.write_string(_HEADING_ROWS, 0, self.say("weights_note"), self.formats["note"])
        page.set_row(_HEADING_ROWS, 30)
        heads = ("name", "low", "high", "rank", "app_low", "app_high")
        self.heads(page, head, [self.say("head_criterion"), self.say("weight")])
        self.heads(page, head, [self.say("head_" + name) for name in heads], 3)
        for place, criterion in enumerate(content.criteria):
            self.put(page, first + place, 0, self.label_of(criterion))
            page.write_number(
                first + place, 1, ranking.weights[criterion.key], self.formats["input"]
            )
        if count:
            page.data_validation(
                first,
                1,
                first + count - 1,
                1,
                {
                    "validate": "decimal",
                    "criteria": ">=",
                    "value": 0,
                    "error_title": self.say("weight")[:32],
                    "error_message": self.say("weight_error")[:255],
                },
            )
        last = first + len(content.plots) - 1
        scores = "'" + self.say("scores")[:31].replace("'", "''") + "'!"
        weight_row = self._row_range(_HEADING_ROWS + 1, 1, count, fixed_row=True)
        for place, (plot, rank) in enumerate(zip(content.plots.index, content.ranks, strict=True)):
            row, there = first + place, _HEADING_ROWS + 2 + place
            self.put(page, row, 3, self.name(plot), "wrap")
            lower, upper = float(ranking.lower[place]), float(ranking.upper[place])
            for column, begin, value in ((4, 1, lower), (5, 1 + count, upper)):
                its = scores + self._row_range(there, begin, count)
                # rounded, as sums that are equal differ in their last digits
                self._formula(
                    page,
                    row,
                    column,
                    f"ROUND(100*SUMPRODUCT({scores}{weight_row},{its})/SUM({scores}{weight_row}),9)",
                    value,
                    "score",
                )
            self._formula(
                page,
                row,
                6,
                f"RANK($E{row + 1},$E${first + 1}:$E${last + 1})",
                float(rank),
                "whole",
            )
            self.put(page, row, 7, lower, "score")
            self.put(page, row, 8, upper, "score")
        page.freeze_panes(first, 0)
        self._colour_scores(page, first, last, 4)

    def scores(self) -> None:
        """Write the lowest and highest score of each criterion under the weights as they stand."""
        content, ranking = self.content, self.content.ranking
        count = len(content.criteria)
        page = self.sheet("scores", [_NAME_WIDE] + [_SCORE_WIDE] * (2 * count))
        labels = [self.label_of(criterion) for criterion in content.criteria]
        self.heads_turned(
            page,
            _HEADING_ROWS,
            [
                self.say("head_name"),
                *(self.say("lowest", name=label) for label in labels),
                *(self.say("highest", name=label) for label in labels),
            ],
        )
        page.write_string(_HEADING_ROWS + 1, 0, self.say("weight"), self.formats["head"])
        weights = "'" + self.say("weights")[:31].replace("'", "''") + "'!"
        for place, criterion in enumerate(content.criteria):
            cell = f"{weights}$B${_HEADING_ROWS + 3 + place}"
            for column in (1 + place, 1 + count + place):
                share = ranking.weights[criterion.key]
                self._formula(page, _HEADING_ROWS + 1, column, cell, share, "share")
        lowest, highest = ranking.measured.score_low, ranking.measured.score_high
        looks = [self.formats["part"]] * (2 * count)
        for place, plot in enumerate(content.plots.index):
            row = _HEADING_ROWS + 2 + place
            self.put(page, row, 0, self.name(plot), "wrap")
            numbers = [*lowest[place].tolist(), *highest[place].tolist()]
            page.write_numbers(row, 1, numbers, looks)
        page.freeze_panes(_HEADING_ROWS + 2, 1)

    @staticmethod
    def _row_range(row: int, column: int, count: int, *, fixed_row: bool = False) -> str:
        mark = "$" if fixed_row else ""
        first, last = xl_col_to_name(column), xl_col_to_name(column + count - 1)
        return f"${first}{mark}{row + 1}:${last}{mark}{row + 1}"

    def measured(self) -> None:
        """Write what was measured, each criterion in its own unit, lower and upper end."""
        content, measured = self.content, self.content.ranking.measured
        count = 2 * len(content.criteria)
        ends = np.stack([measured.value_low, measured.value_high], axis=-1, dtype=float)
        ends = ends.reshape(len(content.plots), count)
        known = np.nan_to_num(ends)
        whole = set(np.flatnonzero((known == np.rint(known)).all(axis=0)).tolist())
        longest = [len(f"{end:,.0f}") for end in np.abs(known).max(axis=0, initial=0.0)]
        widths = [_NAME_WIDE, *(max(_VALUE_WIDE, letters + 0.5) for letters in longest)]
        page = self.sheet("measured", widths)
        labels = [self.say("head_name")]
        for criterion in content.criteria:
            unit = text(f"reports.unit.{criterion.unit}", self.language)
            label = self.label_of(criterion) + (f" ({unit})" if unit else "")
            labels += [self.say(key, name=label) for key in ("lowest", "highest")]
        self.heads_turned(page, _HEADING_ROWS, labels)
        looks = [self.formats["whole" if column in whole else "number"] for column in range(count)]
        for place, plot in enumerate(content.plots.index):
            row = _HEADING_ROWS + 1 + place
            self.put(page, row, 0, self.name(plot), "wrap")
            values = [None if math.isnan(end) else end for end in ends[place].tolist()]
            page.write_numbers(row, 1, values, looks)
            for column, end in enumerate(values, start=1):
                if end is None:
                    self.put(page, row, column, self.unknown, "unknown_narrow")
        page.freeze_panes(_HEADING_ROWS + 1, 1)

    def facts(self) -> None:
        """Write what is known of each plot, a column for each that these readers may see."""
        plots = self.content.plots
        columns = [column for column in SCHEMA if column.key in plots]
        page = self.sheet("facts", [_NAME_WIDE, *map(self.width_of, columns[1:])])
        labels = [column_label(column.key, self.language) for column in columns]
        self.heads_turned(page, _HEADING_ROWS, labels)
        for place, column in enumerate(columns):
            for row, value in enumerate(plots[column.key].tolist(), start=_HEADING_ROWS + 1):
                self.fact(page, row, place, column, value)
        page.freeze_panes(_HEADING_ROWS + 1, 1)

    def width_of(self, column: PlotColumn) -> float:
        """Give a column of facts the figures that its longest word takes."""
        if column.type in _FACT_WIDE:
            return _FACT_WIDE[column.type]
        values = set(self.content.plots[column.key].dropna()) or {None}
        said = [self.unknown] + [_said(column.key, value, self.language) for value in values]
        # a text of one's own has room for more than its longest word
        parts = said if column.vocabulary is None else [p for one in said for p in one.split()]
        least, most = _WORDS_WIDE
        return min(max(1.6 + max(map(len, parts)), least), most)

    def sources(self) -> None:
        """Write where rules and data come from, and which versions of them were used."""
        content = self.content
        page = self.sheet("sources", [38, 18, 14, 90])
        row = _HEADING_ROWS
        heads = ("criterion", "group", "weight", "source")
        self.heads(page, row, [self.say("head_" + head) for head in heads])
        for criterion in content.criteria:
            row += 1
            self.put(page, row, 0, self.label_of(criterion))
            self.put(page, row, 1, word("CriterionGroup", str(criterion.group), self.language))
            self.put(page, row, 2, content.ranking.weights[criterion.key], "share")
            self.put(page, row, 3, in_language(criterion.source, self.language), "wrap")
        row += 2
        page.write_string(row, 0, self.say("head_data"), self.formats["head"])
        page.write_string(row, 1, self.say("head_version"), self.formats["head"])
        for name, version in sorted(content.data_versions.items()):
            row += 1
            self.put(page, row, 0, resource_info(name).title_in(self.language))
            self.put(page, row, 1, version)
        for line_of_source in content.source_lines(self.language):
            row += 1
            page.merge_range(row, 0, row, 3, "", self.formats["wrap"])
            self.put(page, row, 0, line_of_source, "over")
        row += 2
        self.put(page, row, 0, self.say("kader_hash"))
        self.put(page, row, 1, content.stamp.sha256)
        if content.kader.day is not None:
            row += 1
            self.put(page, row, 0, self.say("kader_day"))
            self.put(page, row, 1, day(content.kader.day, self.language))
        if content.stamp.reason:
            self.put(page, row + 1, 0, self.say("kader_reason"))
            self.put(page, row + 1, 1, content.stamp.reason)

    def _formula(
        self, page: Any, row: int, column: int, formula: str, value: float, style: str
    ) -> None:
        """Write a formula with the number of the app as its stored result."""
        stored = "" if math.isnan(value) else value
        page.write_plain_formula(row, column, formula, self.formats[style], stored)

    def _colour_scores(self, page: Any, first: int, last: int, column: int) -> None:
        """Colour totals as on the map, by rules, so that they follow the formulas."""
        if last < first:
            return
        bounds = (0.0, *symbols.SUITABILITY_BREAKS, 1.0001)
        for place, style in enumerate(symbols.SUITABILITY_CLASSES):
            look = self.book.add_format(
                {"bg_color": style.colour, "font_color": symbols.text_colour(style.colour)}
            )
            # Half of a billionth below a break is the break: see symbols.suitability_class.
            page.conditional_format(
                first,
                column,
                last,
                column,
                {
                    "type": "cell",
                    "criteria": "between",
                    "minimum": 100 * bounds[place] - 5e-8,
                    "maximum": 100 * bounds[place + 1] - 6e-8,
                    "format": look,
                },
            )
