"""Draw a bare map of a part of the province, for use inside a report or on the screen."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from reports.drawing.canvas import Bounds, axes_in_inches, framed, new_figure, saved
from reports.drawing.ground import (
    MapLayers,
    draw_ground,
    draw_scale,
    name_places,
    open_window,
    scale_room,
)
from reports.drawing.locations import draw_locations
from reports.drawing.plots import Mark, draw_plots

_NEAR_M_PER_PT = 40.0
"""Below this many metres a point a map shows a part of a town."""


def cutout_picture(
    plots: gpd.GeoDataFrame,
    marks: Sequence[Mark],
    layers: MapLayers,
    *,
    extent: Bounds,
    size_cm: tuple[float, float],
    language: str = "nl",
    marked: Sequence[str] = (),
    numbered: Sequence[str] = (),
    names: int = 12,
    scale: bool = True,
    muted: bool = False,
    dots_per_inch: int = 200,
) -> bytes:
    """Draw a map as PNG.

    Args:
        plots: the plots to draw, in EPSG:28992.
        marks: how each is drawn, see :func:`reports.drawing.plots.marks_of`.
        layers: what lies under the plots.
        extent: west, south, east, north in metres RD; widened to the shape of the picture.
        size_cm: width and height on paper, in centimetres.
        language: "nl" or "en".
        marked: plots that get a red outline.
        numbered: plots whose mark bears the rank.
        names: so many places are named at most.
        scale: whether a scale bar and a north arrow are drawn.
        muted: whether reception locations step back.
        dots_per_inch: how fine the picture is.
    """
    inches = (size_cm[0] / 2.54, size_cm[1] / 2.54)
    figure = new_figure(*inches, dots_per_inch)
    axes = axes_in_inches(figure, (0.01, 0.01, inches[0] - 0.02, inches[1] - 0.02))
    metres_per_pt = open_window(axes, extent)
    draw_ground(axes, layers, near=metres_per_pt < _NEAR_M_PER_PT)
    if layers.reception_locations is not None:
        draw_locations(axes, layers.reception_locations, 6.5, muted=muted)
    draw_plots(axes, plots, marks, metres_per_pt, numbered=numbered, red=marked)
    if names:
        reach = 12 * metres_per_pt
        taken = [
            (p.x - reach, p.y - reach, p.x + reach, p.y + reach)
            for p in plots.geometry.representative_point()
        ]
        taken += scale_room(axes, metres_per_pt) if scale else []
        name_places(axes, metres_per_pt, taken, most=names)
    if scale:
        draw_scale(axes, language, 7.0)
    framed(axes)
    return saved(figure, "png", "")
