"""Keep open lines as lines where a layer of one's own is read: roads and paths, railways."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from geo.reading import bounds
from geo.reading.checks import LARGEST_COORDINATE_M
from geo.reading.lines import rings_of
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from geo.reference_system import find_system, to_rd_from
from messages import Message


def take_lines(layers: Sequence[RawLayer], options: ReadOptions) -> tuple[shapely.LineString, ...]:
    """Take the lines out of tables that hold open ones; what else is in them stays.

    In such a table a closed line is a line too (a roundabout). Where all are closed they are
    outlines of areas, which :func:`geo.reading.lines.close_lines` makes of them.

    Args:
        layers: as a reader gave them; their rows that are lines are taken away.
        options: what the user chose.

    Returns:
        Lines in EPSG:28992, each of one part, without height and without what stands beside them.

    Raises:
        ReadingError: there are more vertices than is read.
    """
    return tuple(
        line
        for layer in layers
        if not layer.hidden and (options.parts is None or layer.name in options.parts)
        for line in _taken(layer, options)
    )


def _taken(layer: RawLayer, options: ReadOptions) -> list[shapely.LineString]:
    lines = [shape for shape in map(_line_of, layer.rows) if shape is not None]
    if all(map(rings_of, lines)):
        return []
    found = find_system(
        [row.geometry for row in layer.rows if row.geometry is not None],
        layer.crs,
        layer.crs_evidence,
        assumed=layer.assumed,
    )
    system = options.systems.get(layer.name) or options.system or found.code
    layer.rows = [row for row in layer.rows if _line_of(row) is None]
    shapes = np.asarray(lines, dtype=object)
    if int(shapely.get_num_coordinates(shapes).sum()) > bounds.MAX_VERTICES:
        raise ReadingError(Message("read.too_many_vertices", {"limit": bounds.MAX_VERTICES}))
    placed = to_rd_from(gpd.GeoSeries(shapes), system).to_numpy()
    parts = shapely.get_parts(shapely.force_2d(placed[~shapely.is_missing(placed)]))
    coordinates, line = shapely.get_coordinates(parts, return_index=True)
    placed_well = (np.abs(coordinates) < LARGEST_COORDINATE_M).all(axis=1)  # NaN is not smaller
    kept = shapely.length(parts) > 0
    kept[line[~placed_well]] = False
    return list(parts[kept])


def _line_of(row: RawRow) -> shapely.LineString | shapely.MultiLineString | None:
    shape = row.geometry
    line = isinstance(shape, shapely.LineString | shapely.MultiLineString) and not shape.is_empty
    return shape if line else None  # type: ignore[return-value]
