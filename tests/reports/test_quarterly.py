"""The quarterly overview tells what changed and draws only what is known on every day shown."""

import datetime as dt
import io
import subprocess

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image

from geo import layers
from reports.provincial import (
    overview,
    provincial_pdf,
    provincial_xlsx,
    state_bytes,
    state_from_bytes,
    told_changes,
)
from reports.quarterly_chart import chart, known_in_time
from scoring.balance import balance
from scoring.kader import load_kader

DAY, BEFORE = dt.date(2026, 11, 24), dt.date(2026, 8, 20)


@pytest.fixture(scope="module")
def table(plots):
    return balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots,
        load_kader("azc"), cycle=1, on=DAY,
    )  # fmt: skip


def less(table, code, places):
    """The balance of before, as it was kept: fewer places realised in one municipality."""
    before = state_from_bytes(state_bytes(table))
    before.loc[code, ["realised_low", "realised_high"]] -= places
    before.loc[code, ["gap_low", "gap_high"]] += places
    return before


def words_of(pdf, tmp_path):
    (tmp_path / "x.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "x.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(told.stdout.split())


def test_three_sentences_tell_what_changed(table, plots):
    before = less(table, "GM0344", 100)
    told = overview(table, plots, date=DAY, before=before, since=BEFORE)
    task, realised, gap = told_changes(told, "nl")
    # sums by hand, over what is known both times
    known = table["realised_low"].notna() & before["realised_low"].notna()
    now = table.loc[known, "realised_low"].sum()
    assert f"van {now - 100:,.0f} naar {now:,.0f} plaatsen".replace(",", ".") in realised
    assert f"bekend is: {known.sum()})" in realised
    assert "Taak: gelijk gebleven" in task and gap.startswith("Tekort: van ")
    assert told_changes(overview(table, plots, date=DAY), "nl") == [
        "Er is geen eerder kwartaal bewaard om mee te vergelijken."
    ]


def test_a_municipality_that_is_known_once_is_in_no_sum(table, plots):
    before = less(table, "GM0344", 0)
    before.loc["GM0344", ["realised_low", "realised_high"]] = np.nan
    told = overview(table, plots, date=DAY, before=before, since=BEFORE)
    assert told.totals["realised"].before == told.totals["realised"].after
    moments, towns = known_in_time([(BEFORE, before), (DAY, table)])
    assert "Utrecht" not in towns and len(moments) == 2 and moments[0].task == moments[1].task
    nothing = before.assign(realised_low=np.nan)
    assert known_in_time([(BEFORE, nothing), (DAY, table)]) == ([], [])


def test_the_bars_are_as_high_as_the_figures(table):
    earlier = less(table, "GM0344", 900)
    moments, towns = known_in_time([(DAY, table), (BEFORE, earlier)])
    assert [m.date for m in moments] == [BEFORE, DAY] and towns == sorted(towns)
    image = np.asarray(Image.open(io.BytesIO(chart(moments, "nl"))).convert("RGB")).astype(int)
    bar = np.abs(image - [0x41, 0xB6, 0xC4]).max(axis=2) < 12
    columns = np.nonzero(bar.sum(axis=0) > 20)[0]
    first, second = np.split(columns, np.nonzero(np.diff(columns) > 5)[0] + 1)[-2:]
    heights = [np.nonzero(bar[:, part[len(part) // 2 + 25]])[0] for part in (first, second)]
    high = [rows.max() - rows.min() for rows in heights]
    wanted = moments[0].realised_low / moments[1].realised_low
    assert high[0] / high[1] == pytest.approx(wanted, abs=0.03) and wanted < 0.7


@pytest.mark.parametrize("language", ["nl", "en"])
def test_paper_and_sheet_tell_the_same_changes_and_say_that_examples_do_not_count(
    table, plots, tmp_path, language
):
    before = less(table, "GM0344", 100)
    told = overview(table, plots, date=DAY, before=before, since=BEFORE, history=[(BEFORE, before)])
    words = words_of(provincial_pdf(told, language=language), tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(provincial_xlsx(told, language=language)))
    cells = [
        str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v
    ]
    for line in told_changes(told, language):
        assert line in words and line in cells
    band = {"nl": "Verzonnen voorbeeldplekken", "en": "Made-up example sites"}[language]
    assert band in words and any(band in cell for cell in cells)
    changes = book.worksheets[1]
    rows = [row for row in changes.iter_rows(min_row=7, values_only=True) if row[5] is not None]
    assert [(r[0], r[2], r[4]) for r in rows] == [
        ("Utrecht", 1705, 1805), ("Utrecht", 241, 141),
    ]  # fmt: skip
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows
        assert sheet.page_setup.orientation == "landscape"
        assert "2026" in " ".join(str(c.value) for row in sheet["A1:A5"] for c in row)


def test_made_up_plots_are_said_not_to_count_only_where_there_are_any(table, plots, tmp_path):
    real = plots.assign(fictional=False)
    words = words_of(provincial_pdf(overview(table, real, date=DAY)), tmp_path)
    assert "Verzonnen voorbeeldplekken tellen niet mee in dit overzicht" not in words


def differences(plots):
    """What can come, go or change among plots that are not public, one thing each time."""
    real = plots.assign(fictional=False)
    public = real[real["confidentiality"].eq("openbaar")]
    secret = real[~real["confidentiality"].eq("openbaar")]
    one, two = secret.iloc[[0]], secret.iloc[[1]].assign(municipality_code="GM0321")
    yield public, [
        one, one.assign(confidentiality="gedeeld"), one.assign(confidentiality=None),
        one.assign(state="kansrijk", next_actor="COA"), one.assign(state="afgevallen"),
        one.assign(state="gerealiseerd"), one.assign(fictional=True),
        one.assign(municipality_code="GM0321"), one.assign(object_kind="gebouw", gfa_m2=9e3),
        pd.concat([one.assign(municipality_code="GM0321"), two]), secret,
    ]  # fmt: skip
    # nothing public at all: every cell is nought
    yield public.iloc[:0], [one, pd.concat([one, two])]


def test_no_overview_differs_by_what_is_not_public(plots):
    for public, changes in differences(plots):
        made = []
        for more in [public.iloc[:0], *changes]:
            every = pd.concat([public, more])
            told = balance(
                layers.municipalities(), layers.tasks(), layers.reception_locations(), every,
                load_kader("azc"), cycle=1, on=DAY,
            )  # fmt: skip
            made.append((provincial_xlsx(overview(told, every, date=DAY, hidden=40)), told))
        files = {content for content, _ in made}
        assert len(files) == 1, "one file, byte for byte, whatever is hidden"
        assert len({state_bytes(told) for _, told in made}) == 1, (
            "nor what the next is held against"
        )
        assert len({str(told["potential_low"].sum()) for _, told in made}) > 1, (
            "it does differ inside"
        )


HOSTILE = (
    r"$\undefined$ $\frac{1}{2}$ #let x = 1; <label> @ref * ] [ \u{0} `raw` =1+1 "
    "مرحبا שלום \u202egnirts \U0001f3e0\U0001f468\u200d\U0001f469 \x00\x1b[31m " + "lang " * 1000
)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_hostile_words_break_and_alter_nothing_in_the_overview(table, plots, tmp_path, language):
    typed = table.copy()
    code = typed.index[typed["task"].notna()][0]
    typed.loc[code, "task_source"] = HOSTILE
    formula = typed.index[typed["task"].notna()][1]
    typed.loc[formula, "task_source"] = '=HYPERLINK("http://example.org","klik")'
    named = plots.assign(name=HOSTILE, next_actor=HOSTILE, confidentiality="openbaar")
    told = overview(typed, named, date=DAY)
    words = " ".join(words_of(provincial_pdf(told, language=language), tmp_path).split())
    assert r"$\undefined$ $\frac{1}{2}$ #let x = 1; <label> @ref" in words
    book = openpyxl.load_workbook(io.BytesIO(provincial_xlsx(told, language=language)))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert not any(c.data_type == "f" or c.hyperlink for c in cells)
    assert any(str(c.value).startswith("=HYPERLINK") for c in cells)
    assert any(r"$\undefined$ $\frac{1}{2}$" in str(c.value) for c in cells)
