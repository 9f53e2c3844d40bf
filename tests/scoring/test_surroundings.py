"""What surroundings tell of a plot is what plain geometry gives, as an interval that holds.

Every measure of way 2 is worked out again here with numpy and shapely alone.
"""

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bench.many_plots import many_plots
from data.loader import coverage_of
from geo import layers
from geo.plot_table import with_plot_columns
from scoring.facilities import nearest_interval_m
from scoring.feasibility import months_until, years_left
from scoring.indicators import indicator_named, measure
from scoring.integration import FEWEST_INHABITANTS, load_interval, places_within
from scoring.kader import load_kader
from scoring.limits import nature_of
from scoring.neighbourhoods import (
    Middles,
    PeopleGrid,
    distance_by_mean,
    inhabitants_interval,
)

ON = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def some():
    return many_plots(60, seed=11)


def people_in(shape, areas):
    """The areal overlap of a shape with neighbourhoods, by shapely."""
    known = areas[areas["inhabitants"].notna() & ~areas.geometry.is_empty]
    shapes = known.geometry.to_numpy()
    share = shapely.area(shapely.intersection(shapes, shape)) / shapely.area(shapes)
    return float((share * known["inhabitants"].to_numpy(dtype=float)).sum())


def test_people_in_circles_are_the_areal_overlap(some, surroundings):
    middles = shapely.centroid(some.geometry.to_numpy())
    x, y = shapely.get_coordinates(middles).T
    for radius in (400.0, 1200.0, 3000.0):
        found = surroundings.people.within(x, y, np.full(len(x), radius))
        exact = [
            people_in(shapely.buffer(m, radius, quad_segs=64), surroundings.neighbourhoods)
            for m in middles
        ]
        # cells of 50 m on the edge of a circle
        np.testing.assert_allclose(found, exact, rtol=0.03, atol=40)


def test_the_interval_of_inhabitants_holds_the_areal_overlap_and_moved_outlines(some, surroundings):
    areas = surroundings.neighbourhoods
    none = surroundings.people_beyond.iloc[:0]
    found = inhabitants_interval(some.geometry, surroundings.people, none, 1200.0)
    for plot, low, high in zip(some.geometry, found["low"], found["high"]):
        exact = people_in(plot.centroid.buffer(1200, quad_segs=64), areas)
        assert low <= exact * 1.01 + 5 and exact <= high * 1.01 + 5
    # all outlines moved by less than their precision: the interval holds still
    moved = areas.set_geometry(areas.geometry.translate(45, 30))
    for plot, low, high in list(zip(some.geometry, found["low"], found["high"]))[:25]:
        exact = people_in(plot.centroid.buffer(1200, quad_segs=64), moved)
        assert low <= exact * 1.01 + 5 and exact <= high * 1.01 + 5
    # and it is an interval to work with, where people live
    crowded = found["low"] > 2000
    assert crowded.any() and (found["high"] / found["low"])[crowded].median() < 1.7


def test_all_people_are_there_once(surroundings):
    west, south, east, north = layers.province().bounds
    middle = np.array([(west + east) / 2]), np.array([(south + north) / 2])
    total = surroundings.people.within(*middle, np.array([60_000.0]))
    drawn = surroundings.neighbourhoods
    expected = drawn["inhabitants"][~drawn.geometry.is_empty].sum()
    assert total[0] == pytest.approx(float(expected), rel=1e-9)


def test_bounds_by_mean_distance_hold_where_the_truth_is_known():
    # a made town: people on a fine grid, shops anywhere, neighbourhoods as squares and one strip
    generator = np.random.default_rng(5)
    shops = generator.uniform(0, 6000, (9, 2))
    squares = [shapely.box(i, j, i + 1000, j + 1000) for i in range(0, 6000, 1000)
               for j in range(0, 6000, 1000)]  # fmt: skip
    squares[0] = shapely.union(squares[0], squares.pop(1))

    def away(points):
        return np.hypot(*(points[:, None, :] - shops).transpose(2, 0, 1)).min(axis=1)

    means = []
    for square in squares:
        west, south, east, north = square.bounds
        at = np.array([(x, y) for x in np.arange(west + 25, east, 50)
                       for y in np.arange(south + 25, north, 50)])  # fmt: skip
        means.append(1.25 * away(at).mean() / 1000)  # by road a quarter more
    areas = gpd.GeoDataFrame({"shop_km": means}, geometry=squares, crs="EPSG:28992")
    at = generator.uniform(300, 5700, (200, 2))
    plots = gpd.GeoSeries([shapely.box(x - 20, y - 20, x + 20, y + 20) for x, y in at])
    found = distance_by_mean(plots, areas, Middles.of(areas), "shop_km")
    true = [shapely.distance(p, shapely.points(shops)).min() for p in plots]
    # the square roof of a plot against its middle: 30 m
    assert (found["low"] <= np.array(true) + 1).all()
    assert (np.array(true) <= found["high"] + 1).all()
    assert (found["high"] - found["low"]).median() < 1500
    areas["shop_km"] = np.nan
    assert distance_by_mean(plots, areas, Middles.of(areas), "shop_km").isna().all(axis=None)


