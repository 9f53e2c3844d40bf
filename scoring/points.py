"""Check points that somebody gave for criteria: in a kader, a file, an address or on a slider."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence

from messages import Message
from scoring.errors import CriteriaError

MOST_POINTS = 1e6
"""Points are small numbers; beyond this somebody typed something else."""


def is_points(value: object) -> bool:
    """Say whether a value can be the points of a criterion: a number of nought or more.

    >>> is_points(3), is_points(-1), is_points("3"), is_points(True), is_points(float("nan"))
    (True, False, False, False, False)
    """
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value < MOST_POINTS  # type: ignore[arg-type, operator]


def checked_points(points: object, keys: Sequence[str] | None = None) -> dict[str, float]:
    """Check points that somebody gave for criteria: the one place where that is done.

    Args:
        points: should be a mapping from key to a number of nought or more.
        keys: which keys there are; None takes any.

    Raises:
        CriteriaError: it is no such mapping, or a key is not one of ``keys``.
    """
    if not isinstance(points, Mapping):
        raise CriteriaError(Message("scoring.error.weights"))
    strange = sorted(str(key)[:60] for key in points if keys is not None and key not in keys)
    if strange:
        raise CriteriaError(Message("scoring.error.criterion", {"key": ", ".join(strange)}))
    for key, value in points.items():
        if not is_points(value):
            raise CriteriaError(Message("scoring.error.weight", {"key": str(key)[:60]}))
    return {str(key): float(value) for key, value in points.items()}
