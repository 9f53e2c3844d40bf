"""The report of a delivery can be sent back: all rows, one question a line, nothing that runs."""

import io

import openpyxl
import shapely

from geo.reading.read import read_file
from reports.delivery_report import delivery_report, list_to_complete

BOX = shapely.box(136_000, 455_000, 136_100, 455_080).wkt


def reading_of(tmp_path, text):
    path = tmp_path / "lijst.csv"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def table(sheet):
    return [[cell if cell is not None else "" for cell in row] for row in sheet.values]


def test_a_report_says_what_was_read_and_asks_one_question_a_line(tmp_path):
    reading = reading_of(
        tmp_path,
        f'naam;wkt;openbaarheid;eigenaar\n=1+1;"{BOX}";ja;niet gemeente\nb;;openbaar;rijk\n',
    )
    data = delivery_report(reading, language="nl", extra={("", 2): ["Overlapt een plek."]})
    assert data == delivery_report(reading, language="nl", extra={("", 2): ["Overlapt een plek."]})
    book = openpyxl.load_workbook(io.BytesIO(data))
    summary, questions, rows = (table(sheet) for sheet in book.worksheets)
    assert ["Bestand", "lijst.csv"] in summary
    assert ["Vertrouwelijkheid van dit verslag", "vertrouwelijk"] in summary
    assert ["Kolom", "eigenaar → eigenaar"] in summary
    # names stand on the other sheets: the class is on every page on paper
    assert all("vertrouwelijk" in sheet.oddHeader.right.text for sheet in book)
    asked = [row[4] for row in questions[1:]]
    assert any("Mogen die plekken openbaar worden" in text for text in asked)
    assert any("niet gemeente" in text for text in asked) and "Overlapt een plek." in asked
    assert [row[0] for row in questions[1:]] == list(range(1, len(asked) + 1))
    assert [row[1] for row in rows[1:]] == [2, 3] and rows[1][2] == "=1+1"
    assert all(c.data_type != "f" for sheet in book.worksheets for r in sheet.rows for c in r)
    assert openpyxl.load_workbook(
        io.BytesIO(delivery_report(reading, language="en"))
    ).sheetnames == ["Summary", "Questions", "Rows"]


def test_the_list_to_complete_can_be_delivered_again(tmp_path):
    reading = reading_of(tmp_path, "naam;kadastraal nummer\na;DBT00 B 1\nb;De Bilt B 2\n")
    data = list_to_complete(reading, reading.wanted, language="nl")
    path = tmp_path / "rest.xlsx"
    path.write_bytes(data)
    again = read_file(path)
    assert [one.key for one in again.wanted] == ["DBT00 B 1", "DE BILT B 2"]
    assert [row.name for row in again.rows] == ["a", "b"]
