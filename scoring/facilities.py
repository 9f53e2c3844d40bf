"""Measure how far facilities lie from the edge of a plot."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

_CHUNK = 100_000


def nearest_distance_m(plots: gpd.GeoSeries, places: gpd.GeoSeries) -> pd.Series:
    """Measure the distance in metres from the edge of each plot to the nearest place.

    Both in EPSG:28992; places are points. A place inside the plot is at 0 m. Without places, or
    for an empty plot, the distance is unknown (NaN).

    A tree of points first finds the few places that can be nearest: the one nearest to the middle
    of the plot is at most (its distance + the plot's half diagonal) away from the plot, so only
    places within that and once more the half diagonal are measured exactly.
    """
    found = np.full(len(plots), np.nan)
    if len(places) == 0:
        return pd.Series(found, index=plots.index)
    points = shapely.get_coordinates(np.asarray(places.values, dtype=object))
    tree = cKDTree(points)
    shapes = np.asarray(plots.values, dtype=object)
    for begin in range(0, len(shapes), _CHUNK):
        part = shapes[begin : begin + _CHUNK]
        found[begin : begin + len(part)] = _nearest(part, points, tree)
    return pd.Series(found, index=plots.index)


def _nearest(
    shapes: npt.NDArray[np.object_], points: npt.NDArray[np.float64], tree: cKDTree
) -> npt.NDArray[np.float64]:
    bounds = shapely.bounds(shapes)
    filled = ~np.isnan(bounds[:, 0])
    result = np.full(len(shapes), np.nan)
    rows = np.flatnonzero(filled)
    bounds = bounds[rows]
    middle = np.column_stack([bounds[:, 0] + bounds[:, 2], bounds[:, 1] + bounds[:, 3]]) / 2
    half = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) / 2
    wanted = min(4, len(points))
    away, which = tree.query(middle, k=wanted)
    if wanted == 1:
        away, which = away[:, None], which[:, None]
    reach = away[:, 0] + 2 * half
    pairs_row, pairs_place = np.nonzero(away <= reach[:, None])
    places = which[pairs_row, pairs_place]
    best = np.full(len(rows), np.inf)
    measured = shapely.distance(shapes[rows[pairs_row]], shapely.points(points[places]))
    np.minimum.at(best, pairs_row, measured)
    # when even the last of the nearest few is within reach, there may be more
    crowded = np.flatnonzero((away[:, -1] <= reach) & (wanted < len(points)))
    for row in crowded:
        near = tree.query_ball_point(middle[row], reach[row])
        exact = shapely.distance(shapes[rows[row]], shapely.points(points[near]))
        best[row] = exact.min()
    result[rows] = best
    return result
