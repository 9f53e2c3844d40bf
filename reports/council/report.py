"""Put the council report together: pages, method and sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from data.translated import in_language
from data.vocabulary import Confidentiality, highest_class
from geo import layers
from messages import text
from presentation.numbers import day, percentage
from presentation.plain_text import TEXT_LIMIT, printable
from presentation.words import class_label, kind_label
from reports.background import Ask, ask_nobody
from reports.content import Content
from reports.council.appendix import scores_table
from reports.council.decision import decision_page
from reports.council.others import others_page
from reports.council.plot_page import plot_page
from reports.council.words import Say
from reports.credits import whole_sources
from reports.drawing.ground import MapLayers
from reports.pdf import compile_pdf
from scoring.robustness import SEED, robustness_of
from scoring.tasks import municipal_tasks

MOST_PLOTS = 25


def council_report(
    content: Content,
    *,
    language: str = "nl",
    tasks: pd.DataFrame | None = None,
    examples: pd.DataFrame | None = None,
    progress: Callable[[float], None] | None = None,
    ask: Ask = ask_nobody,
    everything: Content | None = None,
    again: bool = False,
) -> bytes:
    """Make the report as PDF/UA-1 and PDF/A-3a, with its data attached.

    Args:
        content: what the readers may see, see :func:`reports.content.content_of`; at most the
            first 25 plots get a page.
        language: "nl" or "en".
        tasks: of the municipalities, as far as the readers may see them; by default what is
            public.
        examples: practice examples that the readers may see.
        progress: told how far the work is, 0 to 1.
        everything: all plots that the readers may see, where the report is about some of them: why
            not the others is told of all.
        again: whether it is made from a snapshot: what that did not keep is said then.
        ask: gives the ground from PDOK, or nothing, see :class:`reports.background.Asker`.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
        ReportError: there is no plot to report on.
    """
    confidentiality = class_of_report(content, everything)
    label = class_label(confidentiality, language)

    def say(key: str, **values: Any) -> str:
        return text(f"reports.council.{key}", language, **values)

    if tasks is None:
        tasks = municipal_tasks(
            layers.municipalities().index,
            layers.tasks(),
            layers.reception_locations(),
            on=content.date,
        )
    shown = min(len(content.plots), MOST_PLOTS)
    pictures: dict[str, bytes] = {}
    ranking = content.ranking
    chance = robustness_of(
        ranking.measured, ranking.weights, seed=content.seed or SEED
    ).first_chance
    first = decision_page(content, tasks, say, language, pictures, ask)
    plots = []
    for place in range(shown):
        plots.append(plot_page(content, place, say, language, pictures, chance, examples, ask))
        if progress is not None:
            progress((place + 1) / (shown + 1))
    credits_ = dict.fromkeys(one for plot in plots for one in plot.pop("credits"))
    under = MapLayers(layers.municipalities())
    title = say("title", kind=kind_label(content.kader.kind, language))
    data = {
        "title": title,
        "header": say("header"),
        "class": label,
        "public": confidentiality == "openbaar",
        "fiction": text("reports.fiction", language)
        if content.fictional or (everything is not None and everything.fictional)
        else "",
        "language": language,
        "snapshot": printable(content.snapshot),
        "year": content.date.year,
        "month": content.date.month,
        "day": content.date.day,
        "footer": _footer(content, say, language),
        "snapshot_words": say("snapshot", number=printable(content.snapshot))
        if content.snapshot
        else "",
        "page_words": say("page"),
        "words": _words(say),
        "first": first,
        "plots": plots,
        "others": others_page(content, shown, say, language, everything, again=again),
        "scores": scores_table(content, shown, say, language),
        "method": [say(f"method{n}") for n in (1, 2, 3, 4)],
        "kader": _kader(content, say, language),
        "criteria": [
            [
                text(f"scoring.criterion.{c.key}", language),
                percentage(content.ranking.weights[c.key], language),
                in_language(c.source, language),
            ]
            for c in content.criteria
            if content.ranking.weights[c.key] > 0
        ],
        "sources": list(whole_sources(content, under, language, credits_)),
        "numbers": _numbers(content, shown),
    }
    made = compile_pdf("council.typ", data, pictures, content.date)
    if progress is not None:
        progress(1.0)
    return made


def class_of_report(content: Content, everything: Content | None) -> Confidentiality:
    """Give the class of a report: the highest of the plots that it is about and of all others."""
    every = everything or content
    return highest_class([str(content.confidentiality), str(every.confidentiality)])


def _words(say: Say) -> dict[str, Any]:
    keys = (
        *("facts", "open", "nothing_open", "next", "practice", "sheet", "for", "against"),
        *("method", "kader", "criteria", "sources", "attachment", "of_100", "obstacles"),
        *("no_obstacle", "remedy", "unknown_short", "legend_known", "legend_open", "legend_middle"),
        *("neighbours_title", "legend_words", "steps", "six_questions", "answers_whole"),
        *("legend_plot", "legend_rings", "legend_quarters", "legend_others", "legend_reception"),
        "scale",
    )
    words: dict[str, Any] = {key: say(key) for key in keys}
    words["criteria_columns"] = [say(f"column_{key}") for key in ("criterion", "weight", "source")]
    return words


def _footer(content: Content, say: Say, language: str) -> str:
    parts = [say("made_on", date=day(content.date, language))]
    if content.exploration:
        parts.append(say("exploration"))
    return " · ".join(parts)


def _kader(content: Content, say: Say, language: str) -> list[list[str]]:
    stamp = content.stamp
    rows = [
        [say("kader_version"), printable(stamp.version)],
        [say("kader_date"), day(stamp.fixed_on, language) if stamp.fixed_on else say("not_fixed")],
        [say("kader_hash"), stamp.sha256],
    ]
    if content.kader.day is not None:
        rows.append([say("kader_day"), day(content.kader.day, language)])
    if stamp.reason:
        rows.append([say("kader_reason"), printable(stamp.reason, TEXT_LIMIT)])
    return rows


def _numbers(content: Content, shown: int) -> list[dict[str, Any]]:
    """Give the numbers behind the report, for the attachment."""
    ranking = content.ranking
    return [
        {
            "plot_id": str(content.plots.index[place]),
            "rank": content.ranks[place],
            "low": round(float(ranking.lower[place]), 6),
            "high": round(float(ranking.upper[place]), 6),
        }
        for place in range(shown)
    ]
