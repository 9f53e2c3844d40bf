"""Take closed lines for the areas that they go around."""

from __future__ import annotations

import shapely

from geo.reading.raw import RawLayer
from messages import Message

_FEWEST_POINTS = 4


def holds_areas(layer: RawLayer) -> bool:
    """Say whether there is an area in a layer."""
    return any(
        isinstance(row.geometry, shapely.Polygon | shapely.MultiPolygon) for row in layer.rows
    )


def close_lines(layer: RawLayer) -> None:
    """Turn each shape that is only closed lines into an area, with a remark in its row.

    A drawing, a track and many an export hold outlines as lines. A line that is not closed stays a
    line: what it was meant to go around is not known.
    """
    for row in layer.rows:
        shape = row.geometry
        if not isinstance(shape, shapely.LineString | shapely.MultiLineString) or shape.is_empty:
            continue
        parts = list(shape.geoms) if isinstance(shape, shapely.MultiLineString) else [shape]
        if len(parts) > 1 and not all(map(_closed, parts)):
            merged = shapely.line_merge(shape)
            parts = [
                part for part in shapely.get_parts(merged) if isinstance(part, shapely.LineString)
            ]
        if not parts or not all(map(_closed, parts)):
            continue
        rings = [shapely.Polygon(part.coords) for part in parts]
        row.geometry = rings[0] if len(rings) == 1 else shapely.MultiPolygon(rings)
        row.remarks.append(Message("read.row.closed_line"))


def _closed(line: shapely.LineString) -> bool:
    return bool(line.is_closed) and len(line.coords) >= _FEWEST_POINTS
