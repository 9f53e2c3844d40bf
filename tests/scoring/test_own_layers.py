"""A layer that a user loaded: against shapely alone, through kader, limits, questions and snapshot."""

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.loader import Coverage
from data.vocabulary import CriterionGroup, LimitOutcome
from geo.crs import RD
from geo.examples import example_plots
from geo.layers import province
from geo.places_layer import as_places, from_geojson, read_layer, to_geojson
from messages import text
from reports.snapshot import take_snapshot, verify_snapshot
from scoring.__main__ import _surroundings as named_layers
from scoring.errors import CriteriaError
from scoring.explain import questions_to_ask
from scoring.indicators import Surroundings, measure
from scoring.kader import (
    Criterion,
    Limit,
    kader_from_text,
    kader_to_text,
    load_kader,
)
from scoring.limits import takes_part
from scoring.own_layers import OwnLayer, overlap_share
from scoring.ranking import rank_measured, score_sheet
from scoring.value_functions import ValueFunction


@pytest.fixture(scope="module")
def plots():
    return example_plots()


@pytest.fixture(scope="module")
def around():
    return Surroundings.packaged(on=dt.date(2026, 11, 25))


def layer(shapes, *, complete, kind="flood"):
    table = gpd.GeoDataFrame({"name": [""] * len(shapes)}, geometry=list(shapes), crs=RD)
    return OwnLayer(
        kind, "Overstroming", table, Coverage(complete, 0.0), "Waterschap", "2025", "0" * 64
    )


def own_kader():
    kader = load_kader("azc")
    part = Criterion(
        "within_flood",
        CriterionGroup.OMVANG,
        "overlap:flood",
        "percent",
        ValueFunction(((0.0, 1.0), (100.0, 0.0))),
        5.0,
        "keuze van het team",
    )
    near = replace(
        part,
        key="near_flood",
        indicator="nearest:flood",
        unit="m",
        value_function=ValueFunction(((0.0, 0.0), (5000.0, 1.0))),
    )
    inside = Limit(
        "layer_own_flood",
        LimitOutcome.JURIDISCH_RISICO,
        "r",
        "province",
        6.0,
        "overlap:flood",
        0.01,
    )
    return replace(kader, criteria=(*kader.criteria, part, near), limits=(*kader.limits, inside))


def over_first(plots):
    """Two areas over one another that cover the western half of the first plot."""
    west, south, east, north = plots.geometry.iloc[0].bounds
    half = shapely.box(west - 10, south - 10, (west + east) / 2, north + 10)
    return [half, shapely.affinity.translate(half, -3, 0)]


def test_a_share_is_that_of_the_union_of_areas():
    generator = np.random.default_rng(7)
    corners = generator.uniform(0, 1000, (60, 2))
    sizes = generator.uniform(20, 300, (60, 2))
    boxes = shapely.box(*corners.T, *(corners + sizes).T)
    plots, areas = gpd.GeoSeries(boxes[:25], crs=RD), boxes[25:]
    found = overlap_share(plots, gpd.GeoDataFrame(geometry=areas, crs=RD))
    whole = shapely.union_all(areas)
    expected = [shape.intersection(whole).area / shape.area for shape in plots]
    assert np.allclose(found, expected, atol=1e-9) and 0 < np.mean(expected) < 1


def test_a_layer_bounds_by_what_it_holds_and_by_what_it_may_lack(plots, around):
    kader = own_kader()
    areas = over_first(plots)
    nothing = measure(plots, kader, around)
    column = nothing.criteria.index("within_flood")
    assert nothing.unknown[:, column].all()
    part = measure(plots, kader, around.with_own(layer(areas, complete=False)))
    first = plots.geometry.iloc[0]
    share = 100 * first.intersection(shapely.union_all(areas)).area / first.area
    assert part.value_low["within_flood"].iloc[0] == pytest.approx(share)
    assert (part.value_high["within_flood"] == 100).all()
    whole = measure(plots, kader, around.with_own(layer(areas, complete=True)))
    assert whole.value_high["within_flood"].iloc[0] == pytest.approx(share)
    assert (whole.value_high["within_flood"].iloc[1:] < 1e-9).sum() > 25
    # an area stands for a place somewhere in it: the interval holds the way to its middle
    middle = [shape.distance(shapely.centroid(areas[0])) for shape in plots.geometry]
    low, high = part.value_low["near_flood"], part.value_high["near_flood"]
    assert ((low <= middle) & (middle <= high)).all()


