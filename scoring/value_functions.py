"""Turn a measured value into a score of 0 to 1 by a broken line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ValueFunction:
    """A piecewise linear function through ``points`` of (value, score).

    Values rise strictly; scores lie between 0 and 1. Outside the points the score of the nearest
    end holds.

    >>> ValueFunction(((0.0, 1.0), (1000.0, 0.0))).scores(np.array([250.0, 5000.0])).tolist()
    [0.75, 0.0]
    """

    points: tuple[tuple[float, float], ...]

    @property
    def higher_is_better(self) -> bool:
        """Whether the score at the highest value is above that at the lowest."""
        return self.points[-1][1] >= self.points[0][1]

    def scores(self, values: FloatArray) -> FloatArray:
        """Give the score, 0 to 1, of each value; an unknown (NaN) stays unknown."""
        xs, ys = (np.array(column, dtype=float) for column in zip(*self.points, strict=True))
        found = np.interp(values, xs, ys)
        return np.where(np.isnan(values), np.nan, found)

    def score_bounds(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the lowest and highest score that a value between ``low`` and ``high`` can have.

        The ends of the interval and the points between them decide, as the line is straight
        elsewhere. Where either end is unknown the bounds are 0 and 1.
        """
        first, last = self.scores(low), self.scores(high)
        lowest, highest = np.minimum(first, last), np.maximum(first, last)
        for value, score in self.points:
            between = (low < value) & (value < high)
            lowest = np.where(between, np.minimum(lowest, score), lowest)
            highest = np.where(between, np.maximum(highest, score), highest)
        unknown = np.isnan(low) | np.isnan(high)
        return np.where(unknown, 0.0, lowest), np.where(unknown, 1.0, highest)
