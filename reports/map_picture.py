"""Draw the map as a picture: for a report, a slide, or a council that sees it on paper.

Everything is drawn in RD New (EPSG:28992), so a metre is the same everywhere and the scale bar is
true. Only packaged layers and the plots given are drawn: whoever calls has taken out what the
readers may not see (:mod:`reports.classes`).
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib_scalebar.scalebar import ScaleBar

from data.vocabulary import Confidentiality, LocationStatus, ReceptionKind
from messages import text
from presentation import symbols
from presentation.numbers import day, number
from presentation.plain_text import printable
from reports.background import Background

Bounds = tuple[float, float, float, float]
Size = Literal["16:9", "a4"]

RD = "EPSG:28992"
_PAGE_INCHES: dict[Size, tuple[float, float]] = {"16:9": (1920 / 144, 7.5), "a4": (8.27, 11.69)}
_DOTS_PER_INCH: dict[Size, int] = {"16:9": 144, "a4": 200}
_NUMBERED_PLOTS = 40
"""Up to so many plots each mark bears its rank; beyond it only the first ten do."""
_SMALLEST_AREA_PT = 9.0
"""A plot whose picture is smaller than this gets a mark, or nobody would see it."""
_INK = "#222222"
_SOFT_INK = "#555555"
_PAPER = "#FFFFFF"
_WATER_AND_ELSEWHERE = "#F1F3F4"
_LAND = "#FCFCFA"


class Canvas(FigureCanvasAgg):
    """A canvas drawn once, when it is saved: geopandas asks for a drawing at every layer."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: nobody looks on."""


@dataclass(frozen=True)
class MapLayers:
    """What lies under the plots; every table is in EPSG:28992.

    Attributes:
        municipalities: polygons with a column ``name``.
        reception_locations: points with ``kind``, ``status`` and ``precision_m``; may be None.
        facilities: points with ``kind``; may be None.
        shade: a number for each municipality (same index), NaN for unknown; may be None.
        shade_title: what the shade says, in the reader's language, with its unit.
        background: a picture of the ground; None leaves the land white.
        sources: one short line for each source.
    """

    municipalities: gpd.GeoDataFrame
    reception_locations: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    shade: pd.Series | None = None
    shade_title: str = ""
    background: Background | None = None
    sources: Sequence[str] = field(default_factory=tuple)


def map_picture(
    plots: gpd.GeoDataFrame,
    totals: pd.Series | None,
    layers: MapLayers,
    *,
    kind: ReceptionKind | str | None,
    confidentiality: Confidentiality | str,
    date: datetime.date,
    language: str = "nl",
    size: Size = "16:9",
    fmt: Literal["png", "svg"] = "png",
    extent: Bounds | None = None,
    snapshot: str = "",
    exploration: bool = False,
) -> bytes:
    """Draw the plots on the province, with all that a reader needs to judge the picture.

    Args:
        plots: candidate plots in EPSG:28992, with ``name`` and, if known, ``municipality``.
        totals: total score of 0 to 1 by plot, NaN for unknown, in the order of the ranking (best
            first); None draws the plots without scores.
        layers: what lies under the plots.
        kind: the kind of reception that the scores are for.
        confidentiality: the class of the picture, written on its face.
        date: the day on the picture.
        language: "nl" or "en".
        size: "16:9" (1920 by 1080 dots) or "a4" (upright, 200 dots an inch).
        fmt: "png" or "svg".
        extent: west, south, east, north in metres RD; the whole province when None.
        snapshot: the number of the snapshot that the picture belongs to.
        exploration: whether the weights have not been fixed.

    Returns:
        The bytes of the file. The same input gives the same bytes.
    """
    width, height = _PAGE_INCHES[size]
    figure = Figure(figsize=(width, height), dpi=_DOTS_PER_INCH[size], facecolor=_PAPER)
    Canvas(figure)
    wide = size == "16:9"
    margin, footer = 0.3, 0.62
    header, panel = (0.72, 3.75) if wide else (1.05, 3.6)
    if wide:
        map_box = (margin, footer, width - panel - 2 * margin, height - header - footer)
        panel_box = (width - panel, footer, panel - margin, height - header - footer)
    else:
        map_box = (margin, footer + panel, width - 2 * margin, height - header - footer - panel)
        panel_box = (margin, footer, width - 2 * margin, panel - 0.12)

    title = text("reports.map.title_plain", language)
    if kind is not None and totals is not None:
        label = text(f"vocabulary.ReceptionKind.{ReceptionKind(kind).value}", language)
        title = text("reports.map.title", language, kind=label)
    page = _axes_in_inches(figure, (0.0, 0.0, width, height))
    # On an upright page the class stands above the title, which needs the whole line.
    _write(page, margin, height - (0.4 if wide else 0.8), title, 17 if wide else 14, weight="bold")
    _class_label(page, width - margin, height - 0.4, confidentiality, language)
    notes = [text("reports.map.made_on", language, date=day(date, language))]
    if snapshot:
        notes.append(text("reports.map.snapshot", language, number=printable(snapshot)))
    if exploration:
        notes.append(text("reports.map.exploration", language))
    if "fictional" in plots and plots["fictional"].fillna(False).astype(bool).any():
        notes.append(text("reports.map.fictional", language))
    _write(page, margin, 0.38, " · ".join(notes), 8, colour=_INK)
    if layers.sources:
        named = "; ".join(printable(s, 200) for s in layers.sources)
        line = text("reports.map.sources", language, sources=named)
        _write(page, margin, 0.2, printable(line, 210 if wide else 150), 6.5, colour=_SOFT_INK)

    axes = _axes_in_inches(figure, map_box)
    if extent is None:
        west, south, east, north = layers.municipalities.total_bounds
        border = 0.02 * max(east - west, north - south)
        extent = (west - border, south - border, east + border, north + border)
    draw_map(axes, plots, totals, layers, extent=extent, language=language)
    _frame(axes)
    sections = _axes_in_inches(figure, panel_box)
    _legend(sections, panel_box[2:], plots, totals, layers, language=language, wide=wide)
    return saved(figure, fmt, title)


