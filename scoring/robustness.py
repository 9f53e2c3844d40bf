"""Ask whether a ranking stands when one weighs differently, or when unknowns turn out.

SMAA (Lahdelma, Hokkanen and Salminen, 1998): weights are drawn at random from all that the team's
words allow, unknown values from all that they can be, and the ranks are counted. The same seed
gives the same answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from messages import Message
from scoring.errors import CriteriaError
from scoring.indicators import Measured, SharedUnknown
from scoring.ranking import rank_measured

FloatArray = npt.NDArray[np.float64]

DRAWS = 10_000
SEED = 20_240_201
"""The seed by default: the day on which the Spreidingswet took effect, so that all use the same."""

TOLERANCE = 0.3
# Unknown values are drawn piece by piece: another size of a piece is another set of draws, and
# snapshots that were kept would come out otherwise.
_DRAWS_AT_ONCE = 2_500
_DRAWS_A_STEP = 125
_FEW_UNKNOWNS = 4_000
_DRAWS_OF_ONE_WORLD = 5
_MOST_CELLS = 9_000_000
"""Counts of plots by ranks that are kept, so that 20,000 plots take less than 1 GB and not 3.2 GB
a thread. Up to 3,000 plots all ranks are counted, of more plots the first ones."""
_LOW_WORD = 0 if sys.byteorder == "little" else 1


@dataclass(frozen=True)
class Robustness:
    """How often each plot ends where, over all draws.

    Attributes:
        rank_chance: plots by ranks (the first ones only, where there are very many plots), the
            share of draws (0 to 1) in which a plot has that rank.
        first_weights: for each plot the mean weights of the draws in which it is first; NaN
            where it never is.
        draws: how many.
        seed: which.
    """

    rank_chance: FloatArray
    first_weights: FloatArray
    draws: int
    seed: int

    @property
    def first_chance(self) -> FloatArray:
        """The share of draws in which each plot is first."""
        return self.rank_chance[:, 0]

    def among_best(self, count: int) -> FloatArray:
        """Give the share of draws in which each plot is among the best so many."""
        return np.asarray(self.rank_chance[:, :count].sum(axis=1))


def draw_weights_near(
    shares: Sequence[float],
    draws: int,
    generator: np.random.Generator,
    tolerance: float = TOLERANCE,
) -> FloatArray:
    """Draw weights that each lie within a factor of what the team said, and sum to 1.

    Each share is multiplied by a number drawn evenly from 1 - ``tolerance`` to 1 + ``tolerance``,
    and all are brought back to a sum of 1.
    """
    base = np.asarray(shares, dtype=float)
    drawn = base * generator.uniform(1 - tolerance, 1 + tolerance, (draws, len(base)))
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def draw_weights_in_order(
    shares: Sequence[float], draws: int, generator: np.random.Generator
) -> FloatArray:
    """Draw weights of which only the order is what the team said, evenly from all such weights."""
    base = np.asarray(shares, dtype=float)
    order = np.argsort(-base, kind="stable")
    drawn = generator.dirichlet(np.ones(len(base)), draws)
    drawn = -np.sort(-drawn, axis=1)
    result = np.empty_like(drawn)
    result[:, order] = drawn
    return result


def smaa(
    score_low: FloatArray,
    score_high: FloatArray,
    weights: FloatArray,
    seed: int = SEED,
    shared: Mapping[int, npt.NDArray[np.intp]] | None = None,
    alike: SharedUnknown | None = None,
) -> Robustness:
    """Count ranks over draws of weights and of unknown values.

    Args:
        score_low: lowest scores, plots by criteria.
        score_high: highest scores.
        weights: draws by criteria, each row summing to 1.
        seed: of the draws of unknown values.
        shared: None: within a draw all unknowns of a plot stand at the same share of their
            interval: either the plot turns out well, or it does not. That gives wide spreads, and
            does not let unknowns cancel each other out. Otherwise each unknown falls apart from
            the others: what one criterion turns out says nothing of another. Columns named here
            hold for each plot the number of a group (a municipality) whose plots share the
            unknown of that criterion; -1 shares with none.
        alike: what turns out alike for all plots, drawn once a draw; needs ``shared``.
    """
    plots = score_low.shape[0]
    draws = len(weights)
    if plots == 0 or draws == 0:
        empty = np.zeros((plots, plots))
        return Robustness(empty, np.full(score_low.shape, np.nan), draws, seed)
    low = np.ascontiguousarray(score_low.T, dtype=np.float32)
    width = np.ascontiguousarray((score_high - score_low).T, dtype=np.float32)
    ranks = plots if plots * plots <= _MOST_CELLS else max(1, _MOST_CELLS // plots)
    plot_numbers = np.arange(plots, dtype=np.uint64)
    open_ = np.flatnonzero((score_high > score_low).any(axis=1))
    pieces = [(b, min(b + _DRAWS_AT_ONCE, draws)) for b in range(0, draws, _DRAWS_AT_ONCE)]
    seeds = np.random.SeedSequence(seed).spawn(len(pieces))

    def count(
        job: tuple[tuple[int, int], np.random.SeedSequence],
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        (begin, end), own = job
        generator = np.random.default_rng(own)
        cells = np.empty((end - begin, ranks), dtype=np.intp)
        # In small steps, so that what is sorted stays in the processor's cache.
        for start in range(begin, end, _DRAWS_A_STEP):
            stop = min(start + _DRAWS_A_STEP, end)
            part = np.ascontiguousarray(weights[start:stop], dtype=np.float32)
            totals = np.maximum(part @ low, 0)
            if len(open_) and shared is not None:
                totals += _fallen_apart(generator, part, width, shared, alike, low)
            elif len(open_):
                chance = generator.random((stop - start, len(open_)), dtype=np.float32)
                totals[:, open_] += chance * (part @ width[:, open_])
            # Numbers are sorted faster than their places: a key holds the total (the bits of a
            # positive number rise with it) and behind it the plot.
            keys = np.uint32(0xFFFFFFFF) - totals.view(np.uint32)
            packed = keys.astype(np.uint64)
            packed <<= np.uint64(32)
            packed |= plot_numbers
            packed.sort(axis=1)
            in_order = packed.view(np.uint32)[:, _LOW_WORD::2]
            cells[start - begin : stop - begin] = in_order[:, :ranks]
        first = cells[:, 0].copy()
        cells *= ranks
        cells += np.arange(ranks)
        return np.bincount(cells.ravel(), minlength=plots * ranks), first

    total = np.zeros(plots * ranks, dtype=np.int64)
    winners = np.empty(draws, dtype=np.intp)
    jobs = list(zip(pieces, seeds, strict=True))
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        # one piece is not worth a thread: where many people weigh at once that is one more to wait
        counted = pool.map(count, jobs) if len(jobs) > 1 else map(count, jobs)
        for (begin, end), (cells, first) in zip(pieces, counted, strict=True):
            total += cells
            winners[begin:end] = first
    times = np.bincount(winners, minlength=plots)
    sums = np.column_stack(
        [
            np.bincount(winners, weights=weights[:, c], minlength=plots)
            for c in range(weights.shape[1])
        ]
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        first_weights = sums / times[:, None]
    return Robustness(
        total.reshape(plots, ranks) / draws,
        np.where(times[:, None] > 0, first_weights, np.nan),
        draws,
        seed,
    )


def _fallen_apart(
    generator: np.random.Generator,
    weights: npt.NDArray[np.float32],
    width: npt.NDArray[np.float32],
    shared: Mapping[int, npt.NDArray[np.intp]],
    alike: SharedUnknown | None,
    low: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Give what unknowns add to the totals of a few draws, each unknown drawn by itself.

    With many plots a few draws of weights share what the unknowns turn out to be.
    """
    open_ = np.flatnonzero(width.any(axis=1))
    draws, plots = len(weights), width.shape[1]
    together = 1 if plots * len(open_) <= _FEW_UNKNOWNS else _DRAWS_OF_ONE_WORLD
    worlds = -(-draws // together)
    chance = generator.random((worlds, len(open_), plots), dtype=np.float32)
    for row, column in enumerate(open_):
        groups = shared.get(int(column))
        if groups is not None and len(groups):
            own = generator.random((worlds, int(groups.max()) + 2), dtype=np.float32)
            chance[:, row] = np.where(groups < 0, chance[:, row], own[:, groups])
    chance *= width[open_]
    if alike is not None:
        step = generator.integers(len(alike.low), size=worlds)
        ends = zip(alike.low.transpose(2, 0, 1), alike.high.transpose(2, 0, 1), strict=True)
        for moved, (least, most) in zip(alike.columns, ends, strict=True):
            if not width[moved].any():
                continue
            at = int(np.searchsorted(open_, moved))
            share = chance[:, at] / np.where(width[moved] > 0, width[moved], np.float32(1))
            chance[:, at] = least[step] + share * (most - least)[step] - low[moved]
    padded = np.zeros((worlds * together, len(open_)), dtype=np.float32)
    padded[:draws] = weights[:, open_]
    added = padded.reshape(worlds, together, len(open_)) @ chance
    return np.asarray(added.reshape(worlds * together, plots)[:draws])


def robustness_of(
    measured: Measured,
    weights: Mapping[str, float],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    tolerance: float | None = TOLERANCE,
) -> Robustness:
    """Count ranks of measured plots around weights.

    Args:
        measured: the plots.
        weights: shares by criterion.
        draws: how many.
        seed: which.
        tolerance: how far each weight may be off (0.3: 30 %); None keeps only their order.
    """
    shares = [weights[key] for key in measured.criteria]
    generator = np.random.default_rng(seed)
    drawn = (
        draw_weights_in_order(shares, draws, generator)
        if tolerance is None
        else draw_weights_near(shares, draws, generator, tolerance)
    )
    if measured.kader.method == 1:
        return smaa(measured.score_low, measured.score_high, drawn, seed)
    shared = dict.fromkeys(measured.municipal_columns, measured.towns)
    return smaa(measured.score_low, measured.score_high, drawn, seed, shared, measured.shared)


def without_each_criterion(
    measured: Measured, weights: Mapping[str, float]
) -> dict[str, list[int]]:
    """Give the rank (1 is first) of each plot when one criterion is left out, by criterion."""
    found = {}
    for key in measured.criteria:
        others = {k: (0.0 if k == key else v) for k, v in weights.items()}
        if weights.get(key, 0) <= 0 or sum(others.values()) <= 0:
            continue
        order = rank_measured(measured, others).order()
        ranks = np.empty(len(order), dtype=int)
        ranks[order] = np.arange(1, len(order) + 1)
        found[key] = ranks.tolist()
    return found


def topsis(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Give the nearness to the ideal, 0 to 1 (TOPSIS; Hwang and Yoon, 1981), by pymcdm.

    Scores are alike in scale already (0 to 1, higher is better), so they are not scaled again: the
    distance is taken on the weighted scores themselves.

    Raises:
        CriteriaError: there are no scores.
    """
    if scores.size == 0:
        raise CriteriaError(Message("scoring.error.no_plots"))
    if len(scores) == 1 or bool(np.ptp(scores, axis=0).max() == 0):
        # With one plot, or plots that are all alike, ideal and anti-ideal are the same.
        return np.full(len(scores), 0.5)
    from pymcdm.methods import TOPSIS  # its drawings load Matplotlib, which ranking does without

    method = TOPSIS(normalization_function=lambda column, cost=False: column)
    return np.asarray(
        method(scores, weights / weights.sum(), np.ones(scores.shape[1]), validation=False)
    )
