"""Set weights in three ways that end in the same numbers: points, swings, and pairs (AHP).

Whatever the way, the outcome is a share for each key, summing to 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from messages import Message
from scoring.errors import CriteriaError
from scoring.points import checked_points

CONSISTENT_BELOW = 0.10
"""A consistency ratio below this is usually accepted (Saaty, 1980)."""

MOST_PAIRS_KEYS = 15


@dataclass(frozen=True)
class PairWeights:
    """Weights from pairwise comparison, and how consistent the answers were.

    ``ratio`` is Saaty's consistency ratio; ``worst`` the triple (a, b, c) whose answers contradict
    each other most: a over b times b over c should be a over c.
    """

    shares: Mapping[str, float]
    ratio: float
    worst: tuple[str, str, str] | None

    @property
    def consistent(self) -> bool:
        """Whether the answers hang together well enough."""
        return self.ratio < CONSISTENT_BELOW

    @property
    def explained(self) -> Message:
        """The consistency in words."""
        key = "good" if self.consistent else "doubtful" if self.ratio < 0.2 else "bad"
        return Message(f"scoring.ahp.{key}", {"ratio": round(100 * self.ratio)})


def shares_of_points(points: Mapping[str, float]) -> dict[str, float]:
    """Give the share of each key, 0 to 1.

    >>> shares_of_points({"a": 1, "b": 3})
    {'a': 0.25, 'b': 0.75}

    Raises:
        CriteriaError: a number is negative or none, or all are zero.
    """
    checked = checked_points(points)
    total = sum(checked.values())
    if total <= 0:
        raise CriteriaError(Message("scoring.error.no_weight_at_all"))
    return {key: value / total for key, value in checked.items()}


def shares_of_swings(swings: Mapping[str, float]) -> dict[str, float]:
    """Give shares from swing weighting.

    A swing says how much it is worth to bring a criterion from its worst to its best score, where
    100 is the swing that is worth most (von Winterfeldt and Edwards, 1986).

    Raises:
        CriteriaError: a swing is not between 0 and 100, or all are zero.
    """
    for key, value in swings.items():
        if not 0 <= value <= 100:
            raise CriteriaError(Message("scoring.error.swing", {"key": key}))
    return shares_of_points(swings)


def shares_of_pairs(keys: Sequence[str], answers: Mapping[tuple[str, str], float]) -> PairWeights:
    """Give shares from comparing every pair (AHP; Saaty, 1980), by the principal eigenvector.

    Args:
        keys: what is compared.
        answers: for each pair (a, b) how many times a counts for more than b, 1/9 to 9. A pair
            that is not answered counts as equal.

    Raises:
        CriteriaError: an answer is not between 1/9 and 9 or about something else, or there are too
            many keys.
    """
    names = list(keys)
    if not 1 <= len(names) <= MOST_PAIRS_KEYS:
        raise CriteriaError(Message("scoring.error.pairs", {"limit": MOST_PAIRS_KEYS}))
    if len(names) == 1:
        return PairWeights({names[0]: 1.0}, 0.0, None)
    matrix = np.ones((len(names), len(names)))
    place = {name: i for i, name in enumerate(names)}
    for (one, other), value in answers.items():
        strange = one == other or one not in place or other not in place
        if strange or not 1 / 9 - 1e-9 <= value <= 9 + 1e-9:
            raise CriteriaError(Message("scoring.error.pair", {"key": f"{one} / {other}"}))
        matrix[place[one], place[other]] = value
        matrix[place[other], place[one]] = 1 / value
    from pymcdm.weights.subjective import AHP  # loads Matplotlib, see scoring.robustness.topsis

    model = AHP(matrix=matrix)
    weights = np.real(np.asarray(model(), dtype=complex))
    ratio = 0.0 if len(names) < 3 else max(0.0, float(np.real(model.get_cr())))
    shares = {
        name: float(weight) for name, weight in zip(names, weights / weights.sum(), strict=True)
    }
    return PairWeights(shares, ratio, _worst_triple(names, matrix))


def _worst_triple(names: Sequence[str], matrix: np.ndarray) -> tuple[str, str, str] | None:
    worst, found = 1e-9, None
    for a, b, c in itertools.permutations(range(len(names)), 3):
        if a > c:
            continue
        gap = abs(math.log(matrix[a, b] * matrix[b, c] / matrix[a, c]))
        if gap > worst:
            worst, found = gap, (names[a], names[b], names[c])
    return found
