"""Give the packaged layers in RD New (EPSG:28992), read once in a process and handed out as copies.

An unknown stays unknown: a task or a number of places that no source tells is ``<NA>``. A layer can
be asked in a former ``version`` (the SHA-256 of its file), for what was made with it.
"""

from __future__ import annotations

import functools
import json
import math
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data import loader
from data.vocabulary import ReceptionKind
from geo.crs import RD, WGS84, to_rd

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

BOUNDARY_PRECISION_M: float = 50.0
"""How far a drawn border may lie from the true one, metres. The boundaries are generalised: good to
"some tens of metres" (see ``data/datapackage.json``); 50 m for that is a choice of the team."""

_COUNTS_FOR = {
    **dict.fromkeys(("azc", "amv", "gemengd"), "asylum"),
    **dict.fromkeys(("noodopvang", "crisisnoodopvang"), "emergency"),
    "oekraine": "ukraine",
    "statushouders": "status_holders",
}
_TASK_STATUS_ORDER = ("decided", "objected", "indicative")


def municipalities() -> gpd.GeoDataFrame:
    """Give the 26 municipalities of the province as polygons.

    Returns:
        Table indexed by ``municipality_code`` (as ``GM0307``), in the order of the codes, with
        name, inhabitants, inhabitants_date, inhabitants_2017, land_area_ha, water_area_ha,
        urbanity_class (1 very strong to 5 none), geometry.
    """
    return _municipalities().copy()


def municipality_names() -> pd.Series:
    """Give the names of the 26 municipalities by code, by alphabet, to choose from."""
    return _municipality_names().copy()


def municipal_areas() -> gpd.GeoDataFrame:
    """Give the 26 municipalities by name and polygon alone, without reading any table.

    Returns:
        Table indexed by ``municipality_code``, in the order of the codes, with name, geometry.
    """
    return _municipal_areas().copy()


def province() -> shapely.Polygon | shapely.MultiPolygon:
    """Give the province: the union of its municipalities (open water of the Eemmeer left out)."""
    return _province()


_EDGE_STEP_M = 100.0


def to_edge_m(plots: gpd.GeoSeries, margin_m: float) -> npt.NDArray[np.float64]:
    """Give how far each plot lies at least from what is beyond the province and a margin around it.

    Within it, something that a layer of that coverage does not hold may lie only farther away.
    Measured from the middle of a plot less its half diagonal, to points on the border: never too
    much, and less than 100 m and a diagonal too little. NaN for an empty plot.

    Args:
        plots: polygons in EPSG:28992.
        margin_m: how far around the province the layer is complete.
    """
    tree, area = _edge()
    bounds = shapely.bounds(np.asarray(plots.values, dtype=object))
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    filled = np.isfinite(middle[:, 0])
    result = np.full(len(middle), np.nan)
    away = tree.query(middle[filled])[0]
    half = np.hypot(*(bounds[filled, 2:] - bounds[filled, :2]).T) / 2
    inside = shapely.contains_xy(area, middle[filled])
    signed = np.where(inside, away - _EDGE_STEP_M / 2, -away)
    result[filled] = np.maximum(signed - half + margin_m, 0.0)
    return result


@functools.cache
def _edge() -> tuple[cKDTree, shapely.Geometry]:
    # imported here: SciPy takes a third of a second, and whoever reads a file needs none of it
    from scipy.spatial import cKDTree

    area = _province()
    shapely.prepare(area)
    border = shapely.segmentize(shapely.boundary(area), _EDGE_STEP_M)
    return cKDTree(shapely.get_coordinates(border)), area


def reception_locations(version: str | None = None) -> gpd.GeoDataFrame:
    """Give the public reception locations as points.

    The true place lies within ``precision_m`` of the point. A noodopvang counts as
    crisisnoodopvang; what the source calls it stays in ``kind_stated``.

    Returns:
        Table indexed by ``location_id`` with name, kind (a ReceptionKind), kind_stated,
        kind_assumed, status (a LocationStatus), municipality_code, place, address, precision_m,
        places (of reception, for the group of counts_for; ``<NA>`` where unknown), home_places
        (other homes on the same grounds), counts_for (asylum: for the Spreidingswet; emergency,
        ukraine, status_holders), start_date and end_date (text: year, year-month or day),
        dates_approximate, note, source, source_date, source_date_approximate, geometry.
    """
    return _reception_locations(version).copy()


