"""The balance adds up what is known and leaves open what is not."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import layers
from scoring.balance import balance, durable_places
from scoring.days import day_of
from scoring.kader import load_kader


def location(**given):
    row = {"kind": "azc", "kind_stated": "azc", "status": "open", "municipality_code": "GM0344",
           "places": 100, "counts_for": "asylum", "start_date": "2024", "end_date": "2034", **given}  # fmt: skip
    return gpd.GeoDataFrame([row], geometry=[shapely.Point(136_000, 456_000)], crs="EPSG:28992")


@pytest.mark.parametrize(
    ("given", "on", "low", "high"),
    [
        ({}, "2027-01-01", 100, 100),
        ({}, "2023-01-01", None, None),
        ({}, "2035-01-01", None, None),
        ({"end_date": "2026"}, "2025-06-01", None, None),
        ({"end_date": None}, "2027-01-01", None, 100),
        ({"places": None}, "2027-01-01", 0, np.nan),
        ({"counts_for": "ukraine"}, "2027-01-01", None, None),
        ({"counts_for": "emergency"}, "2027-01-01", None, None),
        ({"status": "closed"}, "2027-01-01", None, None),
        ({"status": "planned", "start_date": "2028"}, "2027-01-01", None, None),
        ({"status": "planned", "start_date": "2028"}, "2029-01-01", 100, 100),
    ],
)
def test_a_place_counts_when_its_term_is_five_years(given, on, low, high):
    found = durable_places(location(**given), dt.date.fromisoformat(on)).reindex(["GM0344"]).iloc[0]
    for value, expected in ((found["low"], low), (found["high"], high)):
        if expected is None or (isinstance(expected, float) and np.isnan(expected)):
            assert np.isnan(value)
        else:
            assert value == expected


def test_days_of_which_only_a_year_is_known():
    assert day_of("2024", end=True) == dt.date(2024, 12, 31)
    assert day_of("2024-02", end=True) == dt.date(2024, 2, 29)
    assert day_of(None, end=True) is None


def table(plots, **given):
    return balance(
        layers.municipalities(), given.pop("tasks", layers.tasks()), layers.reception_locations(), plots,
        load_kader("azc"), cycle=1, on=dt.date(2026, 11, 1), **given,
    )  # fmt: skip


def test_all_26_are_there_and_unknown_stays_unknown(plots):
    found = table(plots)
    assert len(found) == 26
    unknown = found["task"].isna()
    assert unknown.any() and found.loc[unknown, "task_status"].isna().all()
    met = found["gap_high"].eq(0)
    assert found.loc[unknown & ~met, "gap_high"].isna().all()
    assert (found["durable_low"].fillna(0) <= found["durable_high"].fillna(np.inf)).all()
    known = found["task"].notna()
    assert found.loc[known, "task_source"].notna().all()


def test_an_entry_goes_before_what_is_packaged(plots):
    entered = pd.DataFrame(
        {"municipality_code": ["GM0307", "GM0307"], "cycle": [1, 1], "status": ["decided", "indicative"],
         "places": pd.array([700, 1], "Int64"), "realised_places": pd.array([200, 1], "Int64"),
         "source": ["raadsbrief", "oud"], "source_date": ["2026-10-01", "2025-01-01"]}
    )  # fmt: skip
    found = table(plots, entered=entered).loc["GM0307"]
    assert (found["gap_low"], found["gap_high"]) == (500, 500)
    assert found["task_source"] == "raadsbrief"


def test_an_exchange_moves_the_gap_and_not_the_task(plots):
    before = table(plots)
    town = before["gap_low"].idxmax()
    after = table(plots, exchanges=[(town, None, 50)])
    assert after.loc[town, "task"] == before.loc[town, "task"]
    assert after.loc[town, "gap_low"] == before.loc[town, "gap_low"] - 50


def test_potential_is_an_interval_and_leaves_dropped_plots_out(plots):
    found = table(plots)
    dropped = plots[plots["state"].eq("afgevallen")]["municipality_code"].iloc[0]
    assert found.loc[dropped, "candidates"] == 0
    assert (
        found["potential_low"].dropna()
        <= found["potential_high"].fillna(np.inf)[found["potential_low"].notna()]
    ).all()
    houten = plots[plots["municipality_code"].eq("GM0321")]
    assert houten["gfa_m2"].isna().any()
    assert np.isnan(found.loc["GM0321", "potential_high"])


def two_towns():
    """Two municipalities of 10 by 10 km that lie 5 km apart; nobody else is there."""
    return gpd.GeoDataFrame(
        {"name": ["West", "Oost"], "inhabitants": [1000, 4000]},
        geometry=[shapely.box(0, 0, 10_000, 10_000), shapely.box(15_000, 0, 25_000, 10_000)],
        index=pd.Index(["GM1", "GM2"], name="municipality_code"),
        crs="EPSG:28992",
    )


def sites(*rows):
    """Each a tuple of x, places and what else differs."""
    columns = {"kind": "azc", "kind_stated": "azc", "status": "open", "counts_for": "asylum",
               "start_date": "2024", "end_date": "2034"}  # fmt: skip
    table = [
        {**columns, "municipality_code": town, "places": places, **more}
        for _, town, places, more in rows
    ]
    points = [shapely.Point(x, 5000) for x, *_ in rows]
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:28992")


def own_balance(plots, locations, on="2026-11-01", **given):
    return balance(
        two_towns(), layers.tasks().iloc[:0], locations, plots, load_kader("azc"), cycle=1,
        on=dt.date.fromisoformat(on), **given,
    )  # fmt: skip


def test_load_is_known_places_per_thousand_within_a_town_and_3_km_around_it(plots):
    locations = sites(
        (5000, "GM1", 100, {}),
        (6000, "GM1", 50, {}),
        (7000, "GM1", None, {}),
        (7000, "GM1", 900, {"end_date": "2025"}),
        (12_500, "GM9", 30, {}),  # between the two: 2.5 km from both
        (13_500, "GM9", 7, {}),  # only near the east
    )
    found = own_balance(plots.iloc[:0], locations)
    assert found["name"].tolist() == ["West", "Oost"]
    assert found["inhabitants"].tolist() == [1000, 4000]
    assert found["per_1000"].tolist() == pytest.approx([150.0, 0.0])
    assert found["per_1000_around"].tolist() == pytest.approx([180.0, 37 / 4])
    assert found["candidates"].tolist() == [0, 0]
    assert found[["potential_low", "potential_high"]].isna().all(axis=None)
    only_unknown = own_balance(plots.iloc[:0], sites((5000, "GM1", None, {})))
    assert (
        np.isnan(only_unknown.loc["GM1", "per_1000"]) and only_unknown.loc["GM2", "per_1000"] == 0
    )


def test_potential_is_the_room_of_the_plots_that_can_still_come(plots):
    from scoring.indicators import capacity

    kader = load_kader("azc")
    known = capacity(plots, kader)["high"].notna()
    table = pd.concat([plots[known].iloc[:5], plots[~known].iloc[:1]]).copy()
    a, b, c, d, e, f = table.index
    table["state"] = "kansrijk"
    table.loc[c, "state"] = "afgevallen"
    table["available_from"] = pd.Timestamp("2020-01-01")
    table["available_until"] = pd.Timestamp("2040-01-01")
    table.loc[d, "available_until"] = pd.Timestamp("2026-01-01")
    table.geometry = [shapely.box(136_000, 455_500, 136_100, 455_600)] * 6
    table["municipality_code"] = ["GM1", "GM1", "GM1", "GM1", "GM2", "GM9"]
    room = capacity(table, kader)
    there = sites((5000, "GM1", 1, {}))
    found = own_balance(table, there)
    assert found["candidates"].tolist() == [2, 1]
    for end in ("low", "high"):
        expected = [room.loc[[a, b], end].sum(), room.loc[e, end]]
        assert found[f"potential_{end}"].tolist() == pytest.approx(expected)
    # Before its term was over the fourth could come as well.
    assert own_balance(table, there, on="2025-06-01")["candidates"].tolist() == [3, 1]
    # One plot of unknown size leaves the upper end open, and the lower end counts the others.
    table.loc[f, "municipality_code"] = "GM2"
    open_ended = own_balance(table, there).loc["GM2"]
    assert open_ended["candidates"] == 2 and np.isnan(open_ended["potential_high"])
    assert open_ended["potential_low"] == pytest.approx(room.loc[[e, f], "low"].sum())


def test_the_cycle_and_what_is_exchanged_reach_the_balance(plots):
    entered = pd.DataFrame(
        {"municipality_code": ["GM1", "GM1"], "cycle": [1, 2], "status": ["decided", "decided"],
         "places": pd.array([70, 90], "Int64"), "realised_places": pd.array([0, 0], "Int64"),
         "source": ["a", "b"], "source_date": ["2026-10-01", "2026-10-02"]}
    )  # fmt: skip
    none = sites((5000, "GM9", 1, {}))
    for cycle, task in ((1, 70), (2, 90)):
        found = balance(
            two_towns(), layers.tasks().iloc[:0], none, plots.iloc[:0], load_kader("azc"),
            cycle=cycle, on=dt.date(2026, 11, 1), entered=entered,
        )  # fmt: skip
        assert found.loc["GM1", "task"] == task


def test_what_counts_for_the_law_adds_up_by_town_over_all_rows():
    locations = sites(
        (0, "GM1", 10, {"counts_for": "ukraine"}),
        (0, "GM1", 20, {"end_date": "2026"}),  # too short
        (0, "GM1", 100, {"start_date": "2024", "end_date": "2028"}),  # five years to the day
        (0, "GM1", 40, {}),
        (0, "GM1", 5, {"end_date": None}),
        (0, "GM2", None, {}),
        (0, "GM2", 3, {}),
    )
    found = durable_places(locations, dt.date(2026, 6, 1))
    assert found.loc["GM1"].tolist() == [140, 145]
    assert found.loc["GM2", "low"] == 3 and np.isnan(found.loc["GM2", "high"])
    assert found.dtypes.tolist() == [float, float]
