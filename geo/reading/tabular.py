"""Make layers of tables: rows by header, with their place where one can be found."""

from __future__ import annotations

from typing import Any

from geo.reading import bounds
from geo.reading.lists import is_row_of_list, names_places
from geo.reading.places import (
    PlaceColumns,
    filled,
    find_place,
    join_corners,
    read_places,
)
from geo.reading.raw import STRUCK, RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.sheet_marks import Sheet
from messages import Message


def sheet_layers(sheets: list[tuple[str, Sheet]], options: ReadOptions) -> list[RawLayer]:
    """Give a layer for each sheet that holds a table.

    Raises:
        ReadingError: none of them does.
    """
    layers: list[RawLayer] = []
    notes: list[str] = []
    left: list[Message] = []
    last: ReadingError | None = None
    for name, sheet in sheets:
        try:
            layers.append(table_layer(name, sheet, options))
        except ReadingError as problem:
            last = problem
            texts = [str(c)[:300] for _, row in sheet.rows[:200] for c in row if filled(c)]
            notes += texts
            if texts:
                said = {"part": name[:80], "reason": problem.message}
                left.append(Message("read.sheet.left", said))
    if not layers:
        raise last or ReadingError(Message("read.empty_file"))
    layers[0].remarks += left
    for layer in layers:
        layer.notes += notes
    return layers


def table_layer(name: str, sheet: Sheet, options: ReadOptions) -> RawLayer:
    """Make a layer of the rows of a sheet: headers, values by header, and places where they are.

    Raises:
        ReadingError: there is nothing in it, or too much.
    """
    used = [(n, cells) for n, cells in sheet.rows if any(map(filled, cells))]
    if not used:
        raise ReadingError(Message("read.empty_file"))
    head, columns = find_place([cells for _, cells in used], options.place)
    if columns is None and head == 0 and is_row_of_list(used[0][1]):
        head = -1
    body = used[head + 1 :]
    if len(body) > bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(body), "limit": bounds.MAX_FEATURES})
        )
    if not body:
        raise ReadingError(Message("read.only_header"))
    widest = max(len(cells) for _, cells in used)
    headers = _headers(used[head][1] if head >= 0 else [None] * widest)
    shown = set(columns.places) if columns else set()
    rows = [RawRow(n, None, _values(cells, headers, shown)) for n, cells in body]
    layer = RawLayer(name, rows, remarks=list(sheet.remarks), hidden=sheet.hidden)
    layer.notes = [str(c)[:300] for _, cells in used[: max(head, 0)] for c in cells if filled(c)]
    layer.notes += sheet.notes
    _tell_marks(rows, sheet)
    if head < 0:
        layer.remarks.append(Message("read.no_header"))
    if columns:
        own = [h for p, h in enumerate(headers) if p not in shown]
        _find_places(layer, [cells for _, cells in body], columns, own, options)
        _tell_formulas(layer, sheet)
    elif not names_places(headers, [row.values for row in rows]):
        layer.questions.append("place")
    return layer


def _tell_marks(rows: list[RawRow], sheet: Sheet) -> None:
    for row in rows:
        if row.row in sheet.hidden_rows:
            row.remarks.append(Message("read.row.hidden"))
        if row.row in sheet.struck_rows:
            row.remarks.append(Message(STRUCK))


def _find_places(
    layer: RawLayer,
    cells: list[list[Any]],
    columns: PlaceColumns,
    headers: list[str],
    options: ReadOptions,
) -> None:
    told, asked, crs = read_places(layer.rows, cells, columns, options.kilometres)
    layer.remarks += told
    layer.questions += asked
    if crs:
        layer.crs, layer.crs_evidence = crs, Message("read.crs.declared")
    layer.rows = join_corners(layer.rows, headers)


def _tell_formulas(layer: RawLayer, sheet: Sheet) -> None:
    for row in layer.rows:
        if row.geometry is None and row.row in sheet.formulas:
            row.refused = Message("read.row.formula")


def _headers(cells: list[Any]) -> list[str]:
    """Give each column a name of its own: a second of one name gets a number."""
    headers: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(str(cell).split())[:200] if filled(cell) else f"kolom {place}"
        count = sum(own == name or own.startswith(f"{name} (") for own in headers)
        headers.append(f"{name} ({count + 1})" if name in headers else name)
    return headers


def _values(cells: list[Any], headers: list[str], shown: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        if place in shown:
            continue
        header = headers[place] if place < len(headers) else f"kolom {place + 1}"
        values[header] = cell[: bounds.MAX_TEXT] if isinstance(cell, str) else cell
    return values
