"""Cards beside a map: rank, name, where, places and range of a plot, with a line to its mark."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from data.vocabulary import FICTIONAL_PREFIX, LimitOutcome
from messages import text
from presentation.numbers import bounds, interval
from presentation.plain_text import printable
from reports.content import Content
from reports.drawing.canvas import HAIR, INK, PAPER, SOFT_INK, fitted, write
from reports.drawing.plots import Mark

OPEN_HATCH = "//////"


@dataclass(frozen=True)
class Card:
    """What a card says.

    Attributes:
        mark: of the plot.
        name: of the plot.
        where: municipality and places.
        limit: the gravest limit in words, or that there is none.
        point: where the line from the card ends, metres RD.
    """

    mark: Mark
    name: str
    where: str
    limit: str
    point: tuple[float, float]


def cards_of(content: Content, marks: Sequence[Mark], language: str) -> list[Card]:
    """Give the cards of some plots, in the order of their marks."""
    at = {str(plot_id): place for place, plot_id in enumerate(content.plots.index)}
    wanted = [at[mark.plot_id] for mark in marks]
    rows = content.plots.iloc[wanted]
    room = content.places
    cards = []
    for place, mark in enumerate(marks):
        row = rows.iloc[place]
        town = row.get("municipality")
        where = [printable(town, 40)] if isinstance(town, str) else []
        where.append(places_words(room[wanted[place]], language))
        middle = rows.geometry.iloc[place].representative_point()
        hits = content.limits_of(mark.plot_id)
        worst = min((hit.outcome for hit in hits), key=list(LimitOutcome).index, default=None)
        limit = (
            text("reports.card.no_limit", language)
            if worst is None
            else text(f"vocabulary.LimitOutcome.{worst}", language)
        )
        cards.append(
            Card(
                mark,
                card_name(row, content) or text("map.nameless", language),
                " · ".join(where),
                limit,
                (middle.x, middle.y),
            )
        )
    return cards


def card_name(row: pd.Series, content: Content) -> str:
    """Give the name; that a plot is made up stands in a band on the picture, not on each card."""
    name = printable(row["name"], 90)
    return name.removeprefix(FICTIONAL_PREFIX) if content.fictional else name


def places_words(room: tuple[float, float], language: str) -> str:
    """Say how many places there are, or that it is not known."""
    if room[0] != room[0]:
        return text("reports.card.places_unknown", language)
    return text("reports.card.places", language, places=bounds(*room, language))


def draw_card(
    axes: Axes, card: Card, box: tuple[float, float, float, float], language: str, *, compact: bool
) -> None:
    """Draw a card into a box (left, bottom, width, height) of axes in inches."""
    left, bottom, width, height = box
    axes.add_patch(
        Rectangle((left, bottom), width, height, facecolor=PAPER, edgecolor=HAIR, linewidth=0.8)
    )
    axes.add_patch(
        Rectangle((left, bottom), 0.06, height, facecolor=card.mark.style.colour, linewidth=0)
    )
    inner, room = left + 0.14, width - 0.22
    rank = f"{card.mark.rank}"
    score = _score(card.mark, language)
    if compact:
        middle = bottom + height / 2
        name = fitted(axes, f"{rank}  {card.name}", 7.2, room - 0.55, weight="bold")
        write(axes, inner, middle + 0.08, name, 7.2, weight="bold")
        write(axes, left + width - 0.08, middle + 0.08, score, 7.2, weight="bold", align="right")
        write(axes, inner, middle - 0.1, fitted(axes, card.where, 6.3, room), 6.3, colour=SOFT_INK)
        return
    top = bottom + height
    write(axes, inner, top - 0.16, fitted(axes, f"{rank}  {card.name}", 9, room, weight="bold"), 9,
          weight="bold")  # fmt: skip
    write(axes, inner, top - 0.36, fitted(axes, card.where, 7.3, room), 7.3, colour=SOFT_INK)
    # what stands in the way is never cut for the sake of the bar
    bar = min(0.8, 0.34 * width)
    draw_bar(axes, card.mark, (inner, top - 0.59, bar, 0.09))
    write(axes, inner + bar + 0.08, top - 0.545, score, 8, weight="bold")
    grave = card.mark.blocked
    left_over = room - bar - 0.08 - 0.52
    write(axes, left + width - 0.08, top - 0.545, fitted(axes, card.limit, 6.6, left_over), 6.6,
          weight="bold" if grave else "normal", align="right",
          colour=INK if grave else SOFT_INK)  # fmt: skip


def _score(mark: Mark, language: str) -> str:
    if mark.low != mark.low:
        return text("frame.unknown", language)
    return interval(mark.low, mark.high, language, decimals=0)


def draw_bar(axes: Axes, mark: Mark, box: tuple[float, float, float, float]) -> None:
    """Draw a range from 0 to 100: what is certain full, what is not yet known hatched."""
    left, bottom, width, height = box
    axes.add_patch(Rectangle((left, bottom), width, height, facecolor="#E7EBEE", edgecolor="none"))
    if mark.low != mark.low:
        return
    axes.add_patch(
        Rectangle((left + width * mark.low / 100, bottom), width * (mark.high - mark.low) / 100,
                  height, facecolor=PAPER, edgecolor=INK, linewidth=0.5, hatch=OPEN_HATCH)
    )  # fmt: skip
    axes.add_patch(
        Rectangle((left, bottom), width * mark.low / 100, height,
                  facecolor=mark.style.colour, edgecolor=INK, linewidth=0.5)
    )  # fmt: skip


def two_sides(
    cards: Sequence[Card], left_room: int, right_room: int
) -> tuple[list[Card], list[Card]]:
    """Deal cards to the left and the right of a map, so that few lines cross.

    The westernmost plots stand left, and on each side the northernmost on top.
    """
    by_x = sorted(cards, key=lambda card: card.point[0])
    left = min(left_room, max(len(by_x) - right_room, (len(by_x) + 1) // 2))
    west, east = by_x[:left], by_x[left : left + right_room]
    return (
        sorted(west, key=lambda card: -card.point[1]),
        sorted(east, key=lambda card: -card.point[1]),
    )


_MARK_IN = 0.15
"""Within so many inches of its middle a line would run over a mark."""


def untangled(edges: Sequence[tuple[float, float]], targets: npt.NDArray[np.float64]) -> list[int]:
    """Give for each edge of a card, top down, the mark that its line best goes to.

    Two change places as long as that leaves fewer lines that cross each other or run over a mark.

    Args:
        edges: where the lines begin, in inches on the page.
        targets: where the marks lie, in inches on the page, a row each.
    """
    order = list(range(len(edges)))
    marks = np.array([shapely.Point(target) for target in targets])

    def tangles(of: list[int]) -> int:
        lines = np.array(
            [
                shapely.LineString([edge, targets[which]])
                for edge, which in zip(edges, of, strict=True)
            ]
        )
        crossing = shapely.crosses(lines[:, None], lines[None, :]).sum() // 2
        near = shapely.distance(lines[:, None], marks[None, :]) < _MARK_IN
        return int(crossing + near.sum() - len(of))

    least = tangles(order) if order else 0
    while least:
        tried = []
        for one, other in itertools.combinations(range(len(order)), 2):
            swapped = order.copy()
            swapped[one], swapped[other] = order[other], order[one]
            tried.append((tangles(swapped), swapped))
        fewest, swapped = min(tried, default=(least, order))
        if fewest >= least:
            break
        least, order = fewest, swapped
    return order


def crowded(cards: Sequence[Card], apart_m: float) -> list[Card]:
    """Give the largest group of cards whose marks would lie on each other; none when none do."""
    if len(cards) < 2:
        return []
    points = [shapely.Point(card.point).buffer(apart_m / 2) for card in cards]
    groups = shapely.get_parts(shapely.union_all(points))
    found = [
        [card for card, point in zip(cards, points, strict=True) if group.covers(point.centroid)]
        for group in groups
    ]
    largest = max(found, key=len)
    return largest if len(largest) > 1 else []
