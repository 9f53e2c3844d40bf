"""Show the score sheet of one plot: total, groups, and every criterion down to its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from data.plot_schema import shown_on_sheet
from geo import layers
from geo.crs import RD
from presentation.measured import with_unit
from presentation.plot_columns import column_label, column_value
from presentation.symbols import LIMIT_COLOURS
from scoring.limits import nature_of
from ui.text import language, number, t

_LIMIT_LEVELS = {outcome: place for place, outcome in enumerate(LIMIT_COLOURS)}


def facts(plot: Mapping[str, Any], area_m2: float) -> list[tuple[str, str]]:
    """Give what is known of a plot, label by label; an unknown is said to be unknown."""
    rows = [(t("sheet.fact.area"), with_unit(number(area_m2), "m2", language()))]
    for column in shown_on_sheet():
        value = plot.get(column.key, column.unknown)
        said = column_value(column.key, value, language())
        if column.key == "nature":
            said = _with_measured_nature(said, plot)
        rows.append((column_label(column.key, language()), said))
    return rows


def _with_measured_nature(told: str, plot: Mapping[str, Any]) -> str:
    """Add to what was said of protected nature how the plot lies to Natura 2000 as measured."""
    shape = plot.get("geometry")
    if shape is None or shape.is_empty:
        return told
    lies = nature_of(gpd.GeoSeries([shape], crs=RD), layers.natura2000()).iloc[0]
    if lies["share"] > 0:
        measured = t(
            "sheet.nature.in", percent=number(max(1, 100 * lies["share"])), name=lies["name"]
        )
    else:
        distance = number(lies["distance_m"] / 1000, 1)
        measured = t("sheet.nature.near", distance=distance, name=lies["name"])
    return f"{told}; {measured}"
