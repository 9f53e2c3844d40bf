"""Read a layer that a user has (supermarkets, flood areas, roads): any form the reader takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import RD
from geo.errors import GeoError
from geo.reading.bounded_process import read_apart
from geo.reading.result import Reading, ReadOptions
from messages import Message

_POINT_M = 1.0
"""Points are read as circles of this radius, as the reader makes areas of all that it reads."""

LAYER_OPTIONS = ReadOptions(take_outside=True, buffer_m=_POINT_M, lines=True)
"""How a layer is read: points and lines are taken, and what lies outside the province too."""


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """Read points, areas and lines as a layer, see :func:`shapes_of`.

    Args:
        path: a file in any form in which plots can be delivered.

    Raises:
        GeoError: the file cannot be read, or holds nothing; the message says why.
        OSError: there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    return shapes_of(read_apart(path, LAYER_OPTIONS))


def shapes_of(reading: Reading) -> gpd.GeoDataFrame:
    """Give what was read with :data:`LAYER_OPTIONS` as a layer: points, areas, lines as they were.

    Returns:
        Points, polygons and multipolygons in EPSG:28992 with ``name`` ("" where not told); last all
        lines together as one multilinestring without a name.

    Raises:
        GeoError: the file was refused, or holds nothing.
    """
    lines = _together(reading.lines)
    if reading.refused is None and reading.plots is not None and not reading.plots.empty:
        places = _points_and_areas(reading.plots)
        return places if lines.empty else gpd.GeoDataFrame(pd.concat([places, lines]), crs=RD)
    if not lines.empty:
        return lines
    raise GeoError(reading.refused or Message("read.no_plots"))


def _points_and_areas(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = np.asarray(plots.geometry.values, dtype=object)
    middles = shapely.centroid(shapes)
    point = shapely.hausdorff_distance(middles, shapes) <= 1.5 * _POINT_M
    names = [name if isinstance(name, str) else "" for name in plots["name"]]
    return gpd.GeoDataFrame(
        {"name": names}, geometry=np.where(point, middles, shapes), crs=plots.crs
    )


def _together(lines: tuple[shapely.LineString, ...]) -> gpd.GeoDataFrame:
    """Give lines as one shape: a network of a hundred thousand stays small, and needs no names."""
    shapes = [shapely.MultiLineString(list(lines))] if lines else []
    return gpd.GeoDataFrame({"name": [""] * len(shapes)}, geometry=shapes, crs=RD)


def lines_of(shapes: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Give the lines of a layer, each apart."""
    return shapely.get_parts(np.asarray(shapes.geometry[is_line(shapes)].values, dtype=object))


def is_line(shapes: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Say of each shape of a layer whether it is lines."""
    return np.asarray(shapely.get_dimensions(np.asarray(shapes.geometry.values, object)) == 1)


def count_of(shapes: gpd.GeoDataFrame) -> int:
    """Give how many points, areas and lines a layer holds."""
    return int((~is_line(shapes)).sum()) + len(lines_of(shapes))


def as_places(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the points and areas of a layer as places.

    An area stands for a place somewhere in it: its point is the centroid, and ``precision_m`` how
    far its edge lies from that. A line is no place: it is measured to as it runs.

    Args:
        shapes: as :func:`shapes_of` gives them.

    Returns:
        Points in EPSG:28992 with ``name`` and ``precision_m``.
    """
    places = shapes[~is_line(shapes)]
    whole = np.asarray(places.geometry.values, dtype=object)
    middles = shapely.centroid(whole)
    return gpd.GeoDataFrame(
        {
            "name": places["name"].to_numpy(),
            "precision_m": shapely.hausdorff_distance(middles, whole),
        },
        geometry=middles,
        crs=shapes.crs,
    )


def to_geojson(shapes: gpd.GeoDataFrame) -> bytes:
    """Write a layer (EPSG:28992) as GeoJSON in those metres, to the centimetre: the same layer
    gives the same bytes.
    """
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": _written(one)}
        for name, one in zip(shapes["name"], shapes.geometry, strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features}
    # a network is large, so it is written without blanks
    blanks = (",", ":") if is_line(shapes).any() else None
    return json.dumps(content, separators=blanks).encode()


def _written(shape: Any) -> dict[str, Any]:
    if int(shapely.get_dimensions(shape)) != 1:
        plain: dict[str, Any] = shapely.geometry.mapping(shapely.set_precision(shape, 0.01))
        return plain
    # lines keep every vertex where it is: another line may meet them there
    at, line = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
    begins = np.flatnonzero(np.diff(line, prepend=-1)).tolist()
    pairs = np.round(at, 2).tolist()
    ends = [*begins[1:], len(pairs)]
    return {
        "type": "MultiLineString",
        "coordinates": [pairs[a:b] for a, b in zip(begins, ends, strict=True)],
    }


def from_geojson(content: bytes) -> gpd.GeoDataFrame:
    """Read a layer as :func:`to_geojson` wrote it."""
    names = [feature["properties"]["name"] for feature in json.loads(content)["features"]]
    shapes = shapely.get_parts(shapely.from_geojson(content))
    return gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=RD)
