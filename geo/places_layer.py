"""Read a layer that a user has (supermarkets, flood areas): any form that the reader takes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import RD
from geo.errors import GeoError
from geo.reading.bounded_process import read_apart
from geo.reading.result import Reading, ReadOptions
from messages import Message

_POINT_M = 1.0
"""Points are read as circles of this radius, as the reader makes areas of all that it reads."""

LAYER_OPTIONS = ReadOptions(take_outside=True, buffer_m=_POINT_M)
"""How a layer is read: points are taken, and what lies outside the province too."""


def read_places(path: Path) -> gpd.GeoDataFrame:
    """Read points or areas as places, see :func:`as_places`.

    Args:
        path: a file in any form in which plots can be delivered.

    Returns:
        Points in EPSG:28992 with ``name`` and ``precision_m``.

    Raises:
        GeoError: the file cannot be read, or holds no places; the message says why.
        OSError: there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    return as_places(shapes_of(read_apart(path, LAYER_OPTIONS)))


def shapes_of(reading: Reading) -> gpd.GeoDataFrame:
    """Give what was read with :data:`LAYER_OPTIONS` as a layer: points and areas as they were.

    Returns:
        Points, polygons and multipolygons in EPSG:28992 with ``name`` ("" where not told).

    Raises:
        GeoError: the file was refused, or holds nothing.
    """
    if reading.refused is not None:
        raise GeoError(reading.refused)
    if reading.plots is None or reading.plots.empty:
        raise GeoError(Message("read.no_plots"))
    shapes = np.asarray(reading.plots.geometry.values, dtype=object)
    middles = shapely.centroid(shapes)
    point = shapely.hausdorff_distance(middles, shapes) <= 1.5 * _POINT_M
    names = [name if isinstance(name, str) else "" for name in reading.plots["name"]]
    return gpd.GeoDataFrame(
        {"name": names}, geometry=np.where(point, middles, shapes), crs=reading.plots.crs
    )


def as_places(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the shapes of a layer as places.

    An area stands for a place somewhere in it: its point is the centroid, and ``precision_m`` how
    far its edge lies from that.

    Args:
        shapes: as :func:`shapes_of` gives them.

    Returns:
        Points in EPSG:28992 with ``name`` and ``precision_m``.
    """
    whole = np.asarray(shapes.geometry.values, dtype=object)
    middles = shapely.centroid(whole)
    return gpd.GeoDataFrame(
        {
            "name": shapes["name"].to_numpy(),
            "precision_m": shapely.hausdorff_distance(middles, whole),
        },
        geometry=middles,
        crs=shapes.crs,
    )


def to_geojson(shapes: gpd.GeoDataFrame) -> bytes:
    """Write a layer (EPSG:28992) as GeoJSON in those metres, to the centimetre: the same layer
    gives the same bytes.
    """
    rounded = shapely.set_precision(np.asarray(shapes.geometry.values, dtype=object), 0.01)
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(one)}
        for name, one in zip(shapes["name"], rounded, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def from_geojson(content: bytes) -> gpd.GeoDataFrame:
    """Read a layer as :func:`to_geojson` wrote it."""
    features = json.loads(content)["features"]
    return gpd.GeoDataFrame(
        {"name": [feature["properties"]["name"] for feature in features]},
        geometry=[shapely.geometry.shape(feature["geometry"]) for feature in features],
        crs=RD,
    )
