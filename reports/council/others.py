"""The page that says why not the others, and the six questions that a council always asks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from data.vocabulary import LimitOutcome, PlotState
from messages import text
from presentation.numbers import day, interval, number, percentage
from presentation.plain_text import printable
from presentation.words import word
from reports.content import Content
from reports.council.next_steps import answer_words
from reports.council.words import Say, breakable, capitalised, measured_words, plot_name, town_of
from reports.drawing.cards import places_words
from scoring.explain import why_not
from scoring.ranking import score_sheet
from scoring.ways_up import MOST_TIMES, Fact, ways_up
from store.records import QUESTIONS, Left

MOST_ROWS = 120
MOST_CARDS = 3
"""Plots on the first page."""
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
    *,
    again: bool = False,
) -> dict[str, Any]:
    """Gather a row for each plot that these readers may see: why it does not stand first.

    Args:
        content: the plots that the report is about.
        shown: so many of them have a page.
        say: texts of the report.
        language: "nl" or "en".
        everything: all plots that the readers may see, where those are more.
        again: whether the report is made from a snapshot, which keeps no other plots.
    """
    every = everything or content
    count = len(every.plots)
    # where every plot has a page, those on the first page are the ones that remain
    few = everything is None or len(every.plots) == shown
    first = content.in_running[: min(shown, MOST_CARDS)]
    about = set(content.plots.index[first] if few else content.plots.index[:shown])
    chosen = [place for place in range(count) if every.plots.index[place] in about]
    lowest = min(chosen, key=lambda place: (every.ranking.lead[place], -place))
    rows = [
        [
            str(every.ranks[place]),
            plot_name(every, place, language),
            town_of(every, place, language),
            interval(every.ranking.lower[place], every.ranking.upper[place], language, decimals=0),
            _why(every, place, say, language),
            (say("chosen_first", count=len(chosen)) if few else say("chosen_page"))
            if place in chosen
            else what_would_change(every, place, lowest, say, language),
        ]
        for place in range(min(count, MOST_ROWS))
    ]
    leads = [say("others_not_kept", number=printable(content.snapshot))] if again else []
    if everything:
        leads.append(say("others_lead", count=count))
    if len(chosen) < count:
        name = cut(plot_name(every, lowest, language), 40)
        leads.append(say("change_note", rank=every.ranks[lowest], name=name))
        best = say("at_best")
        if any(best in row[-1] for row in rows):
            leads.append(say("change_best", best=best, most=number(MOST_TIMES, language)))
    heads = ("rank", "name", "town", "score", "why", "change")
    return {
        "title": say("others"),
        "lead": " ".join(leads),
        "columns": [say(f"column_{key}") for key in heads],
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
    """Give the decisive reason in words."""
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
        outcome = capitalised(word("LimitOutcome", str(blocked[0].outcome), language))
        return f"{outcome}: {blocked[0].reason.text(language)}"
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


def what_would_change(content: Content, place: int, chosen: int, say: Say, language: str) -> str:
    """Say what would bring a plot above the lowest of the chosen ones, both by position.

    All of it is computed from the scores, see :func:`scoring.ways_up.ways_up`.
    """
    state = str(content.plots.iloc[place].get("state"))
    if state in (PlotState.AFGEVALLEN, PlotState.GEREALISEERD):
        return say("change_left" if state == PlotState.AFGEVALLEN else "change_done")
    lines = [
        say("change_after", remedy=line.lifted_by.text(language))
        for line in content.limits_of(str(content.plots.index[place]))
        if line.outcome == LimitOutcome.GEBLOKKEERD
    ][:1]
    return " ".join([*lines, _in_score(content, place, chosen, say, language)])


def _in_score(content: Content, place: int, chosen: int, say: Say, language: str) -> str:
    found = ways_up(content.ranking, place, chosen)
    rank = content.ranks[chosen]
    if found.short <= 0:
        return say("change_above", rank=rank)
    ways = [_fact(content, place, fact, say, language) for fact in found.facts[:1]]
    if found.together:
        criteria = [f"‘{_criterion(key, language)}’" for key in found.together]
        names = say("change_and").join(
            [", ".join(criteria[:-1]), criteria[-1]] if criteria[1:] else criteria
        )
        ways.append(say("change_together", names=names))
    if found.weight:
        key, times = found.weight
        # rounded so that what is said is enough
        told = math.ceil(10 * times) / 10 if times > 1 else math.floor(10 * times) / 10
        ways.append(
            say(
                "change_heavier" if times > 1 else "change_lighter",
                criterion=_criterion(key, language),
                times=number(told, language, decimals=1),
                weight=percentage(content.ranking.weights[key], language),
            )
        )
    if ways:
        return say("change_if", rank=rank, ways=say("change_or").join(ways))
    points = number(found.still_short, language, decimals=1)
    return say("change_never", rank=rank, points=points, best=say("at_best"))


def _fact(content: Content, place: int, fact: Fact, say: Say, language: str) -> str:
    ranking = content.ranking
    plot_id = str(content.plots.index[place])
    rows = score_sheet(ranking.measured, ranking, plot_id).rows
    row = next(row for row in rows if row.criterion.key == fact.key)
    wanted = replace(
        row,
        value_low=fact.low if math.isfinite(fact.low) else math.nan,
        value_high=fact.high if math.isfinite(fact.high) else math.nan,
        unknown=False,
    )
    if row.unit in ("grid", "yes_no"):
        wanted = replace(wanted, value_high=wanted.value_low)
    return say(
        "change_found" if fact.unknown else "change_fact",
        criterion=_criterion(fact.key, language),
        value=measured_words(wanted, language),
        now=measured_words(row, language),
    )


def _criterion(key: str, language: str) -> str:
    return text(f"scoring.criterion.{key}", language)


def _left(left: Left | None, state: str, say: Say, language: str) -> str:
    """Say that a plot is out of the running, since when, and why where these readers may know."""
    named = capitalised(word("PlotState", state, language))
    told = (
        say("left", state=named, date=day(left.on, language))
        if left
        else say("left_undated", state=named)
    )
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
    # who is to act next for the plot need not be who knows how it stays safe
    return say("not_known")
