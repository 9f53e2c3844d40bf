"""Explain a ranking: why one plot stands above another, and which question to answer first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.vocabulary import ObjectKind
from scoring.indicators import ANSWERED_IN, MUNICIPAL, Measured
from scoring.limits import unknown_limits
from scoring.ranking import Ranking, rank_measured, surely_above


@dataclass(frozen=True)
class Difference:
    """What one criterion does to the difference between two plots, in points of 100."""

    key: str
    points: float


@dataclass(frozen=True)
class WhyNot:
    """Why one plot stands above another.

    Attributes:
        winner: position of the higher plot.
        loser: position of the lower plot.
        lead: by how many points (of 100), on the totals by which the list stands.
        differences: criteria by what they contribute to the lead, largest first.
        turning_factor: for a criterion that speaks for the loser, how many times its weight would
            have to be before they are equal; None where no weight of it turns the order.
        turning_score: for a criterion, by how much the loser's score (0 to 1) would have to rise
            for the order to turn, where that is possible.
        certain: whether the order holds for every value of the unknowns.
    """

    winner: int
    loser: int
    lead: float
    differences: tuple[Difference, ...]
    turning_factor: Mapping[str, float | None]
    turning_score: Mapping[str, float]
    certain: bool


def why_not(ranking: Ranking, one: int, other: int) -> WhyNot:
    """Explain the order of two plots, by position, on the scores by which the list stands."""
    winner, loser = (one, other) if ranking.lead[one] >= ranking.lead[other] else (other, one)
    measured = ranking.measured
    shares = np.array([ranking.weights[key] for key in measured.criteria])
    scores = measured.lead_scores
    gap = scores[winner] - scores[loser]
    points = 100 * shares * gap
    lead = float(points.sum())
    order = np.argsort(-np.abs(points), kind="stable")
    factors: dict[str, float | None] = {}
    rises: dict[str, float] = {}
    for place, key in enumerate(measured.criteria):
        if gap[place] < 0 and shares[place] > 0:
            # lead + (f - 1) * points = 0, and the common scale of weights does not matter
            factors[key] = float(1 - lead / points[place])
        if shares[place] > 0:
            rise = lead / (100 * shares[place])
            if 0 < rise <= 1 - scores[loser, place] + 1e-12:
                rises[key] = float(rise)
    return WhyNot(
        winner,
        loser,
        lead,
        tuple(
            Difference(measured.criteria[p], float(points[p]))
            for p in order
            if abs(points[p]) > 1e-9
        ),
        factors,
        rises,
        surely_above(ranking, winner, loser),
    )


REASONS = 3
"""Reasons on each side: what a reader takes in at a glance."""

_LEAST_POINTS = 0.5


def reasons(ranking: Ranking, place: int) -> tuple[list[str], list[str], list[str]]:
    """Give the criteria that speak for and against a plot, and those that are not known.

    What a criterion says is its weight times how far its certain score lies from the middle of the
    other plots (their median of the middle of each interval), in points of 100; what is less than
    half a point is no reason. An unknown speaks for neither side: it is told apart.

    Returns:
        Keys of criteria for, against and unknown, each the weightiest first, three at most.
    """
    measured = ranking.measured
    shares = np.array([ranking.weights[key] for key in measured.criteria])
    others = np.delete((measured.score_low + measured.score_high) / 2, place, axis=0)
    middle = np.median(others, axis=0) if len(others) else np.full(len(shares), 0.5)
    low, high = measured.score_low[place], measured.score_high[place]
    # an interval speaks for a plot by its lower end, and against it by its upper end
    gain, loss = 100 * shares * (low - middle), 100 * shares * (middle - high)
    spread = 100 * shares * (high - low)
    unknown = measured.unknown[place]

    def heaviest(points: npt.NDArray[np.float64], among: npt.NDArray[np.bool_]) -> list[str]:
        order = np.argsort(-points, kind="stable")
        return [measured.criteria[k] for k in order if among[k] and points[k] >= _LEAST_POINTS][
            :REASONS
        ]

    return heaviest(gain, ~unknown), heaviest(loss, ~unknown), heaviest(spread, unknown)


def weightiest(ranking: Ranking, place: int) -> tuple[str | None, str | None]:
    """Give the criterion that surely gives a plot most points, and the one that costs it most.

    For a plot of which nothing stands out among the others: by the lower end of its score and by
    what its upper end falls short. None where no criterion that is known gives, or costs, half a
    point.
    """
    measured = ranking.measured
    shares = np.array([ranking.weights[key] for key in measured.criteria])
    known = ~measured.unknown[place]

    def largest(points: npt.NDArray[np.float64]) -> str | None:
        best = int(np.argmax(np.where(known, points, -1.0))) if len(points) else 0
        return measured.criteria[best] if known[best] and points[best] >= _LEAST_POINTS else None

    low, high = measured.score_low[place], measured.score_high[place]
    return largest(100 * shares * low), largest(100 * shares * (1 - high))


@dataclass(frozen=True)
class Question:
    """An unknown of a plot, and what its answer would do.

    Attributes:
        key: the criterion.
        narrows: by how many points of 100 the interval becomes narrower.
        ranks: how many places the plot can move by its answer.
        who: who can answer it (owner, municipality, province, grid_operator, school_boards); None
            where nobody around the plot can, as with how precisely other places are known.
        columns: of the plot, in which the answer is kept; none where it is no fact of the plot.
        municipal: whether it is a figure of the municipality, one for all its plots.
    """

    key: str
    narrows: float
    ranks: int
    who: str | None = None
    columns: tuple[str, ...] = ()
    municipal: bool = False


def open_questions(ranking: Ranking, place: int) -> list[Question]:
    """Give the unknowns of a plot, the one whose answer tells most first.

    What an answer tells is measured by how many places it can move the plot among the others, as
    the list stands, and then by how much it narrows the interval.
    """
    measured = ranking.measured
    found = []
    others = np.delete(ranking.lead, place)
    for column, key in enumerate(measured.criteria):
        low, high = measured.score_low[place, column], measured.score_high[place, column]
        share = ranking.weights[key]
        narrows = 100 * share * (high - low)
        if narrows <= 1e-9:
            continue
        # by the middle an answer can turn out half the width either way
        back = 0.0 if ranking.lead_by == "lower" else narrows / 2
        least = ranking.lead[place] - back
        ranks = int((others > least + 1e-9).sum() - (others > least + narrows + 1e-9).sum())
        indicator = measured.kader.criteria[column].indicator
        who, columns = ASKED_OF.get(indicator), ANSWERED_IN.get(indicator, ())
        municipal = indicator in MUNICIPAL
        found.append(Question(key, float(narrows), ranks, who, columns, municipal))
    return sorted(found, key=lambda question: (-question.ranks, -question.narrows, question.key))


def questions_to_ask(ranking: Ranking, plots: gpd.GeoDataFrame, place: int) -> list[Question]:
    """Give what to ask first about a plot: unknowns that somebody can answer, then unknown limits.

    A limit that cannot be judged because nothing is known of it is a question too; its ``key`` is
    that of the limit and it narrows no score. What an earlier question answers is not asked again.

    Args:
        ranking: of the plots.
        plots: the plots, in the order of the ranking.
        place: position of the plot.
    """
    row = plots.iloc[place]
    asked = []
    for question in open_questions(ranking, place):
        if not question.who or question.narrows < _LEAST_POINTS:
            continue
        if question.columns:
            column = ranking.measured.criteria.index(question.key)
            missing = _missing(row, question.columns)
            if not missing and not ranking.measured.unknown[place, column]:
                continue  # it is not the plot of which something is not known
            question = replace(question, columns=missing or question.columns)
        asked.append(question)
    criteria = {c.key: c.indicator for c in ranking.kader.criteria}
    answered = {criteria[question.key] for question in asked}
    own = ranking.measured.surroundings.own
    by_layer = unknown_limits(plots.iloc[[place]], ranking.kader, own)
    for limit in ranking.kader.limits:
        if by_layer.get(limit.key, np.zeros(1, dtype=bool)).any():
            columns = (limit.column,) if limit.column else ()
            asked.append(Question(limit.key, 0.0, 0, limit.who or "municipality", columns))
            continue
        needs, indicators, who = _LIMIT_NEEDS.get(limit.key, ((), (), None))
        if _missing(row, needs) and not answered & set(indicators) and who:
            asked.append(Question(limit.key, 0.0, 0, who, needs))
    return asked


def _missing(row: pd.Series, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Give the columns in which nothing is told of a plot; bare land has no floor to tell of."""
    return tuple(
        c
        for c in columns
        if (pd.isna(row[c]) or str(row[c]) == "onbekend")
        and not (c == "gfa_m2" and row["object_kind"] == ObjectKind.PERCEEL)
    )


