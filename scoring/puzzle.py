"""Solve the provincial puzzle: choose plots so that the gaps close with the highest suitability.

A mixed integer program, solved by HiGHS. The answer comes with the proof that it is the best, or
with how far from the best it can be at most; where there is none, with limits that together stand
in the way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial import cKDTree

from messages import Message

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A plot in the puzzle.

    Attributes:
        plot_id: which.
        municipality: where it lies.
        places: what it can give at least.
        suitability: lower bound of its score, 0 to 100.
        x_m: middle, EPSG:28992.
        y_m: middle, EPSG:28992.
        cost: in euros, NaN when not known.
    """

    plot_id: str
    municipality: str
    places: float
    suitability: float
    x_m: float
    y_m: float
    cost: float = float("nan")


@dataclass(frozen=True)
class PuzzleLimits:
    """What the user asks of an answer; None leaves a limit out.

    Attributes:
        most_sites: in one municipality.
        small_share: at least this share of all places (0 to 1) in small sites.
        small_places: a site of at most so many places is small.
        large_places: a site of at least so many places is large.
        large_apart_m: two large sites lie at least so far apart, metres.
        most_load: places per 1,000 inhabitants within 3 km of a site, existing ones included.
        budget: in euros; plots of unknown cost are left out when there is one.
        must: plots that are in every answer.
        never: plots that are in none.
    """

    most_sites: int | None = 3
    small_share: float | None = None
    small_places: float = 100.0
    large_places: float = 250.0
    large_apart_m: float | None = None
    most_load: float | None = None
    budget: float | None = None
    must: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Solution:
    """An answer: the plots, what they give, and how good it is proved to be.

    ``gap`` is how far the best possible can be above it at most, as a share; 0 means proved best.
    """

    plot_ids: tuple[str, ...]
    suitability: float
    places: Mapping[str, float]
    gap: float
    seconds: float


@dataclass(frozen=True)
class PuzzleAnswer:
    """All answers, best first, or what stands in the way.

    Attributes:
        solutions: different answers, best first.
        core: plots that are in all of them.
        often: the share of answers that each plot is in, where it is in any.
        conflict: limits that cannot hold together, when there is no answer; leaving out any one
            of them makes an answer possible.
    """

    solutions: tuple[Solution, ...]
    core: tuple[str, ...] = ()
    often: Mapping[str, float] = field(default_factory=dict)
    conflict: tuple[Message, ...] = ()


@dataclass
class _Rows:
    """Limits as rows of a matrix, each with the name of the limit that it belongs to."""

    matrix: list[sp.csr_array] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    said: dict[str, Message] = field(default_factory=dict)

    def add(self, row: FloatArray, low: float, high: float, name: str, said: Message) -> None:
        self.matrix.append(sp.csr_array(row[None, :]))
        self.low.append(low)
        self.high.append(high)
        self.name.append(name)
        self.said.setdefault(name, said)


def solve_puzzle(
    candidates: Sequence[Candidate],
    gap_places: Mapping[str, float],
    limits: PuzzleLimits | None = None,
    *,
    near: Sequence[tuple[int, Sequence[int], float]] = (),
    answers: int = 3,
    seconds: float = 10.0,
    progress: Callable[[float], None] | None = None,
) -> PuzzleAnswer:
    """Choose plots so that every known gap closes, with the highest total suitability.

    The total is that of places times suitability, less a little for every site more than needed:
    without that, an answer would take every plot there is.

    Args:
        candidates: plots with known places.
        gap_places: places to find, by municipality; unknown gaps are not in it.
        limits: what the user asks.
        near: for the load: position of a candidate, positions of candidates within 3 km (itself
            included), and how many places may still come there.
        answers: how many different answers are sought.
        seconds: time for all of them.
        progress: told how far the work is, 0 to 1.
    """
    asked = limits or PuzzleLimits()
    began = time.perf_counter()
    tell = progress or (lambda share: None)
    rows = _rows(candidates, gap_places, asked, near)
    gain = _gain(candidates, gap_places)
    solutions: list[Solution] = []
    cuts: list[FloatArray] = []
    for number in range(answers):
        left = seconds - (time.perf_counter() - began)
        if left <= 0:
            break
        found = _solve(
            gain, rows, cuts, left if number == 0 else left / (answers - number), set(rows.name)
        )
        if found is None:
            break
        chosen, bound, spent = found
        solutions.append(_solution(candidates, chosen, gain, bound, spent))
        # The next answer must differ: not all of these plots, or another one beside.
        cuts.append(np.where(chosen, 1.0, -1.0))
        tell((number + 1) / answers)
    if not solutions:
        return PuzzleAnswer((), conflict=_conflict(gain, rows, began + 3 * seconds))
    counts: dict[str, int] = {}
    for solution in solutions:
        for plot_id in solution.plot_ids:
            counts[plot_id] = counts.get(plot_id, 0) + 1
    often = {plot_id: n / len(solutions) for plot_id, n in counts.items()}
    core = tuple(sorted(plot_id for plot_id, share in often.items() if share == 1))
    tell(1.0)
    return PuzzleAnswer(tuple(solutions), core, often)


def _gain(candidates: Sequence[Candidate], gap_places: Mapping[str, float]) -> FloatArray:
    # Places beyond the gap of a municipality bring nothing, so a site counts for at most the gap.
    used = [min(c.places, max(gap_places.get(c.municipality, 0.0), 0.0)) for c in candidates]
    base = np.array([c.suitability * u / 100 for c, u in zip(candidates, used, strict=True)])
    return np.asarray(base - 0.5 * np.array([c.places for c in candidates]) / 100 - 1.0)


