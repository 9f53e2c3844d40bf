"""The packaged geography is whole: it tiles, its points lie where they say, others agree."""

import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import loader
from geo import layers
from geo.crs import to_rd
from geo.examples import example_plots
from geo.municipality import assign_municipality

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"


def test_there_are_26_valid_municipalities_with_known_codes():
    towns = layers.municipalities()
    assert len(towns) == 26
    assert towns.geometry.is_valid.all()
    assert towns.index.is_unique
    assert towns.index.str.fullmatch(r"GM\d{4}").all()
    # drawn by one file, counted by another
    areas = layers.municipal_areas()
    assert areas["name"].to_dict() == towns["name"].to_dict()
    assert areas.index.tolist() == towns.index.tolist()


def test_municipalities_tile_without_gaps_or_overlaps():
    shapes = layers.municipalities().geometry.to_numpy()
    for one, other in itertools.combinations(shapes, 2):
        assert shapely.area(shapely.intersection(one, other)) < 1.0
    union = shapely.union_all(shapes)
    parts = shapely.get_parts(union)
    holes = sum(shapely.get_num_interior_rings(part) for part in parts)
    assert holes == 0
    assert abs(shapely.area(shapes).sum() - union.area) < 1.0


@pytest.mark.parametrize("layer", ["reception_locations", "facilities", "schools"])
def test_every_point_lies_in_the_municipality_that_it_names(layer):
    points = getattr(layers, layer)()
    towns = layers.municipalities().geometry
    named = points[points["municipality_code"].notna()]
    away = shapely.distance(
        named.geometry.to_numpy(), towns.reindex(named["municipality_code"]).to_numpy()
    )
    allowed = named["precision_m"].to_numpy(dtype=float) + layers.BOUNDARY_PRECISION_M
    wrong = named.index[away > allowed]
    assert list(wrong) == []


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in loader.resource_names(role="facts")
        if loader.resource_info(name).path.suffix == ".csv"
    ],
)
def test_every_row_has_source_and_date(name):
    table = loader.load(name)
    for column in ("source", "source_date"):
        if column in table:
            assert table[column].notna().all()
            assert table[column].astype(str).str.strip().ne("").all()
    info = loader.resource_info(name)
    assert info.source and info.date and info.licence and info.precision


def test_areas_agree_with_another_map_within_half_a_percent():
    path = REFERENCE / "utrecht26_cbs2022_gegeneraliseerd.gpkg"
    if not path.exists():
        pytest.skip("the reference files are not here")
    other = gpd.read_file(path)
    code = next(c for c in other.columns if other[c].astype(str).str.fullmatch(r"GM\d{4}").all())
    theirs = to_rd(other).set_index(code).geometry.area
    ours = layers.municipalities().geometry.area
    difference = (ours / theirs.reindex(ours.index) - 1).abs()
    # Open water is drawn by one and not by the other (README of the reference).
    watery = layers.municipalities()["water_area_ha"].astype(float) * 1e4 / ours > 0.1
    assert difference[~watery].max() < 0.005


def test_a_plot_near_a_border_is_not_certain_and_one_outside_has_no_municipality():
    towns = layers.municipalities().geometry
    border = towns["GM0344"].intersection(towns["GM0356"]).interpolate(0.5, normalized=True)
    heart = towns["GM0344"].representative_point()
    plots = gpd.GeoSeries(
        [border.buffer(40), heart.buffer(20), shapely.Point(0, 0).buffer(10)], crs="EPSG:28992"
    )
    found = assign_municipality(plots)
    assert found["municipality_certain"].tolist() == [False, True, False]
    assert found["municipality_code"].iloc[1] == "GM0344"
    assert found["municipality_code"].iloc[2] is None
    assert 0.2 < found["municipality_share"].iloc[0] < 0.8


def test_examples_are_enough_fictional_and_varied():
    plots = example_plots()
    assert len(plots) >= 25
    assert plots["name"].str.startswith("FICTIEF").all()
    assert plots["fictional"].all()
    assert plots.geometry.is_valid.all()
    assert plots["municipality_code"].notna().all()
    assert plots["state"].nunique() == 5
    assert plots["owner_kind"].nunique() >= 7
    assert plots["object_kind"].eq("gebouw").sum() >= 5
    assert plots["available_from"].isna().sum() >= 3
    assert plots.geometry.area.min() < 2_000 < 50_000 < plots.geometry.area.max()
    assert (~plots["municipality_certain"]).any()


