"""The same plots come out of every form of file, and what is wrong is told by row."""

import io
import json
import zipfile
from pathlib import Path

import ezdxf
import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo.crs import to_wgs84
from geo.reading.bounded_process import read_apart
from geo.reading.read import read_file
from geo.reading.result import Outcome, ReadOptions, from_plain, to_plain
from geo.reading.template import gpkg_template, xlsx_template

BOX = shapely.box(136_000, 455_000, 136_100, 455_080)
OTHER = shapely.box(140_000, 450_000, 140_200, 450_100).difference(
    shapely.box(140_050, 450_040, 140_070, 450_060)
)


@pytest.fixture
def table():
    return gpd.GeoDataFrame(
        {"Naam": ["Weiland", "Kerk & <b>plein</b>"], "Opp. (m2)": ["8.000", "19600"],
         "Eigenaar": ["Gemeente", "Rijksvastgoedbedrijf"]},
        geometry=[BOX, OTHER], crs="EPSG:28992",
    )  # fmt: skip


def check(reading, tolerance_m=0.01):
    assert reading.refused is None, reading.refused.text("nl")
    assert reading.questions == ()
    plots = reading.plots
    assert len(plots) == 2
    if plots.geometry.iloc[0].centroid.x > 138_000:  # FlatGeobuf keeps an order of its own
        plots = plots.iloc[::-1]
    for found, meant in zip(plots.geometry, (BOX, OTHER), strict=True):
        assert shapely.hausdorff_distance(found, meant) < tolerance_m
        assert abs(found.area - meant.area) < 5
    return plots


@pytest.mark.parametrize("system", ["EPSG:28992", "EPSG:4326", "EPSG:25831", "EPSG:3857"])
@pytest.mark.parametrize("driver", ["GPKG", "GeoJSON", "FlatGeobuf", "ESRI Shapefile", "GML"])
def test_files_of_gdal_in_every_system(tmp_path, table, driver, system):
    shapes = to_wgs84(table) if system == "EPSG:4326" else to_wgs84(table).to_crs(system)
    if system == "EPSG:28992":
        shapes = table
    suffix = {
        "GPKG": "gpkg",
        "GeoJSON": "geojson",
        "FlatGeobuf": "fgb",
        "ESRI Shapefile": "shp",
        "GML": "gml",
    }
    if driver == "ESRI Shapefile":
        shapes = shapes.rename(columns={"Opp. (m2)": "Oppervlak"})
    path = tmp_path / f"plots.{suffix[driver]}"
    shapes.to_file(path, driver=driver)
    if driver == "ESRI Shapefile":
        packed = tmp_path / "plots.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for part in tmp_path.glob("plots.*"):
                if part.suffix != ".zip":
                    archive.write(part, f"map/{part.name}")
        path = packed
    plots = check(read_file(path), 0.3)
    assert plots["name"].tolist() == ["Weiland", "Kerk & <b>plein</b>"]
    assert plots["owner_kind"].tolist() == ["gemeente", "rijk"]
    assert plots["stated_area_m2"].tolist() == [8000, 19600]
    assert plots["municipality_code"].notna().all()
    assert "Naam" in plots["provenance"].iloc[0]["name"]


