"""What the puzzle is asked: who takes part, and how much is to be found, worked out by hand."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo import layers
from scoring.indicators import capacity
from scoring.puzzle import Candidate
from scoring.puzzle_candidates import asked_places, puzzle_candidates, room_nearby
from scoring.ranking import rank

NAMES = pd.Series({"GM1": "Ede", "GM2": "Baarn", "GM3": "Zeist", "GM4": "Soest", "GM5": "Houten"})


def site(plot_id, town, places):
    return Candidate(plot_id, town, float(places), 50.0, 0.0, 0.0)


def test_who_takes_part_is_live_in_the_province_and_gives_a_place(plots, surroundings):
    ranking = rank(plots, surroundings=surroundings)
    towns = layers.municipalities()["name"]
    some = towns.drop(plots["municipality_code"].iloc[0])
    found = puzzle_candidates(plots, ranking, some)
    room = capacity(plots, ranking.kader)["low"]
    by_id = {candidate.plot_id: candidate for candidate in found}
    on = pd.Timestamp(surroundings.on)
    for place, (plot_id, plot) in enumerate(plots.iterrows()):
        blocked = any(str(hit.outcome) == "geblokkeerd" for hit in ranking.measured.limits[place])
        expected = (
            plot["state"] not in ("afgevallen", "gerealiseerd")
            and not blocked
            and plot["municipality_code"] in some.index
            and room[plot_id] >= 1
        )
        assert (plot_id in by_id) == expected, plot_id
        if expected:
            one = by_id[plot_id]
            assert one.municipality == towns[plot["municipality_code"]]
            assert one.places == np.floor(room[plot_id])
            assert one.suitability == pytest.approx(ranking.lower[place])
            assert (one.x_m, one.y_m) == (plot.geometry.centroid.x, plot.geometry.centroid.y)
            assert np.isnan(one.cost)
    assert [candidate.plot_id for candidate in found] == [p for p in plots.index if p in by_id]
    assert found and len(found) < len(plots)
    assert on is not pd.NaT


def test_no_more_is_asked_than_candidates_give_and_what_lacks_is_told():
    tasks = pd.DataFrame(
        {"to_find_low": [100.0, 50.0, np.nan, 0.0, 200.0], "to_find_high": [100.0, 80.0, np.nan, 0.0, 200.0]},
        index=["GM1", "GM2", "GM3", "GM4", "GM5"],
    )  # fmt: skip
    candidates = [
        site("a", "Ede", 70), site("b", "Ede", 20), site("c", "Ede", 60),
        site("d", "Baarn", 300), site("e", "Zeist", 90), site("f", "Soest", 40),
    ]  # fmt: skip
    asked = asked_places(tasks, NAMES, candidates, None)
    assert asked.places == {"Ede": 100.0, "Baarn": 80.0}
    assert asked.short == {"Houten": 200.0}
    assert asked.bounded == ("Baarn",) and asked.unknown == ("Zeist",)
    # Two sites a municipality: the largest two of Ede give 130; one gives 70.
    assert asked_places(tasks, NAMES, candidates, 2).places["Ede"] == 100.0
    one = asked_places(tasks, NAMES, candidates, 1)
    assert one.places == {"Ede": 70.0, "Baarn": 80.0}
    assert one.short == {"Ede": 30.0, "Houten": 200.0}
    whole = asked_places(
        tasks.iloc[:1].assign(to_find_high=0.5, to_find_low=0.5), NAMES, candidates, None
    )
    assert whole.places == {"Ede": 0.5}
    turned = asked_places(tasks.iloc[::-1].assign(to_find_low=0.0), NAMES, candidates, None)
    assert turned.bounded == ("Baarn", "Ede", "Houten")
    nothing = asked_places(tasks.assign(to_find_high=np.nan), NAMES, candidates, None)
    assert nothing.unknown == ("Baarn", "Ede", "Houten", "Soest", "Zeist") and not nothing.places


def test_room_nearby_knows_the_day_and_is_never_below_nought(plots, surroundings):
    ranking = rank(plots, surroundings=surroundings)
    candidates = puzzle_candidates(plots, ranking, layers.municipalities()["name"])
    given = {"people": surroundings.people, "locations": surroundings.locations}
    assert room_nearby(plots, [], **given, most_load=10.0, on=surroundings.on) == []
    none = room_nearby(plots, candidates, **given, most_load=0.0, on=surroundings.on)
    assert [room for _, _, room in none] == [0.0] * len(candidates)
    some = room_nearby(plots, candidates, **given, most_load=10.0, on=surroundings.on)
    more = room_nearby(plots, candidates, **given, most_load=20.0, on=surroundings.on)
    later = room_nearby(plots, candidates, **given, most_load=10.0, on=dt.date(2060, 1, 1))
    empty = dataclasses.replace(surroundings, locations=surroundings.locations.iloc[:0]).locations
    bare = room_nearby(
        plots, candidates, people=surroundings.people, locations=empty, most_load=10.0, on=None
    )
    for (_, _, a), (_, _, b), (_, _, c), (_, _, d) in zip(some, more, later, bare):
        assert 0 <= a <= b and a <= c <= d + 1e-9
        if a > 0:
            assert b - a == pytest.approx(d, rel=1e-6)  # ten places more per thousand
    assert [r for _, _, r in later] != [r for _, _, r in some]


def test_a_plot_whose_first_day_is_later_takes_no_part_and_an_unknown_one_does(plots, surroundings):
    names = layers.municipalities()["name"]
    ranking = rank(plots, kind="azc", surroundings=surroundings)
    priced = plots.assign(cost_per_place_eur=[10_000.0, *[np.nan] * (len(plots) - 1)])
    everybody = puzzle_candidates(priced, ranking, names)
    soon = {c.plot_id for c in puzzle_candidates(plots, ranking, names, 3)}
    day = pd.Timestamp(surroundings.on)
    for candidate in everybody:
        begin = plots.at[candidate.plot_id, "available_from"]
        later = pd.notna(begin) and (begin - day).days > 3 * 365.25 / 12
        assert (candidate.plot_id in soon) == (not later)
    assert 0 < len(soon) < len(everybody)
    first = [c for c in everybody if c.plot_id == plots.index[0]]
    assert [c.cost for c in first] == [10_000 * c.places for c in first] and first
    assert all(np.isnan(c.cost) for c in everybody if c.plot_id != plots.index[0])
