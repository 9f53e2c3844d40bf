"""Tell what would bring a plot above another: a fact that turns out or is made otherwise, a weight.

Everything here is computed from the scores by which the list stands, with all the rest as it is: a
value that is given is the least change with which the plot stands above the other one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.explain import why_not
from scoring.indicators import ANSWERED_IN
from scoring.kader import Criterion
from scoring.ranking import Ranking
from scoring.value_functions import ValueFunction

_LEAST = 1e-6
"""Points of 100 by which one stands above the other, more than the rounding of totals."""

MOST_ROOM = 3.0
"""With more times the room it would be another plot; a choice of the team."""

MOST_TIMES = 10.0
"""A criterion that would have to weigh more times as much as this, or less, is no choice of weights
but another question; a choice of the team."""

_STEPS: Mapping[str, float] = {
    "places": 1, "yes_no": 1, "grid": 1, "months": 1, "years": 0.1, "euro_per_place": 100,
}  # fmt: skip
"""How finely a value is told, by unit."""

_CHANGED_BY_PEOPLE = frozenset(
    ("capacity", "term", "first_day", "zoning_fits", "mixed_living", "grid", "cost_per_place")
)
"""Indicators of which a known value can be made otherwise. What a plot is, whose it is and where
it lies are told only where they are not known yet."""


@dataclass(frozen=True)
class Fact:
    """A value of one criterion with which a plot stands above another.

    Attributes:
        key: the criterion.
        low: the least value, in the unit of the criterion; -inf where lower is as good.
        high: the most; inf where higher is as good. Of places both are ends of what the plot then
            gives, as how much room a place takes stays unknown.
        unknown: whether nothing is known of it now.
    """

    key: str
    low: float
    high: float
    unknown: bool


@dataclass(frozen=True)
class WaysUp:
    """What would bring a plot above another, the rest as it is.

    Attributes:
        short: by how many points of 100 it stands below; 0 or less: it does not stand below.
        facts: each by itself enough, those not known yet first, then the smallest rise first.
        together: criteria that are enough only when all are at their best; empty where one is
            enough by itself, or where all are not enough.
        still_short: by how many points it stands below when all that can turn out or be made
            otherwise is at its best; 0 or less: that is enough.
        weight: a criterion, and how many times as heavy it has to weigh at least, or at most where
            that is below 1; None where none is enough within ``MOST_TIMES`` either way.
    """

    short: float
    facts: tuple[Fact, ...] = ()
    together: tuple[str, ...] = ()
    still_short: float = 0.0
    weight: tuple[str, float] | None = None


def ways_up(ranking: Ranking, place: int, other: int) -> WaysUp:
    """Compute what would bring a plot above another, both by position.

    What is unknown of a municipality, or turns out alike for all plots, is left out: it moves both.
    """
    short = float(ranking.lead[other] - ranking.lead[place])
    if short <= _LEAST:
        return WaysUp(short)
    measured = ranking.measured
    facts: list[tuple[bool, float, Fact]] = []
    gains: list[tuple[float, str]] = []
    for column, criterion in enumerate(measured.kader.criteria):
        share = 100 * ranking.weights[criterion.key]
        unknown = bool(measured.unknown[place, column])
        changeable = criterion.indicator in _CHANGED_BY_PEOPLE
        if share <= 0 or not (changeable or (unknown and criterion.indicator in ANSWERED_IN)):
            continue
        now = float(measured.lead_scores[place, column])
        needed = now + (short + _LEAST) / share
        ends = (
            float(measured.value_low[criterion.key].to_numpy(float)[place]),
            float(measured.value_high[criterion.key].to_numpy(float)[place]),
        )
        if criterion.indicator == "capacity" and not unknown:
            found, best = _more_room(ranking, criterion, needed, ends)
        else:
            found = _nearest(criterion, needed, _middle(*ends))
            best = max(score for _, score in criterion.value_function.points)
        gains.append((share * (best - now), criterion.key))
        if found is not None:
            facts.append((not unknown, needed - now, Fact(criterion.key, *found, unknown)))
    ordered = tuple(fact for *_, fact in sorted(facts, key=lambda one: (one[:2], one[2].key)))
    return WaysUp(
        short,
        ordered,
        () if ordered else _enough(gains, short),
        short - sum(gain for gain, _ in gains if gain > 0),
        _weight(ranking, place, other),
    )


def _weight(ranking: Ranking, place: int, other: int) -> tuple[str, float] | None:
    """Give the criterion whose weight has to change least, and into how many times itself."""
    found = why_not(ranking, other, place)
    # lead + (times - 1) * points = 0; the common scale of weights does not matter
    factors = [(1 - found.lead / one.points, one.key) for one in found.differences]
    told = [(f, key) for f, key in factors if 1 / MOST_TIMES <= f <= MOST_TIMES]
    if not told:
        return None
    times, key = min(told, key=lambda one: (abs(math.log(one[0])), one[1]))
    return key, times


def _enough(gains: list[tuple[float, str]], short: float) -> tuple[str, ...]:
    """Give as few criteria as make up what is short, each at its best; none if all do not."""
    named: list[str] = []
    left = short
    for gain, key in sorted(gains, key=lambda one: (-one[0], one[1])):
        named.append(key)
        left -= gain
        if left < -_LEAST:
            return tuple(named)
    return ()


def _middle(low: float, high: float) -> float:
    ends = [end for end in (low, high) if not math.isnan(end)]
    return sum(ends) / len(ends) if ends else math.nan


def _more_room(
    ranking: Ranking, criterion: Criterion, needed: float, ends: tuple[float, float]
) -> tuple[tuple[float, float] | None, float]:
    """Give the places that are enough when a plot has more room, or less, and the best score."""
    times = np.geomspace(1 / MOST_ROOM, MOST_ROOM, 601)
    # the ends move together: how much room a place takes stays as unknown as it is
    low, high = (np.floor(times * end) for end in ends)
    worst, best = criterion.value_function.score_bounds(low, high)
    scores = worst if ranking.lead_by == "lower" else (worst + best) / 2
    enough = np.flatnonzero(scores >= needed)
    most = float(np.nanmax(scores, initial=0.0))
    if not len(enough):
        return None, most
    least = enough[int(np.argmin(np.abs(enough - len(times) // 2)))]
    return (float(low[least]), float(high[least])), most


def _nearest(criterion: Criterion, needed: float, value: float) -> tuple[float, float] | None:
    """Give the values nearest to one of which the score is so high, in whole steps; None: none."""
    step = _STEPS.get(criterion.unit, 1.0)
    runs = [
        (_stepped(low, step, math.ceil), _stepped(high, step, math.floor))
        for low, high in runs_above(criterion.value_function, needed)
    ]
    whole = [run for run in runs if run[0] <= run[1]]
    if not whole:
        return None
    if math.isnan(value):
        return max(whole, key=lambda run: run[1] - run[0])
    return min(whole, key=lambda run: max(run[0] - value, value - run[1], 0.0))


def runs_above(function: ValueFunction, needed: float) -> list[tuple[float, float]]:
    """Give the runs of values of which the score is so high or higher.

    >>> runs_above(ValueFunction(((0.0, 0.0), (100.0, 1.0))), 0.455)
    [(45.5, inf)]
    >>> runs_above(ValueFunction(((0.0, 0.0), (100.0, 1.0), (200.0, 0.0))), 0.25)
    [(25.0, 175.0)]
    """
    runs: list[tuple[float, float]] = []
    points = function.points
    begin = -math.inf if points[0][1] >= needed else None
    for (x, y), (further, score) in itertools.pairwise(points):
        if y < needed <= score:
            begin = x + (needed - y) / (score - y) * (further - x)
        elif y >= needed > score and begin is not None:
            runs.append((begin, x + (y - needed) / (y - score) * (further - x)))
            begin = None
    if begin is not None:
        runs.append((begin, math.inf))
    return runs


def _stepped(value: float, step: float, way: Callable[[float], int]) -> float:
    if math.isinf(value):
        return value
    # a hair's breadth beside a whole step is that step
    return way(round(value / step, 9)) * step
