"""Known cases of the province, as far as public sources tell of them, to hold a ranking against.

What a source does not tell stays unknown. Two things are worked back and said so: the floor of a
building from the number of places that is known of it (14 m² a place, the middle of COA's 10 to
18), and the shape, a square of the floor or, for a field, of the area that its places take. A term
counts from the day of the facts: what matters is how long it was for; "permanent" counts as 25
years. Points are as precise as their source: some lie 1.5 km off; Meerkerk is the village.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_rd
from geo.examples import example_plots
from geo.municipality import assign_municipality
from geo.plot_table import with_plot_columns
from scoring.indicators import Surroundings, facts_day, measure
from scoring.kader import Kader, load_kader
from scoring.ranking import Ranking, rank_measured

M2_PER_PLACE = 14.0


@dataclass(frozen=True)
class Case:
    """One case: where, what is known, the kind that was decided, and what happened.

    ``expected`` says where it should stand for that kind: ``upper`` (the better half of the field),
    ``lower`` (the other half) or ``not first`` (not in the first quarter); None where what happened
    says nothing of how good the site is.
    """

    key: str
    name: str
    kind: str
    longitude_deg: float
    latitude_deg: float
    places: float | None
    years: float | None
    what: str
    source: str
    expected: str | None = None
    building: bool | None = True
    owner_kind: str = "onbekend"
    zoning: str = "onbekend"
    nature: str = "onbekend"
    address: str | None = None
    mixed_living: bool | None = None
    months: float | None = None
    state: str = "kansrijk"
    side_m: float | None = None


CASES: tuple[Case, ...] = (
    Case("tuijnmanweg", "Tuijnmanweg, Vianen", "azc", 5.10685, 51.98705, 338, 15,
         "gekozen (april 2025): groot, rustig, leeg, snel, werk dichtbij", "vijfheerenlanden.nl",
         "upper", zoning="kantoor", address="Ir. D.S. Tuijnmanweg 1d-3-5"),
    Case("de-bleek", "De Bleek, Woerden", "azc", 4.899, 52.08, 337, 15,
         "gekozen voor onderzoek (april 2024)", "woerden.nl", "upper", address="De Bleek 1"),
    Case("europalaan", "Europalaan, Utrecht", "azc", 5.11, 52.073, 385, 15,
         "gekozen (november 2025), tweede vaste azc", "duic.nl", "upper", zoning="kantoor",
         address="Europalaan 44"),
    Case("celsiusbaan", "Celsiusbaan, Nieuwegein", "azc", 5.10, 52.03, 220, None,
         "in gebruik sinds ongeveer 2023", "utrecht-nieuws.nl", None, state="gerealiseerd"),
    Case("berg-en-bosch", "Berg en Bosch, Bilthoven", "azc", 5.20278, 52.15431, 300, None,
         "gekocht door COA (mei 2025), onderzoek loopt", "nieuwrechts.nl; oozo.nl", None,
         owner_kind="coa", zoning="maatschappelijk", address="Professor Bronkhorstlaan 2"),
    Case("leersum", "azc Leersum", "azc", 5.43, 52.01, 525, 20,
         "in gebruik, verlengd met twintig jaar", "heuvelrug.nl", None, state="gerealiseerd"),
    Case("barchman", "Barchman Wuytierslaan, Amersfoort", "azc", 5.356, 52.156, 300, None,
         "in gebruik", "amersfoort.nl", "upper", address="Barchman Wuytierslaan 53",
         state="gerealiseerd"),
    Case("haydn", "Joseph Haydnlaan, Utrecht", "azc", 5.086, 52.086, 590, 25,
         "in gebruik, permanent", "utrecht.nl; duic.nl", "upper", address="Joseph Haydnlaan 2",
         state="gerealiseerd"),
    Case("regulierenring", "Regulierenring, Bunnik", "azc", 5.1974, 52.067, 90, 15,
         "gepland, eigendom van COA", "bunnik.nl", None, owner_kind="coa",
         address="Regulierenring 4 en 22"),
    Case("energieweg-azc", "Energieweg, Meerkerk (als azc)", "azc", 5.005, 51.915, 9, None,
         "te klein voor COA (eind 2020)", "vijfheerenlanden.nl", "lower",
         address="Energieweg 112"),
    Case("energieweg", "Energieweg, Meerkerk", "statushouders", 5.005, 51.915, 9, None,
         "door de gemeente bruikbaar gevonden voor statushouders", "vijfheerenlanden.nl", None,
         address="Energieweg 112"),
    Case("lopik", "Leeg polderveld bij Lopik (verzonnen)", "azc", 4.905, 51.985, 400, None,
         "niemand heeft het voorgesteld", "ter vergelijking", "lower", building=False,
         zoning="agrarisch", side_m=200),
    Case("houten", "Houten-Oost, Binnenweg en Rietdijk", "gemengd", 5.19, 52.03, 325, 15,
         "beste van acht (2023 en 2024)", "houtensnieuws.nl", "upper", building=False,
         zoning="agrarisch", mixed_living=True),
    Case("pahud", "Pahud de Mortangesdreef, Utrecht", "gemengd", 5.11, 52.12, 330, 6,
         "in gebruik tot eind 2028", "duic.nl", "upper", mixed_living=True,
         address="Pahud de Mortangesdreef 41", state="gerealiseerd"),
    Case("barbeelstraat", "Barbeelstraat, Eemnes", "gemengd", 5.26, 52.26, 120, 5,
         "in gebruik (sinds 2023): 32 flats en 8 kleine huizen", "volkshuisvestingnederland.nl",
         None, building=False, mixed_living=True, state="gerealiseerd"),
    Case("bizetlaan", "Bizetlaan, Utrecht", "statushouders", 5.08, 52.09, 100, None,
         "in gebruik, uitgebreid van 50 naar 100", "duic.nl", "upper", state="gerealiseerd"),
    Case("eendrachtlaan", "Eendrachtlaan, Utrecht", "oekraine", 5.10, 52.07, 160, None,
         "geopend in 2025", "duic.nl", "upper", state="gerealiseerd"),
    Case("dijnselburg", "Recreatiepark Dijnselburg, Huis ter Heide", "oekraine", 5.25, 52.11, 300, 3,
         "gehuurd voor drie jaar (november 2023)", "rd.nl", None, state="gerealiseerd"),
    Case("zielhorst", "Sporthal Zielhorst, Amersfoort", "crisisnoodopvang", 5.40, 52.18, 100, 0.04,
         "twee weken gebruikt (juni en juli 2022)", "rtvdrenthe.nl", None, months=0,
         owner_kind="gemeente"),
    Case("biltsestraatweg", "Hotel Biltsestraatweg, Utrecht", "crisisnoodopvang", 5.1458, 52.1077,
         335, 1.5, "open sinds 15 december 2021, daarna verlengd", "rtvutrecht.nl",
         "upper", months=0, zoning="horeca"),
    Case("beursfabriek", "Beursfabriek, Nieuwegein", "crisisnoodopvang", 5.10, 52.03, 300, None,
         "gebruikt in 2023", "utrecht-nieuws.nl", "upper", months=0),
    Case("amv-nieuwegein", "Jongeren in Nieuwegein", "amv", 5.1038, 52.0369, 50, None,
         "in gebruik", "omroeplekstroom.nl", "upper", state="gerealiseerd"),
    Case("europalaan-amv", "Europalaan, Utrecht (voor jongeren)", "amv", 5.11, 52.073, 385, 15,
         "gekozen als azc; voor jongeren vraagt COA 30 tot 100 plaatsen", "duic.nl; coa.nl", "not first", zoning="kantoor",
         address="Europalaan 44"),
)  # fmt: skip


def known_plots() -> gpd.GeoDataFrame:
    """Give the cases as candidate plots (EPSG:28992), indexed by their key."""
    on = facts_day()
    points = to_rd(
        gpd.GeoSeries.from_xy(
            [c.longitude_deg for c in CASES], [c.latitude_deg for c in CASES], crs="EPSG:4326"
        ).to_frame("geometry")
    ).geometry
    rows, shapes = [], []
    for case, point in zip(CASES, points, strict=True):
        floor = None if case.places is None or not case.building else M2_PER_PLACE * case.places
        area = case.side_m**2 if case.side_m else floor or 100 * (case.places or 25)
        side = max(30.0, area**0.5)
        shapes.append(shapely.box(-side / 2, -side / 2, side / 2, side / 2))
        shapes[-1] = shapely.transform(shapes[-1], lambda xy, p=point: xy + np.array([p.x, p.y]))
        begin = on + dt.timedelta(days=30.44 * (case.months or 0))
        known_term = case.years is not None
        rows.append(
            {
                "name": case.name,
                "address": case.address,
                "object_kind": "gebouw" if case.building else "perceel",
                "gfa_m2": floor,
                "owner_kind": case.owner_kind,
                "zoning": case.zoning,
                "nature": case.nature,
                "mixed_living": case.mixed_living,
                "available_from": begin if known_term or case.months is not None else None,
                "available_until": begin + dt.timedelta(days=365.25 * case.years)
                if known_term
                else None,
                "state": case.state,
            }
        )
    index = pd.Index([c.key for c in CASES], name="plot_id")
    table = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:28992", index=index)
    return with_plot_columns(table)


_TWICE = {"energieweg-azc": "energieweg", "europalaan-amv": "europalaan"}
"""Sites that are two cases: each stands in a field once."""


def field() -> gpd.GeoDataFrame:
    """Give the 32 made-up examples and all known cases, with their municipality."""
    cases, examples = known_plots(), example_plots()
    columns = [c for c in cases.columns if c in examples.columns]
    both = pd.concat([examples[columns], cases[columns]])
    both = gpd.GeoDataFrame(both, geometry="geometry", crs="EPSG:28992")
    return both.join(assign_municipality(both.geometry))


def left_out(case: Case) -> list[str]:
    """Give the cases that are not in the field of this one, so that each site is in it once."""
    drop = [a if b == case.key else b for a, b in _TWICE.items() if case.key in (a, b)]
    return drop + [a for a, b in _TWICE.items() if case.key not in (a, b)]


@dataclass(frozen=True)
class Line:
    """Where a case stands: its place of so many, and its score."""

    case: Case
    place: int
    count: int
    low: float
    high: float
    best: int
    worst: int


def lines_of(
    cases: Iterable[Case],
    surroundings: Surroundings,
    kader_of: Callable[[str], Kader] = load_kader,
) -> dict[str, Line]:
    """Say where cases stand, each in its field ranked for the kind that was decided, by key.

    A plot is measured by itself: the fields of all cases of a kind are measured as one.
    """
    plots, chosen = field(), list(cases)
    found = {}
    for kind in {case.kind: None for case in chosen}:
        measured = measure(plots, kader_of(kind), surroundings)
        for case in chosen:
            if case.kind == kind:
                kept = np.flatnonzero(~plots.index.isin(left_out(case)))
                found[case.key] = _line(case, rank_measured(measured.take(kept)))
    return {case.key: found[case.key] for case in chosen}


def _line(case: Case, ranking: Ranking) -> Line:
    at = int(ranking.plot_ids.get_indexer(pd.Index([case.key]))[0])
    place = int(np.flatnonzero(ranking.order() == at)[0]) + 1
    return Line(
        case,
        place,
        len(ranking.plot_ids),
        float(ranking.lower[at]),
        float(ranking.upper[at]),
        int(ranking.rank_best[at]),
        int(ranking.rank_worst[at]),
    )
