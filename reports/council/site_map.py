"""Draw where a plot lies: its outline, how far one walks, and what is nearest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from data.loader import short_names
from data.tiles import PDOK_TILES
from geo import layers
from messages import text
from presentation import symbols
from presentation.numbers import distance
from presentation.plain_text import printable
from reports.background import Ask, Background, ask_nobody
from reports.content import Content
from reports.credits import LONGEST_NAME
from reports.drawing.canvas import (
    INK,
    PAPER,
    Bounds,
    axes_in_inches,
    framed,
    halo,
    new_figure,
    saved,
    wrapped,
    write,
)
from reports.drawing.ground import (
    Box,
    MapLayers,
    draw_ground,
    draw_scale,
    name_places,
    open_window,
    overlap,
    scale_room,
    window_of,
)
from reports.drawing.locations import draw_locations, well_known
from reports.drawing.plots import draw_plots, marks_of

RINGS_M = (400.0, 800.0)
"""About five and ten minutes on foot."""
_AROUND_AERIAL_M, _AROUND_SMALL_M = 220.0, 450.0
SCALES = (10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000)
"""Scales of maps on paper: that of a plot has the first on which its inner ring is whole."""
_ROOM_FOR_RING_M = 12.0
_SIGN_PT = 6.2
_SIGN_LETTERS = 36


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of a kind, as far as it is known."""

    kind: str
    name: str
    away_m: float
    x: float
    y: float


def nearest_of(content: Content, place: int) -> list[Nearest]:
    """Give the nearest of each kind of sign of which it is known where it is."""
    around = content.ranking.measured.surroundings
    shape = content.plots.geometry.iloc[place]
    found = []
    for kind in symbols.SIGN_SHAPES:
        points = around.places_of(kind)
        if points.empty:
            continue
        away = points.geometry.distance(shape).to_numpy()
        best = int(np.argmin(away))
        point = points.geometry.iloc[best]
        name = printable(points["name"].iloc[best], 120)
        found.append(Nearest(kind, name, float(away[best]), point.x, point.y))
    return found


def window_around(shape: BaseGeometry, size_cm: tuple[float, float], around_m: float) -> Bounds:
    """Give the part of the ground on a picture of a size, with so much around a plot (metres)."""
    west, south, east, north = shape.bounds
    half = max(east - west, north - south) / 2 + around_m
    x, y = (west + east) / 2, (south + north) / 2
    wide, high = (half * side / min(size_cm) for side in size_cm)
    return (x - wide, y - high, x + wide, y + high)


def scale_of(shape: BaseGeometry, size_cm: tuple[float, float]) -> int:
    """Give the scale of the map of a plot: 1 to that, one of :data:`SCALES`.

    About 1 to 10,000, on every ground: near enough to tell a street from the next. The inner ring
    is whole on it; of the outer one, what lies within its edges is.
    """
    west, south, east, north = shape.bounds
    around_m = 2 * (RINGS_M[0] + _ROOM_FOR_RING_M)
    wide, high = east - west + around_m, north - south + around_m
    least = 100 * max(wide / size_cm[0], high / size_cm[1])
    return next((scale for scale in SCALES if scale >= least), int(round(least + 500, -3)))


def map_window(shape: BaseGeometry, size_cm: tuple[float, float]) -> Bounds:
    """Give the part of the ground on the map of a plot, see :func:`scale_of`."""
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    wide, high = (scale_of(shape, size_cm) / 100 * side / 2 for side in size_cm)
    return (x - wide, y - high, x + wide, y + high)


@dataclass(frozen=True)
class Seen:
    """What is on the map of a plot, for its legend.

    Attributes:
        outer_ring: how much of the outer ring: "whole", "part" or "none".
        others: whether other plots of the output are.
        reception: whether reception is, of which it is known where.
    """

    outer_ring: str
    others: bool
    reception: bool


def seen_on_map(content: Content, place: int, size_cm: tuple[float, float]) -> Seen:
    """Tell what the map of a plot, by position, shows beside the plot itself."""
    shape = content.plots.geometry.iloc[place]
    window = shapely.box(*map_window(shape, size_cm))
    ring = shapely.boundary(shapely.buffer(shape, RINGS_M[1]))
    outer = "whole" if window.covers(ring) else "part" if window.intersects(ring) else "none"
    others = content.plots.geometry.drop(content.plots.index[place])
    return Seen(
        outer,
        bool(others.intersects(window).any()),
        bool(_well_known(content).geometry.intersects(window).any()),
    )


def _well_known(content: Content) -> gpd.GeoDataFrame:
    return well_known(content.ranking.measured.surroundings.locations)


