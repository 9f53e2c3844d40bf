"""Draw the map as a picture that stands alone: for a slide, or a council that sees it on paper.

Only packaged layers and the plots given are drawn: whoever calls has taken out what the readers may
not see (:mod:`reports.classes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import geopandas as gpd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle

from data.vocabulary import Confidentiality, LocationStatus, ReceptionKind
from messages import text
from presentation import symbols
from presentation.numbers import number
from reports.content import Content
from reports.credits import footer_lines, whole_sources
from reports.drawing.canvas import (
    HAIR,
    INK,
    PAPER,
    SOFT_INK,
    Bounds,
    axes_in_inches,
    broken,
    fitted,
    framed,
    new_figure,
    saved,
    write,
)
from reports.drawing.cards import (
    OPEN_HATCH,
    Card,
    cards_of,
    crowded,
    draw_card,
    two_sides,
    untangled,
)
from reports.drawing.ground import (
    BUILT,
    NATURE,
    RAIL,
    MapLayers,
    draw_ground,
    draw_scale,
    name_places,
    open_window,
    scale_room,
    window_of,
)
from reports.drawing.locations import draw_locations, draw_symbol
from reports.drawing.plots import (
    Mark,
    density,
    draw_mark,
    draw_numbers,
    draw_plots,
    marks_of,
    number_reach_pt,
)

Size = Literal["16:9", "a4"]
Format = Literal["png", "svg"]

_PAGE_INCHES: dict[Size, tuple[float, float]] = {"16:9": (1920 / 144, 7.5), "a4": (8.27, 11.69)}
_DOTS_PER_INCH: dict[Size, int] = {"16:9": 144, "a4": 200}
MANY_PLOTS = 300
"""From so many plots the map shows where they lie and how good the best of them are."""
_FEW_CARDS, _MANY_CARDS = 8, 20
_NUMBER_PT = 17.0
_MARGIN, _FOOT = 0.33, 0.2
_FOOTER_PT, _LARGEST_FOOTER_PT = 6.0, 8.0
_NARROW = 8.27 - 2 * _MARGIN
"""Inches that the footer has on the narrowest page, where its letters are smallest."""
_BAND = 0.26
_LIGHTEST_NAMED = 3_500
"""Places of fewer inhabitants than about this are not named on a map of the province."""


def map_picture(
    content: Content,
    layers: MapLayers,
    *,
    language: str = "nl",
    size: Size = "16:9",
    fmt: Format = "png",
) -> bytes:
    """Draw the plots on the province, with all that a reader needs to judge the picture.

    Args:
        content: what to tell, already without what the readers may not see.
        layers: what lies under the plots.
        language: "nl" or "en".
        size: "16:9" (1920 by 1080 dots) or "a4" (upright, 200 dots an inch).
        fmt: "png" or "svg".

    Returns:
        The bytes of the file. The same input gives the same bytes.
    """
    figure, title = _drawn(content, layers, language, size)
    return saved(figure, fmt, title, " ".join(whole_sources(content, layers, language)))


def _drawn(content: Content, layers: MapLayers, language: str, size: Size) -> tuple[Figure, str]:
    """Draw the picture; gives also its title."""
    width, height = _PAGE_INCHES[size]
    figure = new_figure(width, height, _DOTS_PER_INCH[size])
    page = axes_in_inches(figure, (0.0, 0.0, width, height))
    # Lines from cards run over the map, of which the axes come later.
    page.set_zorder(2)
    marks = marks_of(content)
    many = len(marks) > MANY_PLOTS
    best = marks[: _MANY_CARDS if many else _FEW_CARDS]
    title = _heads(page, content, len(best), language, wide=size == "16:9")
    floor = _footer(page, content, layers, language)
    draw = _draw_wide if size == "16:9" else _draw_upright
    draw(figure, page, content, layers, marks, best, floor, language)
    return figure, title


def _heads(page: Axes, content: Content, count: int, language: str, *, wide: bool) -> str:
    """Write title, subtitle and class."""
    width, height = page.get_xlim()[1], page.get_ylim()[1]
    kind = text(f"vocabulary.ReceptionKind.{content.kader.kind}", language)
    title = text("reports.map.title", language, kind=kind)
    top = height - (0.4 if wide else 0.75)
    write(page, _MARGIN, top, fitted(page, title, 18 if wide else 15, width - 2 * _MARGIN
          - (2.2 if wide else 0), weight="bold"), 18 if wide else 15, weight="bold")  # fmt: skip
    every = len(content.plots)
    said = (
        text("outputs.none", language)
        if not count
        else text("reports.map.subtitle", language)
        if count == every
        else text(
            "reports.map.subtitle_best",
            language,
            count=number(count, language),
            all=number(every, language),
        )
    )
    write(page, _MARGIN, top - 0.32, fitted(page, said, 9.5, width - 2 * _MARGIN), 9.5,
          colour=SOFT_INK)  # fmt: skip
    _class_label(page, width - _MARGIN, height - 0.4, content.confidentiality, language)
    return title


def _footer(page: Axes, content: Content, layers: MapLayers, language: str) -> float:
    """Write day, kader, snapshot and every source in two lines; gives their top."""
    width = page.get_xlim()[1] - 2 * _MARGIN
    size = min(_FOOTER_PT * width / _NARROW, _LARGEST_FOOTER_PT)
    lines = footer_lines(content, layers, language, lambda words: broken(page, words, size, width))
    step = 0.0203 * size
    for place, line in enumerate(reversed(lines)):
        write(page, _MARGIN, _FOOT + step * place, line, size, colour=SOFT_INK)
    return _FOOT + step * len(lines) + 0.08


def _draw_wide(
    figure: Figure,
    page: Axes,
    content: Content,
    layers: MapLayers,
    marks: Sequence[Mark],
    best: Sequence[Mark],
    floor: float,
    language: str,
) -> None:
    """Lay out a wide page: cards left and right of the map, legend and inset below them."""
    width, height = page.get_xlim()[1], page.get_ylim()[1]
    column, ceiling, gap = 2.75, height - 0.98, 0.17
    compact = len(best) > _FEW_CARDS
    cards = cards_of(content, best, language)
    band = _BAND if content.fictional else 0.0
    left = _MARGIN + column + gap
    middle = (left, floor + band, width - 2 * left, ceiling - floor - band)
    axes = axes_in_inches(figure, middle)
    metres_per_pt = open_window(axes, _province(layers))
    group = [] if compact else crowded(cards, 1.15 * _NUMBER_PT * metres_per_pt)
    places = _draw_map(axes, content, layers, marks, best, group, metres_per_pt, language)
    cards = [replace(card, point=places.get(card.mark.plot_id, card.point)) for card in cards]
    legend_high = 1.92
    left_room, right_room = (7, 13) if compact else (4, 4 if group else 5)
    west, east = two_sides(cards, left_room, right_room)
    left_floor = floor + legend_high + 0.12
    _column(page, axes, west, _MARGIN, column, left_floor, ceiling, group, language, compact)
    inset_high = 2.0 if group else 0.0
    right = width - _MARGIN - column
    _column(page, axes, east, right, column, floor + inset_high, ceiling, group, language, compact)
    _legend(page, (_MARGIN, floor, column, legend_high), content, layers, language)
    if group:
        inside = axes_in_inches(figure, (right, floor, column, inset_high - 0.15))
        _inset(inside, axes, content, layers, marks, group, language)
    _fiction_band(page, content, middle, language)


def _draw_upright(
    figure: Figure,
    page: Axes,
    content: Content,
    layers: MapLayers,
    marks: Sequence[Mark],
    best: Sequence[Mark],
    floor: float,
    language: str,
) -> None:
    """Lay out an upright page: map above, cards in columns and the legend below."""
    width, height = page.get_xlim()[1], page.get_ylim()[1]
    compact = len(best) > _FEW_CARDS
    cards = cards_of(content, best, language)
    across, high = (3, 0.4) if compact else (2, 0.72)
    lines = -(-len(cards) // across)
    legend_high = 1.0
    cards_floor = floor + legend_high + 0.1
    band = _BAND if content.fictional else 0.0
    map_floor = cards_floor + lines * (high + 0.07) + 0.05 + band
    box = (_MARGIN, map_floor, width - 2 * _MARGIN, height - 1.3 - map_floor)
    axes = axes_in_inches(figure, box)
    metres_per_pt = open_window(axes, _province(layers))
    group = [] if compact else crowded(cards, 1.15 * _NUMBER_PT * metres_per_pt)
    window, land = window_of(axes), shapely.union_all(layers.municipalities.geometry.to_numpy())
    points = content.plots.geometry.representative_point()
    corner = quiet_corner(box, window, points, (2.15, 1.65), land) if group else None
    covered = _on_ground(box, window, corner) if corner else None
    _draw_map(axes, content, layers, marks, best, group, metres_per_pt, language, covered)
    wide = (width - 2 * _MARGIN - 0.1 * (across - 1)) / across
    for place, card in enumerate(cards):
        at = (_MARGIN + (place % across) * (wide + 0.1),
              cards_floor + (lines - 1 - place // across) * (high + 0.07), wide, high)  # fmt: skip
        draw_card(page, card, at, language, compact=compact)
    _legend(page, (_MARGIN, floor, width - 2 * _MARGIN, legend_high), content, layers, language)
    if corner:
        _inset(axes_in_inches(figure, corner), axes, content, layers, marks, group, language)
    _fiction_band(page, content, box, language)


def quiet_corner(
    box: Bounds,
    window: Bounds,
    points: gpd.GeoSeries,
    size: tuple[float, float],
    land: shapely.Geometry | None = None,
) -> tuple[float, float, float, float]:
    """Give the place for an inset (left, bottom, width, height) that covers the fewest plots.

    Of places that cover as few, the one that covers the least land.

    Args:
        box: of the map on the page: left, bottom, width, height in inches.
        window: the part of the ground that it shows, in metres RD.
        points: the plots, in metres RD.
        size: of the inset, width and height in inches.
        land: of the province.
    """
    wide, high = size
    right, top = box[0] + box[2] - wide - 0.1, box[1] + box[3] - high - 0.1
    # above the scale bar, and below the arrow to the north
    corners = ((right, box[1] + 0.3), (box[0] + 0.1, top), (right, top - 0.65),
               (box[0] + 0.1, box[1] + 0.65))  # fmt: skip
    per_inch = (window[2] - window[0]) / box[2]
    x = box[0] + (points.x.to_numpy() - window[0]) / per_inch
    y = box[1] + (points.y.to_numpy() - window[1]) / per_inch

    def covered(corner: tuple[float, float]) -> int:
        # a mark is about a fifth of an inch
        beside, above = x - corner[0], y - corner[1]
        return int(((beside > -0.2) & (beside < wide + 0.2) & (above > -0.2)
                    & (above < high + 0.2)).sum())  # fmt: skip

    def hidden(corner: tuple[float, float]) -> float:
        ground = shapely.box(*_on_ground(box, window, (*corner, wide, high)))
        return 0.0 if land is None else float(shapely.area(shapely.intersection(land, ground)))

    left, bottom = min(corners, key=lambda corner: (covered(corner), hidden(corner)))
    return (left, bottom, wide, high)


def _on_ground(box: Bounds, window: Bounds, inset: Bounds) -> Bounds:
    """Give the ground under an inset (left, bottom, width, height in inches), in metres RD."""
    per_inch = (window[2] - window[0]) / box[2]
    west = window[0] + (inset[0] - box[0]) * per_inch
    south = window[1] + (inset[1] - box[1]) * per_inch
    return (west, south, west + inset[2] * per_inch, south + inset[3] * per_inch)


def _province(layers: MapLayers) -> Bounds:
    west, south, east, north = layers.municipalities.total_bounds
    border = 0.02 * max(east - west, north - south)
    return (west - border, south - 2.2 * border, east + border, north + border)


def _draw_map(
    axes: Axes,
    content: Content,
    layers: MapLayers,
    marks: Sequence[Mark],
    best: Sequence[Mark],
    group: Sequence[Card],
    metres_per_pt: float,
    language: str,
    covered: Bounds | None = None,
) -> dict[str, tuple[float, float]]:
    """Draw ground, reception, plots and names; plots of a crowded town have no number here.

    What an inset covers has no name. Gives where the numbers stand, in metres RD.
    """
    draw_ground(axes, layers)
    if layers.reception_locations is not None:
        draw_locations(axes, layers.reception_locations, 5.0, muted=True)
    inset = {card.mark.plot_id for card in group}
    numbered = [mark for mark in best if mark.plot_id not in inset]
    taken = [*([covered] if covered else []), *scale_room(axes, metres_per_pt)]
    size_pt = _NUMBER_PT
    if len(marks) > MANY_PLOTS:
        size_pt *= 0.75
        density(axes, content.plots, marks)
        known = {mark.plot_id: content.plots.geometry.loc[mark.plot_id] for mark in numbered}
        places = draw_numbers(axes, known, numbered, metres_per_pt, size_pt, taken)
    else:
        ids = [mark.plot_id for mark in numbered]
        places = draw_plots(
            axes, content.plots, marks, metres_per_pt, numbered=ids, number_pt=size_pt, taken=taken
        )
        reach = 4 * metres_per_pt
        for p in content.plots.geometry.representative_point():
            taken.append((p.x - reach, p.y - reach, p.x + reach, p.y + reach))
    reach = number_reach_pt(size_pt) * metres_per_pt
    taken += [(x - reach, y - reach, x + reach, y + reach) for x, y in places.values()]
    inside = shapely.union_all(layers.municipalities.geometry.to_numpy())
    name_places(axes, metres_per_pt, taken, most=30, inside=inside,
                lightest=_LIGHTEST_NAMED)  # fmt: skip
    draw_scale(axes, language)
    framed(axes)
    return places


def _column(
    page: Axes,
    axes: Axes,
    cards: Sequence[Card],
    left: float,
    width: float,
    floor: float,
    ceiling: float,
    group: Sequence[Card],
    language: str,
    compact: bool,
) -> None:
    """Draw a column of cards spread over its height, each with a line to its mark."""
    if not cards:
        return
    high = 0.4 if compact else 0.74
    room = ceiling - floor
    step = min(room / len(cards), high + (0.06 if compact else 0.3))
    boxed = {card.mark.plot_id for card in group}
    on_the_left = left < page.get_xlim()[1] / 2
    bottoms = [ceiling - high - place * step for place in range(len(cards))]
    edges = [(left + width if on_the_left else left, bottom + high / 2) for bottom in bottoms]
    targets = [
        _edge_of_box(group, card, on_the_left) if card.mark.plot_id in boxed else card.point
        for card in cards
    ]
    order = untangled(edges, page.transData.inverted().transform(axes.transData.transform(targets)))
    for place, which in enumerate(order):
        card, target = cards[which], targets[which]
        draw_card(page, card, (left, bottoms[place], width, high), language, compact=compact)
        line = ConnectionPatch(
            edges[place], target, page.transData, axes.transData, linewidth=0.8, color=INK,
            zorder=19,
            shrinkB=0 if card.mark.plot_id in boxed else (5 if compact else 8),
        )  # fmt: skip
        page.add_artist(line)


def _group_box(group: Sequence[Card]) -> Bounds:
    """Give the box around a crowded group."""
    xs = [card.point[0] for card in group]
    ys = [card.point[1] for card in group]
    pad = 0.18 * max(max(xs) - min(xs), max(ys) - min(ys)) + 500
    return (min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad)


def _edge_of_box(group: Sequence[Card], card: Card, on_the_left: bool) -> tuple[float, float]:
    west, south, east, north = _group_box(group)
    return (west if on_the_left else east, min(max(card.point[1], south), north))


def _inset(
    inside: Axes,
    axes: Axes,
    content: Content,
    layers: MapLayers,
    marks: Sequence[Mark],
    group: Sequence[Card],
    language: str,
) -> None:
    """Draw a crowded town larger, and its frame on the map."""
    box = _group_box(group)
    west, south, east, north = box
    axes.add_patch(
        Rectangle((west, south), east - west, north - south, fill=False, edgecolor=INK,
                  linewidth=1.2, zorder=21)
    )  # fmt: skip
    metres_per_pt = open_window(inside, box)
    draw_ground(inside, layers, near=True)
    if layers.reception_locations is not None:
        draw_locations(inside, layers.reception_locations, 5.5, muted=True)
    ids = [card.mark.plot_id for card in group]
    window = window_of(inside)
    words = text("reports.map.enlarged", language)
    told = (window[0], window[3] - 15 * metres_per_pt,
            window[0] + (10 + 5 * len(words)) * metres_per_pt, window[3])  # fmt: skip
    places = draw_plots(
        inside, content.plots, marks, metres_per_pt, numbered=ids, number_pt=_NUMBER_PT,
        taken=[told],
    )  # fmt: skip
    reach = number_reach_pt(_NUMBER_PT) * metres_per_pt
    taken = [(x - reach, y - reach, x + reach, y + reach) for x, y in places.values()]
    name_places(inside, metres_per_pt, [told, *taken], most=6)
    inside.text(
        window[0] + 4 * metres_per_pt, window[3] - 4 * metres_per_pt, words, fontsize=7,
        fontweight="bold", color=INK, va="top", ha="left", family="DejaVu Sans", parse_math=False,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 2, "alpha": 0.85}, zorder=30,
    )  # fmt: skip
    framed(inside, INK, 1.2)


def _legend(
    page: Axes,
    box: tuple[float, float, float, float],
    content: Content,
    layers: MapLayers,
    language: str,
) -> None:
    """Write what colours and signs mean, in one column or, where it is wide, in three."""
    left, floor, width, high = box
    wide = width > 4
    columns = [left, left + 0.31 * width, left + 0.6 * width] if wide else [left] * 3
    block = 0.31 * width - 0.3 if wide else width
    top = floor + high
    y = _legend_scores(page, columns[0], top, block, language)
    y = _legend_signs(page, columns[1], top if wide else y, language)
    _legend_ground(
        page, columns[2], top if wide else y, 0.4 * width if wide else width, layers, language
    )


def _legend_scores(page: Axes, left: float, top: float, width: float, language: str) -> float:
    write(page, left, top - 0.08, text("reports.map.certain_score", language), 7.6, weight="bold")
    classes = symbols.SUITABILITY_CLASSES
    edges = (0.0, *symbols.SUITABILITY_BREAKS, 1.0)
    step = width / len(classes)
    for place, style in enumerate(classes):
        page.add_patch(
            Rectangle((left + place * step, top - 0.34), step, 0.15, facecolor=style.colour,
                      edgecolor=INK, linewidth=0.6)
        )  # fmt: skip
        words = f"{number(100 * edges[place], language)}–{number(100 * edges[place + 1], language)}"
        write(page, left + (place + 0.5) * step, top - 0.43, words, 6.4, align="center")
    page.add_patch(
        Rectangle((left, top - 0.64), 0.3, 0.11, facecolor=PAPER, edgecolor=INK, linewidth=0.5,
                  hatch=OPEN_HATCH)
    )  # fmt: skip
    write(page, left + 0.38, top - 0.585, text("reports.map.not_known_yet", language), 6.8)
    return top - 0.72


def _legend_signs(page: Axes, left: float, top: float, language: str) -> float:
    rising = Mark("", 1, 55.0, 65.0)
    barred = Mark("", 1, 55.0, 55.0, blocked=True)
    for place, (mark, key) in enumerate(((rising, "may_rise"), (barred, "blocked"))):
        y = top - 0.11 - 0.2 * place
        draw_mark(page, left + 0.1, y, mark, 9.5)
        write(page, left + 0.3, y, text(f"reports.map.{key}", language), 6.8)
    return top - 0.5


def _legend_ground(
    page: Axes, left: float, top: float, width: float, layers: MapLayers, language: str
) -> None:
    y = top - 0.08
    if layers.background is None and layers.ground:
        x = left
        for colour, key in ((BUILT, "built"), (NATURE, "nature"), (RAIL, "rail")):
            if key == "rail":
                page.plot([x, x + 0.2], [y, y], color=colour, linewidth=1.2)
            else:
                page.add_patch(
                    Rectangle((x, y - 0.05), 0.2, 0.1, facecolor=colour, edgecolor=HAIR,
                              linewidth=0.5)
                )  # fmt: skip
            words = text(f"reports.map.{key}", language)
            write(page, x + 0.26, y, words, 6.4)
            x += 0.42 + 0.062 * len(words)
        y -= 0.19
    if layers.reception_locations is None:
        return
    write(page, left, y, text("reports.map.existing", language), 6.8, weight="bold")
    half = width / 2
    for place, (kind, symbol) in enumerate(symbols.KIND_SYMBOLS.items()):
        x, line = left + (place % 2) * half, y - 0.16 - 0.145 * (place // 2)
        draw_symbol(page, x + 0.07, line, symbol, LocationStatus.OPEN, 5.5)
        words = text(f"reports.map.kind.{ReceptionKind(kind).value}", language)
        write(page, x + 0.18, line, fitted(page, words, 6.0, half - 0.24), 6.0)


def _fiction_band(
    page: Axes, content: Content, box: tuple[float, float, float, float], language: str
) -> None:
    """Say across the foot of the map that there are made-up plots in it."""
    if not content.fictional:
        return
    left, bottom, width, _ = box
    page.add_patch(Rectangle((left, bottom - _BAND), width, _BAND, facecolor=INK, edgecolor="none"))
    words = fitted(page, text("reports.fiction", language), 9, width - 0.2, weight="bold")
    write(page, left + width / 2, bottom - _BAND / 2, words, 9, colour=PAPER, weight="bold",
          align="center")  # fmt: skip


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
        color=INK if public else PAPER,
        ha="right",
        va="center",
        family="DejaVu Sans",
        bbox={
            "boxstyle": "square,pad=0.45",
            "facecolor": PAPER if public else INK,
            "edgecolor": INK,
        },
    )
