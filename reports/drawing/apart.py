"""Set numbers on a map apart: each where its plot lies, or beside it where it can be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from reports.drawing.canvas import Bounds

_AROUND, _RINGS, _STEP = 16, 40, 0.5
"""Places that are tried: so many on each of so many rings, each so many half widths wider."""


def set_apart(
    points: npt.NDArray[np.float64], reach: float, room: Bounds, taken: Sequence[Bounds] = ()
) -> npt.NDArray[np.float64]:
    """Give where the numbers of plots stand, the first of them with the first choice.

    Args:
        points: where the plots lie, a row each.
        reach: half the width and height of the room that a number takes, in the same unit.
        room: west, south, east, north of the map.
        taken: boxes in which no number stands.

    Returns:
        The middle of each number, a row each: no two share ground, and all lie within the room,
        as near to their plots as can be. Where there is such a place, a number that goes from its
        plot hides no other plot, and its line runs over no other number.

    >>> set_apart(np.array([[0.0, 0.0], [9.0, 9.0]]), 1.0, (-20, -20, 20, 20)).tolist()
    [[0.0, 0.0], [9.0, 9.0]]
    """
    west, south, east, north = room
    first, last = np.array([west, south]) + reach, np.array([east, north]) - reach
    placed, lines = np.empty((0, 2)), np.empty(0, dtype=object)
    offsets = _offsets() * reach
    for place, point in enumerate(points):
        tried = point + offsets
        tried[0] = np.clip(point, first, last)
        free = ((tried >= first) & (tried <= last)).all(axis=1)
        for box in taken:
            over = (tried + reach > box[:2]) & (tried - reach < box[2:])
            free = free & ~over.all(axis=1)
        free = free & (_away(tried, placed) >= 2 * reach).all(axis=1)
        # where another plot lies shows beside a number that had to go from its own
        clear = (_away(tried, np.delete(points, place, axis=0)) >= 1.3 * reach).all(axis=1)
        clear = clear | (np.arange(len(tried)) == 0)
        ways = np.asarray(
            shapely.linestrings(np.stack([np.broadcast_to(point, tried.shape), tried], axis=1))
        )
        apart = (shapely.distance(ways[:, None], shapely.points(placed)) > 1.1 * reach).all(axis=1)
        apart &= (shapely.distance(shapely.points(tried)[:, None], lines) > reach).all(axis=1)
        apart &= ~shapely.crosses(ways[:, None], lines).any(axis=1)
        best = next(ok for ok in (free & clear & apart, free & clear, free, ~free) if ok.any())
        chosen = int(np.argmax(best))
        placed = np.vstack([placed, tried[chosen]])
        lines = np.append(lines, ways[chosen])
    return placed


def _offsets() -> npt.NDArray[np.float64]:
    """Give places around a point in rings, the nearest first, in half widths of a number."""
    angle = 2 * np.pi * np.arange(_AROUND) / _AROUND
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    wider = 2 + _STEP * np.arange(_RINGS)
    return np.vstack([np.zeros((1, 2)), (wider[:, None, None] * ring).reshape(-1, 2)])


def _away(
    some: npt.NDArray[np.float64], others: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Give how far boxes around points stand apart: the larger of east and north, each pair."""
    return np.abs(some[:, None, :] - others[None, :, :]).max(axis=2)
