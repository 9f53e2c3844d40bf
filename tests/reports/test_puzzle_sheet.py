"""The sheet of the puzzle says who may read it, and what is not known, in plain words."""

import io

import openpyxl
import pandas as pd

from reports.puzzle_sheet import puzzle_sheet


def test_the_sheet_says_its_class_its_day_and_what_is_not_known():
    table = pd.DataFrame(
        {
            "Plek": ["=1+1", "Weiland"],
            "Plaatsen": [1409, 355],
            "Maanden tot eerste dag": [None, 3.1],
            "Grenzen": ["procedure nodig: de bestemming staat opvang niet toe. " * 4, ""],
        }
    )
    made = puzzle_sheet(
        table,
        title="De puzzel",
        lines=["2 plekken", "waarde"],
        label="VERTROUWELIJK: alleen voor het team",
        made="Gemaakt op 24 november 2026",
        unknown="niet bekend",
        fiction="VOORBEELD",
    )
    (sheet,) = openpyxl.load_workbook(io.BytesIO(made)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[:6]] == [
        *("De puzzel", "VERTROUWELIJK: alleen voor het team", "Gemaakt op 24 november 2026"),
        *("2 plekken", "waarde", "VOORBEELD"),
    ]
    assert rows[6] == list(table.columns)
    assert rows[7][:3] == ["=1+1", 1409, "niet bekend"] and rows[8][1:3] == [355, 3.1]
    assert sheet["A8"].data_type == "s"
    assert "VERTROUWELIJK" in sheet.oddHeader.right.text and sheet.print_title_rows == "$7:$7"
    # a reason is whole on paper
    wide = sheet.column_dimensions["D"].width
    assert sheet.row_dimensions[8].height >= 12 * len(rows[7][3]) / (1.25 * wide)
