"""Understand one table: where its rows lie, what its columns mean, and what became of each row."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.plot_schema import PLOT_COLUMNS
from geo.crs import RD
from geo.plot_table import with_plot_columns
from geo.reading import bounds, words
from geo.reading.checks import Mended, flat_area, look_at_place, look_at_size, overlapping
from geo.reading.columns import (
    AMBIGUOUS,
    column_of,
    cut_off_meanings,
    is_class_header,
    match_columns,
    normalised,
    read_cell,
)
from geo.reading.lists import PARCEL, beside_of_row, by_content, wanted_of_row
from geo.reading.raw import STRUCK, RawLayer, RawRow, ReadingError
from geo.reading.result import Outcome, Reading, ReadOptions, RowReport, Wanted
from geo.reading.values import is_unknown
from geo.reference_system import (
    SWAPPED,
    SystemFinding,
    find_system,
    in_the_netherlands,
    other_system_of,
    system_name,
    to_rd_from,
)
from messages import Message

Progress = Callable[[float], None]


@dataclass
class _Cells:
    """What the cells of one row say: values by column, remarks, and where each came from."""

    values: dict[str, Any]
    remarks: list[Message]
    origin: dict[str, str]


@dataclass
class _Table:
    """A table on its way from rows to plots; lists and keys go by the position of a row."""

    layer: RawLayer
    options: ReadOptions
    reading: Reading
    source: str
    cells: list[_Cells] = field(default_factory=list)
    refused: dict[int, Message] = field(default_factory=dict)
    remarks: list[list[Message]] = field(default_factory=list)
    looked_up: dict[int, shapely.Geometry] = field(default_factory=dict)
    shapes: dict[int, shapely.Geometry] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    questions: list[str] = field(default_factory=list)


def understand(
    layer: RawLayer,
    kind: str,
    file_name: str,
    options: ReadOptions,
    tell: Progress,
    *,
    part: str = "",
) -> Reading:
    """Read the rows of one table as plots.

    Args:
        layer: as a reader gave it, with at least one row.
        kind: of file, as :class:`geo.reading.form.Form` calls it.
        file_name: how the user calls the file.
        options: what the user chose.
        tell: told how far the work is, 0 to 1.
        part: name of the table among others, "" when it is the only one.

    Raises:
        ReadingError: it asks too much of the machine.
    """
    reading = Reading(file_name, kind=kind)
    source = f"{file_name[:120]} \u203a {part[:60]}" if part else file_name[:120]
    table = _Table(layer, options, reading, source, questions=list(layer.questions))
    reading.messages = tuple(layer.remarks)
    _bound_vertices(layer)
    _find_system(table, part)
    _match(table)
    _read_cells(table)
    tell(0.4)
    _take_found(table, part)
    _mend_shapes(table, tell)
    _look_at_plots(table)
    _report(table, part)
    reading.questions = tuple(dict.fromkeys(table.questions))
    tell(1.0)
    return reading


def _bound_vertices(layer: RawLayer) -> None:
    total = sum(
        int(shapely.count_coordinates(row.geometry))
        for row in layer.rows
        if row.geometry is not None
    )
    if total > bounds.MAX_VERTICES:
        raise ReadingError(Message("read.too_many_vertices", {"limit": bounds.MAX_VERTICES}))


# --- the system ----------------------------------------------------------------------------------


def _find_system(table: _Table, part: str) -> None:
    reading, options = table.reading, table.options
    found = find_system(
        [row.geometry for row in table.layer.rows if row.geometry is not None],
        table.layer.crs,
        table.layer.crs_evidence,
        assumed=table.layer.assumed,
    )
    chosen = options.systems.get(part) or options.system
    reading.system = chosen or found.code
    reading.system_certain = found.certain or chosen is not None
    reading.system_evidence = found.evidence
    if chosen:
        told = Message("read.crs.chosen", {"name": system_name(chosen)})
        reading.system_evidence = (*found.evidence, told)
    reading.system_candidates = found.candidates
    if not chosen:
        reading.messages += _told_of_system(found)
    if not reading.system_certain:
        table.questions.append("system")


def _told_of_system(found: SystemFinding) -> tuple[Message, ...]:
    """Tell what is odd about the system: axes swapped, not as the file says, or in doubt."""
    name = system_name(found.code)
    if found.code.endswith(SWAPPED):
        return (
            Message("read.crs.swapped", {"name": system_name(found.code.removesuffix(SWAPPED))}),
        )
    others = [code for code in found.candidates if code != found.code]
    if not found.certain and len(others) == 1:
        return (Message("read.crs.rather", {"name": name, "other": system_name(others[0])}),)
    if found.declared and found.certain and system_name(found.declared) != name:
        return (Message("read.crs.wrong", {"name": name, "declared": system_name(found.declared)}),)
    return ()


# --- columns and cells ---------------------------------------------------------------------------


def _match(table: _Table) -> None:
    """Say which column of the file is which of a plot: recognised, remembered, or chosen."""
    layer, options = table.layer, table.options
    headers = _headers(layer)
    table.reading.headers = {header: _example(layer, header) for header in headers}
    matched = _without_mistakes(match_columns(headers, options.remembered), layer, options)
    if any(row.geometry is None for row in layer.rows):
        named = by_content(headers, [row.values for row in layer.rows])
        matched |= {h: c for h, c in named.items() if not matched[h]}
    _tell_cut_off(table, matched)
    for header, column in options.columns.items():
        if header in matched and (column in PLOT_COLUMNS or column == ""):
            if column:
                matched.update({h: "" for h, c in matched.items() if c == column})
            matched[header] = column
    table.reading.columns = matched


def _tell_cut_off(table: _Table, matched: Mapping[str, str]) -> None:
    """Tell of headers that a shapefile cut off so that they may mean one thing or another."""
    for header, column in matched.items():
        meanings = sorted(cut_off_meanings(header)) if not column else []
        if len(meanings) > 1:
            first, second = (Message(f"deliver.field.{m}") for m in meanings[:2])
            said = {"header": header[:60], "first": first, "second": second}
            table.reading.messages += (Message("read.cut_off", said),)


def _headers(layer: RawLayer) -> list[str]:
    seen: dict[str, None] = {}
    for row in layer.rows:
        for header in row.values:
            seen.setdefault(header, None)
            if len(seen) >= bounds.MAX_COLUMNS:
                return list(seen)
    return list(seen)


def _example(layer: RawLayer, header: str) -> str:
    for row in layer.rows:
        value = row.values.get(header)
        if value is not None and str(value).strip():
            return str(value)[:60]
    return ""


def _without_mistakes(
    matched: dict[str, str], layer: RawLayer, options: ReadOptions
) -> dict[str, str]:
    """Undo matches of which not one of the first cells can be read.

    ``type`` and ``status`` are headers of many tables that mean something else by them.
    """
    for header, column in matched.items():
        if not column or normalised(header) not in AMBIGUOUS - set(options.remembered):
            continue
        cells = [row.values.get(header) for row in layer.rows[:200]]
        filled = [cell for cell in cells if not is_unknown(cell)][:50]
        if filled and all(read_cell(column, header, cell)[0] is None for cell in filled):
            matched[header] = ""
    return matched


def _read_cells(table: _Table) -> None:
    table.cells = [_cells_of(table, row) for row in table.layer.rows]
    _raise_class_of_all(table)
    table.remarks = [
        [*row.remarks, *cells.remarks]
        for row, cells in zip(table.layer.rows, table.cells, strict=True)
    ]
    if any(told.key == "read.class.yes" for cells in table.cells for told in cells.remarks):
        table.questions.append("class")


def _raise_class_of_all(table: _Table) -> None:
    """Make all plots confidential when a title or the name of the file speaks of secrecy."""
    beside = [*table.layer.notes, table.layer.name, table.reading.file_name]
    for row in table.layer.rows:
        # a line with one cell and no shape is a note under the table
        filled = [cell for cell in row.values.values() if not is_unknown(cell)]
        if row.geometry is None and len(filled) == 1:
            beside.append(str(filled[0])[: bounds.MAX_TEXT])
    said = next((text for text in beside if words.says_secret(text)), None)
    if said is None:
        return
    for cells in table.cells:
        if cells.values.get("confidentiality") not in (None, "vertrouwelijk"):
            cells.values["confidentiality"] = "vertrouwelijk"
            cells.remarks.append(Message("read.class.beside", {"value": said[:80]}))


def _cells_of(table: _Table, row: RawRow) -> _Cells:
    found = _Cells({}, [], {"geometry": f"{table.source}, {row.row}"})
    kept: list[str] = []
    for header, column in table.reading.columns.items():
        if not column or header not in row.values:
            continue
        cell = row.values[header]
        if isinstance(cell, dict | list):
            cell = str(cell)[: bounds.MAX_TEXT]
        value, remark, rest = read_cell(
            column, header, cell, yes_is_public=table.options.yes_is_public
        )
        if remark:
            found.remarks.append(remark)
        if rest:
            kept.append(rest[:300])
        if value is not None:
            found.values[column] = value
            found.origin[column] = f"{table.source}, {row.row}: {header[:60]}"
    kept += _keep_doubles(row, table.reading.columns, found)
    _raise_class(row, table.reading.columns, found)
    if kept:
        # What has no place in a column is kept in words, so that nothing is lost.
        said = [found.values["remarks"]] if found.values.get("remarks") else []
        found.values["remarks"] = "; ".join([*said, *kept])[: bounds.MAX_TEXT]
        found.origin.setdefault("remarks", f"{table.source}, {row.row}")
    return found


def _raise_class(row: RawRow, columns: Mapping[str, str], found: _Cells) -> None:
    """Make a plot confidential when any other cell of its row speaks of secrecy."""
    if found.values.get("confidentiality") in (None, "vertrouwelijk"):
        return
    if any(told.key == STRUCK for told in row.remarks):
        found.values["confidentiality"] = "vertrouwelijk"
        return
    for header, cell in row.values.items():
        if columns.get(header) == "confidentiality" or is_unknown(cell):
            continue
        second = is_class_header(header) and words.class_of(header, cell)[0]
        if words.says_secret(cell) or (second and second != found.values["confidentiality"]):
            said = {"header": header[:60], "value": str(cell)[:80]}
            found.remarks.append(Message("read.class.elsewhere", said))
            found.values["confidentiality"] = "vertrouwelijk"
            return


def _keep_doubles(row: RawRow, columns: Mapping[str, str], found: _Cells) -> list[str]:
    """Keep what stands in a second column of one meaning, which has no place of its own."""
    taken = {column for column in columns.values() if column}
    kept = []
    for header, cell in row.values.items():
        if columns.get(header) or is_unknown(cell) or isinstance(cell, dict | list):
            continue
        first = re.sub(r" \(\d+\)$", "", header)
        meaning = column_of(first)
        if meaning not in taken or normalised(first) in AMBIGUOUS:
            continue
        text = " ".join(str(cell).split())[:300]
        if meaning == "remarks" and text:
            kept.append(text)
        elif text and text != str(found.values.get(meaning or "")):
            kept.append(f"{header}: {text}")
    return kept


# --- what is looked up ---------------------------------------------------------------------------


def _take_found(table: _Table, part: str) -> None:
    """Give rows that name a parcel or address the shape that was found, or say it is wanted."""
    wanted: list[Wanted] = []
    for p, row in enumerate(table.layer.rows):
        if row.geometry is not None or (row.refused and row.refused.key != "read.row.no_geometry"):
            continue
        named = [
            Wanted(part, row.row, kind, key)
            for kind, key in wanted_of_row(row.values, table.reading.columns)
        ]
        row.refused = row.refused or Message("read.row.no_geometry")
        if not named:
            beside = beside_of_row(row.values)
            if beside:
                row.refused = Message("read.row.beside", {"value": beside[:80]})
            continue
        wanted += named
        shapes = [table.options.found.get(one.name) for one in named]
        missing = [one for one, shape in zip(named, shapes, strict=True) if not shape]
        if missing:
            sought = table.options.found.get(missing[0].name) is None
            state = "wanted" if sought else "not_found"
            row.refused = Message(f"read.row.{state}_{missing[0].kind}", {"key": missing[0].key})
            continue
        row.refused = None
        table.looked_up[p] = shapely.union_all(shapely.from_wkb(np.asarray(shapes, dtype=object)))
        said = ", ".join(one.key for one in named)
        table.cells[p].origin["geometry"] = f"{table.source}, {row.row}: {said}"[:300]
        column = "cadastral_number" if named[0].kind == PARCEL else "address"
        table.cells[p].values[column] = said[:200]
        table.cells[p].values.setdefault("name", said[:200])
    table.reading.wanted = tuple(wanted)
    if any(table.options.found.get(one.name) is None for one in wanted):
        table.questions.append("lookup")
    if wanted and "place" in table.questions:
        table.questions.remove("place")


# --- shapes --------------------------------------------------------------------------------------


def _mend_shapes(table: _Table, tell: Progress) -> None:
    """Bring shapes to RD and make areas of them; what cannot be saved is refused with a reason."""
    rows = table.layer.rows
    with_shape = [p for p, row in enumerate(rows) if row.geometry is not None]
    placed = to_rd_from(
        gpd.GeoSeries([rows[p].geometry for p in with_shape], index=with_shape),
        table.reading.system,
    )
    if table.looked_up:
        placed = pd.concat([placed, gpd.GeoSeries(table.looked_up, crs=RD)]).sort_index()
    table.refused |= {p: row.refused for p, row in enumerate(rows) if row.refused is not None}
    table.refused |= _strays(table, placed)
    dimensionless = False
    for count, (p, shape) in enumerate(placed.items()):
        if count % 500 == 0:
            tell(0.4 + 0.4 * count / max(len(placed), 1))
        if p in table.refused:
            continue
        mended = _mend(shape, table.cells[p].values.get("stated_area_m2"), table.options)
        table.remarks[p] += mended.remarks
        if mended.refused is not None:
            table.refused[p] = mended.refused
            dimensionless |= mended.refused.key in ("read.row.is_point", "read.row.is_line")
        elif mended.polygon is not None:
            table.shapes[p] = mended.polygon
            if mended.mended:
                table.reading.before[rows[p].row] = shape
    if dimensionless:
        table.questions.append("points")


def _strays(table: _Table, placed: gpd.GeoSeries) -> dict[int, Message]:
    """Find rows that lie outside the country while another system puts them in the province.

    Where the other rows land, the system of the file is right: such a row was written otherwise.
    """
    rows = [p for p in placed.index if p not in table.looked_up and placed[p] is not None]
    middles = shapely.get_coordinates(shapely.centroid(placed[rows].to_numpy()))
    if len(middles) != len(rows):
        return {}
    here = in_the_netherlands(middles, RD)
    found = {}
    for p in np.asarray(rows)[~here] if here.any() else ():
        at = shapely.get_coordinates(shapely.centroid(table.layer.rows[p].geometry))
        other = other_system_of(at, table.reading.system) if np.isfinite(at).all() else None
        if other is not None:
            found[int(p)] = Message("read.row.other_system", {"name": system_name(other)})
    return found


def _mend(shape: shapely.Geometry | None, stated_m2: float | None, options: ReadOptions) -> Mended:
    radius = options.buffer_m
    if options.buffer_to_stated and stated_m2 and int(shapely.get_dimensions(shape)) == 0:
        radius = math.sqrt(stated_m2 / math.pi)
    return flat_area(shape, radius)


def _look_at_plots(table: _Table) -> None:
    """Tell of plots what strikes: place, size, twins; leave out or ask what lies elsewhere."""
    order = list(table.shapes)
    shapes = gpd.GeoSeries(list(table.shapes.values()), index=order, crs=RD)
    where, at_place, outside = look_at_place(shapes)
    stated = [float(table.cells[p].values.get("stated_area_m2") or math.nan) for p in order]
    at_size = look_at_size(shapes, stated)
    twins = _twins(shapes)
    kept: list[tuple[int, int]] = []
    for place, p in enumerate(order):
        table.remarks[p] += [*at_place[place], *at_size[place]]
        if place in twins:
            other = table.layer.rows[order[twins[place]]].row
            table.remarks[p].append(Message("read.twin", {"row": other}))
        if outside[place] and table.options.take_outside is False:
            table.refused[p] = Message("read.place.left_out")
            table.remarks[p] = []
            continue
        if outside[place] and table.options.take_outside is None:
            table.asked.add(p)
        kept.append((place, p))
    if table.asked:
        table.questions.append("outside")
    _fill(table, shapes, where, kept)


def _twins(shapes: gpd.GeoSeries) -> dict[int, int]:
    """Give for plots that are nearly the same as an earlier one of the file the earlier one."""
    found: dict[int, int] = {}
    for place, pairs in enumerate(overlapping(shapes, shapes)):
        earlier = [other for other, _ in pairs if other < place]
        if earlier:
            found[place] = earlier[0]
    return found


def _fill(
    table: _Table, shapes: gpd.GeoSeries, where: pd.DataFrame, kept: list[tuple[int, int]]
) -> None:
    index = pd.Index([uuid.uuid4().hex[:12] for _ in kept], name="plot_id", dtype=object)
    values = [table.cells[p].values for _, p in kept]
    columns = {
        name: pd.Series([v.get(name) for v in values], index=index, dtype=object)
        for name in PLOT_COLUMNS
    }
    places = [place for place, _ in kept]
    geometry = shapes.to_numpy()[places] if kept else []
    plots = with_plot_columns(
        gpd.GeoDataFrame(
            columns, geometry=gpd.array.from_shapely(np.asarray(geometry)), index=index, crs=RD
        )
    )
    if "object_kind" not in table.reading.columns.values():
        # where the file does not say what a plot is, a floor area tells a building
        plots.loc[plots["gfa_m2"].gt(0), "object_kind"] = "gebouw"
    for name in ("municipality_code", "municipality_certain", "municipality_share"):
        plots[name] = where[name].to_numpy()[places]
    plots["provenance"] = [table.cells[p].origin for _, p in kept]
    plots["row"] = [table.layer.rows[p].row for _, p in kept]
    table.reading.plots = plots


def _report(table: _Table, part: str) -> None:
    reading = table.reading
    reports = []
    for p, row in enumerate(table.layer.rows):
        name = table.cells[p].values.get("name")
        told = tuple(table.remarks[p])
        outcome = Outcome.REMARKS if told else Outcome.TAKEN
        if p in table.refused:
            outcome, told = Outcome.REFUSED, (table.refused[p],)
        elif p in table.asked:
            outcome = Outcome.QUESTION
        reports.append(RowReport(row.row, name, outcome, told, part))
    reading.rows = tuple(reports)
    if reading.plots is not None:
        reading.plots["part"] = part
    if reading.plots is None or reading.plots.empty:
        reading.refused = no_plots(reading.rows)
        if "lookup" in table.questions:
            reading.refused = Message("read.list", {"count": len(reading.wanted)})
        elif "place" in table.questions:
            said = ", ".join(header[:40] for header in list(reading.headers)[:12])
            reading.refused = Message("read.no_geometry_column", {"columns": said})


def no_plots(rows: tuple[RowReport, ...]) -> Message:
    """Say why nothing came of rows; one reason for all is the reason of the file."""
    refusals = {message.key: message for row in rows for message in row.messages[:1]}
    if len(refusals) == 1:
        return Message("read.no_plots_because", {"reason": next(iter(refusals.values()))})
    return Message("read.no_plots")