def cutout_picture(
    plots: gpd.GeoDataFrame,
    totals: pd.Series | None,
    layers: MapLayers,
    *,
    extent: Bounds,
    size_cm: tuple[float, float],
    language: str = "nl",
    marked: Sequence[str] = (),
    names: bool = True,
    scale_bar: bool = True,
    dots_per_inch: int = 200,
) -> bytes:
    """Draw a bare map of a part of the province as PNG, for use inside a report.

    Args:
        plots: the plots to draw, in EPSG:28992.
        totals: total score by plot as in :func:`map_picture`.
        layers: what lies under the plots.
        extent: west, south, east, north in metres RD; widened to the shape of the picture.
        size_cm: width and height on paper, in centimetres.
        language: "nl" or "en".
        marked: plots that get a red outline.
        names: whether municipalities are named.
        scale_bar: whether a scale bar and a north arrow are drawn.
        dots_per_inch: how fine the picture is.
    """
    inches = (size_cm[0] / 2.54, size_cm[1] / 2.54)
    figure = Figure(figsize=inches, dpi=dots_per_inch, facecolor=_PAPER)
    Canvas(figure)
    axes = _axes_in_inches(figure, (0.01, 0.01, inches[0] - 0.02, inches[1] - 0.02))
    draw_map(
        axes,
        plots,
        totals,
        layers,
        extent=extent,
        language=language,
        marked=marked,
        names=names,
        scale_bar=scale_bar,
        symbol_pt=7.0,
    )
    _frame(axes)
    return saved(figure, "png", "")


