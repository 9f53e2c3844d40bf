"""The page that says why not the others, and the six questions that a council always asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.vocabulary import LimitOutcome, PlotState
from messages import text
from presentation.numbers import day, interval
from presentation.plain_text import printable
from presentation.words import word
from reports.content import Content
from reports.council.next_steps import answer_words
from reports.council.words import Say, breakable, plot_name, town_of
from reports.drawing.cards import places_words
from scoring.explain import why_not
from store.plans import QUESTIONS

MOST_ROWS = 40


def others_page(
    content: Content, shown: int, first_chance: np.ndarray, say: Say, language: str
) -> dict[str, Any]:
    """Gather a row for each plot that these readers may see: why it does not stand first."""
    count = len(content.plots)
    rows = [
        [
            str(content.ranks[place]),
            plot_name(content, place, language),
            town_of(content, place, language),
            interval(
                content.ranking.lower[place], content.ranking.upper[place], language, decimals=0
            ),
            _why(content, place, say, language),
        ]
        for place in range(min(count, MOST_ROWS))
    ]
    answered = min(shown, 3)
    return {
        "title": say("others"),
        "columns": [say(f"column_{key}") for key in ("rank", "name", "town", "score", "why")],
        "rows": rows,
        "more": say("others_more", count=count - MOST_ROWS) if count > MOST_ROWS else "",
        "questions_title": say("six_questions"),
        "questions_note": say("six_note"),
        "questions_columns": [
            say("column_question"),
            *(plot_name(content, place, language) for place in range(answered)),
        ],
        "questions": [
            [
                say(f"six_{key}"),
                *(_answer(content, place, key, say, language) for place in range(answered)),
            ]
            for key in QUESTIONS
        ],
    }


def _why(content: Content, place: int, say: Say, language: str) -> str:
    """Give the decisive reason in words, and what would change it."""
    plot = content.plots.iloc[place]
    state = str(plot.get("state"))
    if state in (PlotState.AFGEVALLEN, PlotState.GEREALISEERD):
        return word("PlotState", state, language)
    blocked = [
        line
        for line in content.limits_of(str(content.plots.index[place]))
        if line.outcome == LimitOutcome.GEBLOKKEERD
    ]
    if blocked:
        outcome = word("LimitOutcome", str(blocked[0].outcome), language)
        return (
            f"{outcome}: {blocked[0].reason.text(language)} {blocked[0].lifted_by.text(language)}"
        )
    if place == 0:
        return say("stands_first")
    found = why_not(content.ranking, 0, place)
    against = [d for d in found.differences if d.points > 0][:2]
    if not against:
        return say("as_good")
    names = ", ".join(text(f"scoring.criterion.{d.key}", language) for d in against)
    first = say("less_on", names=names)
    if not found.certain:
        return first + " " + say("can_still_change")
    return first


def _answer(content: Content, place: int, key: str, say: Say, language: str) -> str:
    plot = content.plots.iloc[place]
    plan = content.plans.get(str(content.plots.index[place]))
    written = answer_words(plan.answer(key), say, language) if plan else ""
    if key == "how_many":
        room = places_words(content.places[place], language)
        return f"{room}. {written}" if written else room
    if written:
        return written
    if key == "how_long":
        ends = [plot.get(name) for name in ("available_from", "available_until")]
        if all(value is not None and not pd.isna(value) for value in ends):
            begin, end = (day(pd.Timestamp(value).date(), language) for value in ends)
            return say("from_until", begin=begin, end=end)
    actor = breakable(printable(plot.get("next_actor"), 60))
    return say("not_known_ask", who=actor) if actor else say("not_known")
