"""Take closed lines for the areas that they go around."""

from __future__ import annotations

import shapely

from geo.reading.raw import RawLayer
from messages import Message

_FEWEST_POINTS = 4
_SAME_SHARE = 0.9  # of overlap, from which a closed line is the border of an area; our choice


def holds_areas(layer: RawLayer) -> bool:
    """Say whether there is an area in a layer."""
    return any(_is_area(row.geometry) for row in layer.rows)


def close_lines(layer: RawLayer) -> None:
    """Turn each shape that is only closed lines into an area, with a remark in its row.

    A drawing, a track and many an export hold outlines as lines. A line that is not closed stays a
    line: what it was meant to go around is not known. One around an area of the same layer is the
    border of that.
    """
    areas = [row.geometry for row in layer.rows if _is_area(row.geometry)]
    for row in layer.rows:
        shape = row.geometry
        if not isinstance(shape, shapely.LineString | shapely.MultiLineString) or shape.is_empty:
            continue
        rings = rings_of(shape)
        if not rings:
            continue
        if any(_same(ring, area) for ring in rings for area in areas):
            row.refused = Message("read.row.border_of_other")
            row.geometry = None
            continue
        row.geometry = rings[0] if len(rings) == 1 else shapely.MultiPolygon(rings)
        row.remarks.append(Message("read.row.closed_line"))


def rings_of(shape: shapely.LineString | shapely.MultiLineString) -> list[shapely.Polygon]:
    """Give the areas that closed lines go around; nothing where one of them is open."""
    parts = list(shape.geoms) if isinstance(shape, shapely.MultiLineString) else [shape]
    if len(parts) > 1 and not all(map(_closed, parts)):
        merged = shapely.line_merge(shape)
        parts = [part for part in shapely.get_parts(merged) if isinstance(part, shapely.LineString)]
    if not parts or not all(map(_closed, parts)):
        return []
    return [shapely.Polygon(part.coords) for part in parts]


def _is_area(shape: shapely.Geometry | None) -> bool:
    return isinstance(shape, shapely.Polygon | shapely.MultiPolygon)


def _same(ring: shapely.Polygon, area: shapely.Geometry | None) -> bool:
    """Say whether a closed line is the border of an area beside it."""
    if not (ring.is_valid and shapely.is_valid(area) and shapely.intersects(ring, area)):
        return False
    shared = float(shapely.area(shapely.intersection(ring, area)))
    return shared >= _SAME_SHARE * max(float(ring.area), float(shapely.area(area)))


def _closed(line: shapely.LineString) -> bool:
    return bool(line.is_closed) and len(line.coords) >= _FEWEST_POINTS
