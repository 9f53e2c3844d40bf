"""What a municipality has to do is told once, by day, and never more surely than it is known."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.loader import former_versions
from geo import layers
from scoring.days import day_of, is_there, there_on
from scoring.integration import places_within
from scoring.tasks import NOT_COUNTED, municipal_tasks

DAY = dt.date(2026, 11, 25)


def tasks(**given):
    return municipal_tasks(
        layers.municipalities().index, layers.tasks(), layers.reception_locations(),
        on=given.pop("on", DAY), **given,
    )  # fmt: skip


def entered(code, places=None, realised=None, **more):
    row = {"municipality_code": code, "cycle": 1, "status": "decided", "places": places,
           "realised_places": realised, "source": "raadsbrief", "source_date": "2026-10-01", **more}  # fmt: skip
    return pd.DataFrame([row]).astype({"places": "Int64", "realised_places": "Int64"})


def test_the_packaged_tasks_are_those_of_the_sources():
    """By hand, from data/tasks.csv: number, status, gap."""
    found = tasks()
    for code, task, status, gap in [
        ("GM0321", 344, "indicative", (0, 344)),  # Houten: realised is not told
        ("GM0339", 39, "indicative", (0, 0)),  # Renswoude: told to have met it
        ("GM0356", 364, "indicative", (47, 47)),  # Nieuwegein: 220 + 97 realised
        ("GM0632", 337, None, (0, 337)),  # Woerden: whether decided is not said
        ("GM0344", 1946, "decided", (141, 141)),
        ("GM0351", 0, "decided", (0, 0)),  # Woudenberg: set to nought
        ("GM0308", 152, "decided", (0, 0)),  # Baarn: 153 realised
    ]:
        row = found.loc[code]
        assert row["task"] == task, code
        assert row["task_status"] == status or (status is None and pd.isna(row["task_status"]))
        assert (row["gap_low"], row["gap_high"]) == gap, code


def test_a_status_never_stands_beside_an_unknown_task():
    for cycle in (1, 2):
        found = tasks(cycle=cycle)
        assert found.loc[found["task"].isna(), ["task_status", "task_source"]].isna().all().all()


def test_what_is_entered_goes_before_what_is_packaged_by_figure():
    both = tasks(entered=entered("GM0308", 500, 100)).loc["GM0308"]
    assert (both["task"], both["gap_low"], both["gap_high"]) == (500, 400, 400)
    only_task = tasks(entered=entered("GM0308", 500)).loc["GM0308"]
    assert only_task["gap_high"] == 500 - 153  # realised stays that of the package
    nothing = tasks(entered=entered("GM0308", 500, 100, cycle=2)).loc["GM0308"]
    assert nothing["task"] == 152


def test_a_decided_site_is_not_sought_again():
    """Vianen: 338 asked, nothing realised, the Tuijnmanweg of 338 decided."""
    row = tasks(entered=entered("GM1961", realised=0)).loc["GM1961"]
    assert (row["gap_low"], row["gap_high"]) == (338, 338)
    assert (row["planned_low"], row["planned_high"]) == (338, 338)
    assert (row["to_find_low"], row["to_find_high"]) == (0, 0)


def test_more_planned_than_asked_leaves_nothing_to_find():
    """Utrecht: 141 short, 385 decided on the Europalaan."""
    row = tasks().loc["GM0344"]
    assert row["planned_low"] >= 385 > row["gap_high"]
    assert (row["to_find_low"], row["to_find_high"]) == (0, 0)


def test_former_files_know_who_places_were_for():
    (former,) = former_versions("reception_locations")[:1]
    table = layers.reception_locations(former)
    assert set(table.loc[table["kind"].eq("oekraine"), "counts_for"]) == {"ukraine"}
    assert set(table.loc[table["kind_stated"].eq("noodopvang"), "counts_for"]) == {"emergency"}
    assert set(table.loc[table["kind"].isin(["azc", "amv", "gemengd"]), "counts_for"]) == {"asylum"}


def test_homes_and_other_groups_are_no_asylum_places():
    places = layers.reception_locations()
    hub, pahud = places.loc["houten-hub"], places.loc["utrecht-plan-einstein-pahud"]
    assert (hub["places"], hub["home_places"]) == (175, 150)
    assert (pahud["places"], pahud["home_places"]) == (300, 30)
    assert places.at["eemnes-barbeelstraat", "counts_for"] == "ukraine"
    assert tasks().at["GM0321", "planned_high"] == 175
    # nothing is known to be planned in Eemnes: that is not nought
    assert np.isnan(tasks().at["GM0317", "planned_high"])


@pytest.mark.parametrize(
    ("on", "realised"),
    [
        ("2026-11-25", (1805, 1805)),
        # the temporary 200 of the Europalaan have left; they may have been among the 1,805
        ("2027-06-01", (1605, 1805)),
        # the permanent 385 are there; what was temporary has left, and may have been counted
        ("2029-01-01", (1805 - 200 - 220 - 300, 1805 + 385)),
    ],
)
def test_what_ends_and_opens_moves_what_is_realised(on, realised):
    row = tasks(on=dt.date.fromisoformat(on)).loc["GM0344"]
    assert (row["realised_low"], row["realised_high"]) == realised
    assert row["gap_low"] == max(0, 1946 - realised[1])
    assert row["gap_high"] == max(0, 1946 - realised[0])


def test_the_two_reception_sites_of_the_europalaan_are_never_there_on_one_day():
    places = layers.reception_locations()
    both = places[places.index.str.startswith("utrecht-europalaan")]
    day, last = dt.date(2026, 1, 1), dt.date(2030, 1, 1)
    while day < last:
        assert there_on(both, day).sum() <= 1, day
        day += dt.timedelta(days=1)
    plot = gpd.GeoSeries([both.geometry.iloc[0].buffer(50)], crs=both.crs)
    at_once = places_within(plot, both, 1000.0, DAY)
    assert (at_once["low"].iloc[0], at_once["high"].iloc[0]) == (385, 385)
    assert (
        places_within(plot, both, 1000.0)["high"].iloc[0] == 585
    )  # as snapshots of before have it


def test_places_nearby_are_the_most_of_all_days_to_come():
    """Against counting day by day."""
    generator = np.random.default_rng(11)
    rows = []
    for _ in range(60):
        begin = int(generator.integers(2024, 2032))
        rows.append(
            {"status": generator.choice(["open", "planned", "closed"]),
             "places": int(generator.integers(10, 400)), "precision_m": float(generator.integers(1, 300)),
             "start_date": None if generator.random() < 0.3 else f"{begin}-0{generator.integers(1, 10)}",
             "end_date": None if generator.random() < 0.3 else str(begin + int(generator.integers(0, 5)))}
        )  # fmt: skip
    points = [shapely.Point(*generator.uniform(0, 3000, 2)) for _ in rows]
    locations = gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:28992")
    plots = gpd.GeoSeries([shapely.Point(*generator.uniform(0, 3000, 2)).buffer(40) for _ in range(5)],
                          crs="EPSG:28992")  # fmt: skip
    found = places_within(plots, locations, 900.0, DAY)
    for place, plot in enumerate(plots):
        most = [0.0, 0.0]
        day = DAY
        while day < dt.date(2038, 1, 1):
            now = [0.0, 0.0]
            for row in locations.itertuples():
                term = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
                if row.status == "closed" or not is_there(*term, day):
                    continue
                away = plot.distance(row.geometry)
                now[0] += row.places * (away + row.precision_m <= 900)
                now[1] += row.places * (away - row.precision_m <= 900)
            most = [max(pair) for pair in zip(most, now, strict=True)]
            day += dt.timedelta(days=20)
        assert found.iloc[place].tolist() == most


def test_an_unknown_number_leaves_an_end_open():
    frame = gpd.GeoDataFrame(
        {"status": ["planned"], "counts_for": ["asylum"], "places": pd.array([None], "Int64"),
         "start_date": [None], "end_date": [None], "municipality_code": ["GM0307"]},
        geometry=[shapely.Point(155_000, 463_000)], crs="EPSG:28992",
    )  # fmt: skip
    row = municipal_tasks(
        ["GM0307"], layers.tasks(), frame, on=DAY, entered=entered("GM0307", 600, 100)
    ).loc["GM0307"]
    assert (row["gap_low"], row["gap_high"]) == (500, 500)
    assert row["planned_low"] == 0 and np.isnan(row["planned_high"])
    # it may be enough, or nothing at all
    assert (row["to_find_low"], row["to_find_high"]) == (0, 500)


def of(rows, packaged=None, own=None, on=DAY, exchanges=(), cycle=1, codes=("GM1", "GM2", "GM3")):
    """The tasks of made-up municipalities with made-up locations."""
    columns = {
        "kind": "azc",
        "status": "open",
        "counts_for": "asylum",
        "start_date": None,
        "end_date": None,
    }
    locations = gpd.GeoDataFrame(
        [{**columns, **row} for row in rows] or None,
        columns=["municipality_code", "places", *columns],
        geometry=[shapely.Point(0, 0)] * len(rows), crs="EPSG:28992",
    )  # fmt: skip
    table = layers.tasks().iloc[:0] if packaged is None else packaged
    return municipal_tasks(
        pd.Index(codes), table, locations, on=on, cycle=cycle, entered=own, exchanges=exchanges
    )


def packaged(**given):
    row = {"municipality_code": "GM1", "cycle": 1, "status": "decided", "places": 100,
           "realised_places": 40, "source": "besluit", "source_date": "2025-06",
           "realised_date": None, "met_on_2025_06": None, **given}  # fmt: skip
    frame = layers.tasks().iloc[:0].copy()
    return pd.concat([frame.astype(object), pd.DataFrame([row]).astype(object)])


def test_figures_carry_their_source_and_the_last_day_of_what_they_say():
    found = of([], packaged())
    assert found.index.name == "municipality_code" and found.index.tolist() == ["GM1", "GM2", "GM3"]
    one = found.loc["GM1"]
    assert (one["task"], one["task_status"]) == (100, "decided")
    assert (one["task_source"], one["task_date"]) == ("besluit", "2025-06")
    assert (one["realised_source"], one["realised_date"]) == ("besluit", "2025-06-30")
    assert (one["gap_low"], one["gap_high"]) == (60, 60)
    dated = of([], packaged(realised_date="2026-01-15")).loc["GM1"]
    assert dated["realised_date"] == "2026-01-15"
    nothing = found.loc["GM2"]
    assert nothing.drop(["exchanged"]).isna().all() and nothing["exchanged"] == 0


def test_a_gap_is_told_as_low_and_high():
    from scoring.tasks import gap_of

    found = gap_of(of([], packaged(realised_places=None)))
    assert found.columns.tolist() == ["low", "high"]
    assert found.loc["GM1"].tolist() == [0, 100]  # what is realised is not told: none to all
    assert found.loc["GM2"].isna().all()
    over = of([], packaged(places=20, realised_places=None), exchanges=[("GM1", "GM2", 50)])
    assert over.loc["GM1", ["gap_low", "gap_high"]].tolist() == [0, 0]


def test_exchanges_add_up_for_giver_and_taker():
    found = of(
        [], exchanges=[("GM1", "GM2", 30), ("GM3", "GM2", 5), ("GM2", None, 2), (None, "GM3", 7)]
    )
    assert found["exchanged"].tolist() == [-30, 33, 2]


@pytest.mark.parametrize(("stated", "source"), [(40, "besluit"), (None, "inspectie")])
def test_a_task_that_is_told_to_be_met_has_no_gap_where_no_number_says_otherwise(stated, source):
    met = packaged(realised_places=stated, met_on_2025_06=True, source=source)
    one = of([], met).loc["GM1"]
    assert [one["gap_low"], one["gap_high"]] == ([0, 0] if stated is None else [60, 60])
    assert one["realised_source"] == source
    assert one["realised_date"] == ("2025-06-30" if stated else "2025-06")
    swapped = of([], met, exchanges=[(None, "GM1", 9)]).loc["GM1"]
    assert swapped["gap_high"] == (69 if stated else 109)
    twice = pd.concat([met, met.assign(source="later")])
    assert of([], twice).loc["GM1", "realised_source"] == source


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        # an open site that ended after the figure was stated may have been counted in it
        ([{"start_date": "2020", "end_date": "2026-03", "places": 10}], 30, 40),
        ([{"start_date": "2020", "end_date": "2025-06", "places": 10}], 40, 40),
        ([{"start_date": "2020", "end_date": "2026-11-25", "places": 10}], 40, 40),
        ([{"start_date": "2020", "end_date": "2026-11-24", "places": 10}], 30, 40),
        ([{"start_date": None, "end_date": "2026-03", "places": 10}], 30, 40),
        ([{"start_date": "2025-06-30", "end_date": "2026-03", "places": 10}], 30, 40),
        ([{"start_date": "2025-07", "end_date": "2026-03", "places": 10}], 40, 40),
        ([{"start_date": "2020", "end_date": "2026-03", "places": 90}], 0, 40),
        ([{"start_date": "2020", "end_date": "2026-03", "places": None}], 0, 40),
        ([{"status": "planned", "start_date": "2020", "end_date": "2026-03", "places": 10}], 40, 40),
        ([{"status": "closed", "start_date": "2020", "end_date": "2026-03", "places": 10}], 40, 40),
        # one that opened since is added, when it lasts long enough or may do so
        ([{"start_date": "2026-02", "end_date": "2036", "places": 10}], 40, 50),
        ([{"start_date": "2026-11-25", "end_date": "2036", "places": 10}], 40, 50),
        ([{"start_date": "2026-11-26", "end_date": "2036", "places": 10}], 40, 40),
        ([{"start_date": "2025-06-30", "end_date": "2036", "places": 10}], 40, 40),
        ([{"start_date": "2025-07", "end_date": None, "places": 10}], 40, 50),
        ([{"start_date": "2026-02", "end_date": "2028", "places": 10}], 40, 40),
        ([{"start_date": "2025-07-01", "end_date": "2030-06", "places": 10}], 40, 50),
        ([{"start_date": "2026-02", "end_date": "2036", "places": None}], 40, np.nan),
        ([{"start_date": "2026-02", "end_date": "2036", "places": 10},
          {"municipality_code": "GM2", "start_date": "2026-02", "end_date": "2036", "places": 99},
          {"start_date": "2026-03", "end_date": "2036", "places": 7},
          {"start_date": "2020", "end_date": "2026-03", "places": 4},
          {"start_date": "2020", "end_date": "2026-04", "places": 5}], 31, 57),
    ],
)  # fmt: skip
def test_what_ended_or_opened_since_the_figure_widens_it(rows, low, high):
    found = of([{"municipality_code": "GM1", **row} for row in rows], packaged()).loc["GM1"]
    assert [found["realised_low"], found["realised_high"]] == pytest.approx(
        [low, high], nan_ok=True
    )
    if np.isnan(high):
        assert [found["gap_low"], found["gap_high"]] == [0, 60]


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        ([{"start_date": None, "places": 10}], 10, 10),
        ([{"start_date": "2028", "places": 10}, {"start_date": "2029", "places": 5}], 15, 15),
        ([{"start_date": "2028", "places": 10}, {"start_date": "2029", "places": None}], 10, np.nan),
        ([{"start_date": "2026-11-25", "places": 10}], np.nan, np.nan),  # there already
        ([{"start_date": "2026-11-26", "places": 10}], 10, 10),
        ([{"start_date": "2026", "places": 10}], np.nan, np.nan),
        ([{"start_date": "2024", "end_date": "2025", "places": 10}], np.nan, np.nan),  # over
        ([{"start_date": None, "end_date": "2025", "places": 10}], np.nan, np.nan),
        ([{"start_date": None, "end_date": "2026-11-25", "places": 10}], 10, 10),
        ([{"start_date": None, "end_date": "2026", "places": 10}], 10, 10),
        ([{"start_date": "2024", "end_date": "2025", "places": 10}, {"start_date": "2028", "places": 3}], 3, 3),
        ([{"status": "open", "start_date": "2028", "places": 10}], np.nan, np.nan),
        ([{"counts_for": "ukraine", "start_date": "2028", "places": 10}], np.nan, np.nan),
    ],
)  # fmt: skip
def test_planned_is_what_is_not_there_yet_and_not_over(rows, low, high):
    table = [{"municipality_code": "GM1", "status": "planned", **row} for row in rows]
    found = of(table, packaged()).loc["GM1"]
    assert [found["planned_low"], found["planned_high"]] == pytest.approx([low, high], nan_ok=True)
    least, most = np.nan_to_num(low), (0 if np.isnan(low) else np.inf if np.isnan(high) else high)
    assert found["to_find_low"] == max(found["gap_low"] - most, 0)
    assert found["to_find_high"] == max(found["gap_high"] - least, 0)


def test_a_figure_that_was_entered_goes_first_and_an_empty_one_does_not():
    own = pd.concat([entered("GM1", 150, None), entered("GM1", 1, 1, cycle=2)])
    one = of([], packaged(), own).loc["GM1"]
    assert (one["task"], one["task_source"], one["task_date"]) == (150, "raadsbrief", "2026-10-01")
    assert (one["realised_low"], one["realised_source"]) == (40, "besluit")
    assert of([], packaged(), own, cycle=2).loc["GM1", "task"] == 1
    first = pd.concat([entered("GM2", 5, 2), entered("GM2", 9, 9)])
    two = of([], packaged(), first).loc["GM2"]
    assert (two["task"], two["gap_low"], two["realised_date"]) == (5, 3, "2026-10-01")


def test_what_counts_for_the_task_by_kind_is_what_the_locations_say():
    known = layers.reception_locations()
    counts = known["counts_for"].eq("asylum").groupby(known["kind"]).any()
    assert {kind for kind, some in counts.items() if not some} == {str(k) for k in NOT_COUNTED}
