"""Find a plot, municipality or place by a part of its name, an address or parcel at PDOK."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from geo import ground
from geo.cadastral import LookupFailedError, parse_cadastral_number
from geo.crs import RD, to_wgs84
from geo.pdok import addresses_at_pdok, shape_at_pdok
from geo.reading.lists import PARCEL

MOST = 8
_ZOOM = {"municipality": 11.5, "place": 13.0, "address": 16.0, "parcel": 16.5}


@dataclass(frozen=True)
class Found:
    """Something that a search found; ``lat`` and ``lon`` (WGS84) say where to look."""

    kind: str
    label: str
    plot_id: str | None = None
    lat: float | None = None
    lon: float | None = None
    zoom: float | None = None


def find(sought: str, plots: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame) -> list[Found]:
    """Give what matches: plots by name, address or parcel, then municipalities, then places.

    Names that begin with what is sought come first.
    """
    words = sought.strip().casefold()
    if len(words) < 2:
        return []
    found = [
        Found("plot", str(plots.at[i, "name"] or i), str(i))
        for i in _matching(plots, ("name", "address", "cadastral_number"), words)
    ]
    for kind, layer in (("municipality", municipalities), ("place", ground.places())):
        rows = layer.loc[_matching(layer, ("name",), words)]
        points = to_wgs84(rows.geometry.representative_point())
        found += [
            Found(kind, str(name), None, point.y, point.x, _ZOOM[kind])
            for name, point in zip(rows["name"], points, strict=True)
        ]
    known = {one.label.casefold() for one in found if one.kind == "municipality"}
    found = [one for one in found if one.kind != "place" or one.label.casefold() not in known]
    begins = [one for one in found if one.label.casefold().startswith(words)]
    return (begins + [one for one in found if one not in begins])[:MOST]


def find_at_pdok(sought: str) -> list[Found]:
    """Ask PDOK for a parcel, when that is what is sought, else for addresses.

    Raises:
        LookupFailedError: PDOK is out of reach or switched off, or knows nothing like it.
    """
    try:
        parcel = parse_cadastral_number(sought)
    except LookupFailedError:
        parcel = None
    if parcel is not None:
        point = shapely.point_on_surface(shape_at_pdok(PARCEL, str(parcel)))
        at = (float(shapely.get_x(point)), float(shapely.get_y(point)))
        return _points("parcel", [(str(parcel), *at)])
    found = addresses_at_pdok(sought)[:MOST]
    return _points("address", [(one.label, one.x_m, one.y_m) for one in found])


def _points(kind: str, rows: list[tuple[str, float, float]]) -> list[Found]:
    places = gpd.GeoSeries(gpd.points_from_xy([r[1] for r in rows], [r[2] for r in rows]), crs=RD)
    return [
        Found(kind, label, None, point.y, point.x, _ZOOM[kind])
        for (label, _, _), point in zip(rows, to_wgs84(places), strict=True)
    ]


def _matching(table: pd.DataFrame, columns: tuple[str, ...], words: str) -> list[object]:
    hit = pd.Series(False, index=table.index)
    for column in columns:
        hit |= table[column].fillna("").astype(str).str.casefold().str.contains(words, regex=False)
    return list(table.index[hit][: 2 * MOST])
