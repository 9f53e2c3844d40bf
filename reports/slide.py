"""Make slides: 16:9, native text and tables, the map as a picture with alt text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from geo import layers
from messages import text
from presentation.numbers import interval
from presentation.plain_text import printable
from presentation.symbols import SUITABILITY_BREAKS, SUITABILITY_CLASSES, text_colour
from presentation.words import class_label, kind_label, word
from reports.content import Content
from reports.council.words import plot_name, town_of
from reports.credits import footer_lines, whole_sources
from reports.cutout import cutout_picture
from reports.drawing.canvas import wrapped
from reports.drawing.ground import MapLayers
from reports.drawing.plots import marks_of

MOST_ROWS, MORE_ROWS = 8, 13
"""Rows beside the map on the first slide, and on each slide after it."""
_LEAST_PT = 12
"""Smaller letters cannot be read from a wall; only the sources are, as they need not be."""
_FOOT_PT, _FOOT_LETTERS = 9, 170
_FONT = "Arial"
"""As in the spreadsheet: every program has it, or one of the same widths."""
_INK = RGBColor(0x1B, 0x2A, 0x34)


def slide(content: Content, *, language: str = "nl") -> bytes:
    """Make a PPTX: the map beside the best plots, and as many slides as the others take.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
    """
    label = class_label(content.confidentiality, language)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    title = text("reports.council.title", language, kind=kind_label(content.kader.kind, language))
    page = _page(deck, content, title, label, language)
    count = len(content.plots)
    first = list(range(min(MOST_ROWS, count)))
    if count:
        _message(page, content, language)
    _legend(page, language)
    drawn = page.shapes.add_picture(
        io.BytesIO(_map(content, first, language)),
        *(Inches(part) for part in (0.5, 1.35, 7.0, 4.85)),
    )
    names = ", ".join(plot_name(content, place, language) for place in first[:3])
    properties = drawn._element.nvPicPr.cNvPr
    properties.set("descr", text("reports.slide.alt", language, names=names))
    properties.set("title", title)
    _table(page, content, first, (7.65, 5.4), language)
    for begin in range(MOST_ROWS, count, MORE_ROWS):
        rest = list(range(begin, min(begin + MORE_ROWS, count)))
        more = text("reports.slide.more", language, title=title, first=begin + 1, last=rest[-1] + 1)
        _table(_page(deck, content, more, label, language), content, rest, (0.5, 12.3), language)
    told = "\n".join(whole_sources(content, _under(), language))
    page.notes_slide.notes_text_frame.text = text("reports.map.sources", language, sources=told)
    core = deck.core_properties
    core.title, core.author, core.subject, core.language = title, "Locatiewijzer", label, language
    core.keywords = printable(content.snapshot)
    moment = pd.Timestamp(content.date).to_pydatetime().replace(hour=12)
    core.created = core.modified = moment
    core.last_modified_by = "Locatiewijzer"
    stream = io.BytesIO()
    deck.save(stream)
    return _without_moments(stream.getvalue())


def _page(deck: Any, content: Content, title: str, label: str, language: str) -> Any:
    """Add a slide with its title, class, warning and footer."""
    page = deck.slides.add_slide(deck.slide_layouts[5])
    heading = page.shapes.title
    heading.left, heading.top, heading.width, heading.height = (
        Inches(0.5), Inches(0.3), Inches(9.2), Inches(0.8),
    )  # fmt: skip
    _write(heading.text_frame, title, 22, bold=True)
    heading.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    box = page.shapes.add_textbox(Inches(9.8), Inches(0.3), Inches(3.1), Inches(0.4))
    _write(box.text_frame, label, _LEAST_PT, bold=True)
    words = " ".join(footer_lines(content, _under(), language, _broken))
    foot = page.shapes.add_textbox(Inches(0.5), Inches(6.68), Inches(12.3), Inches(0.45))
    _write(foot.text_frame, words, _FOOT_PT)
    if content.fictional:
        band = page.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Inches(0), Inches(7.16), deck.slide_width, Inches(0.34)
        )
        band.fill.solid()
        band.fill.fore_color.rgb = _INK
        band.line.fill.background()
        _write(band.text_frame, text("reports.fiction", language), _LEAST_PT, bold=True)
        paragraph = band.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        paragraph.runs[0].font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    return page


def _message(page: Any, content: Content, language: str) -> None:
    """Say in one line what the slide tells: which plot stands first, and how surely."""
    place = content.in_running[0]
    low, high = float(content.ranking.lower[place]), float(content.ranking.upper[place])
    words = text(
        # one that was dropped is no message, but what follows it does not stand first
        "reports.slide.message" if place == 0 else "reports.slide.message_remaining",
        language,
        name=plot_name(content, place, language),
        town=town_of(content, place, language),
        score=interval(low, high, language, decimals=0),
        limit=_limit(content, place, language),
    )
    box = page.shapes.add_textbox(Inches(0.5), Inches(0.88), Inches(12.3), Inches(0.4))
    _write(box.text_frame, words, 13)


def _legend(page: Any, language: str) -> None:
    """Add the legend under the map: a colour for each range of scores, and the two outlines."""
    left, top = 0.5, 6.27
    edges = [0, *(round(100 * edge) for edge in SUITABILITY_BREAKS), 100]
    for place, style in enumerate(SUITABILITY_CLASSES):
        patch = page.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            Inches(left + 0.82 * place),
            Inches(top),
            Inches(0.82),
            Inches(0.32),
        )
        patch.fill.solid()
        patch.fill.fore_color.rgb = RGBColor.from_string(style.colour[1:])
        patch.line.color.rgb = _INK
        patch.line.width = Pt(0.5)
        _write(patch.text_frame, f"{edges[place]}–{edges[place + 1]}", _LEAST_PT)
        paragraph = patch.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        light = text_colour(style.colour)
        paragraph.runs[0].font.color.rgb = RGBColor.from_string(light[1:])
    box = page.shapes.add_textbox(Inches(left + 4.2), Inches(top - 0.06), Inches(8.1), Inches(0.4))
    _write(box.text_frame, text("reports.slide.legend", language), _LEAST_PT)


def _write(frame: Any, words: str, size_pt: int, *, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.text = words
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size_pt), bold, _FONT
            run.font.color.rgb = _INK


def _under() -> MapLayers:
    return MapLayers(layers.municipalities(), layers.reception_locations())


def _broken(words: str) -> list[str]:
    return list(wrapped(words, _FOOT_LETTERS))


def _map(content: Content, numbered: Sequence[int], language: str) -> bytes:
    west, south, east, north = layers.municipalities().total_bounds
    return cutout_picture(
        content.plots,
        marks_of(content),
        _under(),
        extent=(west, south, east, north),
        size_cm=(17.78, 12.32),
        language=language,
        numbered=[str(content.plots.index[place]) for place in numbered],
        muted=True,
        dots_per_inch=150,
    )


def _table(
    page: Any, content: Content, places: Sequence[int], at: tuple[float, float], language: str
) -> None:
    """Add a table of plots, by position, at (left, width) in inches."""
    left, width = at
    frame = page.shapes.add_table(
        len(places) + 1, 5, Inches(left), Inches(1.25), Inches(width),
        Inches(0.36 * (len(places) + 1)),
    )  # fmt: skip
    table = frame.table
    for column, share in enumerate((0.125, 0.305, 0.24, 0.13, 0.2)):
        table.columns[column].width = Emu(int(Inches(share * width)))
    heads = ("rank", "name", "town", "score", "limit")
    rows = [[text(f"reports.slide.{key}", language) for key in heads]]
    for place in places:
        town = content.plots["municipality"].iloc[place]
        low, high = float(content.ranking.lower[place]), float(content.ranking.upper[place])
        rows.append(
            [
                str(content.ranks[place]),
                printable(plot_name(content, place, language), 60),
                printable(town) if isinstance(town, str) else text("frame.unknown", language),
                interval(low, high, language, decimals=0),
                _limit(content, place, language),
            ]
        )
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            cell = table.cell(row, column)
            cell.margin_left = cell.margin_right = Inches(0.06)
            _write(cell.text_frame, words, _LEAST_PT, bold=row == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor(
                *((0xE3, 0xE9, 0xED) if row == 0 else (255, 255, 255))
            )


def _limit(content: Content, place: int, language: str) -> str:
    """Give the gravest limit of a plot, by position."""
    hits = content.limits_of(str(content.plots.index[place]))
    if not hits:
        return text("reports.card.no_limit", language)
    return word("LimitOutcome", str(hits[0].outcome), language)


def _without_moments(content: bytes) -> bytes:
    """Write the parts again with one fixed moment, so that two runs give the same bytes."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return stream.getvalue()