def facilities(version: str | None = None) -> gpd.GeoDataFrame:
    """Give stations, hospitals, international classes and bus hubs as points.

    Returns:
        Table indexed by ``facility_id`` with facility_kind (station, museum_station without
        regular trains, hospital, hospital_outpatient, isk, bus_hub), name, municipality_code
        (missing outside the province), municipality_stated, address, station_type (intercity,
        local_hub, local; NS, 2020), step_free, precision_m, verified, in_doubt, note, source,
        source_date, source_date_approximate, geometry. Where each kind is complete:
        :func:`data.loader.coverage_of`.
    """
    return _facilities(version).copy()


def schools(version: str | None = None) -> gpd.GeoDataFrame:
    """Give primary and secondary schools in the province and 3 km around it, as points.

    Most primary schools are placed by their postcode area only: ``precision_m`` (metres) is the
    radius within which the school lies, up to 3,500.

    Returns:
        Table indexed by ``school_id`` (number of the site at DUO) with facility_kind
        (school_primary, school_secondary), name, municipality_code (missing outside the
        province), municipality_stated, address, postcode, place, levels, precision_m, placed_by,
        source, source_date, source_date_approximate, geometry.
    """
    return _schools(version).copy()


def neighbourhoods(
    version: str | None = None, outlines_version: str | None = None
) -> gpd.GeoDataFrame:
    """Give the neighbourhoods (buurten) of 2024 of the 26 municipalities as polygons.

    The outlines were brought back from drawings: a border lies within ``precision_m`` metres of
    the true one, so that they give shares with an interval and are no measure of themselves.

    Returns:
        Table indexed by ``neighbourhood_code`` with name, municipality_code, inhabitants
        (``<NA>`` where CBS does not tell), inhabitants_0_14, inhabitants_65_plus, households,
        land_area_ha, address_density_per_km2, urbanity_class, general_practitioner_km,
        supermarket_km, primary_school_km (means of the inhabitants, by road),
        primary_schools_within_3_km, precision_m, geometry. One neighbourhood has no outline: its
        geometry is empty and its precision_m unknown.
    """
    return _neighbourhoods(version, outlines_version).copy()


def natura2000(version: str | None = None) -> gpd.GeoDataFrame:
    """Give the official outlines of Natura 2000 areas in the province and 5 km around it.

    Returns:
        Table with name and geometry (polygons, cut off at the edge of what is covered).
    """
    return _natura2000(version).copy()


def inhabitants_pc4(version: str | None = None) -> gpd.GeoDataFrame:
    """Give the inhabitants of postcode areas in the province and 5 km around it, as points.

    A point stands for a whole area. ``precision_m`` is the radius of a circle of the same size as
    the area: sqrt(area / pi).

    Returns:
        Table with pc4, inhabitants, area_km2, precision_m, source, source_date,
        source_date_approximate, geometry.
    """
    return _inhabitants_pc4(version).copy()


def tasks(version: str | None = None) -> pd.DataFrame:
    """Give what sources tell of the municipalities' tasks under the Spreidingswet.

    A municipality may have several rows for a cycle (an indicative and a decided one, and a second
    source that differs); rows with known places come first within municipality and cycle, decided
    before objected before indicative. ``places`` is ``<NA>`` where no source tells it.

    Returns:
        Table with municipality_code, cycle (1: places by 1 July 2025; 2: to be divided at the end
        of 2026), status, places, places_elsewhere (what another source says), realised_places,
        realised_date, met_on_2025_06, note, source, source_date.
    """
    return _tasks(version).copy()


def tasks_other() -> pd.DataFrame:
    """Give tasks and counts of other groups, and of province and country (not geographical)."""
    return loader.load("tasks_other")


def province_task() -> pd.Series | None:
    """Give the asylum places that the whole province has to have in the first cycle, as a row of
    :func:`tasks_other`; None where that is not packaged.
    """
    other = tasks_other()
    found = other[other["measure"].eq("asylum_places_task") & other["area_code"].eq("PV26")]
    return None if found.empty else found.iloc[0]


