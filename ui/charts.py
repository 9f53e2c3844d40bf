"""Draw charts with Altair, which Streamlit brings along: nothing comes from another host.

Vega names the parts of a chart in English only; the page gives each chart one text instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from data.vocabulary import CriterionGroup
from ui.text import named, number, t

GROUP_COLOURS = {
    "omvang": "#22577f",
    "voorzieningen": "#a06cc4",
    "integratie": "#c26a1f",
    "haalbaarheid": "#2f4a12",
}
"""Hues of the weights bar, dark and light by turns: apart for eyes that lack a kind of cone."""
_MOST_RANKS = 10


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
        }
        for group, values in contributions.items()
        for place, name in enumerate(names)
    ]
    shown = [g for g in CriterionGroup if str(g) in contributions]
    groups = [named("CriterionGroup", g) for g in shown]
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            x=alt.X("points:Q", title=t("compare.points"), scale=alt.Scale(domain=[0, 100])),
            y=alt.Y("plot:N", title=None, sort=list(names), axis=alt.Axis(labelLimit=260)),
            color=alt.Color(
                "group:N",
                title=None,
                sort=groups,
                scale=alt.Scale(domain=groups, range=[GROUP_COLOURS[g] for g in shown]),
                legend=alt.Legend(orient="bottom"),
            ),
            order=alt.Order("group:N"),
            tooltip=[
                alt.Tooltip("plot:N", title=t("compare.plot")),
                alt.Tooltip("group:N", title=t("compare.group")),
                alt.Tooltip("told:N", title=t("compare.points")),
            ],
        )
        .properties(height=alt.Step(38))
        .configure(aria=False)
    )


def rank_chances(names: Sequence[str], chances: np.ndarray) -> alt.LayerChart:
    """Draw for each plot the chance, 0 to 1, of each rank; the last column holds the rest."""
    ranks = min(_MOST_RANKS, chances.shape[1])
    rows = []
    for place, name in enumerate(names):
        for rank in range(ranks):
            rows.append(
                {"plot": name, "rank": str(rank + 1), "chance": float(chances[place, rank])}
            )
        if chances.shape[1] > ranks:
            rest = float(chances[place, ranks:].sum())
            rows.append({"plot": name, "rank": f"{ranks + 1}+", "chance": rest})
    order = list(dict.fromkeys(str(row["rank"]) for row in rows))
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("rank:N", title=t("compare.rank"), sort=order, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("plot:N", title=None, sort=list(names), axis=alt.Axis(labelLimit=260)),
    )
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color(
            "chance:Q", scale=alt.Scale(domain=[0, 1], range=["#f4f6f8", "#084594"]), legend=None
        ),
        tooltip=[
            alt.Tooltip("plot:N", title=t("compare.plot")),
            alt.Tooltip("rank:N", title=t("compare.rank")),
            alt.Tooltip("chance:Q", title=t("compare.chance"), format=".0%"),
        ],
    )
    words = (
        base.transform_filter("datum.chance >= 0.005")
        .mark_text(fontSize=11)
        .encode(
            text=alt.Text("chance:Q", format=".0%"),
            color=alt.condition("datum.chance > 0.5", alt.value("white"), alt.value("#1b2a34")),
        )
    )
    return (cells + words).properties(height=alt.Step(32)).configure(aria=False)
