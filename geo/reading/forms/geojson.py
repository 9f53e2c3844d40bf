"""Read GeoJSON feature by feature, so that one that is wrong does not take the others along.

Own reading, as GDAL gives a whole file up for one wrong coordinate.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely
from charset_normalizer import from_bytes

from geo.reading import bounds
from geo.reading.form import BY_NAME, LAST, Form, Head
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from messages import Message


class _RowError(ValueError):
    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.message = Message(key, values)


def read_geojson(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read GeoJSON, also with features line by line.

    Raises:
        ReadingError: it is no JSON, or no GeoJSON.
    """
    text = _text(path)
    most = bounds.most_features(lines=options.lines)
    try:
        content = _parsed(text)
    except json.JSONDecodeError as problem:
        lines = _line_delimited(text)
        if lines is None:
            raise ReadingError(
                Message("read.json_broken", {"line": problem.lineno, "column": problem.colno})
            ) from problem
        return [_layer(path.stem, lines, [], most)]
    layer = _layer(path.stem, *_features(content), most)
    layer.crs, layer.crs_evidence = _declared_crs(content)
    return [layer]


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        return data.decode(best.encoding if best else "cp1252", errors="replace")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as problem:
        raise ReadingError(Message("read.too_deep")) from problem


def _line_delimited(text: str) -> list[tuple[int, Any]] | None:
    """Read features that stand on a line each, also with record separators (RFC 8142)."""
    found: list[tuple[int, Any]] = []
    good = 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip().lstrip("\x1e").rstrip(",")
        if not stripped:
            continue
        try:
            content = _parsed(stripped)
        except json.JSONDecodeError:
            content = None
        good += isinstance(content, dict) and "type" in content
        found.append((number, content))
    return found if good >= 1 and good * 2 >= len(found) else None


def _declared_crs(content: Any) -> tuple[str | None, Message | None]:
    crs = content.get("crs") if isinstance(content, dict) else None
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) and isinstance(
        crs.get("properties"), dict
    ) else None  # fmt: skip
    if not isinstance(name, str):
        return None, None
    if "CRS84" in name.upper():
        return "OGC:CRS84", Message("read.crs.member", {"name": "WGS84"})
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d{4,6})", name, re.I)
    if not found:
        return None, None
    code = f"EPSG:{found.group(1)}"
    return code, Message("read.crs.member", {"name": code})


def _features(content: Any) -> tuple[list[tuple[int, Any]], list[Message]]:
    remarks: list[Message] = []
    if isinstance(content, list):
        return list(enumerate(content, start=1)), remarks
    if not isinstance(content, dict):
        raise ReadingError(Message("read.no_geojson"))
    kind = content.get("type")
    if kind == "Topology":
        raise ReadingError(Message("read.topojson"))
    features = content.get("features")
    if isinstance(features, list):
        if kind != "FeatureCollection":
            remarks.append(Message("read.json_type"))
        return list(enumerate(features, start=1)), remarks
    if str(kind).lower() == "featurecollection" if isinstance(kind, str) else False:
        raise ReadingError(Message("read.no_features_member"))
    if isinstance(kind, str) and ("geometry" in content or kind.lower() in _SHAPES):
        return [(1, content)], remarks
    raise ReadingError(Message("read.no_geojson"))


def _layer(name: str, found: list[tuple[int, Any]], remarks: list[Message], most: int) -> RawLayer:
    if len(found) > most:
        raise ReadingError(Message("read.too_many", {"count": len(found), "limit": most}))
    return RawLayer(name, [_row(number, feature) for number, feature in found], None, None, remarks)


def _row(number: int, feature: Any) -> RawRow:
    if not isinstance(feature, dict):
        return RawRow(number, None, {}, refused=Message("read.row.no_feature"))
    properties = feature.get("properties")
    values = dict(list(properties.items())[: bounds.MAX_COLUMNS]) if isinstance(
        properties, dict
    ) else {}  # fmt: skip
    if "id" in feature and isinstance(feature["id"], str | int) and "id" not in values:
        values["id"] = feature["id"]
    row = RawRow(number, None, values)
    is_geometry = isinstance(feature.get("type"), str) and feature["type"].lower() in _SHAPES
    geometry = feature if is_geometry and "geometry" not in feature else feature.get("geometry")
    if geometry is None:
        row.refused = Message("read.row.no_geometry")
        return row
    try:
        row.geometry = _geometry(geometry, row.remarks, 0)
    except _RowError as problem:
        row.refused = problem.message
    except shapely.errors.GEOSException:
        row.refused = Message("read.row.bad_geometry")
    return row