def test_the_spread_of_a_neighbourhood_is_the_root_mean_square(surroundings):
    areas = surroundings.neighbourhoods.iloc[[3, 120, 480, 700, 950]]
    middles = Middles.of(areas)
    for shape, at, spread in zip(areas.geometry, middles.at, middles.spread_m):
        west, south, east, north = shape.bounds
        x, y = np.meshgrid(np.linspace(west, east, 400), np.linspace(south, north, 400))
        inside = shapely.contains_xy(shape, x, y)
        mean = np.sqrt(((x[inside] - at[0]) ** 2 + (y[inside] - at[1]) ** 2).mean())
        assert spread == pytest.approx(mean, rel=0.02)


def places(coordinates, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapely.points(coordinates), crs="EPSG:28992")


@pytest.mark.parametrize("kinds_of_precision", [2, 40])
def test_a_doubtful_or_rough_point_gives_an_interval(some, kinds_of_precision):
    generator = np.random.default_rng(2)
    at = generator.uniform((110_000, 430_000), (170_000, 480_000), (90, 2))
    layer = places(
        at,
        precision_m=generator.choice(np.linspace(0, 3000, kinds_of_precision), 90),
        verified=generator.random(90) < 0.7,
        in_doubt=generator.random(90) < 0.1,
    )
    found = nearest_interval_m(some.geometry, layer, complete=True)
    sure = (layer["verified"] & ~layer["in_doubt"]).to_numpy()
    precision = layer["precision_m"].to_numpy()
    for plot, low, high in zip(some.geometry, found["low"], found["high"]):
        away = shapely.distance(plot, layer.geometry.to_numpy())
        assert low == pytest.approx(max(0, (away - precision).min()))
        assert high == pytest.approx((away + precision)[sure].min())
    incomplete = nearest_interval_m(some.geometry, layer, complete=False)
    assert (incomplete["low"] == 0).all() and incomplete["high"].equals(found["high"])
    edge = np.full(len(some), 150.0)
    capped = nearest_interval_m(some.geometry, layer, complete=True, to_edge_m=edge)
    assert (capped["low"] <= 150).all()
    unsure = nearest_interval_m(some.geometry, layer.assign(verified=False), complete=True)
    assert unsure["high"].isna().all() and unsure["low"].notna().all()
    none = nearest_interval_m(some.geometry, layer.iloc[:0], complete=True)
    assert none.isna().all(axis=None)


def test_the_way_to_the_edge_of_what_is_covered_is_never_told_too_long(some):
    province = layers.province()
    for margin in (0.0, 3000.0):
        found = layers.to_edge_m(some.geometry, margin)
        covered = province.buffer(margin) if margin else province
        true = shapely.distance(some.geometry.to_numpy(), covered.boundary)
        assert (found <= true + 1).all()
        if not margin:
            assert (true - found < 100 + 360).all()
    outside = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs="EPSG:28992")
    assert layers.to_edge_m(outside, 3000.0)[0] == 0