def practice() -> pd.DataFrame:
    """Give the practice examples and their lessons, indexed by ``practice_id``."""
    return loader.load("practice").set_index("practice_id")


@functools.cache
def _municipalities() -> gpd.GeoDataFrame:
    table = loader.load("municipalities").set_index("municipality_code").sort_index()
    figures = table.drop(columns=["source", "source_date"])
    return gpd.GeoDataFrame(figures, geometry=_municipal_areas().geometry.reindex(table.index))


@functools.cache
def _municipality_names() -> pd.Series:
    names: pd.Series = _municipal_areas()["name"]
    return names.sort_values(key=lambda some: some.str.casefold())


@functools.cache
def _municipal_areas() -> gpd.GeoDataFrame:
    drawn = json.loads(loader.boundaries_path().read_text("utf-8"))
    shapes = gpd.GeoDataFrame.from_features(drawn, crs=WGS84).set_index("municipality_code")
    return to_rd(shapes.sort_index()[["name", "geometry"]])


@functools.cache
def _province() -> shapely.Polygon | shapely.MultiPolygon:
    union = shapely.coverage_union_all(_municipal_areas().geometry.to_numpy())
    return cast("shapely.Polygon | shapely.MultiPolygon", union)


@functools.cache
def _reception_locations(version: str | None = None) -> gpd.GeoDataFrame:
    table = loader.load("reception_locations", version).set_index("location_id")
    table.insert(1, "kind_stated", table["kind"])
    table["kind"] = table["kind"].replace({"noodopvang": ReceptionKind.CRISISNOODOPVANG.value})
    if "counts_for" not in table:  # a file of before November 2026: what the kind says
        table["counts_for"] = table["kind_stated"].map(_COUNTS_FOR)
        table["home_places"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return _points(table)


@functools.cache
def _facilities(version: str | None = None) -> gpd.GeoDataFrame:
    return _points(loader.load("facilities", version).set_index("facility_id"))


@functools.cache
def _schools(version: str | None = None) -> gpd.GeoDataFrame:
    return _points(loader.load("schools", version).set_index("school_id"))


@functools.cache
def _neighbourhoods(
    version: str | None = None, outlines_version: str | None = None
) -> gpd.GeoDataFrame:
    table = loader.load("neighbourhoods", version).set_index("neighbourhood_code")
    drawn = (
        _drawn("neighbourhood_outlines", outlines_version)
        .set_index("neighbourhood_code")
        .reindex(table.index)
    )
    table["precision_m"] = drawn["precision_m"].astype(float)
    shapes = drawn.geometry.where(drawn.geometry.notna(), shapely.Polygon())
    return gpd.GeoDataFrame(table, geometry=shapes, crs=RD)


@functools.cache
def _natura2000(version: str | None = None) -> gpd.GeoDataFrame:
    return _drawn("natura2000", version)


def _drawn(name: str, version: str | None = None) -> gpd.GeoDataFrame:
    """Read a packaged GeoJSON file that is in RD New already."""
    features = json.loads(loader.path_of(name, version).read_text("utf-8"))
    return gpd.GeoDataFrame.from_features(features, crs=RD)


@functools.cache
def _inhabitants_pc4(version: str | None = None) -> gpd.GeoDataFrame:
    table = loader.load("inhabitants_pc4", version)
    table.insert(3, "precision_m", (table["area_km2"] * 1e6 / math.pi) ** 0.5)
    return _points(table)


@functools.cache
def _tasks(version: str | None = None) -> pd.DataFrame:
    table = loader.load("tasks", version)
    rank = {status: place for place, status in enumerate(_TASK_STATUS_ORDER)}
    order = table.assign(
        unknown=table["places"].isna(), rank=table["status"].map(rank).fillna(len(rank))
    ).sort_values(["municipality_code", "cycle", "unknown", "rank"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(table["longitude_deg"], table["latitude_deg"], crs=WGS84)
    columns = table.drop(columns=["longitude_deg", "latitude_deg"])
    return to_rd(gpd.GeoDataFrame(columns, geometry=points))
