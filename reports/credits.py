"""Name the sources of a picture: in short at its foot, whole in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from data.translated import in_language
from messages import text
from presentation.numbers import day, number
from presentation.plain_text import printable
from reports.content import Content, source_lines
from reports.drawing.ground import MapLayers

LINES, _LONGEST_VERSION = 2, 16
"""At the foot of a picture."""
LONGEST_NAME = 24
"""Letters of what users typed at the foot of a picture."""


def footer_lines(
    content: Content, layers: MapLayers, language: str, broken_up: Callable[[str], list[str]]
) -> list[str]:
    """Give the two lines under a picture: all sources are named in short.

    Of layers of users as many are named as there is room for, and the others are counted.

    Args:
        content: what is told.
        layers: what lies under the plots.
        language: "nl" or "en".
        broken_up: breaks words into lines that fit.
    """
    notes = [text("reports.map.made_on", language, date=day(content.date, language))]
    if content.snapshot:
        notes.append(text("reports.map.snapshot", language, number=printable(content.snapshot, 24)))
    notes.append(
        text(
            "reports.map.exploration" if content.exploration else "reports.map.kader",
            language,
            version=printable(content.stamp.version, _LONGEST_VERSION),
        )
    )
    sources = (*content.short_sources(language), *layers.short_sources(language))
    names = text("reports.map.sources", language, sources=", ".join(dict.fromkeys(sources)))
    words = f"{' · '.join(notes)}. {names}"
    own = [printable(layer.name, LONGEST_NAME) for layer in content.own_layers]
    if not own:
        return broken_up(words)
    for count in range(len(own), -1, -1):
        told, rest = ", ".join(own[:count]), number(len(own) - count, language)
        if count < len(own):
            told = text("reports.map.own_more", language, names=told, count=rest) if told else rest
        said = text("reports.map.own_layers", language, names=told)
        lines = broken_up(f"{words}; {said}")
        if len(lines) <= LINES:
            break
    return lines


def whole_sources(
    content: Content, layers: MapLayers, language: str, credits_: Iterable[str] = ()
) -> tuple[str, ...]:
    """Tell the sources of an output with a map whole, with date and licence, a line each.

    Args:
        content: what is told.
        layers: what lies under the plots.
        language: "nl" or "en".
        credits_: in Dutch, whom to credit for other ground that is drawn.
    """
    drawn = [name for name in layers.sources if name not in content.sources]
    credit = [layers.background.credit] if layers.background else []
    told = [in_language(one, language) for one in dict.fromkeys([*credit, *credits_])]
    return (*content.source_lines(language), *source_lines(drawn, language), *told)
