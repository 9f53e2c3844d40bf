"""Choose among the tables of a delivery, and bring what was read of them together."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo.reading.checks import overlapping
from geo.reading.raw import RawLayer
from geo.reading.result import Outcome, Part, Reading, ReadOptions, RowReport
from geo.reading.understand import no_plots
from messages import Message


def named_apart(layers: Sequence[RawLayer]) -> None:
    """Give tables of one name a number, so that each can be chosen by its name."""
    seen: dict[str, int] = {}
    for layer in layers:
        layer.name = layer.name[:80]
        seen[layer.name] = seen.get(layer.name, 0) + 1
        if seen[layer.name] > 1:
            layer.name = f"{layer.name} ({seen[layer.name]})"


def choose(
    layers: Sequence[RawLayer], options: ReadOptions
) -> tuple[list[RawLayer], tuple[Part, ...], bool]:
    """Say which tables are read.

    Without a choice of the user these are all that hold areas and that nobody hid; where none
    holds an area, those with points or lines, or else with rows.

    Returns:
        The tables, all parts with why one was not taken, and whether the user is to be asked.
    """
    if options.parts is not None:
        taken = [layer for layer in layers if layer.name in options.parts]
        why = {layer.name: "not_chosen" for layer in layers if layer.name not in options.parts}
        return taken, _parts(layers, why), False
    shown = [layer for layer in layers if not layer.hidden] or list(layers)
    placed = [layer for layer in shown if "place" not in layer.questions] or shown
    areas = [layer for layer in placed if layer.polygon_count]
    shapes = [layer for layer in placed if any(row.geometry is not None for row in layer.rows)]
    taken = areas or shapes or placed
    why = {}
    for layer in layers:
        if not any(layer is one for one in taken):
            reason = "no_areas" if "place" not in layer.questions else "no_place"
            why[layer.name] = reason if any(layer is one for one in shown) else "hidden"
    return taken, _parts(layers, why), len(taken) > 1 or "hidden" in why.values()


def _parts(layers: Sequence[RawLayer], why: dict[str, str]) -> tuple[Part, ...]:
    return tuple(
        Part(
            layer.name,
            len(layer.rows),
            layer.polygon_count,
            layer.name not in why,
            Message(f"read.part.{why[layer.name]}") if layer.name in why else None,
        )
        for layer in layers
    )


def combine(file_name: str, parts: Sequence[Part], readings: Sequence[Reading]) -> Reading:
    """Bring the readings of the parts that were taken together, in their order.

    Args:
        file_name: how the user calls the whole.
        parts: all parts, of which as many are taken as there are readings.
        readings: of the parts taken.
    """
    whole = Reading(file_name)
    read = iter(readings)
    whole.parts = tuple(
        dataclasses.replace(part, system=one.system, certain=one.system_certain)
        if part.taken and (one := next(read, None)) is not None
        else part
        for part in parts
    )
    if not readings:
        whole.refused = Message("read.part.none")
        return whole
    first = readings[0]
    whole.kind, whole.system = first.kind, first.system
    whole.system_certain = all(one.system_certain for one in readings)
    whole.system_candidates = tuple(
        dict.fromkeys(code for one in readings for code in one.system_candidates)
    )
    names = [part.name for part in parts if part.taken]
    whole.system_evidence = _told([one.system_evidence for one in readings], names)
    whole.messages = _told([one.messages for one in readings], names)
    whole.messages += tuple(
        Message("read.part.left", {"part": part.name, "rows": part.rows, "reason": part.why})
        for part in parts
        if part.why is not None
    )
    for one in reversed(readings):
        whole.headers = {**one.headers, **whole.headers}
        whole.columns = {**one.columns, **{h: c for h, c in whole.columns.items() if c}}
    whole.columns = {header: whole.columns.get(header, "") for header in whole.headers}
    for number, shape in enumerate(s for one in readings for s in one.before.values()):
        whole.before[number] = shape
    if len(readings) == 1:
        whole.before = dict(first.before)
    whole.rows = tuple(row for one in readings for row in one.rows)
    whole.questions = tuple(dict.fromkeys(q for one in readings for q in one.questions))
    whole.wanted = tuple(wanted for one in readings for wanted in one.wanted)
    tables = [one.plots for one in readings if one.plots is not None and len(one.plots)]
    whole.plots = gpd.GeoDataFrame(pd.concat(tables)) if tables else first.plots
    if whole.plots is None or whole.plots.empty:
        whole.refused = first.refused if len(readings) == 1 else no_plots(whole.rows)
    elif len(tables) > 1:
        _tell_twins(whole, whole.plots)
    return whole


def _told(lists: Sequence[tuple[Message, ...]], names: Sequence[str]) -> tuple[Message, ...]:
    """Tell what holds for all parts once, and the rest with the name of its part."""
    if len(lists) == 1:
        return lists[0]
    common = [told for told in lists[0] if all(told in other for other in lists[1:])]
    own = [
        Message("read.part.said", {"part": name, "message": told})
        for name, one in zip(names, lists, strict=True)
        for told in one
        if told not in common
    ]
    return (*common, *own)


def _tell_twins(whole: Reading, plots: gpd.GeoDataFrame) -> None:
    """Tell which plots are nearly the same as one of an earlier part."""
    parts, rows = plots["part"].tolist(), plots["row"].tolist()
    twins: dict[tuple[str, int], Message] = {}
    for place, pairs in enumerate(overlapping(plots.geometry, plots.geometry)):
        earlier = [o for o, _ in pairs if o < place and parts[o] != parts[place]]
        if earlier:
            said = {"row": rows[earlier[0]], "part": parts[earlier[0]]}
            twins[parts[place], rows[place]] = Message("read.twin_part", said)
    whole.rows = tuple(
        RowReport(
            row.row, row.name,
            Outcome.REMARKS if row.outcome == Outcome.TAKEN else row.outcome,
            (*row.messages, twins[row.part, row.row]), row.part,
        )
        if (row.part, row.row) in twins
        else row
        for row in whole.rows
    )  # fmt: skip


def together(readings: Sequence[Reading]) -> Reading:
    """Bring the readings of several files together as one delivery, in their order.

    Its ``sha256`` is that of the list of those of the files: a line ``<sha256>  <name>`` for each.
    """
    if len(readings) == 1:
        return readings[0]
    names = _names_apart([one.file_name for one in readings])
    parts = tuple(
        Part(
            name,
            len(one.rows),
            0 if one.plots is None else len(one.plots),
            bool(one.rows),
            None if one.rows else one.refused,
            one.system,
            one.system_certain,
        )
        for name, one in zip(names, readings, strict=True)
    )
    taken = [_within(name, one) for name, one in zip(names, readings, strict=True) if one.rows]
    whole = combine(", ".join(names)[:200], parts, taken)
    lines = "".join(f"{one.sha256}  {one.file_name}\n" for one in readings)
    whole.sha256 = hashlib.sha256(lines.encode()).hexdigest()
    return whole


def _names_apart(names: Sequence[str]) -> list[str]:
    layers = [RawLayer(name, []) for name in names]
    named_apart(layers)
    return [layer.name for layer in layers]


def _within(name: str, reading: Reading) -> Reading:
    """Give a reading of which the parts are named as those of a file."""

    def named(part: str) -> str:
        return f"{name} \u203a {part}" if part else name

    plots = reading.plots
    return dataclasses.replace(
        reading,
        plots=None if plots is None else plots.assign(part=[named(p) for p in plots["part"]]),
        rows=tuple(dataclasses.replace(row, part=named(row.part)) for row in reading.rows),
        wanted=tuple(dataclasses.replace(one, part=named(one.part)) for one in reading.wanted),
    )
