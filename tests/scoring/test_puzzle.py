"""The puzzle finds the best there is, says what is in the way, and offers other answers."""

import itertools
import math

import numpy as np
import pytest

from scoring.puzzle import RENEWED, Candidate, PuzzleLimits, solve_puzzle


def candidates(places, scores, towns, at=None, cost=1e6):
    spots = at if at is not None else [(1000.0 * i, 0.0) for i in range(len(places))]
    return [
        Candidate(f"p{i}", t, float(p), float(s), *spots[i], cost)
        for i, (p, s, t) in enumerate(zip(places, scores, towns))
    ]


def value_of(sites, gaps, province):
    """Ten suited places for a site, a tenth for one too many: written anew, by whole places."""
    suited, counted = 0.0, 0
    for name, gap in gaps.items():
        every = [s.suitability / 100 for s in sites if name == province or s.municipality == name
                 for _ in range(int(s.places))]  # fmt: skip
        best = sorted(every, reverse=True)[: int(gap)]
        suited, counted = suited + sum(best), counted + len(best)
    surplus = sum(s.places for s in sites) - counted
    return suited - 10 * len(sites) - surplus / 10


def allowed(sites, gaps, limits, near, province):
    for name, gap in gaps.items():
        if sum(s.places for s in sites if name == province or s.municipality == name) < gap:
            return False
    towns = [s.municipality for s in sites]
    if limits.most_sites is not None and any(towns.count(t) > limits.most_sites for t in towns):
        return False
    total = sum(s.places for s in sites)
    small = sum(s.places for s in sites if s.places <= limits.small_places)
    if limits.small_share is not None and small < limits.small_share * total - 1e-9:
        return False
    if limits.large_apart_m:
        large = [s for s in sites if s.places >= limits.large_places]
        for a, b in itertools.combinations(large, 2):
            if math.hypot(a.x_m - b.x_m, a.y_m - b.y_m) < limits.large_apart_m:
                return False
    if limits.budget is not None and not sum(s.cost for s in sites) <= limits.budget:
        return False
    ids = {s.plot_id for s in sites}
    if not limits.must <= ids or limits.never & ids:
        return False
    for centre, around, room in near:
        if f"p{centre}" in ids:
            there = sum(s.places for s in sites if int(s.plot_id[1:]) in around)
            if there > room + 1e-9:
                return False
    return True


def random_instance(seed):
    generator = np.random.default_rng(seed)
    count = int(generator.integers(4, 10))
    at = [tuple(generator.uniform(0, 6000, 2)) for _ in range(count)]
    sites = candidates(
        generator.integers(20, 320, count), generator.integers(5, 100, count),
        generator.choice(list("ABC"), count), at,
    )  # fmt: skip
    whole = generator.random() < 0.3
    gaps = (
        {"provincie": float(generator.integers(50, 700))}
        if whole
        else {t: float(generator.integers(0, 400)) for t in "AB"}
    )

    def perhaps(value):
        return value if generator.random() < 0.4 else None

    limits = PuzzleLimits(
        most_sites=perhaps(int(generator.integers(1, 4))),
        small_share=perhaps(float(generator.choice([0.2, 0.5]))),
        large_apart_m=perhaps(float(generator.choice([800.0, 2500.0]))),
        budget=perhaps(float(generator.integers(1, 6)) * 1e6),
        most_load=perhaps(10.0),
        must=frozenset({"p0"}) if generator.random() < 0.2 else frozenset(),
        never=frozenset({"p1"}) if generator.random() < 0.2 else frozenset(),
    )
    near = []
    if limits.most_load is not None:
        for i in range(count):
            around = [j for j in range(count) if math.dist(at[i], at[j]) <= 3000]
            near.append((i, around, float(generator.integers(100, 900))))
    return sites, gaps, limits, near, "provincie" if whole else None


