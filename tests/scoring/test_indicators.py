"""Indicators measure from the plot's edge, as plain geometry would."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.many_plots import many_plots
from data.loader import Coverage
from scoring.facilities import nearest_distance_m
from scoring.integration import FEWEST_INHABITANTS, inhabitants_within, load_per_1000, places_within
from scoring.size import compactness, largest_circle_m, places_by_floor, plot_area_m2


def test_nearest_distance_is_that_of_a_plain_search():
    plots = many_plots(300).geometry
    generator = np.random.default_rng(3)
    west, south, east, north = plots.total_bounds
    places = gpd.GeoSeries(
        shapely.points(generator.uniform((west, south), (east, north), (500, 2))), crs=plots.crs
    )
    found = nearest_distance_m(plots, places)
    plain = [shapely.distance(plot, places.to_numpy()).min() for plot in plots]
    np.testing.assert_allclose(found, plain)


def test_a_facility_within_the_plot_is_at_nought_and_none_is_unknown():
    plot = gpd.GeoSeries([shapely.box(0, 0, 100, 100)])
    assert nearest_distance_m(plot, gpd.GeoSeries([shapely.Point(50, 50)])).iloc[0] == 0
    assert nearest_distance_m(plot, gpd.GeoSeries([shapely.Point(400, 50)])).iloc[0] == 300
    assert np.isnan(nearest_distance_m(plot, gpd.GeoSeries([], dtype="geometry")).iloc[0])


@settings(deadline=None)
@given(st.floats(1, 500), st.floats(1, 500))
def test_circle_and_compactness_of_a_rectangle(width, length):
    plot = gpd.GeoSeries([shapely.box(0, 0, width, length)])
    side = min(width, length)
    extent = np.sqrt(width * length)
    assert largest_circle_m(plot).iloc[0] == pytest.approx(side, abs=0.03 * extent)
    expected = np.pi * width * length / (width + length) ** 2
    assert compactness(plot).iloc[0] == pytest.approx(expected)


def test_holes_do_not_count():
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    assert plot_area_m2(gpd.GeoSeries([ring])).iloc[0] == 9600


def test_coa_figures_give_coa_capacities():
    places = places_by_floor(gpd.pd.Series([3000.0, 4500.0]), (10.0, 18.0))
    assert places["high"].iloc[0] == 300
    assert places["low"].iloc[1] == 250


def locations(precision, places, status="open"):
    return gpd.GeoDataFrame(
        {"status": [status], "places": [places], "precision_m": [precision]},
        geometry=[shapely.Point(1000, 0)],
    )


def test_a_location_known_to_3_km_counts_as_maybe():
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)])
    exact = places_within(plot, locations(0.0, 200.0), 1000.0)
    rough = places_within(plot, locations(3000.0, 200.0), 1000.0)
    assert exact.iloc[0].tolist() == [200.0, 200.0]
    assert rough.iloc[0].tolist() == [0.0, 200.0]
    assert places_within(plot, locations(0.0, 200.0, "closed"), 1000.0).iloc[0].tolist() == [0, 0]


def test_unknown_places_leave_the_upper_end_open():
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)])
    found = places_within(plot, locations(0.0, np.nan), 1000.0)
    assert found["low"].iloc[0] == 0 and np.isnan(found["high"].iloc[0])


def test_load_is_unknown_where_hardly_anybody_lives():
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)])
    few = gpd.GeoDataFrame(
        {"inhabitants": [FEWEST_INHABITANTS - 1], "area_km2": [0.1]}, geometry=[shapely.Point(0, 0)]
    )
    assert load_per_1000(plot, locations(0.0, 100.0), few, 3000.0).isna().all(axis=None)
    many = few.assign(inhabitants=10_000)
    assert inhabitants_within(plot, many, 3000.0).iloc[0] == 10_000
    assert load_per_1000(plot, locations(0.0, 100.0), many, 3000.0)["low"].iloc[0] == 10


def test_any_loaded_facility_layer_can_be_a_criterion_without_code(plots, surroundings, shared):
    from scoring.indicators import measure
    from scoring.kader import PACKAGED, load_kader

    text = PACKAGED.read_text(encoding="utf-8")
    text = text.replace("[kinds.azc.weights]", "[kinds.azc.weights]\nshop = 5", 1)
    text += """
[criteria.shop]
group = "voorzieningen"
indicator = "nearest:supermarket"
unit = "m"
points = [[500, 1.0], [3000, 0.0]]
source = "keuze van het team"
"""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "criteria.toml"
        path.write_text(text, encoding="utf-8")
        kader = load_kader("azc", path)
    unknown = measure(plots, kader, surroundings)
    column = unknown.criteria.index("shop")
    assert unknown.unknown[:, column].all()
    shops = gpd.read_file(shared / "reference" / "osm_shop_supermarket_utrecht_2020.geojson")
    from geo.crs import to_rd

    shops = to_rd(shops[["geometry"]])
    shops["geometry"] = shops.geometry.centroid
    shops["facility_kind"] = "supermarket"
    import pandas as pd

    loaded = replace(surroundings, facilities=pd.concat([surroundings.facilities, shops]))
    found = measure(plots, kader, loaded)
    near = found.value_high["shop"]
    assert near["voorbeeld-24"] < 1000 < near["voorbeeld-16"]
    # nobody said that the layer is complete: there may be a nearer one
    assert (found.value_low["shop"] == 0).all()
    whole = replace(loaded, coverage={"supermarket": Coverage(complete=True, margin_m=0)})
    sure = measure(plots, kader, whole)
    assert (sure.value_low["shop"] <= near).all() and sure.value_low["shop"].max() > 1000


def test_nearest_distance_knows_holes_parts_and_corners():
    generator = np.random.default_rng(0)
    shapes = gpd.GeoSeries(
        [
            shapely.box(0, 0, 10, 10).difference(shapely.box(3, 3, 7, 7)),
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(20, 0, 21, 1)]),
            shapely.Polygon([(0, 0), (10, 0), (0, 10)]),
            shapely.Polygon(),
        ]
    )
    points = gpd.GeoSeries(shapely.points(generator.uniform(-5, 25, (400, 2))))
    for count in (1, 3, 400):
        found = nearest_distance_m(shapes, points[:count])
        plain = [
            np.nan if s.is_empty else shapely.distance(s, points[:count].to_numpy()).min()
            for s in shapes
        ]
        np.testing.assert_allclose(found, plain)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=3, max_size=8),
    st.integers(-8, 8),
    st.integers(-8, 8),
)
def test_nearest_distance_is_that_of_geos_for_any_polygon(ring, x, y):
    polygon = shapely.make_valid(shapely.Polygon(ring))
    parts = [p for p in shapely.get_parts(polygon) if p.geom_type == "Polygon" and p.area > 0]
    if not parts:
        return
    shape = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
    found = nearest_distance_m(gpd.GeoSeries([shape]), gpd.GeoSeries([shapely.Point(x, y)])).iloc[0]
    assert found == pytest.approx(shapely.distance(shape, shapely.Point(x, y)), abs=1e-9)
