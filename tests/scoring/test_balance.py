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