@pytest.mark.parametrize("block", range(8))
def test_the_answer_is_that_of_trying_everything(block):
    """Three hundred and twenty random small puzzles, solved by trying every choice of sites."""
    solved = 0
    for seed in range(40 * block, 40 * block + 40):
        sites, gaps, limits, near, province = random_instance(seed)
        answer = solve_puzzle(sites, gaps, limits, near=near, province=province, answers=1)
        every = [
            value_of(picked, gaps, province)
            for choice in itertools.product([False, True], repeat=len(sites))
            if allowed(
                picked := [s for s, c in zip(sites, choice) if c], gaps, limits, near, province
            )
        ]
        if not every:
            assert not answer.solutions and answer.conflict and not answer.out_of_time, seed
            continue
        solved += 1
        (solution,) = answer.solutions
        picked = [s for s in sites if s.plot_id in solution.plot_ids]
        assert allowed(picked, gaps, limits, near, province), seed
        assert solution.value == pytest.approx(value_of(picked, gaps, province)), seed
        assert solution.value == pytest.approx(max(every), abs=1e-3), seed
        assert solution.gap == 0, seed
    assert solved >= 5


def test_places_count_up_to_the_gap_and_no_further():
    """Five sites of 100 for a gap of 100 are one site, and the best suited one."""
    answer = solve_puzzle(
        candidates([100] * 5, [50, 60, 90, 70, 80], "AAAAA"), {"A": 100.0}, PuzzleLimits(most_sites=5)
    )  # fmt: skip
    assert answer.solutions[0].plot_ids == ("p2",)
    assert answer.solutions[0].surplus == 0
    assert answer.solutions[0].suitability == pytest.approx(90)


def test_a_province_keeps_the_limit_of_each_municipality():
    sites = candidates([100] * 6, [90, 89, 88, 50, 40, 30], "AAABBC")
    answer = solve_puzzle(
        sites, {"provincie": 300.0}, PuzzleLimits(most_sites=1), province="provincie", answers=1
    )
    assert set(answer.solutions[0].plot_ids) == {"p0", "p3", "p5"}
    assert sum(answer.solutions[0].places.values()) == 300


def test_answers_differ_in_substance_and_name_what_is_in_all():
    generator = np.random.default_rng(3)
    sites = candidates(generator.integers(60, 200, 24), generator.integers(30, 95, 24), "ABCD" * 6)
    answer = solve_puzzle(
        sites, dict.fromkeys("ABCD", 300.0), PuzzleLimits(most_sites=4), answers=4
    )
    assert len(answer.solutions) == 4
    for one, other in itertools.combinations([set(s.plot_ids) for s in answer.solutions], 2):
        assert len(one - other) >= RENEWED * len(one)  # no answer holds an earlier one
    values = [s.value for s in answer.solutions]
    assert all(b <= a + 1e-3 for a, b in itertools.pairwise(values))
    assert all(answer.often[p] == 1 for p in answer.core)


def test_a_conflict_is_smallest():
    sites = candidates([100, 100], [90, 80], "AB")
    limits = PuzzleLimits(most_sites=1, small_share=0.5, large_apart_m=2000)
    answer = solve_puzzle(sites, {"A": 500.0, "B": 50.0}, limits)
    assert [m.key for m in answer.conflict] == ["scoring.puzzle.gap"]
    assert "A" in answer.conflict[0].text("nl") and "500" in answer.conflict[0].text("nl")


def test_out_of_time_is_said_as_such():
    generator = np.random.default_rng(5)
    count = 4000
    at = [tuple(generator.uniform(0, 40_000, 2)) for _ in range(count)]
    sites = candidates(generator.integers(30, 400, count), generator.uniform(20, 95, count),
                       [f"T{i % 26}" for i in range(count)], at)  # fmt: skip
    answer = solve_puzzle(
        sites, {f"T{i}": 500.0 for i in range(26)},
        PuzzleLimits(small_share=0.31, large_apart_m=3000.0), seconds=0.0,
    )  # fmt: skip
    assert answer.out_of_time or answer.solutions
    assert not answer.conflict


