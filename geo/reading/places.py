"""Find where in a table the place of its rows stands, and read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from geo.reading import bounds
from geo.reading.columns import GEOMETRY_HEADERS, column_of, normalised
from geo.reading.coordinates import (
    area_of,
    axis_of,
    corner_of,
    family_of,
    in_metres,
    may_hold_pairs,
    pair,
    possible,
    scale_of,
    shape_of_pairs,
)
from geo.reading.raw import RawRow
from geo.reading.values import coordinate
from messages import Message

Cells = Sequence[Any]
_SHAPE_HEADERS = frozenset(GEOMETRY_HEADERS["wkt"])
_CORNER_NUMBER = frozenset(GEOMETRY_HEADERS["corner_number"])
_WKT_START = re.compile(
    r"\s*(SRID=\d+;\s*)?(POINT|LINESTRING|POLYGON|MULTI|GEOMETRYCOLLECTION|CURVEPOLYGON|"
    r"CIRCULARSTRING|COMPOUNDCURVE)",
    re.I,
)
_WKB_START = re.compile(r"\s*0[01]0[0-9A-Fa-f]{8,}\s*$")
_GEOJSON_START = re.compile(r"\s*\{.*\"(type|coordinates)\"", re.S)
_HEAD_ROWS = 20
_BODY_ROWS = 30


@dataclass(frozen=True)
class PlaceColumns:
    """Which columns, by position, hold the place.

    Attributes:
        kind: ``shape`` (WKT, WKB or GeoJSON in a cell), ``xy``, ``pair`` (two coordinates or a
            link in a cell), ``corners`` (x and y of each corner in turn) or ``corner_pairs`` (both
            of a corner in each column).
        places: of the columns.
    """

    kind: str
    places: tuple[int, ...]


def filled(cell: Any) -> bool:
    """Say whether a cell has something in it."""
    return cell is not None and str(cell).strip() != ""


def is_shape(cell: Any) -> bool:
    """Say whether a cell begins as a shape in text does."""
    text = str(cell)[:200] if cell is not None else ""
    return bool(
        _WKT_START.match(text) or _WKB_START.match(str(cell)[:100]) or _GEOJSON_START.match(text)
    )


# --- finding -------------------------------------------------------------------------------------


def find_place(
    table: Sequence[Cells], pointed: Mapping[str, str]
) -> tuple[int, PlaceColumns | None]:
    """Find the row with headers, and the columns with the place.

    Args:
        table: rows that have something in them.
        pointed: columns that the user pointed at, as :class:`geo.reading.result.ReadOptions` says.

    Returns:
        The position of the row with headers (-1 when the first row is no header), and the
        columns; None when there are none.
    """
    heads = [[str(c).strip() if filled(c) else "" for c in row] for row in table[:_HEAD_ROWS]]
    finders = (_shapes_by_header, _corners, _axes, _pairs_by_header)
    if pointed:
        for place, head in enumerate(heads):
            found = _pointed(head, pointed)
            if found:
                return place, found
    for place, head in enumerate(heads):
        below = table[place + 1 : place + 1 + _BODY_ROWS]
        for find in finders:
            found = find(head, below)
            if found:
                return place, found
    head_at = _likely_head(heads)
    below = table[head_at + 1 : head_at + 1 + _BODY_ROWS]
    width = max((len(row) for row in table[: head_at + 1 + _BODY_ROWS]), default=0)
    names = heads[head_at] if heads else []
    boxed = {p for p, name in enumerate(names) if re.search(r"min|max", normalised(name))}
    free = [place for place in range(width) if place not in boxed]
    found = _by_content(free, below or table[:1])
    if found and head_at == 0 and _by_content(free, table[:1]) == found:
        return -1, found  # the first row is one of them
    return head_at, found


def _pointed(head: Sequence[str], pointed: Mapping[str, str]) -> PlaceColumns | None:
    at = {key: head.index(header) for key, header in pointed.items() if header in head}
    if "x" in at and "y" in at:
        return PlaceColumns("xy", (at["x"], at["y"]))
    return PlaceColumns("any", (at["place"],)) if "place" in at else None


def _below(below: Sequence[Cells], place: int) -> Iterator[Any]:
    return (row[place] for row in below if place < len(row) and filled(row[place]))


def _shapes_by_header(head: Sequence[str], below: Sequence[Cells]) -> PlaceColumns | None:
    for place, name in enumerate(head):
        if normalised(name) in _SHAPE_HEADERS:
            cells = list(_below(below, place))
            if not below or any(map(is_shape, cells)):
                return PlaceColumns("shape", (place,))
    return None


def _corners(head: Sequence[str], below: Sequence[Cells]) -> PlaceColumns | None:
    at: dict[tuple[str, int], int] = {}
    for place, name in enumerate(head):
        corner = corner_of(name)
        if corner:
            at.setdefault(corner, place)
    numbers = sorted({n for axis, n in at if axis == "x"} & {n for axis, n in at if axis == "y"})
    if len(numbers) < 3:
        return None
    return PlaceColumns("corners", tuple(at[axis, n] for n in numbers for axis in "xy"))


def _axes(head: Sequence[str], below: Sequence[Cells]) -> PlaceColumns | None:
    """Find an x and a y that belong together, those with most numbers first."""
    found: dict[str, list[int]] = {"x": [], "y": []}
    for place, name in enumerate(head):
        axis = axis_of(name)
        if axis:
            found[axis].append(place)
    best: tuple[float, PlaceColumns] | None = None
    for x in found["x"]:
        for y in found["y"]:
            cells = [[*_below(below, x)], [*_below(below, y)]]
            numbers = min(sum(coordinate(c) is not None for c in column) for column in cells)
            if not numbers and any(cells):
                continue  # words stand there
            kin = family_of(head[x]) == family_of(head[y])
            score = numbers + 0.5 * kin - 0.001 * x
            if best is None or score > best[0]:
                best = score, PlaceColumns("xy", (x, y))
    return best[1] if best else None


def _pairs_by_header(head: Sequence[str], below: Sequence[Cells]) -> PlaceColumns | None:
    for place, name in enumerate(head):
        if may_hold_pairs(name) and any(shape_of_pairs(c) for c in _below(below, place)):
            return PlaceColumns("pair", (place,))
    return None


def _by_content(places: Sequence[int], below: Sequence[Cells]) -> PlaceColumns | None:
    """Find the place by what stands in columns (by position) of which the headers do not tell."""
    for place in places:
        cells = list(_below(below, place))
        if cells and all(map(is_shape, cells)):
            return PlaceColumns("shape", (place,))
    with_pairs = [place for place in places if _holds_pairs(list(_below(below, place)))]
    if len(with_pairs) >= 3:
        return PlaceColumns("corner_pairs", tuple(with_pairs))
    if with_pairs:
        return PlaceColumns("pair", (with_pairs[0],))
    for place, after in zip(places, places[1:], strict=False):
        for x, y in ((place, after), (after, place)):
            if after == place + 1 and _are_coordinates(below, x, y):
                return PlaceColumns("xy", (x, y))
    return None


def _holds_pairs(cells: Sequence[Any]) -> bool:
    pairs = [at for cell in cells if (at := pair(cell)) is not None]
    return bool(pairs) and len(pairs) >= 0.8 * len(cells) and all(possible(*at) for at in pairs)


def _are_coordinates(below: Sequence[Cells], x: int, y: int) -> bool:
    """Say whether two columns without a telling header hold places in the Netherlands."""
    cells = [(row[x], row[y]) for row in below if max(x, y) < len(row)]
    pairs = [(coordinate(a), coordinate(b)) for a, b in cells if filled(a) or filled(b)]
    return bool(pairs) and all(
        a is not None
        and b is not None
        and possible(a, b)
        and (a > 1000 or (a != round(a, 2) and b != round(b, 2)))
        for a, b in pairs
    )


def _likely_head(heads: Sequence[Sequence[str]]) -> int:
    """Give the row that is likeliest the one with headers: most of it is recognised."""
    best, at = 0, 0
    for place, head in enumerate(heads):
        known = sum(column_of(name) is not None for name in head if name)
        if known > best:
            best, at = known, place
    if best:
        return at
    widest = max((sum(map(bool, head)) for head in heads), default=0)
    return next((p for p, head in enumerate(heads) if sum(map(bool, head)) == widest), 0)


# --- reading -------------------------------------------------------------------------------------


def read_places(
    rows: Sequence[RawRow],
    cells: Sequence[Cells],
    columns: PlaceColumns,
    kilometres: bool | None,
) -> tuple[list[Message], list[str], str | None]:
    """Read the place of each row into its ``geometry``, or say in ``refused`` why there is none.

    Args:
        rows: to be given their place.
        cells: of the same rows.
        columns: where it stands.
        kilometres: whether numbers that may be RD in kilometres are; None to ask.

    Returns:
        What is to be told of the table, questions, and the code of the system that all shapes
        name themselves (EWKT, EWKB), if they do.
    """
    srid: set[str] = set()
    for row, own in zip(rows, cells, strict=True):
        given = [own[place] if place < len(own) else None for place in columns.places]
        if columns.kind == "corners":
            _read_corners(row, given)
        elif columns.kind == "corner_pairs":
            _read_corner_pairs(row, given)
        elif not all(map(filled, given)):
            row.refused = Message("read.row.no_geometry")
        elif columns.kind == "xy":
            _read_xy(row, given)
        elif columns.kind == "pair" or (columns.kind == "any" and not is_shape(given[0])):
            _read_pair(row, given[0])
        else:
            srid.add(_read_shape(row, str(given[0]).strip()))
    told, asked = _scaled(rows, cells, columns, kilometres)
    return told, asked, f"EPSG:{srid.pop()}" if len(srid) == 1 and "" not in srid else None


def _read_xy(row: RawRow, given: Sequence[Any]) -> None:
    x, y = (coordinate(cell) for cell in given)
    if x is None or y is None:
        _refuse_number(row, given)
    else:
        row.geometry = shapely.Point(x, y)


def _read_pair(row: RawRow, cell: Any) -> None:
    row.geometry = shape_of_pairs(cell)
    if row.geometry is None:
        link = "://" in str(cell)
        if link:
            row.refused = Message("read.row.link", {"value": str(cell)[:60]})
        else:
            _refuse_number(row, [cell])


def _refuse_number(row: RawRow, given: Sequence[Any]) -> None:
    said = " / ".join(str(cell)[:40] for cell in given)
    row.refused = Message("read.row.bad_number", {"value": said})


def _read_corners(row: RawRow, given: Sequence[Any]) -> None:
    corners = []
    for x_cell, y_cell in zip(given[::2], given[1::2], strict=True):
        x, y = coordinate(x_cell), coordinate(y_cell)
        if x is not None and y is not None:
            corners.append((x, y))
        elif filled(x_cell) or filled(y_cell):
            _refuse_number(row, (x_cell, y_cell))
            return
    row.geometry = area_of(corners)
    if row.geometry is None:
        row.refused = Message("read.row.ring_short" if corners else "read.row.no_geometry")


def _read_corner_pairs(row: RawRow, given: Sequence[Any]) -> None:
    corners = [pair(cell) for cell in given if filled(cell)]
    known = [at for at in corners if at is not None]
    if len(known) < len(corners):
        _refuse_number(row, [cell for cell in given if filled(cell) and pair(cell) is None])
        return
    row.geometry = area_of(known)
    if row.geometry is None:
        row.refused = Message("read.row.ring_short" if known else "read.row.no_geometry")


def _read_shape(row: RawRow, text: str) -> str:
    """Read a shape in text; gives the number of the system that it names itself, "" for none."""
    named = re.match(r"SRID=(\d+);\s*", text, re.I)
    srid = named.group(1) if named else ""
    if named:
        text = text[named.end() :]
    try:
        if _WKB_START.match(text):
            row.geometry = shapely.from_wkb(text)
            found = shapely.get_srid(row.geometry)
            srid = str(found) if found else srid
        elif text.startswith("{"):
            row.geometry = shapely.from_geojson(text)
        else:
            row.geometry = shapely.from_wkt(text, on_invalid="raise")
    except NotImplementedError:
        row.refused = Message("read.row.curved")
    except shapely.errors.GEOSException:
        row.geometry = _mended_wkt(text)
        if row.geometry is None:
            row.refused = Message("read.row.bad_wkt", {"value": text[:60]})
        else:
            row.remarks.append(Message("read.row.ring_closed"))
    return srid


def _mended_wkt(text: str) -> shapely.Geometry | None:
    """Close the rings of a WKT polygon that are not, where that is all that is wrong."""
    if not re.match(r"(MULTI)?POLYGON", text, re.I) or len(text) > bounds.MAX_VERTICES * 20:
        return None

    def close(found: re.Match[str]) -> str:
        points = found.group(1).split(",")
        open_ = points[0].split() != points[-1].split()
        return "(" + ",".join([*points, points[0]] if open_ else points) + ")"

    try:
        return shapely.from_wkt(re.sub(r"\(([^()]+)\)", close, text))
    except (shapely.errors.GEOSException, NotImplementedError):
        return None


def _scaled(
    rows: Sequence[RawRow],
    cells: Sequence[Cells],
    columns: PlaceColumns,
    kilometres: bool | None,
) -> tuple[list[Message], list[str]]:
    """Bring numbers with points for thousands, or in kilometres, to metres."""
    if columns.kind == "shape":
        return [], []
    written = []
    for row, own in zip(rows, cells, strict=True):
        if row.geometry is None:
            continue
        numbers = shapely.get_coordinates(row.geometry)[0]
        given = [own[place] if place < len(own) else None for place in columns.places]
        if len(given) == 1:
            given = re.split(r"\s*[;/|]\s*|,?\s+", str(given[0]).strip())
        first, second = (*given, None, None)[:2]
        written.append((first, second, (float(numbers[0]), float(numbers[1]))))
    scale = scale_of(written)
    if not scale or (scale == "kilometres" and kilometres is False):
        return [], []
    for row in rows:
        if row.geometry is not None:
            row.geometry = shapely.transform(row.geometry, in_metres)
    asked = ["kilometres"] if scale == "kilometres" and kilometres is None else []
    return [Message(f"read.{scale}")], asked


# --- one row for each corner ---------------------------------------------------------------------


def join_corners(rows: list[RawRow], headers: Sequence[str]) -> list[RawRow]:
    """Make one row of the rows that are the corners of one plot.

    They are so when a column numbers the corners, and every name stands in three rows or more
    that follow on each other.
    """
    numbered = next((h for h in headers if normalised(h) in _CORNER_NUMBER), None)
    key = next((h for h in headers if column_of(h) in ("name", "cadastral_number")), None)
    if numbered is None or key is None or len(rows) < 3:
        return rows
    groups = _corner_groups(rows, key, numbered)
    if groups is None:
        return rows
    areas = [
        area_of([tuple(shapely.get_coordinates(row.geometry)[0]) for row in group])
        for group in groups
    ]
    if any(area is None for area in areas):
        return rows
    joined = []
    for group, area in zip(groups, areas, strict=True):
        values = _joined_values(group, numbered)
        lines = [row.row for row in group]
        first, last = min(lines), max(lines)
        said = {"count": len(group), "first": first, "last": last}
        told = [*group[0].remarks, Message("read.row.from_corners", said)]
        joined.append(RawRow(first, area, values, told))
    return joined


def _joined_values(group: Sequence[RawRow], numbered: str) -> dict[str, Any]:
    """Give what the rows of one plot say; where they differ all of it, so that none goes unseen."""
    values: dict[str, Any] = {}
    for header in dict.fromkeys(h for row in group for h in row.values if h != numbered):
        said = {str(v): v for row in group if filled(v := row.values.get(header))}
        values[header] = next(iter(said.values()), None) if len(said) < 2 else " / ".join(said)
    return values


def _corner_groups(rows: list[RawRow], key: str, numbered: str) -> list[list[RawRow]] | None:
    """Gather the corners of each plot, in the order of their numbers; None when one is no point.

    A name that is left out is that of the row above. A number that comes again begins another
    plot of the same name.
    """
    groups: dict[tuple[Any, int], dict[str, RawRow]] = {}
    times: dict[Any, int] = {}
    name: Any = None
    for row in rows:
        if not isinstance(row.geometry, shapely.Point):
            return None
        name = row.values.get(key) if filled(row.values.get(key)) else name
        corner = str(row.values.get(numbered) or "").strip().removesuffix(".0")
        before = groups.get((name, times.setdefault(name, 0)), {}).get(corner)
        if before is not None and row.geometry.equals(before.geometry):
            continue  # the first corner once more, to close
        if before is not None:
            times[name] += 1
        groups.setdefault((name, times[name]), {})[corner] = row
    return [
        [group[corner] for corner in sorted(group, key=lambda c: (len(c), c))]
        for group in groups.values()
    ]