def test_a_limit_by_a_layer_tells_why_and_asks_where_it_cannot_know(plots, around):
    kader = own_kader()
    areas = over_first(plots)
    met = measure(plots, kader, around.with_own(layer(areas, complete=True)))
    own = [[hit for hit in hits if hit.key == "layer_own_flood"] for hits in met.limits]
    assert [bool(hits) for hits in own] == [True] + [False] * (len(plots) - 1)
    said = own[0][0].reason.text("nl")
    assert "Overstroming" in said and "Waterschap" in said and own[0][0].months == 6
    for lang in ("nl", "en"):
        lifted = own[0][0].lifted_by.text(lang)
        assert "Overstroming" in lifted and "{" not in lifted and "scoring." not in lifted
    ranking = rank_measured(met)

    def asked(measured, place):
        questions = questions_to_ask(rank_measured(measured), plots, place)
        return "layer_own_flood" in {question.key for question in questions}

    assert not asked(met, 0) and not asked(met, 5)
    part = measure(plots, kader, around.with_own(layer(areas, complete=False)))
    assert not asked(part, 0) and asked(part, 5)
    assert asked(measure(plots, kader, around), 0)
    sheet = score_sheet(met, ranking, plots.index[0])
    row = next(r for r in sheet.rows if r.criterion.key == "within_flood")
    assert "Waterschap (2025)" in row.source


def test_a_limit_by_distance_is_met_within_its_metres(plots, around):
    point = shapely.Point(
        plots.geometry.iloc[3].centroid.x + 900, plots.geometry.iloc[3].centroid.y
    )
    limit = Limit(
        "layer_flood", LimitOutcome.PROCEDURE_NODIG, "r", None, None, "nearest:flood", None, 1000.0
    )
    kader = replace(load_kader("azc"), limits=(limit,))
    met = measure(plots, kader, around.with_own(layer([point], complete=True)))
    near = {p for p, shape in enumerate(plots.geometry) if shape.distance(point) <= 1000}
    assert {p for p, hits in enumerate(met.limits) if hits} == near and 3 in near


def test_what_a_layer_blocks_takes_no_part(plots, around):
    limit = replace(own_kader().limits[-1], outcome=LimitOutcome.GEBLOKKEERD)
    kader = replace(load_kader("azc"), limits=(limit,))
    some = plots.iloc[:4].assign(state="kansrijk")
    own = around.with_own(layer(over_first(plots), complete=True)).own
    assert takes_part(some, kader, around.on, own).tolist() == [False, True, True, True]
    assert takes_part(some, kader, around.on).all()


def test_a_kader_with_layers_is_written_and_read_again():
    kader = own_kader()
    again = kader_from_text(kader_to_text(kader))
    assert again == kader and again.hash == kader.hash
    text = kader_to_text(kader)
    for wrong in (
        text.replace('measure = "overlap:flood"', 'measure = "overlap:Fl ood"'),
        text.replace("at_least = 0.01", "at_least = 2"),
        text.replace("at_least = 0.01\n", "within_m = 5.0\n"),
    ):
        with pytest.raises(CriteriaError):
            kader_from_text(wrong)


def test_a_snapshot_holds_the_layer_and_verifies_without_it(plots, around):
    some = plots.iloc[:8]
    loaded = around.with_own(layer(over_first(plots), complete=False))
    ranking = rank_measured(measure(some, own_kader(), loaded))
    taken = take_snapshot(some, ranking, date=dt.date(2026, 11, 25))
    assert verify_snapshot(taken).identical
    plain = replace(load_kader("azc"), limits=())
    plain = rank_measured(measure(some, plain, loaded))
    assert b'"layers"' not in take_snapshot(some, plain, date=dt.date(2026, 11, 25))


