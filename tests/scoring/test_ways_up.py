"""What is said to bring a plot above another does so when the plots are measured again."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader
from scoring.ranking import rank_measured
from scoring.ways_up import MOST_TIMES, ways_up

DAY = dt.date(2026, 11, 30)


def of_score(measured, place, column, score):
    """Give the same plots, one of them with a certain score on one criterion."""
    low, high = measured.score_low.copy(), measured.score_high.copy()
    low[place, column] = high[place, column] = score
    return replace(measured, score_low=low, score_high=high)


@pytest.fixture(scope="module", params=["azc", "statushouders"])
def ranking(plots, request):
    kader = load_kader(request.param)
    # weight for what is told beside the score, so that all facts take part
    weights = {c.key: 5.0 for c in kader.criteria}
    return rank_measured(measure(plots, kader, Surroundings.packaged()), weights)


def pairs(ranking):
    """Give pairs of a plot and one that stands a little, or more, above it."""
    order = [int(place) for place in ranking.order()]
    return [(order[k], order[k - step]) for step in (1, 3) for k in range(step, len(order))]


def test_a_fact_that_is_told_turns_the_order_and_a_step_less_does_not(ranking):
    measured, told = ranking.measured, 0
    for place, other in pairs(ranking):
        for fact in ways_up(ranking, place, other).facts:
            column = measured.criteria.index(fact.key)
            criterion = measured.kader.criteria[column]
            if fact.key == "capacity" and not fact.unknown:
                continue  # by its own test: both its ends move
            end = fact.low if math.isfinite(fact.low) else fact.high
            within, without = (end, end - 1.001) if end == fact.low else (end, end + 1.001)
            if criterion.unit == "euro_per_place":
                without = end + 101
            above = []
            for value in (within, without):
                score = criterion.value_function.scores(np.array([value]))[0]
                again = rank_measured(of_score(measured, place, column, score), ranking.weights)
                above.append(bool(again.lead[place] > again.lead[other]))
            assert above == [True, False], (fact, above)
            told += 1
    assert told > 20


def test_a_weight_that_is_told_turns_the_order_and_a_little_less_does_not(ranking):
    told = 0
    for place, other in pairs(ranking):
        weight = ways_up(ranking, place, other).weight
        if weight is None:
            continue
        key, times = weight
        assert 1 / MOST_TIMES <= times <= MOST_TIMES
        more = 1.0001 if times > 1 else 0.9999
        for factor, above in ((more * times, True), (times / more**10, False)):
            points = {k: w * (factor if k == key else 1) for k, w in ranking.weights.items()}
            again = rank_measured(ranking.measured, points)
            assert (again.lead[place] > again.lead[other]) == above
        told += 1
    assert told > 5


def test_unknowns_that_are_enough_together_are_not_enough_with_one_less(ranking):
    measured, told = ranking.measured, 0
    for place, other in pairs(ranking):
        together = ways_up(ranking, place, other).together
        if not together or "capacity" in together:
            continue
        for named, above in ((together, True), (together[1:], False), (together[:-1], False)):
            again = measured
            for key in named:
                again = of_score(again, place, measured.criteria.index(key), 1.0)
            again = rank_measured(again, ranking.weights)
            assert (again.lead[place] > again.lead[other]) == above
        told += 1
    assert told


def test_more_room_or_a_longer_term_is_enough_when_the_plot_itself_is_changed(plots, surroundings):
    """Change the floor or the last day in the plot, and measure all again."""
    kader = load_kader("statushouders")
    ranking = rank_measured(measure(plots, kader, surroundings))
    changed, told = [], []
    for place, other in pairs(ranking):
        row = plots.iloc[[place]].copy()
        for fact in ways_up(ranking, place, other).facts:
            if fact.key == "term":
                first, on = row["available_from"].iloc[0], surroundings.on or DAY
                begin = pd.Timestamp(on) if pd.isna(first) else max(first, pd.Timestamp(on))
                row["available_from"] = begin
                days = math.ceil(365.25 * fact.low) + 1
                row["available_until"] = begin + pd.Timedelta(days=days)
            elif fact.key == "capacity" and row["object_kind"].iloc[0] == "gebouw":
                values = ranking.measured
                ends = [of["capacity"].iloc[place] for of in (values.value_low, values.value_high)]
                # so much more floor, or less, that both ends are reached
                times = fact.low / ends[0], fact.high / ends[1]
                row["gfa_m2"] *= max(times) if max(times) > 1 else min(times)
            else:
                continue
            changed.append(row.set_axis([f"changed{len(changed)}"]))
            told.append((place, other, fact))
            break
    # all are measured in one table: each ranking then takes one of them in the place of the plot
    together = measure(pd.concat([plots, *changed]), kader, surroundings)
    for number, (place, other, fact) in enumerate(told):
        taken = np.arange(len(plots))
        taken[place] = len(plots) + number
        again = rank_measured(together.take(taken), ranking.weights)
        assert again.lead[place] > again.lead[other], fact
    assert {fact.key for *_, fact in told} == {"term", "capacity"}


def test_what_stands_above_already_needs_nothing(ranking):
    first, *_, last = (int(place) for place in ranking.order())
    found = ways_up(ranking, first, last)
    assert found.short < 0 and not found.facts and found.weight is None
