"""One page of the council report: one plot, always on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from data.plot_schema import ColumnType, shown_in_report
from data.vocabulary import CriterionGroup
from messages import text
from presentation.numbers import bounds, number, percentage
from presentation.plain_text import printable
from presentation.plot_columns import column_label, column_value
from presentation.symbols import LIMIT_COLOURS
from presentation.words import word
from reports.alike import like
from reports.classes import Audience
from reports.content import Content
from reports.council.next_steps import next_steps
from reports.council.site_map import site_map
from reports.council.words import (
    Say,
    breakable,
    measured_words,
    plot_name,
    reason_words,
    score_bar,
    town_of,
)
from reports.drawing.cards import places_words
from scoring.explain import open_questions, reasons
from scoring.neighbourhoods import inhabitants_interval
from scoring.ranking import ScoreSheet, score_sheet

MOST_LIMITS = 4
_LONGEST_FACT = 80
LEAST_POINTS = 0.5
"""What changes a score by less is no question for a council."""
NEIGHBOURS_M = (300.0, 1200.0)


def plot_page(
    content: Content,
    place: int,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    first_chance: np.ndarray,
    examples: pd.DataFrame | None,
) -> dict[str, Any]:
    """Gather the page of one plot, by position; its map is added to the pictures."""
    plots, ranking = content.plots, content.ranking
    plot = plots.iloc[place]
    plot_id = str(plots.index[place])
    name = plot_name(content, place, language)
    sheet = score_sheet(ranking.measured, ranking, plot_id)
    town = town_of(content, place, language)
    if not bool(plot.get("municipality_certain", True)):
        town = say("town_uncertain", town=town)
    pictures[f"map{place}.png"] = site_map(content, place, language, size_cm=(11.4, 7.0))
    favour, against, unknown = reasons(ranking, place)
    limits = content.limits_of(plot_id)
    return {
        "name": name,
        "where": town,
        "map": f"map{place}.png",
        "map_alt": say("map_alt", name=name, town=town),
        "map_note": say("map_note"),
        "places": places_words(content.places[place], language),
        **score_bar(content, place, language),
        "rank_words": _rank_words(content, place, first_chance, say, language),
        "limits": [
            {
                "outcome": word("LimitOutcome", str(line.outcome), language),
                "reason": line.reason.text(language),
                "remedy": line.lifted_by.text(language),
                "article": line.article,
                "colour": LIMIT_COLOURS[line.outcome],
            }
            for line in limits[:MOST_LIMITS]
        ],
        "more_limits": say("more_limits", count=len(limits) - MOST_LIMITS)
        if len(limits) > MOST_LIMITS
        else "",
        "for": reason_words(sheet.rows, favour, language) or [say("nothing_stands_out")],
        "against": reason_words(sheet.rows, against, language) or [say("nothing_stands_out")],
        "unknown": [text(f"scoring.criterion.{key}", language) for key in unknown],
        "facts": shown_facts(plot, language),
        "groups": _groups(content, place, sheet, language),
        "questions": [
            say(
                "question",
                name=text(f"scoring.criterion.{q.key}", language),
                points=number(q.narrows, language, decimals=1),
            )
            for q in [q for q in open_questions(ranking, place) if q.who][:3]
            if q.narrows >= LEAST_POINTS
        ],
        "next": breakable(printable(plot.get("next_actor"), 160))
        or text("frame.unknown", language),
        "steps": next_steps(content, place, say, language),
        "neighbours": _neighbours(content, place, say, language),
        "practice": practice_lines(plot, content, examples, say, language),
    }


def _rank_words(
    content: Content, place: int, first_chance: np.ndarray, say: Say, language: str
) -> str:
    ranking, count = content.ranking, len(content.plots)
    if count == 1:
        return say("robust_alone")
    best, worst = int(ranking.rank_best[place]), int(ranking.rank_worst[place])
    words = (
        say("rank_one", rank=best, count=count)
        if best == worst
        else say("rank", best=best, worst=worst, count=count)
    )
    return f"{words}. " + say("first_chance", chance=percentage(first_chance[place], language))


def _groups(content: Content, place: int, sheet: ScoreSheet, language: str) -> list[dict[str, Any]]:
    """Give the criteria by group: ends of the score, what was measured, the middle of others."""
    measured = content.ranking.measured
    middle = 50 * (measured.score_low + measured.score_high)
    others = np.delete(middle, place, axis=0)
    medians = np.median(others, axis=0) if len(others) else np.full(middle.shape[1], np.nan)
    groups = []
    for group in sheet.groups:
        rows = [
            (column, row)
            for column, row in enumerate(sheet.rows)
            if row.criterion.group == group.group
        ]
        if not rows or (group.group == CriterionGroup.HAALBAARHEID and group.weight == 0):
            continue
        groups.append(
            {
                "name": word("CriterionGroup", str(group.group), language),
                "weight": percentage(group.weight, language),
                "rows": [
                    {
                        "name": text(f"scoring.criterion.{row.criterion.key}", language),
                        "value": measured_words(row, language),
                        "low": 100 * row.score_low,
                        "high": 100 * row.score_high,
                        "unknown": row.unknown,
                        "middle": float(medians[column])
                        if medians[column] == medians[column]
                        else -1,
                        "weight": percentage(row.weight, language),
                    }
                    for column, row in rows
                ],
            }
        )
    return groups


def shown_facts(plot: Mapping[str, Any], language: str) -> list[list[str]]:
    """Give what is known of a plot, label by label, as the schema orders it."""
    area = number(float(plot["geometry"].area), language)
    rows = [
        [text("reports.council.fact_area", language), text("sheet.unit.m2", language, value=area)]
    ]
    for column in shown_in_report():
        # what these readers may not see was taken out before
        if column.key not in plot:
            continue
        said = column_value(column.key, plot.get(column.key), language)
        if column.type is ColumnType.TEXT:
            said = breakable(printable(said, _LONGEST_FACT))
        rows.append([column_label(column.key, language), said])
    return rows


def _neighbours(content: Content, place: int, say: Say, language: str) -> list[str]:
    """Say how many people live near, as the scores know it."""
    around = content.ranking.measured.surroundings
    shape = content.plots.geometry.iloc[[place]]
    lines = []
    for reach_m in NEIGHBOURS_M:
        people = inhabitants_interval(shape, around.people, around.people_beyond, reach_m).iloc[0]
        low, high = (float(round(people[end], -1)) for end in ("low", "high"))
        lines.append(
            say("neighbours", metres=number(reach_m, language), people=bounds(low, high, language))
        )
    return lines


def practice_lines(
    plot: Mapping[str, Any],
    content: Content,
    examples: pd.DataFrame | None,
    say: Say,
    language: str,
) -> list[str]:
    """Give the practice example that is most alike, if these readers may see any."""
    if examples is None or examples.empty:
        return []
    if content.audience is not Audience.INTERN and "own" in examples:
        # Examples that users wrote have no class: they are for the team alone.
        examples = examples[~examples["own"].astype(bool)]
    found = like(plot, str(content.kader.kind), examples)[:1]
    return [
        say(
            "practice_line",
            title=breakable(printable(example.title, 120)),
            place=breakable(printable(example.place, 60)),
            reasons=", ".join(reason.text(language) for reason in example.reasons),
        )
        for example in found
    ]
