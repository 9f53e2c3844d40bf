"""Hold what was understood of a file, and carry it from one process to another as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.plot_record import plain_columns
from data.plot_schema import PLOT_COLUMNS
from data.vocabulary import confidentiality_rank
from geo.crs import RD
from geo.plot_table import with_plot_columns
from messages import Message


class Outcome(StrEnum):
    """What became of a row, or of a whole file."""

    TAKEN = "taken"
    REMARKS = "remarks"
    QUESTION = "question"
    REFUSED = "refused"


@dataclass(frozen=True)
class ReadOptions:
    """What the user chose.

    Attributes:
        parts: names of the layers, sheets or files to read, as :class:`Part` has them; None for
            those that the reader would take.
        system: reference system as :class:`geo.reference_system.SystemFinding` codes it.
        systems: the same for one part, by its name; goes before ``system``.
        columns: header to column of a plot ("" for none), where it differs from what is matched.
        remembered: headers (normalised) that meant a column in earlier deliveries.
        buffer_m: radius by which points and lines become areas; 0 refuses them.
        buffer_to_stated: whether a point becomes a circle of the area that is stated.
        parcels: cadastral numbers of the rows that are wanted; None for all.
        place: which columns of a table hold the place, where the user points at them: ``x`` and
            ``y``, or ``place`` for a column with both or with a shape.
        kilometres: whether numbers that may be RD in kilometres are; None to ask.
        found: shapes in EPSG:28992 (WKB, hexadecimal) that were looked up, by :attr:`Wanted.name`;
            an empty text for what was not found.
        look_up: names of :class:`Wanted` to find in this file, instead of reading it as plots.
        yes_is_public: what a bare yes under a header about openness means; None to ask, and until
            then nothing is public by it.
        take_outside: True to take plots outside the province, False to refuse them, None to ask.
        lines: whether open lines are kept as lines, beside the plots: for a layer of one's own.
    """

    parts: Sequence[str] | None = None
    system: str | None = None
    systems: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    buffer_m: float = 0.0
    buffer_to_stated: bool = False
    take_outside: bool | None = None
    parcels: Sequence[str] | None = None
    place: Mapping[str, str] = field(default_factory=dict)
    kilometres: bool | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    look_up: Sequence[str] | None = None
    yes_is_public: bool | None = None
    lines: bool = False


@dataclass(frozen=True)
class Part:
    """A table of a delivery: a layer, a sheet, or a file in an archive.

    Attributes:
        name: as it is shown, and chosen by.
        rows: how many there are.
        areas: how many of them hold an area.
        taken: whether it was read.
        why: why it was not.
        system: in which it was read, as :class:`geo.reference_system.SystemFinding` codes it.
        certain: whether that system is.
    """

    name: str
    rows: int
    areas: int
    taken: bool = True
    why: Message | None = None
    system: str = ""
    certain: bool = True


@dataclass(frozen=True)
class Wanted:
    """A row that names its place by a cadastral number or an address, to be looked up.

    Attributes:
        part: name of the part, "" where there is one.
        row: as :class:`RowReport` numbers it.
        kind: ``parcel`` or ``address``.
        key: the number or address in its plain form.
    """

    part: str
    row: int
    kind: str
    key: str

    @property
    def name(self) -> str:
        """Kind and key, as what was found is named."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class RowReport:
    """What became of one row.

    ``row`` is the line of a table, or the number of a feature; ``part`` names the part that it
    stands in, "" where there is one.
    """

    row: int
    name: str | None
    outcome: Outcome
    messages: tuple[Message, ...]
    part: str = ""


