"""Solve the provincial puzzle: choose plots so that the gaps close with the best suited places.

What is maximised is the *value* of an answer: every place counts with the suitability of its plot,
up to the gap of the municipality and no further; every site costs ten such places, and every place
too many a tenth of one. So a second site must earn its keep, and of two answers that close the gaps
alike the one with fewer sites and less surplus wins. These two prices are choices of the team.

It is a mixed integer program, solved by HiGHS. The answer comes with the proof that its value is
the best, or with how far from the best it can be at most; where there is none, with limits that
together stand in the way.
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
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

SITE_COSTS = 10.0
"""So many fully suited places must a site more bring; a choice of the team."""

SURPLUS_COSTS = 0.1
"""What a place beyond the gap takes off, in fully suited places; a choice of the team."""

RENEWED = 0.25
"""A next answer leaves out at least this share of the sites of each answer before it, so that it
is another answer and not the same with a site more; a choice of the team."""

_OUT_OF_TIME, _INFEASIBLE = 1, 2
_FINE = 1e-6
_LEAST_SECONDS = 0.3


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
        most_sites: in one municipality, also when the gap is that of the province.
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

    Attributes:
        plot_ids: most counted places first.
        counted: places of each of them that fill a gap, in that order.
        places: all places by area of a gap (a municipality, or the province as a whole).
        suited: the sum of counted places, each with the suitability (0 to 1) of its plot.
        value: what is maximised: ``suited`` less the price of sites and surplus.
        gap: how far the best possible value can be above it at most, as a share of ``suited``; 0:
            proved best.
        seconds: spent.
    """

    plot_ids: tuple[str, ...]
    counted: tuple[float, ...]
    places: Mapping[str, float]
    suited: float
    value: float
    gap: float
    seconds: float

    @property
    def suitability(self) -> float:
        """The mean suitability of the counted places, 0 to 100; NaN when there are none."""
        total = sum(self.counted)
        return 100 * self.suited / total if total else float("nan")

    @property
    def surplus(self) -> float:
        """Places beyond the gaps."""
        return sum(self.places.values()) - sum(self.counted)


@dataclass(frozen=True)
class PuzzleAnswer:
    """All answers, best first, or what stands in the way.

    Attributes:
        solutions: answers that differ in at least a quarter of their sites, best first.
        core: plots that are in all of them.
        often: the share of answers that each plot is in, where it is in any.
        conflict: limits that cannot hold together, when there is proved to be no answer; leaving
            out any one of them makes an answer possible.
        out_of_time: there was no time to find an answer or to prove that there is none.
    """

    solutions: tuple[Solution, ...]
    core: tuple[str, ...] = ()
    often: Mapping[str, float] = field(default_factory=dict)
    conflict: tuple[Message, ...] = ()
    out_of_time: bool = False


@dataclass(frozen=True)
class _Area:
    """Where a gap is: its name, how many places are missing, and who lies in it."""

    name: str
    gap: float
    members: IntArray