def site_map(
    content: Content,
    place: int,
    language: str,
    *,
    size_cm: tuple[float, float],
    rings: bool = True,
    dots_per_inch: int = 150,
    ask: Ask = ask_nobody,
) -> tuple[bytes, Background | None]:
    """Draw the map of one plot, by position, as PNG; gives also the ground from PDOK under it.

    Args:
        content: what may be shown.
        place: position of the plot.
        language: "nl" or "en".
        size_cm: width and height on paper.
        rings: whether walking rings and signs are drawn; without them it is a thumbnail.
        dots_per_inch: how fine it is.
        ask: gives the ground from PDOK, or nothing; the packaged ground is drawn then.
    """
    plots = content.plots
    shape = plots.geometry.iloc[place]
    window = map_window(shape, size_cm) if rings else window_around(shape, size_cm, _AROUND_SMALL_M)
    inches = (size_cm[0] / 2.54, size_cm[1] / 2.54)
    figure = new_figure(*inches, dots_per_inch)
    axes = axes_in_inches(figure, (0.01, 0.01, inches[0] - 0.02, inches[1] - 0.02))
    found = ask(PDOK_TILES[0], window, round(inches[0] * dots_per_inch))
    x, y = (window[0] + window[2]) / 2, (window[1] + window[3]) / 2
    metres_per_pt = open_window(axes, window)
    under = MapLayers(layers.municipalities(), background=found)
    draw_ground(axes, under, near=True, neighbourhoods=True)
    if rings:
        draw_locations(axes, _well_known(content), 6.0, muted=True)
    chosen = str(plots.index[place])
    draw_plots(axes, plots, marks_of(content), metres_per_pt, red=(chosen,), mark_pt=5.0)
    reach = max(16 * metres_per_pt, max(np.ptp(shape.bounds[::2]), np.ptp(shape.bounds[1::2])) / 2)
    taken = [(x - reach, y - reach, x + reach, y + reach), *scale_room(axes, metres_per_pt)]
    others = plots.geometry.drop(chosen)
    taken += [other.bounds for other in others[others.intersects(shapely.box(*window))]]
    if rings:
        told = [_ring(axes, shape, radius, metres_per_pt, language) for radius in RINGS_M]
        taken += [room for room in told if room is not None]
        for near in nearest_of(content, place):
            taken += _sign(axes, near, (x, y), metres_per_pt, taken, language)
    if found is None:
        # the map of PDOK names places itself
        name_places(axes, metres_per_pt, taken, most=14 if rings else 3, neighbourhoods=rings)
    draw_scale(axes, language, 6.5)
    framed(axes)
    return saved(figure, "png", ""), found


def map_sources(
    content: Content, kinds: Collection[str], seen: Seen, found: Background | None, language: str
) -> tuple[str, ...]:
    """Name whose ground, signs and reception the map of a plot shows, once each.

    Args:
        content: what may be shown.
        kinds: of which the nearest has a sign, of :data:`presentation.symbols.SIGN_SHAPES`.
        seen: what else is on the map.
        found: the ground from PDOK, as :func:`site_map` gave it.
        language: "nl" or "en".
    """
    own = content.ranking.measured.surroundings.own
    packaged = [kind for kind in kinds if kind not in own]
    files = {"schools" if kind.startswith("school_") else "facilities" for kind in packaged}
    files |= {"reception_locations"} if seen.reception else set()
    ground = MapLayers(layers.municipalities(), background=found)
    drawn = () if found else ("neighbourhood_outlines",)
    return tuple(
        dict.fromkeys(
            [
                *ground.short_sources(language),
                *short_names(("boundaries", *drawn, *sorted(files)), language),
                *(printable(own[kind].name, LONGEST_NAME) for kind in kinds if kind in own),
            ]
        )
    )


def aerial_picture(
    content: Content,
    place: int,
    *,
    size_cm: tuple[float, float],
    dots_per_inch: int = 170,
    ask: Ask = ask_nobody,
) -> tuple[bytes, str] | None:
    """Give the aerial photograph of a plot, by position, with its outline, and
    whom to credit, in Dutch.

    None where there is no photograph to be had.
    """
    shape = content.plots.geometry.iloc[place]
    window = window_around(shape, size_cm, _AROUND_AERIAL_M)
    inches = (size_cm[0] / 2.54, size_cm[1] / 2.54)
    found = ask(PDOK_TILES[1], window, round(inches[0] * dots_per_inch))
    if found is None:
        return None
    figure = new_figure(*inches, dots_per_inch)
    axes = axes_in_inches(figure, (0.01, 0.01, inches[0] - 0.02, inches[1] - 0.02))
    open_window(axes, window)
    west, south, east, north = found.bounds
    axes.imshow(found.image, extent=(west, east, south, north), interpolation="bilinear")
    axes.set_xlim(window[0], window[2])
    axes.set_ylim(window[1], window[3])
    for ring in shapely.get_rings(shape):
        line = shapely.get_coordinates(ring)
        axes.plot(*line.T, color=PAPER, linewidth=3.4, zorder=10)
        axes.plot(*line.T, color=symbols.SELECTED_OUTLINE, linewidth=1.9, zorder=10.1)
    framed(axes)
    return saved(figure, "png", ""), found.credit


