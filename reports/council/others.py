"""The page that says why not the others, and the six questions that a council always asks."""

from __future__ import annotations

from typing import Any

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
from store.plots import Left

MOST_ROWS = 120
LONGEST_ANSWER = 150
"""Longer answers are whole behind the page that says why not the others."""
ROOM_FOR_ANSWERS = 16_000
"""About two pages. What is longer is cut; the attached data hold all of it."""


def others_page(
    content: Content,
    shown: int,
    say: Say,
    language: str,
    everything: Content | None = None,
) -> dict[str, Any]:
    """Gather a row for each plot that these readers may see: why it does not stand first.

    Args:
        content: the plots that the report is about.
        shown: so many of them have a page.
        say: texts of the report.
        language: "nl" or "en".
        everything: all plots that the readers may see, where those are more.
    """
    every = everything or content
    count = len(every.plots)
    about = set(content.plots.index[:shown])
    rows = [
        [
            str(every.ranks[place]),
            plot_name(every, place, language),
            town_of(every, place, language),
            interval(every.ranking.lower[place], every.ranking.upper[place], language, decimals=0),
            _why(every, place, say, language)
            + (f" {say('has_page')}" if everything and every.plots.index[place] in about else ""),
        ]
        for place in range(min(count, MOST_ROWS))
    ]
    return {
        "title": say("others"),
        "lead": say("others_lead", count=count) if everything else "",
        "columns": [say(f"column_{key}") for key in ("rank", "name", "town", "score", "why")],
        "rows": rows,
        "more": say("others_more", count=count - MOST_ROWS) if count > MOST_ROWS else "",
        "answers_title": say("answers_whole"),
        "answers": _whole_answers(content, shown, say, language),
    }


def six_answers(content: Content, place: int, say: Say, language: str) -> list[list[str]]:
    """Give the six questions with what is known for a plot, by position, or who finds it out."""
    return [[say(f"six_{key}"), _answer(content, place, key, say, language)] for key in QUESTIONS]


def cut(words: str, longest: int = LONGEST_ANSWER) -> str:
    """Shorten an answer at a word, for the page of its plot.

    >>> cut("kort"), cut("een twee drie", 9)
    ('kort', 'een twee…')
    """
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0][: longest - 1].rstrip(" ,.;:") + "…"


def _whole_answers(content: Content, shown: int, say: Say, language: str) -> list[dict[str, Any]]:
    """Give the answers that are too long for the page of their plot, as long as there is room."""
    long: list[tuple[int, str, str]] = [
        (place, question, words)
        for place in range(shown)
        for question, words in six_answers(content, place, say, language)
        if len(words) > LONGEST_ANSWER
    ]
    room = max(ROOM_FOR_ANSWERS // max(len(long), 1), LONGEST_ANSWER)
    return [
        {
            "name": plot_name(content, place, language),
            "question": question,
            "words": cut(words, room),
        }
        for place, question, words in long
    ]


def _why(content: Content, place: int, say: Say, language: str) -> str:
    """Give the decisive reason in words, and what would change it."""
    plot = content.plots.iloc[place]
    state = str(plot.get("state"))
    if state in (PlotState.AFGEVALLEN, PlotState.GEREALISEERD):
        return _left(content.left.get(str(content.plots.index[place])), state, say, language)
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


def _left(left: Left | None, state: str, say: Say, language: str) -> str:
    """Say that a plot is out of the running, since when, and why where these readers may know."""
    since = day(left.on, language) if left else text("frame.unknown", language)
    told = say("left", state=word("PlotState", state, language), date=since)
    reason = breakable(printable(left.reason, 200)) if left else ""
    return f"{told} {say('left_reason', reason=reason)}" if reason else told


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
