"""Read shapefiles; say of one part of one what it is."""

from __future__ import annotations

from pathlib import Path

from geo.reading.form import BY_NAME, Form, starts
from geo.reading.gdal import named_after, own_copy, read_layers
from geo.reading.raw import RawLayer
from geo.reading.result import ReadOptions
from messages import Message

_EXTRAS = (".sbn", ".sbx", ".qix", ".qpj", ".prj~")
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")


def read_shapefile(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read a shapefile with what lies beside it.

    Raises:
        ReadingError: it is broken.
    """
    copy = own_copy(path, folder, ".shp", _COMPANIONS)
    layers = read_layers(copy, encoding=_encoding(copy), lines=options.lines)
    if not copy.with_suffix(".dbf").exists():
        for layer in layers:
            layer.remarks.append(Message("read.shape_no_dbf"))
    return named_after(layers, path)


def _encoding(path: Path) -> str:
    """Give the code page of the texts where the file does not say it, else "".

    GDAL then reads it from the dbf, which often says nothing: it takes Latin 1, while files of
    today are UTF-8.
    """
    table = path.with_suffix(".dbf")
    if path.with_suffix(".cpg").exists() or not table.exists():
        return ""
    text = table.read_bytes()[:2_000_000]
    try:
        text.decode("ascii")
    except UnicodeDecodeError:
        try:
            text[32:].decode("utf-8")
        except UnicodeDecodeError:
            return "CP1252"
        return "UTF-8"
    return ""


FORMS = (
    Form(
        "shp",
        starts(b"\x00\x00\x27\x0a"),
        read_shapefile,
        suffixes=(".shp",),
        companions=_COMPANIONS,
        extras=_EXTRAS,
    ),
    Form(
        "shape_part",
        lambda head: head.suffix in (*_COMPANIONS, *_EXTRAS),
        refusal=lambda head: Message("read.shape_part", {"suffix": head.suffix}),
        order=BY_NAME,
    ),
)
