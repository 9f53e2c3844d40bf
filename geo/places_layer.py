"""Read a layer of places that a user has (supermarkets, stops): any form that the reader takes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import GeoError
from geo.reading.bounded_process import read_apart
from geo.reading.result import ReadOptions
from messages import Message

_POINT_M = 1.0
"""Points are read as circles of this radius, as the reader makes areas of all that it reads."""


def read_places(path: Path) -> gpd.GeoDataFrame:
    """Read points or areas as places.

    An area stands for a place somewhere in it: its point is the centroid, and ``precision_m`` how
    far its edge lies from that.

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
    reading = read_apart(path, ReadOptions(take_outside=True, buffer_m=_POINT_M))
    if reading.refused is not None:
        raise GeoError(reading.refused)
    if reading.plots is None or reading.plots.empty:
        raise GeoError(Message("read.no_plots"))
    shapes = np.asarray(reading.plots.geometry.values, dtype=object)
    middles = shapely.centroid(shapes)
    reach = shapely.hausdorff_distance(middles, shapes)
    precision = np.where(reach <= 1.5 * _POINT_M, 0.0, reach)
    return gpd.GeoDataFrame(
        {"name": reading.plots["name"].to_numpy(), "precision_m": precision},
        geometry=middles,
        crs=reading.plots.crs,
    )
