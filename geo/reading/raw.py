"""Hold what a file says, before anything is understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from geo.errors import GeoError
from messages import Message

STRUCK = "read.row.struck"
"""Key of the remark at a row of which a text is struck through: what it says may not hold."""


class ReadingError(GeoError):
    """A file cannot be read as plots; the message says what would do."""


@dataclass
class RawRow:
    """One row or feature: ``row`` is what the user counts (line, or number of the feature)."""

    row: int
    geometry: shapely.Geometry | None
    values: Mapping[str, Any]
    remarks: list[Message] = field(default_factory=list)
    refused: Message | None = None


@dataclass
class RawLayer:
    """One table of a file.

    Attributes:
        name: of the layer, sheet or file in an archive.
        rows: of the table.
        crs: what the file itself declares, if anything.
        crs_evidence: where it does.
        assumed: the system that holds for its form of file when it says nothing.
        remarks: what is to be told of the table as a whole.
        hidden: whether its maker hid it, so that it is taken only when it is ticked.
        notes: texts beside the table, such as a title above it.
        questions: what must be asked of it, as :class:`geo.reading.result.Reading` names them.
    """

    name: str
    rows: list[RawRow]
    crs: str | None = None
    crs_evidence: Message | None = None
    remarks: list[Message] = field(default_factory=list)
    hidden: bool = False
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    assumed: str | None = None

    @property
    def polygon_count(self) -> int:
        """How many rows hold an area."""
        return sum(
            row.geometry is not None and int(shapely.get_dimensions(row.geometry)) == 2
            for row in self.rows
        )
