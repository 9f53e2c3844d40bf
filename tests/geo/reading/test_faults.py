"""Deliveries that ended silently wrong or in a needless refusal: each ends as it should."""

from pathlib import Path

import pytest
import shapely

from geo.reading.read import read_file
from geo.reading.result import Outcome, ReadOptions

FAULTS = Path(__file__).parent / "faults"
CORNERS = ((141_000, 459_500), (141_400, 459_900), (142_000, 460_300))
POINTS = tuple((x + 50, y + 40) for x, y in CORNERS)


def read(name, **options):
    return read_file(FAULTS / name, ReadOptions(**options))


def keys(reading):
    return {m.key for m in reading.messages} | {m.key for r in reading.rows for m in r.messages}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("24_03_kop.csv", None), ("24_04_kop.csv", None), ("24_06_kop.csv", None),
        ("24_08_kop.csv", None), ("06_coordinaten_in_een_kolom.csv", None),
        ("08b_dms_een_kolom_google.csv", None),
        ("05_xy_duizendpunten_heel.xlsx", "read.thousands"), ("36_rd_in_km.csv", "read.kilometres"),
        ("12_verborgen_rij_en_blad.xlsx", "read.row.hidden"), ("14_dubbele_kolomnaam.xlsx", None),
    ],
)  # fmt: skip
def test_points_land_where_they_are(name, told):
    reading = read(name, buffer_m=10)
    assert len(reading.plots) == 3
    for shape, at in zip(reading.plots.geometry, POINTS, strict=True):
        assert shape.centroid.distance(shapely.Point(at)) < 3  # seconds have one decimal
    assert told is None or told in keys(reading)


def test_kilometres_are_asked_and_the_answer_holds():
    assert "kilometres" in read("36_rd_in_km.csv").questions
    assert "kilometres" not in read("36_rd_in_km.csv", kilometres=True).questions
    as_they_stand = read("36_rd_in_km.csv", kilometres=False, buffer_m=10)
    assert "kilometres" not in as_they_stand.questions
    assert as_they_stand.plots is None or as_they_stand.plots.empty or (
        as_they_stand.plots.geometry.iloc[0].centroid.distance(shapely.Point(POINTS[0])) > 1000
    )  # fmt: skip
    assert read("05_xy_duizendpunten_heel.xlsx", buffer_m=10).questions == ()


@pytest.mark.parametrize("name", ["30_wkt_zonder_kop.txt", "33_geojson_in_cel.xlsx"])
def test_shapes_in_text_are_areas(name):
    reading = read(name)
    assert reading.refused is None
    for shape, (x, y) in zip(reading.plots.geometry, CORNERS, strict=False):
        assert shapely.hausdorff_distance(shape, shapely.box(x, y, x + 100, y + 80)) < 0.5


def test_openness_no_is_confidential_and_yes_is_asked():
    reading = read("28d_openbaarheid_nee.xlsx")
    assert set(reading.plots["confidentiality"]) == {"vertrouwelijk"}
    assert "class" in reading.questions and "read.class.doubt" in keys(reading)
    secret = read("28b_geheim_intern.xlsx")
    assert set(secret.plots["confidentiality"]) == {"vertrouwelijk"}
    assert secret.outcome == Outcome.REMARKS


def test_part_of_a_phrase_is_unknown_and_its_text_kept():
    reading = read("34_puntkomma_eigenaar.xlsx")
    plots = reading.plots
    assert set(plots["owner_kind"]) == {"onbekend"}
    assert plots["nature"].tolist() == ["onbekend", "onbekend", "geen"]
    assert plots["grid_connection"].tolist() == ["onbekend"] * 3
    assert "niet gemeente" in plots["remarks"].iloc[0]
    assert "grenst aan NNN" in plots["remarks"].iloc[1]
    assert all(row.outcome == Outcome.REMARKS for row in reading.rows)


@pytest.mark.parametrize(
    ("name", "kind", "first"),
    [
        ("01_alleen_kadastrale_nummers.xlsx", "parcel", "DBT00 B 1000"),
        ("51c_xlsx_met_nummers_en_pdf.zip", "parcel", "DBT00 B 1000"),
        ("02_alleen_adressen.xlsx", "address", "Voorbeeldstraat 1, 3731 AA De Bilt"),
    ],
)
def test_a_list_is_offered_to_be_looked_up(name, kind, first):
    reading = read(name)
    assert [(one.kind, one.row) for one in reading.wanted] == [(kind, 2), (kind, 3), (kind, 4)]
    assert reading.wanted[0].key == first and "lookup" in reading.questions
    assert reading.refused.key == "read.list"
    box = shapely.box(141_000, 459_500, 141_100, 459_580)
    found = {one.name: "" for one in reading.wanted}
    found[reading.wanted[0].name] = shapely.to_wkb(box, hex=True)
    after = read(name, found=found)
    assert len(after.plots) == 1 and after.plots.geometry.iloc[0].equals(box)
    assert first in after.plots["provenance"].iloc[0]["geometry"]
    assert [row.outcome for row in after.rows] == [Outcome.TAKEN, *[Outcome.REFUSED] * 2]
    assert after.rows[1].messages[0].key == f"read.row.not_found_{kind}"
    assert "lookup" not in after.questions


@pytest.mark.parametrize(
    ("name", "count"), [("18b_twee_bladen_vlakken.xlsx", 7), ("51f_een_shapefile_per_plek.zip", 4)]
)
def test_all_parts_are_offered_together(name, count):
    reading = read(name)
    assert len(reading.plots) == count and "layer" in reading.questions
    one = read(name, parts=[reading.parts[0].name])
    assert "read.part.left" in keys(one) and "layer" not in one.questions


def test_hidden_sheets_and_rows_are_told():
    reading = read("12_verborgen_rij_en_blad.xlsx", buffer_m=10)
    assert [part.taken for part in reading.parts] == [True, False]
    assert reading.parts[1].why.key == "read.part.hidden" and "layer" in reading.questions
    assert [r.row for r in reading.rows if any(m.key == "read.row.hidden" for m in r.messages)] == [3]  # fmt: skip


def test_formulas_without_an_outcome_say_so():
    reading = read("13_formules_zonder_waarde.xlsx")
    assert reading.outcome == Outcome.REFUSED
    assert {row.messages[0].key for row in reading.rows} == {"read.row.formula"}
    assert "Excel" in reading.refused.text("nl")


def test_two_columns_of_one_name_are_both_kept():
    plots = read("14_dubbele_kolomnaam.xlsx", buffer_m=10).plots
    assert plots["remarks"].iloc[0] == "eerste tekst; tweede tekst"


def test_units_in_cells_and_euros():
    assert read("20_oppervlakten.xlsx").plots["stated_area_m2"].tolist() == [8000] * 3
    reading = read("27_kolom_waarde_is_euro.xlsx")
    assert reading.plots["stated_area_m2"].isna().all() and reading.columns["waarde"] == ""


@pytest.mark.parametrize(
    "name",
    ["48b_prj_zonder_naam.zip", "48j_a_gdal_unnamed.zip", "48j_c_autocad_map.zip",
     "48c_prj_fout_wgs84.zip"],
)  # fmt: skip
def test_rd_without_the_name_of_its_datum_lands_where_it_is(name):
    reading = read(name)
    assert reading.plots is not None and not reading.questions
    west, south, east, north = reading.plots.total_bounds
    # as cases.csv tells it; 113 m off was the fault
    assert (west, south) == pytest.approx((141_000, 459_500), abs=1)
    assert (east, north) == pytest.approx((142_100, 460_380), abs=1)
