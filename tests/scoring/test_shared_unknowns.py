"""What turns out alike for all plots does not turn their order, and ranks stay wide enough.

The possible ranks are held against trying out: the room that a place takes is drawn, and what is
not known of each plot apart, and the ranks of every draw are counted by numpy alone.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.vocabulary import PAST_STATES, ReceptionKind
from geo.plot_table import with_plot_columns
from scoring.explain import why_not
from scoring.indicators import measure
from scoring.kader import FORMER, load_kader
from scoring.ranking import rank_measured, surely_above
from scoring.robustness import robustness_of


def made(floors, lands=()):
    """Buildings of so much floor and bare land of so much area (m²), side by side."""
    sides = [30.0] * len(floors) + [land**0.5 for land in lands]
    shapes = [
        shapely.box(x, 455_000, x + side, 455_000 + side)
        for x, side in zip(np.arange(len(sides)) * 400 + 125_000.0, sides)
    ]
    table = gpd.GeoDataFrame(
        {
            "object_kind": ["gebouw"] * len(floors) + ["perceel"] * len(lands),
            "gfa_m2": [*floors, *[np.nan] * len(lands)],
        },
        geometry=shapes,
        crs="EPSG:28992",
        index=pd.Index([f"p{i}" for i in range(len(sides))], name="plot_id"),
    )
    return with_plot_columns(table)


def scores_at(kader, plots, floor_m2, land_m2):
    """The score for places when a place takes so much, by numpy alone."""
    (criterion,) = (c for c in kader.criteria if c.key == "capacity")
    xs, ys = zip(*criterion.value_function.points)
    building = plots["object_kind"].eq("gebouw").to_numpy()
    room = np.where(building, plots["gfa_m2"] / floor_m2, plots.geometry.area / land_m2)
    return np.interp(room, xs, ys)


def ranks_of(totals):
    return 1 + (totals[None, :] > totals[:, None] + 1e-9).sum(axis=1)


@pytest.mark.parametrize("kind", ["azc", "statushouders"])
@pytest.mark.parametrize("seed", range(4))
def test_possible_ranks_hold_all_that_can_be_and_hardly_more(kind, seed, surroundings):
    generator = np.random.default_rng(seed)
    kader = load_kader(kind)
    plots = made(generator.uniform(300, 6000, 5), generator.uniform(2000, 40_000, 3))
    measured = measure(plots, kader, surroundings)
    # everything but the places is made by hand: certain for half of the plots, else a small range
    count, place = len(plots), measured.criteria.index("capacity")
    low = generator.uniform(0.3, 0.7, measured.score_low.shape)
    high = low + (generator.random(low.shape) < 0.15) * generator.uniform(0, 0.1, low.shape)
    low[:, place], high[:, place] = measured.score_low[:, place], measured.score_high[:, place]
    measured = replace(measured, score_low=low, score_high=high)
    ranking = rank_measured(measured)
    row = np.array([ranking.weights[key] for key in measured.criteria])
    rest = [100 * np.delete(end, place, axis=1) @ np.delete(row, place) for end in (low, high)]
    best, worst = np.full(count, count), np.ones(count, dtype=int)
    floors, lands = (kader.parameters[f"{k}_m2_per_place"] for k in ("gfa", "land"))
    for floor in 1 / np.linspace(1 / floors[1], 1 / floors[0], 120):
        for land in np.linspace(*lands, 40 if lands[0] < lands[1] else 1):
            at = 100 * row[place] * scores_at(kader, plots, floor, land)
            for mine in range(count):  # the best for one is all others at their least
                for ends, others in ((0, 1), (1, 0)):
                    totals = rest[others] + at
                    totals[mine] = rest[ends][mine] + at[mine]
                    found = ranks_of(totals)[mine]
                    best[mine], worst[mine] = min(best[mine], found), max(worst[mine], found)
    assert (ranking.rank_best <= best).all() and (worst <= ranking.rank_worst).all()
    # steps are coarser than the trial: a place or so wider, but nearer than without steps
    wider = (best - ranking.rank_best) + (ranking.rank_worst - worst)
    alone = rank_measured(replace(measured, shared=None))
    plain = (best - alone.rank_best) + (alone.rank_worst - worst)
    assert wider.sum() <= plain.sum() and wider.mean() <= 0.75


def test_what_is_unknown_of_a_town_does_not_part_its_plots_beside_what_a_place_takes(surroundings):
    # the former kader of azc counts the task; here in the present way of measuring
    kader = replace(load_kader("azc", FORMER["2026-1"]), method=3)
    plots = made([900, 1400, 2000, 2600, 700], [2000, 9000, 30_000])
    measured = measure(plots, kader, surroundings)
    task = measured.criteria.index("remaining_task")
    low, high = measured.score_low.copy(), measured.score_high.copy()
    low[:, task], high[:, task] = 0, 1
    one_town = replace(measured, score_low=low, score_high=high, towns=np.zeros(len(plots), int))
    assert one_town.shared is not None
    without = rank_measured(one_town, {"capacity": 1})
    beside = rank_measured(one_town, {"capacity": 1, "remaining_task": 3})
    assert (without.rank_best < without.rank_worst).any()
    assert beside.rank_best.tolist() == without.rank_best.tolist()
    assert beside.rank_worst.tolist() == without.rank_worst.tolist()


def test_a_larger_building_never_stands_lower_by_how_much_a_place_takes(surroundings):
    kader = load_kader("azc")
    only = kader.with_weights({"capacity": 1})
    measured = measure(made([900, 1400, 2000, 2600]), only, surroundings)
    ranking = rank_measured(measured)
    assert ranking.rank_best.tolist() == ranking.rank_worst.tolist() == [4, 3, 2, 1]
    # apart their ranges lie over one another
    assert ranking.upper[0] > ranking.lower[1]
    assert rank_measured(replace(measured, shared=None)).rank_worst[1] == 4
    assert surely_above(ranking, 1, 0) and not surely_above(ranking, 0, 1)
    assert why_not(ranking, 0, 1).certain
    chances = robustness_of(measured, ranking.weights, draws=500).rank_chance
    assert np.argmax(chances, axis=1).tolist() == [3, 2, 1, 0]
    assert (chances.max(axis=1) > 0.97).all()


def test_draws_take_one_room_a_place_for_all_plots(surroundings):
    kader = load_kader("azc").with_weights({"capacity": 1})
    measured = measure(made([1200, 1250, 3500]), kader, surroundings)
    weights = rank_measured(measured).weights
    together = robustness_of(measured, weights, draws=4000).rank_chance
    apart = robustness_of(replace(measured, shared=None), weights, draws=4000).rank_chance
    assert together[1, 1] > 0.9 > apart[1, 1]


def test_a_draw_is_even_over_what_the_room_can_be(surroundings):
    # a building whose score moves against bare land whose score does not: how often it stands above
    kader = load_kader("azc").with_weights({"capacity": 1})
    plots = made([2400], [17_000])
    floors = kader.parameters["gfa_m2_per_place"]
    rooms = 1 / np.linspace(1 / floors[1], 1 / floors[0], 2001)
    building, land = np.array([scores_at(kader, plots, room, 100.0) for room in rooms]).T
    measured = measure(plots, kader, surroundings)
    found = robustness_of(measured, rank_measured(measured).weights, draws=4000).first_chance
    assert 0.3 < (building > land).mean() < 0.8
    assert found[0] == pytest.approx((building > land).mean(), abs=0.05)


def test_steps_lie_within_the_whole_range_and_cover_it(plots, surroundings):
    for kind in ReceptionKind:
        measured = measure(plots, load_kader(kind), surroundings)
        shared = measured.shared
        assert shared is not None
        columns = list(shared.columns)
        assert [measured.criteria[c] for c in columns] == ["capacity"]
        np.testing.assert_allclose(shared.low.min(axis=0), measured.score_low[:, columns])
        np.testing.assert_allclose(shared.high.max(axis=0), measured.score_high[:, columns])
        part = np.array([3, 1])
        assert (measured.take(part).shared.low == shared.low[:, part]).all()


@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_the_order_of_the_list_is_known_for_most_plots(kind, plots, surroundings):
    live = ~plots["state"].isin(PAST_STATES).to_numpy()
    measured = measure(plots, load_kader(kind), surroundings)
    for chosen, most in ((live, 0.20), (np.ones(len(plots), dtype=bool), 0.25)):
        ranking = rank_measured(measured.take(np.flatnonzero(chosen)))
        spans = (ranking.rank_worst - ranking.rank_best + 1) / chosen.sum()
        assert (spans > 0.5).mean() <= most
        assert np.median(ranking.upper - ranking.lower) <= 10


def test_few_steps_for_many_plots_are_wider_and_never_too_narrow(surroundings, monkeypatch):
    import scoring.indicators

    generator = np.random.default_rng(9)
    plots = made(generator.uniform(300, 6000, 30))
    fine = rank_measured(measure(plots, load_kader("azc"), surroundings))
    monkeypatch.setattr(scoring.indicators, "_CELLS_TIMES_PLOTS", 90)
    coarse = rank_measured(measure(plots, load_kader("azc"), surroundings))
    assert len(coarse.measured.shared.low) == 3 < len(fine.measured.shared.low)
    assert (coarse.rank_best <= fine.rank_best).all()
    assert (coarse.rank_worst >= fine.rank_worst).all()
    monkeypatch.setattr(scoring.indicators, "_CELLS_TIMES_PLOTS", 29)
    assert measure(plots, load_kader("azc"), surroundings).shared is None
