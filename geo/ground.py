"""Give the layers that maps are drawn on, in RD New (EPSG:28992): water, rail, nature and names.

They are for drawing at 1:100,000 and smaller: nothing is measured on them. What they leave out
(roads, forest outside Natura 2000, lakes) is told in ``data/datapackage.json``.
"""

from __future__ import annotations

import functools
import json

import geopandas as gpd

from data import loader
from geo.crs import RD
from messages import text


def water_areas() -> gpd.GeoDataFrame:
    """Give the large state waters as polygons, with ``name``."""
    return _layer("water_areas").copy()


def waterways() -> gpd.GeoDataFrame:
    """Give rivers and canals as lines, with ``name`` and ``rank`` (1 large, 2 middle, 3 small)."""
    return _layer("waterways").copy()


def railways() -> gpd.GeoDataFrame:
    """Give rails of train, light rail, metro and museum line as lines."""
    return _layer("railways").copy()


def built_up() -> gpd.GeoDataFrame:
    """Give densely inhabited neighbourhoods as polygons; not the official built-up area."""
    return _layer("built_up").copy()


def nature_areas() -> gpd.GeoDataFrame:
    """Give Natura 2000 areas in a light form as polygons, with ``name``."""
    return _layer("nature_areas").copy()


def nature_names() -> gpd.GeoDataFrame:
    """Give names of forest, heath and lakes as points, with ``name`` and ``kind``."""
    return _layer("nature_names").copy()


def places() -> gpd.GeoDataFrame:
    """Give places as points, heaviest first.

    Returns:
        Table with name, municipality (its name; None outside the province) and weight
        (inhabitants from two sources and years: only to decide which name gives way).
    """
    return _layer("places").copy()


def credit(language: str) -> str:
    """Name the sources of the ground in one line, for the edge of a map, in "nl" or "en".

    >>> credit("nl").startswith("Grond: "), credit("en").startswith("Ground: ")
    (True, True)
    """
    names = loader.short_names(loader.resource_names(role="ground"), language)
    return text("map.ground", language, names=", ".join(names))


@functools.cache
def _layer(name: str) -> gpd.GeoDataFrame:
    drawn = json.loads(loader.resource_info(name).path.read_text("utf-8"))
    return gpd.GeoDataFrame.from_features(drawn, crs=RD)
