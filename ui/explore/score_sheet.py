"""Show the score sheet of one plot: total, groups, and every criterion down to its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from data.vocabulary import PlotState
from geo import layers
from geo.crs import RD
from presentation.numbers import ESTIMATED, outward
from presentation.symbols import LIMIT_COLOURS
from scoring.limits import nature_of
from ui.text import date, named, number, t

_LIMIT_LEVELS = {outcome: place for place, outcome in enumerate(LIMIT_COLOURS)}


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Write an interval as one number when its ends read alike, else as two."""
    first, last = number(low, decimals), number(high, decimals)
    return first if first == last else t("sheet.interval", low=first, high=last)


def measured_text(low: float, high: float, unit: str) -> str:
    """Write a measured value, or its interval, with its unit; a step of a scale as a word."""
    if unit in ("grid", "yes_no"):
        return t(f"sheet.step.{unit}.{round(low)}")
    if high != high:
        return t("sheet.at_least", value=unit_text(number(low, decimals_of(unit)), unit))
    if unit in ESTIMATED:
        low, high = outward(low, high)
    return unit_text(interval(low, high, decimals_of(unit)), unit)


def unit_text(value: str, unit: str) -> str:
    """Write a value with its unit."""
    return t(f"sheet.unit.{unit}", value=value)


def facts(plot: Mapping[str, Any], area_m2: float) -> list[tuple[str, str]]:
    """Give what is known of a plot, label by label; an unknown is said to be unknown."""
    unknown = t("frame.unknown")

    def words(column: str) -> str:
        value = plot.get(column)
        return value.strip() if isinstance(value, str) and value.strip() else unknown

    mixed = plot.get("mixed_living")
    state = plot.get("state")
    return [
        (t("sheet.fact.area"), unit_text(number(area_m2), "m2")),
        (t("sheet.fact.object"), named("ObjectKind", plot.get("object_kind") or "onbekend")),
        (t("sheet.fact.owner"), named("OwnerKind", plot.get("owner_kind") or "onbekend")),
        (t("sheet.fact.zoning"), named("Zoning", plot.get("zoning") or "onbekend")),
        (t("sheet.fact.nature"), _nature(plot)),
        (t("sheet.fact.from"), date(_day(plot.get("available_from")))),
        (t("sheet.fact.until"), date(_day(plot.get("available_until")))),
        (
            t("sheet.fact.state"),
            named("PlotState", state) if state in list(PlotState) else unknown,
        ),
        (t("sheet.fact.next"), words("next_actor")),
        (
            t("sheet.fact.mixed"),
            unknown if mixed is None or pd.isna(mixed) else t("frame.yes" if mixed else "frame.no"),
        ),
        (
            t("sheet.fact.class"),
            named("Confidentiality", plot.get("confidentiality") or "vertrouwelijk"),
        ),
        (t("sheet.fact.cadastral"), words("cadastral_number")),
        (t("sheet.fact.address"), words("address")),
        (t("sheet.fact.remarks"), words("remarks")),
    ]


def _nature(plot: Mapping[str, Any]) -> str:
    """Tell what was said of protected nature, and how the plot lies to Natura 2000 as measured."""
    told = named("NatureStatus", plot.get("nature") or "onbekend")
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


def _day(value: Any) -> Any:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def decimals_of(unit: str) -> int:
    """Give how many decimals a unit is written with."""
    return {"km": 1, "ha": 2, "share": 2, "ratio": 2, "years": 1, "places_per_1000": 1}.get(unit, 0)
