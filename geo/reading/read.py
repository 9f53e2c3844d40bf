"""Read a file as candidate plots and say what became of every row."""

from __future__ import annotations

import hashlib
import math
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.vocabulary import PLOT_COLUMNS
from geo.crs import RD
from geo.errors import GeoError
from geo.pdok import number_of_row, parse_cadastral_number
from geo.plot_table import with_plot_columns
from geo.reading import archives, bounds, tabular, vector, words
from geo.reading.checks import (
    Mended,
    flat_area,
    look_at_place,
    look_at_size,
    overlapping,
)
from geo.reading.columns import AMBIGUOUS, is_class_header, match_columns, normalised, read_cell
from geo.reading.geojson import read_geojson
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import Outcome, Reading, ReadOptions, RowReport
from geo.reading.sniff import sniff
from geo.reading.values import is_unknown
from geo.reference_system import find_system, system_name, to_rd_from
from messages import Message

Progress = Callable[[float], None]


def read_file(
    path: Path,
    options: ReadOptions | None = None,
    *,
    file_name: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read a file as candidate plots.

    Whatever is wrong with it is told in the reading; nothing is raised for a bad file.
    Files are to be read through :func:`geo.reading.bounded_process.read_apart`, which bounds time
    and memory; this function is what runs there.

    Args:
        path: the file, or one of the parts of a shapefile with the others beside it.
        options: what the user chose.
        file_name: how the user calls it.
        progress: told how far the work is, 0 to 1.
    """
    chosen = options or ReadOptions()
    reading = Reading(file_name or path.name)
    tell = progress or (lambda share: None)
    try:
        if path.stat().st_size > bounds.MAX_FILE_BYTES:
            raise ReadingError(
                Message("read.file_large", {"limit": bounds.MAX_FILE_BYTES // 1_000_000})
            )
        reading.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with tempfile.TemporaryDirectory() as folder:
            reading.kind, layers, remarks = _layers(path, Path(folder))
        tell(0.4)
        reading.messages = tuple(remarks)
        _understand(reading, layers, chosen, tell)
    except GeoError as problem:
        reading.refused = problem.message
    return reading


# --- from file to layers -------------------------------------------------------------------------


def _layers(path: Path, folder: Path) -> tuple[str, list[RawLayer], list[Message]]:
    kind = sniff(path)
    if kind in ("zip", "kmz"):
        return kind, *_from_archive(path, folder)
    return kind, _read_one(kind, path, folder), []


def _read_one(kind: str, path: Path, folder: Path) -> list[RawLayer]:
    try:
        return _by_kind(kind, path, folder)
    except ReadingError:
        raise
    except Exception as problem:
        # The one place where anything is caught: libraries for a dozen formats raise whatever
        # they like on damaged files, as fuzzing shows, and for the user it is all one.
        raise ReadingError(Message("read.broken")) from problem


def _by_kind(kind: str, path: Path, folder: Path) -> list[RawLayer]:
    match kind:
        case "json":
            return read_geojson(path)
        case "csv":
            return tabular.read_csv(path)
        case "xlsx":
            return tabular.read_xlsx(path)
        case "parquet":
            return vector.read_parquet(path)
        case "dxf":
            return vector.read_dxf(path)
        case "gml":
            return vector.read_gml(path, folder)
    # GDAL writes beside what it reads (.gfs, -wal), and goes by the suffix: it gets a copy.
    suffix = {"gpkg": ".gpkg", "fgb": ".fgb", "kml": ".kml", "shp": ".shp"}[kind]
    own = Path(tempfile.mkdtemp(dir=folder))
    copy = own / f"file{suffix}"
    copy.write_bytes(path.read_bytes())
    if kind == "shp":
        for part in path.parent.iterdir():
            if part.stem.lower() == path.stem.lower() and part.suffix.lower() in (
                ".shx", ".dbf", ".prj", ".cpg",
            ):  # fmt: skip
                (own / f"file{part.suffix.lower()}").write_bytes(part.read_bytes())
    layers = vector.read_vector(copy, shapefile=kind == "shp")
    for layer in layers:
        if layer.name == "file":
            layer.name = path.stem
    return layers


def _from_archive(path: Path, folder: Path) -> tuple[list[RawLayer], list[Message]]:
    files = archives.unpack(path, folder)
    if not files:
        raise ReadingError(Message("read.zip_nothing"))
    layers: list[RawLayer] = []
    remarks: list[Message] = []
    last: ReadingError | None = None
    for file in files:
        if file.suffix.lower() in (".shx", ".dbf", ".prj", ".cpg"):
            continue
        try:
            kind = sniff(file)
            if kind in ("zip", "kmz"):
                raise ReadingError(Message("read.zip_in_zip"))
            layers += _read_one(kind, file, folder)
        except ReadingError as problem:
            last = problem
            remarks.append(
                Message("read.zip_part", {"file": file.name[-80:], "reason": problem.message})
            )
    if not layers:
        raise last or ReadingError(Message("read.zip_nothing"))
    return layers, remarks


# --- from layers to plots ------------------------------------------------------------------------


def _understand(
    reading: Reading, layers: list[RawLayer], options: ReadOptions, tell: Progress
) -> None:
    filled = [layer for layer in layers if layer.rows]
    if not filled:
        raise ReadingError(Message("read.no_rows"))
    if reading.kind in ("kml", "kmz") and len(filled) > 1:
        # Folders of a KML are a way of ordering, not other tables.
        rows = [row for layer in filled for row in layer.rows]
        for number, row in enumerate(rows, start=1):
            row.row = number
        filled = [RawLayer(filled[0].name, rows, filled[0].crs, filled[0].crs_evidence)]
    reading.layers = tuple((layer.name, layer.polygon_count) for layer in filled)
    layer = next((one for one in filled if one.name == options.layer), None)
    questions: list[str] = []
    if layer is None:
        layer = max(filled, key=lambda one: one.polygon_count)
        if sum(one.polygon_count > 0 for one in filled) > 1:
            questions.append("layer")
            reading.messages += (Message("read.several_layers", {"layer": layer.name[:60]}),)
    if options.parcel:
        layer = _only_parcel(filled, options.parcel)
        questions.clear()
    reading.layer = layer.name
    reading.messages += tuple(layer.remarks)
    _bound_vertices(layer)

    found = find_system(
        [row.geometry for row in layer.rows if row.geometry is not None],
        layer.crs,
        layer.crs_evidence,
        assumed="EPSG:4326" if reading.kind in ("json", "kml", "kmz") else None,
    )
    reading.system = options.system or found.code
    reading.system_certain = found.certain or options.system is not None
    reading.system_evidence = found.evidence
    if options.system:
        chosen = Message("read.crs.chosen", {"name": system_name(options.system)})
        reading.system_evidence = (*found.evidence, chosen)
    reading.system_candidates = found.candidates
    if not reading.system_certain:
        questions.append("system")
    tell(0.5)

    headers = _headers(layer)
    reading.headers = {header: _example(layer, header) for header in headers}
    matched = _without_mistakes(match_columns(headers, options.remembered), layer, options)
    for header, column in options.columns.items():
        if header in matched and (column in PLOT_COLUMNS or column == ""):
            if column:
                matched.update({h: "" for h, c in matched.items() if c == column})
            matched[header] = column
    reading.columns = matched

    cells = [_read_cells(row, matched, reading.file_name, options) for row in layer.rows]
    if any(told.key == "read.class.yes" for _, remarks, _ in cells for told in remarks):
        questions.append("class")
    _mend_all(reading, layer, cells, options, questions, tell)
    reading.questions = tuple(dict.fromkeys(questions))
    tell(1.0)


def _only_parcel(layers: list[RawLayer], wanted: str) -> RawLayer:
    number = parse_cadastral_number(wanted)
    for layer in layers:
        rows = [row for row in layer.rows if number_of_row(row.values) == number]
        if rows:
            for row in rows:
                row.values = {"naam": str(number), "kadastraal nummer": str(number)}
            return RawLayer(layer.name, rows, layer.crs, layer.crs_evidence)
    raise ReadingError(Message("lookup.not_in_file", {"number": str(number)}))


def _bound_vertices(layer: RawLayer) -> None:
    total = sum(
        int(shapely.count_coordinates(row.geometry))
        for row in layer.rows
        if row.geometry is not None
    )
    if total > bounds.MAX_VERTICES:
        raise ReadingError(Message("read.too_many_vertices", {"limit": bounds.MAX_VERTICES}))


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
        if normalised(header) not in AMBIGUOUS or normalised(header) in options.remembered:
            continue
        if not column:
            continue
        cells = [row.values.get(header) for row in layer.rows[:200]]
        filled = [cell for cell in cells if not is_unknown(cell)][:50]
        if filled and all(read_cell(column, header, cell)[0] is None for cell in filled):
            matched[header] = ""
    return matched


def _read_cells(
    row: RawRow, columns: dict[str, str], file_name: str, options: ReadOptions
) -> tuple[dict[str, Any], list[Message], dict[str, str]]:
    values: dict[str, Any] = {}
    remarks: list[Message] = []
    kept: list[str] = []
    origin: dict[str, str] = {}
    for header, column in columns.items():
        if not column or header not in row.values:
            continue
        cell = row.values[header]
        if isinstance(cell, dict | list):
            cell = str(cell)[: bounds.MAX_TEXT]
        value, remark, rest = read_cell(column, header, cell, yes_is_public=options.yes_is_public)
        if remark:
            remarks.append(remark)
        if rest:
            kept.append(rest[:300])
        if value is not None:
            values[column] = value
            origin[column] = f"{file_name[:120]}, {row.row}: {header[:60]}"
    _raise_class(row, columns, values, remarks)
    if kept:
        # What has no place in a column is kept in words, so that nothing is lost.
        values["remarks"] = "; ".join(
            [*([values["remarks"]] if values.get("remarks") else []), *kept]
        )
        values["remarks"] = values["remarks"][: bounds.MAX_TEXT]
        origin.setdefault("remarks", f"{file_name[:120]}, {row.row}")
    origin["geometry"] = f"{file_name[:120]}, {row.row}"
    return values, remarks, origin


def _raise_class(
    row: RawRow, columns: dict[str, str], values: dict[str, Any], remarks: list[Message]
) -> None:
    """Make a plot confidential when any other cell of its row speaks of secrecy."""
    if values.get("confidentiality") in (None, "vertrouwelijk"):
        return
    for header, cell in row.values.items():
        if columns.get(header) == "confidentiality" or is_unknown(cell):
            continue
        second = is_class_header(header) and words.class_of(header, cell)[0]
        if words.says_secret(cell) or (second and second != values["confidentiality"]):
            said = {"header": header[:60], "value": str(cell)[:80]}
            remarks.append(Message("read.class.elsewhere", said))
            values["confidentiality"] = "vertrouwelijk"
            return


def _mend_all(
    reading: Reading,
    layer: RawLayer,
    cells: list[tuple[dict[str, Any], list[Message], dict[str, str]]],
    options: ReadOptions,
    questions: list[str],
    tell: Progress,
) -> None:
    with_shape = [p for p, row in enumerate(layer.rows) if row.geometry is not None]
    placed = to_rd_from(
        gpd.GeoSeries([layer.rows[p].geometry for p in with_shape], index=with_shape),
        reading.system,
    )
    refused: dict[int, Message] = {
        p: row.refused for p, row in enumerate(layer.rows) if row.refused is not None
    }
    remarks: list[list[Message]] = [
        [*row.remarks, *told[1]] for row, told in zip(layer.rows, cells, strict=True)
    ]
    polygons: dict[int, shapely.Geometry] = {}
    dimensionless = 0
    for count, (p, shape) in enumerate(placed.items()):
        if count % 500 == 0:
            tell(0.5 + 0.3 * count / max(len(placed), 1))
        mended = _mend(shape, cells[p][0].get("stated_area_m2"), options)
        remarks[p] += mended.remarks
        if mended.refused is not None:
            refused[p] = mended.refused
            dimensionless += mended.refused.key in ("read.row.is_point", "read.row.is_line")
            continue
        if mended.polygon is None:
            continue
        polygons[p] = mended.polygon
        if mended.mended:
            reading.before[layer.rows[p].row] = shape
    if dimensionless:
        questions.append("points")
    order = list(polygons)
    shapes = gpd.GeoSeries(list(polygons.values()), index=order, crs=RD)
    where, at_place, outside = look_at_place(shapes)
    stated = [float(cells[p][0].get("stated_area_m2") or math.nan) for p in order]
    at_size = look_at_size(shapes, stated)
    tell(0.9)
    twins = _twins(shapes)
    asked: set[int] = set()
    kept = []
    for place, p in enumerate(order):
        remarks[p] += [*at_place[place], *at_size[place]]
        if place in twins:
            remarks[p].append(Message("read.twin", {"row": layer.rows[order[twins[place]]].row}))
        if outside[place]:
            if options.take_outside is False:
                refused[p] = Message("read.place.left_out")
                remarks[p] = []
                continue
            if options.take_outside is None:
                asked.add(p)
        kept.append((place, p))
    if asked:
        questions.append("outside")
    _fill(reading, layer, cells, shapes, where, kept)
    reports = []
    for p, row in enumerate(layer.rows):
        name = cells[p][0].get("name")
        if p in refused:
            reports.append(RowReport(row.row, name, Outcome.REFUSED, (refused[p],)))
        elif p in asked:
            reports.append(RowReport(row.row, name, Outcome.QUESTION, tuple(remarks[p])))
        else:
            outcome = Outcome.REMARKS if remarks[p] else Outcome.TAKEN
            reports.append(RowReport(row.row, name, outcome, tuple(remarks[p])))
    reading.rows = tuple(reports)
    if not kept:
        # one reason for all is the reason of the file
        keys = {message.key: message for message in refused.values()}
        only = next(iter(keys.values())) if len(keys) == 1 else None
        reading.refused = Message("read.no_plots_because", {"reason": only}) if only else Message(
            "read.no_plots"
        )  # fmt: skip


def _mend(shape: shapely.Geometry | None, stated_m2: float | None, options: ReadOptions) -> Mended:
    radius = options.buffer_m
    if options.buffer_to_stated and stated_m2 and int(shapely.get_dimensions(shape)) == 0:
        radius = math.sqrt(stated_m2 / math.pi)
    return flat_area(shape, radius)


def _twins(shapes: gpd.GeoSeries) -> dict[int, int]:
    """Give for plots that are nearly the same as an earlier one of the file the earlier one."""
    found: dict[int, int] = {}
    for place, pairs in enumerate(overlapping(shapes, shapes)):
        earlier = [other for other, _ in pairs if other < place]
        if earlier:
            found[place] = earlier[0]
    return found


def _fill(
    reading: Reading,
    layer: RawLayer,
    cells: list[tuple[dict[str, Any], list[Message], dict[str, str]]],
    shapes: gpd.GeoSeries,
    where: pd.DataFrame,
    kept: list[tuple[int, int]],
) -> None:
    index = pd.Index([uuid.uuid4().hex[:12] for _ in kept], name="plot_id", dtype=object)
    values = [cells[p][0] for _, p in kept]
    columns = {
        name: pd.Series([v.get(name) for v in values], index=index, dtype=object)
        for name in PLOT_COLUMNS
    }
    geometry = shapes.to_numpy()[[place for place, _ in kept]] if kept else []
    table = gpd.GeoDataFrame(
        columns, geometry=gpd.array.from_shapely(np.asarray(geometry)), index=index, crs=RD
    )
    plots = with_plot_columns(table)
    if "object_kind" not in reading.columns.values():
        # where the file does not say what a plot is, a floor area tells a building
        plots.loc[plots["gfa_m2"].gt(0), "object_kind"] = "gebouw"
    places = [place for place, _ in kept]
    for name in ("municipality_code", "municipality_certain", "municipality_share"):
        plots[name] = where[name].to_numpy()[places]
    plots["provenance"] = [cells[p][2] for _, p in kept]
    plots["row"] = [layer.rows[p].row for _, p in kept]
    reading.plots = plots