def draw_map(
    axes: Axes,
    plots: gpd.GeoDataFrame,
    totals: pd.Series | None,
    layers: MapLayers,
    *,
    extent: Bounds,
    language: str,
    marked: Sequence[str] = (),
    names: bool = True,
    scale_bar: bool = True,
    symbol_pt: float = 9.0,
) -> None:
    """Draw all layers into axes, whose limits become the extent widened to their shape."""
    window = _widened(extent, axes)
    axes.set_xlim(window[0], window[2])
    axes.set_ylim(window[1], window[3])
    axes.set_aspect("equal")
    axes.set_facecolor(_WATER_AND_ELSEWHERE)
    metres_per_pt = (window[2] - window[0]) / (axes.get_window_extent().width / _pt_dots(axes))
    if layers.background is not None:
        ground_west, ground_south, ground_east, ground_north = layers.background.bounds
        axes.imshow(
            layers.background.image,
            extent=(ground_west, ground_east, ground_south, ground_north),
            zorder=0.5,
            interpolation="bilinear",
        )
        axes.set_xlim(window[0], window[2])
        axes.set_ylim(window[1], window[3])
    _draw_municipalities(axes, layers)
    if names:
        _name_municipalities(axes, plots, layers, window, metres_per_pt)
    if layers.facilities is not None:
        _draw_facilities(axes, layers.facilities, symbol_pt)
    if layers.reception_locations is not None:
        _draw_locations(axes, layers.reception_locations, symbol_pt)
    _draw_plots(axes, plots, totals, metres_per_pt, symbol_pt, marked=marked)
    # Geopandas writes the names of the axes of RD beside the map.
    axes.set_xlabel("")
    axes.set_ylabel("")
    if scale_bar:
        bar = ScaleBar(
            1.0,
            "m",
            location="lower left",
            box_alpha=0.85,
            scale_loc="top",
            length_fraction=0.2,
            border_pad=0.6,
            font_properties={"size": 0.9 * symbol_pt},
        )
        bar.set_zorder(30)
        axes.add_artist(bar)
        _north_arrow(axes, language, symbol_pt)


def saved(figure: Figure, fmt: str, title: str) -> bytes:
    """Give the file without anything that changes from run to run."""
    stream = io.BytesIO()
    if fmt == "svg":
        with matplotlib.rc_context({"svg.hashsalt": "locatiewijzer", "svg.fonttype": "path"}):
            figure.savefig(stream, format="svg", metadata={"Date": None, "Title": title})
    else:
        figure.savefig(stream, format="png", metadata={"Title": title, "Software": "Locatiewijzer"})
    return stream.getvalue()


def _axes_in_inches(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Add axes without ticks at a place in inches, with limits in inches."""
    width, height = figure.get_size_inches()
    left, bottom, wide, high = box
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
    return axes


def _frame(axes: Axes) -> None:
    """Show the axes' background and a thin frame, without ticks."""
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#999999")
        spine.set_linewidth(0.8)


def _write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    colour: str = _INK,
    weight: str = "normal",
    align: Literal["left", "center", "right"] = "left",
    **more: Any,
) -> None:
    """Write a text as it is: a dollar sign in it never starts a formula."""
    axes.text(
        x,
        y,
        words,
        fontsize=size,
        color=colour,
        fontweight=weight,
        ha=align,
        va="center",
        family="DejaVu Sans",
        parse_math=False,
        **more,
    )


