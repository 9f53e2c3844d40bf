"""Make a slide: 16:9, native text and table, the map as a picture with alt text."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Emu, Inches, Pt

from geo import layers
from messages import text
from presentation.numbers import day, interval
from presentation.plain_text import printable
from presentation.words import class_label, kind_label
from reports.content import Content
from reports.council.words import plot_name
from reports.cutout import cutout_picture
from reports.drawing.ground import MapLayers
from reports.drawing.plots import marks_of

MOST_ROWS = 8


def slide(content: Content, *, language: str = "nl") -> bytes:
    """Make a PPTX with one slide: the map, the best plots in a table, class and sources.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
    """
    label = class_label(content.confidentiality, language)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    page = deck.slides.add_slide(deck.slide_layouts[5])
    title = text("reports.council.title", language, kind=kind_label(content.kader.kind, language))
    heading = page.shapes.title
    heading.left, heading.top, heading.width, heading.height = (
        Inches(0.5), Inches(0.3), Inches(9.2), Inches(0.8),
    )  # fmt: skip
    _write(heading.text_frame, title, 26, bold=True)
    box = page.shapes.add_textbox(Inches(9.8), Inches(0.35), Inches(3.1), Inches(0.5))
    _write(box.text_frame, label, 12, bold=True)
    picture = _map(content, language)
    drawn = page.shapes.add_picture(
        io.BytesIO(picture), Inches(0.5), Inches(1.25), Inches(6.6), Inches(5.3)
    )
    names = ", ".join(
        plot_name(content, p, language, told=False) for p in range(min(3, len(content.plots)))
    )
    properties = drawn._element.nvPicPr.cNvPr
    properties.set("descr", text("reports.slide.alt", language, names=names))
    properties.set("title", title)
    _table(page, content, language)
    notes = [text("reports.council.made_on", language, date=day(content.date, language))]
    if content.exploration:
        notes.append(text("reports.council.exploration", language))
    if content.snapshot:
        notes.append(text("reports.council.snapshot", language, number=printable(content.snapshot)))
    notes.append("; ".join(content.sources[:3]))
    foot = page.shapes.add_textbox(Inches(0.5), Inches(6.75), Inches(12.3), Inches(0.5))
    _write(foot.text_frame, " · ".join(notes), 9)
    core = deck.core_properties
    core.title, core.author, core.subject, core.language = title, "Locatiewijzer", label, language
    core.keywords = printable(content.snapshot)
    moment = pd.Timestamp(content.date).to_pydatetime().replace(hour=12)
    core.created = core.modified = moment
    core.last_modified_by = "Locatiewijzer"
    stream = io.BytesIO()
    deck.save(stream)
    return _without_moments(stream.getvalue())


def _write(frame: Any, words: str, size_pt: int, *, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.text = words
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size_pt), bold
            run.font.color.rgb = RGBColor(0x1B, 0x2A, 0x34)


def _map(content: Content, language: str) -> bytes:
    west, south, east, north = layers.municipalities().total_bounds
    return cutout_picture(
        content.plots,
        marks_of(content),
        MapLayers(layers.municipalities(), layers.reception_locations()),
        extent=(west, south, east, north),
        size_cm=(16.8, 13.5),
        language=language,
        dots_per_inch=150,
    )


def _table(page: Any, content: Content, language: str) -> None:
    count = min(MOST_ROWS, len(content.plots))
    frame = page.shapes.add_table(
        count + 1, 4, Inches(7.4), Inches(1.25), Inches(5.45), Inches(0.42 * (count + 1))
    )
    table = frame.table
    for column, width in enumerate((0.6, 2.75, 1.15, 0.95)):
        table.columns[column].width = Emu(int(Inches(width)))
    heads = ("rank", "name", "town", "score")
    rows = [[text(f"reports.slide.{key}", language) for key in heads]]
    for place in range(count):
        town = content.plots["municipality"].iloc[place]
        low, high = float(content.ranking.lower[place]), float(content.ranking.upper[place])
        rows.append(
            [
                str(content.ranks[place]),
                printable(plot_name(content, place, language, told=False), 60),
                printable(town) if isinstance(town, str) else text("reports.unknown", language),
                interval(low, high, language, decimals=0),
            ]
        )
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            cell = table.cell(row, column)
            _write(cell.text_frame, words, 11, bold=row == 0)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor(
                *((0xE3, 0xE9, 0xED) if row == 0 else (255, 255, 255))
            )


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
