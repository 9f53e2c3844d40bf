"""Run by test_likely_changes in a changed copy: a new plot column goes through the whole house."""

import datetime as dt
import io
import json
import sqlite3
import sys
from pathlib import Path

import openpyxl
from streamlit.testing.v1 import AppTest

from data.vocabulary import ReceptionKind
from geo.examples import example_plots
from geo.reading.template import xlsx_template
from reports.classes import Audience
from reports.content import content_of
from reports.council.plot_page import shown_facts
from reports.geopackage import LAYER, geopackage
from reports.snapshot import open_snapshot, take_snapshot, verify_snapshot
from reports.spreadsheet import spreadsheet
from scoring.indicators import Surroundings, facts_day, measure
from scoring.kader import load_kader
from store.access import LOCAL_USER
from store.database import open_store
from store.deliveries import undo_delivery
from store.plots import change_plot, list_plots, plot_history

OLD = "plek00000001"
NEW = "noise_db"


def form(plot_id: str) -> None:
    """Show the form of a plot."""
    from ui import frame
    from ui.explore import change

    frame.begin()
    change.begin(plot_id)
    change.fields(plot_id, plot_id)


def main(address: str) -> None:
    """Walk store, old record, undo, screen and files."""
    store = open_store(address)
    assert list_plots(store, LOCAL_USER)[NEW].isna().all(), "a column of today is unknown there"
    assert undo_delivery(store, LOCAL_USER, 2, reason="toch niet") == 3
    change_plot(store, LOCAL_USER, OLD, {NEW: 53.0}, reason="gemeten")
    assert list_plots(store, LOCAL_USER).at[OLD, NEW] == 53
    assert plot_history(store, LOCAL_USER, OLD)[-1].changes[NEW] == (None, 53)

    screen = AppTest.from_function(form, kwargs={"plot_id": OLD}, default_timeout=60).run()
    assert not screen.exception, [e.value for e in screen.exception]
    fields = [one for one in screen.number_input if one.label == "Geluid"]
    assert fields and fields[0].value == 53, [one.label for one in screen.number_input]

    plots = example_plots()
    plots[NEW] = 61.0
    plots.loc[plots.index[:1], NEW] = float("nan")
    kader = load_kader(ReceptionKind.AZC)
    measured = measure(plots, kader, Surroundings.packaged())
    content = content_of(plots, measured, None, Audience.OPENBAAR, date=facts_day())
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(content)))
    cells = [cell.value for row in book["Gegevens"].iter_rows() for cell in row]
    assert "Geluid" in cells and 61 in cells
    file = Path(address.removeprefix("sqlite:///")).with_name("plots.gpkg")
    file.write_bytes(geopackage(content))
    with sqlite3.connect(file) as database:
        assert 61 in [row[0] for row in database.execute(f'SELECT "{NEW}" FROM {LAYER}')]
        names = database.execute("SELECT title FROM gpkg_data_columns WHERE column_name = ?", [NEW])
        assert names.fetchone() == ("Geluid",)
    taken = take_snapshot(content.plots, content.ranking, date=dt.date(2026, 11, 25))
    assert verify_snapshot(taken).identical
    assert 61 in open_snapshot(taken)[0][NEW].tolist()
    assert ["Geluid", "61"] in shown_facts(content.plots.iloc[-1], "nl")
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(xlsx_template())).active[1]]
    assert "geluid" in heads
    old = json.loads((Path("tests/fixtures/version_0_1") / "snapshot_azc.json").read_text())
    assert verify_snapshot(json.dumps(old).encode()).identical
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("walked")
