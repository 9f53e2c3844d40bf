"""Read the forms that GDAL reads without more ado."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from geo.reading.form import Form, Head, Reader, rooted, starts
from geo.reading.gdal import named_after, own_copy, read_layers
from geo.reading.raw import RawLayer, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.safe_xml import refuse_entities
from messages import Message


def _reader(suffix: str, companions: Sequence[str] = (), *, tables_too: bool = True) -> Reader:
    def read(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
        copy = own_copy(path, folder, suffix, companions)
        return named_after(read_layers(copy, tables_too=tables_too, lines=options.lines), path)

    return read


def _read_gpx(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    refuse_entities(path)
    return _reader(".gpx")(path, folder, options)


_TAB_PARTS = (".dat", ".map", ".id")


def _read_tab(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    if not any(part.suffix.lower() == ".map" and part.stem.lower() == path.stem.lower()
               for part in path.parent.iterdir()):  # fmt: skip
        raise ReadingError(Message("read.tab_alone"))
    return _reader(".tab", _TAB_PARTS)(path, folder, options)


def _is_mif(head: Head) -> bool:
    begins = re.match(r"version\s+\d+\s*\n", head.text, re.I)
    return bool(begins and re.search(r"(?im)^columns\s+\d+", head.text))


def _is_esri_json(head: Head) -> bool:
    esri = re.search(r'"geometryType"\s*:\s*"esriGeometry', head.text)
    return head.text.startswith("{") and esri is not None


def _is_geodatabase(head: Head) -> bool:
    return head.path.is_dir() and any(head.path.glob("*.gdbtable"))


FORMS = (
    Form("gpkg", starts(b"SQLite format 3\x00"), _reader(".gpkg", tables_too=False),
         suffixes=(".gpkg",)),
    Form("fgb", starts(b"fgb\x03"), _reader(".fgb"), suffixes=(".fgb",)),
    Form("gpx", rooted("gpx"), _read_gpx, suffixes=(".gpx",)),
    Form("esrijson", _is_esri_json, _reader(".json"), suffixes=(".json",)),
    Form("tab", lambda head: head.text.lower().startswith("!table"), _read_tab,
         suffixes=(".tab",), companions=_TAB_PARTS, extras=(".ind",)),
    Form("mif", _is_mif, _reader(".mif", (".mid",)), suffixes=(".mif",), companions=(".mid",)),
    Form("filegdb", _is_geodatabase,
         lambda path, folder, options: read_layers(path, lines=options.lines)),
)  # fmt: skip
