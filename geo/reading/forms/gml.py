"""Read GML."""

from __future__ import annotations

import io
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import shapely

from geo.reading import bounds
from geo.reading.form import BY_NAME, Form
from geo.reading.gdal import row_of, told
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.safe_xml import refuse_entities
from messages import Message

_AREAS = {
    "Polygon",
    "MultiPolygon",
    "Surface",
    "MultiSurface",
    "CompositeSurface",
    "PolyhedralSurface",
}
_OTHER = {
    "Point", "MultiPoint", "LineString", "Curve", "MultiCurve", "MultiLineString", "CompositeCurve",
}  # fmt: skip
_MEMBERS = {
    "featureMember", "featureMembers", "member", "cityObjectMember", "identificatie", "deelbestand",
}  # fmt: skip


def read_gml(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read GML: of each feature its area, also where a label point stands before it.

    GDAL takes one geometry of a feature, in the Kadaster's files at times the label point. So the
    file is rewritten to hold only the geometry that is meant, and that is given to GDAL, which
    knows arcs and the order of axes.
    """
    root = refuse_entities(path)
    if sum(1 for _ in root.iter()) > 3_000_000:
        raise ReadingError(Message("read.too_large"))
    members = list(_gml_features(root))
    if not members and any(_local(e) in ("LineString", "Curve", "LinearRing") for e in root.iter()):
        raise ReadingError(Message("read.only_lines"))
    if not members:
        raise ReadingError(Message("read.no_layer"))
    most = bounds.most_features(lines=options.lines)
    if len(members) > most:
        raise ReadingError(Message("read.too_many", {"count": len(members), "limit": most}))
    default = _srs_of(root.find("./{*}boundedBy/{*}Envelope"))
    chosen = [_gml_geometry(member) for member in members]
    crs = default
    for element in chosen:
        if element is not None:
            crs = _srs_of(element) or crs
    shapes = _gml_shapes(chosen, crs, folder)
    rows = []
    for place, (member, shape) in enumerate(zip(members, shapes, strict=True), start=1):
        row = RawRow(place, shape, _gml_values(member))
        if shape is None:
            row.refused = Message(
                "read.row.no_geometry" if chosen[place - 1] is None else "read.row.bad_geometry"
            )
        rows.append(row)
    code = _epsg(crs)
    evidence = Message("read.crs.declared") if code else None
    return [RawLayer(path.stem, rows, code, evidence)]


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _gml_features(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    members = [e for e in root.iter() if _local(e) in ("featureMember", "featureMembers", "member",
                                                       "cityObjectMember")]  # fmt: skip
    for member in members:
        if any(_local(part) in _AREAS | _OTHER for part in list(member)):
            continue
        for feature in member:
            # (a member of a geometry's own collection is no feature)
            if _local(feature) not in _AREAS | _OTHER:
                yield feature
    if not members:
        holders = [e for e in root.iter() if any(_local(c) in _AREAS for part in e for c in part)]
        seen: set[int] = set()
        for holder in holders:
            if id(holder) not in seen:
                seen.update(id(part) for part in holder.iter())
                yield holder


def _srs_of(element: ElementTree.Element | None) -> str | None:
    if element is None:
        return None
    for part in element.iter():
        if part.get("srsName"):
            return part.get("srsName")
    return None


def _epsg(srs: str | None) -> str | None:
    found = re.search(r"(\d{4,6})\s*$", srs or "")
    return f"EPSG:{found.group(1)}" if found else None


def _gml_geometry(feature: ElementTree.Element) -> ElementTree.Element | None:
    first_other = None
    for part in feature.iter():
        name = _local(part)
        if name in _AREAS:
            return part
        if name in _OTHER and first_other is None:
            first_other = part
    return first_other


def _gml_shapes(
    chosen: list[ElementTree.Element | None], srs: str | None, folder: Path
) -> list[shapely.Geometry | None]:
    body = io.StringIO()
    body.write('<FeatureCollection xmlns:gml="http://www.opengis.net/gml">')
    for place, element in enumerate(chosen):
        if element is None:
            continue
        if srs and not element.get("srsName"):
            element.set("srsName", srs)
        body.write(f"<gml:featureMember><F><place>{place}</place><shape>")
        body.write(ElementTree.tostring(element, encoding="unicode"))
        body.write("</shape></F></gml:featureMember>")
    body.write("</FeatureCollection>")
    result: list[shapely.Geometry | None] = [None] * len(chosen)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = Path(own) / "reduced.gml"
        path.write_text(body.getvalue(), encoding="utf-8")
        with told():
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
            for name in layers:
                _, _, shapes, columns = pyogrio.raw.read(path, layer=name, columns=["place"])
                for shape, place in zip(shapes, columns[0], strict=True):
                    row = row_of(int(place) + 1, shape, {})
                    result[int(place)] = row.geometry
    return result


def _gml_values(feature: ElementTree.Element) -> dict[str, Any]:
    values: dict[str, Any] = {}

    def walk(element: ElementTree.Element, depth: int) -> None:
        for part in element:
            name = _local(part)
            if name in _AREAS | _OTHER or len(values) >= bounds.MAX_COLUMNS or depth > 8:
                continue
            if len(part) == 0:
                text = (part.text or "").strip()
                if text and name not in values:
                    values[name] = text[: bounds.MAX_TEXT]
            else:
                walk(part, depth + 1)

    walk(feature, 0)
    return values


FORMS = (
    # any XML that is nothing else: files of the Kadaster have roots of many names
    Form("gml", lambda head: bool(head.root), read_gml, suffixes=(".gml", ".xml"), order=BY_NAME),
)