def test_a_shapefile_without_prj_is_reasoned_with_evidence(tmp_path, table):
    table.rename(columns={"Opp. (m2)": "Oppervlak"}).to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    reading = read_file(packed)
    check(reading)
    assert reading.system == "EPSG:28992"
    assert len(reading.system_evidence) == 2


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252")],
)
def test_csv_with_wkt(tmp_path, delimiter, encoding):
    rows = [
        ["naam", "wkt", "beschikbaar vanaf"],
        ["Café", BOX.wkt, "1-3-2027"],
        ["Zo", OTHER.wkt, "2028"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "plots.csv"
    path.write_bytes(text.encode(encoding))
    reading = read_file(path)
    plots = check(reading)
    assert plots["name"].tolist() == ["Café", "Zo"]
    assert str(plots["available_from"].iloc[0].date()) == "2027-03-01"
    assert [row.row for row in reading.rows] == [2, 3]
    assert reading.rows[1].outcome == Outcome.REMARKS  # a year alone is told


@pytest.mark.parametrize(
    "cells",
    [
        ("136050,5", "455040,25"),
        ("136.050,5", "455.040,25"),
        ("5,11077", "52,08330"),
        ("5.11077", "52.08330"),
    ],
)
def test_csv_with_x_and_y_asks_how_points_become_areas(tmp_path, cells):
    path = tmp_path / "plots.csv"
    path.write_text(f"naam;X-coördinaat;Y-coördinaat;oppervlakte\nA;{cells[0]};{cells[1]};5000\n")
    asked = read_file(path)
    assert asked.outcome == Outcome.REFUSED and "points" in asked.questions
    circle = read_file(path, ReadOptions(buffer_to_stated=True))
    assert circle.plots.geometry.area.iloc[0] == pytest.approx(5000, rel=0.01)
    assert circle.plots.geometry.iloc[0].centroid.distance(shapely.Point(136050, 455040)) < 150
    assert read_file(path, ReadOptions(buffer_m=25)).plots.geometry.area.iloc[0] == pytest.approx(
        1960, rel=0.01
    )


def test_line_delimited_geojson_and_old_crs_member(tmp_path):
    def feature(shape, **properties):
        return {
            "type": "Feature",
            "properties": properties,
            "geometry": shapely.geometry.mapping(shape),
        }

    lines = "\n".join(json.dumps(feature(shape, naam="x")) for shape in (BOX, OTHER))
    path = tmp_path / "plots.geojsonl"
    path.write_text(lines)
    check(read_file(path))  # RD metres without any crs
    old = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
           "features": [feature(BOX), feature(OTHER)]}  # fmt: skip
    path.write_text(json.dumps(old))
    reading = read_file(path)
    check(reading)
    assert "EPSG:28992" in reading.system_evidence[0].text("nl")


def test_swapped_axes_are_seen(tmp_path, table):
    swapped = to_wgs84(table)
    swapped["geometry"] = shapely.transform(swapped.geometry.to_numpy(), lambda at: at[:, ::-1])
    path = tmp_path / "a.geojson"
    path.write_text(swapped.to_json())
    reading = read_file(path)
    check(reading, 0.3)
    assert reading.system == "EPSG:4326+swapped"


def test_a_wrongly_declared_system_is_asked_about(tmp_path, table):
    path = tmp_path / "a.gpkg"
    table.set_crs("EPSG:25832", allow_override=True).to_file(path)
    reading = read_file(path)
    assert "system" in reading.questions and reading.outcome == Outcome.QUESTION
    assert "EPSG:28992" in reading.system_candidates
    check(read_file(path, ReadOptions(system="EPSG:28992")))


def test_kml_kmz_parquet_dxf(tmp_path, table):
    lonlat = to_wgs84(table)
    places = "".join(
        f"<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x},{y},0" for x, y in shape.exterior.coords)
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for name, shape in zip("ab", lonlat.geometry)
    )
    kml = f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{places}</Document></kml>'
    (tmp_path / "a.kml").write_text(kml)
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", kml)
    for name in ("a.kml", "a.kmz"):
        reading = read_file(tmp_path / name)
        assert [row.name for row in reading.rows] == ["a", "b"]
        assert shapely.hausdorff_distance(reading.plots.geometry.iloc[0], BOX) < 0.3
    table.to_parquet(tmp_path / "a.parquet")
    check(read_file(tmp_path / "a.parquet"))
    drawing = ezdxf.new()
    drawing.modelspace().add_lwpolyline(list(BOX.exterior.coords)[:-1], close=True)
    drawing.modelspace().add_lwpolyline([(136_000, 455_000), (136_100, 455_000)])
    drawing.saveas(tmp_path / "a.dxf")
    reading = read_file(tmp_path / "a.dxf")
    assert (
        len(reading.plots) == 1
        and shapely.hausdorff_distance(reading.plots.geometry.iloc[0], BOX) < 0.01
    )
    assert [row.outcome for row in reading.rows] == ["taken", "refused"]


