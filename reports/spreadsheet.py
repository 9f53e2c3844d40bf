"""Make the spreadsheet: the ranking, live weights, measured values and sources.

On the sheet with weights the totals are formulas over cells, so that a council member can try
another weight without the app; with the weights of the kader they give the numbers of the app.
"""

from __future__ import annotations

import datetime
import io
import math
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from data.plot_schema import SCHEMA, ColumnType
from messages import text
from presentation import symbols
from presentation.numbers import day
from presentation.plain_text import TEXT_LIMIT, printable
from presentation.plot_columns import column_label, column_value
from presentation.words import class_label, kind_label, word
from reports.content import Content
from scoring.kader import Criterion

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet may take a text for a formula when it is copied or saved as CSV."""

_A3, _A4 = 8, 9
_WIDEST_ON_A4 = 260.0
_HIGHEST_ROW = 400
_HEADING_ROWS = 5


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
    maker.measured()
    maker.facts()
    maker.sources()
    book.close()
    return stream.getvalue()


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
        self.widths: dict[Any, list[float]] = {}
        self.heights: dict[tuple[Any, int], int] = {}
        plain = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.formats: dict[str, Any] = {
            "text": book.add_format(plain),
            "wrap": book.add_format(plain | {"text_wrap": True}),
            "quoted": book.add_format(plain | {"quote_prefix": True}),
            "title": book.add_format(plain | {"bold": True, "font_size": 14}),
            "class": book.add_format(plain | {"bold": True, "font_color": "#7F0000"}),
            "head": book.add_format(
                plain
                | {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EDEDED", "locked": 1}
            ),
            "score": book.add_format(plain | {"num_format": "0.0##"}),
            "share": book.add_format(plain | {"num_format": "0.0%"}),
            "number": book.add_format(plain | {"num_format": "#,##0.##"}),
            "whole": book.add_format(plain | {"num_format": "0"}),
            "unknown": book.add_format(plain | {"italic": True, "font_color": "#666666"}),
            "input": book.add_format(
                plain | {"num_format": "0.0%", "bg_color": "#FFF8D6", "border": 1, "bold": True}
            ),
        }

    def say(self, key: str, **values: Any) -> str:
        """Give a text of this domain."""
        return text(f"reports.sheet.{key}", self.language, **values)

    def sheet(self, name_key: str, widths: list[float]) -> Any:
        """Add a sheet with the heading that all have: title, class, day, kader."""
        page = self.book.add_worksheet(self.say(name_key)[:31])
        self.widths[page] = widths
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.set_landscape()
        page.set_paper(_A4 if sum(widths) <= _WIDEST_ON_A4 else _A3)
        page.fit_to_pages(1, 0)
        if name_key in ("ranking", "measured"):
            page.repeat_rows(_HEADING_ROWS)
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
        page.write_string(2, 0, fixed, self.formats["text"])
        made = self.say("made_on", date=day(self.content.date, self.language))
        if self.content.snapshot:
            made += " · " + self.say("snapshot", number=printable(self.content.snapshot))
        page.write_string(3, 0, made, self.formats["text"])
        return page

    def put(self, page: Any, row: int, column: int, value: object, style: str = "text") -> None:
        """Write a value: a text as text whatever it begins with, an unknown as the word for it."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            page.write_string(
                row, column, text("frame.unknown", self.language), self.formats["unknown"]
            )
        elif isinstance(value, int | float):
            page.write_number(row, column, value, self.formats[style])
        else:
            words = printable(value, TEXT_LIMIT, any_letter=True)
            if style == "wrap":
                self.fit(page, row, column, words)
            if words.startswith(_DANGEROUS):
                style = "quoted"
            page.write_string(row, column, words, self.formats[style])

    def fit(self, page: Any, row: int, column: int, words: str) -> None:
        """Make a row high enough for a text that wraps: not every program does so itself."""
        lines = math.ceil(1.15 * len(words) / self.widths[page][column])
        if lines > self.heights.get((page, row), 1):
            self.heights[page, row] = lines
            page.set_row(row, min(13 * lines + 2, _HIGHEST_ROW))

    def name(self, plot: str) -> str:
        """Give the name of a plot, or its number where it has none."""
        return printable(self.content.plots.at[plot, "name"], any_letter=True) or plot

    def ranking(self) -> None:
        """Write the ranking with the numbers of the app: totals of 0 to 100."""
        heads = (
            *("rank", "name", "municipality", "low", "high", "area", "owner", "state"),
            *("confidentiality", "limits", "unknown_criteria", "next_actor"),
        )
        page = self.sheet("ranking", [7, 34, 20, 11, 11, 12, 16, 14, 16, 44, 44, 22])
        row = _HEADING_ROWS
        for column, head in enumerate(heads):
            page.write_string(row, column, self.say("head_" + head), self.formats["head"])
        content, ranking = self.content, self.content.ranking
        labels = [self.label_of(criterion) for criterion in content.criteria]
        for place, (plot, rank) in enumerate(zip(content.plots.index, content.ranks, strict=True)):
            row += 1
            facts = content.plots.iloc[place]
            missing = [
                label
                for label, unknown in zip(labels, ranking.measured.unknown[place], strict=True)
                if unknown
            ]
            self.put(page, row, 0, rank, "whole")
            self.put(page, row, 1, self.name(plot))
            self.put(page, row, 2, facts.get("municipality"))
            self.put(page, row, 3, float(ranking.lower[place]), "score")
            self.put(page, row, 4, float(ranking.upper[place]), "score")
            self.put(page, row, 5, round(float(facts.geometry.area), 1), "number")
            for column, (field, names) in enumerate(
                (
                    ("owner_kind", "OwnerKind"),
                    ("state", "PlotState"),
                    ("confidentiality", "Confidentiality"),
                ),
                6,
            ):
                self.put(page, row, column, word(names, facts.get(field), self.language))
            told = "; ".join(
                f"{word('LimitOutcome', line.outcome, self.language)}: "
                f"{line.reason.text(self.language)}"
                for line in content.limits_of(plot)
            )
            self.put(page, row, 9, told or self.say("no_limits"), "wrap")
            self.put(page, row, 10, ", ".join(missing) or self.say("nothing_unknown"), "wrap")
            self.put(page, row, 11, facts.get("next_actor"))
        page.freeze_panes(_HEADING_ROWS + 1, 2)
        page.autofilter(_HEADING_ROWS, 0, max(row, _HEADING_ROWS + 1), len(heads) - 1)
        self._colour_scores(page, _HEADING_ROWS + 1, row, 3)

    def label_of(self, criterion: Criterion) -> str:
        """Give the name of a criterion."""
        return text(f"scoring.criterion.{criterion.key}", self.language)

    def weights(self) -> None:
        """Write weights as cells and totals as formulas over them.

        Each criterion has its lowest score and, further to the right, its highest: they differ
        where a value is not, or not wholly, known.
        """
        content, ranking = self.content, self.content.ranking
        count = len(content.criteria)
        page = self.sheet("weights", [34, 11, 11, 9, 11, 11] + [12.0] * (2 * count))
        head, weight_row = _HEADING_ROWS + 1, _HEADING_ROWS + 2
        first_low, first_high = 6, 6 + count
        page.write_string(_HEADING_ROWS - 1, 0, self.say("weights_note"), self.formats["text"])
        page.write_string(head, 0, self.say("head_name"), self.formats["head"])
        page.write_string(weight_row, 0, self.say("weight"), self.formats["head"])
        for offset, name in enumerate(("low", "high", "rank", "app_low", "app_high"), 1):
            page.write_string(head, offset, self.say("head_" + name), self.formats["head"])
        for place, criterion in enumerate(content.criteria):
            label = self.label_of(criterion)
            share = ranking.weights[criterion.key]
            page.write_string(
                head, first_low + place, self.say("lowest", name=label), self.formats["head"]
            )
            page.write_string(
                head, first_high + place, self.say("highest", name=label), self.formats["head"]
            )
            page.write_number(weight_row, first_low + place, share, self.formats["input"])
        page.data_validation(
            weight_row,
            first_low,
            weight_row,
            first_low + max(count, 1) - 1,
            {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_title": self.say("weight")[:32],
                "error_message": self.say("weight_error")[:255],
            },
        )
        first, last = weight_row + 1, weight_row + len(content.plots)
        weights = self._row_range(weight_row, first_low, count, fixed_row=True)
        for place, (plot, rank) in enumerate(zip(content.plots.index, content.ranks, strict=True)):
            row = first + place
            self.put(page, row, 0, self.name(plot))
            for column in range(count):
                low = float(ranking.measured.score_low[place, column])
                high = float(ranking.measured.score_high[place, column])
                self.put(page, row, first_low + column, low, "score")
                self.put(page, row, first_high + column, high, "score")
            lowest = self._row_range(row, first_low, count)
            highest = self._row_range(row, first_high, count)
            lower, upper = float(ranking.lower[place]), float(ranking.upper[place])
            self._formula(
                page, row, 1, f"=100*SUMPRODUCT({weights},{lowest})/SUM({weights})", lower, "score"
            )
            self._formula(
                page, row, 2, f"=100*SUMPRODUCT({weights},{highest})/SUM({weights})", upper, "score"
            )
            totals = f"$B${first + 1}:$B${last + 1}"
            # rounded, as sums that are equal differ in their last digits
            self._formula(
                page,
                row,
                3,
                f"=1+SUMPRODUCT(--(ROUND({totals},9)>ROUND($B{row + 1},9)))",
                float(rank),
                "whole",
            )
            self.put(page, row, 4, lower, "score")
            self.put(page, row, 5, upper, "score")
        page.freeze_panes(weight_row + 1, 1)
        self._colour_scores(page, first, last, 1)

    @staticmethod
    def _row_range(row: int, column: int, count: int, *, fixed_row: bool = False) -> str:
        mark = "$" if fixed_row else ""
        first, last = xl_col_to_name(column), xl_col_to_name(column + count - 1)
        return f"${first}{mark}{row + 1}:${last}{mark}{row + 1}"

    def measured(self) -> None:
        """Write what was measured, each criterion in its own unit, lower and upper end."""
        content, measured = self.content, self.content.ranking.measured
        page = self.sheet("measured", [34] + [15.0] * (2 * len(content.criteria)))
        page.write_string(_HEADING_ROWS, 0, self.say("head_name"), self.formats["head"])
        for place, criterion in enumerate(content.criteria):
            unit = text(f"reports.unit.{criterion.unit}", self.language)
            label = self.label_of(criterion) + (f" ({unit})" if unit else "")
            for offset, key in enumerate(("lowest", "highest")):
                page.write_string(
                    _HEADING_ROWS,
                    1 + 2 * place + offset,
                    self.say(key, name=label),
                    self.formats["head"],
                )
        lowest = measured.value_low.to_numpy(dtype=float)
        highest = measured.value_high.to_numpy(dtype=float)
        for place, plot in enumerate(content.plots.index):
            row = _HEADING_ROWS + 1 + place
            self.put(page, row, 0, self.name(plot))
            for column in range(len(content.criteria)):
                low = float(lowest[place, column])
                high = float(highest[place, column])
                self.put(page, row, 1 + 2 * column, low, "number")
                self.put(page, row, 2 + 2 * column, high, "number")
        page.freeze_panes(_HEADING_ROWS + 1, 1)

    def facts(self) -> None:
        """Write what is known of each plot, a column for each that these readers may see."""
        plots = self.content.plots
        columns = [column for column in SCHEMA if column.key in plots]
        page = self.sheet("facts", [34.0] + [20.0] * (len(columns) - 1))
        for place, column in enumerate(columns):
            label = column_label(column.key, self.language)
            page.write_string(_HEADING_ROWS, place, label, self.formats["head"])
        for row, (_, plot) in enumerate(plots.iterrows(), start=_HEADING_ROWS + 1):
            for place, column in enumerate(columns):
                value = plot[column.key]
                if column.type is ColumnType.NUMBER:
                    self.put(page, row, place, float(value), "number")
                else:
                    said = column_value(column.key, value, self.language)
                    self.put(page, row, place, said, "wrap")
        page.freeze_panes(_HEADING_ROWS + 1, 1)

    def sources(self) -> None:
        """Write where rules and data come from, and which versions of them were used."""
        content = self.content
        page = self.sheet("sources", [38, 18, 14, 90])
        row = _HEADING_ROWS
        for column, head in enumerate(("criterion", "group", "weight", "source")):
            page.write_string(row, column, self.say("head_" + head), self.formats["head"])
        for criterion in content.criteria:
            row += 1
            self.put(page, row, 0, self.label_of(criterion))
            self.put(page, row, 1, word("CriterionGroup", str(criterion.group), self.language))
            self.put(page, row, 2, content.ranking.weights[criterion.key], "share")
            self.put(page, row, 3, criterion.source, "wrap")
        row += 2
        page.write_string(row, 0, self.say("head_data"), self.formats["head"])
        page.write_string(row, 1, self.say("head_version"), self.formats["head"])
        for name, version in sorted(content.data_versions.items()):
            row += 1
            self.put(page, row, 0, name)
            self.put(page, row, 1, version)
        for line_of_source in content.sources:
            row += 1
            self.put(page, row, 0, line_of_source)
        row += 2
        self.put(page, row, 0, self.say("kader_hash"))
        self.put(page, row, 1, content.stamp.sha256)
        if content.stamp.reason:
            self.put(page, row + 1, 0, self.say("kader_reason"))
            self.put(page, row + 1, 1, content.stamp.reason)

    def _formula(
        self, page: Any, row: int, column: int, formula: str, value: float, style: str
    ) -> None:
        """Write a formula with the number of the app as its stored result."""
        stored = "" if math.isnan(value) else value
        page.write_formula(row, column, formula, self.formats[style], stored)

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
