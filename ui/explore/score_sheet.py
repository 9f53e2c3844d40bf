"""Show the score sheet of one plot: total, groups, and every criterion down to its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from data.plot_schema import shown_on_sheet
from geo import layers
from geo.crs import RD
from presentation.numbers import ESTIMATED, outward
from presentation.plot_columns import column_label, column_value
from presentation.symbols import LIMIT_COLOURS
from scoring.limits import nature_of
from ui.text import language, number, t

_LIMIT_LEVELS = {outcome: place for place, outcome in enumerate(LIMIT_COLOURS)}


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Write an interval as one number when its ends read alike, else as two."""
    first, last = number(low, decimals), number(high, decimals)
    return first if first == last else t("sheet.interval", low=first, high=last)


def measured_text(low: float, high: float, unit: str) -> str:
    """Write a measured value, or its interval, with its unit; a step of a scale as a word."""
    if unit in ("grid", "yes_no"):
        return t(f"sheet.step.{unit}.{round(low)}")
    if high != high or math.isinf(high):
        return t("sheet.at_least", value=unit_text(number(low, decimals_of(unit)), unit))
    if low != low:
        return t("sheet.at_most", value=unit_text(number(high, decimals_of(unit)), unit))
    if unit in ESTIMATED:
        low, high = outward(low, high)
    elif unit == "places":
        # a part of a place is none: as the list and the map say it
        low, high = math.floor(low), math.floor(high)
    decimals = decimals_of(unit)
    whole = all(round(end, decimals) == round(end) for end in (low, high))
    return unit_text(interval(low, high, 0 if whole else decimals), unit)


def unit_text(value: str, unit: str) -> str:
    """Write a value with its unit."""
    return t(f"sheet.unit.{unit}", value=value)


def facts(plot: Mapping[str, Any], area_m2: float) -> list[tuple[str, str]]:
    """Give what is known of a plot, label by label; an unknown is said to be unknown."""
    rows = [(t("sheet.fact.area"), unit_text(number(area_m2), "m2"))]
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


def decimals_of(unit: str) -> int:
    """Give how many decimals a unit is written with."""
    return {"km": 1, "ha": 2, "share": 2, "ratio": 2, "years": 1, "places_per_1000": 1}.get(unit, 0)
