"""Say once what a candidate plot is: a row for each of its columns.

From :data:`SCHEMA` follow the empty table, the reading of headers and cells, the record of the
database and of snapshots, the template, the sheet and the form on the screen, and every file. A
column that is added here is there in all of them; its name is the text ``deliver.field.<key>`` of
the catalogues and the headers that are recognised stand in ``column_names.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from data.vocabulary import (
    Confidentiality,
    GridConnection,
    Hindrance,
    NatureStatus,
    ObjectKind,
    OwnerKind,
    PlotState,
    Zoning,
    confidentiality_rank,
)


class ColumnType(StrEnum):
    """What stands in a column; ``choice`` is a member of a vocabulary."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


Vocabulary = type[StrEnum]


@dataclass(frozen=True)
class PlotColumn:
    """One column of a table of candidate plots.

    Attributes:
        key: its name in tables, records and files.
        type: what stands in it.
        vocabulary: the members that a choice has.
        unknown: what stands where nothing is said; None (NaN in a number, NaT in a date) unless a
            choice has a member for it.
        unit: of a number, as the catalogues name it (``sheet.unit.<unit>``).
        readers: the class that one must be allowed to read to see the column, whatever the class
            of the plot. Doubt makes nothing more public: it is confidential unless said.
        sheet: its place among the facts on the score sheet; 0 leaves it out.
        report: its place among the facts of a plot in the council report; 0 leaves it out.
        asked: whether a delivery without it is asked for it.
        example: what the template shows as an example.
        longest: the most letters that the form takes.
    """

    key: str
    type: ColumnType = ColumnType.TEXT
    vocabulary: Vocabulary | None = None
    unknown: str | None = None
    unit: str = ""
    readers: Confidentiality = Confidentiality.VERTROUWELIJK
    sheet: int = 0
    report: int = 0
    asked: bool = False
    example: object = None
    longest: int = 200


_ALL = Confidentiality.OPENBAAR

SCHEMA: tuple[PlotColumn, ...] = (
    PlotColumn("name", readers=_ALL, asked=True, example="FICTIEF – voorbeeld, haal deze rij weg"),
    PlotColumn("address", readers=_ALL, sheet=13, report=8, example="Voorbeeldstraat 1, Utrecht"),
    PlotColumn("cadastral_number", readers=_ALL, sheet=12, report=9),
    PlotColumn("owner_kind", ColumnType.CHOICE, OwnerKind, "onbekend", readers=_ALL, sheet=2,
               report=3, asked=True, example="gemeente"),
    PlotColumn("object_kind", ColumnType.CHOICE, ObjectKind, "onbekend", readers=_ALL, sheet=1,
               report=1, example="perceel"),
    PlotColumn("gfa_m2", ColumnType.NUMBER, unit="m2", readers=_ALL, sheet=14, report=2),
    PlotColumn("stated_area_m2", ColumnType.NUMBER, unit="m2", readers=_ALL, sheet=15,
               example=8000),
    PlotColumn("zoning", ColumnType.CHOICE, Zoning, "onbekend", readers=_ALL, sheet=3, report=4,
               asked=True, example="maatschappelijk"),
    PlotColumn("nature", ColumnType.CHOICE, NatureStatus, "onbekend", readers=_ALL, sheet=4,
               example="geen"),
    PlotColumn("grid_connection", ColumnType.CHOICE, GridConnection, "onbekend", readers=_ALL,
               sheet=5, example="onbekend"),
    PlotColumn("mixed_living", ColumnType.BOOLEAN, readers=_ALL, sheet=10, example="ja"),
    PlotColumn("available_from", ColumnType.DATE, readers=_ALL, sheet=6, report=5, asked=True,
               example="2027-01-01"),
    PlotColumn("available_until", ColumnType.DATE, readers=_ALL, sheet=7, report=6,
               example="2037-01-01"),
    PlotColumn("state", ColumnType.CHOICE, PlotState, "concept", readers=_ALL, sheet=8, report=7,
               example="concept"),
    PlotColumn("confidentiality", ColumnType.CHOICE, Confidentiality, "vertrouwelijk",
               readers=_ALL, sheet=11, example="vertrouwelijk"),
    PlotColumn("next_actor", readers=_ALL, sheet=9, example="gemeente", longest=120),
    PlotColumn("contact", sheet=16, asked=True),
    PlotColumn("remarks", sheet=17, longest=4000),
    PlotColumn("flood", ColumnType.CHOICE, Hindrance, "onbekend", readers=_ALL, sheet=18,
               example="onbekend"),
    PlotColumn("noise", ColumnType.CHOICE, Hindrance, "onbekend", readers=_ALL, sheet=19,
               example="onbekend"),
    PlotColumn("external_safety", ColumnType.CHOICE, Hindrance, "onbekend", readers=_ALL, sheet=20,
               example="onbekend"),
    PlotColumn("soil", ColumnType.CHOICE, Hindrance, "onbekend", readers=_ALL, sheet=21,
               example="onbekend"),
    # what a place costs to make ready is for the team alone: it tells what is being negotiated
    PlotColumn("cost_per_place_eur", ColumnType.NUMBER, unit="euro", sheet=22),
)  # fmt: skip
"""The columns of a table of candidate plots (a GeoDataFrame in EPSG:28992, indexed by ``plot_id``,
text), in the order of tables, files and forms."""

BY_KEY: Mapping[str, PlotColumn] = MappingProxyType({column.key: column for column in SCHEMA})

PLOT_COLUMNS: tuple[str, ...] = tuple(BY_KEY)
"""The keys of :data:`SCHEMA`. Beside these a stored table has those of :data:`PLACED`."""

PLACED: Mapping[str, ColumnType | None] = MappingProxyType(
    {
        "municipality_code": ColumnType.TEXT,
        "municipality_certain": ColumnType.BOOLEAN,
        "fictional": ColumnType.BOOLEAN,
        "provenance": None,
    }
)
"""What the app itself knows of a stored plot: the municipality by geometry, whether that is
certain, whether the plot is made up, and from column to where its value came from."""

_PROVENANCE_READERS = Confidentiality.VERTROUWELIJK


def hidden_from(highest: Confidentiality) -> tuple[str, ...]:
    """Give the columns that readers of classes up to ``highest`` may not see, whatever the plot.

    >>> hidden_from(Confidentiality.OPENBAAR)
    ('contact', 'remarks', 'cost_per_place_eur', 'provenance')
    """
    most = confidentiality_rank(highest)
    hidden = [c.key for c in SCHEMA if confidentiality_rank(c.readers) > most]
    if confidentiality_rank(_PROVENANCE_READERS) > most:
        hidden.append("provenance")
    return tuple(hidden)


def readers_of(column: str) -> Confidentiality:
    """Give the class of a column itself; of one that the schema does not know it is the highest."""
    known = BY_KEY.get(column)
    return known.readers if known is not None else Confidentiality.VERTROUWELIJK


def shown_on_sheet() -> tuple[PlotColumn, ...]:
    """Give the columns among the facts on the score sheet, in their order."""
    return tuple(sorted((c for c in SCHEMA if c.sheet), key=lambda c: c.sheet))


def shown_in_report() -> tuple[PlotColumn, ...]:
    """Give the columns among the facts of a plot in the council report, in their order."""
    return tuple(sorted((c for c in SCHEMA if c.report), key=lambda c: c.report))
