"""Add up, for each municipality, what is asked, what is there, and what could come.

Task, realised, planned and gap come from :mod:`scoring.tasks`; here stand beside them what lasts
long enough to count, the load of what is there, and the room of candidate plots.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from scoring.days import day_of, lasts_at_least, there_on
from scoring.indicators import capacity
from scoring.kader import Kader
from scoring.limits import DURABLE_YEARS, takes_part
from scoring.own_layers import OwnLayer
from scoring.tasks import ASYLUM, Exchange, municipal_tasks

BORDER_REACH_M = 3000.0


def durable_places(locations: gpd.GeoDataFrame, on: dt.date) -> pd.DataFrame:
    """Give the places of a day that count for the law: those with a term of at least five years.

    Returns:
        ``low`` (term known to be long enough) and ``high`` (also those of unknown term, NaN where
        a number of places is unknown) by municipality code. Planned locations count from their
        begin.
    """
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for row in locations[there_on(locations, on)].itertuples():
        if row.counts_for != ASYLUM:
            continue
        begin, end = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
        long_enough = lasts_at_least(begin, end, DURABLE_YEARS)
        if long_enough is False:
            continue
        code = str(row.municipality_code)
        places = float("nan") if pd.isna(row.places) else float(row.places)
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
    entered: pd.DataFrame | None = None,
    exchanges: Sequence[Exchange] = (),
    own: Mapping[str, OwnLayer] | None = None,
) -> pd.DataFrame:
    """Give the balance of every municipality.

    Args:
        municipalities: polygons in EPSG:28992 with name and inhabitants.
        tasks: as :func:`geo.layers.tasks` gives them.
        locations: reception locations.
        plots: candidate plots.
        kader: whose room per place is used for the potential.
        cycle: of the Spreidingswet, 1 or 2.
        on: the day for which places are counted.
        entered: figures that users entered, see :func:`scoring.tasks.municipal_tasks`.
        exchanges: of places, by agreement.
        own: layers that a user loaded, by kind.

    Returns:
        Indexed by municipality code: name, all of :func:`scoring.tasks.municipal_tasks`,
        durable_low, durable_high, potential_low, potential_high, candidates, inhabitants, per_1000
        (known places that are there on the day per 1,000 inhabitants) and per_1000_around (within
        3 km of its borders).
    """
    index = municipalities.index
    result = pd.DataFrame({"name": municipalities["name"]}, index=index).join(
        municipal_tasks(
            index, tasks, locations, on=on, cycle=cycle, entered=entered, exchanges=exchanges
        )
    )
    lasting = durable_places(locations, on).reindex(index)
    result["durable_low"], result["durable_high"] = lasting["low"], lasting["high"]
    _add_potential(result, plots, kader, on, own)
    result["inhabitants"] = municipalities["inhabitants"].astype(float)
    used = locations[there_on(locations, on)]
    # Nothing known to be there is nought; something there of unknown size is unknown.
    inside = _sum_by_town(used, index)
    none_there = ~index.isin(used["municipality_code"].dropna().unique())
    inside = inside.mask(none_there, 0.0)
    result["per_1000"] = inside / result["inhabitants"] * 1000
    result["per_1000_around"] = _around(municipalities, used) / result["inhabitants"] * 1000
    return result


def _sum_by_town(locations: gpd.GeoDataFrame, index: pd.Index) -> pd.Series:
    """Add known places by municipality; NaN where there are locations but no known number."""
    groups = locations.groupby("municipality_code")["places"]
    total: pd.Series = groups.sum(min_count=1).astype(float).reindex(index)
    return total


def _around(municipalities: gpd.GeoDataFrame, used: gpd.GeoDataFrame) -> pd.Series:
    known = used[used["places"].notna()]
    tree = shapely.STRtree(known.geometry.to_numpy())
    rows, found = tree.query(
        municipalities.geometry.to_numpy(), predicate="dwithin", distance=BORDER_REACH_M
    )
    places = known["places"].astype(float).to_numpy()
    total = np.bincount(rows, weights=places[found], minlength=len(municipalities))
    return pd.Series(total, index=municipalities.index)


def _add_potential(
    result: pd.DataFrame,
    plots: gpd.GeoDataFrame,
    kader: Kader,
    on: dt.date,
    own: Mapping[str, OwnLayer] | None,
) -> None:
    live = plots[takes_part(plots, kader, on, own)]
    room = capacity(live, kader) if len(live) else pd.DataFrame({"low": [], "high": []})
    room["town"] = live["municipality_code"].to_numpy()
    groups = room.groupby("town")
    low = groups["low"].sum(min_count=1)
    # one plot of unknown size leaves the upper end open
    high = groups["high"].apply(lambda values: values.sum() if values.notna().all() else np.nan)
    result["potential_low"] = low.reindex(result.index).astype(float)
    result["potential_high"] = high.reindex(result.index).astype(float)
    result["candidates"] = groups.size().reindex(result.index).fillna(0).astype(int)
