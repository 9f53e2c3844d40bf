"""Have GDAL read a file, with nothing of it that reaches elsewhere."""

from __future__ import annotations

import contextlib
import struct
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

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


def read_layers(
    path: Path, *, tables_too: bool = True, encoding: str = "", lines: bool = False
) -> list[RawLayer]:
    """Read every layer.

    Args:
        path: of the file, or the folder of a geodatabase.
        tables_too: whether layers without geometry are read as well.
        encoding: of its texts, where GDAL does not know.
        lines: whether lines are wanted as such: of a layer of lines there may be more, and what is
            written of each is not read.

    Raises:
        ReadingError: GDAL cannot open it, or it holds no layer.
    """
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    with told():
        layers = pyogrio.list_layers(path)
    found = [
        _layer(path, str(name), options, lines=lines and "LineString" in str(kind))
        for name, kind in layers[:50]
        if tables_too or kind is not None
    ]
    if not found:
        raise ReadingError(Message("read.no_layer"))
    return found


def own_copy(path: Path, folder: Path, suffix: str, companions: Sequence[str] = ()) -> Path:
    """Copy a file, with those that belong to it, into a folder of its own under a plain name.

    GDAL writes beside what it reads (.gfs, -wal), and goes by the suffix.
    """
    own = Path(tempfile.mkdtemp(dir=folder))
    copy = own / f"file{suffix}"
    copy.write_bytes(path.read_bytes())
    for part in path.parent.iterdir() if companions else ():
        kind = part.suffix.lower()
        if part.stem.lower() == path.stem.lower() and kind in companions:
            (own / f"file{kind}").write_bytes(part.read_bytes())
    return copy


def named_after(layers: list[RawLayer], path: Path) -> list[RawLayer]:
    """Call a layer that GDAL named after a copy as the file is called."""
    for layer in layers:
        if layer.name == "file":
            layer.name = path.stem
    return layers


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Say of what GDAL cannot read that the file is broken.

    Raises:
        ReadingError: it is.
    """
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


def _layer(path: Path, name: str, options: dict[str, Any], *, lines: bool) -> RawLayer:
    most = bounds.most_features(lines=lines)
    with told():
        info = pyogrio.read_info(path, layer=name)
        count = int(info["features"])
        if count > most:
            raise ReadingError(Message("read.too_many", {"count": count, "limit": most}))
        meta, _, shapes, columns = pyogrio.raw.read(
            path,
            layer=name,
            max_features=most,
            columns=[] if lines else list(info["fields"])[: bounds.MAX_COLUMNS],
            datetime_as_string=True,
            **options,
        )
    fields = [str(field) for field in meta["fields"]]
    rows = []
    total = len(shapes) if shapes is not None else len(columns[0]) if columns else 0
    for place in range(total):
        values = {
            field: plain_value(column[place]) for field, column in zip(fields, columns, strict=True)
        }
        rows.append(row_of(place + 1, None if shapes is None else shapes[place], values))
    declared = meta["crs"] if isinstance(meta["crs"], str) and meta["crs"] else None
    if declared and ("Undefined" in declared or "unknown" in declared.lower()[:40]):
        declared = None
    evidence = Message("read.crs.declared") if declared else None
    return RawLayer(name, rows, declared, evidence)


def row_of(number: int, wkb: bytes | None, values: dict[str, Any]) -> RawRow:
    """Make a row of a shape as GDAL gives it (WKB)."""
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
        solid = len(wkb) > 5 and _kind_of(wkb) in _SOLIDS
        row.refused = Message("read.row.multipatch" if solid else "read.row.bad_geometry")
    return row


_SOLIDS = (15, 16, 17)  # polyhedral surface, TIN, triangle (OGC 06-103r4, table 7)


def _kind_of(wkb: bytes) -> int:
    """Give the number of the kind of a shape, without what says that it has heights."""
    number = int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big") & 0x0FFFFFFF
    return number % 1000


def plain_value(value: Any) -> Any:
    """Give the value of a cell as plain Python has it, a text no longer than is kept."""
    if isinstance(value, np.generic):
        value = None if isinstance(value, np.datetime64) and np.isnat(value) else value.item()
    if isinstance(value, bytes):
        return None
    if isinstance(value, float) and np.isnan(value):
        return None
    if isinstance(value, str):
        return value[: bounds.MAX_TEXT]
    return value
