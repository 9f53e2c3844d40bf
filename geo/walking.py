"""Say what can be reached on foot from a plot, over a network of roads and paths that a user has.

Everything is in metres in RD New (EPSG:28992). Nothing is known of a road but where it runs: a
motorway in the network is walked over like any other line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from data.loader import Coverage
from geo.layers import province
from messages import Message

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]
Area = shapely.Polygon | shapely.MultiPolygon

WALKING_M_PER_MIN = 80.0
"""4.8 km/h: a choice of the team, and of no source. Whoever walks slower gets less far."""

WALKING_MIN = (5, 10, 15)
"""Minutes for which is told how far one gets."""

WALKING_REACHES_M = tuple(WALKING_M_PER_MIN * minutes for minutes in WALKING_MIN)
"""400, 800 and 1,200 m: the first three distance rings of the map."""

SNAP_M = 1.0
"""An end of a line that lies so near to another line meets it."""

FRONT_M = 5.0
"""What of the network lies at most so much farther from a plot than the nearest is where one may
leave it: a street along the plot is a front, not a point."""

FARTHEST_START_M = 100.0
"""A plot that lies farther from the network has no known way to it."""

BESIDE_M = 25.0
"""What lies so near a stretch that is reached counts as reached: the houses along a street.
These four are choices of the team."""

_CM = 100.0
_SHORTEST_M = 1e-6
_HEAD_START_M = 1.0  # weights of nought are no edges


@dataclass(frozen=True)
class Network:
    """A network to walk over: places that are joined by straight stretches.

    Attributes:
        at: where each node lies (nodes by two), metres (EPSG:28992).
        start: node at the one end of each stretch.
        end: node at the other end.
    """

    at: FloatArray
    start: IndexArray
    end: IndexArray

    @property
    def length_m(self) -> FloatArray:
        """Length of each stretch; something above nought."""
        return _length_m(self.at, self.start, self.end)

    def near(self, bounds: FloatArray, margin_m: float) -> Network:
        """Give the stretches that may lie within some metres of a box (west, south, east, north).

        Args:
            bounds: the box.
            margin_m: how far around it.
        """
        low, high = bounds[:2] - margin_m, bounds[2:] + margin_m
        one, other = self.at[self.start], self.at[self.end]
        kept = ((np.maximum(one, other) >= low) & (np.minimum(one, other) <= high)).all(axis=1)
        nodes, places = np.unique(
            np.concatenate([self.start[kept], self.end[kept]]), return_inverse=True
        )
        start, end = np.split(places, 2)
        return Network(self.at[nodes], start, end)

    @property
    def shapes(self) -> Shapes:
        """Each stretch as a line."""
        return _stretches(self.at[self.start], self.at[self.end])


@dataclass(frozen=True)
class Walk:
    """What is reached on foot from a plot.

    Attributes:
        areas: for each of the reaches what lies beside what is reached (EPSG:28992); none where
            that is not known.
        unknown: why it is not known.
    """

    areas: tuple[Area, ...] = ()
    unknown: Message | None = None


def network_of(lines: Sequence[shapely.LineString] | Shapes) -> Network:
    """Make a network of lines (EPSG:28992).

    Lines meet where they share a vertex (to the centimetre), and where an end lies within
    :data:`SNAP_M` of another line: the gap is then walked as well. Lines that only cross do not
    meet: that is a bridge or a tunnel.
    """
    at, line = shapely.get_coordinates(np.asarray(lines, dtype=object), return_index=True)
    whole, node = np.unique(np.round(at * _CM).astype(np.int64), axis=0, return_inverse=True)
    node = node.ravel()
    at = whole / _CM
    follows = line[1:] == line[:-1]
    start, end = node[:-1][follows], node[1:][follows]
    first = np.diff(line, prepend=-1) != 0
    last = np.diff(line, append=-1) != 0
    ends = np.unique(node[first | last])
    kept = start != end
    network = Network(at, start[kept], end[kept])
    return _with_ends_joined(network, ends) if len(ends) else network


def _with_ends_joined(network: Network, ends: IndexArray) -> Network:
    """Join ends to the nodes, and to the stretches between nodes, that lie within reach of them."""
    at = network.at
    near = cKDTree(at).query_ball_point(at[ends], SNAP_M)
    counts = np.fromiter(map(len, near), dtype=np.intp, count=len(near))
    one = np.repeat(ends, counts)
    other = np.fromiter((n for found in near for n in found), dtype=np.intp, count=counts.sum())
    gaps = one != other
    tree = shapely.STRtree(network.shapes)
    place, stretch = tree.query(shapely.points(at[ends]), predicate="dwithin", distance=SNAP_M)
    tip = ends[place]
    along = _along(at[tip], at[network.start[stretch]], at[network.end[stretch]])
    between = (along > 0) & (along < 1)
    tip, stretch, along = tip[between], stretch[between], along[between]
    begins, finishes = at[network.start[stretch]], at[network.end[stretch]]
    feet = begins + along[:, None] * (finishes - begins)
    # an end that lies on the stretch is the node at which it is cut
    apart = np.hypot(*(feet - at[tip]).T) * _CM >= 0.5
    node = np.where(apart, len(at) + np.arange(len(feet)), tip)
    both = Network(np.concatenate([at, feet]), network.start, network.end)
    cut = _cut(both, stretch, along, node)
    return Network(
        cut.at,
        np.concatenate([cut.start, one[gaps], tip[apart]]),
        np.concatenate([cut.end, other[gaps], node[apart]]),
    )


def _along(points: FloatArray, begins: FloatArray, finishes: FloatArray) -> FloatArray:
    """Give where on each stretch the foot of a point lies: 0 at its beginning, 1 at its end."""
    way = finishes - begins
    return np.asarray(((points - begins) * way).sum(axis=1) / (way**2).sum(axis=1))


def _cut(network: Network, stretch: IndexArray, along: FloatArray, node: IndexArray) -> Network:
    """Cut stretches at nodes that lie on them, at a share of their length."""
    cut, place = np.unique(stretch, return_inverse=True)
    which = np.concatenate([np.arange(len(cut)), place, np.arange(len(cut))])
    share = np.concatenate([np.zeros(len(cut)), along, np.ones(len(cut))])
    nodes = np.concatenate([network.start[cut], node, network.end[cut]])
    order = np.lexsort((share, which))
    which, nodes = which[order], nodes[order]
    follows = which[1:] == which[:-1]
    kept = np.ones(len(network.start), dtype=bool)
    kept[cut] = False
    return Network(
        network.at,
        np.concatenate([network.start[kept], nodes[:-1][follows]]),
        np.concatenate([network.end[kept], nodes[1:][follows]]),
    )


def _stretches(begins: FloatArray, finishes: FloatArray) -> Shapes:
    return np.asarray(shapely.linestrings(np.stack([begins, finishes], axis=1)), dtype=object)


def _length_m(at: FloatArray, start: IndexArray, end: IndexArray) -> FloatArray:
    return np.asarray(np.maximum(np.hypot(*(at[end] - at[start]).T), _SHORTEST_M))


# --- from a plot ---------------------------------------------------------------------------------


def walk_from(plot: Area, network: Network, covered: Coverage) -> Walk:
    """Give what is reached on foot from a plot (EPSG:28992) within :data:`WALKING_REACHES_M`.

    It is not known where the network may not hold everything so far around the plot, and where the
    plot lies too far from it.

    Args:
        plot: from the edge of which one walks.
        network: to walk over.
        covered: where the network holds everything.
    """
    if not covered.complete:
        return Walk(unknown=Message("walk.unknown.part"))
    inside = shapely.covers(province(), plot)
    edge_m = shapely.distance(plot, shapely.boundary(province())) + covered.margin_m
    if not inside or edge_m < max(WALKING_REACHES_M):
        return Walk(unknown=Message("walk.unknown.edge", {"metres": max(WALKING_REACHES_M)}))
    reached = reached_from(plot, network, WALKING_REACHES_M)
    if reached is None:
        return Walk(unknown=Message("walk.unknown.far", {"metres": FARTHEST_START_M}))
    return Walk(tuple(beside(lines) for lines in reached))


def beside(lines: Shapes) -> Area:
    """Give what lies within :data:`BESIDE_M` of lines."""
    streets = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))
    # one by one and then together is four times as quick as all at once
    area: Area = shapely.union_all(shapely.buffer(streets, BESIDE_M, quad_segs=4))  # type: ignore[assignment]
    return area


def reached_from(plot: Area, network: Network, reaches_m: Sequence[float]) -> list[Shapes] | None:
    """Give what of a network is reached from a plot, for each of some distances.

    One leaves the plot where the network is nearest to its edge, or at most :data:`FRONT_M` farther
    away, and walks to there too, straight. A stretch that is not reached whole is cut where one
    gets to. None where even the nearest lies farther than :data:`FARTHEST_START_M`.

    Args:
        plot: polygon or multipolygon in EPSG:28992.
        network: to walk over.
        reaches_m: distances, each at least ``FARTHEST_START_M + FRONT_M``.
    """
    farthest = max(reaches_m)
    there = network.near(np.asarray(plot.bounds), farthest)
    if not len(there.start):
        return None
    shapes = there.shapes
    away = shapely.distance(shapes, plot)
    if away.min() > FARTHEST_START_M:
        return None
    front = shapely.buffer(plot, away.min() + FRONT_M, quad_segs=64)  # round to a centimetre
    crossed = np.flatnonzero(shapely.intersects(shapes, front))
    pieces, owner = shapely.get_parts(
        shapely.intersection(shapes[crossed], front), return_index=True
    )
    long = shapely.length(pieces) > 0  # one that only touches is a point
    pieces, owner = pieces[long], owner[long]
    there, starts = _cut_at_ends(there, crossed[owner], pieces)
    starts = np.union1d(starts, _nodes_in(there, front))
    away_m = np.asarray(shapely.distance(shapely.points(there.at[starts]), plot))
    cost = _cost_m(there, starts, away_m, farthest)
    # the front itself is reached, however long it is
    return [np.concatenate([pieces, _up_to(there, cost, reach)]) for reach in reaches_m]


def _cut_at_ends(
    network: Network, stretch: IndexArray, pieces: Shapes
) -> tuple[Network, IndexArray]:
    """Cut stretches at the ends of pieces of them; gives the nodes that this makes as well."""
    tips = shapely.get_coordinates([shapely.get_point(pieces, k) for k in (0, -1)])
    stretch = np.concatenate([stretch, stretch])
    begins, finishes = network.at[network.start[stretch]], network.at[network.end[stretch]]
    along = _along(tips, begins, finishes)
    between = (along > 0) & (along < 1)
    new = len(network.at) + np.arange(int(between.sum()))
    more = Network(np.concatenate([network.at, tips[between]]), network.start, network.end)
    return _cut(more, stretch[between], along[between], new), new


def _nodes_in(network: Network, area: shapely.Geometry) -> IndexArray:
    shapely.prepare(area)
    return np.flatnonzero(shapely.intersects_xy(area, network.at))


def _cost_m(network: Network, starts: IndexArray, away_m: FloatArray, limit_m: float) -> FloatArray:
    """Give how far each node lies from the plot; infinite where farther than a limit."""
    count = len(network.at)
    one = np.concatenate([np.minimum(network.start, network.end), np.full(len(starts), count)])
    other = np.concatenate([np.maximum(network.start, network.end), starts])
    length = np.concatenate([network.length_m, away_m + _HEAD_START_M])
    # of stretches between the same nodes the shortest counts; a matrix would add them up
    order = np.lexsort((length, other, one))
    one, other, length = one[order], other[order], length[order]
    first = np.ones(len(one), dtype=bool)
    first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    graph = coo_array(
        (length[first], (one[first], other[first])), shape=(count + 1, count + 1)
    ).tocsr()
    found = dijkstra(graph, directed=False, indices=count, limit=limit_m + _HEAD_START_M)
    return np.asarray(found[:count] - _HEAD_START_M)


def _up_to(network: Network, cost_m: FloatArray, reach_m: float) -> Shapes:
    """Give the stretches as far as they are reached: from either end."""
    begins, finishes = network.at[network.start], network.at[network.end]
    length = network.length_m
    one = np.clip(reach_m - cost_m[network.start], 0, length)
    other = np.clip(reach_m - cost_m[network.end], 0, length)
    whole = one + other >= length
    way = (finishes - begins) / length[:, None]
    from_one, from_other = ~whole & (one > 0), ~whole & (other > 0)
    cut_one = begins[from_one] + one[from_one, None] * way[from_one]
    cut_other = finishes[from_other] - other[from_other, None] * way[from_other]
    return np.concatenate(
        [
            _stretches(begins[whole], finishes[whole]),
            _stretches(begins[from_one], cut_one),
            _stretches(cut_other, finishes[from_other]),
        ]
    )
