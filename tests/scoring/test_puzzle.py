"""The puzzle finds the best there is, says what is in the way, and offers other answers."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.puzzle import Candidate, PuzzleLimits, _gain, solve_puzzle


def candidates(places, scores, towns):
    return [
        Candidate(f"p{i}", t, float(p), float(s), 1000.0 * i, 0.0, 1e6)
        for i, (p, s, t) in enumerate(zip(places, scores, towns))
    ]


@settings(max_examples=40, deadline=None)
@given(
    places=st.lists(st.integers(20, 300), min_size=7, max_size=7),
    scores=st.lists(st.integers(0, 100), min_size=7, max_size=7),
    gaps=st.tuples(st.integers(0, 400), st.integers(0, 400)),
    most=st.integers(1, 4),
)
def test_the_answer_is_that_of_trying_everything(places, scores, gaps, most):
    sites = candidates(places, scores, "AABBABA")
    gap = {"A": float(gaps[0]), "B": float(gaps[1])}
    answer = solve_puzzle(sites, gap, PuzzleLimits(most_sites=most), answers=1)
    gain = _gain(sites, gap)
    best = None
    for chosen in itertools.product([False, True], repeat=7):
        picked = np.array(chosen)
        found = {
            t: sum(s.places for s, c in zip(sites, chosen) if c and s.municipality == t)
            for t in "AB"
        }
        counts = [sum(c and s.municipality == t for s, c in zip(sites, chosen)) for t in "AB"]
        if all(found[t] >= gap[t] for t in "AB") and max(counts) <= most:
            best = max(best if best is not None else -np.inf, float(gain[picked].sum()))
    if best is None:
        assert not answer.solutions and answer.conflict
    else:
        ids = {s.plot_id for s in sites}
        (solution,) = answer.solutions
        value = sum(g for g, s in zip(gain, sites) if s.plot_id in solution.plot_ids)
        assert value == pytest.approx(best, abs=1e-3)
        assert solution.gap == 0 and set(solution.plot_ids) <= ids


def test_answers_differ_and_name_what_is_in_all():
    sites = candidates([100, 100, 100, 200], [90, 80, 70, 95], "AAAB")
    answer = solve_puzzle(sites, {"A": 150.0, "B": 150.0}, PuzzleLimits(), answers=3)
    assert len({s.plot_ids for s in answer.solutions}) == 3
    assert "p3" in answer.core
    assert all(answer.often[p] == 1 for p in answer.core)


def test_a_conflict_is_smallest():
    sites = candidates([100, 100], [90, 80], "AB")
    limits = PuzzleLimits(most_sites=1, small_share=0.5, large_apart_m=2000)
    answer = solve_puzzle(sites, {"A": 500.0, "B": 50.0}, limits)
    assert [m.key for m in answer.conflict] == ["scoring.puzzle.gap"]
    assert "A" in answer.conflict[0].text("nl") and "500" in answer.conflict[0].text("nl")


def test_large_sites_lie_apart():
    sites = [Candidate(f"p{i}", "A", 300.0, 90.0, 900.0 * i, 0.0) for i in range(6)]
    answer = solve_puzzle(
        sites, {"A": 600.0}, PuzzleLimits(most_sites=6, large_apart_m=1000.0), answers=1
    )
    at = sorted(int(p[1:]) for p in answer.solutions[0].plot_ids)
    assert all(b - a >= 2 for a, b in itertools.pairwise(at))


def test_the_load_holds_around_every_chosen_site():
    sites = candidates([100, 100, 100], [90, 80, 70], "AAA")
    near = [(i, [0, 1, 2], 150.0) for i in range(3)]
    answer = solve_puzzle(sites, {"A": 100.0}, PuzzleLimits(most_load=10.0), near=near, answers=1)
    assert len(answer.solutions[0].plot_ids) == 1
    none = solve_puzzle(sites, {"A": 200.0}, PuzzleLimits(most_load=10.0), near=near)
    assert not none.solutions
    assert "scoring.puzzle.load" in [m.key for m in none.conflict]


def test_budget_and_wishes():
    sites = candidates([100, 100, 100], [90, 80, 70], "AAA")
    answer = solve_puzzle(
        sites, {"A": 100.0}, PuzzleLimits(budget=1.5e6, never=frozenset({"p0"})), answers=1
    )
    assert answer.solutions[0].plot_ids == ("p1",)
    must = solve_puzzle(sites, {"A": 100.0}, PuzzleLimits(must=frozenset({"p2"})), answers=1)
    assert "p2" in must.solutions[0].plot_ids


def test_500_plots_in_26_municipalities_with_progress():
    generator = np.random.default_rng(4)
    towns = [f"T{i}" for i in range(26)]
    sites = [
        Candidate(f"p{i}", towns[i % 26], float(generator.integers(30, 400)), float(generator.uniform(20, 95)),
                  float(generator.uniform(0, 60_000)), float(generator.uniform(0, 60_000)))
        for i in range(500)
    ]  # fmt: skip
    shares = []
    answer = solve_puzzle(
        sites, {t: float(generator.integers(50, 600)) for t in towns},
        PuzzleLimits(most_sites=4, small_share=0.2, large_apart_m=2000.0), progress=shares.append,
    )  # fmt: skip
    assert answer.solutions and answer.solutions[0].seconds < 10
    assert shares[-1] == 1.0 and shares == sorted(shares)