def test_the_load_holds_around_every_chosen_site():
    sites = candidates([100, 100, 100], [90, 80, 70], "AAA")
    near = [(i, [0, 1, 2], 150.0) for i in range(3)]
    answer = solve_puzzle(sites, {"A": 100.0}, PuzzleLimits(most_load=10.0), near=near, answers=1)
    assert len(answer.solutions[0].plot_ids) == 1
    none = solve_puzzle(sites, {"A": 200.0}, PuzzleLimits(most_load=10.0), near=near)
    assert not none.solutions
    assert "scoring.puzzle.load" in [m.key for m in none.conflict]


def test_many_candidates_with_progress():
    """26 times 30; 26 times 500 takes twenty seconds and is in the bench."""
    generator = np.random.default_rng(4)
    count = 26 * 30
    at = [tuple(generator.uniform(0, 60_000, 2)) for _ in range(count)]
    sites = candidates(generator.integers(30, 400, count), generator.uniform(20, 95, count),
                       [f"T{i % 26}" for i in range(count)], at)  # fmt: skip
    shares = []
    gaps = {f"T{i}": float(generator.integers(50, 600)) for i in range(26)}
    limits = PuzzleLimits(most_sites=4, small_share=0.2, large_apart_m=2000.0)
    answer = solve_puzzle(sites, gaps, limits, progress=shares.append, answers=1, seconds=120.0)
    assert answer.solutions
    assert answer.solutions[0].gap <= 0.01
    chosen = [s for s in sites if s.plot_id in answer.solutions[0].plot_ids]
    assert allowed(chosen, gaps, limits, (), None)
    assert shares[-1] == 1.0 and shares == sorted(shares)


def said(answer):
    return {message.key.rsplit(".", 1)[1]: message.text("nl") for message in answer.conflict}