@dataclass
class _Rows:
    """Limits as sparse rows over the sites, each with the name of the limit that it belongs to."""

    at: list[IntArray] = field(default_factory=list)
    weight: list[FloatArray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    said: dict[str, Message] = field(default_factory=dict)

    def add(
        self,
        at: npt.ArrayLike,
        weight: npt.ArrayLike,
        low: float,
        high: float,
        name: str,
        said: Message,
    ) -> None:
        places = np.asarray(at, dtype=np.intp)
        self.at.append(places)
        self.weight.append(np.broadcast_to(np.asarray(weight, dtype=float), places.shape))
        self.low.append(low)
        self.high.append(high)
        self.name.append(name)
        self.said.setdefault(name, said)

    def constraint(self, columns: int, active: set[str] | None = None) -> list[LinearConstraint]:
        kept = [i for i, name in enumerate(self.name) if active is None or name in active]
        if not kept:
            return []
        lengths = [len(self.at[i]) for i in kept]
        at = np.concatenate([self.at[i] for i in kept])
        matrix = sp.csr_array(
            (
                np.concatenate([self.weight[i] for i in kept]),
                (np.repeat(np.arange(len(kept)), lengths), at),
            ),
            shape=(len(kept), columns),
        )
        low = np.array([self.low[i] for i in kept])
        return [LinearConstraint(matrix, low, np.array([self.high[i] for i in kept]))]


@dataclass
class _Found:
    """What HiGHS came back with."""

    chosen: BoolArray | None
    bound: float
    infeasible: bool


class _Problem:
    """The sites, the areas of the gaps and the limits, ready to be solved again and again.

    The unknowns are first whether each site is chosen, then how many of its places count.
    """

    def __init__(self, candidates: Sequence[Candidate], areas: list[_Area], rows: _Rows) -> None:
        self.count = len(candidates)
        self.places = np.array([c.places for c in candidates], dtype=float)
        self.share = np.array([c.suitability for c in candidates], dtype=float) / 100
        self.areas = areas
        self.rows = rows
        # Places of a site outside every gap count for nothing.
        self.most = np.zeros(self.count)
        for area in areas:
            self.most[area.members] = np.minimum(self.places[area.members], area.gap)

    def counted(self, chosen: BoolArray) -> FloatArray:
        """Say which places of a choice count: in each area the best suited ones first."""
        counted = np.zeros(self.count)
        for area in self.areas:
            left = area.gap
            inside = area.members[chosen[area.members]]
            for site in inside[np.argsort(-self.share[inside], kind="stable")]:
                counted[site] = min(self.places[site], left)
                left -= counted[site]
        return counted

    def solve(
        self,
        goal: FloatArray,
        cuts: _Rows,
        seconds: float,
        *,
        active: set[str] | None = None,
    ) -> _Found:
        """Minimise ``goal`` (over both kinds of unknown) under the limits."""
        if self.count == 0:
            # A gap is one of the limits, so leaving it out leaves nothing that is asked.
            asked = any(
                low > 0
                for low, name in zip(self.rows.low, self.rows.name, strict=True)
                if active is None or name in active
            )
            return _Found(None if asked else np.zeros(0, bool), 0.0, asked)
        columns = 2 * self.count
        constraints = [
            *self.rows.constraint(columns, active),
            *cuts.constraint(columns),
            *self._counting(),
        ]
        whole = np.concatenate([np.ones(self.count), np.zeros(self.count)])
        result = milp(
            goal,
            constraints=constraints,
            integrality=whole,
            bounds=Bounds(0, np.concatenate([np.ones(self.count), self.most])),
            options={"time_limit": max(seconds, _LEAST_SECONDS), "mip_rel_gap": _FINE},
        )
        if result.x is None:
            return _Found(None, np.nan, result.status == _INFEASIBLE)
        bound = result.mip_dual_bound
        return _Found(
            np.asarray(result.x[: self.count] > 0.5),
            float(result.fun if bound is None else bound),
            infeasible=False,
        )

    def _counting(self) -> list[LinearConstraint]:
        """Count a place only of a chosen site, and no more of them than the gap."""
        identity = sp.eye_array(self.count, format="csr")
        linked = sp.hstack([-sp.diags_array(self.most), identity], format="csr")
        found = [LinearConstraint(linked, -np.inf, 0.0)]
        if self.areas:
            owner = np.concatenate(
                [np.full(len(area.members), i) for i, area in enumerate(self.areas)]
            )
            members = np.concatenate([area.members for area in self.areas])
            matrix = sp.csr_array(
                (np.ones(len(members)), (owner, members + self.count)),
                shape=(len(self.areas), 2 * self.count),
            )
            found.append(LinearConstraint(matrix, -np.inf, [area.gap for area in self.areas]))
        return found

    def best(self, cuts: _Rows, seconds: float) -> _Found:
        """Seek the choice with the highest value."""
        goal = np.concatenate(
            [SITE_COSTS + SURPLUS_COSTS * self.places, -(self.share + SURPLUS_COSTS)]
        )
        return self.solve(goal, cuts, seconds)


def solve_puzzle(
    candidates: Sequence[Candidate],
    gap_places: Mapping[str, float],
    limits: PuzzleLimits | None = None,
    *,
    province: str | None = None,
    near: Sequence[tuple[int, Sequence[int], float]] = (),
    answers: int = 3,
    seconds: float = 30.0,
    progress: Callable[[float], None] | None = None,
) -> PuzzleAnswer:
    """Choose plots so that every known gap closes; see the head of this module for what is best.

    Args:
        candidates: plots with known places.
        gap_places: places to find, by municipality; unknown gaps are not in it.
        limits: what the user asks.
        province: the name in ``gap_places`` under which every candidate counts, wherever it lies.
        near: for the load: position of a candidate, positions of candidates within 3 km (itself
            included), and how many places may still come there.
        answers: how many different answers are sought.
        seconds: time for all of them.
        progress: told how far the work is, 0 to 1.
    """
    asked = limits or PuzzleLimits()
    began = time.perf_counter()
    tell = progress or (lambda share: None)
    areas = _areas(candidates, gap_places, province)
    problem = _Problem(candidates, areas, _rows(candidates, areas, asked, near))
    must = np.array([c.plot_id in asked.must for c in candidates], dtype=bool)
    solutions: list[Solution] = []
    cuts = _Rows()
    stopped: _Found | None = None
    for number in range(answers):
        begun = time.perf_counter()
        left = seconds - (begun - began)
        found = problem.best(cuts, left / (answers - number))
        if found.chosen is None:
            stopped = found
            break
        chosen = found.chosen
        spent = time.perf_counter() - begun
        solutions.append(_solution(candidates, problem, chosen, -found.bound, spent))
        tell((number + 1) / answers)
        free = np.flatnonzero(chosen & ~must)
        if not len(free):
            break
        renewed = max(1, int(np.ceil(RENEWED * len(free))))
        said = Message("scoring.puzzle.other")
        cuts.add(free, 1.0, 0, len(free) - renewed, f"other {number}", said)
    if not solutions:
        if stopped is not None and stopped.infeasible:
            return PuzzleAnswer((), conflict=_conflict(problem, began + 2 * seconds))
        return PuzzleAnswer((), out_of_time=True)
    counts: dict[str, int] = {}
    for solution in solutions:
        for plot_id in solution.plot_ids:
            counts[plot_id] = counts.get(plot_id, 0) + 1
    often = {plot_id: n / len(solutions) for plot_id, n in counts.items()}
    core = tuple(sorted(plot_id for plot_id, share in often.items() if share == 1))
    tell(1.0)
    return PuzzleAnswer(tuple(solutions), core, often)


def _areas(
    candidates: Sequence[Candidate], gap_places: Mapping[str, float], province: str | None
) -> list[_Area]:
    towns = np.array([c.municipality for c in candidates], dtype=object)
    everyone = np.arange(len(candidates))
    return [
        _Area(name, float(gap), everyone if name == province else np.flatnonzero(towns == name))
        for name, gap in sorted(gap_places.items())
        if gap > 0
    ]


def _rows(
    candidates: Sequence[Candidate],
    areas: Sequence[_Area],
    asked: PuzzleLimits,
    near: Sequence[tuple[int, Sequence[int], float]],
) -> _Rows:
    rows = _Rows()
    places = np.array([c.places for c in candidates], dtype=float)
    towns = np.array([c.municipality for c in candidates], dtype=object)
    everyone = np.arange(len(candidates))
    for area in areas:
        said = Message("scoring.puzzle.gap", {"town": area.name, "count": float(round(area.gap))})
        rows.add(area.members, places[area.members], area.gap, np.inf, f"gap {area.name}", said)
    if asked.most_sites is not None:
        said = Message("scoring.puzzle.most_sites", {"count": asked.most_sites})
        for town in sorted(set(towns)):
            rows.add(np.flatnonzero(towns == town), 1.0, 0, asked.most_sites, "most_sites", said)
    if asked.small_share is not None:
        small = places <= asked.small_places
        said = Message("scoring.puzzle.small_share", {"percent": round(100 * asked.small_share)})
        rows.add(everyone, places * (small - asked.small_share), 0, np.inf, "small_share", said)
    if asked.large_apart_m:
        _keep_apart(rows, candidates, asked.large_places, asked.large_apart_m)
    if asked.most_load is not None:
        said = Message("scoring.puzzle.load", {"load": round(asked.most_load, 1)})
        _bound_load(rows, places, near, said)
    if asked.budget is not None:
        cost = np.array([c.cost for c in candidates])
        said = Message("scoring.puzzle.budget", {"budget": float(round(asked.budget))})
        rows.add(everyone, np.nan_to_num(cost), 0, asked.budget, "budget", said)
        rows.add(np.flatnonzero(np.isnan(cost)), 1.0, 0, 0, "budget", said)
    for key, named in (("must", asked.must), ("never", asked.never)):
        wanted = float(key == "must")
        for site, candidate in enumerate(candidates):
            if candidate.plot_id in named:
                rows.add([site], 1.0, wanted, wanted, key, Message(f"scoring.puzzle.{key}"))
    return rows


def _bound_load(
    rows: _Rows,
    places: npt.NDArray[np.float64],
    near: Sequence[tuple[int, Sequence[int], float]],
    said: Message,
) -> None:
    """Leave no more places around a chosen site than the people around it carry."""
    for centre, around, room in near:
        at = np.array(around, dtype=np.intp)
        weight = places[at].copy()
        # Binding only when the site itself is chosen.
        slack = max(float(weight.sum()) - room, 0.0)
        if slack:
            weight[at == centre] += slack
            rows.add(at, weight, 0, room + slack, "load", said)


def _keep_apart(
    rows: _Rows, candidates: Sequence[Candidate], large_places: float, apart_m: float
) -> None:
    """Keep large sites apart.

    A row for each pair would be far too many where sites lie close. Of the sites in one square with
    a diagonal of the distance at most one can be chosen; a site then rules out, square by square,
    those that are too near in the squares around it.
    """
    said = Message("scoring.puzzle.apart", {"km": round(apart_m / 1000, 1)})
    large = [i for i, c in enumerate(candidates) if c.places >= large_places]
    if len(large) < 2:
        return
    at = np.array([(candidates[i].x_m, candidates[i].y_m) for i in large])
    # A little smaller, so that two sites at just the distance never share a square.
    squares = np.floor(at / (0.999 * apart_m / np.sqrt(2))).astype(int)
    by_square: dict[tuple[int, int], list[int]] = {}
    for place, (column, line) in enumerate(squares.tolist()):
        by_square.setdefault((column, line), []).append(place)
    for members in by_square.values():
        if len(members) > 1:
            rows.add([large[m] for m in members], 1.0, 0, 1, "large_apart", said)
    tree = cKDTree(at)
    for place, around in enumerate(tree.query_ball_point(at, apart_m)):
        beside: dict[tuple[int, int], list[int]] = {}
        for other in around:
            square = (int(squares[other][0]), int(squares[other][1]))
            too_near = np.hypot(*(at[other] - at[place])) < apart_m
            if too_near and square > (int(squares[place][0]), int(squares[place][1])):
                beside.setdefault(square, []).append(other)
        for others in beside.values():
            rows.add([large[place], *(large[o] for o in others)], 1.0, 0, 1, "large_apart", said)


def _solution(
    candidates: Sequence[Candidate],
    problem: _Problem,
    chosen: BoolArray,
    best_possible: float,
    spent: float,
) -> Solution:
    counted = problem.counted(chosen)
    sites = np.flatnonzero(chosen)
    sites = sites[np.lexsort((sites, -problem.share[sites], -counted[sites]))]
    places = {
        area.name: float(problem.places[area.members[chosen[area.members]]].sum())
        for area in problem.areas
    }
    suited = float(counted @ problem.share)
    surplus = float(problem.places[sites].sum() - counted.sum())
    value = suited - SITE_COSTS * len(sites) - SURPLUS_COSTS * surplus
    short = max(best_possible - value, 0.0) / max(suited, 1.0)
    return Solution(
        tuple(candidates[site].plot_id for site in sites.tolist()),
        tuple(float(counted[site]) for site in sites.tolist()),
        places,
        suited,
        value,
        0.0 if short < 1e-4 else short,
        spent,
    )


def _conflict(problem: _Problem, until: float) -> tuple[Message, ...]:
    """Give a smallest set of limits that cannot hold together (deletion filter)."""
    active = list(dict.fromkeys(problem.rows.name))
    nothing = np.zeros(2 * problem.count)
    for name in list(active):
        if time.perf_counter() > until:
            break
        fewer = [other for other in active if other != name]
        if problem.solve(nothing, _Rows(), 2.0, active=set(fewer)).infeasible:
            active = fewer
    return tuple(problem.rows.said[name] for name in active)