def test_each_distance_is_recalculated_from_the_packaged_points(some, surroundings):
    kader = load_kader("amv")
    schools, facilities = layers.schools(), layers.facilities()
    for name, layer, kind in (
        ("station", facilities[facilities["facility_kind"].eq("station")], "station"),
        ("hospital", facilities[facilities["facility_kind"].eq("hospital")], "hospital"),
        ("secondary_school", schools[schools["facility_kind"].eq("school_secondary")],
         "school_secondary"),
    ):  # fmt: skip
        found = indicator_named(name)(some, kader, surroundings)
        assert coverage_of(kind).complete
        cap = layers.to_edge_m(some.geometry, coverage_of(kind).margin_m)
        sure = (
            layer["verified"] & ~layer["in_doubt"]
            if "verified" in layer
            else layer.index == layer.index
        )
        for place, plot in enumerate(some.geometry):
            away = shapely.distance(plot, layer.geometry.to_numpy())
            precision = layer["precision_m"].to_numpy(dtype=float)
            low = min(max(0.0, (away - precision).min()), cap[place])
            high = (away + precision)[np.asarray(sure, dtype=bool)].min()
            assert found["low"].iloc[place] == pytest.approx(low)
            assert found["high"].iloc[place] == pytest.approx(high)


def test_an_international_class_is_between_the_nearest_school_and_the_nearest_known(
    some, surroundings
):
    found = indicator_named("isk")(some, load_kader("amv"), surroundings)
    known = layers.facilities().query("facility_kind == 'isk'").geometry.to_numpy()
    schools = layers.schools().query("facility_kind == 'school_secondary'").geometry.to_numpy()
    cap = layers.to_edge_m(some.geometry, 3000.0)
    for place, plot in enumerate(some.geometry):
        nearest = shapely.distance(plot, np.concatenate([known, schools])).min() - 200
        assert found["low"].iloc[place] == pytest.approx(min(max(0, nearest), cap[place]))
        assert found["high"].iloc[place] == pytest.approx(shapely.distance(plot, known).min() + 200)


def test_a_score_of_nought_has_evidence(some, surroundings):
    # where a layer is incomplete or a point unverified, the best that may be is not nought
    for kind in ("azc", "amv", "statushouders"):
        measured = measure(some, load_kader(kind), surroundings)
        column = measured.criteria.index("isk")
        far = measured.value_high["isk"] > 25_000
        assert (measured.score_high[far.to_numpy(), column] > 0).all()


def test_a_mean_distance_and_points_of_schools_agree(surroundings, some):
    # two sources that know nothing of each other: points by postcode, means by CBS
    found = indicator_named("primary_school")(some, load_kader("azc"), surroundings)
    assert found.notna().all(axis=None) and (found["low"] <= found["high"]).all()
    schools = layers.schools().query("facility_kind == 'school_primary'")
    sharp = schools[schools["precision_m"] <= 400]
    for plot, high, low in zip(some.geometry, found["high"], found["low"]):
        away = shapely.distance(plot, sharp.geometry.to_numpy()).min() + 400
        assert low <= away + 1 and high <= max(away, low) + 1


def location(x, places, precision, *, kind="azc", address=None, start=None, end=None):
    return gpd.GeoDataFrame(
        {
            "status": ["open"], "kind": [kind], "places": [places], "precision_m": [precision],
            "address": [address], "start_date": [start], "end_date": [end],
        },
        geometry=[shapely.Point(x, 0)],
        crs="EPSG:28992",
    )  # fmt: skip


def test_what_stands_on_a_plot_is_no_load_on_it():
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)])
    own = pd.DataFrame({"address": ["Kampweg 12"], "state": ["concept"]})
    same = location(300, 400.0, 100.0, address="kampweg 12-a")
    assert places_within(plot, same, 1000.0, ON, own).iloc[0].tolist() == [0, 0]
    assert places_within(plot, same, 1000.0, ON).iloc[0].tolist() == [400, 400]
    # it may be the plot itself: not certain, but possible
    rough = location(300, 400.0, 450.0)
    assert places_within(plot, rough, 1000.0, ON, own).iloc[0].tolist() == [0, 400]
    apart = location(600, 400.0, 300.0)
    assert places_within(plot, apart, 1000.0, ON, own).iloc[0].tolist() == [400, 400]
    wide = location(300, 400.0, 650.0)
    assert places_within(plot, wide, 1000.0, ON, own).iloc[0].tolist() == [400, 400]
    used = own.assign(state="gerealiseerd")
    assert places_within(plot, wide, 1000.0, ON, used).iloc[0].tolist() == [0, 400]


