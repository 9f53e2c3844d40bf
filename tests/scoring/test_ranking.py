"""The ranking is that of published tables, honest about unknowns, and has the right properties."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pymcdm.normalizations import sum_normalization

from data.vocabulary import LimitOutcome, ReceptionKind
from geo.layers import reception_locations
from geo.plot_table import with_plot_columns
from scoring.errors import CriteriaError, ScoringError, UnknownPlotError
from scoring.indicators import measure
from scoring.kader import load_kader
from scoring.ranking import possible_ranks, rank, rank_measured, score_sheet, weighted_sum
from scoring.value_functions import ValueFunction


def cases(shared):
    return json.loads((shared / "reference" / "mcda_cases.json").read_text())


def test_weighted_sum_gives_the_published_values(shared):
    checked = 0
    for case in cases(shared):
        pipeline = case.get("pipeline", [])
        table = case.get("decision_matrix", {})
        if case.get("method") == "methods.WSM()":
            matrix = np.array(case["matrix"], dtype=float)
            types = np.array(case["types"])
            scores = np.column_stack(
                [sum_normalization(column, kind < 0) for column, kind in zip(matrix.T, types)]
            )
            weights = np.array(case["weights"])
            expected = case["expected"]["output"]
        elif pipeline == ["WeightedSumModel()"]:
            scores = np.array(table["matrix"], dtype=float)
            weights = np.ones(scores.shape[1])
            expected = case["expected"]["args"][3]["score"]
        elif "WeightedSumModel()" in pipeline:
            matrix = np.array(table["matrix"], dtype=float)
            low = np.array([goal in ("min", -1) for goal in table["objectives"]])
            matrix[:, low] = 1 / matrix[:, low]
            scores = matrix / matrix.sum(axis=0)
            weights = np.array(table["weights"], dtype=float)
            weights = weights / weights.sum()
            expected = case["expected"]["args"][3]["score"]
        else:
            continue
        found = weighted_sum(scores, weights)
        np.testing.assert_allclose(found, expected, atol=2e-3)
        assert int(np.argmax(found)) == int(np.argmax(expected))
        checked += 1
    assert checked == 3


@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_every_kind_ranks_the_examples_within_bounds(kind, plots, surroundings):
    ranking = rank(plots, kind=kind, surroundings=surroundings)
    assert (ranking.lower >= 0).all() and (ranking.upper <= 100).all()
    assert (ranking.lower <= ranking.upper).all()
    assert len(set(ranking.order())) == len(plots)
    counts = [ranking.weights[key] > 0 for key in ranking.measured.criteria]
    unknown = ranking.measured.unknown[:, counts].any(axis=1)
    assert unknown.any()
    assert (ranking.lower[unknown] < ranking.upper[unknown]).all()


def test_a_sheet_adds_up_and_names_a_source_for_every_criterion(plots, measured):
    ranking = rank_measured(measured)
    for place, plot_id in enumerate(plots.index):
        sheet = score_sheet(measured, ranking, plot_id)
        assert sum(r.contribution_low for r in sheet.rows) == pytest.approx(ranking.lower[place])
        assert sum(g.contribution_high for g in sheet.groups) == pytest.approx(ranking.upper[place])
        assert sum(g.weight for g in sheet.groups) == pytest.approx(1)
        assert all(row.source for row in sheet.rows)
        for row in sheet.rows:
            if row.unknown:
                assert (row.score_low, row.score_high) == (0, 1)
    with pytest.raises(UnknownPlotError):
        score_sheet(measured, ranking, "nergens")


def test_the_scale_of_weights_does_not_matter(measured):
    points = {key: 1.0 + place for place, key in enumerate(measured.criteria)}
    one = rank_measured(measured, points)
    other = rank_measured(measured, {key: 7.3 * value for key, value in points.items()})
    np.testing.assert_allclose(one.lower, other.lower)
    assert one.order().tolist() == other.order().tolist()


def test_an_irrelevant_plot_does_not_turn_two_others(plots, surroundings):
    whole = rank(plots, surroundings=surroundings)
    part = rank(plots.iloc[:-5], surroundings=surroundings)
    np.testing.assert_allclose(whole.lower[:-5], part.lower)
    np.testing.assert_allclose(whole.upper[:-5], part.upper)


@given(
    scores=arrays(float, (6, 4), elements=st.floats(0, 1)),
    better=st.floats(0, 1),
    column=st.integers(0, 3),
    weights=arrays(float, 4, elements=st.floats(0.01, 1)),
)
def test_better_on_one_criterion_never_ranks_lower(scores, better, column, weights):
    before = weighted_sum(scores, weights)
    improved = scores.copy()
    improved[0, column] = max(scores[0, column], better)
    after = weighted_sum(improved, weights)
    assert after[0] >= before[0] - 1e-12
    assert (after[1:] > after[0] + 1e-12).sum() <= (before[1:] > before[0] + 1e-12).sum()


@given(
    points=st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1)), min_size=2, max_size=6,
                    unique_by=lambda p: round(p[0], 3)),
    ends=st.tuples(st.floats(-2e3, 2e3), st.floats(-2e3, 2e3)),
    share=st.floats(0, 1),
)  # fmt: skip
def test_bounds_hold_for_every_completion_of_an_unknown(points, ends, share):
    function = ValueFunction(tuple(sorted(points)))
    low, high = min(ends), max(ends)
    value = low + share * (high - low)
    worst, best = function.score_bounds(np.array([low]), np.array([high]))
    score = function.scores(np.array([value]))
    assert worst[0] - 1e-9 <= score[0] <= best[0] + 1e-9


@settings(max_examples=12, deadline=None)
@given(
    gfa=st.floats(50, 20_000),
    grid=st.sampled_from(["beschikbaar", "beperkt", "niet"]),
    mixed=st.booleans(),
    years=st.floats(0.1, 40),
)
def test_the_interval_of_a_plot_contains_every_completion(
    plots, surroundings, gfa, grid, mixed, years
):
    unknown = plots.loc[["voorbeeld-14"]]
    assert unknown["gfa_m2"].isna().all()
    filled = unknown.copy()
    filled["gfa_m2"] = gfa
    filled["grid_connection"] = grid
    filled["mixed_living"] = mixed
    filled["available_from"] = pd.Timestamp("2027-01-01")
    filled["available_until"] = pd.Timestamp("2027-01-01") + pd.Timedelta(days=365.25 * years)
    before = rank(unknown, surroundings=surroundings)
    after = rank(filled, surroundings=surroundings)
    assert before.lower[0] - 1e-9 <= after.lower[0] <= after.upper[0] <= before.upper[0] + 1e-9


@given(
    lower=arrays(float, 7, elements=st.integers(0, 60)),
    width=arrays(float, 7, elements=st.integers(0, 40)),
    chosen=arrays(float, 7, elements=st.floats(0, 1)),
)
def test_possible_ranks_hold_for_every_completion(lower, width, chosen):
    best, worst = possible_ranks(lower, lower + width)
    totals = np.round(lower + chosen * width, 9)
    ranks = [1 + int((totals > total).sum()) for total in totals]
    assert all(b <= r <= w for b, r, w in zip(best, ranks, worst))


@pytest.mark.parametrize(
    "weights", [{"station": -1}, {"bestaat_niet": 1}, {"station": 0}, {"station": float("nan")}]
)
def test_impossible_weights_are_refused(measured, weights):
    with pytest.raises(CriteriaError):
        rank_measured(measured, weights)


def plot_at(x, y, **known):
    table = gpd.GeoDataFrame(
        {column: [value] for column, value in known.items()},
        geometry=[shapely.box(x - 50, y - 50, x + 50, y + 50)],
        crs="EPSG:28992",
        index=pd.Index(["p"], name="plot_id"),
    )
    return with_plot_columns(table)


def test_kamp_van_zeist_weighs_on_soesterberg_across_the_border(surroundings):
    camp = reception_locations().loc["zeist-kamp-van-zeist"]
    assert camp["municipality_code"] == "GM0355"
    village = plot_at(149_300, 459_000)
    from geo.municipality import assign_municipality

    assert assign_municipality(village.geometry)["municipality_code"].iloc[0] == "GM0342"
    kader = load_kader("azc")
    with_camp = measure(village, kader, surroundings).value_low["load_3km"].iloc[0]
    others = surroundings.locations.drop(index="zeist-kamp-van-zeist")
    without = replace(surroundings, locations=others)
    assert with_camp > measure(village, kader, without).value_low["load_3km"].iloc[0]


def test_limits_have_three_outcomes_and_remove_nothing(plots, surroundings):
    ranking = rank(plots, surroundings=surroundings)
    hits = {hit.outcome for limits in ranking.measured.limits for hit in limits}
    assert hits == set(LimitOutcome)
    assert len(ranking.order()) == len(plots)
    for limits in ranking.measured.limits:
        for hit in limits:
            assert hit.reason.text("nl") and hit.article and hit.lifted_by.text("nl")


def test_a_term_of_exactly_five_years_counts(surroundings):
    lasting = plot_at(140_000, 450_000, available_from="2027-01-01", available_until="2032-01-01")
    short = plot_at(140_000, 450_000, available_from="2027-01-01", available_until="2031-12-01")
    kader = load_kader("azc")
    assert "not_durable" not in [h.key for h in measure(lasting, kader, surroundings).limits[0]]
    assert "not_durable" in [h.key for h in measure(short, kader, surroundings).limits[0]]


def test_a_plot_without_a_shape_is_named(surroundings):
    empty = plot_at(140_000, 450_000)
    empty.geometry = [shapely.Polygon()]
    with pytest.raises(ScoringError) as refused:
        measure(empty, load_kader("azc"), surroundings)
    assert "p" in refused.value.message.text("nl")


def standing(measured, lower, upper, lead="middle"):
    ranking = rank_measured(measured)
    pad = len(ranking.lower) - len(lower)
    low, high = np.array([*lower, *[-1.0] * pad]), np.array([*upper, *[-1.0] * pad])
    method = 1 if lead == "lower" else 2
    kader = replace(measured.kader, method=method)
    return replace(
        ranking, lower=low, upper=high, kader=kader, measured=replace(measured, kader=kader)
    )


def test_each_order_goes_by_what_it_says_then_by_the_other_total_then_by_name(measured):
    names = [str(name) for name in measured.plot_ids]
    lower = [10.0, 30.0, 20.0, 30.0, 20.0, 25.0]
    upper = [90.0, 40.0, 80.0, 60.0, 80.0, 75.0]
    ranking = standing(measured, lower, upper)

    def sort(first, second):
        every = range(len(lower))
        return sorted(every, key=lambda p: (-round(first(p), 9), -round(second(p), 9), names[p]))

    def middle(p):
        return (lower[p] + upper[p]) / 2

    assert ranking.order("lower").tolist()[:6] == sort(lower.__getitem__, upper.__getitem__)
    assert ranking.order("upper").tolist()[:6] == sort(upper.__getitem__, lower.__getitem__)
    assert ranking.order("middle").tolist()[:6] == sort(middle, lower.__getitem__)
    # 0, 2, 4 and 5 all stand at 50 in the middle: the one that is surest goes first.
    assert ranking.order().tolist()[:6] == [5, 2, 4, 0, 3, 1]
    with pytest.raises(KeyError):
        ranking.order("best")


def test_what_differs_by_less_than_can_be_told_is_a_tie(measured):
    ranking = standing(measured, [50.0, 50.0 + 1e-12, 49.0], [50.0, 50.0 + 1e-12, 51.0 + 1e-12])
    assert ranking.order("middle").tolist()[:3] == [0, 1, 2]
    assert ranking.order("upper").tolist()[:3] == [2, 0, 1]


def test_possible_ranks_are_those_of_plain_counting():
    generator = np.random.default_rng(2)
    for _ in range(60):
        count = int(generator.integers(1, 8))
        low = generator.integers(0, 6, count).astype(float)
        high = low + generator.integers(0, 4, count)
        best, worst = possible_ranks(low, high)
        for plot in range(count):
            others = [other for other in range(count) if other != plot]
            assert best[plot] == 1 + sum(low[other] > high[plot] for other in others)
            assert worst[plot] == 1 + sum(high[other] > low[plot] for other in others)


def test_a_sheet_tells_each_criterion_as_it_was_measured(plots, measured):
    ranking = rank_measured(measured)
    place = len(plots) - 2
    sheet = score_sheet(measured, ranking, plots.index[place])
    assert sheet.plot_id == str(plots.index[place])
    assert (sheet.total_low, sheet.total_high) == (ranking.lower[place], ranking.upper[place])
    assert sheet.limits == measured.limits[place]
    for column, row in enumerate(sheet.rows):
        criterion = measured.kader.criteria[column]
        assert row.criterion is criterion and row.unit == criterion.unit
        assert (row.source, row.source_url) == (criterion.source, criterion.source_url)
        for value, table in (
            (row.value_low, measured.value_low),
            (row.value_high, measured.value_high),
        ):
            expected = table.iloc[place, column]
            assert value == expected or (np.isnan(value) and pd.isna(expected))
        assert row.unknown == measured.unknown[place, column]
        assert row.contribution_low == pytest.approx(100 * row.weight * row.score_low)
        assert row.contribution_high == pytest.approx(100 * row.weight * row.score_high)
    with pytest.raises(UnknownPlotError) as refused:
        score_sheet(measured, ranking, "x" * 80)
    assert refused.value.message.key == "scoring.error.plot"
    assert refused.value.message.values == {"plot": "x" * 60}


def test_a_group_is_the_weighted_mean_of_its_criteria_and_plain_where_it_has_no_weight(measured):
    ranking = rank_measured(measured)
    sheet = score_sheet(measured, ranking, measured.plot_ids[4])
    assert len({line.group for line in sheet.groups}) == len(sheet.groups) >= 4
    assert any(line.weight == 0 for line in sheet.groups)
    assert {line.group for line in sheet.groups} == {r.criterion.group for r in sheet.rows}
    for line in sheet.groups:
        own = [row for row in sheet.rows if row.criterion.group == line.group]
        weights = [row.weight for row in own] if line.weight else [1.0] * len(own)
        assert line.weight == pytest.approx(sum(row.weight for row in own))
        for end in ("low", "high"):
            scores = [getattr(row, f"score_{end}") for row in own]
            assert getattr(line, f"score_{end}") == pytest.approx(
                np.average(scores, weights=weights)
            )
            total = sum(getattr(row, f"contribution_{end}") for row in own)
            assert getattr(line, f"contribution_{end}") == pytest.approx(total)


def test_ranking_takes_the_weights_and_surroundings_that_are_given(plots, surroundings):
    key = load_kader("azc").criteria[0].key
    one = rank(plots, weights={key: 3}, surroundings=surroundings)
    assert one.weights[key] == 1 and sum(one.weights.values()) == 1
    bare = replace(surroundings, locations=surroundings.locations.iloc[:0])
    assert rank(plots, surroundings=bare).measured.surroundings is bare
    with pytest.raises(CriteriaError) as refused:
        rank(plots, weights={key: 0}, surroundings=surroundings)
    assert refused.value.message.key == "scoring.error.no_weight"
    assert refused.value.message.values == {"kind": "azc"}
