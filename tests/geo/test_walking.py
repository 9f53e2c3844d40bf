"""How far one gets on foot: against hand-made streets, and against networkx on a fine chain of points."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st

from data.loader import Coverage
from geo.layers import province
from geo.walking import (
    BESIDE_M,
    FARTHEST_START_M,
    FRONT_M,
    SNAP_M,
    WALKING_REACHES_M,
    beside,
    network_of,
    reached_from,
    walk_from,
)

WHOLE = Coverage(complete=True, margin_m=0.0)
PLOT = shapely.box(0, 10, 20, 30)


def line(*at):
    return shapely.LineString(at)


def reached(lines, plot=PLOT, reach=400.0):
    """What is reached, as one shape."""
    return shapely.union_all(reached_from(plot, network_of(lines), [reach])[0])


def ends_of_front():
    """Where a straight street 10 m from PLOT enters and leaves its front."""
    beside_m = math.sqrt((10 + FRONT_M) ** 2 - 10**2)
    return -beside_m, 20 + beside_m


def test_a_street_is_walked_from_the_front_of_the_plot_and_cut_where_the_walk_ends():
    found = reached([line((-5000, 0), (5000, 0))])
    west, east = ends_of_front()
    rest = 400 - 10 - FRONT_M
    # the front is drawn as a many-sided shape
    assert found.bounds == pytest.approx((west - rest, 0, east + rest, 0), abs=0.1)
    assert found.length == pytest.approx(east - west + 2 * rest, abs=0.1)


def test_a_side_street_begins_at_the_way_that_was_walked_to_it():
    main = [line((-5000, 0), (-100, 0)), line((-100, 0), (5000, 0))]
    west, _ = ends_of_front()
    left = 400 - 10 - FRONT_M - (100 + west)
    side = reached([*main, line((-100, 0), (-100, 900))])
    assert side.bounds[3] == pytest.approx(left, abs=0.1)
    # one that begins in the front, at its own way from the plot
    below = reached([line((-5000, 0), (10, 0), (5000, 0)), line((10, 0), (10, -900))])
    assert below.bounds[1] == pytest.approx(-390, abs=0.1)
    # a line that crosses without a vertex in common is a bridge
    over = reached([*main[:1], line((-100, 0), (5000, 0)), line((-120, -900), (-120, 900))])
    assert over.bounds[3] == pytest.approx(0)


@pytest.mark.parametrize(
    ("gap", "joined"), [(0.0, True), (SNAP_M - 0.1, True), (SNAP_M + 0.1, False)]
)
@pytest.mark.parametrize("cut", [True, False], ids=["at an end", "between ends"])
def test_an_end_that_lies_near_enough_meets_the_other_line(gap, joined, cut):
    main = line((-5000, 0), (-100, 0), (5000, 0)) if cut else line((-5000, 0), (5000, 0))
    top = reached([main, line((-100, gap), (-100, 900))]).bounds[3]
    west, _ = ends_of_front()
    assert top == pytest.approx(400 - 10 - FRONT_M - (100 + west) if joined else 0, abs=0.1)


def test_a_line_that_stands_twice_in_the_file_is_no_longer():
    once = [line((-5000, 0), (-300, 0)), line((-300, 0), (-50, 0)), line((-50, 0), (5000, 0))]
    assert reached(once * 3).length == pytest.approx(reached(once).length)


def test_the_front_of_a_long_plot_is_reached_whole():
    plot = shapely.box(0, 10, 2000, 30)
    found = reached([line((-5000, 0), (5000, 0))], plot)
    assert found.length == pytest.approx(2000 + 2 * (ends_of_front()[1] - 20 + 385), abs=0.1)


def test_a_way_through_the_plot_is_where_it_begins():
    found = reached([line((10, -5000), (10, 5000))])
    assert found.bounds == pytest.approx((10, 10 - 400, 10, 30 + 400), abs=0.1)


def chained(lines, plot, step):
    """The distance from a plot to points along lines, by networkx: none of our own code."""
    graph, spots = nx.Graph(), {}
    ends = {c for one in lines for c in (one.coords[0], one.coords[-1])}
    stretches = [shapely.LineString(p) for one in lines for p in itertools.pairwise(one.coords)]
    for number, one in enumerate(stretches):
        met = [c for c in ends if one.distance(shapely.Point(c)) <= SNAP_M]
        nearest = one.project(shapely.ops.nearest_points(one, plot)[0])
        stops = {*np.arange(0, one.length, step), one.length, nearest}
        stops = sorted(stops | {one.project(shapely.Point(c)) for c in met})
        at = shapely.get_coordinates(shapely.line_interpolate_point(one, stops))
        chain = [
            one.coords[0],
            *(("between", number, k) for k in range(1, len(at) - 1)),
            one.coords[-1],
        ]
        spots |= dict(zip(chain, at.tolist()))
        for (a, b), long in zip(itertools.pairwise(chain), np.diff(stops)):
            graph.add_edge(a, b, weight=long)
        for end in met:
            k = int(np.argmin(np.hypot(*(at - end).T)))
            if chain[k] != end:
                graph.add_edge(end, chain[k], weight=math.dist(at[k], end))
    near = min(plot.distance(one) for one in lines)
    for name, away in zip(spots, shapely.distance(shapely.points(list(spots.values())), plot)):
        if away <= near + FRONT_M:
            graph.add_edge("plot", name, weight=away)
    cost = nx.single_source_dijkstra_path_length(graph, "plot", weight="weight")
    return np.array([cost.get(name, np.inf) for name in spots]), np.array(list(spots.values()))


whole = st.integers(0, 12).map(lambda n: 25.0 * n)
places = st.tuples(whole, whole)
ways = st.lists(
    st.lists(places, min_size=2, max_size=4, unique=True).map(shapely.LineString),
    min_size=1,
    max_size=9,
)


@settings(max_examples=25, deadline=None)
@given(lines=ways, at=places, reach=st.integers(110, 300))
def test_what_is_reached_is_what_a_chain_of_points_reaches(lines, at, reach):
    plot = shapely.box(at[0] + 3.13, at[1] + 4.37, at[0] + 11.71, at[1] + 9.59)
    found = reached_from(plot, network_of(lines), [reach])
    if found is None:
        assert min(plot.distance(one) for one in lines) > FARTHEST_START_M
        return
    step = 4.0
    costs, spots = chained(lines, plot, step)
    away = shapely.distance(shapely.points(spots), shapely.union_all(found[0]))
    assert (away[costs <= reach] < 0.1).all()
    # between two points of the chain the walk may begin a step better, and a line that only crosses
    # may be reached at the same place
    surely = costs <= reach + 2 * step
    others = shapely.MultiPoint(spots[surely]).buffer(step)
    beyond = ~surely & ~shapely.intersects_xy(others, spots)
    assert (away[beyond] > 1e-3).all()


def test_a_longer_walk_holds_the_shorter_and_none_goes_farther_than_its_metres():
    generator = np.random.default_rng(5)
    middle = np.array(shapely.centroid(province()).coords[0]).round()
    corners = generator.uniform(-1500, 1500, (120, 2)).round(2) + middle
    lines = [line(a, b) for a, b in itertools.pairwise(corners)]
    plot = shapely.box(*(corners[7] - 20), *(corners[7] + 20))
    walk = walk_from(plot, network_of(lines), WHOLE)
    assert walk.unknown is None
    for less, more in itertools.pairwise(walk.areas):
        assert more.buffer(0.01).covers(less) and more.area > less.area
    for area, reach in zip(walk.areas, WALKING_REACHES_M):
        assert plot.buffer(reach + BESIDE_M, quad_segs=64).buffer(1).covers(area)
    lines_reached = reached_from(plot, network_of(lines), WALKING_REACHES_M)
    assert beside(lines_reached[0]).equals(walk.areas[0])


def test_where_it_cannot_be_known_that_is_said():
    middle = shapely.centroid(province())
    plot = middle.buffer(50)
    street = network_of([line((middle.x - 3000, middle.y), (middle.x + 3000, middle.y))])
    assert walk_from(plot, street, WHOLE).unknown is None

    def why(plot, network, covered):
        walk = walk_from(plot, network, covered)
        assert walk.areas == ()
        return walk.unknown.key

    assert why(plot, street, Coverage(False, 0.0)) == "walk.unknown.part"
    far = network_of([line((middle.x - 3000, middle.y + 160), (middle.x + 3000, middle.y + 160))])
    assert why(plot, far, WHOLE) == "walk.unknown.far"
    assert why(plot, network_of([line((0, 0), (1, 1))]), WHOLE) == "walk.unknown.far"
    # a plot within the province and less than the longest walk from its border
    border = shapely.boundary(province())
    inside = next(
        spot for spot in map(shapely.Point, shapely.get_coordinates(province().buffer(-1000)))
        if 990 < border.distance(spot) < 1010
    )  # fmt: skip
    round_it = network_of([line((inside.x - 2000, inside.y), (inside.x + 2000, inside.y))])
    assert why(inside.buffer(20), round_it, WHOLE) == "walk.unknown.edge"
    assert walk_from(inside.buffer(20), round_it, Coverage(True, 1500.0)).unknown is None
    beyond = shapely.box(inside.x - 9e4, inside.y, inside.x - 9e4 + 20, inside.y + 20)
    assert why(beyond, street, Coverage(True, 1500.0)) == "walk.unknown.edge"