def _geometry(value: Any, remarks: list[Message], depth: int) -> shapely.Geometry:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise _RowError("read.row.no_type")
    if depth > 5:
        raise _RowError("read.row.too_deep")
    kind = value["type"].lower()
    if kind == "geometrycollection":
        parts = value.get("geometries")
        if not isinstance(parts, list):
            raise _RowError("read.row.bad_geometry")
        return shapely.GeometryCollection([_geometry(part, remarks, depth + 1) for part in parts])
    builder = _BUILDERS_LOWER.get(kind)
    if builder is None:
        raise _RowError("read.row.unknown_type", type=str(value["type"])[:40])
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        raise _RowError("read.row.bad_coordinates")
    return builder(coordinates, remarks)


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) < 2:
        raise _RowError("read.row.bad_coordinates")
    x, y = value[0], value[1]
    for number in value[:3]:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _RowError("read.row.bad_coordinates")
    try:
        at = float(x), float(y)
    except OverflowError as problem:
        raise _RowError("read.row.not_finite") from problem
    if not all(map(math.isfinite, at)):
        raise _RowError("read.row.not_finite")
    return at


def _positions(values: Any) -> list[tuple[float, float]]:
    if not isinstance(values, list):
        raise _RowError("read.row.bad_coordinates")
    if len(values) > bounds.MAX_VERTICES_PER_PLOT:
        raise _RowError("read.row.too_many_vertices", limit=bounds.MAX_VERTICES_PER_PLOT)
    return [_position(value) for value in values]


def _polygon(rings: Any, remarks: list[Message]) -> shapely.Polygon:
    if not isinstance(rings, list):
        raise _RowError("read.row.bad_coordinates")
    closed = []
    for ring in rings:
        line = _positions(ring)
        if not line:
            continue
        if line[0] != line[-1]:
            line.append(line[0])
            remarks.append(Message("read.row.ring_closed"))
        if len(line) < 4:
            raise _RowError("read.row.ring_short")
        closed.append(line)
    if not closed:
        return shapely.Polygon()
    return shapely.Polygon(closed[0], closed[1:])


def _many(
    builder: Callable[[Any, list[Message]], shapely.Geometry], kind: Any
) -> Callable[[Any, list[Message]], shapely.Geometry]:
    def build(values: Any, remarks: list[Message]) -> shapely.Geometry:
        if not isinstance(values, list):
            raise _RowError("read.row.bad_coordinates")
        result: shapely.Geometry = kind([builder(value, remarks) for value in values])
        return result

    return build


def _point(value: Any, remarks: list[Message]) -> shapely.Point:
    return shapely.Point() if value == [] else shapely.Point(_position(value))


def _line(value: Any, remarks: list[Message]) -> shapely.LineString:
    line = _positions(value)
    if len(line) < 2:
        raise _RowError("read.row.bad_coordinates")
    return shapely.LineString(line)


_BUILDERS_LOWER: dict[str, Callable[[Any, list[Message]], shapely.Geometry]] = {
    "point": _point,
    "multipoint": _many(_point, shapely.MultiPoint),
    "linestring": _line,
    "multilinestring": _many(_line, shapely.MultiLineString),
    "polygon": _polygon,
    "multipolygon": _many(_polygon, shapely.MultiPolygon),
}
_SHAPES = {*_BUILDERS_LOWER, "geometrycollection"}


def _is_json(head: Head) -> bool:
    return head.text.startswith(("{", "["))


_SUFFIXES = (".geojson", ".json", ".geojsonl")
FORMS = (
    Form("json", _is_json, read_geojson, suffixes=_SUFFIXES, assumed="EPSG:4326", order=BY_NAME),
    Form(
        "json",
        lambda head: head.suffix in _SUFFIXES,
        read_geojson,
        assumed="EPSG:4326",
        order=LAST - 2,
    ),
)
