"""Give the figures by which the map shades municipalities."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import messages
from geo import layers
from presentation import numbers
from presentation.numbers import bounds
from ui import session
from ui.explore.model import five_steps
from ui.map import SHADE_COLOURS, Shade

SHADES = ("task", "realised", "gap", "inhabitants")


def municipality_figures() -> pd.DataFrame:
    """Give inhabitants, task, realised places and gap for each municipality.

    All but the inhabitants are ``_low`` and ``_high``, as :mod:`scoring.tasks` tells them of the
    first cycle today. What is not known is missing (NaN), never zero.
    """
    towns = layers.municipalities()
    tasks = session.tasks()
    figures = pd.DataFrame(index=towns.index)
    figures["inhabitants_low"] = figures["inhabitants_high"] = towns["inhabitants"].astype(float)
    figures["task_low"] = figures["task_high"] = tasks["task"]
    for figure in ("realised", "gap"):
        for end in ("low", "high"):
            figures[f"{figure}_{end}"] = tasks[f"{figure}_{end}"]
    return figures


def municipality_shades(lang: str) -> dict[str, Shade]:
    """Give each figure cut into classes, with a legend and a tooltip for every municipality."""
    return _shades(lang, session.view(), session.figures_key())


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _shades(lang: str, seen_by: str, figures_at: str) -> dict[str, Shade]:
    figures = municipality_figures()
    return {
        key: shade_of(
            messages.text(f"explore.shade_title.{key}", lang),
            figures[f"{key}_low"],
            lang,
            high=figures[f"{key}_high"],
        )
        for key in SHADES
    }


def shade_of(title: str, values: pd.Series, lang: str, *, high: pd.Series | None = None) -> Shade:
    """Give a figure of the municipalities cut into classes; NaN is unknown.

    Args:
        title: of the legend.
        values: the figure, or its lower end.
        lang: language.
        high: its upper end. Where the two differ no class is given, and the label tells both.
    """
    upper = values if high is None else high
    edges, classes = five_steps(values.where(values.eq(upper)))
    unknown = messages.text("explore.shade_unknown", lang)
    legend: list[tuple[str | None, str]] = [
        (
            SHADE_COLOURS[step],
            messages.text("explore.shade_from", lang, value=numbers.number(edge, lang)),
        )
        for step, edge in enumerate(edges)
    ]
    if (classes < 0).any():
        legend.append((None, unknown))
    return Shade(
        title=title,
        colours=SHADE_COLOURS,
        legend=tuple(legend),
        classes=tuple(int(step) for step in classes),
        labels=tuple(
            bounds(low, most, lang, unknown=unknown)
            for low, most in zip(values, upper, strict=True)
        ),
    )
