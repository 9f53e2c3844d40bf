"""What comes next for a plot: steps as a bar in time, and the answers that a council asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from presentation.numbers import day, month
from presentation.plain_text import TEXT_LIMIT, printable
from reports.content import Content
from reports.council.words import Say, breakable
from store.records import Answer, Step

_DAYS_A_YEAR = 365.25
LEAST_DAYS = 330
"""A bar in time spans at least about a year, so that one short step does not fill the page."""


def next_steps(content: Content, place: int, say: Say, language: str) -> dict[str, Any] | None:
    """Gather the steps of a plot, by position; None where these readers may see none.

    Gives the rows with ``begin`` and ``end`` as shares (0 to 1) of the time that the bar spans,
    ``today`` as such a share, and ``ticks`` with words for the years and quarters in it.
    """
    plan = content.plans.get(str(content.plots.index[place]))
    if plan is None or not plan.steps:
        return None
    first, last = _span(plan.steps, content.date)
    days = (last - first).days

    def share(moment: dt.date) -> float:
        return round(min(max((moment - first).days / days, 0.0), 1.0), 4)

    rows = []
    for step in plan.steps:
        begins = step.begins
        ends = None if begins is None else month_after(step.ends or begins)
        who = breakable(printable(step.who, 120))
        rows.append(
            {
                "what": breakable(printable(step.what, 160)),
                "who": who or say("who_unknown"),
                "when": _when(step, say, language),
                "council": say("council_decides") if step.council else "",
                "begin": -1.0 if begins is None else share(begins),
                "end": -1.0 if ends is None else share(ends),
                "past": ends is not None and ends <= content.date,
            }
        )
    return {
        "rows": rows,
        "today": share(content.date),
        "today_words": say("today", date=day(content.date, language)),
        "ticks": [
            {"at": share(moment), "words": month(moment, language)}
            for moment in _ticks(first, last)
        ],
        "columns": [say(f"step_{key}") for key in ("what", "who", "when")],
    }


def answer_words(answer: Answer, say: Say, language: str) -> str:
    """Give an answer with its source, or who finds it out; empty where nothing was written."""
    who = breakable(printable(answer.who, 120))
    words = breakable(printable(answer.words, TEXT_LIMIT))
    if not words:
        return say("finds_out", who=who) if who else ""
    source = breakable(printable(answer.source, 120))
    parts = [source, day(answer.date, language) if answer.date else ""]
    told = ", ".join(part for part in parts if part)
    return f"{words} ({told})" if told else say("no_source", words=words)


def month_after(moment: dt.date) -> dt.date:
    """Give the first day of the month after a day.

    >>> month_after(dt.date(2026, 12, 5))
    datetime.date(2027, 1, 1)
    """
    return dt.date(moment.year + moment.month // 12, moment.month % 12 + 1, 1)


def _span(steps: tuple[Step, ...], today: dt.date) -> tuple[dt.date, dt.date]:
    begins = [step.begins for step in steps if step.begins]
    ends = [month_after(step.ends or step.begins) for step in steps if step.begins]
    first = min([*begins, today.replace(day=1)])
    last = max([*ends, month_after(today)])
    least = first + dt.timedelta(days=LEAST_DAYS)
    return first, month_after(least) if last < least else last


def _ticks(first: dt.date, last: dt.date) -> list[dt.date]:
    """Give the quarters in a span; of a long one the years, or every so many years."""
    years = (last - first).days / _DAYS_A_YEAR
    months = (1, 4, 7, 10) if years <= 2.1 else (1, 7) if years <= 4.2 else (1,)
    apart = max(1, int(years // 8) + 1) if len(months) == 1 else 1
    found = [
        dt.date(year, one, 1)
        for year in range(first.year, last.year + 1)
        for one in months
        if (year - first.year) % apart == 0
    ]
    room = (last - first).days * 0.04
    return [m for m in found if first <= m and (last - m).days > room]


def _when(step: Step, say: Say, language: str) -> str:
    if step.begins is None:
        return say("step_undated")
    begin, end = month(step.begins, language), month(step.ends or step.begins, language)
    return begin if begin == end else f"{begin} – {end}"
