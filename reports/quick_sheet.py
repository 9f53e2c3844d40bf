"""A worksheet of XlsxWriter that writes many plain cells quickly, byte for byte the same file.

XlsxWriter looks at each cell as if it might be anything, and at each formula for thirty functions
of late versions. A sheet of ten thousand plots is a million numbers and short texts, so these go a
shorter way here: a cell is kept as the end of its element, which is the same text for many cells
and nothing that Python has to look after. Whatever is something else goes the way of the library.
The tests hold the file against the one that the library makes by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

_escaped = XMLwriter()._escape_data
_LONGEST_TEXT = 16_000
"""The library cuts a text that a spreadsheet does not take; shorter than this it need not count."""


@functools.cache
def _named(column: int) -> str:
    return str(xl_col_to_name(column))


def number_formats(formats: Iterable[Format]) -> None:
    """Give formats the numbers that they have in the file, in this order.

    By itself the library numbers a format at the first cell that it writes out.
    """
    for look in formats:
        look._get_xf_index()


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet for ``Workbook.add_worksheet(name, QuickSheet)``.

    A format that is given to the methods of this class has to be numbered, see
    :func:`number_formats`.
    """

    def __init__(self) -> None:
        """Begin an empty sheet, as the library does."""
        super().__init__()
        self._ends: dict[tuple[str, int], str] = {}

    def write_words(self, row: int, column: int, words: str, look: Format) -> None:
        """Write a text as it is; most texts of a column are those of other rows too."""
        end = self._ends.get((words, look.xf_index))
        if end is None:
            if len(words) > _LONGEST_TEXT:
                raise ValueError(len(words))
            place = self.str_table._get_shared_string_index(words)
            end = f'" s="{look.xf_index}" t="s"><v>{place}</v></c>'
            self._ends[words, look.xf_index] = end
        else:
            self.str_table.count += 1
        self._reach(row, column, column)
        self.table[row][column] = end

    def write_numbers(
        self,
        row: int,
        column: int,
        numbers: Sequence[float | None],
        looks: Sequence[Format],
    ) -> None:
        """Write finite numbers beside each other from a cell on; nothing where there is None."""
        self._reach(row, column, column + len(numbers) - 1)
        cells = self.table[row]
        for place, (number, look) in enumerate(zip(numbers, looks, strict=True), column):
            if number is not None:
                cells[place] = f'" s="{look.xf_index}"><v>{number:.16G}</v></c>'

    def write_plain_formula(
        self, row: int, column: int, formula: str, look: Format, value: float | str
    ) -> None:
        """Write a formula of functions that every version knows, without its sign of equality.

        Its value is a number, or an empty text where it has none.
        """
        self._reach(row, column, column)
        self.table[row][column] = (
            f'" s="{look.xf_index}"><f>{_escaped(formula)}</f><v>{value}</v></c>'
        )

    def _reach(self, row: int, first: int, last: int) -> None:
        """Make room for cells of a row; most lie between cells that are there already."""
        if (
            self.dim_rowmin is not None
            and self.dim_rowmin <= row <= self.dim_rowmax
            and self.dim_colmin <= first
            and last <= self.dim_colmax
        ):
            return
        if self._check_dimensions(row, first) or self._check_dimensions(row, last):
            raise ValueError(row, first, last)

    def _write_rows(self) -> None:
        self._calculate_spans()
        write = self.fh.write
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, about = self.table[row], self.row_info.get(row)
            span = self.row_spans.get(row // 16)
            if not cells:
                if about is not None or row in self.comments:
                    self._write_empty_row(row, span, about)
                continue
            self._write_row(row, span, about)
            for column in sorted(cells):
                cell = cells[column]
                if cell.__class__ is str:
                    write(f'<c r="{_named(column)}{row + 1}{cell}')
                else:
                    self._write_cell(row, column, cell)
            self._xml_end_tag("row")

    def _calculate_spans(self) -> None:
        if self.comments:
            super()._calculate_spans()
            return
        # the first and last column of every sixteen rows, from the rows instead of cell by cell
        ends: dict[int, list[int]] = {}
        for row, cells in self.table.items():
            if cells:
                ends.setdefault(row // 16, []).extend((min(cells), max(cells)))
        self.row_spans = {
            block: f"{min(found) + 1}:{max(found) + 1}" for block, found in sorted(ends.items())
        }