def _ring(
    axes: Axes, shape: shapely.Geometry, radius: float, metres_per_pt: float, language: str
) -> Box | None:
    """Draw a ring around a plot; gives the room of its words, None where they are not seen."""
    around = shapely.buffer(shape, radius, quad_segs=24)
    ring = shapely.get_coordinates(shapely.get_exterior_ring(around))
    axes.plot(*ring.T, color=PAPER, linewidth=2.2, zorder=11)
    axes.plot(*ring.T, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=11.1)
    words = distance(radius, language)
    wide, high = 0.31 * 6.5 * len(words) * metres_per_pt, 5 * metres_per_pt
    west, south, east, north = window_of(axes)
    room = (west + wide, south + high, east - wide, north - high)
    x, y = ring[:, 0], ring[:, 1]
    seen = ring[(x >= room[0]) & (x <= room[2]) & (y >= room[1]) & (y <= room[3])]
    if not len(seen):
        return None
    # on top; of a ring that is not whole on the map, where it lies farthest west
    whole = len(seen) == len(ring)
    at = seen[int(np.argmax(seen[:, 1]) if whole else np.argmin(seen[:, 0]))]
    write(axes, at[0], at[1], words, 6.5, align="center", zorder=12, path_effects=halo(2.5))
    return (at[0] - wide, at[1] - high, at[0] + wide, at[1] + high)


def _sign(
    axes: Axes,
    near: Nearest,
    middle: tuple[float, float],
    metres_per_pt: float,
    taken: Sequence[Box],
    language: str,
) -> list[Box]:
    """Draw the sign of a facility, or an arrow at the edge to one that lies outside the map.

    Its words stand where they lie on nothing else, if there is such a place. Gives what they take.
    """
    window = window_of(axes)
    edge = 9 * metres_per_pt
    box = (window[0] + edge, window[1] + edge, window[2] - edge, window[3] - edge)
    inside = box[0] <= near.x <= box[2] and box[1] <= near.y <= box[3]
    x, y = near.x, near.y
    if inside:
        corners = symbols.SHAPES[symbols.SIGN_SHAPES[near.kind]]
        axes.scatter(
            [x], [y], s=62, marker=Outline(np.array([*corners, corners[0]]), closed=True),
            facecolor=INK, edgecolor=PAPER, linewidths=0.8, zorder=18,
        )  # fmt: skip
    else:
        line = shapely.LineString([middle, (near.x, near.y)])
        cut = shapely.intersection(line, shapely.box(*box))
        x, y = shapely.get_coordinates(cut)[-1]
        towards = np.array([near.x - middle[0], near.y - middle[1]])
        towards = towards / np.hypot(*towards) * edge * 0.9
        axes.annotate(
            "", (x + towards[0], y + towards[1]), xytext=(x, y), zorder=18,
            arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4},
        )  # fmt: skip
    label = text(f"reports.council.sign.{near.kind}", language)
    lines = [*wrapped(f"{label}: {near.name}", _SIGN_LETTERS), distance(near.away_m, language)]
    words = "\n".join(lines)
    wide = 0.31 * _SIGN_PT * max(len(line) for line in lines) * metres_per_pt
    high = (0.7 * _SIGN_PT * len(lines) + 2.8) * metres_per_pt
    sign = (x - edge, y - edge, x + edge, y + edge)
    tried = []
    for right, up in _BESIDE:
        at_x = min(max(x + right * (wide + edge), window[0] + wide + edge / 2),
                   window[2] - wide - edge / 2)  # fmt: skip
        at_y = min(max(y + up * (high + 1.2 * edge), window[1] + high + edge / 2),
                   window[3] - high - edge / 2)  # fmt: skip
        room = (at_x - wide, at_y - high, at_x + wide, at_y + high)
        clashes = sum(overlap(room, other) for other in (*taken, sign))
        tried.append((clashes, at_x, at_y, room))
    _, at_x, at_y, room = min(tried, key=lambda one: one[0])
    axes.text(
        at_x, at_y, words, fontsize=_SIGN_PT, ha="center", va="center", color=INK, zorder=19,
        family="DejaVu Sans", parse_math=False, linespacing=1.2,
        bbox={"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": INK,
              "linewidth": 0.6, "alpha": 0.92},
    )  # fmt: skip
    return [room, sign]


_BESIDE = (
    *((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1)),
    *((0, -2.5), (0, 2.5), (1, -2.5), (-1, -2.5), (1, 2.5), (-1, 2.5)),
)
"""Where the words of a sign are tried, in widths and heights of their own from it."""
