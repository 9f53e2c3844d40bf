"""Lines of a layer of one's own: from every form, as they run; plots go on refusing what is open."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import RD
from geo.places_layer import LAYER_OPTIONS, count_of, from_geojson, is_line, shapes_of, to_geojson
from geo.reading import bounds
from geo.reading.read import read_file
from geo.reading.result import ReadOptions, from_plain, to_plain

STREETS = [
    shapely.LineString([(136000, 456000), (136200.5, 456010), (136400, 456000.25)]),
    shapely.LineString([(136200.5, 456010), (136200, 456300)]),
    # a roundabout
    shapely.LineString(
        [(136400, 456000.25), (136420, 456020), (136400, 456040), (136400, 456000.25)]
    ),
]
FORMS = {
    "net.gpkg": {},
    "net.geojson": {"driver": "GeoJSON"},
    "net.shp.zip": {"driver": "ESRI Shapefile"},
    "net.gml": {"driver": "GML"},
    "net.kml": {"driver": "KML"},
    "net.fgb": {"driver": "FlatGeobuf"},
    "net.dxf": {"driver": "DXF"},
    "net.tab": {"driver": "MapInfo File"},
}  # fmt: skip


def table(shapes):
    names = [f"straat {n}" for n in range(len(shapes))]
    return gpd.GeoDataFrame({"naam": names}, geometry=list(shapes), crs=RD)


def written(folder, name, shapes=STREETS):
    path = folder / name
    if name.endswith(".dxf"):
        table(shapes)[["geometry"]].to_file(path, **FORMS[name])
    elif name.endswith(".parquet"):
        table(shapes).to_parquet(path)
    elif name.endswith(".csv"):
        rows = "\n".join(f'{n};"{one.wkt}"' for n, one in enumerate(shapes))
        path.write_text(f"naam;geometrie\n{rows}\n")
    else:
        table(shapes).to_file(path, **FORMS[name])
    return path


@pytest.mark.parametrize("name", [*FORMS, "net.parquet", "net.csv"])
def test_lines_come_as_they_run_and_plots_refuse_the_open_ones(tmp_path, name):
    path = written(tmp_path, name)
    reading = from_plain(to_plain(read_file(path, LAYER_OPTIONS)))
    shapes = shapes_of(reading)
    # in a drawing a closed polyline is an area
    drawn = STREETS[:2] if name == "net.dxf" else STREETS
    found = shapely.get_parts(shapes.geometry[is_line(shapes)].to_numpy())
    assert len(found) == len(drawn) and count_of(shapes) == len(STREETS)
    near = [min(shapely.hausdorff_distance(one, other) for other in found) for one in drawn]
    assert max(near) < 0.05
    plots = read_file(path, ReadOptions())
    refused = [row for row in plots.rows if any(m.key == "read.row.is_line" for m in row.messages)]
    assert len(refused) == 2


def test_lines_that_are_all_closed_are_outlines_of_areas(tmp_path):
    shapes = shapes_of(read_file(written(tmp_path, "net.gpkg", STREETS[2:]), LAYER_OPTIONS))
    assert shapes.geometry.iloc[0].equals(shapely.Polygon(STREETS[2])) and len(shapes) == 1


def test_points_areas_and_lines_of_one_file_stay_what_they_are(tmp_path):
    mixed = [shapely.Point(136000, 456000), shapely.box(137000, 456000, 137100, 456050), *STREETS]
    shapes = shapes_of(read_file(written(tmp_path, "net.geojson", mixed), LAYER_OPTIONS))
    kinds = sorted(shapes.geometry.geom_type)
    assert kinds == ["MultiLineString", "Point", "Polygon"] and count_of(shapes) == 5
    again = from_geojson(to_geojson(shapes))
    away = shapely.hausdorff_distance(again.geometry.to_numpy(), shapes.geometry.to_numpy())
    assert max(away) <= 0.0071 and list(again["name"]) == list(shapes["name"])
    # every vertex stays, so that lines go on meeting where they did
    assert shapely.get_num_coordinates(again.geometry).tolist() == (
        shapely.get_num_coordinates(shapes.geometry).tolist()
    )


def test_a_network_may_hold_more_lines_than_a_delivery_plots(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "MAX_FEATURES", 2)
    monkeypatch.setattr(bounds, "MAX_LINES", 3)
    for name in ("net.gpkg", "net.geojson"):
        path = written(tmp_path, name)
        assert len(read_file(path, LAYER_OPTIONS).lines) == 3
        assert read_file(path, ReadOptions()).refused.key == "read.too_many"
    many = written(tmp_path, "net.fgb", [*STREETS, STREETS[0]])
    assert read_file(many, LAYER_OPTIONS).refused.key == "read.too_many"


def test_a_line_that_is_nowhere_is_left_out_and_height_too(tmp_path):
    high = shapely.force_3d(STREETS[0], 7.0)
    nowhere = shapely.LineString([(136000, 456000), (np.nan, 456000)])
    point = shapely.LineString([(136000, 456000), (136000, 456000)])
    lines = read_file(written(tmp_path, "net.gpkg", [high, nowhere, point]), LAYER_OPTIONS).lines
    assert len(lines) == 1 and lines[0].equals(STREETS[0]) and not lines[0].has_z