def test_population_agrees_with_the_reference():
    path = REFERENCE / "pc4_inwoners_clip.gpkg"
    if not path.exists():
        pytest.skip("the reference files are not here")
    other = gpd.read_file(path)
    code = next(c for c in other.columns if "pc4" in c.lower() or "postcode" in c.lower())
    count = next(c for c in other.columns if "inwon" in c.lower())
    theirs = other.set_index(other[code].astype(float).astype(int).astype(str))[count].astype(float)
    ours = layers.inhabitants_pc4().set_index("pc4")["inhabitants"].astype(float)
    ours.index = ours.index.astype(str)
    both = ours.index.intersection(theirs.index)
    assert len(both) > 150
    known = theirs[both] > 0
    ratio = (ours[both] / theirs[both])[known]
    assert np.median(np.abs(ratio - 1)) < 0.1


def test_neighbourhoods_fill_the_province_with_its_inhabitants():
    areas = layers.neighbourhoods()
    towns = layers.municipalities()
    assert len(areas) == 970 and areas.index.is_unique
    assert areas.geometry.is_empty.sum() == 1
    assert areas.geometry.is_valid.all()
    # CBS counts 1,400,060 over the neighbourhoods of 2024; the municipalities are of 2023
    people = areas.groupby("municipality_code")["inhabitants"].sum()
    assert people.sum() == 1_400_060
    ratio = people.astype(float) / towns["inhabitants"].astype(float)
    assert ratio.between(0.98, 1.05).all()
    drawn = shapely.union_all(areas.geometry.to_numpy())
    both = shapely.area(shapely.intersection(drawn, layers.province()))
    assert both / layers.province().area > 0.985
    assert both / drawn.area > 0.985


def test_the_ground_lies_where_the_neighbourhoods_say():
    # an independent table: the land area that CBS gives against the area that is drawn
    areas = layers.neighbourhoods()
    large = areas[areas["land_area_ha"].astype(float) > 100]
    ratio = large.geometry.area / 1e4 / large["land_area_ha"].astype(float)
    assert 0.97 < ratio.median() < 1.06


def test_official_nature_agrees_with_the_light_form():
    from geo import ground

    official, light = layers.natura2000(), ground.nature_areas()
    assert set(official["name"]) == set(light["name"]) and len(official) == 16
    assert official.geometry.is_valid.all()
    touches = official.geometry.intersects(layers.province())
    assert touches.sum() == 9
    one, other = (shapely.union_all(f.geometry.to_numpy()) for f in (official, light))
    assert shapely.area(shapely.symmetric_difference(one, other)) / one.area < 0.02


def test_stations_of_2026_agree_with_the_list_that_they_replace():
    (former,) = loader.former_versions("facilities")
    old, new = layers.facilities(former), layers.facilities()
    kinds = ["station", "museum_station"]
    trains = new[new["facility_kind"].isin(kinds)].set_index("name").geometry
    before = old[old["facility_kind"].isin(kinds)].set_index("name").geometry
    assert len(trains) == 62 and new["station_type"].notna().sum() == 53
    shared = trains.index.intersection(before.index)
    assert set(before.index) - set(shared) == {"Amersfoort", "Hilversum Media Park"}
    moved = trains[shared].distance(before[shared])
    # known to lie 600 m off in the old list
    assert moved.drop("Utrecht Zuilen").max() < 160 and 550 < moved["Utrecht Zuilen"] < 650


def test_every_layer_says_where_it_is_complete():
    assert loader.coverage_of("station") == loader.Coverage(complete=True, margin_m=6000)
    assert not loader.coverage_of("isk").complete
    assert loader.coverage_of("flying_saucer") == loader.NOWHERE


def test_municipalities_to_choose_from_stand_by_alphabet():
    names = layers.municipality_names()
    assert list(names)[:3] == ["Amersfoort", "Baarn", "Bunnik"] and len(names) == 26
    assert list(names).index("IJsselstein") < list(names).index("Leusden")
    assert names.sort_index().equals(layers.municipalities()["name"].sort_index())