def test_kadaster_gml_takes_the_parcel_and_not_its_label(tmp_path):
    points = " ".join(f"{x} {y}" for x, y in BOX.exterior.coords)
    text = f"""<?xml version="1.0"?><FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:k="urn:k">
      <gml:featureMember><k:Perceel><k:label><gml:Point srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>136050 455040</gml:pos></gml:Point></k:label>
      <k:begrenzing><gml:Surface srsName="urn:ogc:def:crs:EPSG::28992"><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing>
      <gml:posList>{points}</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface></k:begrenzing>
      <k:perceelnummer>1234</k:perceelnummer></k:Perceel></gml:featureMember></FeatureCollection>"""
    path = tmp_path / "perceel.gml"
    path.write_text(text)
    reading = read_file(path)
    assert reading.outcome == Outcome.TAKEN, [m.text() for m in reading.messages]
    assert shapely.hausdorff_distance(reading.plots.geometry.iloc[0], BOX) < 0.01
    assert reading.plots["cadastral_number"].iloc[0] == "1234"


def test_templates_go_through_without_a_question(tmp_path):
    for name, content in (("t.xlsx", xlsx_template()), ("t.gpkg", gpkg_template())):
        path = tmp_path / name
        path.write_bytes(content)
        reading = read_file(path)
        assert reading.outcome == Outcome.TAKEN, [
            m.text() for r in reading.rows for m in r.messages
        ]
        assert all(reading.columns[h] for h in reading.headers), reading.columns


