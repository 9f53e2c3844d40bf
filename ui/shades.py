"""Give the figures by which the map shades municipalities."""

from __future__ import annotations

import functools

import pandas as pd

import messages
from geo import layers
from ui.explore.model import five_steps
from ui.map import SHADE_COLOURS, Shade
from ui.text import messages_number

SHADES = ("task", "realised", "gap", "inhabitants")


def municipality_figures() -> pd.DataFrame:
    """Give inhabitants, task, realised places and gap for each municipality.

    The task is that of the first cycle of the Spreidingswet, decided before indicative. What is
    not public is missing (NaN), never zero.
    """
    towns = layers.municipalities()
    figures = pd.DataFrame({"inhabitants": towns["inhabitants"].astype(float)}, index=towns.index)
    tasks = layers.tasks()
    first = tasks[tasks["cycle"] == 1].sort_values("status", key=lambda s: s != "decided")
    first = first.drop_duplicates("municipality_code").set_index("municipality_code")
    figures["task"] = first["places"].astype(float).reindex(towns.index)
    figures["realised"] = first["realised_places"].astype(float).reindex(towns.index)
    figures["gap"] = (figures["task"] - figures["realised"]).clip(lower=0)
    return figures


@functools.lru_cache(maxsize=4)
def municipality_shades(lang: str) -> dict[str, Shade]:
    """Give each figure cut into classes, with a legend and a tooltip for every municipality."""
    figures = municipality_figures()
    return {key: _shade(key, figures[key], lang) for key in SHADES}


def _shade(key: str, values: pd.Series, lang: str) -> Shade:
    return shade_of(messages.text(f"explore.shade_title.{key}", lang), values, lang)


def shade_of(title: str, values: pd.Series, lang: str) -> Shade:
    """Give a figure of the municipalities cut into classes; NaN is unknown."""
    edges, classes = five_steps(values)
    unknown = messages.text("explore.shade_unknown", lang)
    legend: list[tuple[str | None, str]] = [
        (
            SHADE_COLOURS[step],
            messages.text("explore.shade_from", lang, value=messages_number(edge, lang)),
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
            unknown if pd.isna(value) else messages_number(float(value), lang) for value in values
        ),
    )
