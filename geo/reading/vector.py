"""Read what GDAL reads: GeoPackage, shapefile, KML, GML and FlatGeobuf; and GeoParquet, DXF."""

from __future__ import annotations

import contextlib
import io
import struct
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import defusedxml
import defusedxml.ElementTree
import numpy as np
import pyogrio
import shapely

from geo.reading import bounds
from geo.reading.raw import RawLayer, RawRow, ReadingError
from messages import Message

pyogrio.set_gdal_config_options(
    {
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "GML_SKIP_RESOLVE_ELEMS": "ALL",
        "GML_ATTRIBUTES_TO_OGR_FIELDS": "NO",
        "GML_SAVE_RESOLVED_TO": "",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "SHAPE_RESTORE_SHX": "YES",
        "CPL_CURL_ENABLE_VSIMEM": "NO",
        "KML_RESOLVE_LINKS": "NO",
        "LIBKML_RESOLVE_STYLE": "NO",
    }
)


def read_vector(path: Path, *, shapefile: bool = False) -> list[RawLayer]:
    """Read every layer with geometry.

    Raises:
        ReadingError: GDAL cannot open it, or it holds no layer with geometry.
    """
    remarks: list[Message] = []
    options: dict[str, Any] = {}
    if shapefile:
        remarks, options = _shapefile_state(path)
    with _told():
        layers = pyogrio.list_layers(path)
    found: list[RawLayer] = []
    for name, kind in layers[:50]:
        if kind is None and not shapefile and path.suffix.lower() in (".gpkg",):
            continue
        layer = _layer(path, str(name), options)
        layer.remarks += remarks
        found.append(layer)
    if not found:
        raise ReadingError(Message("read.no_layer"))
    return found


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError, pyogrio.errors.FieldError, pyogrio.errors.GeometryError,
        pyogrio.errors.CRSError, UnicodeDecodeError, ValueError, RuntimeError, OSError,
    ) as problem:  # fmt: skip
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.broken")) from problem


def _layer(path: Path, name: str, options: dict[str, Any]) -> RawLayer:
    with _told():
        info = pyogrio.read_info(path, layer=name)
        count = int(info["features"])
        if count > bounds.MAX_FEATURES:
            raise ReadingError(
                Message("read.too_many", {"count": count, "limit": bounds.MAX_FEATURES})
            )
        meta, _, shapes, columns = pyogrio.raw.read(
            path,
            layer=name,
            max_features=bounds.MAX_FEATURES,
            columns=list(info["fields"])[: bounds.MAX_COLUMNS],
            datetime_as_string=True,
            **options,
        )
    fields = [str(field) for field in meta["fields"]]
    rows = []
    total = len(shapes) if shapes is not None else len(columns[0]) if columns else 0
    for place in range(total):
        values = {
            field: _plain(column[place]) for field, column in zip(fields, columns, strict=True)
        }
        rows.append(_row(place + 1, None if shapes is None else shapes[place], values))
    declared = meta["crs"] if isinstance(meta["crs"], str) and meta["crs"] else None
    if declared and ("Undefined" in declared or "unknown" in declared.lower()[:40]):
        declared = None
    evidence = Message("read.crs.declared") if declared else None
    return RawLayer(name, rows, declared, evidence)


def _row(number: int, wkb: bytes | None, values: dict[str, Any]) -> RawRow:
    row = RawRow(number, None, values)
    if wkb is None:
        row.refused = Message("read.row.no_geometry")
        return row
    try:
        # A ring that is not closed is closed; GEOS refuses it otherwise.
        row.geometry = shapely.from_wkb(wkb, on_invalid="fix")
    except (shapely.errors.GEOSException, NotImplementedError, struct.error, TypeError):
        row.geometry = None
    if row.geometry is None:
        row.refused = Message("read.row.bad_geometry")
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = None if isinstance(value, np.datetime64) and np.isnat(value) else value.item()
    if isinstance(value, bytes):
        return None
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, str):
        return value[: bounds.MAX_TEXT]
    return value


def _shapefile_state(path: Path) -> tuple[list[Message], dict[str, Any]]:
    remarks: list[Message] = []
    options: dict[str, Any] = {}
    beside = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem}
    if ".dbf" not in beside:
        remarks.append(Message("read.shape_no_dbf"))
    elif ".cpg" not in beside:
        # GDAL then reads the code page from the dbf, which often says nothing: it takes Latin 1,
        # while files of today are UTF-8.
        text = beside[".dbf"].read_bytes()[:2_000_000]
        try:
            text.decode("ascii")
        except UnicodeDecodeError:
            try:
                text[32:].decode("utf-8")
                options["encoding"] = "UTF-8"
            except UnicodeDecodeError:
                options["encoding"] = "CP1252"
    return remarks, options


# --- GML -----------------------------------------------------------------------------------------

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


