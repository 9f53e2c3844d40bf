"""Measure ranking, robustness and distances against plain numpy and libraries, in one run."""

from __future__ import annotations

import resource
import time
import warnings
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pymcdm.methods import WSM
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel

from bench.many_plots import many_plots
from geo.crs import RD
from geo.layers import province
from scoring.facilities import nearest_distance_m
from scoring.indicators import Surroundings, measure
from scoring.kader import FORMER, load_kader
from scoring.puzzle import Candidate, PuzzleAnswer, PuzzleLimits, solve_puzzle
from scoring.ranking import possible_ranks, weighted_sum
from scoring.robustness import draw_weights_near, smaa


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Give the least seconds of a few runs, and the answer."""
    best, answer = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - begun)
    return best, answer


def line(what: str, own: float, other: str, seconds: float) -> None:
    print(f"{what:<44} {own:>7.2f} s   {other:<28} {seconds:>7.2f} s   {seconds / own:>5.1f} x")


def ranking(generator: np.random.Generator) -> None:
    low = generator.random((1_000_000, 15))
    high = np.minimum(low + generator.random((1_000_000, 15)) * 0.1, 1)
    weights = generator.dirichlet(np.ones(15))

    def ours() -> np.ndarray:
        lower, upper = weighted_sum(low, weights), weighted_sum(high, weights)
        possible_ranks(lower, upper)
        return lower

    def plain() -> np.ndarray:
        lower, upper = (low * weights).sum(axis=1), (high * weights).sum(axis=1)
        np.argsort(-lower)
        np.argsort(-upper)
        return lower

    own, mine = timed(ours)
    seconds, theirs = timed(plain)
    np.testing.assert_allclose(mine, theirs)
    line("ranking 1,000,000 x 15, with intervals", own, "plain numpy, two argsorts", seconds)
    identity = WSM(normalization_function=lambda column, cost=False: column)
    seconds, theirs = timed(lambda: identity(low, weights, np.ones(15), validation=False), 1)
    np.testing.assert_allclose(mine, theirs)
    line("", own, "pymcdm WSM, lower bound only", seconds)
    matrix = mkdm(low[:100_000], [max] * 15, weights=weights)
    seconds, theirs = timed(lambda: WeightedSumModel().evaluate(matrix).e_.score, 1)
    np.testing.assert_allclose(mine[:100_000], theirs)
    line("", own, "scikit-criteria, 100,000 only", seconds)


def robustness(generator: np.random.Generator) -> None:
    scores = generator.random((2_000, 15))
    weights = draw_weights_near(np.full(15, 1 / 15), 10_000, generator)
    own, mine = timed(lambda: smaa(scores, scores, weights), 5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

    def plain() -> np.ndarray:
        return np.argsort(np.argsort(-(weights @ scores.T), axis=1), axis=1)

    seconds, ranks = timed(plain, 1)
    for plot in range(0, 2_000, 250):
        counted = np.bincount(ranks[:, plot], minlength=2_000) / 10_000
        assert np.abs(counted - mine.rank_chance[plot]).max() <= 0.0005
    line("SMAA 2,000 x 15 x 10,000", own, "plain double argsort", seconds)
    print(f"{'':<44} peak memory of the process up to then {peak:.0f} MB")


def distances(generator: np.random.Generator) -> None:
    west, south, east, north = province().bounds
    at = generator.uniform((west, south), (east, north), (500_000, 2))
    size = generator.uniform(20, 150, 500_000)
    plots = gpd.GeoSeries(
        shapely.box(at[:, 0] - size, at[:, 1] - size, at[:, 0] + size, at[:, 1] + size), crs=RD
    )
    places = gpd.GeoSeries(
        shapely.points(generator.uniform((west, south), (east, north), (20_000, 2))), crs=RD
    )
    own, mine = timed(lambda: nearest_distance_m(plots, places), 2)

    def plain() -> np.ndarray:
        joined = gpd.sjoin_nearest(plots.to_frame("geometry"), places.to_frame("geometry"),
                                   distance_col="away")  # fmt: skip
        return joined[~joined.index.duplicated()]["away"].sort_index().to_numpy()

    seconds, theirs = timed(plain, 1)
    np.testing.assert_allclose(mine, theirs, atol=1e-6)
    line("edge of 500,000 plots to 20,000 places", own, "geopandas sjoin_nearest", seconds)


def measuring() -> None:
    around, kader = Surroundings.packaged(), load_kader("azc")
    former = load_kader("azc", FORMER["2026-1"])
    measure(many_plots(10), kader, around)  # the surroundings are read once in a process
    for count in (2_000, 20_000):
        plots = many_plots(count)
        own, _ = timed(lambda plots=plots: measure(plots, kader, around))
        seconds, _ = timed(lambda plots=plots: measure(plots, former, around), 1)
        line(f"measuring {count:,} plots for azc", own, "the kader of 2026-1", seconds)


def puzzle() -> None:
    def solved(times: int) -> PuzzleAnswer:
        generator = np.random.default_rng(4)
        count = 26 * times
        at = generator.uniform(0, 60_000, (count, 2))
        places, scores = generator.integers(30, 400, count), generator.uniform(20, 95, count)
        sites = [
            Candidate(f"p{i}", f"T{i % 26}", float(places[i]), float(scores[i]), *at[i], 1e6)
            for i in range(count)
        ]
        gaps = {f"T{i}": float(generator.integers(50, 600)) for i in range(26)}
        limits = PuzzleLimits(most_sites=4, small_share=0.2, large_apart_m=2000.0)
        return solve_puzzle(sites, gaps, limits, answers=1, seconds=30.0)

    own, answer = timed(lambda: solved(500), 1)
    assert answer.solutions and answer.solutions[0].gap <= 0.01
    seconds, _ = timed(lambda: solved(50), 1)
    line("the puzzle with 26 x 500 candidates", own, "26 x 50 candidates", seconds)


def main() -> None:
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(1)
    print(f"{'what':<44} {'ours':>9}   {'against':<28} {'that':>9}   ratio")
    robustness(generator)
    ranking(generator)
    distances(generator)
    measuring()
    puzzle()


if __name__ == "__main__":
    main()
