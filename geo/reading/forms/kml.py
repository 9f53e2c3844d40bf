"""Read KML, looked through before GDAL gets it: what is in it, and what has no place there."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from geo.reading.form import Form, rooted
from geo.reading.gdal import named_after, own_copy, read_layers
from geo.reading.raw import RawLayer, ReadingError
from geo.reading.result import ReadOptions
from geo.reading.safe_xml import refuse_entities
from messages import Message

_KML_SPACES = (
    "http://www.opengis.net/kml/2.2",
    "http://earth.google.com/kml/",
    "http://www.google.com/kml/ext/2.2",
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/",
)
_PICTURES = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_LINKS = ("NetworkLink", "NetworkLinkControl")


def read_kml(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read a KML; its folders are a way of ordering, not other tables.

    Raises:
        ReadingError: it is no KML, or holds no plots.
    """
    copy = own_copy(path, folder, ".kml")
    remarks = cleaned_kml(path, copy)
    layers = named_after(read_layers(copy, lines=options.lines), path)
    rows = [row for layer in layers for row in layer.rows]
    for number, row in enumerate(rows, start=1):
        row.row = number
    filled = next((layer for layer in layers if layer.rows), layers[0])
    return [RawLayer(filled.name, rows, filled.crs, filled.crs_evidence, remarks)]


def cleaned_kml(path: Path, target: Path) -> list[Message]:
    """Write a KML without pictures and links, which are no plots; gives what was left out.

    It is written anew from what was understood, so that GDAL sees what was looked through: a file
    that begins as KML and goes on as GML is refused.

    Raises:
        ReadingError: it is no KML, or there is nothing in it but pictures or links.
    """
    root = refuse_entities(path)
    for element in root.iter():
        space = _space(element)
        if space and not space.startswith(_KML_SPACES):
            # programs add data of their own; shapes of another language are not theirs
            if "gml" in space.lower():
                raise ReadingError(Message("read.kml_strange"))
            element.tag = f"extra_{_local(element)}"
    left_out = {name: _remove(root, names) for name, names in
                (("kml_picture", _PICTURES), ("kml_link", _LINKS))}  # fmt: skip
    if not any(_local(element) == "Placemark" for element in root.iter()):
        for key, count in left_out.items():
            if count:
                raise ReadingError(Message(f"read.{key}"))
        raise ReadingError(Message("read.no_layer"))
    for element in root.iter():
        element.tag = _local(element)
    root.set("xmlns", _KML_SPACES[0])
    target.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
    return [
        Message(f"read.{key}_left_out", {"count": count})
        for key, count in left_out.items()
        if count
    ]


def _remove(root: ElementTree.Element, names: tuple[str, ...]) -> int:
    count = 0
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child) in names:
                parent.remove(child)
                count += 1
    return count


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _space(element: ElementTree.Element) -> str:
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


FORMS = (Form("kml", rooted("kml"), read_kml, suffixes=(".kml",), assumed="EPSG:4326"),)
