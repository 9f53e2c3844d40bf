"""Draw charts with Altair, which Streamlit brings along: nothing comes from another host.

Vega names the parts of a chart in English only; the page gives each chart one text instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import altair as alt
import numpy as np
import pandas as pd

from data.vocabulary import CriterionGroup
from presentation.numbers import percentage
from presentation.symbols import CAPTION_INK
from ui.text import language, named, number, t

GROUP_COLOURS = {
    "omvang": "#22577f",
    "voorzieningen": "#a06cc4",
    "integratie": "#c26a1f",
    "haalbaarheid": "#2f4a12",
}
"""Hues of the weights bar, dark and light by turns: apart for eyes that lack a kind of cone."""
_MOST_RANKS = 10

_Chart = TypeVar("_Chart", alt.Chart, alt.LayerChart)


def _dressed(chart: _Chart) -> _Chart:
    """Give words that can be read, and room for the last one of an axis."""
    return (
        chart.properties(padding={"left": 5, "top": 5, "right": 16, "bottom": 5})
        .configure(aria=False)
        .configure_axis(labelColor=CAPTION_INK, titleColor=CAPTION_INK)
        .configure_legend(labelColor=CAPTION_INK)
    )


def _by_plot(names: Sequence[str]) -> alt.Y:
    """Give a line for each plot with its name above it: beside it a telephone has no room."""
    axis = alt.Axis(
        labelAlign="left",
        labelPadding=0,
        labelOffset=-22,
        labelLimit=1000,
        ticks=False,
        domain=False,
        zindex=1,
    )
    scale = alt.Scale(paddingInner=0.45, paddingOuter=0.4)
    return alt.Y("plot:N", title=None, sort=list(names), axis=axis, scale=scale)


def contribution_bars(
    names: Sequence[str], contributions: Mapping[str, Sequence[float]]
) -> alt.Chart:
    """Draw for each plot what each group adds to its lower total, in points of 100."""
    rows = [
        {
            "plot": name,
            "group": named("CriterionGroup", group),
            "points": float(values[place]),
            "told": number(float(values[place]), 1),
            "at": list(CriterionGroup).index(CriterionGroup(group)),
        }
        for group, values in contributions.items()
        for place, name in enumerate(names)
    ]
    shown = [g for g in CriterionGroup if str(g) in contributions]
    groups = [named("CriterionGroup", g) for g in shown]
    return _dressed(
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "points:Q",
                title=t("compare.points"),
                scale=alt.Scale(domain=[0, 100]),
                axis=alt.Axis(values=list(range(0, 101, 20))),
            ),
            y=_by_plot(names),
            color=alt.Color(
                "group:N",
                title=None,
                sort=groups,
                scale=alt.Scale(domain=groups, range=[GROUP_COLOURS[g] for g in shown]),
                legend=alt.Legend(orient="bottom", columns=2),
            ),
            order=alt.Order("at:Q"),  # as the legend, and as the bar of the weights
            tooltip=[
                alt.Tooltip("plot:N", title=t("compare.plot")),
                alt.Tooltip("group:N", title=t("compare.group")),
                alt.Tooltip("told:N", title=t("compare.points")),
            ],
        )
        .properties(height=alt.Step(50))
    )


def rank_chances(names: Sequence[str], chances: np.ndarray) -> alt.LayerChart:
    """Draw for each plot the chance, 0 to 1, of each rank; the last column holds the rest."""
    ranks = min(_MOST_RANKS, chances.shape[1])
    rows = []
    for place, name in enumerate(names):
        for rank in range(ranks):
            rows.append({"plot": name, "rank": str(rank + 1), "chance": chances[place, rank]})
        if chances.shape[1] > ranks:
            rest = chances[place, ranks:].sum()
            rows.append({"plot": name, "rank": f"{ranks + 1}+", "chance": rest})
    for row in rows:
        row["chance"] = float(row["chance"])
        row["told"] = percentage(row["chance"], language())
    order = list(dict.fromkeys(str(row["rank"]) for row in rows))
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("rank:N", title=t("compare.rank"), sort=order, axis=alt.Axis(labelAngle=0)),
        y=_by_plot(names),
    )
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color(
            "chance:Q", scale=alt.Scale(domain=[0, 1], range=["#f4f6f8", "#084594"]), legend=None
        ),
        tooltip=[
            alt.Tooltip("plot:N", title=t("compare.plot")),
            alt.Tooltip("rank:N", title=t("compare.rank")),
            alt.Tooltip("told:N", title=t("compare.chance")),
        ],
    )
    words = (
        base.transform_filter("datum.chance >= 0.005")
        .mark_text(fontSize=11)
        .encode(
            text=alt.Text("told:N"),
            color=alt.condition("datum.chance > 0.5", alt.value("white"), alt.value("#1b2a34")),
        )
    )
    return _dressed((cells + words).properties(height=alt.Step(50)))