def test_an_unknown_number_of_places_is_bounded_by_the_largest_of_its_kind():
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)])
    own = pd.DataFrame({"address": [None], "state": ["concept"]})
    both = pd.concat([location(600, np.nan, 0.0), location(90_000, 590.0, 0.0)])
    assert places_within(plot, both, 1000.0, ON, own).iloc[0].tolist() == [0, 590]
    alone = location(600, np.nan, 0.0)
    assert np.isnan(places_within(plot, alone, 1000.0, ON, own)["high"].iloc[0])


@pytest.mark.parametrize(("key", "reach_m"), [("load_1km", 1000.0), ("load_3km", 3000.0)])
def test_load_is_places_over_people_at_both_ends(key, reach_m, some, surroundings):
    found = indicator_named(key)(some, load_kader("azc"), surroundings)
    counted = places_within(
        some.geometry, surroundings.locations, reach_m, surroundings.on, some[["address", "state"]]
    )
    people = inhabitants_interval(
        some.geometry, surroundings.people, surroundings.people_beyond.iloc[:0], reach_m
    )
    for p in some.index:
        most, least = people.at[p, "high"], people.at[p, "low"]
        if counted.at[p, "high"] == 0:
            assert found.loc[p].tolist() == [0, 0]
        elif least >= FEWEST_INHABITANTS:
            assert found.at[p, "low"] == pytest.approx(1000 * counted.at[p, "low"] / most)
            assert found.at[p, "high"] == pytest.approx(
                1000 * counted.at[p, "high"] / least, nan_ok=True
            )
    few = pd.DataFrame({"low": [5.0, 50.0], "high": [50.0, 500.0]})
    some_places = pd.DataFrame({"low": [100.0, 100.0], "high": [100.0, 100.0]})
    assert load_interval(some_places, few).iloc[0].isna().all()
    assert load_interval(some_places, few).iloc[1].isna().tolist() == [False, True]


def dated(begin, end):
    return pd.to_datetime(pd.Series([begin])), pd.to_datetime(pd.Series([end]))


@pytest.mark.parametrize(
    ("begin", "end", "months", "years"),
    [
        ("2026-01-01", "2031-11-22", (0, 0), (5, 5)),
        ("2027-11-23", "2032-11-22", (12, 12), (5, 5)),
        ("2090-01-01", "2095-01-01", (757, 757), (5, 5)),
        ("2020-01-01", "2025-01-01", None, (0, 0)),
        (None, "2031-11-22", None, (0, 5)),
        ("2027-01-01", None, (1.3, 1.3), None),
    ],
)
def test_terms_count_from_the_day(begin, end, months, years):
    found = months_until(*dated(begin, end), ON).iloc[0]
    if months is None:
        assert found.isna().all()
    else:
        assert found.tolist() == pytest.approx(months, abs=0.5)
    left = years_left(*dated(begin, end), ON).iloc[0]
    if years is None:
        assert left.isna().all()
    else:
        assert left.tolist() == pytest.approx(years, abs=0.01)


def test_nature_is_the_overlap_with_the_official_outlines(surroundings):
    nature = layers.natura2000()
    edge = nature.geometry.iloc[0].representative_point()
    inside = edge.buffer(20)
    border = nature.geometry.iloc[int(nature.geometry.area.argmax())]
    on_edge = shapely.Point(shapely.get_coordinates(border.boundary)[100]).buffer(60)
    town = shapely.box(136_000, 455_500, 136_100, 455_600)
    plots = gpd.GeoSeries([inside, on_edge, town, shapely.Polygon()], crs="EPSG:28992")
    found = nature_of(plots, nature)
    union = shapely.union_all(nature.geometry.to_numpy())
    for place in range(3):
        plot = plots.iloc[place]
        share = plot.intersection(union).area / plot.area
        assert found["share"].iloc[place] == pytest.approx(share, abs=1e-6)
        assert found["distance_m"].iloc[place] == pytest.approx(plot.distance(union), abs=1e-6)
    assert found["name"].iloc[0] == nature["name"].iloc[0]
    assert 0.1 < found["share"].iloc[1] < 0.9
    assert found["share"].iloc[2] == 0 and found["distance_m"].iloc[2] > 1000
    assert np.isnan(found["share"].iloc[3])


