"""Decide what the page Verkennen shows: which plots, in which order, in which colour.

Nothing here knows Streamlit; the page draws what these functions give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.vocabulary import PAST_STATES, CriterionGroup, LimitOutcome
from presentation.symbols import SUITABILITY_BREAKS, SUITABILITY_CLASSES
from scoring.indicators import Measured
from scoring.kader import Kader
from scoring.ranking import Ranking

BoolArray = npt.NDArray[np.bool_]

OPEN = 8
PROCEDURE = 16
BLOCKED = 32
RISK = 64
"""Bits of the byte by which a plot is painted (``plots.js``): beside its class whether it could be
higher, and what follows from its limits. The browser adds whether the filter hides it."""


@dataclass(frozen=True)
class PlotFilter:
    """Which plots the user wants to see; an empty choice means all that are still candidates."""

    text: str = ""
    municipalities: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    zonings: frozenset[str] = frozenset()
    smallest_area_m2: float = 0.0
    fewest_places: int = 0
    shortest_term_months: int = 0
    latest_start_months: int = 0
    without_blocked: bool = False
    with_past: bool = False

    @property
    def ranks_past(self) -> bool:
        """Whether dropped and realised plots take part: when asked for, or by their state."""
        return self.with_past or bool(self.states & set(PAST_STATES))


@dataclass(frozen=True)
class LimitFlags:
    """For each plot the gravest limits that it meets."""

    blocked: BoolArray
    risk: BoolArray
    procedure: BoolArray


def limit_flags(measured: Measured) -> LimitFlags:
    """Say of each plot which outcomes of limits it meets."""
    outcomes = [{hit.outcome for hit in hits} for hits in measured.limits]

    def having(outcome: LimitOutcome) -> BoolArray:
        return np.fromiter(
            (outcome in found for found in outcomes), dtype=bool, count=len(outcomes)
        )

    return LimitFlags(
        having(LimitOutcome.GEBLOKKEERD),
        having(LimitOutcome.JURIDISCH_RISICO),
        having(LimitOutcome.PROCEDURE_NODIG),
    )


def ranked(plots: gpd.GeoDataFrame, chosen: PlotFilter) -> BoolArray:
    """Say which plots take part in the ranking: dropped and realised ones only where asked for."""
    if chosen.ranks_past:
        return np.ones(len(plots), dtype=bool)
    return np.asarray(~plots["state"].isin(PAST_STATES).to_numpy(dtype=bool))


_DAYS_A_MONTH = 365.25 / 12


def shown(
    plots: gpd.GeoDataFrame,
    flags: LimitFlags,
    chosen: PlotFilter,
    room: pd.DataFrame | None = None,
    starts: pd.Series | None = None,
) -> BoolArray:
    """Say of each plot whether it passes the filter.

    Args:
        plots: EPSG:28992, indexed by ``plot_id``.
        flags: the limits that they meet.
        chosen: what the user asked for.
        room: how many places there can be, ``low`` and ``high``, on the same index.
        starts: months until the first day, on the same index.
    """
    passes = ranked(plots, chosen)
    if chosen.text.strip():
        sought = chosen.text.strip().casefold()
        fields = [
            plots[column].fillna("").astype(str).str.casefold()
            for column in ("name", "address", "cadastral_number")
        ]
        passes &= np.logical_or.reduce(
            [field.str.contains(sought, regex=False).to_numpy(dtype=bool) for field in fields]
        )
    for column, wanted in (
        ("municipality_code", chosen.municipalities),
        ("state", chosen.states),
        ("owner_kind", chosen.owners),
        ("object_kind", chosen.objects),
        ("zoning", chosen.zonings),
    ):
        if wanted:
            passes &= plots[column].isin(wanted).to_numpy(dtype=bool)
    if chosen.smallest_area_m2 > 0:
        passes &= plots.geometry.area.to_numpy() >= chosen.smallest_area_m2
    if chosen.fewest_places > 0 and room is not None:
        # what is not known could be enough: it is kept
        passes &= ~(room["high"] < chosen.fewest_places).to_numpy(dtype=bool)
    if chosen.shortest_term_months > 0:
        passes &= ~(months_available(plots) < chosen.shortest_term_months).to_numpy(dtype=bool)
    if chosen.latest_start_months > 0 and starts is not None:
        passes &= ~(starts > chosen.latest_start_months).to_numpy(dtype=bool)
    if chosen.without_blocked:
        passes &= ~flags.blocked
    return passes


def months_available(plots: gpd.GeoDataFrame) -> pd.Series:
    """Give how many months each plot is available; NaN where begin or end is not known."""
    begin, end = (pd.to_datetime(plots[f"available_{k}"]) for k in ("from", "until"))
    return (end - begin).dt.days / _DAYS_A_MONTH


def suitability_classes(totals: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Give the class, 0 (least) to 4 (most suitable), of totals of 0 to 100."""
    # rounded, as a sum of shares ends a hair below a break at times
    found = np.searchsorted(SUITABILITY_BREAKS, np.round(totals / 100, 9), side="right")
    return np.clip(found, 0, len(SUITABILITY_CLASSES) - 1).astype(np.uint8)