def test_a_later_layer_of_a_kind_stands_in_the_place_of_the_earlier(around):
    far = around.with_own(layer([shapely.Point(0, 0)], complete=False))
    near = far.with_own(layer([shapely.Point(140000, 455000)], complete=False))
    assert len(near.places_of("flood")) == 1


def test_points_and_areas_are_kept_as_they_were(tmp_path):
    areas = gpd.GeoDataFrame(
        {"name": ["a", "b"]},
        geometry=[shapely.Point(136000, 456000), shapely.box(137000, 456000, 137100, 456050)],
        crs=RD,
    )
    again = from_geojson(to_geojson(areas))
    assert again.geometry.geom_equals(areas.geometry).all() and list(again["name"]) == ["a", "b"]
    areas.to_file(tmp_path / "x.gpkg")
    places = as_places(read_layer(tmp_path / "x.gpkg"))
    assert places["precision_m"].iloc[0] < 1e-6
    assert places["precision_m"].iloc[1] == pytest.approx(np.hypot(50, 25), abs=0.1)


def test_flood_is_a_question_until_its_layer_is_loaded(plots, around):
    kader = load_kader("azc")
    keys = ("layer_flood", "layer_noise", "layer_external_safety", "layer_soil")
    without = rank_measured(measure(plots, kader, around))
    asked = {q.key: q.who for q in questions_to_ask(without, plots, 0)}
    assert all(asked.get(key) == "municipality" for key in keys)
    loaded = measure(plots, kader, around.with_own(layer(over_first(plots), complete=True)))
    hit = next(h for h in loaded.limits[0] if h.key == "layer_flood")
    assert "waterschap" in hit.lifted_by.text("nl") and hit.months == 3
    asked = {q.key for q in questions_to_ask(rank_measured(loaded), plots, 0)}
    assert "layer_flood" not in asked and "layer_soil" in asked
    assert (rank_measured(loaded).lower == without.lower).all()


def railways(plots):
    """Two lines between the plots, kept as one shape as they are when they are read."""
    at = [shape.centroid for shape in plots.geometry.iloc[[0, 3, 6, 9]]]
    lines = [shapely.LineString(at[:2]), shapely.LineString(at[2:])]
    return lines, shapely.MultiLineString(lines)


def test_lines_are_measured_to_as_they_run(plots, around):
    lines, together = railways(plots)
    kader = own_kader()
    away = [min(shape.distance(one) for one in lines) for shape in plots.geometry]
    whole = measure(plots, kader, around.with_own(layer([together], complete=True)))
    low, high = whole.value_low["near_flood"], whole.value_high["near_flood"]
    assert np.allclose(high, away) and (low <= high).all()
    # a nearer line can lie beyond the province alone
    border = shapely.boundary(province())
    beyond = np.array([shape.distance(border) for shape in plots.geometry])
    assert (low == high)[beyond > high + 500].all() and (beyond > high + 500).sum() > 10
    assert (low <= np.maximum(beyond, 0) + 1).all()
    part = measure(plots, kader, around.with_own(layer([together], complete=False)))
    assert (part.value_low["near_flood"] == 0).all()
    assert np.allclose(part.value_high["near_flood"], away)
    # beside a place of the same layer the nearer of the two counts
    place = plots.geometry.iloc[12].centroid
    both = measure(plots, kader, around.with_own(layer([place, together], complete=True)))
    nearer = [min(a, shape.distance(place)) for a, shape in zip(away, plots.geometry)]
    assert np.allclose(both.value_high["near_flood"], nearer)


