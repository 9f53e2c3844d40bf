"""Measure how a plot would fit in: people around it, reception that is there, task and term."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.vocabulary import PlotState
from scoring.days import DAYS_PER_YEAR, day_of, is_there

FEWEST_INHABITANTS = 100
"""With fewer people around, places per 1,000 inhabitants say nothing: the load is unknown."""


OWN_WITHIN_M = 500.0
"""A location known this well that may lie on a plot may be the plot; a choice of the team."""


def inhabitants_within(plots: gpd.GeoSeries, areas: gpd.GeoDataFrame, reach_m: float) -> pd.Series:
    """Estimate the inhabitants within ``reach_m`` metres of the edge of each plot (EPSG:28992).

    Args:
        plots: polygons.
        areas: a point for each postcode area with ``inhabitants`` and ``area_km2``. The people
            of an area are taken to be spread over a circle of its size, of which the share grows
            evenly from none to all as the reach passes over it.
        reach_m: how far is still near.
    """
    people = areas["inhabitants"].to_numpy(dtype=float)
    spread = np.sqrt(np.maximum(areas["area_km2"].to_numpy(dtype=float), 0.01) * 1e6 / np.pi)
    points = np.asarray(areas.geometry.values, dtype=object)
    shapes = np.asarray(plots.values, dtype=object)
    tree = shapely.STRtree(points)
    rows, found = tree.query(shapes, predicate="dwithin", distance=reach_m + float(spread.max()))
    away = shapely.distance(shapes[rows], points[found])
    share = np.clip((reach_m + spread[found] - away) / (2 * spread[found]), 0.0, 1.0)
    total = np.bincount(rows, weights=people[found] * share, minlength=len(shapes))
    return pd.Series(total, index=plots.index)


def places_within(
    plots: gpd.GeoSeries,
    locations: gpd.GeoDataFrame,
    reach_m: float,
    on: dt.date | None = None,
    own: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count reception places within ``reach_m`` metres of each plot's edge.

    Counted are the most places that are there together on any day from ``on``: what has ended
    before it is left out, and a temporary site and the permanent one that follows it are never
    added. A planned site without a first day counts from ``on``. Municipal borders play no part:
    Kamp van Zeist weighs on Soesterberg. A location is known to ``precision_m``: it counts in
    ``low`` when it is certainly within reach, in ``high`` when it may be. Where a location that
    may be near has an unknown number of places, ``high`` is unknown (NaN): how many is then not
    known.

    Args:
        plots: polygons in EPSG:28992.
        locations: points in EPSG:28992 with ``status``, ``places``, ``precision_m``,
            ``start_date`` and ``end_date``.
        reach_m: how far is still near.
        on: the first day that counts; None counts every open and planned location, whatever its
            days (as it was done before the end of 2026).
        own: ``address`` and ``state`` of the plots, so that what stands on a plot itself is no load
            on it: a location at the same address is left out, and one that may be the plot itself
            (it lies within its own precision of it, which is at most ``OWN_WITHIN_M`` or the plot
            is in use already) does not count in ``low``. An unknown number of places is then also
            bounded, by the largest known location of its kind. None leaves nothing out and bounds
            nothing (as before the end of 2026).
    """
    counted = locations[locations["status"].isin(["open", "planned"])]
    shapes = np.asarray(plots.values, dtype=object)
    low, high = np.zeros(len(shapes)), np.zeros(len(shapes))
    if counted.empty:
        return pd.DataFrame({"low": low, "high": high}, index=plots.index)
    points = np.asarray(counted.geometry.values, dtype=object)
    places = counted["places"].astype(float).to_numpy()
    precision = counted["precision_m"].astype(float).to_numpy()
    tree = shapely.STRtree(points)
    rows, found = tree.query(shapes, predicate="dwithin", distance=reach_m + float(precision.max()))
    away = shapely.distance(shapes[rows], points[found])
    certain = away + precision[found] <= reach_m
    possible = away - precision[found] <= reach_m
    if own is not None:
        same = _same_address(own["address"], counted)[rows, found]
        in_use = own["state"].eq(PlotState.GEREALISEERD).to_numpy()[rows]
        maybe = (away <= precision[found]) & (in_use | (precision[found] <= OWN_WITHIN_M))
        certain &= ~same & ~maybe
        possible &= ~same
    most = places if own is None else _at_most(places, counted["kind"])
    known = ~np.isnan(most[found])
    amount, amount_most = np.nan_to_num(places[found]), np.nan_to_num(most[found])
    open_ended = np.zeros(len(shapes), dtype=bool)
    for there in _together(counted, on):
        now = there[found]

        def total(weights: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
            return np.asarray(
                np.bincount(rows, weights=weights, minlength=len(shapes)), dtype=np.float64
            )

        low = np.maximum(low, total(amount * (certain & now)))
        high = np.maximum(high, total(amount_most * (possible & now)))
        open_ended |= total(possible & ~known & now) > 0
    return pd.DataFrame({"low": low, "high": np.where(open_ended, np.nan, high)}, index=plots.index)


def _at_most(places: npt.NDArray[np.float64], kind: pd.Series) -> npt.NDArray[np.float64]:
    """Bound unknown numbers by the largest known one of the same kind; a choice of the team."""
    largest = pd.Series(places).groupby(kind.to_numpy()).transform("max").to_numpy()
    return np.asarray(np.where(np.isnan(places), largest, places), dtype=np.float64)


_STREET_AND_NUMBER = re.compile(r"^\W*(\D+?)\W*(\d+)")


def _same_address(addresses: pd.Series, locations: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Say which plots (rows) and locations (columns) have the same street and house number."""

    def keys(texts: pd.Series) -> list[tuple[str, str] | None]:
        found = [
            _STREET_AND_NUMBER.match(text.casefold()) if isinstance(text, str) else None
            for text in texts
        ]
        return [(m.group(1), m.group(2)) if m else None for m in found]

    there = keys(locations["address"]) if "address" in locations else [None] * len(locations)
    result = np.zeros((len(addresses), len(locations)), dtype=bool)
    at: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(there):
        if key is not None:
            at.setdefault(key, []).append(place)
    for row, key in enumerate(keys(addresses)):
        if key in at:
            result[row, at[key]] = True
    return result


def _together(locations: gpd.GeoDataFrame, on: dt.date | None) -> list[npt.NDArray[np.bool_]]:
    """Say which locations are there together, on the day and on each later day that one begins."""
    if on is None:
        return [np.ones(len(locations), dtype=bool)]
    terms = [
        (day_of(begin, end=False), day_of(end, end=True))
        for begin, end in zip(locations["start_date"], locations["end_date"], strict=True)
    ]
    days = {on, *(begin for begin, _ in terms if begin is not None and begin > on)}
    return [np.array([is_there(*term, day) for term in terms]) for day in sorted(days)]


def load_per_1000(
    plots: gpd.GeoSeries,
    locations: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    reach_m: float,
    on: dt.date | None = None,
) -> pd.DataFrame:
    """Give reception places per 1,000 inhabitants within ``reach_m`` of each plot, as an interval.

    Places are those of :func:`places_within`. Unknown (NaN) where hardly anybody lives within
    reach.
    """
    people = inhabitants_within(plots, areas, reach_m)
    people = people.where(people >= FEWEST_INHABITANTS)
    return places_within(plots, locations, reach_m, on).div(people / 1000, axis=0)


def load_interval(places: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Give places per 1,000 inhabitants from intervals (``low``, ``high``) of both.

    Nought where there certainly are no places. Else unknown (NaN) where certainly hardly anybody
    lives within reach, and without an upper end where that may be so.
    """
    some = people.where(people >= FEWEST_INHABITANTS)
    none = places["high"].eq(0)
    return pd.DataFrame(
        {
            "low": (places["low"] / (some["high"] / 1000)).mask(none, 0.0),
            "high": (places["high"] / (some["low"] / 1000)).mask(none, 0.0),
        }
    )


def term_years(available_from: pd.Series, available_until: pd.Series) -> pd.Series:
    """Give the years between two dates; unknown (NaN) when either date is."""
    begin, end = pd.to_datetime(available_from), pd.to_datetime(available_until)
    return (end - begin).dt.days / DAYS_PER_YEAR


def remaining_task(municipality_code: pd.Series, gap_places: pd.DataFrame) -> pd.DataFrame:
    """Give the places that the plot's municipality still has to realise, as an interval.

    Args:
        municipality_code: of each plot.
        gap_places: ``low`` and ``high``, indexed by municipality code (see
            :func:`scoring.tasks.gap_of`).
    """
    return pd.DataFrame(
        {end: municipality_code.map(gap_places[end]).astype(float) for end in ("low", "high")}
    )
