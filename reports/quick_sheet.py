"""A worksheet of XlsxWriter that writes many plain cells quickly, byte for byte the same file.

XlsxWriter looks at each cell as if it might be anything, and at each formula for thirty functions
of late versions. A sheet of ten thousand plots is a million numbers and short texts, so these go a
shorter way here; whatever is something else goes the way of the library. The tests hold the file
against the one that the library makes by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

_LATE_FUNCTIONS = "_xlfn."
"""What tells the library that a formula is written as the file wants it."""


@functools.cache
def _named(column: int) -> str:
    return str(xl_col_to_name(column))


class QuickSheet(Worksheet):  # type: ignore[misc]
    """A worksheet for ``Workbook.add_worksheet(name, QuickSheet)``."""

    def write_numbers(
        self, row: int, column: int, numbers: Sequence[float | None], look: Format
    ) -> None:
        """Write finite numbers beside each other from a cell on; nothing where there is None."""
        if self._check_dimensions(row, column + len(numbers) - 1):
            raise ValueError(row, column)
        self._check_dimensions(row, column)
        cells = self.table[row]
        for place, number in enumerate(numbers, column):
            if number is not None:
                cells[place] = CellNumberTuple(number, look)

    def write_plain_formula(
        self, row: int, column: int, formula: str, look: Format, value: float | str
    ) -> None:
        """Write a formula of functions that every version knows, without its sign of equality."""
        self.write_formula(row, column, _LATE_FUNCTIONS, look, value)
        cells = self.table[row]
        cells[column] = cells[column]._replace(formula=formula)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind, look = cell.__class__, cell.format
        if look is not None and kind is CellNumberTuple:
            self.fh.write(
                f'<c r="{_named(col)}{row + 1}" s="{look._get_xf_index()}">'
                f"<v>{cell.number:.16G}</v></c>"
            )
        elif look is not None and kind is CellStringTuple and not self.constant_memory:
            self.fh.write(
                f'<c r="{_named(col)}{row + 1}" s="{look._get_xf_index()}" t="s">'
                f"<v>{cell.string}</v></c>"
            )
        else:
            super()._write_cell(row, col, cell)

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
