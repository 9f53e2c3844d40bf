"""Words that several parts of the council report share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from data.vocabulary import FICTIONAL_PREFIX
from messages import text
from presentation.measured import measured_value
from presentation.numbers import interval
from presentation.plain_text import printable
from presentation.symbols import SUITABILITY_CLASSES, suitability_class, text_colour
from reports.content import Content
from scoring.explain import reasons, weightiest
from scoring.ranking import ScoreSheet, SheetRow

Say = Callable[..., str]
BLOCKED_COLOUR = "#8A949B"
_LONGEST_WORD = 20
_BROKEN_FROM = 33
"""Shorter words are broken as words are, with a hyphen, or stand whole."""


def plot_name(content: Content, place: int, language: str, *, told: bool = True) -> str:
    """Give the name of a plot as it is printed; one without a name is said to have none.

    Args:
        content: what may be shown.
        place: position of the plot.
        language: "nl" or "en".
        told: whether the page says that plots are made up, so that each name need not.
    """
    name = printable(content.plots["name"].iloc[place], 90)
    if content.fictional and told:
        name = name.removeprefix(FICTIONAL_PREFIX)
    return breakable(name) or text("map.nameless", language)


def breakable(words: str) -> str:
    """Let a very long word break anywhere, so that nothing runs off the page.

    >>> breakable("kort"), len(breakable("x" * 60))
    ('kort', 62)
    """
    return " ".join(
        word
        if len(word) < _BROKEN_FROM
        else "\u200b".join(word[k : k + _LONGEST_WORD] for k in range(0, len(word), _LONGEST_WORD))
        for word in words.split(" ")
    )


def capitalised(words: str) -> str:
    """Begin with a capital, as a sentence does.

    >>> capitalised("procedure nodig"), capitalised("")
    ('Procedure nodig', '')
    """
    return words[:1].upper() + words[1:]


def town_of(content: Content, place: int, language: str) -> str:
    """Give the municipality of a plot, or that it is not known."""
    town = content.plots.iloc[place].get("municipality")
    return printable(town) if isinstance(town, str) else text("frame.unknown", language)


def score_bar(content: Content, place: int, language: str) -> dict[str, Any]:
    """Give what the bar of a total needs: ends, colour and words; grey when a limit blocks."""
    low, high = float(content.ranking.lower[place]), float(content.ranking.upper[place])
    blocked = any(
        line.outcome == "geblokkeerd" for line in content.limits_of(str(content.plots.index[place]))
    )
    colour = SUITABILITY_CLASSES[suitability_class(low / 100) or 0].colour
    return {
        "low": low,
        "high": high,
        "colour": BLOCKED_COLOUR if blocked else colour,
        "blocked": blocked,
        "light": text_colour(BLOCKED_COLOUR if blocked else colour) == "#000000",
        "total": interval(low, high, language, decimals=0),
        "rank": content.ranks[place],
    }


def measured_words(row: SheetRow, language: str) -> str:
    """Give the measured value of a criterion with its unit."""
    if row.unknown:
        return text("frame.unknown", language)
    return measured_value(row.value_low, row.value_high, row.unit, language)


def reason_words(rows: Sequence[SheetRow], keys: Sequence[str], language: str) -> list[str]:
    """Give criteria with what was measured, as reasons for or against."""
    by_key = {row.criterion.key: row for row in rows}
    return [
        f"{text(f'scoring.criterion.{key}', language)}: {measured_words(by_key[key], language)}"
        for key in keys
    ]


def told_reasons(
    content: Content, place: int, sheet: ScoreSheet, say: Say, language: str
) -> tuple[list[str], list[str], list[str]]:
    """Give what speaks for and against a plot, by position, in words; and what is not known.

    Where nothing stands out among the others, what weighs most in its own score is told.
    """
    favour, against, unknown = reasons(content.ranking, place)
    most, least = weightiest(content.ranking, place)

    def instead(key: str | None, words: str, otherwise: str) -> list[str]:
        found = reason_words(sheet.rows, [key] if key else [], language)
        return [say(words, reason=found[0]) if found else say(otherwise)]

    return (
        reason_words(sheet.rows, favour, language)
        or instead(most, "most_points", "nothing_stands_out"),
        reason_words(sheet.rows, against, language)
        or instead(least, "costs_most", "costs_nothing"),
        [text(f"scoring.criterion.{key}", language) for key in unknown],
    )
