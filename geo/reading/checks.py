"""Check and mend shapes: what can be saved is saved and told, the rest refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.municipality import assign_municipality
from geo.reading import bounds
from geo.reference_system import NETHERLANDS_RD, near_province
from messages import Message

SMALLEST_PLOT_M2 = 1.0
SLIVER_PART_M2 = 1.0
SMALL_PLOT_M2 = 100.0
LARGE_PLOT_M2 = 2_000_000.0
NARROW_M = 2.0
LARGEST_COORDINATE_M = 1e9
STATED_AREA_TOLERANCE = 0.05
DUPLICATE_OVERLAP = 0.9
"""From which a shape is refused, told or asked about; choices of the team, but for the 5 % and the
90 %, which the province asked for."""


@dataclass
class Mended:
    """A shape after mending: ``polygon`` is None when nothing is left, and ``refused`` says why."""

    polygon: shapely.Polygon | shapely.MultiPolygon | None
    remarks: list[Message]
    refused: Message | None = None
    mended: bool = False


def flat_area(shape: shapely.Geometry | None, buffer_m: float = 0.0) -> Mended:
    """Make a valid polygon or multipolygon in two dimensions of any shape.

    Args:
        shape: in metres (EPSG:28992).
        buffer_m: radius by which points and lines become areas, 0 to refuse them.
    """
    remarks: list[Message] = []
    if shape is None:
        return Mended(None, remarks, Message("read.row.not_finite"))
    if shapely.is_empty(shape):
        return Mended(None, remarks, Message("read.row.empty_geometry"))
    shape = shapely.force_2d(shape)
    coordinates = shapely.get_coordinates(shape)
    if not (np.abs(coordinates) < LARGEST_COORDINATE_M).all():  # NaN is not smaller either
        return Mended(None, remarks, Message("read.row.not_finite"))
    if len(coordinates) > bounds.MAX_VERTICES_PER_PLOT:
        limit = {"limit": bounds.MAX_VERTICES_PER_PLOT}
        return Mended(None, remarks, Message("read.row.too_many_vertices", limit))
    if shapely.get_dimensions(shape) < 2:
        if buffer_m <= 0:
            kind = "point" if shapely.get_dimensions(shape) == 0 else "line"
            return Mended(None, remarks, Message(f"read.row.is_{kind}"))
        remarks.append(Message("read.row.buffered", {"metres": round(buffer_m, 1)}))
        shape = shapely.buffer(shape, buffer_m)
    mended = False
    if not shapely.is_valid(shape):
        before = _area_of(shape)
        reason = shapely.is_valid_reason(shape).split("[")[0].strip()
        shape = shapely.make_valid(shape)
        mended = True
        remarks.append(
            Message(
                "read.row.mended",
                {
                    "reason": reason,
                    "before": round(before, 1),
                    "after": round(_area_of(shape), 1),
                },
            )
        )
    shape, left_out = _only_areas(shape)
    if left_out:
        remarks.append(Message("read.row.parts_left_out"))
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    if len(parts) > 1 and (areas < SLIVER_PART_M2).any() and (areas >= SLIVER_PART_M2).any():
        remarks.append(Message("read.row.slivers", {"count": int((areas < SLIVER_PART_M2).sum())}))
        parts = parts[areas >= SLIVER_PART_M2]
    total = float(shapely.area(parts).sum()) if len(parts) else 0.0
    if total < SMALLEST_PLOT_M2:
        return Mended(None, remarks, Message("read.row.no_area", {"area": round(total, 2)}))
    polygon = parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))
    return Mended(polygon, remarks, mended=mended)


def _area_of(shape: shapely.Geometry) -> float:
    return float(shapely.area(shape))


def _only_areas(shape: shapely.Geometry) -> tuple[shapely.Geometry, bool]:
    """Take the areas out of a collection, however deeply it is nested."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape, False
    stack: list[shapely.Geometry] = [shape]
    polygons: list[shapely.Polygon] = []
    others = False
    while stack:
        part = stack.pop()
        if isinstance(part, shapely.Polygon):
            polygons.append(part)
        elif shapely.get_num_geometries(part) > 1 or shapely.get_type_id(part) >= 4:
            stack.extend(shapely.get_parts(part))
        elif not shapely.is_empty(part):
            others = True
    union = shapely.union_all(polygons) if polygons else shapely.Polygon()
    return union, others


