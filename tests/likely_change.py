"""Run by test_likely_changes in a changed copy: what was added goes through the whole house."""

import datetime as dt
import io
import json
import sqlite3
import sys
from pathlib import Path

import openpyxl
from streamlit.testing.v1 import AppTest

from data.vocabulary import ReceptionKind
from geo import layers
from geo.examples import example_plots
from geo.reading.template import xlsx_template
from reports.classes import Audience
from reports.content import Content, content_of
from reports.council.plot_page import shown_facts
from reports.drawing.ground import MapLayers
from reports.geopackage import LAYER, geopackage
from reports.outputs import OUTPUTS, Beside
from reports.snapshot import open_snapshot, take_snapshot, verify_snapshot
from reports.spreadsheet import spreadsheet
from scoring.indicators import Surroundings, facts_day, measure
from scoring.kader import load_kader
from store.access import LOCAL_USER
from store.database import open_store
from store.deliveries import undo_delivery
from store.plots import change_plot, list_plots, plot_history
from ui.map import facility_entries

OLD = "plek00000001"
NEW = "vibration_mm"


def form(plot_id: str) -> None:
    """Show the form of a plot."""
    from ui import frame
    from ui.explore import change

    frame.begin()
    change.begin(plot_id)
    change.fields(plot_id, plot_id)


def page_kader() -> None:
    """Show the page with the criteria."""
    from ui import frame
    from ui.kader import page as kader

    frame.begin()
    kader.show()


def page_outputs() -> None:
    """Show the page with the outputs."""
    from ui import frame, outputs

    frame.begin()
    outputs.show()


def criterion_and_layer(content: Content) -> None:
    """Walk two criteria, one of them to a new layer: measure, map, page and files."""
    measured = content.ranking.measured
    places = layers.facilities()
    there = places[places["facility_kind"].eq("library")].geometry
    assert len(there) == 2
    plots = content.plots.geometry
    least = [min(shape.distance(point) for point in there) for shape in plots]
    low, high = measured.value_low["library"], measured.value_high["library"]
    at = measured.plot_ids.get_indexer(plots.index)
    for place, distance in zip(at, least, strict=True):
        assert low.iloc[place] <= distance <= high.iloc[place]
        assert high.iloc[place] - distance < 101, "no further than the precision of the layer"
    assert measured.value_low["bus"].notna().all()
    assert "Bibliotheken" in [entry["name"] for entry in facility_entries(places, "nl")]
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(content)))
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Bus", "Bibliotheek"} <= said
    screen = AppTest.from_function(page_kader, default_timeout=60)
    screen.query_params["kind"] = "amv"  # for azc a kader of before is fixed, and stays as it was
    screen.run()
    assert not screen.exception, [e.value for e in screen.exception]
    assert "Bibliotheek" in [field.label for field in screen.number_input]


def an_output(content: Content) -> None:
    """Walk a new output: its file, its name, its button."""
    added = next(one for one in OUTPUTS if one.name == "namen")
    under = MapLayers(layers.municipalities(), layers.reception_locations())
    made = added.make(content, Beside("nl", under)).decode().splitlines()
    assert made == content.plots["name"].tolist()
    assert added.file_name(content).startswith("locatiewijzer_namen_azc_openbaar_")
    screen = AppTest.from_function(page_outputs, default_timeout=60).run()
    assert not screen.exception, [e.value for e in screen.exception]
    labels = [button.proto.label for button in screen.get("download_button")]
    assert "Namen (TXT)" in labels, labels


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
    fields = [one for one in screen.number_input if one.label == "Trilling"]
    assert fields and fields[0].value == 53, [one.label for one in screen.number_input]

    plots = example_plots()
    plots[NEW] = 61.0
    plots.loc[plots.index[:1], NEW] = float("nan")
    kader = load_kader(ReceptionKind.AZC)
    measured = measure(plots, kader, Surroundings.packaged())
    content = content_of(plots, measured, None, Audience.OPENBAAR, date=facts_day())
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(content)))
    cells = [cell.value for row in book["Gegevens"].iter_rows() for cell in row]
    assert "Trilling" in cells and 61 in cells
    file = Path(address.removeprefix("sqlite:///")).with_name("plots.gpkg")
    file.write_bytes(geopackage(content))
    with sqlite3.connect(file) as database:
        assert 61 in [row[0] for row in database.execute(f'SELECT "{NEW}" FROM {LAYER}')]
        names = database.execute("SELECT title FROM gpkg_data_columns WHERE column_name = ?", [NEW])
        assert names.fetchone() == ("Trilling",)
    taken = take_snapshot(content.plots, content.ranking, date=dt.date(2026, 11, 25))
    assert verify_snapshot(taken).identical
    assert 61 in open_snapshot(taken)[0][NEW].tolist()
    assert ["Trilling", "61"] in shown_facts(content.plots.iloc[-1], "nl")
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(xlsx_template())).active[1]]
    assert "trilling" in heads
    criterion_and_layer(content)
    an_output(content)
    old = json.loads((Path("tests/fixtures/version_0_1") / "snapshot_azc.json").read_text())
    assert verify_snapshot(json.dumps(old).encode()).identical
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("walked")