def flag_bits(flags: LimitFlags) -> npt.NDArray[np.int64]:
    """Give what follows from the limits of each plot, as bits of the byte it is painted by."""
    return PROCEDURE * flags.procedure + RISK * flags.risk + BLOCKED * flags.blocked


def painted(ranking: Ranking, flags: LimitFlags) -> dict[str, Any]:
    """Give the map what the browser otherwise computes: codes, scores and ranks of all plots."""
    lower, upper = suitability_classes(ranking.lower), suitability_classes(ranking.upper)
    codes = lower + OPEN * (lower != upper) + flag_bits(flags)
    return {
        "codes": codes.tolist(),
        "state": {
            "low": np.round(ranking.lower, 1).tolist(),
            "high": np.round(ranking.upper, 1).tolist(),
            "best": ranking.rank_best.tolist(),
            "worst": ranking.rank_worst.tolist(),
            "ranked": len(ranking.plot_ids),
            "top": [int(place) for place in ranking.order()[:10]],
            "ranks": ranking.ranks[ranking.order()[:10]].tolist(),
        },
    }


@dataclass(frozen=True)
class Weights:
    """The weights that the user set, as shares that sum to 1.

    ``fixed`` says that they are those of the kader, unchanged.
    """

    shares: Mapping[str, float]
    fixed: bool
    groups: Mapping[CriterionGroup, float] = field(default_factory=dict)


def combine_weights(
    kader: Kader,
    group_points: Mapping[CriterionGroup, float],
    criterion_points: Mapping[str, float],
    defaults: tuple[Mapping[CriterionGroup, float], Mapping[str, float]],
) -> Weights:
    """Turn points for groups, and for criteria within their group, into shares.

    Points that stand at the defaults give exactly the weights of the kader, free of the rounding
    of the sliders. Groups without any points count for nothing; when every group is at zero, the
    groups count alike, as a score needs weights.
    """
    if (dict(group_points), dict(criterion_points)) == (dict(defaults[0]), dict(defaults[1])):
        return Weights(dict(kader.weights), True, dict(kader.group_weights))
    members: dict[CriterionGroup, list[str]] = {}
    for criterion in kader.criteria:
        members.setdefault(criterion.group, []).append(criterion.key)
    total = sum(group_points.get(group, 0.0) for group in members)
    shares: dict[str, float] = {}
    groups: dict[CriterionGroup, float] = {}
    for group, keys in members.items():
        share = group_points.get(group, 0.0) / total if total > 0 else 1 / len(members)
        groups[group] = share
        within = sum(criterion_points.get(key, 0.0) for key in keys)
        for key in keys:
            inner = criterion_points.get(key, 0.0) / within if within > 0 else 1 / len(keys)
            shares[key] = share * inner
    return Weights(shares, False, groups)


def default_points(kader: Kader) -> tuple[dict[CriterionGroup, int], dict[str, int]]:
    """Give where the sliders stand for the weights of a kader: 0 to 100 for each."""
    groups = {group: round(100 * share) for group, share in kader.group_weights.items()}
    largest: dict[CriterionGroup, float] = {}
    for criterion in kader.criteria:
        weight = kader.weights[criterion.key]
        largest[criterion.group] = max(largest.get(criterion.group, 0.0), weight)
    criteria = {
        criterion.key: round(100 * kader.weights[criterion.key] / largest[criterion.group])
        if largest[criterion.group] > 0
        else 0
        for criterion in kader.criteria
    }
    return groups, criteria


def five_steps(values: pd.Series) -> tuple[list[float], pd.Series]:
    """Cut known values into at most five classes of about as many municipalities each.

    Returns:
        The lower edges of the classes, and for each value its class (-1 for an unknown).
    """
    known = values.dropna()
    if known.empty:
        return [], pd.Series(-1, index=values.index)
    edges = sorted(set(np.quantile(known, [0, 0.2, 0.4, 0.6, 0.8], method="lower").tolist()))
    found = np.searchsorted(edges, values.fillna(-np.inf).to_numpy(dtype=float), side="right") - 1
    return edges, pd.Series(np.where(values.isna(), -1, found), index=values.index)
