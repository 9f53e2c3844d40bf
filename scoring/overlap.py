"""Cut plots by areas: which lie over which, and the part that they share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]


def parts_in(shapes: Shapes, areas: Shapes) -> tuple[Places, Places, Shapes]:
    """Give of each pair of a shape and an area that touch: their positions, and what they share.

    Args:
        shapes: in EPSG:28992.
        areas: in EPSG:28992; they are prepared in place, so that areas answer at once for the many
            shapes of which only the box touches one.
    """
    rows, found = shapely.STRtree(areas).query(shapes)
    shapely.prepare(areas)
    touched = shapely.intersects(areas[found], shapes[rows])
    rows, found = rows[touched], found[touched]
    return rows, found, np.asarray(shapely.intersection(shapes[rows], areas[found]))
