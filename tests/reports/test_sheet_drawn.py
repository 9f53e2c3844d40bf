"""LibreOffice prints the spreadsheet one page wide, with its titles on every page, to be read."""

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pikepdf
import pytest
from xlsxwriter.worksheet import Worksheet

import reports.spreadsheet
from messages import text
from reports.content import content_of
from reports.spreadsheet import spreadsheet

DAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def content(plots, measured):
    return content_of(plots, measured, None, "intern", date=DAY, snapshot="2026-11-24-abcdef01")


@pytest.fixture(scope="module")
def printed(content, tmp_path_factory):
    """Give the sheets, and of each printed page its size (points) and its words with heights."""
    if shutil.which("soffice") is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("LibreOffice is missing: run scripts/install_system_packages.sh")
    folder = tmp_path_factory.mktemp("printed")
    (folder / "sheet.xlsx").write_bytes(spreadsheet(content))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{folder / 'profile'}"),
            *("--convert-to", "pdf", "--outdir", folder, folder / "sheet.xlsx"),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    with pikepdf.open(folder / "sheet.pdf") as pdf:
        sizes = [[float(side) for side in page.mediabox[2:]] for page in pdf.pages]
    told = subprocess.run(
        ["pdftotext", "-bbox", folder / "sheet.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    word = re.compile(r'yMin="([\d.]+)".*yMax="([\d.]+)">([^<]*)</word>')
    pages = [
        [(float(y1) - float(y0), words) for y0, y1, words in word.findall(page)]
        for page in told.split("<page ")[1:]
    ]
    return openpyxl.load_workbook(folder / "sheet.xlsx"), sizes, pages


def test_each_sheet_warns_of_made_up_plots_in_a_band(printed):
    for sheet in printed[0]:
        band = sheet["A5"]
        assert band.value == text("reports.fiction", "nl"), sheet.title
        assert band.fill.fgColor.rgb == "FF17242D" and band.font.color.rgb == "FFFFFFFF"


def test_each_sheet_is_one_page_wide_and_says_on_each_page_what_it_is(printed, content):
    book, sizes, pages = printed
    assert len(pages) == len(sizes)
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows, sheet.title
        assert sheet.page_setup.orientation == "landscape"
    # 32 plots: a sheet takes two pages at most, and none runs over to the right
    assert len(book.sheetnames) == 6 <= len(pages) <= 10
    for page, (wide, high) in zip(pages, sizes, strict=True):
        words = " ".join(word for _, word in page)
        assert wide > high and "VERTROUWELIJK" in words and "Ranglijst van mogelijke" in words


def test_own_weighing_fits_one_page_that_can_be_read(printed, content):
    _, sizes, pages = printed
    note = text("reports.sheet.weights_note", "nl").split()[:4]
    (own,) = [page for page in pages if all(n in [w for _, w in page] for n in note)]
    words = " ".join(word for _, word in own)
    for criterion in content.criteria:
        label = text(f"scoring.criterion.{criterion.key}", "nl")
        assert label in words, label
    heights = sorted(high for high, _ in own)
    # a line of 7 points is about 8 high; smaller is for ants
    assert heights[len(heights) // 20] > 6.5, heights[:20]
    assert sizes[pages.index(own)][0] < 850, "an ordinary sheet of paper"


def test_every_sheet_can_be_read_on_paper(printed):
    book, _, pages = printed
    for sheet in book:
        columns = sheet.column_dimensions.values()
        wide_px = sum(7 * column.width * (column.max - column.min + 1) for column in columns)
        paper_in = {"8": 16.54, "9": 11.69}[str(sheet.page_setup.paperSize)]
        room_in = paper_in - sheet.page_margins.left - sheet.page_margins.right
        # letters of 10 points on the screen
        assert 10 * room_in / (wide_px / 96) > 6.8, sheet.title
    for number, page in enumerate(pages, start=1):
        heights = sorted(high for high, _ in page)
        # as LibreOffice prints them; words on end are as high as they are long
        assert heights[len(heights) // 3] > 6.5, (number, heights[:20])


def test_dates_are_dates_and_columns_are_called_as_everywhere(printed, content):
    book = printed[0]
    for name, at in (("Ranglijst", 6), ("Gegevens", 6)):
        sheet = book[name]
        heads = [cell.value for cell in sheet[at]]
        column = heads.index("Beschikbaar vanaf")
        days = [row[column].value for row in sheet.iter_rows(min_row=7)]
        found = [day.date() for day in days if isinstance(day, dt.datetime)]
        wanted = [day.date() for day in content.plots["available_from"] if day == day]
        assert found == wanted and len(wanted) > 20
        assert {day for day in days if not isinstance(day, dt.datetime)} <= {"niet bekend"}
    ranking, facts = ([c.value for c in book[n][6]] for n in ("Ranglijst", "Gegevens"))
    assert set(ranking[8:]) <= set(facts) and len(ranking[8:]) == 5


def test_rows_are_as_high_as_their_words_take(printed):
    for sheet in printed[0]:
        for row in sheet.iter_rows():
            high = sheet.row_dimensions[row[0].row].height or 13
            for cell in row:
                if isinstance(cell.value, str) and cell.alignment.wrap_text:
                    wide = sheet.column_dimensions[cell.column_letter].width
                    if cell.coordinate in sheet.merged_cells:
                        continue
                    # letters are about as wide as a figure at most: what is written does not show less
                    lines = len(cell.value) / (1.25 * wide)
                    assert high >= min(12 * lines, 400), (sheet.title, cell.coordinate)


class _AsTheLibraryDoes(Worksheet):
    """A sheet of XlsxWriter as it is, asked for the same cells."""

    def write_words(self, row, column, words, look):
        self.write_string(row, column, words, look)

    def write_numbers(self, row, column, numbers, looks):
        for place, (number, look) in enumerate(zip(numbers, looks, strict=True), column):
            if number is not None:
                self.write_number(row, place, number, look)

    def write_plain_formula(self, row, column, formula, look, value):
        self.write_formula(row, column, "=" + formula, look, value)


def test_the_quick_way_of_writing_gives_the_file_of_the_library(content, monkeypatch):
    quick = spreadsheet(content)
    monkeypatch.setattr(reports.spreadsheet, "QuickSheet", _AsTheLibraryDoes)
    parts = [zipfile.ZipFile(io.BytesIO(made)) for made in (quick, spreadsheet(content))]
    assert parts[0].namelist() == parts[1].namelist()
    for name in parts[0].namelist():
        assert parts[0].read(name) == parts[1].read(name), name
