"""Take from neighbourhoods what they tell of a plot: people within reach, and mean distances.

The outlines of neighbourhoods are good to some tens of metres, and their distances are means over
inhabitants by road. Both give an interval, never one number.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

FloatArray = npt.NDArray[np.float64]

CELL_M = 50.0
"""Side of a cell in which people are spread: less than the precision of the outlines."""

LONGEST_DETOUR = 2.0
"""How many times the distance as the crow flies a road is taken to be at most; a choice of the
team, on the careful side (in a town it is 1.2 to 1.4 as a rule)."""

_LEAST_SHARE = 0.005
_NEAREST = 12
_AT_ONCE = 4_000


@dataclass(frozen=True)
class PeopleGrid:
    """The inhabitants of neighbourhoods, spread evenly over the cells within each outline.

    Attributes:
        west: x of the left edge (EPSG:28992, metres).
        south: y of the lower edge.
        before: people in a row of cells (south to north) left of each edge between cells.
        precision_m: how far a drawn outline may lie from the true one.
    """

    west: float
    south: float
    before: FloatArray
    precision_m: float

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> PeopleGrid:
        """Spread the people of neighbourhoods (``inhabitants``, ``precision_m``, polygons).

        A neighbourhood of which the number or the outline is not known gives nobody.
        """
        known = areas[areas["inhabitants"].notna() & ~areas.geometry.is_empty]
        west, south, east, north = (
            known.total_bounds if len(known) else np.array([0.0, 0.0, CELL_M, CELL_M])
        )
        columns = int(np.ceil((east - west) / CELL_M)) + 1
        rows = int(np.ceil((north - south) / CELL_M)) + 1
        people = np.zeros((rows, columns))
        shapes = np.asarray(known.geometry.values, dtype=object)
        for shape, count in zip(shapes, known["inhabitants"].astype(float), strict=True):
            shapely.prepare(shape)
            x0, y0, x1, y1 = shape.bounds
            first, last = int((x0 - west) / CELL_M), int((x1 - west) / CELL_M)
            low, high = int((y0 - south) / CELL_M), int((y1 - south) / CELL_M)
            i, j = np.meshgrid(np.arange(first, last + 1), np.arange(low, high + 1))
            inside = shapely.contains_xy(
                shape, west + (i + 0.5) * CELL_M, south + (j + 0.5) * CELL_M
            )
            if not inside.any():  # smaller than a cell: all in the one where its middle lies
                middle = shape.representative_point()
                inside = (i == int((middle.x - west) / CELL_M)) & (
                    j == int((middle.y - south) / CELL_M)
                )
            people[j[inside], i[inside]] += count / inside.sum()
        before = np.concatenate([np.zeros((rows, 1)), np.cumsum(people, axis=1)], axis=1)
        precision = float(known["precision_m"].max()) if len(known) else 0.0
        return cls(float(west), float(south), before, precision)

    def within(self, x: FloatArray, y: FloatArray, radius_m: FloatArray) -> FloatArray:
        """Count the people within circles, by the share of each row of cells that lies inside."""
        total = np.zeros(len(x))
        for begin in range(0, len(x), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            total[part] = self._within(x[part], y[part], radius_m[part])
        return total

    def _within(self, x: FloatArray, y: FloatArray, radius_m: FloatArray) -> FloatArray:
        rows, width = self.before.shape
        total = np.zeros(len(x))
        if len(x) == 0 or not np.isfinite(radius_m).any():
            return total
        first = np.floor((y - radius_m - self.south) / CELL_M)
        steps = int(np.ceil(2 * np.nanmax(radius_m) / CELL_M)) + 1
        for step in range(steps):
            row = first + step
            north = self.south + (row + 0.5) * CELL_M - y
            half = np.sqrt(np.maximum(radius_m**2 - north**2, 0.0))
            there = (np.abs(north) < radius_m) & (row >= 0) & (row < rows)
            line = np.where(there, row, 0).astype(np.intp)
            total += np.where(
                there, self._left_of(line, x + half) - self._left_of(line, x - half), 0.0
            )
        return total

    def _left_of(self, row: npt.NDArray[np.intp], x: FloatArray) -> FloatArray:
        """Give the people in a row left of ``x``, part of a cell by its share."""
        last = self.before.shape[1] - 1
        at = np.clip(np.nan_to_num((x - self.west) / CELL_M), 0.0, float(last))
        cell = np.minimum(at.astype(np.intp), last - 1)
        begin = self.before[row, cell]
        return np.asarray(begin + (at - cell) * (self.before[row, cell + 1] - begin))


def inhabitants_interval(
    plots: gpd.GeoSeries,
    grid: PeopleGrid,
    beyond: gpd.GeoDataFrame,
    reach_m: float,
    ground: PeopleGrid | None = None,
) -> pd.DataFrame:
    """Estimate the inhabitants within ``reach_m`` of the middle of each plot, ``low`` and ``high``.

    People are spread evenly over their neighbourhood (areal overlap with a circle). ``low`` counts
    a circle drawn in by the precision of the outlines, ``high`` one drawn out by it. Beyond the
    neighbourhoods people are known by postcode area only, each a point that stands for
    ``precision_m`` around it: there ``low`` counts the share that is near wherever in the area they
    live, ``high`` the share that may be.

    Args:
        plots: polygons in EPSG:28992.
        grid: of the neighbourhoods.
        beyond: postcode areas that lie outside the neighbourhoods, with ``inhabitants`` and
            ``precision_m``.
        reach_m: how far is still near.
        ground: the m² of the covered area (way 3 of measuring): no more people live beyond it than
            what lies beyond within reach holds at the density of the densest area that may be
            near, people being spread evenly over their area as over a neighbourhood. None: any
            share of an area may live in what lies beyond.
    """
    middle, _ = middles_of(plots)
    x, y = middle[:, 0], middle[:, 1]
    low = grid.within(x, y, np.full(len(x), max(reach_m - grid.precision_m, 0.0)))
    high = grid.within(x, y, np.full(len(x), reach_m + grid.precision_m))
    if len(beyond):
        people = beyond["inhabitants"].to_numpy(dtype=float)
        spread = np.maximum(beyond["precision_m"].to_numpy(dtype=float), 1.0)
        at = shapely.get_coordinates(np.asarray(beyond.geometry.values, dtype=object))
        outside_m2 = np.full(len(x), np.inf)
        if ground is not None:
            wide = reach_m + grid.precision_m
            outside_m2 = np.pi * wide**2 - ground.within(x, y, np.full(len(x), wide))
            # a circle is counted in rows of cells: what that may miss is not beyond
            outside_m2[outside_m2 < _LEAST_SHARE * np.pi * wide**2] = 0.0
        rows = np.flatnonzero(outside_m2 > 0)
        for part in np.split(rows, range(_AT_ONCE, len(rows), _AT_ONCE)):
            away = np.hypot(x[part, None] - at[:, 0], y[part, None] - at[:, 1])
            near = (reach_m - away) / (2 * spread)
            far = (reach_m + 2 * spread - away) / (2 * spread)
            least = np.clip(near, 0.0, 1.0) @ people
            most = np.clip(far, 0.0, 1.0) @ people
            if ground is not None:
                density = np.where(far > 0, people / (np.pi * spread**2), 0.0).max(axis=1)
                most = np.minimum(most, outside_m2[part] * density)
                least = np.minimum(least, most)
            low[part] += least
            high[part] += most
    empty = ~np.isfinite(x)
    return pd.DataFrame(
        {"low": np.where(empty, np.nan, low), "high": np.where(empty, np.nan, high)},
        index=plots.index,
    )


def middles_of(plots: gpd.GeoSeries) -> tuple[FloatArray, FloatArray]:
    """Give the middle (centroid) of each plot, and how far at most a corner lies from it (m)."""
    shapes = np.asarray(plots.values, dtype=object)
    middle = np.full((len(shapes), 2), np.nan)
    filled = ~shapely.is_empty(shapes)
    middle[filled] = shapely.get_coordinates(shapely.centroid(shapes[filled]))
    corners = shapely.bounds(shapes)
    reach = np.maximum(np.abs(corners[:, :2] - middle), np.abs(corners[:, 2:] - middle))
    return middle, np.nan_to_num(np.hypot(reach[:, 0], reach[:, 1]))


@dataclass(frozen=True)
class Middles:
    """Where the people of neighbourhoods live, as far as their outlines tell.

    Attributes:
        at: centroids (EPSG:28992).
        spread_m: root of the mean squared distance from the centroid to all points inside.
        known: positions in the table of the neighbourhoods.
    """

    at: FloatArray
    spread_m: FloatArray
    known: npt.NDArray[np.intp]

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> Middles:
        """Take the middles of neighbourhoods that have an outline."""
        shapes = np.asarray(areas.geometry.values, dtype=object)
        known = np.flatnonzero(~shapely.is_empty(shapes))
        at = shapely.get_coordinates(shapely.centroid(shapes[known]))
        spread = np.array([_spread_m(s, c) for s, c in zip(shapes[known], at, strict=True)])
        return cls(at.reshape(-1, 2), spread.reshape(-1), known)


def _spread_m(shape: shapely.Geometry, middle: FloatArray) -> float:
    """Give the root mean squared distance from ``middle`` to the points of a polygon.

    By the second moments of its rings (Green's theorem), holes taken off.
    """
    moment = area = 0.0
    for part in shapely.get_parts(shape):
        for hole, ring in enumerate((part.exterior, *part.interiors)):
            a = shapely.get_coordinates(ring) - middle
            b = a[1:]
            a = a[:-1]
            cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
            squares = (a * a + a * b + b * b).sum(axis=1)
            sign = np.sign(cross.sum()) * (-1.0 if hole else 1.0)
            moment += sign * float((cross * squares).sum()) / 12
            area += sign * float(cross.sum()) / 2
    return float(np.sqrt(max(moment / area, 0.0))) if area > 0 else 0.0


def distance_by_mean(
    plots: gpd.GeoSeries, areas: gpd.GeoDataFrame, middles: Middles, column: str
) -> pd.DataFrame:
    """Bound the distance from each plot to the nearest facility by means over inhabitants.

    The nearest facility of one spot is at most as far as that of another spot plus the way between
    them. So a plot lies no farther from a supermarket than the mean of a neighbourhood plus the
    mean way to its inhabitants, and no nearer than the difference; of all neighbourhoods around
    the sharpest bounds hold. The way to the inhabitants takes them to live all over their
    neighbourhood, and is bounded by the root of the mean square. Means are by road: as the crow
    flies it is at least ``1 / LONGEST_DETOUR`` of that.

    Args:
        plots: polygons in EPSG:28992.
        areas: neighbourhoods with ``column``: mean distance by road in km, NaN where not known.
        middles: of the same neighbourhoods.
        column: the distance.

    Returns:
        ``low`` and ``high`` in metres; NaN where no neighbourhood around tells.
    """
    from scipy.spatial import cKDTree

    mean_m = 1000 * areas[column].to_numpy(dtype=float)[middles.known]
    told = ~np.isnan(mean_m)
    low, high = np.full(len(plots), np.nan), np.full(len(plots), np.nan)
    middle, outer = middles_of(plots)
    rows = np.flatnonzero(np.isfinite(middle[:, 0]))
    if told.any() and len(rows):
        wanted = min(_NEAREST, int(told.sum()))
        away, which = cKDTree(middles.at[told]).query(middle[rows], k=[*range(1, wanted + 1)])
        way = np.hypot(away, middles.spread_m[told][which])
        mean = mean_m[told][which]
        high[rows] = (mean + way).min(axis=1)
        low[rows] = np.maximum((mean / LONGEST_DETOUR - way).max(axis=1) - outer[rows], 0.0)
    return pd.DataFrame({"low": np.minimum(low, high), "high": high}, index=plots.index)