def test_bad_rows_do_not_lose_good_ones(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Overzicht plekken gemeente", None])
    sheet.append([])
    sheet.append(["Naam", "BVO (m2)", "Bestemming", "Beschikbaar t/m", "WKT", "Contactpersoon"])
    sheet.append(["goed", "1.250,50", "Maatschappelijk", "31-12-2030", BOX.wkt, "mevr. X"])
    sheet.append(["geen vorm", 3, "wonen", None, None, None])
    sheet.append(
        [
            "vlinder",
            "veel",
            "moeras",
            "ooit",
            "POLYGON((136000 455000,136100 455100,136100 455000,136000 455100,136000 455000))",
            None,
        ]
    )
    sheet.append(["punt", None, None, None, "POINT(136000 455000)", None])
    path = tmp_path / "a.xlsx"
    book.save(path)
    reading = read_file(path)
    outcomes = {row.row: str(row.outcome) for row in reading.rows}
    assert outcomes == {4: "taken", 5: "refused", 6: "remarks", 7: "refused"}
    good, bow = reading.plots.iloc[0], reading.plots.iloc[1]
    assert (good["gfa_m2"], good["object_kind"], good["zoning"]) == (
        1250.5,
        "gebouw",
        "maatschappelijk",
    )
    assert good["contact"] == "mevr. X"
    assert bow["zoning"] == "onbekend" and "moeras" in bow["remarks"] and "veel" in bow["remarks"]
    assert 6 in reading.before
    assert bow.geometry.area == pytest.approx(5000)


def test_a_correction_of_columns_holds(tmp_path, table):
    path = tmp_path / "a.gpkg"
    table.rename(columns={"Naam": "Kenmerk"}).to_file(path)
    assert read_file(path).plots["name"].isna().all()
    chosen = ReadOptions(columns={"Kenmerk": "name", "Eigenaar": ""})
    reading = read_file(path, chosen)
    assert reading.plots["name"].iloc[0] == "Weiland"
    assert reading.plots["owner_kind"].eq("onbekend").all()
    remembered = read_file(path, ReadOptions(remembered={"kenmerk": "name"}))
    assert remembered.plots["name"].iloc[0] == "Weiland"


def test_odd_sizes_and_places_are_told(tmp_path):
    strip = shapely.box(136_000, 455_000, 136_300, 455_001)
    far = shapely.box(200_000, 550_000, 200_100, 550_100)
    rows = "\n".join(
        f'{n};"{s.wkt}";{a}'
        for n, s, a in (
            ("a", BOX, 5000),
            ("b", BOX.buffer(0.2), ""),
            ("c", strip, ""),
            ("d", far, ""),
        )
    )
    path = tmp_path / "a.csv"
    path.write_text("naam;wkt;oppervlakte\n" + rows)
    reading = read_file(path)
    keys = [[m.key for m in row.messages] for row in reading.rows]
    assert "read.size.stated" in keys[0] and "read.twin" in keys[1]
    assert "read.size.narrow" in keys[2] and "read.place.outside" in keys[3]
    assert reading.questions == ("outside",)
    left_out = read_file(path, ReadOptions(take_outside=False))
    assert len(left_out.plots) == 3 and left_out.questions == ()
    assert len(read_file(path, ReadOptions(take_outside=True)).plots) == 4


REFUSALS = {
    "photo.jpg": (b"\xff\xd8\xff\xe0" + b"x" * 100, "foto"),
    "scan.pdf": (b"%PDF-1.7 ...", "PDF"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + b"\0" * 100, ".xlsx"),
    "drawing.dwg": (b"AC1027" + b"\0" * 100, "DXF"),
    "empty.geojson": (b"", "leeg"),
    "half.geojson": (b'{"type": "FeatureCollection", "features": [', "JSON"),
    "bomb.xml": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
    "external.gml": (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://example.org/x.dtd"><a/>', "laag"),
    "list.csv": (b"naam;kleur\nA;B\n", "wkt"),
    "damaged.zip": (b"PK\x03\x04" + b"\0" * 40, "zip"),
    "part.dbf": (b"\x03\x5f\x07\x1a" + b"\0" * 64, ".dbf"),
    "damaged.gpkg": (b"SQLite format 3\x00" + b"\0" * 200, "beschadigd"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_no_plot_gets_a_clear_refusal(tmp_path, name):
    content, says = REFUSALS[name]
    path = tmp_path / name
    path.write_bytes(content)
    reading = read_file(path)
    assert reading.outcome == Outcome.REFUSED
    assert says.lower() in reading.refused.text("nl").lower(), reading.refused.text("nl")


def test_a_zip_cannot_climb_or_blow_up(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../evil.csv", "naam;wkt\na;" + BOX.wkt)
    reading = read_file(path)
    assert len(reading.plots) == 1
    assert not (tmp_path.parent / "evil.csv").exists()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", b"0" * 50_000_000)
    assert "groot" in read_file(path).refused.text("nl")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "x")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in.zip", inner.getvalue())
    assert read_file(path).outcome == Outcome.REFUSED


def test_a_reading_survives_the_way_between_processes(tmp_path, table):
    path = tmp_path / "a.gpkg"
    table.to_file(path)
    here = read_file(path)
    there = read_apart(path)
    assert to_plain(from_plain(to_plain(here))) == to_plain(here)
    assert there.plots.geometry.geom_equals(here.plots.geometry.set_axis(there.plots.index)).all()
    assert there.columns == here.columns and there.rows == here.rows
    assert there.sha256 == here.sha256


def test_reading_that_takes_too_long_is_stopped(tmp_path, table):
    path = tmp_path / "a.gpkg"
    table.to_file(path)
    reading = read_apart(path, max_seconds=0.02)
    assert reading.outcome == Outcome.REFUSED
    assert reading.refused.key == "read.too_slow"


def test_reading_that_takes_too_much_memory_is_stopped(tmp_path):
    path = tmp_path / "deep.geojson"
    path.write_text("[" * 4_000_000)
    reading = read_apart(path)
    assert reading.outcome == Outcome.REFUSED
    assert reading.refused.text("nl")
    assert Path(path).exists()
