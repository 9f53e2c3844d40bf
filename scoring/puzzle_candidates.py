"""Prepare the puzzle: which plots take part, what is asked, and how many places may come nearby.

Limits are treated as on the balance: a plot that is blocked, dropped or realised takes no part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from scoring.indicators import capacity, months_to_first_day
from scoring.integration import places_within
from scoring.limits import takes_part
from scoring.neighbourhoods import PeopleGrid, inhabitants_interval
from scoring.puzzle import Candidate
from scoring.ranking import Ranking

REACH_M = 3000.0


@dataclass(frozen=True)
class Asked:
    """What the puzzle is asked to find.

    Attributes:
        places: by municipality, as far as its candidates can give.
        short: what is missing beyond that, by municipality.
        bounded: municipalities of which only the most that is to be found is known.
        unknown: municipalities of which nothing is known.
    """

    places: Mapping[str, float]
    short: Mapping[str, float] = field(default_factory=dict)
    bounded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def puzzle_candidates(
    plots: gpd.GeoDataFrame,
    ranking: Ranking,
    towns: pd.Series,
    latest_start_months: float | None = None,
) -> list[Candidate]:
    """Give the plots that take part, with what they give at least and their lower score.

    Args:
        plots: candidate plots (EPSG:28992), in the order in which they were ranked.
        ranking: of these plots.
        towns: name of each municipality by its code.
        latest_start_months: plots whose first day is certainly later take no part; one of which it
            is not known does.
    """
    room = capacity(plots, ranking.kader)["low"].to_numpy()
    codes = plots["municipality_code"]
    around = ranking.measured.surroundings
    live = takes_part(plots, ranking.kader, around.on, around.own)
    if latest_start_months is not None:
        live &= ~(months_to_first_day(plots, around) > latest_start_months).to_numpy(dtype=bool)
    cost = pd.to_numeric(plots["cost_per_place_eur"]).to_numpy(dtype=float) * np.floor(room)
    kept = live & codes.isin(towns.index).to_numpy() & (room >= 1)
    middle = plots.geometry.centroid
    return [
        Candidate(
            str(plots.index[place]),
            str(towns[codes.iloc[place]]),
            float(np.floor(room[place])),
            float(ranking.lower[place]),
            float(middle.iloc[place].x),
            float(middle.iloc[place].y),
            float(cost[place]),
        )
        for place in np.flatnonzero(kept)
    ]


def asked_places(
    tasks: pd.DataFrame, names: pd.Series, candidates: Sequence[Candidate], most_sites: int | None
) -> Asked:
    """Give what is still to be found, no more than the candidates of a municipality can give.

    Where only a bound is known, the most that may be to find is asked.

    Args:
        tasks: as :func:`scoring.tasks.municipal_tasks` gives them.
        names: of the municipalities, by code.
        candidates: that take part.
        most_sites: in one municipality.
    """
    places: dict[str, float] = {}
    short: dict[str, float] = {}
    bounded, unknown = [], []
    by_town: dict[str, list[float]] = {}
    for candidate in candidates:
        by_town.setdefault(candidate.municipality, []).append(candidate.places)
    for code, low, high in zip(
        tasks.index, tasks["to_find_low"], tasks["to_find_high"], strict=True
    ):
        name = str(names[code])
        if pd.isna(high):
            unknown.append(name)
            continue
        if low < high:
            bounded.append(name)
        most = sum(sorted(by_town.get(name, ()), reverse=True)[:most_sites])
        if min(high, most) > 0:
            places[name] = float(min(high, most))
        if high > most:
            short[name] = float(high - most)
    return Asked(places, short, tuple(sorted(bounded)), tuple(sorted(unknown)))


def room_nearby(
    plots: gpd.GeoDataFrame,
    candidates: Sequence[Candidate],
    people: PeopleGrid,
    locations: gpd.GeoDataFrame,
    *,
    most_load: float,
    on: dt.date | None,
) -> list[tuple[int, list[int], float]]:
    """Give for each candidate which others are within 3 km, and how many places may still come.

    Args:
        plots: the candidate plots (EPSG:28992), by ``plot_id``.
        candidates: that take part.
        people: of the neighbourhoods; counted are those who certainly live within reach.
        locations: see :func:`scoring.integration.places_within`.
        most_load: places per 1,000 inhabitants.
        on: the day from which places are counted.
    """
    if not candidates:
        return []
    shapes = plots.geometry.loc[[candidate.plot_id for candidate in candidates]]
    beyond = gpd.GeoDataFrame({"inhabitants": []}, geometry=[], crs=shapes.crs)
    living = inhabitants_interval(shapes, people, beyond, REACH_M)["low"].to_numpy()
    there = places_within(shapes, locations, REACH_M, on)["low"].to_numpy()
    at = np.array([(candidate.x_m, candidate.y_m) for candidate in candidates])
    around = cKDTree(at).query_ball_point(at, REACH_M)
    room = np.maximum(most_load * living / 1000 - there, 0.0)
    return [(place, list(near), float(room[place])) for place, near in enumerate(around)]
