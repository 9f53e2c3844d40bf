"""Draw candidate plots: their shape, and a mark with their rank, with the signs of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline
from matplotlib.transforms import ScaledTranslation, Transform
from shapely.geometry.base import BaseGeometry

from data.vocabulary import LimitOutcome
from presentation import symbols
from reports.content import Content
from reports.drawing.apart import set_apart
from reports.drawing.canvas import INK, PAPER, Bounds, write
from reports.drawing.ground import window_of

_SMALLEST_AREA_PT = 7.0
"""A plot whose picture is smaller than this gets a mark, or nobody would see it."""

_HEXAGON = Outline(
    np.array([*symbols.SHAPES[symbols.PLOT_SHAPE], symbols.SHAPES[symbols.PLOT_SHAPE][0]]),
    closed=True,
)


@dataclass(frozen=True)
class Mark:
    """How one plot is drawn.

    Attributes:
        plot_id: which.
        rank: by its lower score.
        low: lower score, 0 to 100; NaN when there is none.
        high: upper score.
        blocked: whether a limit blocks it.
    """

    plot_id: str
    rank: int
    low: float
    high: float
    blocked: bool = False

    @property
    def style(self) -> symbols.SuitabilityStyle:
        """The colour of its certain score."""
        return symbols.suitability_style(None if self.low != self.low else self.low / 100)

    @property
    def uncertain(self) -> bool:
        """Whether it may turn out in a higher class."""
        if self.low != self.low or self.high != self.high:
            return False
        return symbols.suitability_class(self.low / 100) != symbols.suitability_class(
            self.high / 100
        )


def marks_of(content: Content) -> list[Mark]:
    """Give the marks of all plots of an output, best first."""
    blocked = {line.plot_id for line in content.limits if line.outcome == LimitOutcome.GEBLOKKEERD}
    ranking = content.ranking
    return [
        Mark(str(plot_id), rank, float(low), float(high), str(plot_id) in blocked)
        for plot_id, rank, low, high in zip(
            content.plots.index, content.ranks, ranking.lower, ranking.upper, strict=True
        )
    ]


def draw_plots(
    axes: Axes,
    plots: gpd.GeoDataFrame,
    marks: Sequence[Mark],
    metres_per_pt: float,
    *,
    numbered: Sequence[str] = (),
    red: Sequence[str] = (),
    mark_pt: float = 6.0,
    number_pt: float = 17.0,
    taken: Sequence[Bounds] = (),
) -> dict[str, tuple[float, float]]:
    """Draw plots by suitability, the best on top; what lies outside the window costs no time.

    Args:
        axes: with an open window.
        plots: EPSG:28992, indexed by ``plot_id``.
        marks: how each is drawn, best first.
        metres_per_pt: of the map.
        numbered: plots whose mark bears the rank.
        red: plots that get the outline of the one that is chosen, and no mark.
        mark_pt: size of a mark without a number.
        number_pt: size of one with a number.
        taken: where no number stands.

    Returns:
        Where the numbers stand, see :func:`draw_numbers`.
    """
    seen = plots.geometry.intersects(
        shapely.box(*window_of(axes)).buffer(2 * number_pt * metres_per_pt)
    )
    known = {str(plot_id): area for plot_id, area in plots.geometry[seen].items()}
    drawn = [mark for mark in marks if not _nothing(known.get(mark.plot_id))]
    _shapes(axes, known, [mark for mark in drawn if mark.plot_id not in set(red)], metres_per_pt)
    chosen = set(numbered)
    for mark in reversed(drawn):
        area = known[mark.plot_id]
        if mark.plot_id in red:
            gpd.GeoSeries([area]).plot(
                ax=axes, facecolor=symbols.tint(symbols.SELECTED_OUTLINE, 0.25), zorder=17,
                edgecolor=symbols.SELECTED_OUTLINE, linewidth=2.0, aspect=None,
            )  # fmt: skip
    small = [
        mark
        for mark in drawn
        if mark.plot_id not in chosen
        and mark.plot_id not in red
        and _extent(known[mark.plot_id]) / metres_per_pt < _SMALLEST_AREA_PT
    ]
    _hexagons(axes, known, small, mark_pt, 16)
    ranked = [mark for mark in drawn if mark.plot_id in chosen]
    return draw_numbers(axes, known, ranked, metres_per_pt, number_pt, taken)


def draw_numbers(
    axes: Axes,
    known: Mapping[str, BaseGeometry],
    marks: Sequence[Mark],
    metres_per_pt: float,
    size_pt: float,
    taken: Sequence[Bounds] = (),
) -> dict[str, tuple[float, float]]:
    """Draw marks with their rank so that each can be read, whatever lies beside it.

    One that would lie on another stands aside, with a line to where its plot is.

    Args:
        axes: with an open window.
        known: the shapes of plots, EPSG:28992, by ``plot_id``.
        marks: how each is drawn, best first; none outside the window.
        metres_per_pt: of the map.
        size_pt: of a mark.
        taken: boxes (west, south, east, north) in which no number stands.

    Returns:
        The middle of each number, in metres RD, by ``plot_id``.
    """
    if not marks:
        return {}
    points = np.array(
        [shapely.get_coordinates(known[m.plot_id].representative_point())[0] for m in marks]
    )
    reach = number_reach_pt(size_pt) * metres_per_pt
    places = set_apart(points, reach, window_of(axes), taken)
    for mark, point, place in reversed(list(zip(marks, points, places, strict=True))):
        if np.hypot(*(place - point)) > 0.1 * reach:
            line = np.stack([point, place])
            axes.plot(*line.T, color=PAPER, linewidth=2.6, zorder=18.8, solid_capstyle="round")
            axes.plot(*line.T, color=INK, linewidth=1.0, zorder=18.9)
            _scatter(axes, [point[0]], [point[1]], mark, 0.4 * size_pt, 18.95, white=True)
        draw_mark(axes, place[0], place[1], mark, size_pt)
    return {m.plot_id: (float(x), float(y)) for m, (x, y) in zip(marks, places, strict=True)}


def number_reach_pt(size_pt: float) -> float:
    """Give half of what a mark of a size takes, with the white around it."""
    return 0.62 * size_pt


def draw_mark(axes: Axes, x: float, y: float, mark: Mark, size_pt: float) -> None:
    """Draw one mark with its rank: thick and barred when blocked, dashed when it may rise."""
    order = 20 - mark.rank / 1000
    _scatter(axes, [x], [y], mark, size_pt, order, white=True)
    write(axes, x, y, str(mark.rank), (0.5 if mark.rank < 100 else 0.38) * size_pt,
          colour=symbols.text_colour(mark.style.colour), weight="bold", align="center",
          zorder=order + 0.0005, clip_on=True)  # fmt: skip
    if mark.blocked:
        axes.plot([x], [y], marker="o", markersize=0.45 * size_pt, color=INK, linestyle="none",
                  transform=_shifted(axes, 0.42 * size_pt), zorder=order + 0.0006)  # fmt: skip
        axes.plot([x], [y], marker="_", markersize=0.28 * size_pt, color=PAPER, linestyle="none",
                  markeredgewidth=0.09 * size_pt, zorder=order + 0.0007,
                  transform=_shifted(axes, 0.42 * size_pt))  # fmt: skip


def _shifted(axes: Axes, by_pt: float) -> Transform:
    scale = axes.figure.dpi_scale_trans
    return axes.transData + ScaledTranslation(by_pt / 72, by_pt / 72, scale)


def _nothing(area: BaseGeometry | None) -> bool:
    return area is None or area.is_empty


def _extent(area: BaseGeometry) -> float:
    west, south, east, north = area.bounds
    return float(max(east - west, north - south))


def _shapes(
    axes: Axes,
    known: dict[str, BaseGeometry],
    marks: Sequence[Mark],
    metres_per_pt: float,
) -> None:
    """Draw the shapes of plots that are large enough to be seen, a class at a time."""
    groups: dict[tuple[str, bool, bool], list[BaseGeometry]] = {}
    for mark in reversed(marks):
        area = known[mark.plot_id]
        if _extent(area) / metres_per_pt >= _SMALLEST_AREA_PT:
            key = (mark.style.colour, mark.uncertain or bool(mark.style.dash), mark.blocked)
            groups.setdefault(key, []).append(area)
    for (colour, dashed, blocked), areas in groups.items():
        gpd.GeoSeries(areas).plot(
            ax=axes,
            facecolor=colour,
            edgecolor="#000000" if blocked else symbols.PLOT_OUTLINE,
            linewidth=2.0 if blocked else 0.9,
            linestyle=(0, (3, 2)) if dashed and not blocked else "solid",
            zorder=15,
            aspect=None,
        )


def _hexagons(
    axes: Axes,
    known: dict[str, BaseGeometry],
    marks: Sequence[Mark],
    size_pt: float,
    order: float,
) -> None:
    """Draw marks without a number, a class at a time, the least suitable below."""
    groups: dict[tuple[str, bool, bool], list[Mark]] = {}
    for mark in reversed(marks):
        groups.setdefault((mark.style.colour, mark.uncertain, mark.blocked), []).append(mark)
    for place, members in enumerate(groups.values()):
        points = [known[mark.plot_id].representative_point() for mark in members]
        _scatter(
            axes,
            [p.x for p in points],
            [p.y for p in points],
            members[0],
            size_pt,
            order + place / (len(groups) + 1),
        )


def _scatter(
    axes: Axes,
    x: Sequence[float],
    y: Sequence[float],
    mark: Mark,
    size_pt: float,
    order: float,
    *,
    white: bool = False,
) -> PathCollection:
    if white:
        # white around it, so that it reads on any ground
        axes.scatter(x, y, s=(1.2 * size_pt) ** 2, marker=_HEXAGON, facecolor=PAPER,
                     linewidths=0, zorder=order - 0.0001)  # fmt: skip
    dashed = (mark.uncertain or mark.style.dash) and not mark.blocked
    return axes.scatter(
        x,
        y,
        s=size_pt**2,
        marker=_HEXAGON,
        facecolor=mark.style.colour,
        edgecolor="#000000" if mark.blocked else symbols.PLOT_OUTLINE,
        linewidths=(0.13 if mark.blocked else 0.065) * size_pt,
        linestyles=[(0, (2.2, 1.5))] if dashed else "solid",
        hatch=mark.style.hatch or None,
        zorder=order,
    )


def density(
    axes: Axes, plots: gpd.GeoDataFrame, marks: Sequence[Mark], *, across: int = 46
) -> None:
    """Draw very many plots as hexagons of ground, each with the colour of its best score.

    How many plots there are shows in the size: a single one fills half of its hexagon.
    """
    known = {str(plot_id): area for plot_id, area in plots.geometry.items()}
    drawn = [mark for mark in marks if not _nothing(known.get(mark.plot_id))]
    at = shapely.get_coordinates(shapely.centroid(np.array([known[m.plot_id] for m in drawn])))
    best = np.array([mark.low for mark in drawn])
    west, east = axes.get_xlim()
    step = (east - west) / across
    cells: dict[tuple[int, int], list[int]] = {}
    for place, key in enumerate(_hex_cells(at, step)):
        cells.setdefault(key, []).append(place)
    high = step / np.sqrt(3)
    for (column, line), members in cells.items():
        x = (column + 0.5 * (line % 2)) * step
        y = line * 1.5 * high
        top = int(members[int(np.nanargmax(best[members]))]) if len(members) else 0
        size = min(1.0, 0.55 + 0.15 * np.log2(len(members))) * high * 0.96
        corners = [(x + size * np.sin(a), y + size * np.cos(a)) for a in np.arange(6) * np.pi / 3]
        axes.fill(
            *zip(*corners, strict=True), facecolor=drawn[top].style.colour,
            edgecolor=symbols.PLOT_OUTLINE, linewidth=0.4, zorder=14,
        )  # fmt: skip


def _hex_cells(at: npt.NDArray[np.float64], step: float) -> list[tuple[int, int]]:
    """Give for each point the hexagon (column, line) whose middle is nearest."""
    high = step / np.sqrt(3)
    line = at[:, 1] / (1.5 * high)
    found = []
    for x, y, guess in zip(at[:, 0], at[:, 1], np.floor(line).astype(int), strict=True):
        tries = []
        for row in (guess, guess + 1):
            column = round(x / step - 0.5 * (row % 2))
            middle = ((column + 0.5 * (row % 2)) * step, row * 1.5 * high)
            tries.append(((x - middle[0]) ** 2 + (y - middle[1]) ** 2, column, row))
        _, column, row = min(tries)
        found.append((column, row))
    return found