def read_gml(path: Path, folder: Path) -> list[RawLayer]:
    """Read GML: of each feature its area, also where a label point stands before it.

    GDAL takes one geometry of a feature, in the Kadaster's files at times the label point. So the
    file is rewritten to hold only the geometry that is meant, and that is given to GDAL, which
    knows arcs and the order of axes.
    """
    try:
        root = defusedxml.ElementTree.parse(path).getroot()
    except (
        ElementTree.ParseError, defusedxml.DefusedXmlException, RecursionError, ValueError,
        LookupError,
    ) as e:  # fmt: skip
        raise ReadingError(Message("read.xml_broken", {"reason": str(e)[:120]})) from e
    if sum(1 for _ in root.iter()) > 3_000_000:
        raise ReadingError(Message("read.too_large"))
    members = list(_gml_features(root))
    if not members and any(_local(e) in ("LineString", "Curve", "LinearRing") for e in root.iter()):
        raise ReadingError(Message("read.only_lines"))
    if not members:
        raise ReadingError(Message("read.no_layer"))
    if len(members) > bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(members), "limit": bounds.MAX_FEATURES})
        )
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
    import re

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
        with _told():
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
            for name in layers:
                _, _, shapes, columns = pyogrio.raw.read(path, layer=name, columns=["place"])
                for shape, place in zip(shapes, columns[0], strict=True):
                    row = _row(int(place) + 1, shape, {})
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


# --- GeoParquet and DXF --------------------------------------------------------------------------


def read_parquet(path: Path) -> list[RawLayer]:
    """Read GeoParquet.

    Raises:
        ReadingError: it is broken, too large, or holds no geometry.
    """
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        meta = pq.read_metadata(path)
        if meta.num_rows > bounds.MAX_FEATURES:
            raise ReadingError(
                Message("read.too_many", {"count": meta.num_rows, "limit": bounds.MAX_FEATURES})
            )
        size = sum(
            meta.row_group(g).total_byte_size for g in range(min(meta.num_row_groups, 10_000))
        )
        if size > bounds.MAX_UNPACKED_BYTES or meta.num_columns > bounds.MAX_COLUMNS:
            raise ReadingError(Message("read.too_large"))
        table = gpd.read_parquet(path)
    except (pa.ArrowException, ValueError, OSError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.parquet")) from problem
    rows = []
    others = [str(c) for c in table.columns if c != table.geometry.name]
    for place, (shape, values) in enumerate(
        zip(table.geometry, table[others].to_dict("records"), strict=True), start=1
    ):
        row = RawRow(place, shape, {str(k): _plain(v) for k, v in values.items()})
        if shape is None:
            row.refused = Message("read.row.no_geometry")
        rows.append(row)
    crs = table.crs.to_string() if table.crs is not None else None
    return [RawLayer(path.stem, rows, crs, Message("read.crs.declared") if crs else None)]


def read_dxf(path: Path) -> list[RawLayer]:
    """Read a DXF drawing: closed lines become areas; what is not closed is named and refused."""
    import ezdxf
    import ezdxf.lldxf.const
    import ezdxf.path
    import ezdxf.recover

    try:
        drawing, _ = ezdxf.recover.readfile(path)
    except (
        OSError,
        ezdxf.lldxf.const.DXFError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
    ) as problem:
        raise ReadingError(Message("read.dxf_broken")) from problem
    rows: list[RawRow] = []
    space = drawing.modelspace()
    if len(space) > 10 * bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(space), "limit": bounds.MAX_FEATURES})
        )
    for entity in space:
        kind = entity.dxftype()
        values = {"layer": str(entity.dxf.get("layer", ""))}
        if kind not in (
            "LWPOLYLINE",
            "POLYLINE",
            "CIRCLE",
            "ELLIPSE",
            "SPLINE",
            "LINE",
            "POINT",
            "ARC",
        ):
            continue
        row = RawRow(len(rows) + 1, None, values)
        rows.append(row)
        if kind == "POINT":
            row.geometry = shapely.Point(entity.dxf.location.x, entity.dxf.location.y)
            continue
        try:
            outline = ezdxf.path.make_path(entity)
            line = [(v.x, v.y) for v in outline.flattening(0.05)]
        except (
            ValueError,
            TypeError,
            ezdxf.lldxf.const.DXFError,
            ZeroDivisionError,
            AttributeError,
        ):
            row.refused = Message("read.row.bad_geometry")
            continue
        if len(line) < 2:
            row.refused = Message("read.row.no_geometry")
        elif len(line) >= 4 and (outline.is_closed or getattr(entity, "is_closed", False)):
            row.geometry = shapely.Polygon(line)
        else:
            row.geometry = shapely.LineString(line)
    if not rows:
        raise ReadingError(Message("read.dxf_nothing"))
    return [RawLayer(path.stem, rows)]
