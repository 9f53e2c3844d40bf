"""Tell what each municipality has to do: task, realised, planned and what is still to find.

This is the one place where figures that come with the package, figures that users entered,
exchanges and reception locations become a gap; the balance, the shading of the map, the criterion,
the puzzle and the quarterly overview all take it from here.

An unknown stays unknown and a bound stays a bound: a gap is an interval (``low``, ``high``). NaN
says that an end is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from data.vocabulary import THERE_OR_COMING, LocationStatus, ReceptionKind
from scoring.days import day_of, is_there, lasts_at_least
from scoring.limits import DURABLE_YEARS

ASYLUM = "asylum"
"""The group of ``counts_for`` whose places count for the Spreidingswet. Emergency reception, that
of Ukrainians and that of status holders do not (factsheet Spreidingswet, ministry of Justice)."""

NOT_COUNTED = frozenset(
    {ReceptionKind.CRISISNOODOPVANG, ReceptionKind.OEKRAINE, ReceptionKind.STATUSHOUDERS}
)
"""Kinds of reception whose places do not count for that task (the same factsheet)."""

Exchange = tuple[str, str | None, int]
"""From which municipality, to which (None: the province), and how many places are taken over."""


def municipal_tasks(
    codes: Sequence[str],
    packaged: pd.DataFrame,
    locations: gpd.GeoDataFrame,
    *,
    on: dt.date,
    cycle: int = 1,
    entered: pd.DataFrame | None = None,
    exchanges: Sequence[Exchange] = (),
) -> pd.DataFrame:
    """Give the task under the Spreidingswet of every municipality on a day.

    Args:
        codes: of the municipalities.
        packaged: as :func:`geo.layers.tasks` gives it: known places first, decided before
            objected before indicative.
        locations: reception locations, as :func:`geo.layers.reception_locations` gives them.
        on: the day.
        cycle: 1 or 2.
        entered: what users entered, latest first (municipality_code, cycle, status, places,
            realised_places, source, source_date). A figure that was entered goes before a packaged
            one; one that was left empty does not.
        exchanges: of places, by agreement.

    Returns:
        Indexed by municipality code:

        - ``task`` (a decision names one number: exact or unknown), ``task_status``,
          ``task_source``, ``task_date``: all missing together, a status never stands beside an
          unknown number;
        - ``exchanged``: places taken over (negative: given away);
        - ``realised_low``, ``realised_high``, ``realised_source``, ``realised_date``: what was
          stated, less what has ended since (it may have been counted) and more what has opened;
        - ``planned_low``, ``planned_high``: places of locations that are planned or decided and
          are not there yet on the day; both missing where none is known of;
        - ``gap_low``, ``gap_high``: task and exchange less realised, never below nought;
        - ``to_find_low``, ``to_find_high``: the gap less what is planned.
    """
    index = pd.Index(list(codes), name="municipality_code")
    result = pd.DataFrame(index=index)
    of_cycle = packaged[packaged["cycle"].eq(cycle)]
    own = _entered(entered, cycle)
    task = _first_known([*own, of_cycle], "places", index)
    result["task"] = task["places"]
    result["task_status"] = task["status"]
    result["task_source"] = task["source"]
    result["task_date"] = task["source_date"]
    result["exchanged"] = _exchanged(exchanges, index)
    realised = _first_known([*own, of_cycle], "realised_places", index)
    since = [
        day_of(stated if isinstance(stated, str) else day, end=True)
        for stated, day in zip(realised["realised_date"], realised["source_date"], strict=True)
    ]
    asylum = locations[locations["counts_for"].eq(ASYLUM)]
    gone, come = _changed_since(asylum, dict(zip(index, since, strict=True)), on, index)
    stated = realised["realised_places"]
    result["realised_low"] = (stated - gone).clip(lower=0)
    result["realised_high"] = stated + come
    result["realised_source"] = realised["source"]
    result["realised_date"] = [day.isoformat() if day is not None else None for day in since]
    _add_met(result, of_cycle, index)
    result["planned_low"], result["planned_high"] = _planned(asylum, on, index)
    asked = result["task"] + result["exchanged"]
    result["gap_low"] = (asked - result["realised_high"]).clip(lower=0)
    result["gap_high"] = (asked - result["realised_low"]).clip(lower=0)
    # Realised is not told: anything from none to all of the task may be left.
    untold = asked.notna() & result["realised_low"].isna()
    result.loc[untold, "gap_low"] = 0.0
    result.loc[untold, "gap_high"] = asked[untold].clip(lower=0)
    # An open end of what was realised leaves open that nothing is left.
    result.loc[asked.notna() & result["gap_low"].isna(), "gap_low"] = 0.0
    met = result.pop("met") & result["realised_low"].isna() & result["exchanged"].eq(0)
    result.loc[met, ["gap_low", "gap_high"]] = 0.0
    none = result["planned_low"].isna()
    most = result["planned_high"].fillna(np.inf).mask(none, 0.0)
    result["to_find_low"] = (result["gap_low"] - most).clip(lower=0)
    least = result["planned_low"].fillna(0.0)
    result["to_find_high"] = (result["gap_high"] - least).clip(lower=0)
    return result


def gap_of(tasks: pd.DataFrame) -> pd.DataFrame:
    """Give the gap of :func:`municipal_tasks` as ``low`` and ``high``."""
    return pd.DataFrame({"low": tasks["gap_low"], "high": tasks["gap_high"]})


def _entered(entered: pd.DataFrame | None, cycle: int) -> list[pd.DataFrame]:
    if entered is None or entered.empty:
        return []
    return [entered[entered["cycle"].eq(cycle)].assign(realised_date=None)]


def _first_known(sources: Sequence[pd.DataFrame], figure: str, index: pd.Index) -> pd.DataFrame:
    """Give for each municipality the first row in which a figure is known, else nothing at all."""
    columns = ["municipality_code", figure, "status", "source", "source_date", "realised_date"]
    rows = pd.concat(
        [
            source[source[figure].notna()].reindex(columns=columns).astype(object)
            for source in sources
        ]
    )
    found = rows.drop_duplicates("municipality_code").set_index("municipality_code").reindex(index)
    return found.assign(**{figure: found[figure].astype(float)})


def _exchanged(exchanges: Sequence[Exchange], index: pd.Index) -> pd.Series:
    total = dict.fromkeys(index, 0.0)
    for giver, taker, places in exchanges:
        if giver in total:
            total[giver] -= places
        if taker in total:
            total[taker] += places
    return pd.Series(total, dtype=float)


def _add_met(result: pd.DataFrame, of_cycle: pd.DataFrame, index: pd.Index) -> None:
    """Note which municipalities are told to have met their task, without a number."""
    met = of_cycle[of_cycle["met_on_2025_06"].fillna(False).astype(bool)]
    met = met.drop_duplicates("municipality_code").set_index("municipality_code").reindex(index)
    result["met"] = met["source"].notna()
    told = result["met"] & result["realised_source"].isna()
    result["realised_source"] = result["realised_source"].where(~told, met["source"])
    result["realised_date"] = result["realised_date"].where(~told, met["source_date"])


def _changed_since(
    asylum: gpd.GeoDataFrame,
    since: dict[str, dt.date | None],
    on: dt.date,
    index: pd.Index,
) -> tuple[pd.Series, pd.Series]:
    """Give the places that have ended and opened between the day of a figure and the day asked."""
    gone, come = dict.fromkeys(index, 0.0), dict.fromkeys(index, 0.0)
    for row in asylum.itertuples():
        code = str(row.municipality_code)
        counted = since.get(code)
        if counted is None or row.status not in THERE_OR_COMING:
            continue
        begin, end = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
        places = float("nan") if pd.isna(row.places) else float(row.places)
        if begin is not None and counted < begin <= on and (end is None or end >= on):
            if lasts_at_least(begin, end, DURABLE_YEARS) is not False:
                come[code] += places
        elif (
            row.status == LocationStatus.OPEN
            and end is not None
            and counted < end < on
            and (begin is None or begin <= counted)
        ):
            gone[code] += places
    # An unknown number that ended may have been all that there was.
    return pd.Series(gone).fillna(np.inf), pd.Series(come)


def _planned(asylum: gpd.GeoDataFrame, on: dt.date, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for row in asylum[asylum["status"].eq(LocationStatus.PLANNED)].itertuples():
        code = str(row.municipality_code)
        begin, end = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
        over = end is not None and end < on
        if over or (begin is not None and is_there(begin, end, on)):
            continue
        known = not pd.isna(row.places)
        low[code] = low.get(code, 0.0) + (float(row.places) if known else 0.0)
        high[code] = high.get(code, 0.0) + (float(row.places) if known else float("nan"))
    return pd.Series(low, dtype=float).reindex(index), pd.Series(high, dtype=float).reindex(index)