def look_at_place(
    plots: gpd.GeoSeries,
) -> tuple[pd.DataFrame, list[list[Message]], npt.NDArray[np.bool_]]:
    """Say where plots (EPSG:28992) lie, what is to be told of that, and which lie elsewhere.

    Returns:
        The municipality as :func:`geo.municipality.assign_municipality` gives it, remarks for
        each plot, and for each plot whether it lies outside the province, so that it must be
        asked about.
    """
    placed = assign_municipality(plots)
    remarks: list[list[Message]] = [[] for _ in range(len(plots))]
    shapes = plots.to_numpy()
    outside = placed["municipality_code"].isna().to_numpy()
    near = shapely.intersects(shapes, near_province())
    west, south, east, north = NETHERLANDS_RD
    bounds_m = shapely.bounds(shapes)
    abroad = ~(
        (bounds_m[:, 0] > west) & (bounds_m[:, 1] > south)
        & (bounds_m[:, 2] < east) & (bounds_m[:, 3] < north)
    )  # fmt: skip
    share = placed["municipality_share"].to_numpy()
    certain = placed["municipality_certain"].to_numpy()
    for place in range(len(plots)):
        if outside[place]:
            key = "abroad" if abroad[place] else "near" if near[place] else "outside"
            remarks[place].append(Message(f"read.place.{key}"))
        elif share[place] < 0.99:
            remarks[place].append(
                Message("read.place.across_border", {"share": round(100 * share[place])})
            )
        elif not certain[place]:
            remarks[place].append(Message("read.place.uncertain"))
    return placed, remarks, outside


def look_at_size(plots: gpd.GeoSeries, stated_m2: Sequence[float]) -> list[list[Message]]:
    """Say what is odd about the size of plots (EPSG:28992), compared with what was stated."""
    shapes = plots.to_numpy()
    areas = shapely.area(shapes)
    lengths = shapely.length(shapes)
    remarks: list[list[Message]] = [[] for _ in range(len(plots))]
    for place, (area, stated) in enumerate(zip(areas, stated_m2, strict=True)):
        if area > LARGE_PLOT_M2:
            remarks[place].append(Message("read.size.large", {"ha": round(area / 10_000)}))
        elif area < SMALL_PLOT_M2:
            remarks[place].append(Message("read.size.small", {"area": round(area, 1)}))
        elif 2 * area / max(lengths[place], 1e-9) < NARROW_M / 1.0:
            # twice the area over the perimeter is about the width of a long strip
            remarks[place].append(Message("read.size.narrow", {"metres": NARROW_M}))
        if stated == stated and stated >= 1 and abs(area - stated) > STATED_AREA_TOLERANCE * stated:
            remarks[place].append(
                Message(
                    "read.size.stated",
                    {
                        "stated": float(round(stated)),
                        "measured": float(round(area)),
                        "percent": round(100 * (area - stated) / stated),
                    },
                )
            )
    return remarks


def overlapping(plots: gpd.GeoSeries, others: gpd.GeoSeries) -> list[list[tuple[int, float]]]:
    """Give for each plot the others that are nearly the same: at least 90 % overlap.

    The overlap is the shared area over the area of the larger of the two, so that a plot within
    a much larger one is not taken for it.

    Args:
        plots: EPSG:28992.
        others: EPSG:28992.

    Returns:
        For each plot pairs of position in ``others`` and share, 0 to 1, largest first.
    """
    found: list[list[tuple[int, float]]] = [[] for _ in range(len(plots))]
    if len(others) == 0 or len(plots) == 0:
        return found
    shapes, known = plots.to_numpy(), others.to_numpy()
    rows, places = shapely.STRtree(known).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[rows], known[places]))
    larger = np.maximum(shapely.area(shapes[rows]), shapely.area(known[places]))
    share = shared / np.maximum(larger, 1e-9)
    for row, place, part in zip(rows, places, share, strict=True):
        if part >= DUPLICATE_OVERLAP:
            found[row].append((int(place), float(part)))
    return [sorted(pairs, key=lambda pair: -pair[1]) for pairs in found]
