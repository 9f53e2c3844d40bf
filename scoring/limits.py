"""Say which limits a plot meets: blocked, legal risk, or a procedure that is needed.

Limits stand apart from scores and remove nothing from the list: real sites work in the nature
network (Baarn) or against the zoning plan (Leusden).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from data.vocabulary import LimitOutcome, PlotState, Zoning
from messages import Message
from scoring.integration import term_years
from scoring.kader import Kader

HALF_YEAR = 0.5
"""COA rents for at least half a year (Eisen voor gebouwen en terreinen, coa.nl)."""

DURABLE_YEARS = 5.0
"""A place counts for the Spreidingswet from this term (Staatsblad 2024, 13)."""

_DATE_SLACK_YEARS = 2 / 365.25
"""A term of 1 January to 31 December counts as a whole year."""

FITTING_ZONING = (Zoning.WONEN, Zoning.MAATSCHAPPELIJK, Zoning.GEMENGD)


@dataclass(frozen=True)
class LimitHit:
    """A limit that a plot meets, with the reason, the rule, and what would lift it."""

    key: str
    outcome: LimitOutcome
    reason: Message
    article: str
    lifted_by: Message


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


def limits_of(plots: gpd.GeoDataFrame, kader: Kader) -> list[tuple[LimitHit, ...]]:
    """Give for each plot the limits of a kader that it certainly meets, gravest first.

    What is not known of a plot meets no limit; it shows as unknown in the sheet instead.
    """
    gravity = list(LimitOutcome)
    hits: list[list[LimitHit]] = [[] for _ in range(len(plots))]
    for limit in sorted(kader.limits, key=lambda one: gravity.index(one.outcome)):
        hit = LimitHit(
            limit.key,
            limit.outcome,
            Message(f"scoring.limit.{limit.key}"),
            limit.article,
            Message(f"scoring.limit.{limit.key}.lifted_by"),
        )
        for place in np.flatnonzero(CHECKS[limit.key](plots)):
            hits[place].append(hit)
    return [tuple(found) for found in hits]


def takes_part(plots: gpd.GeoDataFrame, kader: Kader) -> npt.NDArray[np.bool_]:
    """Say which plots can still become a site: not dropped, not realised and not blocked.

    The balance counts the room of just these, and the puzzle chooses among them.
    """
    live = ~plots["state"].isin([PlotState.AFGEVALLEN, PlotState.GEREALISEERD]).to_numpy()
    blocked = [
        any(hit.outcome == LimitOutcome.GEBLOKKEERD for hit in hits)
        for hits in limits_of(plots, kader)
    ]
    return np.asarray(live & ~np.array(blocked, dtype=bool))
