"""Show the score sheet of one plot: total, groups, and every criterion down to its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.vocabulary import PlotState
from presentation.symbols import LIMIT_COLOURS, SUITABILITY_CLASSES
from scoring.ranking import Ranking, ScoreSheet, SheetRow
from ui import html
from ui.explore.model import suitability_classes
from ui.text import date, language, named, number, t

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


def _day(value: Any) -> Any:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def sheet_html(
    sheet: ScoreSheet,
    ranking: Ranking,
    place: int,
    plot: Mapping[str, Any],
    *,
    name: str,
    municipality: str,
    area_m2: float,
) -> str:
    """Give the score sheet as HTML, every value escaped.

    Args:
        sheet: the scores of the plot.
        ranking: the ranking that it stands in.
        place: position of the plot in the ranking.
        plot: its row.
        name: how it is called on the screen.
        municipality: where it lies, in words.
        area_m2: its measured area.
    """
    low, high = float(sheet.total_low), float(sheet.total_high)
    best, worst = int(ranking.rank_best[place]), int(ranking.rank_worst[place])
    total = interval(low, high)
    count = number(len(ranking.plot_ids))
    colour = SUITABILITY_CLASSES[int(suitability_classes(ranking.lower[place : place + 1])[0])]
    groups: list[dict[str, Any]] = []
    for group in sheet.groups:
        lines = [row for row in sheet.rows if row.criterion.group == group.group]
        groups.append(
            {
                "name": named("CriterionGroup", group.group),
                "score": interval(100 * group.score_low, 100 * group.score_high),
                "weight": t("sheet.percent", value=number(100 * group.weight)),
                "contribution": interval(group.contribution_low, group.contribution_high, 1),
                "rows": [_row(row) for row in lines],
            }
        )
    return html.filled(
        "score_sheet.html",
        words={
            key: t(f"sheet.{key}")
            for key in (
                "title",
                "criterion",
                "measured",
                "score",
                "weight",
                "contribution",
                "source",
                "article",
                "lifted_by",
                "more",
                "foot",
            )
        },
        head={
            "name": name,
            "where": municipality,
            "colour": colour.colour,
            "total": total,
            "low": round(low, 1),
            "high": round(high, 1),
            "total_words": t("sheet.total_interval", low=number(low), high=number(high))
            if number(low) != number(high)
            else t("sheet.total_exact", value=number(low)),
            "rank_words": t("sheet.rank_one", rank=best, count=count)
            if best == worst
            else t("sheet.rank_interval", best=best, worst=worst, count=count),
            "facts": facts(plot, area_m2),
        },
        limits=[
            {
                "level": _LIMIT_LEVELS[hit.outcome],
                "outcome": named("LimitOutcome", hit.outcome),
                "reason": hit.reason.text(language()),
                "article": hit.article,
                "lifted_by": hit.lifted_by.text(language()),
            }
            for hit in sheet.limits
        ],
        groups=groups,
    )


def _row(row: SheetRow) -> dict[str, Any]:
    unknown = bool(row.unknown)
    unit = row.criterion.unit
    return {
        "name": t(f"scoring.criterion.{row.criterion.key}"),
        "explained": t(f"scoring.criterion.{row.criterion.key}.explained"),
        "value": t("frame.unknown")
        if unknown
        else measured_text(row.value_low, row.value_high, unit),
        "score": interval(100 * row.score_low, 100 * row.score_high),
        "low": round(100 * row.score_low),
        "high": round(100 * row.score_high),
        "weight": t("sheet.percent", value=number(100 * row.weight, 1)),
        "contribution": interval(row.contribution_low, row.contribution_high, 1),
        "source": row.source,
        "url": row.source_url if str(row.source_url or "").startswith("https://") else "",
        "unknown": unknown,
    }


def decimals_of(unit: str) -> int:
    """Give how many decimals a unit is written with."""
    return {"km": 1, "ha": 2, "share": 2, "ratio": 2, "years": 1, "places_per_1000": 1}.get(unit, 0)
