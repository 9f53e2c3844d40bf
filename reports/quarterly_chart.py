"""Draw task against realised over the quarters that were kept, and nothing in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from messages import text
from presentation.numbers import bounds, day, number
from reports.drawing.canvas import HAIR, INK, SOFT_INK, axes_in_inches, new_figure, saved

_WIDE_IN, _HIGH_IN, _DOTS = 7.0, 2.35, 170
_BAR = "#41B6C4"
_NEEDED = ("task", "realised_low", "realised_high")


@dataclass(frozen=True)
class Moment:
    """Task and realised places on a day, of the same municipalities on every day."""

    date: dt.date
    task: float
    realised_low: float
    realised_high: float


def known_in_time(
    states: Sequence[tuple[dt.date, pd.DataFrame]],
) -> tuple[list[Moment], list[str]]:
    """Give what is known on each day of the municipalities of which all is known on every day.

    Args:
        states: days with a balance, see :func:`scoring.balance.balance`; of one day the last.

    Returns:
        The moments, earliest first, and the names of those municipalities. Where none is known on
        every day there are none: a sum over other municipalities each time would be no course.
    """
    by_day = dict(sorted(states, key=lambda one: one[0]))
    tables = [table.dropna(subset=list(_NEEDED)) for table in by_day.values()]
    if not tables:
        return [], []
    codes = tables[-1].index
    for table in tables:
        codes = codes.intersection(table.index, sort=False)
    if codes.empty:
        return [], []
    moments = [
        Moment(date, *(float(table.loc[codes, name].sum()) for name in _NEEDED))
        for date, table in zip(by_day, tables, strict=True)
    ]
    return moments, sorted(tables[-1].loc[codes, "name"].astype(str))


def chart(moments: Sequence[Moment], language: str) -> bytes:
    """Draw a bar of realised places for each day under the line of the task, as PNG.

    What may have been realised is hatched; the bars stand apart, as nothing is known in between.
    """
    figure = new_figure(_WIDE_IN, _HIGH_IN, _DOTS)
    axes = axes_in_inches(figure, (0.65, 0.32, _WIDE_IN - 0.75, _HIGH_IN - 0.62))
    axes.set_axis_on()
    places = range(len(moments))
    top = max(max(m.task, m.realised_high) for m in moments) or 1.0
    axes.set_xlim(-0.6, max(len(moments) - 0.4, 2.4))
    axes.set_ylim(0, 1.18 * top)
    low = [m.realised_low for m in moments]
    axes.bar(places, low, 0.5, color=_BAR, edgecolor=INK, linewidth=0.8, zorder=3,
             label=text("reports.provincial.chart_realised", language))  # fmt: skip
    if any(m.realised_high > m.realised_low for m in moments):
        axes.bar(
            places, [m.realised_high - m.realised_low for m in moments], 0.5, low,
            color="white", edgecolor=INK, hatch="////", linewidth=0.8, zorder=3,
            label=text("reports.provincial.chart_open", language),
        )  # fmt: skip
    for place, moment in zip(places, moments, strict=True):
        axes.hlines(
            moment.task, place - 0.36, place + 0.36, color=INK, linewidth=2.4, zorder=5,
            label=text("reports.provincial.chart_task", language) if place == 0 else "",
        )  # fmt: skip
        axes.text(place, moment.task + 0.025 * top, number(moment.task, language), fontsize=7,
                  ha="center", va="bottom", color=INK, family="DejaVu Sans", zorder=6)  # fmt: skip
        axes.text(place, 0.04 * top, bounds(moment.realised_low, moment.realised_high, language),
                  fontsize=7, ha="center", va="bottom", color=INK, family="DejaVu Sans",
                  zorder=6)  # fmt: skip
    axes.set_xticks(list(places), [day(m.date, language) for m in moments], fontsize=7)
    steps = [tick for tick in axes.get_yticks() if 0 <= tick <= 1.18 * top]
    axes.set_yticks(steps, [number(float(step), language) for step in steps], fontsize=7)
    for name, spine in axes.spines.items():
        spine.set_color(SOFT_INK)
        spine.set_visible(name in ("left", "bottom"))
    axes.grid(axis="y", color=HAIR, linewidth=0.5, zorder=0)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=7,
        prop={"family": "DejaVu Sans", "size": 7},
    )  # fmt: skip
    return saved(figure, "png", "")