def test_no_plot_lies_in_lines(plots, around):
    """Where only an area makes sense it is unknown, not nought, and the limit stays a question."""
    _, together = railways(plots)
    met = measure(plots, own_kader(), around.with_own(layer([together], complete=True)))
    assert met.unknown[:, met.criteria.index("within_flood")].all()
    assert not any(hit.key == "layer_own_flood" for hits in met.limits for hit in hits)
    asked = {question.key for question in questions_to_ask(rank_measured(met), plots, 0)}
    assert "layer_own_flood" in asked
    near = Limit(
        "layer_flood", LimitOutcome.PROCEDURE_NODIG, "r", None, None, "nearest:flood", None, 250.0
    )
    kader = replace(load_kader("azc"), limits=(near,))
    met = measure(plots, kader, around.with_own(layer([together], complete=True)))
    beside = {p for p, shape in enumerate(plots.geometry) if shape.distance(together) <= 250}
    assert {p for p, hits in enumerate(met.limits) if hits} == beside and len(beside) >= 4


def test_a_snapshot_holds_lines_and_verifies(plots, around):
    _, together = railways(plots)
    loaded = around.with_own(layer([together], complete=True))
    ranking = rank_measured(measure(plots.iloc[:6], own_kader(), loaded))
    taken = take_snapshot(plots.iloc[:6], ranking, date=dt.date(2026, 11, 25))
    assert verify_snapshot(taken).identical


def test_lines_of_a_file_are_measured_to_from_the_command_line_too(plots, tmp_path):
    lines, together = railways(plots)
    gpd.GeoDataFrame(geometry=lines, crs=RD).to_file(tmp_path / "spoor.gpkg")
    around = named_layers([f"flood={tmp_path / 'spoor.gpkg'}"], ["flood"], "nl")
    high = measure(plots, own_kader(), around).value_high["near_flood"]
    assert np.allclose(high, [shape.distance(together) for shape in plots.geometry], atol=0.1)


def test_a_limit_says_how_far_its_layer_is_or_what_of_the_plot_lies_in_it(plots, around):
    one = plots.iloc[:1].set_geometry([shapely.box(140000, 455000, 140100, 455100)], crs=RD)
    point = shapely.Point(140400, 455050)
    slice_ = shapely.box(140000, 455000, 140100, 455020.5)
    near = Limit("layer_near", LimitOutcome.JURIDISCH_RISICO, "r", "province", 6.0, "nearest:flood")
    inside = replace(near, key="layer_in", measure="overlap:flood", at_least=0.205)

    def reasons(limit, shapes):
        kader = replace(load_kader("azc"), limits=(limit,))
        loaded = around.with_own(layer(shapes, complete=True)) if shapes else around
        return [hit.reason.text("nl") for hit in measure(one, kader, loaded).limits[0]]

    said = "De plek ligt op 300 m van: Overstroming (Waterschap, 2025)."
    assert reasons(replace(near, within_m=300.0), [point]) == [said]
    assert reasons(replace(near, within_m=299.9), [point]) == []
    touching = [shapely.Point(140100.5, 455050)]
    assert reasons(near, touching) == [] and reasons(replace(near, within_m=1.0), touching) != []
    said = "20\N{NO-BREAK SPACE}% van de plek ligt in: Overstroming (Waterschap, 2025)."
    assert reasons(inside, [slice_]) == [said]
    assert reasons(replace(inside, at_least=0.206), [slice_]) == []
    least = shapely.box(140000, 455000, 140100, 455000.2)
    assert reasons(replace(inside, at_least=0.001), [least])[0].startswith(
        "1\N{NO-BREAK SPACE}% van"
    )


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_limit_that_the_municipality_tells_says_what_it_told(plots, around, lang):
    """Also without the layer of its kind: what would lift it then names the kind."""
    told = plots.iloc[:2].assign(soil="onbekend")
    told.loc[told.index[1], "soil"] = "belemmering"
    limit = Limit(
        *("layer_own", LimitOutcome.JURIDISCH_RISICO, "r", "province", 6.0, "overlap:flood", 0.1),
        column="soil",
    )
    found = measure(told, replace(load_kader("azc"), limits=(limit,)), around).limits
    assert found[0] == ()
    what = text("deliver.field.soil", lang)
    assert found[1][0].reason.text(lang) == text("scoring.limit.told.belemmering", lang, what=what)
    assert "flood" in found[1][0].lifted_by.text(lang)