ASKED_OF: Mapping[str, str] = {
    "capacity": "owner",
    "size_to_floor": "owner",
    "term": "owner",
    "first_day": "owner",
    "existing_building": "municipality",
    "public_owner": "municipality",
    "zoning_fits": "municipality",
    "mixed_living": "municipality",
    "cost_per_place": "owner",
    "remaining_task": "municipality",
    "grid": "grid_operator",
    "isk": "school_boards",
}
"""Who can answer what is not known, by indicator."""

_LIMIT_NEEDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str | None]] = {
    "nnn": (("nature",), (), "province"),
    "zoning": (("zoning",), ("zoning_fits",), "municipality"),
    "grid_none": (("grid_connection",), ("grid",), "grid_operator"),
    "term_short": (("available_until",), ("term", "first_day"), "owner"),
}
"""By limit: the columns that it needs, the indicators that answer it too, and who knows."""


def turning_weights(
    measured: Measured, weights: Mapping[str, float], place: int
) -> dict[str, float] | None:
    """Give weights near those given that would make a plot first in the list, None if none do.

    The smallest change, as the sum of all changes, found by linear programming (HiGHS).
    """
    from scipy.optimize import linprog

    count = len(measured.criteria)
    base = np.array([weights[key] for key in measured.criteria])
    ahead = np.delete(measured.lead_scores, place, axis=0) - measured.lead_scores[place]
    if len(ahead) == 0:
        return dict(weights)
    # unknowns: new weights and the size of each change
    cost = np.concatenate([np.zeros(count), np.ones(count)])
    eye = np.eye(count)
    upper = np.vstack(
        [
            np.hstack([ahead, np.zeros_like(ahead)]),
            np.hstack([eye, -eye]),
            np.hstack([-eye, -eye]),
        ]
    )
    bound = np.concatenate([np.zeros(len(ahead)), base, -base])
    equal = np.concatenate([np.ones(count), np.zeros(count)])[None, :]
    found = linprog(cost, upper, bound, equal, [1.0], bounds=(0, None), method="highs")
    if not found.success:
        return None
    new = np.clip(found.x[:count], 0, None)
    shares = {key: float(v) for key, v in zip(measured.criteria, new / new.sum(), strict=True)}
    best = rank_measured(measured, shares)
    return shares if best.lead[place] >= best.lead.max() - 1e-6 else None
