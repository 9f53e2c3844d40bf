"""Draw what lies under the plots: the packaged ground, municipalities, names and scale."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from matplotlib_scalebar.scalebar import ScaleBar
from shapely.geometry.base import BaseGeometry

from data.loader import resource_names, short_names
from data.translated import in_language
from geo import ground
from geo import layers as layers_of
from messages import text
from presentation.plain_text import printable
from reports.background import Background
from reports.drawing.canvas import INK, SOFT_INK, Bounds, dots_per_pt, halo, widened, write

ELSEWHERE = "#ECEFF1"
LAND = "#FAF9F6"
BUILT = "#EAE4DA"
NATURE = "#C9E0B6"
WATER = "#A5CBE3"
RAIL = "#6B7278"
QUARTER = "#B3A793"
"""Of the borders of neighbourhoods."""
_BORDER = "#7B858C"
_NAME_PT = 7.0
_ASIDE = ((0.0, 0.0), (0.0, -2.4), (0.0, 2.4), (1.5, 0.0), (-1.5, 0.0))
"""Where a name may stand, in half its width and height from its place."""

BoolArray = npt.NDArray[np.bool_]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapLayers:
    """What lies under the plots; every table is in EPSG:28992.

    Attributes:
        municipalities: polygons with a column ``name``.
        reception_locations: points with ``kind``, ``status`` and ``precision_m``; may be None.
        background: a picture of the ground in place of the packaged one.
        ground: whether the packaged ground is drawn.
    """

    municipalities: gpd.GeoDataFrame
    reception_locations: gpd.GeoDataFrame | None = None
    background: Background | None = None
    ground: bool = True

    def short_sources(self, language: str) -> tuple[str, ...]:
        """Name whose ground and names are drawn, once each, in "nl" or "en"."""
        drawn = () if self.background is None else self.background.short
        packaged = short_names(self.sources, language)
        return tuple(dict.fromkeys([*(in_language(name, language) for name in drawn), *packaged]))

    @property
    def sources(self) -> tuple[str, ...]:
        """The packaged files that are drawn; places are named on a picture of the ground too."""
        if self.background is not None or not self.ground:
            return ("places",)
        return tuple(name for name in resource_names(role="ground") if name != "nature_names")


def open_window(axes: Axes, extent: Bounds) -> float:
    """Set the limits of axes to an extent widened to their shape; gives metres per point."""
    window = widened(extent, axes)
    axes.set_xlim(window[0], window[2])
    axes.set_ylim(window[1], window[3])
    axes.set_aspect("equal")
    axes.set_facecolor(ELSEWHERE)
    return (window[2] - window[0]) / (axes.get_window_extent().width / dots_per_pt(axes))


def window_of(axes: Axes) -> Bounds:
    """Give the limits of axes as bounds."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return (west, south, east, north)


def draw_ground(
    axes: Axes, layers: MapLayers, *, near: bool = False, neighbourhoods: bool = False
) -> None:
    """Draw the ground into axes of which the window is open.

    Args:
        axes: with limits in metres RD.
        layers: what there is.
        near: for a part of a town: thicker lines.
        neighbourhoods: whether the packaged ground has their borders, which it knows roughly.
    """
    window = window_of(axes)
    areas = layers.municipalities
    if layers.background is not None:
        west, south, east, north = layers.background.bounds
        axes.imshow(
            layers.background.image,
            extent=(west, east, south, north),
            zorder=0.5,
            interpolation="bilinear",
        )
        axes.set_xlim(window[0], window[2])
        axes.set_ylim(window[1], window[3])
    else:
        _fill(axes, areas.geometry, LAND, 1, within=window)
        if layers.ground:
            _fill(axes, ground.built_up().geometry, BUILT, 1.2, within=window)
            _fill(axes, ground.nature_areas().geometry, NATURE, 1.3, within=window)
            _fill(axes, ground.water_areas().geometry, WATER, 1.4, within=window)
            waterways = ground.waterways()
            ranks = waterways["rank"].to_numpy(dtype=float)
            widths = (np.where(ranks == 1, 2.2, np.where(ranks == 2, 1.3, 0.7))) * (
                2 if near else 1
            )
            _lines(axes, waterways.geometry, WATER, widths, 1.5, window)
            _lines(axes, ground.railways().geometry, RAIL, 0.9 if near else 0.6, 1.6, window)
            if neighbourhoods:
                _lines(axes, _quarter_lines(), QUARTER, 0.9, 1.35, window, dotted=True)
    _lines(axes, areas.boundary, _BORDER, 1.0 if near else 0.55, 3, window, dashed=near)


def _fill(
    axes: Axes, shapes: gpd.GeoSeries, colour: str, order: float, within: Bounds | None = None
) -> None:
    areas = shapes.to_numpy()
    if within is not None:
        areas = areas[shapely.intersects(areas, shapely.box(*within))]
    if len(areas):
        axes.add_collection(
            PathCollection(
                [_path(area) for area in areas],
                facecolors=colour, edgecolors="none", linewidths=0, zorder=order,
            ),
            autolim=False,
        )  # fmt: skip


