"""The first page of the council report: the question, the task, three cards, and what is asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.translated import in_language
from geo import layers
from messages import text
from presentation.numbers import bounds, number
from presentation.plain_text import printable
from presentation.words import kind_label, word
from reports.background import Ask, ask_nobody
from reports.content import Content
from reports.council.others import MOST_CARDS
from reports.council.site_map import site_map
from reports.council.words import Say, capitalised, plot_name, score_bar, told_reasons, town_of
from reports.cutout import cutout_picture
from reports.drawing.cards import places_words
from reports.drawing.ground import MapLayers
from reports.drawing.plots import marks_of
from scoring.ranking import score_sheet
from scoring.tasks import NOT_COUNTED

MOST_TOWNS = 4


def decision_page(
    content: Content,
    tasks: pd.DataFrame,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    ask: Ask = ask_nobody,
) -> dict[str, Any]:
    """Gather the page.

    Args:
        content: what may be shown.
        tasks: as :func:`scoring.tasks.municipal_tasks` gives them, of what the readers may see.
        say: texts of the report.
        language: "nl" or "en".
        pictures: files by name, to which those of the page are added.
        ask: gives the ground of the small maps from PDOK, or nothing.
    """
    chosen = content.in_running[:MOST_CARDS]
    pictures["overview.png"] = _overview(content, chosen, language)
    rest = len(content.plots) - len(chosen)
    return {
        "question": say("question_one" if len(content.plots) == 1 else "question_many"),
        "lead": say(
            "lead",
            kind=kind_label(content.kader.kind, language),
            count=number(len(content.plots), language),
        ),
        "cards": [_card(content, place, say, language, pictures, ask) for place in chosen],
        "tasks_title": say("tasks"),
        "tasks_columns": [say(f"tasks_{key}") for key in ("town", "task", "realised", "gap")],
        "tasks": _tasks(content, tasks, chosen, language),
        "tasks_note": " ".join(
            filter(
                None,
                [
                    say("tasks_other_kind") if content.kader.kind in NOT_COUNTED else "",
                    _province(language),
                    say("tasks_note"),
                ],
            )
        ),
        "asked_title": say("asked"),
        "asked": [say(f"asked{n}") for n in (1, 2, 3)],
        "not_title": say("is_not"),
        "not": say("is_not_words"),
        "hatched": say("hatched"),
        "overview_alt": say("overview_alt_all", count=len(chosen)),
        "rest": say("rest", count=number(rest, language)) if rest else "",
    }


def _card(
    content: Content,
    place: int,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    ask: Ask,
) -> dict[str, Any]:
    plot = content.plots.iloc[place]
    name = plot_name(content, place, language)
    pictures[f"thumb{place}.png"], _ = site_map(
        content, place, language, size_cm=(5.4, 4.2), rings=False, dots_per_inch=150, ask=ask
    )
    sheet = score_sheet(content.ranking.measured, content.ranking, str(content.plots.index[place]))
    favour, against, unknown = told_reasons(content, place, sheet, say, language)
    limits = content.limits_of(str(content.plots.index[place]))
    area = number(float(plot["geometry"].area) / 10_000, language, decimals=1)
    lines = [[say("for"), favour[0]], [say("against"), against[0]]]
    if unknown:
        lines.append([say("unknown_short"), unknown[0]])
    if limits:
        hardest = limits[0]
        outcome = capitalised(word("LimitOutcome", str(hardest.outcome), language))
        lines.append([say("obstacle"), f"{outcome}: {hardest.reason.text(language)}"])
    else:
        lines.append([say("obstacle"), say("no_obstacle")])
    return {
        "name": name,
        "map": f"thumb{place}.png",
        "map_alt": say("map_alt", name=name, town=town_of(content, place, language)),
        "where": " · ".join(
            (
                town_of(content, place, language),
                word("ObjectKind", plot.get("object_kind"), language),
                f"{area}\u00a0ha",
            )
        ),
        "places": places_words(content.places[place], language),
        "lines": lines,
        **score_bar(content, place, language),
    }


def _tasks(
    content: Content, tasks: pd.DataFrame, chosen: list[int], language: str
) -> list[list[str]]:
    """Give task, realised and gap of the municipalities of the cards."""
    names = layers.municipalities()["name"]
    codes = [
        code
        for code in dict.fromkeys(content.plots["municipality_code"].iloc[chosen])
        if code in tasks.index
    ][:MOST_TOWNS]
    unknown = text("frame.unknown", language)
    rows = []
    for code in codes:
        row = tasks.loc[code]
        task = number(float(row["task"]), language) if row["task"] == row["task"] else unknown
        if isinstance(row["task_status"], str):
            status = text(f"vocabulary.TaskStatus.{row['task_status']}", language)
            task += f" ({status})"
        rows.append(
            [
                str(names[code]),
                task,
                bounds(float(row["realised_low"]), float(row["realised_high"]), language),
                bounds(float(row["gap_low"]), float(row["gap_high"]), language),
            ]
        )
    return rows


def _province(language: str) -> str:
    """Tell the task of the whole province, as far as it is packaged."""
    row = layers.province_task()
    if row is None:
        return ""
    return text(
        "balance.province",
        language,
        value=number(float(row["value"]), language),
        source=printable(in_language(str(row["source"]), language)),
    )


def _overview(content: Content, chosen: list[int], language: str) -> bytes:
    west, south, east, north = layers.municipalities().total_bounds
    ids = [str(plot_id) for plot_id in content.plots.index[chosen]]
    marks = marks_of(content)
    return cutout_picture(
        content.plots.iloc[chosen],
        [marks[place] for place in chosen],
        MapLayers(layers.municipalities()),
        extent=(west, south, east, north),
        size_cm=(8.2, 7.0),
        language=language,
        numbered=ids,
        names=12,
        dots_per_inch=150,
    )
