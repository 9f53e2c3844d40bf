"""Draws, counts and means of robustness, against plain loops over the same draws."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.errors import CriteriaError
from scoring.indicators import measure
from scoring.kader import FORMER, load_kader
from scoring.ranking import rank_measured
from scoring.robustness import (
    SEED,
    draw_weights_in_order,
    draw_weights_near,
    robustness_of,
    smaa,
    topsis,
    without_each_criterion,
)


def test_weights_near_are_each_moved_by_a_factor_and_brought_back_to_one():
    shares = [0.5, 0.3, 0.2]
    found = draw_weights_near(shares, 50, np.random.default_rng(3), 0.4)
    factors = np.random.default_rng(3).uniform(0.6, 1.4, (50, 3))
    for row, factor in zip(found, factors):
        moved = [share * one for share, one in zip(shares, factor)]
        assert row.tolist() == pytest.approx([one / sum(moved) for one in moved])


def test_weights_in_order_fall_with_what_the_team_said_and_ties_keep_their_place():
    found = draw_weights_in_order([0.2, 0.4, 0.2, 0.2], 300, np.random.default_rng(1))
    assert found.sum(axis=1) == pytest.approx(np.ones(300))
    assert (found[:, 1] >= found[:, 0]).all()
    assert (found[:, 0] >= found[:, 2]).all() and (found[:, 2] >= found[:, 3]).all()
    plain = np.random.default_rng(1).dirichlet(np.ones(4), 300)
    assert np.sort(found, axis=1) == pytest.approx(np.sort(plain, axis=1))


def counted(low, high, weights, chances):
    """Count ranks draw by draw; all unknowns of a plot stand at one share."""
    plots = len(low)
    table, first = np.zeros((plots, plots)), [[] for _ in range(plots)]
    for weight, chance in zip(weights, chances):
        totals = [
            sum(w * (a + c * (b - a)) for w, a, b in zip(weight, low[p], high[p]))
            for p, c in enumerate(chance)
        ]
        order = sorted(range(plots), key=lambda p: -totals[p])
        for place, plot in enumerate(order):
            table[plot, place] += 1
        first[order[0]].append(weight)
    return table / len(weights), first


@pytest.mark.parametrize("draws", [1, 90])
def test_ranks_and_mean_weights_are_those_of_counting_draw_by_draw(draws):
    generator = np.random.default_rng(8)
    low = generator.uniform(0, 0.6, (5, 3))
    high = low + generator.uniform(0.05, 0.4, (5, 3))
    high[2] = low[2]  # all is known of this one
    low[4], high[4] = 0.01, 0.02  # never first
    weights = generator.dirichlet(np.ones(3), draws)
    found = smaa(low, high, weights, seed=77)
    own = np.random.default_rng(np.random.SeedSequence(77).spawn(1)[0])
    drawn = own.random((draws, 4), dtype=np.float32)
    chances = np.insert(drawn, 2, 0, axis=1)
    table, first = counted(low, high, weights, chances)
    assert found.rank_chance == pytest.approx(table)
    for plot, own_weights in enumerate(first):
        if own_weights:
            assert found.first_weights[plot] == pytest.approx(np.mean(own_weights, axis=0))
        else:
            assert np.isnan(found.first_weights[plot]).all()
    assert (found.draws, found.seed) == (draws, 77)
    assert found.first_chance == pytest.approx(table[:, 0])
    assert found.among_best(2) == pytest.approx(table[:, :2].sum(axis=1))


@pytest.mark.parametrize(("plots", "draws"), [(0, 5), (3, 0), (0, 0)])
def test_nothing_to_count_is_nothing(plots, draws):
    scores = np.zeros((plots, 2))
    found = smaa(scores, scores, np.full((draws, 2), 0.5), seed=4)
    assert found.rank_chance.shape == (plots, plots) and not found.rank_chance.any()
    assert found.first_weights.shape == (plots, 2) and np.isnan(found.first_weights).all()
    assert (found.draws, found.seed) == (draws, 4)


def test_one_plot_is_always_first():
    found = smaa(np.array([[0.2, 0.4]]), np.array([[0.3, 0.4]]), np.array([[0.5, 0.5]]))
    assert found.rank_chance.tolist() == [[1.0]] and found.seed == SEED
    assert found.first_weights.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("tolerance", [None, 0.2])
def test_robustness_draws_as_asked_and_counts_as_smaa_does(measured, tolerance):
    weights = measured.kader.weights
    found = robustness_of(measured, weights, draws=200, seed=9, tolerance=tolerance)
    generator = np.random.default_rng(9)
    shares = [weights[key] for key in measured.criteria]
    drawn = (
        draw_weights_in_order(shares, 200, generator)
        if tolerance is None
        else draw_weights_near(shares, 200, generator, tolerance)
    )
    shared = dict.fromkeys(measured.municipal_columns, measured.towns)
    apart = smaa(measured.score_low, measured.score_high, drawn, 9, shared, measured.shared)
    assert np.array_equal(found.rank_chance, apart.rank_chance)
    assert (found.draws, found.seed) == (200, 9)
    other = robustness_of(measured, weights, draws=200, seed=10, tolerance=tolerance)
    assert not np.array_equal(found.rank_chance, other.rank_chance)
    # Kaders of before let all unknowns of a plot turn out alike.
    former = replace(measured, kader=replace(measured.kader, method=1))
    together = smaa(measured.score_low, measured.score_high, drawn, 9)
    again = robustness_of(former, weights, draws=200, seed=9, tolerance=tolerance)
    assert np.array_equal(again.rank_chance, together.rank_chance)
    assert not np.array_equal(again.rank_chance, found.rank_chance)


@pytest.mark.parametrize("town", [0, 3])
def test_a_towns_unknown_is_one_when_robustness_is_asked(plots, surroundings, town):
    """A criterion that is unknown for the town alone never turns the order within it."""
    kader = replace(load_kader("azc", FORMER["2026-1"]), method=2)
    measured = measure(plots, kader, surroundings)
    column, other = (measured.criteria.index(key) for key in ("remaining_task", "plot_area"))
    low = np.zeros_like(measured.score_low)
    high = low.copy()
    high[:, column] = 1.0
    low[:, other] = high[:, other] = np.linspace(0, 1, len(low))
    of_one_town = np.full(len(low), town)
    alike = replace(measured, score_low=low, score_high=high, towns=of_one_town)
    full = dict.fromkeys(measured.criteria, 0.0) | {"remaining_task": 0.5, "plot_area": 0.5}
    assert robustness_of(alike, full, draws=300).first_chance[-1] == 1
    ranking = rank_measured(alike, full)
    expected = list(range(len(low), 0, -1))
    assert ranking.rank_best.tolist() == ranking.rank_worst.tolist() == expected
    nowhere = replace(alike, towns=np.full(len(low), -1))
    assert robustness_of(nowhere, full, draws=300).first_chance[-1] < 1
    assert rank_measured(nowhere, full).rank_worst.max() == len(low)
    assert rank_measured(nowhere, full).rank_best.min() == 1
    assert (rank_measured(nowhere, full).rank_best < expected).any()


def test_leaving_out_a_criterion_shifts_its_weight_to_the_others(measured):
    weights = dict(measured.kader.weights)
    heaviest, lightest = (
        max(weights, key=weights.get),
        min(filter(weights.get, weights), key=weights.get),
    )
    found = without_each_criterion(measured, weights)
    assert set(found) == {key for key, weight in weights.items() if weight > 0}
    for key in (heaviest, lightest):
        others = {k: (0 if k == key else v) for k, v in weights.items()}
        order = rank_measured(measured, others).order().tolist()
        assert found[key] == [order.index(plot) + 1 for plot in range(len(order))]
    # Of a single criterion nothing is left, and a key that is not named has no weight.
    assert without_each_criterion(measured, {heaviest: 1.0}) == {}
    two = without_each_criterion(measured, {heaviest: 1.0, lightest: 2.0})
    assert set(two) == {heaviest, lightest}
    small = without_each_criterion(measured, {heaviest: 0.5, lightest: 0.5})
    assert set(small) == {heaviest, lightest}


def test_topsis_is_the_nearness_to_the_best_of_each_criterion():
    generator = np.random.default_rng(5)
    scores, weights = generator.uniform(0, 1, (6, 3)), np.array([2.0, 1.0, 5.0])
    weighted = scores * weights / weights.sum()
    best, worst = weighted.max(axis=0), weighted.min(axis=0)
    to_best = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    assert topsis(scores, weights) == pytest.approx(to_worst / (to_best + to_worst))
    assert topsis(scores[:1], weights).tolist() == [0.5]
    assert topsis(np.tile(scores[:1], (3, 1)), weights).tolist() == [0.5] * 3
    alike_in_one = scores.copy()
    alike_in_one[:, 0] = 0.4
    assert len(set(topsis(alike_in_one, weights).tolist())) == 6
    assert topsis(np.array([[0.0, 1.0], [1.0, 0.0]]), np.ones(2)).tolist() == [0.5, 0.5]
    assert topsis(np.array([[0.0, 0.0], [1.0, 1.0]]), np.ones(2)).tolist() == [0, 1]
    with pytest.raises(CriteriaError) as refused:
        topsis(np.empty((0, 3)), weights)
    assert refused.value.message.key == "scoring.error.no_plots"