def _rows(
    candidates: Sequence[Candidate],
    gap_places: Mapping[str, float],
    asked: PuzzleLimits,
    near: Sequence[tuple[int, Sequence[int], float]],
) -> _Rows:
    rows = _Rows()
    places = np.array([c.places for c in candidates])
    towns = np.array([c.municipality for c in candidates], dtype=object)
    ids = [c.plot_id for c in candidates]
    for town, gap in sorted(gap_places.items()):
        if gap > 0:
            said = Message("scoring.puzzle.gap", {"town": town, "places": round(gap)})
            rows.add(np.where(towns == town, places, 0.0), gap, np.inf, f"gap {town}", said)
    if asked.most_sites is not None:
        said = Message("scoring.puzzle.most_sites", {"count": asked.most_sites})
        for town in sorted(set(towns)):
            rows.add((towns == town).astype(float), 0, asked.most_sites, "most_sites", said)
    if asked.small_share is not None:
        small = places <= asked.small_places
        said = Message("scoring.puzzle.small_share", {"percent": round(100 * asked.small_share)})
        rows.add(places * (small - asked.small_share), 0, np.inf, "small_share", said)
    if asked.large_apart_m:
        said = Message("scoring.puzzle.apart", {"km": round(asked.large_apart_m / 1000, 1)})
        large = np.flatnonzero(places >= asked.large_places)
        at = np.array([(candidates[i].x_m, candidates[i].y_m) for i in large.tolist()]).reshape(
            -1, 2
        )
        for one, other in cKDTree(at).query_pairs(asked.large_apart_m) if len(large) > 1 else ():
            row = np.zeros(len(candidates))
            row[[large[one], large[other]]] = 1
            rows.add(row, 0, 1, "large_apart", said)
    if asked.most_load is not None:
        said = Message("scoring.puzzle.load", {"load": round(asked.most_load, 1)})
        most = float(places.sum())
        for centre, around, room in near:
            row = np.zeros(len(candidates))
            row[list(around)] = places[list(around)]
            # Binding only when the site itself is chosen.
            slack = max(float(row.sum()) - room, 0.0)
            row[centre] += slack
            rows.add(row, 0, room + slack if slack else most, "load", said)
    if asked.budget is not None:
        cost = np.array([c.cost for c in candidates])
        said = Message("scoring.puzzle.budget", {"budget": round(asked.budget)})
        rows.add(np.nan_to_num(cost), 0, asked.budget, "budget", said)
        unknown = np.isnan(cost).astype(float)
        rows.add(unknown, 0, 0, "budget", said)
    for plot_id in asked.must | asked.never:
        if plot_id in ids:
            row = np.zeros(len(candidates))
            row[ids.index(plot_id)] = 1
            wanted = float(plot_id in asked.must)
            key = "must" if wanted else "never"
            rows.add(row, wanted, wanted, key, Message(f"scoring.puzzle.{key}"))
    return rows


def _solve(
    gain: FloatArray, rows: _Rows, cuts: list[FloatArray], seconds: float, active: set[str]
) -> tuple[npt.NDArray[np.bool_], float, float] | None:
    """Solve with the active limits; gives what was chosen, the best possible, and the time."""
    count = len(gain)
    kept = [i for i, name in enumerate(rows.name) if name in active]
    constraints = []
    if kept:
        constraints.append(
            LinearConstraint(
                sp.vstack([rows.matrix[i] for i in kept]),
                [rows.low[i] for i in kept],
                [rows.high[i] for i in kept],
            )
        )
    for cut in cuts:
        constraints.append(LinearConstraint(cut[None, :], -np.inf, float((cut > 0).sum()) - 1))
    begun = time.perf_counter()
    if count == 0:
        return None if any(rows.low[i] > 0 for i in kept) else (np.zeros(0, bool), 0.0, 0.0)
    result = milp(
        -gain,
        constraints=constraints,
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        options={"time_limit": max(seconds, 0.2), "mip_rel_gap": 1e-6},
    )
    spent = time.perf_counter() - begun
    if result.x is None:
        return None
    bound = result.mip_dual_bound
    return np.asarray(result.x > 0.5), -float(bound if bound is not None else result.fun), spent


def _solution(
    candidates: Sequence[Candidate],
    chosen: npt.NDArray[np.bool_],
    gain: FloatArray,
    bound: float,
    spent: float,
) -> Solution:
    picked = [candidates[i] for i in np.flatnonzero(chosen).tolist()]
    places: dict[str, float] = {}
    for candidate in picked:
        places[candidate.municipality] = places.get(candidate.municipality, 0.0) + candidate.places
    value = float(gain[chosen].sum())
    gap = max(0.0, (bound - value) / max(abs(value), 1e-9))
    total = sum(places.values())
    mean = sum(c.suitability * c.places for c in picked) / total if total else 0.0
    return Solution(
        tuple(c.plot_id for c in picked), float(mean), places, 0.0 if gap < 1e-5 else gap, spent
    )


def _conflict(gain: FloatArray, rows: _Rows, until: float) -> tuple[Message, ...]:
    """Give a smallest set of limits that cannot hold together (deletion filter)."""
    active = list(dict.fromkeys(rows.name))
    for name in list(active):
        if time.perf_counter() > until:
            break
        fewer = [other for other in active if other != name]
        if _solve(np.zeros_like(gain), rows, [], 2.0, set(fewer)) is None:
            active = fewer
    return tuple(rows.said[name] for name in active)
