"""Rank plots by the weighted sum of their scores, as intervals where not all is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.vocabulary import CriterionGroup, ReceptionKind
from messages import Message
from scoring.errors import CriteriaError, UnknownPlotError
from scoring.indicators import Measured, Surroundings, measure
from scoring.kader import Criterion, Kader, layer_kind, load_kader
from scoring.limits import LimitHit
from scoring.points import checked_points

FloatArray = npt.NDArray[np.float64]

_DECIMALS = 9
"""Totals that differ by less are the same: a sum of shares depends on the order of adding."""


def weighted_sum(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Give the weighted sum of each row: ``scores`` (plots by criteria) times ``weights``."""
    return np.asarray(scores @ weights)


def possible_ranks(
    lower: FloatArray, upper: FloatArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the best and the worst rank that each plot can have within its interval.

    A plot is certainly above another when its lower bound is above the other's upper bound.

    >>> best, worst = possible_ranks(np.array([50.0, 40.0, 10.0]), np.array([90.0, 45.0, 60.0]))
    >>> best.tolist(), worst.tolist()
    ([1, 2, 1], [2, 3, 3])
    """
    low, high = np.round(lower, _DECIMALS), np.round(upper, _DECIMALS)
    count = len(low)
    by_low, by_high = np.argsort(low), np.argsort(high)
    lows, highs = low[by_low], high[by_high]
    best, worst = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    # asked in their order, each is found near the one before: three times as quick
    best[by_high] = count - np.searchsorted(lows, highs, side="right") + 1
    worst[by_low] = count - np.searchsorted(highs, lows, side="right") + 1
    return best, worst - (high > low)


@dataclass(frozen=True)
class Ranking:
    """Plots with their totals for one set of weights, in the order in which they were measured.

    Attributes:
        plot_ids: the plots.
        lower: total, 0 to 100, if every unknown turned out worst.
        upper: total if every unknown turned out best.
        rank_best: best rank that is possible, 1 is first.
        rank_worst: worst rank that is possible.
        kader: whose criteria were used.
        weights: share of each criterion, summing to 1.
        measured: what the totals were made of.
    """

    plot_ids: pd.Index
    lower: FloatArray
    upper: FloatArray
    rank_best: npt.NDArray[np.int64]
    rank_worst: npt.NDArray[np.int64]
    kader: Kader
    weights: Mapping[str, float]
    measured: Measured

    @property
    def exploration(self) -> bool:
        """Whether other weights were used than those of the kader."""
        return any(abs(self.weights[key] - w) > 1e-12 for key, w in self.kader.weights.items())

    @property
    def lead_by(self) -> str:
        """By which total plots stand: ``lower`` (way 1 of measuring) or ``middle`` (way 2).

        By the lower total a plot of which little is unknown stands first, even where another is
        likely to be better; by the middle of what is possible it does not.
        """
        return "lower" if self.kader.method == 1 else "middle"

    @property
    def lead(self) -> FloatArray:
        """The total by which plots stand, 0 to 100."""
        return self.lower if self.lead_by == "lower" else (self.lower + self.upper) / 2

    def order(self, by: str | None = None) -> npt.NDArray[np.intp]:
        """Give the positions of the plots, best first.

        Plots that tie stand by their other total, then by their identifier, so that the same
        plots always stand in the same order.

        Args:
            by: ``lower`` (what is certain), ``upper`` (what is possible) or ``middle``; by default
                as :attr:`lead_by`.
        """
        chosen = by or self.lead_by
        middle = (self.lower + self.upper) / 2
        first = {"lower": self.lower, "upper": self.upper, "middle": middle}[chosen]
        second = self.lower if chosen == "upper" else self.upper
        if chosen == "middle":
            second = self.lower
        ties = self.measured.text_order
        return np.lexsort((ties, -np.round(second, _DECIMALS), -np.round(first, _DECIMALS)))

    @property
    def ranks(self) -> npt.NDArray[np.int64]:
        """Give the rank of each plot by :attr:`lead`: 1 is best; equal totals share a rank.

        The one rule of rank, for the screen, every file and the command line.
        """
        totals = np.round(self.lead, _DECIMALS)
        place = len(totals) - np.searchsorted(np.sort(totals), totals, side="right") + 1
        return np.asarray(place, dtype=np.int64)

    @property
    def contributions_low(self) -> FloatArray:
        """Contribution of each criterion to the lower total, in points of 100."""
        return 100 * self.measured.score_low * self._weight_row()

    @property
    def contributions_high(self) -> FloatArray:
        """Contribution of each criterion to the upper total, in points of 100."""
        return 100 * self.measured.score_high * self._weight_row()

    def _weight_row(self) -> FloatArray:
        return np.array([self.weights[key] for key in self.measured.criteria])


def _possible_ranks(
    measured: Measured, row: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the ranks that are possible; what turns out alike for plots is one unknown for them.

    For each step of what is unknown for all plots alike (:class:`scoring.indicators.SharedUnknown`)
    the ranks are those of the totals within it; over all steps the best and the worst hold. The
    finer the steps the nearer to exact, and never too narrow.
    """
    shared = measured.shared
    if shared is None or not row[list(shared.columns)].any():
        return _ranks_by_town(measured, row, lower, upper)
    best = np.full(len(lower), len(lower), dtype=np.int64)
    worst = np.ones(len(lower), dtype=np.int64)
    for low, high in _totals_by_step(measured, row, lower, upper):
        step_best, step_worst = _ranks_by_town(measured, row, low, high)
        np.minimum(best, step_best, out=best)
        np.maximum(worst, step_worst, out=worst)
    return best, worst


def _totals_by_step(
    measured: Measured, row: FloatArray, lower: FloatArray, upper: FloatArray
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Give the totals for each step of what turns out alike for all plots; one step without."""
    shared = measured.shared
    if shared is None:
        yield lower, upper
        return
    columns = list(shared.columns)
    weights = 100 * row[columns]
    own_low = lower - measured.score_low[:, columns] @ weights
    own_high = upper - measured.score_high[:, columns] @ weights
    for low, high in zip(shared.low, shared.high, strict=True):
        yield own_low + low @ weights, own_high + high @ weights


def surely_above(ranking: Ranking, one: int, other: int) -> bool:
    """Say whether a plot stands above another however the unknowns turn out, by position."""
    measured = ranking.measured
    row = np.array([ranking.weights[key] for key in measured.criteria])
    return all(
        low[one] > high[other] + 10**-_DECIMALS
        for low, high in _totals_by_step(measured, row, ranking.lower, ranking.upper)
    )


def _ranks_by_town(
    measured: Measured, row: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the ranks that are possible; plots of one town share what is unknown of the town.

    What is unknown of a municipality turns out alike for all its plots, so it can never turn the
    order between them: there their own part of the total decides.
    """
    best, worst = possible_ranks(lower, upper)
    columns = [c for c in measured.municipal_columns if row[c] > 0]
    if not columns or measured.kader.method == 1:
        return best, worst
    weights = 100 * row[columns]
    own_low = lower - measured.score_low[:, columns] @ weights
    own_high = upper - measured.score_high[:, columns] @ weights
    for town in np.unique(measured.towns[measured.towns >= 0]):
        own = np.flatnonzero(measured.towns == town)
        wide = possible_ranks(lower[own], upper[own])
        true = possible_ranks(own_low[own], own_high[own])
        best[own] += true[0] - wide[0]
        worst[own] += true[1] - wide[1]
    return best, worst


def rank_measured(measured: Measured, weights: Mapping[str, float] | None = None) -> Ranking:
    """Rank measured plots; only a product of matrices, so quick enough for a moving slider.

    Args:
        measured: the plots.
        weights: points for each criterion; only ratios matter. Those of the kader by default.

    Raises:
        CriteriaError: a weight is negative or unknown to the kader, or all are zero.
    """
    shares = _shares(measured, weights)
    row = np.array([shares[key] for key in measured.criteria])
    lower = 100 * weighted_sum(measured.score_low, row)
    upper = 100 * weighted_sum(measured.score_high, row)
    best, worst = _possible_ranks(measured, row, lower, upper)
    return Ranking(measured.plot_ids, lower, upper, best, worst, measured.kader, shares, measured)


def _shares(measured: Measured, weights: Mapping[str, float] | None) -> dict[str, float]:
    if weights is None:
        return measured.kader.weights
    points = checked_points(weights, measured.criteria)
    total = sum(points.values())
    if total <= 0:
        raise CriteriaError(Message("scoring.error.no_weight", {"kind": str(measured.kader.kind)}))
    return {key: points.get(key, 0.0) / total for key in measured.criteria}


def rank(
    plots: gpd.GeoDataFrame,
    *,
    kind: ReceptionKind | str = ReceptionKind.AZC,
    weights: Mapping[str, float] | None = None,
    kader: Kader | None = None,
    surroundings: Surroundings | None = None,
) -> Ranking:
    """Measure and rank plots (EPSG:28992) for a kind of reception."""
    used = kader or load_kader(kind)
    return rank_measured(measure(plots, used, surroundings or Surroundings.packaged()), weights)


@dataclass(frozen=True)
class SheetRow:
    """One criterion on a score sheet; contributions are in points of 100."""

    criterion: Criterion
    value_low: float
    value_high: float
    unit: str
    score_low: float
    score_high: float
    weight: float
    contribution_low: float
    contribution_high: float
    source: str
    source_url: str | None
    unknown: bool


@dataclass(frozen=True)
class GroupLine:
    """One group on a score sheet: ``score`` is the mean of its criteria by weight, 0 to 1.

    A group without weight stands beside the score; its criteria then count alike in its own.
    """

    group: CriterionGroup
    weight: float
    score_low: float
    score_high: float
    contribution_low: float
    contribution_high: float


@dataclass(frozen=True)
class ScoreSheet:
    """Where the score of one plot comes from."""

    plot_id: str
    total_low: float
    total_high: float
    groups: tuple[GroupLine, ...]
    rows: tuple[SheetRow, ...]
    limits: tuple[LimitHit, ...]


def score_sheet(measured: Measured, ranking: Ranking, plot_id: object) -> ScoreSheet:
    """Explain the score of one plot, criterion by criterion.

    Raises:
        UnknownPlotError: the plot is not in the ranking.
    """
    if plot_id not in measured.plot_ids:
        raise UnknownPlotError(Message("scoring.error.plot", {"plot": str(plot_id)[:60]}))
    place = int(measured.plot_ids.get_indexer(pd.Index([plot_id]))[0])
    values_low = measured.value_low.to_numpy(dtype=float)
    values_high = measured.value_high.to_numpy(dtype=float)
    rows = []
    for column, criterion in enumerate(measured.kader.criteria):
        share = ranking.weights[criterion.key]
        low = float(measured.score_low[place, column])
        high = float(measured.score_high[place, column])
        rows.append(
            SheetRow(
                criterion,
                float(values_low[place, column]),
                float(values_high[place, column]),
                criterion.unit,
                low,
                high,
                share,
                100 * share * low,
                100 * share * high,
                _source(measured, criterion),
                criterion.source_url,
                bool(measured.unknown[place, column]),
            )
        )
    return ScoreSheet(
        str(plot_id),
        float(ranking.lower[place]),
        float(ranking.upper[place]),
        tuple(
            _group(group, rows)
            for group in CriterionGroup
            if any(row.criterion.group == group for row in rows)
        ),
        tuple(rows),
        measured.limits[place],
    )


def _source(measured: Measured, criterion: Criterion) -> str:
    """Give the source of a criterion; of a loaded layer also where the layer comes from.

    A kader is read by more people than a layer may be, so it does not name the layer's source.
    """
    layer = measured.surroundings.own.get(layer_kind(criterion.indicator) or criterion.indicator)
    if layer is None:
        return criterion.source
    return f"{layer.name}: {layer.source} ({layer.source_date}). {criterion.source}"


def _group(group: CriterionGroup, rows: list[SheetRow]) -> GroupLine:
    own = [row for row in rows if row.criterion.group == group]
    weight = sum(row.weight for row in own)
    low = sum(row.contribution_low for row in own)
    high = sum(row.contribution_high for row in own)
    if weight > 0:
        scores = low / (100 * weight), high / (100 * weight)
    else:  # it stands beside the score: then its criteria count alike
        scores = (
            sum(row.score_low for row in own) / len(own),
            sum(row.score_high for row in own) / len(own),
        )
    return GroupLine(group, weight, *scores, low, high)
