"""Draw known reception locations with the signs of the screen."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from data.vocabulary import THERE_OR_COMING, LocationStatus, ReceptionKind
from presentation import symbols
from reports.drawing.canvas import INK, PAPER, SOFT_INK, dots_per_pt
from reports.drawing.ground import window_of

KNOWN_WITHIN_M = 100.0
"""What is known less well has no sign on a near map: at 1 to 12,500 that is under a centimetre."""


def well_known(locations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give reception of which it is known where it is; a rough place on a near map is wrong."""
    shown = locations["status"].isin(THERE_OR_COMING)
    return locations[shown & locations["precision_m"].le(KNOWN_WITHIN_M)]


def draw_locations(
    axes: Axes, locations: gpd.GeoDataFrame, symbol_pt: float, *, muted: bool = False
) -> None:
    """Draw known reception locations; those known roughly as an area with the sign on its edge.

    Locations in the same circle, or at the same address, get their signs side by side. Muted only
    those that are open or planned are shown, half as present and without circles: the plots are
    the message.
    """
    if muted:
        locations = locations[locations["status"].isin(THERE_OR_COMING)]
    window = shapely.box(*window_of(axes))
    for kind, status, point, (x, y, shift, radius) in zip(
        locations["kind"],
        locations["status"],
        locations.geometry,
        sign_places(locations),
        strict=True,
    ):
        # a sign may reach in from outside, as a row of them does
        if not window.dwithin(point, radius + 0.1 * window.length):
            continue
        if radius and not muted:
            ring = point.buffer(radius, quad_segs=24).exterior.xy
            axes.fill(*ring, facecolor="#00000010", edgecolor="none", zorder=7)
            axes.plot(*ring, color=SOFT_INK, linewidth=0.7, linestyle=":", zorder=7)
        symbol = symbols.KIND_SYMBOLS[ReceptionKind(kind)]
        shift_pt = shift * symbol_pt
        draw_symbol(
            axes,
            x,
            y,
            symbol,
            LocationStatus(status),
            symbol_pt,
            shift_pt=shift_pt,
            alpha=0.55 if muted else 1.0,
        )


def sign_places(locations: gpd.GeoDataFrame) -> np.ndarray:
    """Give for each location where its sign stands.

    Returns:
        Columns x and y in metres RD; how far to shift the sign to the right, in signs; and the
        radius in metres of the circle to draw, 0 for a place that is known well and for a second
        location in a circle that is drawn already.
    """
    taken: dict[tuple[int, int, int], int] = {}
    places = []
    for precision_m, point in zip(locations["precision_m"], locations.geometry, strict=True):
        # A precision that nobody stated is treated as the coarsest that occurs in the data.
        radius = float(precision_m) if precision_m == precision_m else 3000.0
        rough = radius >= symbols.AREA_FROM_PRECISION_M
        key = (round(point.x / 100), round(point.y / 100), int(radius) if rough else 0)
        place = taken.get(key, 0)
        taken[key] = place + 1
        if rough:
            # The first sign stands at two o'clock on the circle, the next 40 degrees clockwise.
            angle = np.radians(30 - 40 * place)
            x, y = point.x + radius * np.cos(angle), point.y + radius * np.sin(angle)
            places.append((x, y, 0.0, 0.0 if place else radius))
        else:
            places.append((point.x, point.y, 0.95 * place, 0.0))
    return np.array(places, dtype=float).reshape(-1, 4)


def draw_symbol(
    axes: Axes,
    x: float,
    y: float,
    symbol: symbols.KindSymbol,
    status: LocationStatus,
    size_pt: float,
    *,
    shift_pt: float = 0.0,
    alpha: float = 1.0,
) -> None:
    """Draw the sign of one location, the same as on the screen (:mod:`presentation.symbols`)."""
    style = symbols.STATUS_STYLES[status]
    face = {"full": symbol.colour, "tint": symbols.tint(symbol.colour), "empty": PAPER}
    edge = PAPER if style.fill == "full" else symbol.colour
    if shift_pt:
        moved = axes.transData.transform((x, y)) + np.array([shift_pt * dots_per_pt(axes), 0.0])
        x, y = axes.transData.inverted().transform(moved)
    corners = [*symbols.SHAPES[symbol.shape], symbols.SHAPES[symbol.shape][0]]
    dashes = (0, style.dash) if style.dash else "solid"
    axes.scatter(
        [x],
        [y],
        # Matplotlib fits a marker into a unit square; the shapes differ in extent on purpose.
        s=(1.15 * size_pt * float(np.abs(corners).max())) ** 2,
        marker=Outline(np.array(corners), closed=True),
        facecolor=face[style.fill],
        edgecolor=edge,
        linewidths=0.8 if style.fill == "full" else 1.3,
        linestyles=[dashes],
        zorder=8,
        alpha=alpha,
    )
    strokes = {
        "": [],
        "slash": [((-1, -1), (1, 1))],
        "cross": [((-1, -1), (1, 1)), ((-1, 1), (1, -1))],
    }
    for start, end in strokes[style.mark]:
        axes.scatter(
            [x],
            [y],
            s=(1.15 * size_pt) ** 2,
            marker=Outline(np.array([start, end])),
            facecolor="none",
            edgecolor=INK,
            linewidths=1.1,
            zorder=8.5,
            alpha=alpha,
        )
