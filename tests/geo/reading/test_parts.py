"""Several layers, sheets or files are offered together, and what was not taken is told."""

import geopandas as gpd
import openpyxl
import shapely

from geo.crs import to_wgs84
from geo.reading.parts import together
from geo.reading.read import read_file
from geo.reading.result import Outcome, ReadOptions, from_plain, to_plain


def boxes(*at):
    return [shapely.box(x, y, x + 100, y + 80) for x, y in at]


def workbook(tmp_path, hidden=False):
    book = openpyxl.Workbook()
    book.active.title = "Noord"
    for sheet, shapes in ((book.active, boxes((136_000, 455_000), (136_500, 455_000))),
                          (book.create_sheet("Zuid"), boxes((140_000, 450_000)))):  # fmt: skip
        sheet.append(["naam", "wkt"])
        for place, shape in enumerate(shapes):
            sheet.append([f"{sheet.title} {place}", shape.wkt])
    if hidden:
        book["Zuid"].sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_sheets_are_taken_together_and_asked(tmp_path):
    reading = read_file(workbook(tmp_path))
    assert [(part.name, part.rows, part.areas, part.taken) for part in reading.parts] == [
        ("Noord", 2, 2, True),
        ("Zuid", 1, 1, True),
    ]
    assert len(reading.plots) == 3 and reading.questions == ("layer",)
    assert [(row.part, row.row) for row in reading.rows] == [("Noord", 2), ("Noord", 3), ("Zuid", 2)]  # fmt: skip
    assert "Zuid, 2" in reading.plots["provenance"].iloc[2]["geometry"]
    assert to_plain(from_plain(to_plain(reading))) == to_plain(reading)


def test_what_is_not_ticked_is_told(tmp_path):
    reading = read_file(workbook(tmp_path), ReadOptions(parts=["Zuid"]))
    assert reading.plots["name"].tolist() == ["Zuid 0"] and reading.questions == ()
    left = [m.text("nl") for m in reading.messages if m.key == "read.part.left"]
    assert left == ["‘Noord’ (2 rijen) is niet gelezen: u koos dit deel niet."]
    nothing = read_file(workbook(tmp_path), ReadOptions(parts=[]))
    assert nothing.outcome == Outcome.REFUSED and nothing.refused.key == "read.part.none"


def test_layers_in_systems_of_their_own_each_land_where_they_are(tmp_path):
    path = tmp_path / "a.gpkg"
    one = gpd.GeoDataFrame({"naam": ["a"]}, geometry=boxes((136_000, 455_000)), crs="EPSG:28992")
    other = gpd.GeoDataFrame({"naam": ["b"]}, geometry=boxes((140_000, 450_000)), crs="EPSG:28992")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(136_000, 455_000)], crs="EPSG:28992")
    one.to_file(path, layer="een")
    to_wgs84(other).to_file(path, layer="twee")
    points.to_file(path, layer="punten")
    reading = read_file(path)
    assert [part.system for part in reading.parts] == ["EPSG:28992", "EPSG:4326", ""]
    assert not reading.parts[2].taken and reading.parts[2].why.key == "read.part.no_areas"
    for shape, at in zip(reading.plots.geometry, ((136_000, 455_000), (140_000, 450_000)), strict=True):  # fmt: skip
        assert shapely.hausdorff_distance(shape, boxes(at)[0]) < 0.3
    chosen = read_file(path, ReadOptions(systems={"twee": "EPSG:4326"}))
    assert chosen.plots.geometry.iloc[0].equals_exact(reading.plots.geometry.iloc[0], 0.001)


def test_files_together_are_one_delivery(tmp_path):
    rows = ("naam;wkt\nx;" + boxes((137_000, 456_000))[0].wkt).encode()
    (tmp_path / "b.csv").write_bytes(rows)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7")
    readings = [read_file(workbook(tmp_path), ReadOptions(parts=["Noord", "Zuid"])),
                read_file(tmp_path / "b.csv"), read_file(tmp_path / "c.pdf")]  # fmt: skip
    whole = together(readings)
    assert len(whole.plots) == 4 and whole.plots["part"].tolist()[-1] == "b.csv"
    assert whole.rows[0].part == "a.xlsx \u203a Noord"
    assert [part.taken for part in whole.parts] == [True, True, False]
    assert "PDF" in next(m for m in whole.messages if m.key == "read.part.left").text("nl")
    assert whole.sha256 != readings[0].sha256
    twice = together([readings[1], readings[1]])
    assert twice.rows[1].messages[-1].key == "read.twin_part"
