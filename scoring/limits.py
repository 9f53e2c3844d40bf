"""Say which limits a plot meets: blocked, legal risk, or a procedure that is needed.

Limits stand apart from scores and remove nothing from the list: real sites work in the nature
network (Baarn) or against the zoning plan (Leusden).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.vocabulary import PAST_STATES, Hindrance, LimitOutcome, Zoning
from geo import layers
from messages import Message, catalogue
from scoring.feasibility import expired
from scoring.integration import term_years
from scoring.kader import Kader, Limit, layer_kind
from scoring.overlap import parts_in
from scoring.own_layers import OwnLayer, distance_m, overlap_share

HALF_YEAR = 0.5
"""COA rents for at least half a year (Eisen voor gebouwen en terreinen, coa.nl)."""

DURABLE_YEARS = 5.0
"""A place counts for the Spreidingswet from this term (Staatsblad 2024, 13)."""

_DATE_SLACK_YEARS = 2 / 365.25
"""A term of 1 January to 31 December counts as a whole year."""

FITTING_ZONING = (Zoning.WONEN, Zoning.MAATSCHAPPELIJK, Zoning.GEMENGD)


@dataclass(frozen=True)
class LimitHit:
    """A limit that a plot meets, with the reason, the rule, and what would lift it.

    ``who`` has to act for that and ``months`` is how long it took in a known case; None: not told.
    """

    key: str
    outcome: LimitOutcome
    reason: Message
    article: str
    lifted_by: Message
    who: str | None = None
    months: float | None = None


Check = Callable[[gpd.GeoDataFrame], npt.NDArray[np.bool_]]


def _term(plots: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    years = term_years(plots["available_from"], plots["available_until"])
    return years.to_numpy(dtype=float) + _DATE_SLACK_YEARS


def _term_short(plots: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    return np.asarray(_term(plots) < HALF_YEAR)


def _not_durable(plots: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    years = _term(plots)
    return np.asarray((years >= HALF_YEAR) & (years < DURABLE_YEARS))


def _zoning(plots: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    known = plots["zoning"].notna() & plots["zoning"].ne(Zoning.ONBEKEND)
    return np.asarray(known & ~plots["zoning"].isin(FITTING_ZONING), dtype=bool)


def _equals(column: str, value: str) -> Check:
    def check(plots: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
        return np.asarray(plots[column].eq(value), dtype=bool)

    return check


CHECKS: Mapping[str, Check] = {
    "term_short": _term_short,
    "not_durable": _not_durable,
    "zoning": _zoning,
    "natura2000": _equals("nature", "natura2000"),
    "nnn": _equals("nature", "nnn"),
    "grid_none": _equals("grid_connection", "niet"),
}

LEAST_OVERLAP_SHARE = 0.01
"""A smaller share in nature may come of how precisely the plot was drawn; a choice of the team."""


def nature_of(plots: gpd.GeoSeries, nature: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure how plots lie to protected areas (both in EPSG:28992).

    Returns:
        ``share`` of the plot that lies in them (0 to 1), ``distance_m`` from its edge to the
        nearest, and ``name`` of the area that holds most of it, or else of the nearest. NaN and
        None for an empty plot.
    """
    shapes = np.asarray(plots.values, dtype=object)
    share, name = overlap_of(shapes, nature)
    away = np.full(len(shapes), np.nan)
    areas = np.asarray(nature.geometry.values, dtype=object)
    filled = np.flatnonzero(~shapely.is_empty(shapes))
    if len(areas) and len(filled):
        near, distance = shapely.STRtree(areas).query_nearest(
            shapes[filled], return_distance=True, all_matches=False
        )
        away[filled[near[0]]] = distance
        nearest = nature["name"].to_numpy(dtype=object)[near[1]]
        rows = filled[near[0]]
        name[rows] = np.where(share[rows] > 0, name[rows], nearest)
    share[np.isnan(away)] = np.nan
    return pd.DataFrame({"share": share, "distance_m": away, "name": name}, index=plots.index)


