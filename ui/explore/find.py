"""Find a plot, municipality or place by a part of its name."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo import ground
from geo.crs import to_wgs84

MOST = 8
_ZOOM = {"municipality": 11.5, "place": 13.0}


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


def _matching(table: pd.DataFrame, columns: tuple[str, ...], words: str) -> list[object]:
    hit = pd.Series(False, index=table.index)
    for column in columns:
        hit |= table[column].fillna("").astype(str).str.casefold().str.contains(words, regex=False)
    return list(table.index[hit][: 2 * MOST])
