"""Limits are met by what is certain, are told with who and how long, and shut out what cannot be."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.vocabulary import LimitOutcome
from geo.plot_table import with_plot_columns
from scoring.kader import FORMER, load_kader
from scoring.limits import limits_of, nature_of, overlap_of, takes_part, unknown_limits

ON = dt.date(2026, 11, 25)
TOWN = shapely.box(136_000, 455_500, 136_100, 455_600)
"""In the middle of the city of Utrecht, far from protected nature."""


def table(*rows, shape=TOWN):
    return with_plot_columns(
        gpd.GeoDataFrame(
            [dict(row) for row in rows],
            geometry=[row.get("shape", shape) for row in rows],
            crs="EPSG:28992",
            index=pd.Index([f"p{i}" for i in range(len(rows))], name="plot_id"),
        )
    )


def squares(*boxes):
    return gpd.GeoDataFrame(
        {"name": [name for name, _ in boxes]},
        geometry=[shapely.box(*box) for _, box in boxes],
        crs="EPSG:28992",
    )


def keys(plots, **given):
    return [[hit.key for hit in hits] for hits in limits_of(plots, load_kader("azc"), **given)]


def test_what_is_over_blocked_or_past_takes_no_part():
    plots = table(
        {"state": "kansrijk"},
        {"state": "afgevallen"},
        {"state": "gerealiseerd"},
        {"state": "kansrijk", "available_from": "2020-01-01", "available_until": "2025-01-01"},
        {"state": "afgevallen", "available_from": "2020-01-01", "available_until": "2025-01-01"},
        {"state": "kansrijk", "available_from": "2020-01-01", "available_until": "2040-01-01"},
    )
    kader = load_kader("azc")
    assert takes_part(plots, kader, ON).tolist() == [True, False, False, False, False, True]
    # The term of the fourth had not ended yet in 2021.
    before = takes_part(plots, kader, dt.date(2021, 1, 1))
    assert before.tolist() == [True, False, False, True, False, True]


def test_a_plot_in_protected_nature_is_judged_by_its_outline():
    from geo import layers

    inside = layers.natura2000().geometry.iloc[3].representative_point().buffer(30)
    plots = table({"state": "kansrijk", "shape": inside}, {"state": "kansrijk"})
    kader = load_kader("azc")
    outcome = next(limit.outcome for limit in kader.limits if limit.key == "natura2000")
    stays = outcome != LimitOutcome.GEBLOKKEERD
    assert takes_part(plots, kader, ON).tolist() == [stays, True]
    assert "natura2000" in keys(plots, nature=layers.natura2000())[0]


def test_a_limit_is_told_with_who_acts_and_how_long_it_took():
    kader = load_kader("azc")
    plots = table(
        {"zoning": "agrarisch", "nature": "nnn", "grid_connection": "niet",
         "available_from": "2026-01-01", "available_until": "2028-01-01"}
    )  # fmt: skip
    (hits,) = limits_of(plots, kader, on=ON)
    assert {"zoning", "nnn", "grid_none", "not_durable"} <= {hit.key for hit in hits}
    by_key = {limit.key: limit for limit in kader.limits}
    for hit in hits:
        limit = by_key[hit.key]
        assert (hit.who, hit.months, hit.article) == (limit.who, limit.months, limit.article)
        assert hit.lifted_by.key == f"scoring.limit.{hit.key}.lifted_by"
    assert any(hit.who for hit in hits) and any(hit.months for hit in hits)
    gravity = list(LimitOutcome)
    order = [gravity.index(hit.outcome) for hit in hits]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("column", "value", "key", "met"),
    [
        ("zoning", "agrarisch", "zoning", True),
        ("zoning", "bedrijven", "zoning", True),
        ("zoning", "wonen", "zoning", False),
        ("zoning", "maatschappelijk", "zoning", False),
        ("zoning", "gemengd", "zoning", False),
        ("zoning", "onbekend", "zoning", False),
        ("zoning", None, "zoning", False),
        ("nature", "natura2000", "natura2000", True),
        ("nature", "nnn", "nnn", True),
        ("nature", "nnn", "natura2000", False),
        ("nature", "geen", "nnn", False),
        ("nature", None, "nnn", False),
        ("grid_connection", "niet", "grid_none", True),
        ("grid_connection", "ja", "grid_none", False),
        ("grid_connection", None, "grid_none", False),
    ],
)
def test_a_limit_is_met_by_what_is_certain_alone(column, value, key, met):
    assert (key in keys(table({column: value}))[0]) is met


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-05-01", "term_short"),
        ("2026-09-01", "not_durable"),
        ("2030-06-01", "not_durable"),
        ("2031-01-01", None),
        ("2040-01-01", None),
    ],
)
def test_a_term_is_short_not_durable_or_long_enough(until, expected):
    found = keys(table({"available_from": "2026-01-01", "available_until": until}))[0]
    for key in ("term_short", "not_durable"):
        assert (key in found) is (key == expected)
    assert not {"term_short", "not_durable"} & set(keys(table({}))[0])


def test_overlap_is_a_share_of_the_plot_and_names_the_area_that_holds_most():
    nature = squares(("A", (0, 0, 40, 100)), ("B", (40, 0, 100, 100)), ("C", (50, 0, 100, 100)))
    plots = [
        shapely.box(0, 0, 100, 100),  # A 40 %, B 60 %, C lies in B: never more than the whole
        shapely.box(30, 0, 50, 10),  # half A, half B
        shapely.box(39.5, 0, 39.9, 0.5),  # a fifth of a square metre
        shapely.box(20, 100, 60, 300),  # touches only
        shapely.box(200, 0, 300, 100),
        shapely.box(30, -90, 50, 10),
    ]
    share, name = overlap_of(np.array(plots, dtype=object), nature)
    assert share.tolist() == pytest.approx([1, 1, 1, 0, 0, 0.1])
    assert name[0] == "B" and name[1] in ("A", "B") and name[2] == "A"
    assert name[4] is None
    series = gpd.GeoSeries([*plots, shapely.Polygon()], index=list("pqrstuv"), crs="EPSG:28992")
    found = nature_of(series, nature)
    assert found.index.tolist() == list("pqrstuv")
    assert found["distance_m"].tolist()[:6] == pytest.approx([0, 0, 0, 0, 100, 0])
    assert found["name"].tolist()[0] == "B"  # the most of it, though A is as near
    assert found["name"].tolist()[2] == "A"
    assert found["name"].tolist()[4] in ("B", "C")  # outside all: the nearest
    assert np.isnan(found.loc["v", "share"]) and np.isnan(found.loc["v", "distance_m"])
    turned = nature_of(series, nature.iloc[::-1].reset_index(drop=True))
    assert turned["name"].tolist()[0] == "B"


def test_without_areas_or_shapes_nothing_is_known_of_nature():
    none = squares(("A", (0, 0, 1, 1))).iloc[:0]
    found = nature_of(gpd.GeoSeries([TOWN], crs="EPSG:28992"), none)
    assert np.isnan(found["distance_m"].iloc[0])
    empty = nature_of(
        gpd.GeoSeries([shapely.Polygon()], crs="EPSG:28992"), squares(("A", (0, 0, 1, 1)))
    )
    assert np.isnan(empty["share"].iloc[0])


@pytest.mark.parametrize(
    ("wide", "percent"), [(100, 100), (37, 37), (1, 1), (0.99, None), (1.6, 2)]
)
def test_a_hundredth_in_nature_is_told_and_less_is_not(wide, percent):
    nature = squares(("De Kil", (0, 0, 100, wide)))
    plots = table({"shape": shapely.box(0, 0, 100, 100)})
    (hits,) = limits_of(plots, load_kader("azc"), on=ON, nature=nature)
    told = [hit.reason for hit in hits if hit.key == "natura2000"]
    if percent is None:
        assert not told
    else:
        assert told[0].values == {"percent": percent, "name": "De Kil"}
        assert f"{percent} procent" in told[0].text("nl")


@pytest.mark.parametrize(
    ("column", "key", "noted", "obstacle"),
    [
        ("flood", "layer_flood", "procedure nodig", "juridisch risico"),
        ("noise", "layer_noise", "procedure nodig", "juridisch risico"),
        ("external_safety", "layer_external_safety", "juridisch risico", "geblokkeerd"),
        ("soil", "layer_soil", "procedure nodig", "juridisch risico"),
    ],
)
def test_what_a_municipality_tells_of_a_plot_meets_a_limit_or_answers_it(
    column, key, noted, obstacle, plots, surroundings
):
    told = ["nee", "aandachtspunt", "belemmering", "onbekend"]
    some = plots.iloc[:4].assign(**{column: told})
    kader = load_kader("azc")
    found = [{hit.key: hit for hit in hits} for hits in limits_of(some, kader, on=surroundings.on)]
    assert [key in hits for hits in found] == [False, True, True, False]
    assert [found[1][key].outcome, found[2][key].outcome] == [noted, obstacle]
    assert all(hit.who == "municipality" and hit.months for hit in (found[1][key], found[2][key]))
    for lang in ("nl", "en"):
        assert found[2][key].reason.text(lang) and found[2][key].lifted_by.text(lang)
    open_ = unknown_limits(some, kader, {})[key]
    assert open_.tolist() == [False, False, False, True]
    # gravest first, also where an obstacle is graver than the limit
    gravity = list(LimitOutcome)
    for hits in limits_of(some.assign(external_safety="belemmering"), kader, on=surroundings.on):
        order = [gravity.index(hit.outcome) for hit in hits]
        assert order == sorted(order) and hits[0].outcome == "geblokkeerd"
    # kaders of before do not know the columns
    assert load_kader("azc", FORMER["2026-3"]).limits[-1].column is None
