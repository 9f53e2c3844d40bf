"""Every file about chosen plots that leaves the app, a row each: this is its only register.

From a row follow the button on Uitvoer (and on Verkennen), the name of the file, the word in the
audit, the set that ``python -m reports.everything`` makes, and the walks of the tests. Its words
stand in the catalogues as ``reports.output.<name>``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from messages import Message
from reports.background import Ask, ask_nobody
from reports.content import Content
from reports.council import council_report
from reports.drawing.ground import MapLayers
from reports.file_names import file_name
from reports.geopackage import geopackage
from reports.map_picture import Format, Size, map_picture
from reports.slide import slide
from reports.spreadsheet import spreadsheet


@dataclass(frozen=True)
class Beside:
    """What an output is given beside its content.

    Attributes:
        language: "nl" or "en".
        under: what lies under the plots of a picture.
        tasks: of the municipalities, as far as the readers may see them; None: what is public.
        examples: practice examples that the readers may see.
        progress: told how far the work is, 0 to 1.
        ask: gives the ground of reports from PDOK, or nothing.
        everything: all plots that the readers may see, where the content is some of them.
    """

    language: str
    under: MapLayers
    tasks: pd.DataFrame | None = None
    examples: pd.DataFrame | None = None
    progress: Callable[[float], None] | None = None
    ask: Ask = ask_nobody
    everything: Content | None = None


@dataclass(frozen=True)
class Output:
    """One output.

    Attributes:
        name: what it is, in file names, in the audit and in the key of its words.
        extension: of the file, without the dot.
        make: makes it from what the readers may see.
        variant: which of several of one name and extension, such as the size of a picture.
        takes_long: it is made on a click of its own, with a bar of progress.
        on_ground: it may be drawn on the map of PDOK.
        on_explore: Verkennen offers it too.
    """

    name: str
    extension: str
    make: Callable[[Content, Beside], bytes] = field(compare=False)
    variant: str = ""
    takes_long: bool = False
    on_ground: bool = False
    on_explore: bool = False

    @property
    def key(self) -> str:
        """Its identifier, one of its own."""
        return "_".join(part for part in (self.name, self.variant, self.extension) if part)

    @property
    def label(self) -> Message:
        """What its button says."""
        return Message(
            f"reports.output.{self.name}",
            {"format": self.extension.upper(), "variant": self.variant.upper()},
        )

    @property
    def make_label(self) -> Message:
        """What the button says that makes it, of an output that takes long."""
        return Message(f"reports.output.{self.name}.make")

    def file_name(self, content: Content) -> str:
        """Name the file, see :func:`reports.file_names.file_name`."""
        return self.file_name_of(content.kader.kind, content.confidentiality, content.date)

    def file_name_of(self, kind: str, confidentiality: str, date: dt.date) -> str:
        """Name the file of a kind of reception, a class and a day."""
        what = f"{self.name}-{self.variant.replace(':', 'x')}" if self.variant else self.name
        return file_name(what, kind, confidentiality, date, self.extension)


def _council(content: Content, beside: Beside) -> bytes:
    return council_report(
        content,
        language=beside.language,
        tasks=beside.tasks,
        examples=beside.examples,
        progress=beside.progress,
        ask=beside.ask,
        everything=beside.everything,
    )


def _picture(size: Size, fmt: Format, *, on_explore: bool = False) -> Output:
    def make(content: Content, beside: Beside) -> bytes:
        return map_picture(content, beside.under, language=beside.language, size=size, fmt=fmt)

    return Output("kaart", fmt, make, variant=size, on_ground=True, on_explore=on_explore)


OUTPUTS: tuple[Output, ...] = (
    Output("raadsrapport", "pdf", _council, takes_long=True),
    Output("dia", "pptx", lambda content, beside: slide(content, language=beside.language)),
    Output(
        "ranglijst", "xlsx",
        lambda content, beside: spreadsheet(content, language=beside.language), on_explore=True,
    ),
    Output(
        "percelen", "gpkg",
        lambda content, beside: geopackage(content, language=beside.language), on_explore=True,
    ),
    _picture("16:9", "png", on_explore=True),
    _picture("16:9", "svg"),
    _picture("a4", "png"),
    _picture("a4", "svg"),
)  # fmt: skip
"""The outputs, in the order in which they are offered."""
