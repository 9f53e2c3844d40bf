"""Read DXF drawings; name those of other programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import shapely

from geo.reading import bounds
from geo.reading.form import FIRST, Form, Head, refused
from geo.reading.forms.not_plots import has_stream
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from messages import Message

_LINES = ("LWPOLYLINE", "POLYLINE", "CIRCLE", "ELLIPSE", "SPLINE", "LINE", "ARC")
_FLATTENED_WITHIN_M = 0.05


def read_dxf(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read a DXF drawing: closed lines become areas; what is not closed is named and refused.

    Raises:
        ReadingError: it is broken, too large, or there is nothing in it.
    """
    import ezdxf
    import ezdxf.lldxf.const
    import ezdxf.recover

    try:
        drawing, _ = ezdxf.recover.readfile(path)
    except (
        OSError, ezdxf.lldxf.const.DXFError, ValueError, IndexError, KeyError, TypeError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.dxf_broken")) from problem
    space = drawing.modelspace()
    if len(space) > 10 * bounds.MAX_FEATURES:
        raise ReadingError(
            Message("read.too_many", {"count": len(space), "limit": bounds.MAX_FEATURES})
        )
    shown = [entity for entity in space if entity.dxftype() in (*_LINES, "POINT")]
    rows = [_row(number, entity) for number, entity in enumerate(shown, start=1)]
    if not rows:
        raise ReadingError(Message("read.dxf_nothing"))
    return [RawLayer(path.stem, rows)]


def _row(number: int, entity: Any) -> RawRow:
    import ezdxf.lldxf.const
    import ezdxf.path

    row = RawRow(number, None, {"layer": str(entity.dxf.get("layer", ""))})
    if entity.dxftype() == "POINT":
        row.geometry = shapely.Point(entity.dxf.location.x, entity.dxf.location.y)
        return row
    try:
        outline = ezdxf.path.make_path(entity)
        line = [(v.x, v.y) for v in outline.flattening(_FLATTENED_WITHIN_M)]
    except (
        ValueError, TypeError, ezdxf.lldxf.const.DXFError, ZeroDivisionError, AttributeError,
    ):  # fmt: skip
        row.refused = Message("read.row.bad_geometry")
        return row
    if len(line) < 2:
        row.refused = Message("read.row.no_geometry")
    elif len(line) >= 4 and (outline.is_closed or getattr(entity, "is_closed", False)):
        row.geometry = shapely.Polygon(line)
    else:
        row.geometry = shapely.LineString(line)
    return row


def _is_dxf(head: Head) -> bool:
    text = head.text
    return text.startswith("AutoCAD Binary DXF") or bool(
        re.match(r"(999\s*\n.*\n\s*)*0\s*\n\s*SECTION", text, re.I)
    )


def _is_dgn(head: Head) -> bool:
    """Recognise a drawing of MicroStation: version 7 by its first element, 8 by its streams."""
    seven = re.match(rb"[\x08\xc8]\x09\xfe[\x00-\x0f]", head.start) is not None
    eight = has_stream(head, "Dgn~")
    return seven or eight or (head.suffix == ".dgn" and head.start.startswith(b"\xd0\xcf\x11\xe0"))


FORMS = (
    Form("dxf", _is_dxf, read_dxf, suffixes=(".dxf",)),
    refused(
        "dwg",
        lambda head: bool(re.match(rb"AC(10\d\d|1\.\d|2\.\d)", head.start)),
        order=FIRST,
    ),
    refused("dgn", _is_dgn, order=FIRST + 1),
)
