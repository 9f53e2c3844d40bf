"""Measure how far facilities lie from the edge of a plot."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

_CHUNK = 20_000
_NEIGHBOURS = 4


def nearest_distance_m(plots: gpd.GeoSeries, places: gpd.GeoSeries) -> pd.Series:
    """Measure the distance in metres from the edge of each plot to the nearest place.

    Both in EPSG:28992; plots are polygons or multipolygons, places are points. A place inside the
    plot is at 0 m. Without places, or for an empty plot, the distance is unknown (NaN).

    A tree of points first finds the few places that can be nearest: a place cannot be nearer to
    the plot than its distance to the middle of the plot less the plot's half diagonal.
    """
    found = np.full(len(plots), np.nan)
    if len(places) == 0 or len(plots) == 0:
        return pd.Series(found, index=plots.index)
    points = shapely.get_coordinates(np.asarray(places.values, dtype=object))
    tree = cKDTree(points)
    shapes = np.asarray(plots.values, dtype=object)
    begins = range(0, len(shapes), _CHUNK)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        parts = pool.map(
            lambda begin: _nearest(shapes[begin : begin + _CHUNK], points, tree), begins
        )
        for begin, part in zip(begins, parts, strict=True):
            found[begin : begin + len(part)] = part
    return pd.Series(found, index=plots.index)


def _nearest(shapes: npt.NDArray[np.object_], points: FloatArray, tree: cKDTree) -> FloatArray:
    result = np.full(len(shapes), np.nan)
    bounds = shapely.bounds(shapes)
    rows = np.flatnonzero(~np.isnan(bounds[:, 0]))
    if len(rows) == 0:
        return result
    outline = _Outlines(shapes[rows])
    bounds = bounds[rows]
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    half = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) / 2
    wanted = min(_NEIGHBOURS, len(points))
    away, which = tree.query(middle, k=[*range(1, wanted + 1)])
    every = np.arange(len(rows))
    best = outline.distance(every, points[which[:, 0]])
    for column in range(1, wanted):
        nearer = np.flatnonzero(away[:, column] - half < best)
        if len(nearer) == 0:
            break
        measured = outline.distance(nearer, points[which[nearer, column]])
        best[nearer] = np.minimum(best[nearer], measured)
    # when even the last of the nearest few may be nearer, there may be more
    crowded = np.flatnonzero((away[:, -1] - half < best) & (wanted < len(points)))
    for row in crowded:
        near = tree.query_ball_point(middle[row], best[row] + half[row])
        if near:
            repeated = np.full(len(near), row)
            best[row] = min(best[row], outline.distance(repeated, points[near]).min())
    result[rows] = best
    return result


class _Outlines:
    """The edges of many polygons in two arrays, so that distances are a few array operations.

    GEOS measures a pair at a time; this does the same sum for all pairs at once, which the tests
    compare with GEOS.
    """

    def __init__(self, shapes: npt.NDArray[np.object_]) -> None:
        coordinates, rings, ring_begin = _rings_of(shapes)
        edge = np.ones(len(coordinates), dtype=bool)
        edge[rings[1:] - 1] = False  # the last vertex of a ring begins no edge
        starts = np.flatnonzero(edge)
        self._from = coordinates[starts, :2]
        self._to = coordinates[starts + 1, :2]
        # edges before each vertex, so edges before each shape
        before = np.concatenate([[0], np.cumsum(edge)])
        self._begin = before[rings[ring_begin]]

    def distance(self, rows: IndexArray, points: FloatArray) -> FloatArray:
        """Give the distance from shape ``rows[i]`` to ``points[i]``; 0 within the shape."""
        counts = (self._begin[rows + 1] - self._begin[rows]).astype(np.intp)
        first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
        edges = np.repeat(self._begin[rows] - first, counts) + np.arange(int(counts.sum()))
        ax, ay = self._from[edges].T
        dx, dy = (self._to[edges] - self._from[edges]).T
        px, py = (np.repeat(points, counts, axis=0)).T
        px -= ax
        py -= ay
        length = dx * dx + dy * dy
        along = np.clip((px * dx + py * dy) / np.where(length > 0, length, 1.0), 0.0, 1.0)
        squared = (px - along * dx) ** 2 + (py - along * dy) ** 2
        nearest = np.sqrt(np.minimum.reduceat(squared, first))
        # a point is within when a ray from it crosses an odd number of edges
        straddles = (py < 0) != (py - dy < 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            crosses = straddles & (px < dx * (py / dy))
        inside = np.add.reduceat(crosses.astype(np.int32), first) % 2 == 1
        nearest[inside] = 0.0
        return np.asarray(nearest)


def _rings_of(
    shapes: npt.NDArray[np.object_],
) -> tuple[FloatArray, IndexArray, IndexArray]:
    """Give all vertices, where rings begin in them, and where shapes begin in the rings."""
    simple = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if simple.all() and not shapely.get_num_interior_rings(shapes).any():
        # the usual plot is one ring: that needs no taking apart
        counts = shapely.get_num_coordinates(shapes)
        rings = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        return shapely.get_coordinates(shapes), rings, np.arange(len(shapes) + 1, dtype=np.intp)
    kind, coordinates, offsets = shapely.to_ragged_array(shapes)
    if kind == shapely.GeometryType.MULTIPOLYGON:
        parts = [np.asarray(part, dtype=np.intp) for part in offsets]
        return coordinates, parts[0], parts[1][parts[2]]
    if kind == shapely.GeometryType.POLYGON:
        parts = [np.asarray(part, dtype=np.intp) for part in offsets]
        return coordinates, parts[0], parts[1]
    raise TypeError("plots are polygons")


def nearest_interval_m(
    plots: gpd.GeoSeries,
    places: gpd.GeoDataFrame,
    *,
    complete: bool,
    to_edge_m: FloatArray | None = None,
) -> pd.DataFrame:
    """Bound the distance in metres from each plot to the nearest place, ``low`` and ``high``.

    A place is known to ``precision_m``: it may lie that much nearer or farther. One that is not
    ``verified``, or ``in_doubt``, may be there: it counts for ``low`` alone. Where the layer is not
    complete there may always be a nearer one that it does not have: ``low`` is 0, or at least no
    more than the way to the edge of where it is complete.

    Args:
        plots: polygons in EPSG:28992.
        places: points in EPSG:28992; the columns named above may be missing (exact and certain).
        complete: whether the layer holds all there is within its covered area.
        to_edge_m: for each plot the distance to what lies outside the covered area; None: no end.

    Returns:
        ``high`` is NaN where no place is certain; both are NaN when nothing is known.
    """
    precision = _column(places, "precision_m", 0.0)
    certain = (_column(places, "verified", 1.0) > 0) & (_column(places, "in_doubt", 0.0) <= 0)
    low = _nearest_by(plots, places.geometry, -precision)
    high = _nearest_by(plots, places.geometry[certain], precision[certain])
    low = np.maximum(low, 0.0) if complete else np.where(np.isnan(low), np.nan, 0.0)
    if complete and to_edge_m is not None:
        low = np.minimum(low, to_edge_m)
    return pd.DataFrame({"low": low, "high": high}, index=plots.index)


def _column(places: gpd.GeoDataFrame, name: str, missing: float) -> FloatArray:
    if name not in places:
        return np.full(len(places), missing)
    return np.asarray(places[name].astype("Float64").fillna(missing).to_numpy(dtype=np.float64))


_FEW = 6
_CELLS_AT_ONCE = 4_000_000


def _nearest_by(plots: gpd.GeoSeries, places: gpd.GeoSeries, extra_m: FloatArray) -> FloatArray:
    """Give for each plot the least of distance plus ``extra_m`` over all places."""
    found = np.full(len(plots), np.nan)
    if len(places) == 0 or len(plots) == 0:
        return found
    values = np.unique(extra_m)
    if len(values) <= _FEW:
        for value in values:
            near = nearest_distance_m(plots, places[extra_m == value]).to_numpy() + value
            found = np.fmin(found, near)
        return found
    points = shapely.get_coordinates(np.asarray(places.values, dtype=object))
    shapes = np.asarray(plots.values, dtype=object)
    step = max(1, _CELLS_AT_ONCE // len(points))
    for begin in range(0, len(shapes), step):
        part = shapes[begin : begin + step]
        bounds = shapely.bounds(part)
        rows = np.flatnonzero(~np.isnan(bounds[:, 0]))
        if len(rows) == 0:
            continue
        bounds = bounds[rows]
        middle = (bounds[:, :2] + bounds[:, 2:]) / 2
        half = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) / 2
        away = np.hypot(middle[:, :1] - points[:, 0], middle[:, 1:] - points[:, 1]) + extra_m
        # only these can be the least: the plot reaches at most its half diagonal from its middle
        row, place = np.nonzero(away - half[:, None] <= away.min(axis=1)[:, None])
        exact = _Outlines(part[rows]).distance(row, points[place]) + extra_m[place]
        first = np.searchsorted(row, np.arange(len(rows)))
        found[begin + rows] = np.minimum.reduceat(exact, first)
    return found