@dataclass
class Reading:
    """What was understood of a file.

    Attributes:
        file_name: how the user calls it.
        sha256: of the file, hexadecimal.
        kind: of file, as :class:`geo.reading.form.Form` calls it; empty when it was not recognised.
        refused: why nothing of it can be used; None when something can.
        parts: the tables with rows, and which of them were read.
        system: code of the reference system.
        system_certain: False when the user must choose.
        system_evidence: why that system.
        system_candidates: others that would put the plots in the province.
        headers: columns of the file with an example of each.
        columns: which column of a plot each was taken for ("" for none).
        plots: EPSG:28992, columns of a candidate plot, place, ``part``, ``row`` and
            ``provenance``.
        before: of plots that were mended the shape as it came, in EPSG:28992, by row (numbered
            through where there are several parts).
        rows: what became of each row.
        messages: what is to be told of the file as a whole.
        questions: what the user must decide: ``system``, ``layer`` (which parts), ``outside``,
            ``points``, ``class``, ``kilometres``, ``place`` (which columns hold it) or ``lookup``.
        wanted: rows that are to be looked up by number or address.
        found: what :attr:`ReadOptions.look_up` found, as :attr:`ReadOptions.found` takes it.
        lines: of which :attr:`ReadOptions.lines` asks, in EPSG:28992.
    """

    file_name: str
    sha256: str = ""
    kind: str = ""
    refused: Message | None = None
    parts: tuple[Part, ...] = ()
    system: str = ""
    system_certain: bool = True
    system_evidence: tuple[Message, ...] = ()
    system_candidates: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    plots: gpd.GeoDataFrame | None = None
    before: dict[int, shapely.Geometry] = field(default_factory=dict)
    rows: tuple[RowReport, ...] = ()
    messages: tuple[Message, ...] = ()
    questions: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    found: dict[str, str] = field(default_factory=dict)
    lines: tuple[shapely.LineString, ...] = ()

    @property
    def layer(self) -> str:
        """The names of the parts that were read."""
        return ", ".join(part.name for part in self.parts if part.taken)

    @property
    def outcome(self) -> Outcome:
        """What became of the file: refused when no row became a plot."""
        if self.refused is not None or self.plots is None or len(self.plots) == 0:
            return Outcome.REFUSED
        if self.questions:
            return Outcome.QUESTION
        told = self.messages or any(row.outcome != Outcome.TAKEN for row in self.rows)
        return Outcome.REMARKS if told else Outcome.TAKEN

    @property
    def classes(self) -> dict[str, int]:
        """How many plots have which class, the most confidential first; only what occurs."""
        if self.plots is None:
            return {}
        found = self.plots["confidentiality"].value_counts()
        order = sorted(map(str, found.index), key=confidentiality_rank, reverse=True)
        return {one: int(found[one]) for one in order}

    def count(self, outcome: Outcome) -> int:
        """Give how many rows ended so."""
        return sum(row.outcome == outcome for row in self.rows)


# --- to and from JSON ----------------------------------------------------------------------------


def to_plain(reading: Reading) -> dict[str, Any]:
    """Give a reading as what JSON can hold."""
    plain = {
        f.name: _plain(getattr(reading, f.name))
        for f in dataclasses.fields(reading)
        if f.name not in ("plots", "before", "lines")
    }
    plain["before"] = {str(row): shapely.to_wkb(s, hex=True) for row, s in reading.before.items()}
    plain["lines"] = shapely.to_wkb(np.asarray(reading.lines, dtype=object), hex=True).tolist()
    plain["plots"] = None if reading.plots is None else _plots_to_plain(reading.plots)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Reading:
    """Give the reading that :func:`to_plain` was made from."""
    reading = Reading(plain["file_name"])
    for name in ("sha256", "kind", "system", "system_certain", "headers", "columns", "found"):
        setattr(reading, name, plain[name])
    reading.refused = _message(plain["refused"])
    reading.parts = tuple(Part(**{**p, "why": _message(p["why"])}) for p in plain["parts"])
    reading.wanted = tuple(Wanted(**w) for w in plain["wanted"])
    reading.system_evidence = _messages(plain["system_evidence"])
    reading.system_candidates = tuple(plain["system_candidates"])
    reading.messages = _messages(plain["messages"])
    reading.questions = tuple(plain["questions"])
    reading.rows = tuple(
        RowReport(r["row"], r["name"], Outcome(r["outcome"]), _messages(r["messages"]), r["part"])
        for r in plain["rows"]
    )
    reading.before = {int(row): shapely.from_wkb(s) for row, s in plain["before"].items()}
    reading.lines = tuple(shapely.from_wkb(plain["lines"]))
    reading.plots = None if plain["plots"] is None else _plots_from_plain(plain["plots"])
    return reading


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "values": {k: _plain(v) for k, v in value.values.items()}}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def _message(plain: Any) -> Message | None:
    if plain is None:
        return None
    values = {
        k: _message(v) if isinstance(v, Mapping) and "key" in v else v
        for k, v in plain["values"].items()
    }
    return Message(plain["key"], values)


def _messages(plain: Any) -> tuple[Message, ...]:
    return tuple(m for m in map(_message, plain) if m is not None)


_BESIDE = (
    "municipality_code", "municipality_certain", "municipality_share", "provenance", "part", "row",
)  # fmt: skip


def _plots_to_plain(plots: gpd.GeoDataFrame) -> dict[str, Any]:
    return {
        "index": [str(i) for i in plots.index],
        "columns": plain_columns(plots, (*PLOT_COLUMNS, *_BESIDE)),
        "shapes": shapely.to_wkb(plots.geometry.to_numpy(), hex=True).tolist(),
    }


def _plots_from_plain(plain: Mapping[str, Any]) -> gpd.GeoDataFrame:
    index = pd.Index(plain["index"], name="plot_id", dtype=object)
    table = gpd.GeoDataFrame(
        {
            name: pd.Series(values, index=index, dtype=object)
            for name, values in plain["columns"].items()
        },
        geometry=gpd.array.from_shapely(shapely.from_wkb(plain["shapes"])),
        index=index,
        crs=RD,
    )  # fmt: skip
    plots = with_plot_columns(table)
    for name in _BESIDE:
        plots[name] = table[name]
    plots["municipality_certain"] = plots["municipality_certain"].astype(bool)
    plots["municipality_share"] = plots["municipality_share"].astype(float)
    plots["row"] = plots["row"].astype(int)
    return plots