@pytest.mark.parametrize(
    ("places", "towns", "limits", "expected"),
    [
        ([100, 100], "AA", {"most_sites": 1}, {"most_sites": "ten hoogste 1 locatie per gemeente"}),
        ([100, 100], "AA", {"small_share": 0.75, "small_places": 50}, {"small_share": "ten minste 75\xa0%"}),
        ([100, 100], "AA", {"large_apart_m": 2550.0, "large_places": 100}, {"apart": "ten minste 2,"}),
        ([100, 100], "AA", {"budget": 1.5e6}, {"budget": "1.500.000 euro"}),
        ([100, 100], "AA", {"never": frozenset({"p1"})}, {"never": "plekken die er niet bij mogen"}),
        ([100, 100, 9], "AAA", {"must": frozenset({"p2"}), "most_sites": 2}, {"must": "in elk geval", "most_sites": "2"}),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_named_with_its_figure(places, towns, limits, expected):
    """The gap of 200 takes both sites of 100; each limit forbids that, and is told beside it."""
    asked = PuzzleLimits(**{"most_sites": None, **limits})
    answer = solve_puzzle(candidates(places, [90] * len(places), towns), {"A": 200.0}, asked)
    assert not answer.solutions and not answer.out_of_time and answer.solutions == ()
    found = said(answer)
    assert found.pop("gap") == "A vindt 200 plaatsen"
    assert set(found) == set(expected)
    for key, text in expected.items():
        assert text in found[key]


def test_each_limit_is_told_with_its_figure_in_a_large_conflict():
    near = [(i, [0, 1], 150.0) for i in range(2)]
    answer = solve_puzzle(
        candidates([100, 100], [90, 90], "AA"), {"A": 200.0},
        PuzzleLimits(most_sites=None, most_load=12.34), near=near,
    )  # fmt: skip
    assert said(answer)["load"] == "ten hoogste 12,3 plaatsen per 1.000 bewoners binnen 3 km"


def test_a_plot_of_unknown_cost_is_left_out_of_a_budget_alone():
    sites = candidates([100, 100], [90, 50], "AA")
    sites[0] = Candidate("p0", "A", 100.0, 90.0, 0.0, 0.0)
    within = solve_puzzle(sites, {"A": 100.0}, PuzzleLimits(budget=1e6), answers=1)
    assert within.solutions[0].plot_ids == ("p1",)
    free = solve_puzzle(sites, {"A": 100.0}, PuzzleLimits(), answers=1)
    assert free.solutions[0].plot_ids == ("p0",)


@pytest.mark.parametrize(("apart", "both"), [(999.0, True), (1000.0, True), (1001.0, False)])
def test_two_large_sites_may_lie_at_just_the_distance(apart, both):
    sites = candidates([250, 250], [90, 80], "AB", at=[(0.0, 0.0), (1000.0, 0.0)])
    answer = solve_puzzle(
        sites, {"A": 250.0, "B": 250.0}, PuzzleLimits(large_apart_m=apart), answers=1
    )
    assert bool(answer.solutions) is both


def test_without_candidates_nothing_is_asked_or_the_gap_is_named():
    nothing = solve_puzzle([], {"A": 0.0})
    assert nothing.solutions[0].plot_ids == () and not nothing.conflict
    assert nothing.solutions[0].value == 0 and nothing.solutions[0].gap == 0
    missing = solve_puzzle([], {"A": 1.0})
    assert said(missing) == {"gap": "A vindt 1 plaats"}


def test_an_answer_lists_the_most_counted_places_first_and_the_better_of_two_alike():
    sites = candidates([50, 100, 100, 100], [99, 60, 80, 70], "ABCD")
    answer = solve_puzzle(
        sites, {"A": 50.0, "B": 100.0, "C": 100.0, "D": 70.0}, PuzzleLimits(), answers=1
    )
    (solution,) = answer.solutions
    assert solution.plot_ids == ("p2", "p1", "p3", "p0")
    assert solution.counted == (100.0, 100.0, 70.0, 50.0)
    assert solution.suited == pytest.approx(80 + 60 + 49 + 49.5)
    assert solution.value == pytest.approx(80 + 60 + 49 + 49.5 - 40 - 3)
    assert solution.surplus == pytest.approx(30)
    assert 0 <= solution.seconds < 30
    assert answer.core == ("p0", "p1", "p2", "p3") and set(answer.often.values()) == {1.0}


def test_how_often_a_plot_is_in_an_answer_and_how_far_the_work_is():
    told = []
    sites = candidates([100, 100, 100, 100, 40], [90, 80, 70, 60, 95], "AAAAB")
    answer = solve_puzzle(
        sites, {"A": 200.0, "B": 30.0}, PuzzleLimits(must=frozenset({"p4"})), answers=2,
        progress=told.append,
    )  # fmt: skip
    first, second = (set(s.plot_ids) for s in answer.solutions)
    assert first == {"p0", "p1", "p4"} and second == {"p0", "p2", "p4"}
    assert answer.often == {"p0": 1.0, "p1": 0.5, "p2": 0.5, "p4": 1.0}
    assert answer.core == ("p0", "p4")
    assert told == [0.5, 1.0, 1.0]
    assert len(solve_puzzle(sites, {"A": 200.0, "B": 30.0}).solutions) == 3


def test_how_far_from_the_best_an_answer_can_be_is_a_share_of_what_it_gives():
    from scoring import puzzle

    sites = candidates([100, 80], [90, 50], "AA")
    problem = puzzle._Problem(sites, puzzle._areas(sites, {"A": 100.0}, None), puzzle._Rows())
    chosen = np.array([True, False])
    found = puzzle._solution(sites, problem, chosen, 80.0 + 9.0, 0.25)
    assert (found.value, found.gap, found.seconds) == (80.0, pytest.approx(0.1), 0.25)
    assert puzzle._solution(sites, problem, chosen, 80.005, 0.0).gap == 0
    assert puzzle._solution(sites, problem, chosen, 70.0, 0.0).gap == 0
    assert puzzle._solution(sites, problem, chosen, 80.0 + 180.0, 0.0).gap == pytest.approx(2.0)
