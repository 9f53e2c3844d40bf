"""Draw where a plot lies: its outline, how far one walks, and what is nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from geo import layers
from messages import text
from presentation import symbols
from presentation.numbers import distance
from presentation.plain_text import printable
from reports.content import Content
from reports.drawing.canvas import (
    INK,
    PAPER,
    axes_in_inches,
    framed,
    halo,
    new_figure,
    saved,
    write,
)
from reports.drawing.ground import (
    MapLayers,
    draw_ground,
    draw_scale,
    name_places,
    open_window,
    window_of,
)
from reports.drawing.locations import draw_locations
from reports.drawing.plots import draw_plots, marks_of

RINGS_M = (400.0, 800.0)
"""About five and ten minutes on foot."""
SIGNS = ("station", "isk", "hospital")
_SIGN_SHAPES = {"station": "square", "isk": "triangle", "hospital": "plus"}
_AROUND_M = 860.0


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of a kind, as far as it is known."""

    kind: str
    name: str
    away_m: float
    x: float
    y: float


def nearest_of(content: Content, place: int) -> list[Nearest]:
    """Give the nearest station, international class and hospital of a plot, by position."""
    around = content.ranking.measured.surroundings
    shape = content.plots.geometry.iloc[place]
    found = []
    for kind in SIGNS:
        points = around.places_of(kind)
        if points.empty:
            continue
        away = points.geometry.distance(shape).to_numpy()
        best = int(np.argmin(away))
        point = points.geometry.iloc[best]
        name = printable(points["name"].iloc[best], 40)
        found.append(Nearest(kind, name, float(away[best]), point.x, point.y))
    return found


def site_map(
    content: Content,
    place: int,
    language: str,
    *,
    size_cm: tuple[float, float],
    rings: bool = True,
    dots_per_inch: int = 130,
) -> bytes:
    """Draw the map of one plot, by position, as PNG.

    Args:
        content: what may be shown.
        place: position of the plot.
        language: "nl" or "en".
        size_cm: width and height on paper.
        rings: whether walking rings and signs are drawn; without them it is a thumbnail.
        dots_per_inch: how fine it is.
    """
    plots = content.plots
    shape = plots.geometry.iloc[place]
    west, south, east, north = shape.bounds
    half = max(east - west, north - south) / 2 + (_AROUND_M if rings else 450.0)
    x, y = (west + east) / 2, (south + north) / 2
    inches = (size_cm[0] / 2.54, size_cm[1] / 2.54)
    figure = new_figure(*inches, dots_per_inch)
    axes = axes_in_inches(figure, (0.01, 0.01, inches[0] - 0.02, inches[1] - 0.02))
    metres_per_pt = open_window(axes, (x - half, y - half, x + half, y + half))
    under = MapLayers(layers.municipalities(), layers.reception_locations())
    draw_ground(axes, under, near=True)
    if rings and under.reception_locations is not None:
        draw_locations(axes, under.reception_locations, 6.0, muted=True)
    chosen = str(plots.index[place])
    draw_plots(axes, plots, marks_of(content), metres_per_pt, red=(chosen,), mark_pt=5.0)
    reach = 16 * metres_per_pt
    taken = [(x - reach, y - reach, x + reach, y + reach)]
    if rings:
        for radius in RINGS_M:
            _ring(axes, shape, radius, language)
        for near in nearest_of(content, place):
            taken.append(_sign(axes, near, (x, y), metres_per_pt, language))
    name_places(axes, metres_per_pt, taken, most=8 if rings else 3)
    draw_scale(axes, language, 6.5)
    framed(axes)
    return saved(figure, "png", "")


def _ring(axes: Axes, shape: shapely.Geometry, radius: float, language: str) -> None:
    around = shapely.buffer(shape, radius, quad_segs=24)
    ring = shapely.get_coordinates(shapely.get_exterior_ring(around))
    axes.plot(*ring.T, color=PAPER, linewidth=2.2, zorder=11)
    axes.plot(*ring.T, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=11.1)
    top = ring[int(np.argmax(ring[:, 1]))]
    words = distance(radius, language)
    write(axes, top[0], top[1], words, 6.5, align="center", zorder=12, path_effects=halo(2.5))


def _sign(
    axes: Axes, near: Nearest, middle: tuple[float, float], metres_per_pt: float, language: str
) -> tuple[float, float, float, float]:
    """Draw the sign of a facility, or an arrow at the edge to one that lies outside the map."""
    window = window_of(axes)
    edge = 9 * metres_per_pt
    box = (window[0] + edge, window[1] + edge, window[2] - edge, window[3] - edge)
    inside = box[0] <= near.x <= box[2] and box[1] <= near.y <= box[3]
    x, y = near.x, near.y
    if inside:
        corners = symbols.SHAPES[_SIGN_SHAPES[near.kind]]
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
    words = f"{label}: {near.name}\n{distance(near.away_m, language)}"
    half_width = 0.29 * 6.2 * max(len(line) for line in words.split("\n")) * metres_per_pt
    high = 9.5 * metres_per_pt
    right = min(max(x, window[0] + half_width + edge / 2), window[2] - half_width - edge / 2)
    up = y - 15 * metres_per_pt
    if up - high < window[1]:
        up = y + 15 * metres_per_pt
    axes.text(
        right, up, words, fontsize=6.2, ha="center", va="center", color=INK, zorder=19,
        family="DejaVu Sans", parse_math=False, linespacing=1.05,
        bbox={"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": INK,
              "linewidth": 0.6, "alpha": 0.92},
    )  # fmt: skip
    return (right - half_width, up - high, right + half_width, up + high)