def test_limits_see_nature_and_the_day_in_the_new_way_alone(surroundings):
    point = layers.natura2000().geometry.iloc[3].representative_point()
    table = gpd.GeoDataFrame(
        {"available_from": ["2020-01-01"], "available_until": ["2025-01-01"]},
        geometry=[point.buffer(30)],
        crs="EPSG:28992",
        index=pd.Index(["p"], name="plot_id"),
    )
    plot = with_plot_columns(table)
    from scoring.kader import FORMER

    now = measure(plot, load_kader("azc"), surroundings).limits[0]
    before = measure(plot, load_kader("azc", FORMER["2026-1"]), surroundings).limits[0]
    assert [hit.key for hit in now][:2] == ["term_over", "natura2000"]
    assert "100 procent" in now[1].reason.text("nl")
    assert not before
    assert measure(plot, load_kader("azc"), replace(surroundings, on=dt.date(2021, 1, 1))).limits[
        0
    ][0].key == ("natura2000")


def test_people_of_one_neighbourhood_without_outline_are_nowhere():
    areas = gpd.GeoDataFrame(
        {"inhabitants": [100, 40], "precision_m": [70.0, np.nan]},
        geometry=[shapely.box(0, 0, 500, 500), shapely.Polygon()],
        crs="EPSG:28992",
    )
    grid = PeopleGrid.of(areas)
    assert grid.within(np.array([250.0]), np.array([250.0]), np.array([2000.0]))[0] == 100


def test_no_places_are_no_load_however_few_people_live_there():
    none = pd.DataFrame({"low": [0.0], "high": [0.0]})
    few = pd.DataFrame({"low": [0.0], "high": [20.0]})
    assert load_interval(none, few).iloc[0].tolist() == [0, 0]


def test_people_beyond_the_province_count_by_postcode_area(surroundings):
    empty = PeopleGrid.of(surroundings.neighbourhoods.iloc[:0])
    plot = gpd.GeoSeries([shapely.box(-10, -10, 10, 10)], crs="EPSG:28992")
    areas = gpd.GeoDataFrame(
        {"inhabitants": [1000.0, 500.0, 300.0], "precision_m": [400.0, 400.0, 400.0]},
        geometry=shapely.points([[100, 0], [1000, 0], [5000, 0]]),
        crs="EPSG:28992",
    )
    low, high = inhabitants_interval(plot, empty, areas, 1200.0).iloc[0]
    # all of the first lives within reach wherever it lives; of the second a quarter does for sure
    assert low == pytest.approx(1000 + 500 * (1200 - 1000) / 800)
    assert high == pytest.approx(1500)
    outside = surroundings.people_beyond
    assert 0 < len(outside) < len(surroundings.inhabitants)
    assert not outside.geometry.within(layers.province()).any()


def test_kaders_of_before_measure_to_the_stations_of_then(surroundings):
    from data.loader import former_versions
    from scoring.kader import FORMER

    (former,) = former_versions("facilities")
    stations = layers.facilities(former).query("facility_kind == 'station'").geometry
    moved = stations["station-utrecht-zuilen"]
    plot = gpd.GeoDataFrame(
        {"address": [None]}, geometry=[moved.buffer(15)], crs="EPSG:28992", index=["p"]
    )
    before = load_kader("azc", FORMER["2026-1"])
    column = indicator_named("station", before.method)(plot, before, surroundings)
    assert column.iloc[0].tolist() == [0, 0]
    assert indicator_named("station")(plot, before, surroundings)["low"].iloc[0] > 400


def test_an_intercity_station_and_an_azc_are_found_by_plain_search(some, surroundings):
    kader = load_kader("oekraine")
    stations = layers.facilities().query("facility_kind == 'station'")
    sure = stations[stations["station_type"].eq("intercity")]
    maybe = stations[stations["station_type"].eq("intercity") | stations["station_type"].isna()]
    cap = layers.to_edge_m(some.geometry, 6000.0)
    found = indicator_named("intercity")(some, kader, surroundings)
    azc = surroundings.locations
    azc = azc[azc["kind"].eq("azc") & azc["status"].isin(["open", "planned"])]
    near = indicator_named("azc_near")(some, kader, surroundings)
    for place, plot in enumerate(some.geometry):
        away = shapely.distance(plot, sure.geometry.to_numpy())
        assert found["high"].iloc[place] == pytest.approx((away + sure["precision_m"]).min())
        possible = shapely.distance(plot, maybe.geometry.to_numpy()) - maybe["precision_m"]
        low = min(max(0, possible.min()), cap[place])
        assert found["low"].iloc[place] == pytest.approx(low)
        away = shapely.distance(plot, azc.geometry.to_numpy())
        assert near["high"].iloc[place] == pytest.approx((away + azc["precision_m"]).min())
        assert near["low"].iloc[place] == 0


