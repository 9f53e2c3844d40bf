"""Add up, for each municipality, what is asked, what is there, and what could come.

An unknown stays unknown: a gap is known only where task and realised places are. What lasts is an
interval, as the term of some places is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.vocabulary import LocationStatus, PlotState, ReceptionKind
from scoring.indicators import capacity
from scoring.integration import DAYS_PER_YEAR
from scoring.kader import Kader
from scoring.limits import DURABLE_YEARS

ASYLUM_KINDS = (ReceptionKind.AZC, ReceptionKind.AMV, ReceptionKind.GEMENGD)
"""Kinds of location whose places can count for the Spreidingswet; crisis and emergency reception,
and that of Ukrainians and status holders, do not."""

IN_PROCEDURE = (PlotState.IN_ONDERZOEK, PlotState.KANSRIJK)
BORDER_REACH_M = 3000.0
_SLACK_DAYS = 2


def tasks_with_entries(packaged: pd.DataFrame, entered: pd.DataFrame) -> pd.DataFrame:
    """Put what users entered before what is packaged, for the same municipality and cycle.

    Args:
        packaged: as :func:`geo.layers.tasks` gives it.
        entered: same columns, latest first.
    """
    own = entered.drop_duplicates(["municipality_code", "cycle"]) if len(entered) else entered
    keys = set(zip(own["municipality_code"], own["cycle"], strict=True)) if len(own) else set()
    rest = packaged[
        [
            pair not in keys
            for pair in zip(packaged["municipality_code"], packaged["cycle"], strict=True)
        ]
    ]
    return (
        pd.concat([own, rest], ignore_index=True) if len(own) else packaged.reset_index(drop=True)
    )


def day_of(text: object, *, end: bool) -> dt.date | None:
    """Read a day of which only the year or month may be known, as its last day when it is an end.

    >>> day_of("2028", end=True), day_of("2023-02", end=False)
    (datetime.date(2028, 12, 31), datetime.date(2023, 2, 1))
    """
    if not isinstance(text, str) or not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return dt.date(*parts)
    first = dt.date(parts[0], parts[1] if len(parts) > 1 else 1, 1)
    if not end:
        return first
    months = 1 if len(parts) > 1 else 12
    month = first.month - 1 + months
    return dt.date(first.year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def durable_places(locations: gpd.GeoDataFrame, on: dt.date) -> pd.DataFrame:
    """Give the places of a day that count for the law: those with a term of at least five years.

    Returns:
        ``low`` (term known to be long enough) and ``high`` (also those of unknown term, NaN where
        a number of places is unknown) by municipality code. Planned locations count from their
        begin.
    """
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for row in locations.itertuples():
        if row.kind not in ASYLUM_KINDS or row.status not in (
            LocationStatus.OPEN,
            LocationStatus.PLANNED,
        ):
            continue
        if str(row.kind_stated) in ("noodopvang", "crisisnoodopvang"):
            continue
        begin, end = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
        if row.status == LocationStatus.PLANNED and (begin is None or begin > on):
            continue
        if (begin is not None and begin > on) or (end is not None and end < on):
            continue
        code = str(row.municipality_code)
        places = float("nan") if pd.isna(row.places) else float(row.places)
        term = (end - begin).days if begin is not None and end is not None else None
        long_enough = term is not None and term + _SLACK_DAYS >= DURABLE_YEARS * DAYS_PER_YEAR
        if term is not None and not long_enough:
            continue
        high[code] = high.get(code, 0.0) + places
        if long_enough:
            low[code] = low.get(code, 0.0) + (0.0 if np.isnan(places) else places)
    return pd.DataFrame({"low": pd.Series(low, dtype=float), "high": pd.Series(high, dtype=float)})


def balance(
    municipalities: gpd.GeoDataFrame,
    tasks: pd.DataFrame,
    locations: gpd.GeoDataFrame,
    plots: gpd.GeoDataFrame,
    kader: Kader,
    *,
    cycle: int,
    on: dt.date,
    exchanges: Sequence[tuple[str, str | None, int]] = (),
) -> pd.DataFrame:
    """Give the balance of every municipality.

    Args:
        municipalities: polygons in EPSG:28992 with name and inhabitants.
        tasks: as :func:`tasks_with_entries` gives them.
        locations: reception locations.
        plots: candidate plots.
        kader: whose room per place is used for the potential.
        cycle: of the Spreidingswet, 1 or 2.
        on: the day for which lasting places are counted.
        exchanges: from, to (None: the province) and number of places that are taken over.

    Returns:
        Indexed by municipality code: name, task, task_status, task_source, task_date, exchanged,
        realised, realised_date, durable_low, durable_high, in_procedure (places of planned
        locations), gap, potential_low, potential_high, candidates, inhabitants, per_1000 (known
        open places per 1,000 inhabitants) and per_1000_around (within 3 km of its borders).
    """
    index = municipalities.index
    of_cycle = tasks[tasks["cycle"].eq(cycle)].copy()
    of_cycle["unknown"] = of_cycle["places"].isna()
    best = of_cycle.sort_values("unknown", kind="stable").drop_duplicates("municipality_code")
    best = best.set_index("municipality_code").reindex(index)
    result = pd.DataFrame({"name": municipalities["name"]}, index=index)
    result["task"] = best["places"].astype(float)
    result["task_status"] = best["status"]
    result["task_source"] = best["source"]
    result["task_date"] = best["source_date"]
    exchanged = dict.fromkeys(index, 0.0)
    for giver, taker, places in exchanges:
        if giver in exchanged:
            exchanged[giver] -= places
        if taker in exchanged:
            exchanged[taker] += places
    result["exchanged"] = pd.Series(exchanged, dtype=float)
    result["realised"] = best["realised_places"].astype(float)
    if "realised_date" in best:
        result["realised_date"] = best["realised_date"]
    lasting = durable_places(locations, on).reindex(index)
    result["durable_low"], result["durable_high"] = lasting["low"], lasting["high"]
    planned = locations[
        locations["status"].eq(LocationStatus.PLANNED) & locations["kind"].isin(ASYLUM_KINDS)
    ]
    result["in_procedure"] = _sum_by_town(planned, index)
    result["gap"] = (result["task"] + result["exchanged"] - result["realised"]).clip(lower=0)
    _add_potential(result, plots, kader)
    result["inhabitants"] = municipalities["inhabitants"].astype(float)
    opened = locations[locations["status"].eq(LocationStatus.OPEN)]
    # Nothing known to be there is nought; something there of unknown size is unknown.
    inside = _sum_by_town(opened, index)
    none_there = ~index.isin(opened["municipality_code"].dropna().unique())
    inside = inside.mask(none_there, 0.0)
    result["per_1000"] = inside / result["inhabitants"] * 1000
    result["per_1000_around"] = _around(municipalities, opened) / result["inhabitants"] * 1000
    return result


def _sum_by_town(locations: gpd.GeoDataFrame, index: pd.Index) -> pd.Series:
    """Add known places by municipality; NaN where there are locations but no known number."""
    groups = locations.groupby("municipality_code")["places"]
    total: pd.Series = groups.sum(min_count=1).astype(float).reindex(index)
    return total


def _around(municipalities: gpd.GeoDataFrame, opened: gpd.GeoDataFrame) -> pd.Series:
    known = opened[opened["places"].notna()]
    tree = shapely.STRtree(known.geometry.to_numpy())
    rows, found = tree.query(
        municipalities.geometry.to_numpy(), predicate="dwithin", distance=BORDER_REACH_M
    )
    places = known["places"].astype(float).to_numpy()
    total = np.bincount(rows, weights=places[found], minlength=len(municipalities))
    return pd.Series(total, index=municipalities.index)


def _add_potential(result: pd.DataFrame, plots: gpd.GeoDataFrame, kader: Kader) -> None:
    live = plots[~plots["state"].isin([PlotState.AFGEVALLEN, PlotState.GEREALISEERD])]
    room = capacity(live, kader) if len(live) else pd.DataFrame({"low": [], "high": []})
    room["town"] = live["municipality_code"].to_numpy()
    groups = room.groupby("town")
    low = groups["low"].sum(min_count=1)
    # one plot of unknown size leaves the upper end open
    high = groups["high"].apply(lambda values: values.sum() if values.notna().all() else np.nan)
    result["potential_low"] = low.reindex(result.index).astype(float)
    result["potential_high"] = high.reindex(result.index).astype(float)
    result["candidates"] = groups.size().reindex(result.index).fillna(0).astype(int)