def _pt_dots(axes: Axes) -> float:
    """Give the dots in a point of the figure of these axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # noqa: S101 - axes that are made here always have a figure
    return float(figure.dpi) / 72.0


def _widened(extent: Bounds, axes: Axes) -> Bounds:
    """Widen an extent around its middle to the shape of the axes."""
    box = axes.get_window_extent()
    west, south, east, north = extent
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    shape = box.width / box.height
    if wide / high < shape:
        wide = high * shape
    else:
        high = wide / shape
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return (middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2)


def _halo(width: float = 2.0) -> list[withStroke]:
    """Give the white edge that keeps a text readable on any ground."""
    return [withStroke(linewidth=width, foreground=_PAPER)]


def _shade_steps(shade: pd.Series) -> np.ndarray:
    """Give the upper bounds of the five classes of a shade: equal shares of the known values."""
    known = shade.dropna().to_numpy(dtype=float)
    if known.size == 0:
        return np.array([])
    return np.unique(np.quantile(known, [0.2, 0.4, 0.6, 0.8, 1.0]))


def _draw_municipalities(axes: Axes, layers: MapLayers) -> None:
    """Draw the municipalities, shaded if asked."""
    areas = layers.municipalities
    if layers.background is None:
        areas.plot(ax=axes, facecolor=_LAND, edgecolor="none", zorder=1, aspect=None)
    if layers.shade is not None:
        steps = _shade_steps(layers.shade)
        values = layers.shade.reindex(areas.index)
        known = values.notna()
        if known.any():
            places = np.searchsorted(steps, values[known].to_numpy(dtype=float))
            colours = [symbols.SHADES[min(int(p), len(symbols.SHADES) - 1)] for p in places]
            areas[known].plot(ax=axes, facecolor=colours, edgecolor="none", zorder=2, aspect=None)
        if (~known).any():
            areas[~known].plot(
                ax=axes,
                facecolor="none",
                edgecolor="#BBBBBB",
                hatch=symbols.SHADE_UNKNOWN.hatch,
                linewidth=0,
                zorder=2,
                aspect=None,
            )
    areas.boundary.plot(ax=axes, color="#8A8A8A", linewidth=0.7, zorder=3, aspect=None)


def _name_municipalities(
    axes: Axes,
    plots: gpd.GeoDataFrame,
    layers: MapLayers,
    window: Bounds,
    metres_per_pt: float,
    size_pt: float = 7.0,
) -> None:
    """Name the municipalities in the window, each where it hides under the fewest signs."""
    frame = shapely.box(*window)
    signs = [shapely.get_coordinates(shapely.centroid(plots.geometry.to_numpy()))]
    if layers.reception_locations is not None and len(layers.reception_locations):
        signs.append(_sign_places(layers.reception_locations)[:, :2])
    taken = np.concatenate(signs)
    for name, area in zip(
        layers.municipalities["name"], layers.municipalities.geometry, strict=True
    ):
        seen = area.intersection(frame)
        if seen.area < 0.01 * frame.area and seen.area < 0.6 * area.area:
            continue
        words = printable(name, 40)
        lines = words.replace(" ", "\n", 1) if len(words) > 14 else words
        longest = max(len(line) for line in lines.split("\n"))
        half_width = (0.33 * size_pt * longest + 5) * metres_per_pt
        half_height = (0.6 * size_pt * (1 + lines.count("\n")) + 5) * metres_per_pt
        place = _label_place(seen, taken, half_width, half_height)
        _write(
            axes,
            place[0],
            place[1],
            lines,
            size_pt,
            colour=_SOFT_INK,
            align="center",
            zorder=9,
            path_effects=_halo(),
            clip_on=True,
            linespacing=0.95,
        )


def _label_place(
    area: shapely.Geometry, taken: np.ndarray, half_width: float, half_height: float
) -> np.ndarray:
    """Give the place in an area for a label of this size: free of signs, and near the middle."""
    parts = shapely.get_parts(area)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=50))[0]
    west, south, east, north = largest.bounds
    grid = np.stack(
        np.meshgrid(np.linspace(west, east, 24), np.linspace(south, north, 24)), axis=-1
    ).reshape(-1, 2)
    tries = np.vstack([middle, grid[shapely.contains_xy(largest, grid[:, 0], grid[:, 1])]])
    away = np.abs(tries[:, None, :] - taken[None, :, :])
    hidden = ((away[..., 0] < half_width) & (away[..., 1] < half_height)).sum(axis=1)
    # Sticking out over the border is worse than being far from the middle, and being hidden worst.
    boxes = shapely.box(
        tries[:, 0] - half_width,
        tries[:, 1] - half_height,
        tries[:, 0] + half_width,
        tries[:, 1] + half_height,
    )
    outside = 1 - shapely.area(shapely.intersection(boxes, largest)) / shapely.area(boxes)
    far = np.hypot(*(tries - middle).T) / max(half_width, 1.0)
    return tries[int(np.argmin(2.0 * hidden + 2.0 * outside + 0.15 * far))]


def _draw_facilities(axes: Axes, facilities: gpd.GeoDataFrame, symbol_pt: float) -> None:
    """Draw facilities as small grey dots: they are the ground, not the message."""
    axes.scatter(
        facilities.geometry.x,
        facilities.geometry.y,
        s=(0.4 * symbol_pt) ** 2,
        c="#6E6E6E",
        linewidths=0,
        zorder=6,
    )


def _draw_locations(axes: Axes, locations: gpd.GeoDataFrame, symbol_pt: float) -> None:
    """Draw known reception locations; those known roughly as an area with the sign on its edge.

    Locations in the same circle, or at the same address, get their signs side by side.
    """
    for kind, status, point, (x, y, shift, radius) in zip(
        locations["kind"],
        locations["status"],
        locations.geometry,
        _sign_places(locations),
        strict=True,
    ):
        if radius:
            ring = point.buffer(radius, quad_segs=24).exterior.xy
            axes.fill(*ring, facecolor="#00000010", edgecolor="none", zorder=7)
            axes.plot(*ring, color=_SOFT_INK, linewidth=0.7, linestyle=":", zorder=7)
        symbol = symbols.KIND_SYMBOLS[ReceptionKind(kind)]
        shift_pt = shift * symbol_pt
        _draw_symbol(axes, x, y, symbol, LocationStatus(status), symbol_pt, shift_pt=shift_pt)


def _sign_places(locations: gpd.GeoDataFrame) -> np.ndarray:
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


def _draw_symbol(
    axes: Axes,
    x: float,
    y: float,
    symbol: symbols.KindSymbol,
    status: LocationStatus,
    size_pt: float,
    *,
    shift_pt: float = 0.0,
) -> None:
    """Draw the sign of one location, the same as on the screen (:mod:`presentation.symbols`)."""
    style = symbols.STATUS_STYLES[status]
    face = {"full": symbol.colour, "tint": symbols.tint(symbol.colour), "empty": _PAPER}
    edge = _PAPER if style.fill == "full" else symbol.colour
    if shift_pt:
        moved = axes.transData.transform((x, y)) + np.array([shift_pt * _pt_dots(axes), 0.0])
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
        zorder=10,
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
            edgecolor=_INK,
            linewidths=1.1,
            zorder=11,
        )


def _draw_plots(
    axes: Axes,
    plots: gpd.GeoDataFrame,
    totals: pd.Series | None,
    metres_per_pt: float,
    symbol_pt: float,
    *,
    marked: Sequence[str],
) -> None:
    """Draw plots by suitability, the best on top, small ones with a mark that bears the rank."""
    if plots.empty:
        return
    order = list(plots.index) if totals is None else [p for p in totals.index if p in plots.index]
    numbered = len(order) if len(order) <= _NUMBERED_PLOTS else 10
    corners = [*symbols.SHAPES[symbols.PLOT_SHAPE], symbols.SHAPES[symbols.PLOT_SHAPE][0]]
    geometries = plots.geometry
    for place in reversed(range(len(order))):
        plot = order[place]
        area = geometries.loc[plot]
        if area is None or area.is_empty:
            continue
        score = None if totals is None else float(totals.loc[plot])
        style = symbols.suitability_style(score)
        if totals is None:
            style = symbols.SuitabilityStyle("#888888", "reports.map.plots")
        red = plot in marked
        outline = symbols.SELECTED_OUTLINE if red else symbols.PLOT_OUTLINE
        gpd.GeoSeries([area]).plot(
            ax=axes,
            facecolor=style.colour,
            edgecolor=outline,
            linewidth=1.8 if red else 0.8,
            linestyle=(0, style.dash) if style.dash else "solid",
            hatch=style.hatch or None,
            zorder=15,
            aspect=None,
        )
        west, south, east, north = area.bounds
        middle = area.representative_point()
        bears_number = totals is not None and place < numbered
        if max(east - west, north - south) / metres_per_pt < _SMALLEST_AREA_PT:
            axes.scatter(
                [middle.x],
                [middle.y],
                s=((1.5 if bears_number else 0.8) * symbol_pt) ** 2,
                marker=Outline(np.array(corners), closed=True),
                facecolor=style.colour,
                edgecolor=outline,
                linewidths=1.6 if red else 1.0,
                hatch=style.hatch or None,
                zorder=16 + (len(order) - place) / (len(order) + 1),
            )
            colour = symbols.text_colour(style.colour)
            halo = None
        else:
            colour, halo = _INK, _halo(2.5)
        if bears_number:
            _write(
                axes,
                middle.x,
                middle.y,
                str(place + 1),
                0.72 * symbol_pt if place < 99 else 0.55 * symbol_pt,
                colour=colour,
                weight="bold",
                align="center",
                zorder=16 + (len(order) - place) / (len(order) + 1),
                path_effects=halo,
                clip_on=True,
            )


def _north_arrow(axes: Axes, language: str, symbol_pt: float) -> None:
    """Draw an arrow to the north of RD, top right."""
    axes.annotate(
        text("reports.map.north", language),
        xy=(0.965, 0.975),
        xytext=(0.965, 0.975 - 4.2 * symbol_pt * _pt_dots(axes) / axes.get_window_extent().height),
        xycoords="axes fraction",
        textcoords="axes fraction",
        ha="center",
        va="center",
        fontsize=1.1 * symbol_pt,
        fontweight="bold",
        color=_INK,
        arrowprops={"arrowstyle": "-|>", "color": _INK, "linewidth": 1.6, "shrinkB": 0},
        zorder=31,
        path_effects=_halo(2.5),
    )


def _class_label(
    axes: Axes, right: float, middle: float, confidentiality: Confidentiality | str, language: str
) -> None:
    """Write the class in a box at the top right: white on black unless it is public."""
    found = Confidentiality(confidentiality)
    public = found is Confidentiality.OPENBAAR
    axes.text(
        right - 0.08,
        middle,
        text(f"reports.class.{found.value}", language),
        fontsize=9.5,
        fontweight="bold",
        color=_INK if public else _PAPER,
        ha="right",
        va="center",
        bbox={
            "boxstyle": "square,pad=0.45",
            "facecolor": _PAPER if public else _INK,
            "edgecolor": _INK,
        },
    )


def _legend(
    axes: Axes,
    room: tuple[float, float],
    plots: gpd.GeoDataFrame,
    totals: pd.Series | None,
    layers: MapLayers,
    *,
    language: str,
    wide: bool,
) -> None:
    """Write the legend: one column on a wide page, three columns and the list on an upright one."""
    width, height = room
    left, top = 0.05, height - 0.08
    if wide:
        y = top
        if totals is not None:
            y = _legend_suitability(axes, left, y, language, rank_note=not plots.empty)
        if layers.reception_locations is not None:
            y = _legend_kinds(axes, left, y, language)
            y = _legend_status(axes, left, y, layers, language, columns=2)
        if layers.shade is not None:
            y = _legend_shade(axes, left, y, layers, language)
        if totals is not None and not plots.empty:
            _legend_best(axes, left, y, plots, totals, language, columns=1, width=width)
        return
    column, lowest = width / 3, top
    if totals is not None:
        lowest = _legend_suitability(axes, left, top, language, rank_note=not plots.empty)
    if layers.reception_locations is not None:
        y = _legend_kinds(axes, left + column, top, language)
        lowest = min(lowest, y)
        y = _legend_status(axes, left + 2 * column, top, layers, language, columns=1)
        lowest = min(lowest, y)
    if layers.shade is not None:
        _legend_shade(axes, left + 2 * column, lowest, layers, language)
    if totals is not None and not plots.empty:
        room_for_list = width if layers.shade is None else 2 * column
        _legend_best(
            axes,
            left,
            lowest,
            plots,
            totals,
            language,
            columns=2 if layers.shade is None else 1,
            width=room_for_list,
        )


def _heading(axes: Axes, left: float, y: float, words: str) -> float:
    _write(axes, left, y, words, 9, weight="bold")
    return y - 0.21


def _legend_suitability(
    axes: Axes, left: float, y: float, language: str, *, rank_note: bool
) -> float:
    """Write the classes of suitability, from the best down, and the unknown."""
    y = _heading(axes, left, y, text("reports.map.suitability", language))
    bounds = (0.0, *symbols.SUITABILITY_BREAKS, 1.0)
    for place in reversed(range(len(symbols.SUITABILITY_CLASSES))):
        style = symbols.SUITABILITY_CLASSES[place]
        words = text(
            "reports.map.suitability_range",
            language,
            label=text(style.label_key, language),
            low=number(bounds[place], language, decimals=1),
            high=number(bounds[place + 1], language, decimals=1),
        )
        y = _swatch(axes, left, y, style, words)
    y = _swatch(
        axes,
        left,
        y,
        symbols.SUITABILITY_UNKNOWN,
        text(symbols.SUITABILITY_UNKNOWN.label_key, language),
    )
    if rank_note:
        _write(axes, left, y, text("reports.map.rank_note", language), 7, colour=_SOFT_INK)
        y -= 0.18
    return y - 0.1


def _swatch(
    axes: Axes, left: float, y: float, style: symbols.SuitabilityStyle, words: str
) -> float:
    axes.add_patch(
        Rectangle(
            (left, y - 0.065),
            0.26,
            0.13,
            facecolor=style.colour,
            edgecolor=_INK,
            linewidth=0.7,
            linestyle=(0, style.dash) if style.dash else "solid",
            hatch=style.hatch or None,
        )
    )
    _write(axes, left + 0.36, y, words, 8)
    return y - 0.19


def _legend_shade(axes: Axes, left: float, y: float, layers: MapLayers, language: str) -> float:
    """Write the classes of the shade of the municipalities with their bounds."""
    assert layers.shade is not None  # noqa: S101 - asked by the only caller
    y = _heading(axes, left, y, printable(layers.shade_title))
    steps = _shade_steps(layers.shade)
    low = float(layers.shade.min())
    for colour, high in zip(symbols.SHADES, steps, strict=False):
        bounds = f"{number(low, language)} - {number(float(high), language)}"
        y = _swatch(axes, left, y, symbols.SuitabilityStyle(colour, ""), bounds)
        low = float(high)
    y = _swatch(axes, left, y, symbols.SHADE_UNKNOWN, text("symbols.shade.unknown", language))
    return y - 0.1


def _legend_kinds(axes: Axes, left: float, y: float, language: str) -> float:
    """Write the six kinds of reception with their signs."""
    y = _heading(axes, left, y, text("reports.map.kinds", language))
    for symbol in symbols.KIND_SYMBOLS.values():
        _draw_symbol(axes, left + 0.13, y, symbol, LocationStatus.OPEN, 9.0)
        _write(axes, left + 0.36, y, text(symbol.label_key, language), 8)
        y -= 0.19
    return y - 0.1


def _legend_status(
    axes: Axes, left: float, y: float, layers: MapLayers, language: str, *, columns: int
) -> float:
    """Write the four statuses, and the area if one is drawn."""
    y = _heading(axes, left, y, text("reports.map.status", language))
    symbol = symbols.KIND_SYMBOLS[ReceptionKind.AZC]
    for place, (status, style) in enumerate(symbols.STATUS_STYLES.items()):
        x = left + (place % columns) * 1.55
        _draw_symbol(axes, x + 0.13, y, symbol, status, 9.0)
        _write(axes, x + 0.36, y, text(style.label_key, language), 8)
        if place % columns == columns - 1:
            y -= 0.19
    locations = layers.reception_locations
    if (
        locations is not None
        and not (locations["precision_m"] < symbols.AREA_FROM_PRECISION_M).all()
    ):
        circle = shapely.Point(left + 0.13, y).buffer(0.1)
        axes.fill(*circle.exterior.xy, facecolor="#00000010", edgecolor="none")
        axes.plot(*circle.exterior.xy, color=_SOFT_INK, linewidth=0.8, linestyle=":")
        for line in _wrapped(text("reports.map.area", language), 44 if columns == 2 else 30):
            _write(axes, left + 0.36, y, line, 8)
            y -= 0.17
    return y - 0.1


def _legend_best(
    axes: Axes,
    left: float,
    y: float,
    plots: gpd.GeoDataFrame,
    totals: pd.Series,
    language: str,
    *,
    columns: int,
    width: float,
) -> None:
    """Write the first plots of the ranking, as many as there is room for, at most ten."""
    y = _heading(axes, left, y, text("reports.map.best", language))
    rows = min(max(int((y + 0.09) / 0.18), 0), 10 if columns == 1 else 5)
    shown = [p for p in totals.index if p in plots.index][: rows * columns]
    letters = 50 if columns == 1 else 54
    for place, plot in enumerate(shown):
        x = left + (place // rows) * width / columns
        score = number(float(totals.loc[plot]), language, decimals=2)
        name = printable(plots.at[plot, "name"], 30) or str(plot)
        where = ""
        if "municipality" in plots and isinstance(plots.at[plot, "municipality"], str):
            where = f" ({printable(plots.at[plot, 'municipality'], 20)})"
        tail = f": {score}"
        words = printable(f"{place + 1}. {name}{where}", letters - len(tail)) + tail
        _write(axes, x, y - 0.18 * (place % rows), words, 7.5)


def _wrapped(words: str, letters: int) -> Iterable[str]:
    """Break a text into lines of at most so many letters."""
    line = ""
    for word in words.split():
        if line and len(line) + 1 + len(word) > letters:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line