def test_the_puzzle_counts_the_people_and_places_that_a_score_counts(surroundings):
    from scoring.puzzle import Candidate
    from scoring.puzzle_candidates import REACH_M, room_nearby

    plots = many_plots(12, seed=4)
    middles = plots.geometry.centroid
    candidates = [
        Candidate(p, "x", 100.0, 50.0, m.x, m.y) for p, m in zip(plots.index, middles, strict=True)
    ]
    found = room_nearby(
        plots, candidates, surroundings.people, surroundings.locations,
        most_load=30.0, on=surroundings.on,
    )  # fmt: skip
    kader = load_kader("azc")
    for place, near, room in found:
        others = [i for i, m in enumerate(middles) if m.distance(middles.iloc[place]) <= REACH_M]
        assert sorted(near) == others
        certain = shapely.buffer(middles.iloc[place], REACH_M - surroundings.people.precision_m)
        people = people_in(certain, surroundings.neighbourhoods)
        there = indicator_named("load_3km")(plots, kader, surroundings)["low"].iloc[place]
        assert room <= 30 * people / 1000 * 1.03 + 2
        if there == 0:
            assert room == pytest.approx(30 * people / 1000, rel=0.04, abs=2)


def test_no_more_people_live_beyond_the_province_than_fit_in_what_is_near(surroundings):
    kader = load_kader("azc")
    plots = many_plots(400, seed=21)
    before = indicator_named("inhabitants", 2)(plots, kader, surroundings)
    now = indicator_named("inhabitants")(plots, kader, surroundings)
    assert (now["high"] <= before["high"] + 1e-6).all() and (now["low"] <= now["high"]).all()
    reach = 1200 + surroundings.people.precision_m
    beyond = surroundings.people_beyond
    spread = beyond["precision_m"].to_numpy(dtype=float)
    density = beyond["inhabitants"].to_numpy(dtype=float) / (np.pi * spread**2)
    at = shapely.get_coordinates(beyond.geometry.to_numpy())
    province = layers.province()
    assert (before["high"] > now["high"] + 1).sum() > 20
    near_edge = np.flatnonzero(layers.to_edge_m(plots.geometry, 0.0) < 1000)
    assert len(near_edge) > 20
    for place in near_edge:
        middle = plots.geometry.iloc[place].centroid
        circle = middle.buffer(reach, quad_segs=64)
        outside = circle.difference(province).area
        away = np.hypot(at[:, 0] - middle.x, at[:, 1] - middle.y)
        densest = density[(1200 + 2 * spread - away) > 0].max(initial=0.0)
        inside = people_in(circle, surroundings.neighbourhoods)
        most = inside + outside * densest
        # cells of 50 m on the edge of a circle
        assert now["high"].iloc[place] <= most * 1.04 + 60 + 0.01 * circle.area * densest
    # well within the province nothing lies beyond
    deep = layers.to_edge_m(plots.geometry, 0.0) > 1500
    grid = surroundings.people.within(
        *shapely.get_coordinates(shapely.centroid(plots.geometry.to_numpy())[deep]).T,
        np.full(int(deep.sum()), reach),
    )
    np.testing.assert_allclose(now["high"].to_numpy()[deep], grid)


def test_a_floor_that_is_told_is_one_of_a_building(plots, surroundings):
    kader = load_kader("azc")
    some = plots.iloc[:4].assign(
        object_kind=["onbekend", "onbekend", "perceel", "gebouw"], gfa_m2=[1000, np.nan, 1000, 1000]
    )
    now = indicator_named("existing_building")(some, kader, surroundings)["low"]
    assert now.iloc[[0, 2, 3]].tolist() == [1, 0, 1] and np.isnan(now.iloc[1])
    before = indicator_named("existing_building", 2)(some, kader, surroundings)["low"]
    assert np.isnan(before.iloc[0])
    room = indicator_named("capacity")(some, kader, surroundings)
    assert room.iloc[0].tolist() == room.iloc[3].tolist() == pytest.approx([1000 / 18, 100])
    assert room.iloc[1].isna().all()