def overlap_of(
    shapes: npt.NDArray[np.object_], nature: gpd.GeoDataFrame
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Give the share (0 to 1) of each polygon that lies in protected areas, and the largest one."""
    areas = np.asarray(nature.geometry.values, dtype=object)
    share, name = np.zeros(len(shapes)), np.full(len(shapes), None, dtype=object)
    rows, found, parts = parts_in(shapes, areas)
    overlap = shapely.area(parts)
    np.add.at(share, rows, overlap / np.maximum(shapely.area(shapes[rows]), 1e-9))
    for row, area in zip(rows[np.argsort(overlap)], found[np.argsort(overlap)], strict=True):
        name[row] = nature["name"].iloc[area]
    return np.minimum(share, 1.0), name


def limits_of(
    plots: gpd.GeoDataFrame,
    kader: Kader,
    *,
    on: dt.date | None = None,
    nature: gpd.GeoDataFrame | None = None,
    own: Mapping[str, OwnLayer] | None = None,
) -> list[tuple[LimitHit, ...]]:
    """Give for each plot the limits of a kader that it certainly meets, gravest first.

    What is not known of a plot meets no limit; it shows as unknown in the sheet instead.

    Args:
        plots: EPSG:28992, with the columns of a plot.
        kader: whose limits; way 1 of measuring takes nature from what was told of the plot alone
            and knows no day.
        on: the day by which a term is over.
        nature: official outlines of Natura 2000 areas, with ``name``.
        own: layers that a user loaded, by kind.
    """
    gravity = list(LimitOutcome)
    hits: list[list[LimitHit]] = [[] for _ in range(len(plots))]
    for limit in sorted(kader.limits, key=lambda one: gravity.index(one.outcome)):
        if limit.measure is None:
            reasons = _reasons(limit.key, plots, kader.method, on, nature)
        else:
            reasons = _reasons_by_layer(limit, plots, own or {})
        told = _reasons_by_column(limit, plots)
        for place, reason in {**reasons, **{p: said for p, (said, _) in told.items()}}.items():
            hits[place].append(
                LimitHit(
                    limit.key,
                    told[place][1] if place in told else limit.outcome,
                    reason,
                    limit.article,
                    _remedy(limit, own or {}),
                    limit.who,
                    limit.months,
                )
            )
    return [tuple(sorted(found, key=lambda hit: gravity.index(hit.outcome))) for found in hits]


def _reasons_by_column(
    limit: Limit, plots: gpd.GeoDataFrame
) -> dict[int, tuple[Message, LimitOutcome]]:
    """Give by position the plots of which the municipality tells that they meet a limit.

    With the outcome: that of the limit for a point of attention, its own for an obstacle.
    """
    told = _told_in(limit, plots)
    what = Message(f"deliver.field.{limit.column}")
    return {
        int(place): (
            Message(f"scoring.limit.told.{told[place]}", {"what": what}),
            (limit.obstacle or limit.outcome)
            if told[place] == Hindrance.BELEMMERING
            else limit.outcome,
        )
        for place in np.flatnonzero(np.isin(told, (Hindrance.AANDACHTSPUNT, Hindrance.BELEMMERING)))
    }


def _told_in(limit: Limit, plots: gpd.GeoDataFrame) -> npt.NDArray[np.str_]:
    """Give for each plot what its municipality tells of a limit; ``onbekend`` where nothing."""
    if limit.column is None or limit.column not in plots:
        return np.full(len(plots), str(Hindrance.ONBEKEND))
    told = plots[limit.column].fillna(str(Hindrance.ONBEKEND)).astype(str)
    return np.asarray(told.to_numpy(), dtype=np.str_)


def _remedy(limit: Limit, own: Mapping[str, OwnLayer]) -> Message:
    """Say what would lift a limit."""
    kind = layer_kind(limit.measure)
    if kind is None or f"scoring.limit.{limit.key}.lifted_by" in catalogue("nl"):
        return Message(f"scoring.limit.{limit.key}.lifted_by")
    layer = own.get(kind)
    return Message("scoring.limit.layer.lifted_by", {"layer": layer.name if layer else kind})


def _measured_by(limit: Limit, own: Mapping[str, OwnLayer]) -> OwnLayer | None:
    """Give the layer by which a limit is judged; None where that cannot be: lines hold no plot."""
    layer = own.get(layer_kind(limit.measure) or "")
    return None if layer and layer.only_lines and limit.at_least is not None else layer


def _reasons_by_layer(
    limit: Limit, plots: gpd.GeoDataFrame, own: Mapping[str, OwnLayer]
) -> dict[int, Message]:
    """Give by position the plots that certainly meet a limit by a loaded layer, and why."""
    layer = _measured_by(limit, own)
    if layer is None:
        return {}
    told = {"layer": layer.name, "source": layer.source, "date": layer.source_date}
    if limit.at_least is not None:
        share = overlap_share(plots.geometry, layer.shapes)
        return {
            int(p): Message(
                "scoring.limit.layer.overlap", {**told, "percent": max(1, round(100 * share[p]))}
            )
            for p in np.flatnonzero(share >= limit.at_least)
        }
    away = distance_m(plots.geometry, layer)
    return {
        int(p): Message("scoring.limit.layer.near", {**told, "metres": round(away[p])})
        for p in np.flatnonzero(away <= (limit.within_m or 0.0))
    }


def unknown_limits(
    plots: gpd.GeoDataFrame, kader: Kader, own: Mapping[str, OwnLayer]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Say for each limit by a layer of which plots it is not known whether they meet it.

    That is where its municipality tells nothing, and the layer was not loaded, or is not complete
    and the plot does not meet it by what is in it.
    """
    unknown = {}
    for limit in kader.limits:
        kind = layer_kind(limit.measure)
        if kind is None:
            continue
        layer = _measured_by(limit, own)
        silent = _told_in(limit, plots) == str(Hindrance.ONBEKEND)
        if layer is None:
            unknown[limit.key] = silent
            continue
        met = np.zeros(len(plots), dtype=bool)
        met[list(_reasons_by_layer(limit, plots, own))] = True
        reach = limit.within_m or 0.0
        sure = layer.covered.complete & (
            layers.to_edge_m(plots.geometry, layer.covered.margin_m) > reach
        )
        unknown[limit.key] = ~met & ~sure & silent
    return unknown


def _reasons(
    key: str,
    plots: gpd.GeoDataFrame,
    method: int,
    on: dt.date | None,
    nature: gpd.GeoDataFrame | None,
) -> dict[int, Message]:
    """Give by position the plots that meet a limit, and why."""
    plain = Message(f"scoring.limit.{key}")
    if key == "term_over":
        if on is None:
            return {}
        return {int(p): plain for p in np.flatnonzero(expired(plots["available_until"], on))}
    found = {int(p): plain for p in np.flatnonzero(CHECKS[key](plots))}
    if key == "natura2000" and method > 1 and nature is not None:
        share, name = overlap_of(np.asarray(plots.geometry.values, dtype=object), nature)
        for place in np.flatnonzero(share >= LEAST_OVERLAP_SHARE):
            values = {"percent": max(1, round(100 * share[place])), "name": name[place]}
            found[int(place)] = Message("scoring.limit.natura2000.overlap", values)
    return found


def takes_part(
    plots: gpd.GeoDataFrame,
    kader: Kader,
    on: dt.date | None = None,
    own: Mapping[str, OwnLayer] | None = None,
) -> npt.NDArray[np.bool_]:
    """Say which plots can still become a site: not dropped, not realised and not blocked.

    The balance counts the room of just these, and the puzzle chooses among them. ``on`` is the
    day by which a term is over, ``own`` the layers that a user loaded.
    """
    live = ~plots["state"].isin(PAST_STATES).to_numpy()
    blocked = [
        any(hit.outcome == LimitOutcome.GEBLOKKEERD for hit in hits)
        for hits in limits_of(plots, kader, on=on, nature=layers.natura2000(), own=own)
    ]
    return np.asarray(live & ~np.array(blocked, dtype=bool))