def _path(area: BaseGeometry) -> Path:
    """Give a polygon with all its parts and holes as one outline to fill."""
    parts = shapely.get_parts(shapely.orient_polygons(area))
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _lines(
    axes: Axes,
    shapes: gpd.GeoSeries,
    colour: str,
    widths: float | npt.NDArray[np.float64],
    order: float,
    window: Bounds,
    *,
    dashed: bool = False,
    dotted: bool = False,
) -> None:
    seen = shapes.intersects(shapely.box(*window)).to_numpy()
    parts, owner = shapely.get_parts(shapes.to_numpy()[seen], return_index=True)
    thick = np.broadcast_to(np.asarray(widths, dtype=float), (len(shapes),))[seen][owner]
    axes.add_collection(
        LineCollection(
            [shapely.get_coordinates(part) for part in parts],
            colors=colour,
            linewidths=thick,
            linestyles=[(0, (6, 2))] if dashed else [(0, (1, 1.6))] if dotted else "solid",
            capstyle="butt" if dashed else "round",
            zorder=order,
        ),
        autolim=False,
    )


@functools.cache
def _places() -> tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    found = ground.places()
    at = shapely.get_coordinates(found.geometry.to_numpy())
    return list(found["name"]), at, found["weight"].to_numpy(dtype=float)


def name_places(
    axes: Axes,
    metres_per_pt: float,
    taken: Sequence[Box],
    *,
    most: int,
    inside: shapely.Geometry | None = None,
    lightest: float = 0.0,
    neighbourhoods: bool = False,
) -> None:
    """Name places, the heaviest first; a name that would lie on something else steps aside or goes.

    Args:
        axes: with an open window.
        metres_per_pt: of the map.
        taken: boxes (west, south, east, north) that must stay free.
        most: so many names at most.
        inside: only places in this area.
        lightest: no place of less weight than this (about its inhabitants).
        neighbourhoods: whether those are named too, after the places.
    """
    window = window_of(axes)
    used = list(taken)
    written = 0
    quarters = _quarters(window) if neighbourhoods else []
    for name, (x, y), weight in (*zip(*_places(), strict=True), *quarters):
        if written >= most or weight < lightest:
            return
        if not (window[0] < x < window[2] and window[1] < y < window[3]):
            continue
        if inside is not None and not shapely.contains_xy(inside, x, y):
            continue
        words = printable(name, 30)
        half_width = (0.31 * _NAME_PT * len(words) + 2) * metres_per_pt
        half_height = 0.75 * _NAME_PT * metres_per_pt
        for dx, dy in _ASIDE:
            right, up = x + dx * half_width, y + dy * half_height
            box = (right - half_width, up - half_height, right + half_width, up + half_height)
            out = box[0] < window[0] or box[2] > window[2] or box[1] < window[1]
            if out or box[3] > window[3] or any(overlap(box, other) for other in used):
                continue
            used.append(box)
            written += 1
            write(axes, right, up, words, _NAME_PT, colour=SOFT_INK, align="center", zorder=14.5,
                  path_effects=halo(2.2), clip_on=True)  # fmt: skip
            break


@functools.cache
def _neighbourhoods() -> gpd.GeoSeries:
    outlines = layers_of.neighbourhoods()
    shapes = outlines.geometry.to_numpy()
    drawn = outlines[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return drawn.geometry.set_axis(drawn["name"])


@functools.cache
def _quarter_lines() -> gpd.GeoSeries:
    return _neighbourhoods().boundary


def _quarters(window: Bounds) -> list[tuple[str, tuple[float, float], float]]:
    """Give the neighbourhoods in a window, the largest part first, each where it is seen."""
    known = {name for name, *_ in zip(*_places(), strict=True)}
    found = []
    for name, area in _clipped(_neighbourhoods(), window):
        if name not in known:
            point = area.representative_point()
            found.append((name, (point.x, point.y), float(area.area)))
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _clipped(shapes: gpd.GeoSeries, window: Bounds) -> list[tuple[str, BaseGeometry]]:
    box = shapely.box(*window)
    seen = shapes[shapes.intersects(box).to_numpy()]
    return [(str(name), area.intersection(box)) for name, area in seen.items()]


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share any ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def scale_room(axes: Axes, metres_per_pt: float) -> list[Box]:
    """Give the room of what :func:`draw_scale` draws on a small map, in metres RD."""
    west, south, east, north = window_of(axes)
    return [
        (west, south, west + 0.24 * (east - west), south + 30 * metres_per_pt),
        (east - 28 * metres_per_pt, north - 46 * metres_per_pt, east, north),
    ]


def draw_scale(axes: Axes, language: str, size_pt: float = 8.0) -> None:
    """Draw a scale bar at the lower left and an arrow to the north of RD at the top right."""
    bar = ScaleBar(
        1.0,
        "m",
        location="lower left",
        box_alpha=0.8,
        scale_loc="top",
        length_fraction=0.2,
        border_pad=0.5,
        color=INK,
        font_properties={"size": size_pt},
    )
    bar.set_zorder(30)
    axes.add_artist(bar)
    high = axes.get_window_extent().height
    axes.annotate(
        text("reports.map.north", language),
        xy=(0.968, 0.978),
        xytext=(0.968, 0.978 - 3.8 * size_pt * dots_per_pt(axes) / high),
        xycoords="axes fraction",
        textcoords="axes fraction",
        ha="center",
        va="center",
        fontsize=size_pt,
        fontweight="bold",
        color=INK,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.3, "shrinkB": 0},
        zorder=31,
        path_effects=halo(2.5),
    )