def test_what_a_plot_tells_by_itself_is_scored_as_it_is_told(plots, surroundings):
    """Owner, zoning, grid, cost and mixed living, by plain reading of the columns."""
    kader = load_kader("crisisnoodopvang")
    fits = {"wonen", "maatschappelijk", "gemengd"}
    grid = {"niet": 0, "beperkt": 1, "beschikbaar": 2}
    some = plots.assign(cost_per_place_eur=[np.nan, 12_000.0] * (len(plots) // 2))

    def value(key, row):
        if key == "public_owner":
            return (
                np.nan if row.owner_kind == "onbekend" else float(row.owner_kind != "particulier")
            )
        if key == "zoning_fits":
            return np.nan if row.zoning == "onbekend" else float(row.zoning in fits)
        if key == "grid":
            return grid.get(row.grid_connection, np.nan)
        if key == "mixed_living":
            return np.nan if row.mixed_living is None else float(row.mixed_living)
        return row.cost_per_place_eur

    for key in ("public_owner", "zoning_fits", "grid", "mixed_living", "cost_per_place"):
        found = indicator_named(key)(some, kader, surroundings)
        wanted = [value(key, row) for row in some.itertuples()]
        np.testing.assert_array_equal(found["low"].to_numpy(float), np.array(wanted, dtype=float))
        np.testing.assert_array_equal(found["high"].to_numpy(float), np.array(wanted, dtype=float))


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("supermarket", "supermarket_km"),
        ("general_practitioner", "general_practitioner_km"),
    ],
)
def test_a_mean_distance_is_recalculated_from_the_packaged_neighbourhoods(
    key, column, some, surroundings
):
    areas = surroundings.neighbourhoods
    areas = areas[areas[column].notna() & ~areas.geometry.is_empty]
    means = 1000 * areas[column].to_numpy(dtype=float)
    centres = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
    found = indicator_named(key)(some, load_kader("azc"), surroundings)
    for place, plot in list(enumerate(some.geometry))[:20]:
        middle = shapely.get_coordinates(plot.centroid)[0]
        away = np.hypot(*(centres - middle).T)
        low, high = [], []
        for near in np.argsort(away)[:12]:  # the mean square of the way to points of a fine grid
            shape = areas.geometry.iloc[near]
            west, south, east, north = shape.bounds
            x, y = np.meshgrid(np.linspace(west, east, 150), np.linspace(south, north, 150))
            inside = shapely.contains_xy(shape, x, y)
            way = np.sqrt(((x[inside] - middle[0]) ** 2 + (y[inside] - middle[1]) ** 2).mean())
            low.append(means[near] / 2 - way)
            high.append(means[near] + way)
        corners = shapely.get_coordinates(shapely.box(*plot.bounds))
        reach = np.hypot(*(corners - middle).T).max()
        assert found["high"].iloc[place] == pytest.approx(min(high), rel=0.02)
        least = min(max(max(low) - reach, 0), min(high))
        assert found["low"].iloc[place] == pytest.approx(least, rel=0.02, abs=25)


RECALCULATED = {
    "capacity": "test_shared_unknowns",
    "largest_circle": "test_indicators",
    "station": "test_surroundings",
    "hospital": "test_surroundings",
    "secondary_school": "test_surroundings",
    "intercity": "test_surroundings",
    "isk": "test_surroundings",
    "azc_near": "test_surroundings",
    "supermarket": "test_surroundings",
    "general_practitioner": "test_surroundings",
    "primary_school": "test_surroundings",
    "inhabitants": "test_surroundings",
    "load_1km": "test_surroundings",
    "load_3km": "test_surroundings",
    "term": "test_surroundings",
    "first_day": "test_surroundings",
    "mixed_living": "test_surroundings",
    "existing_building": "test_surroundings",
    "public_owner": "test_surroundings",
    "zoning_fits": "test_surroundings",
    "grid": "test_surroundings",
    "cost_per_place": "test_surroundings",
}
"""Where each indicator of the present kaders is worked out again, with numpy and shapely alone."""


def test_every_indicator_of_the_present_kaders_is_worked_out_again():
    from scoring.kader import load_kaders

    used = {c.indicator for kader in load_kaders().values() for c in kader.criteria}
    assert used == set(RECALCULATED)
