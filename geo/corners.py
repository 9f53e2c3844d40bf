"""Read the corners of a plot that somebody typed, for who does not draw with a mouse."""

from __future__ import annotations

import re

import geopandas as gpd
import shapely

from geo.crs import RD, WGS84, to_rd
from geo.errors import GeoError
from messages import Message

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_MOST = 500
_RD_X, _RD_Y = (0.0, 300_000.0), (300_000.0, 630_000.0)
"""Where the Netherlands lie in RD New, metres; rounded outwards."""
_LAT, _LON = (50.0, 54.0), (3.0, 8.0)


class CornersError(GeoError):
    """What was typed makes no area."""


def polygon_from_corners(text: str) -> shapely.Polygon:
    """Give the area whose corners stand in a text, one on a line, in EPSG:28992.

    A corner is two numbers with a space or semicolon between them: RD (metres) or latitude and
    longitude (degrees); a comma may stand for a decimal point.

    >>> polygon_from_corners("\\n".join(["136000 455000", "136100 455000", "136100 455050"])).area
    2500.0

    Raises:
        CornersError: fewer than three corners, a line that is no corner, corners of both systems,
            or sides that cross.
    """
    corners, systems = [], set()
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST:
        raise CornersError(Message("deliver.corners.too_many", {"most": _MOST}))
    for place, line in enumerate(lines, start=1):
        found = _corner(line)
        system = None if found is None else _system(*found)
        if found is None or system is None:
            raise CornersError(Message("deliver.corners.line", {"row": place, "text": line[:60]}))
        corners.append(found)
        systems.add(system)
    if len(systems) > 1:
        raise CornersError(Message("deliver.corners.mixed"))
    if len(set(corners)) < 3:
        raise CornersError(Message("deliver.corners.few"))
    if systems == {WGS84}:
        latitudes, longitudes = zip(*corners, strict=True)
        points = gpd.GeoSeries(gpd.points_from_xy(longitudes, latitudes), crs=WGS84)
        corners = [(p.x, p.y) for p in to_rd(points)]
    shape = shapely.Polygon(corners)
    if not shape.is_valid or shape.area <= 0:
        raise CornersError(Message("deliver.corners.crossing"))
    return shape


def _corner(line: str) -> tuple[float, float] | None:
    parts = [part for part in re.split(r"[;\s]+|,(?=\s)", line.strip()) if part]
    if len(parts) == 1 and line.count(",") == 1 and "." in line:
        parts = [part.strip() for part in line.split(",")]
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    first, second = (float(part.replace(",", ".")) for part in parts)
    return first, second


def _system(first: float, second: float) -> str | None:
    if _RD_X[0] <= first <= _RD_X[1] and _RD_Y[0] <= second <= _RD_Y[1]:
        return RD
    if _LAT[0] <= first <= _LAT[1] and _LON[0] <= second <= _LON[1]:
        return WGS84
    return None


def corners_text(shape: shapely.Geometry) -> str:
    """Write the corners of a simple area (EPSG:28992) as they can be typed; else nothing."""
    if not isinstance(shape, shapely.Polygon) or shape.interiors or shape.is_empty:
        return ""
    return "\n".join(f"{x:.2f} {y:.2f}" for x, y in list(shape.exterior.coords)[:-1])
