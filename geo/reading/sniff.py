"""Tell by its content what a file is; its name may say anything."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from geo.reading import bounds
from geo.reading.raw import ReadingError
from messages import Message

_PICTURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
}
_HEAD = 65_536


def sniff(path: Path) -> str:
    """Give what a file is.

    Returns:
        One of ``gpkg``, ``parquet``, ``fgb``, ``zip``, ``kmz``, ``xlsx``, ``ods``, ``xls``,
        ``xml2003``, ``shp``, ``kml``, ``gpx``, ``gml``, ``json``, ``esrijson``, ``dxf``, ``tab``,
        ``mif``, ``filegdb`` or ``csv``.

    Raises:
        ReadingError: it is something else; the message says what would do.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise ReadingError(Message("read.empty_file"))
    for magic, name in _PICTURES.items():
        if head.startswith(magic):
            raise ReadingError(Message("read.picture", {"kind": name}))
    if head[:1024].lstrip().startswith(b"%PDF"):
        raise ReadingError(Message("read.pdf"))
    if head.startswith(b"RIFF") or head[4:8] == b"ftyp":
        raise ReadingError(Message("read.picture", {"kind": "WebP/HEIC/MP4"}))
    if re.match(rb"AC10\d\d", head):
        raise ReadingError(Message("read.dwg"))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_office(path)
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"fgb\x03"):
        return "fgb"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith((b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")):
        raise ReadingError(Message("read.other_archive"))
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    text = _text_head(head)
    start = text.lstrip("\ufeff \r\n\t\x00")
    if start.startswith("<"):
        return _xml_kind(start)
    if start.startswith(("{", "[")) and not start.startswith("[InternetShortcut]"):
        return "esrijson" if _ESRI.search(start) else "json"
    if start.startswith("[InternetShortcut]"):
        raise ReadingError(Message("read.shortcut"))
    if re.match(
        r"(?:Received|From|Return-Path|MIME-Version|Delivered-To|Subject|Date|To): ", start
    ):
        raise ReadingError(Message("read.mail"))
    if start.lower().startswith("!table"):
        return "tab"
    if re.match(r"version\s+\d+\s*\n", start, re.I) and re.search(r"(?im)^columns\s+\d+", start):
        return "mif"
    if start.startswith("AutoCAD Binary DXF") or re.match(
        r"(999\s*\n.*\n\s*)*0\s*\n\s*SECTION", start, re.I
    ):
        return "dxf"
    suffix = path.suffix.lower()
    if suffix in (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"):
        raise ReadingError(Message("read.shape_part", {"suffix": suffix}))
    if head.count(b"\x00") > len(head) // 4 and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadingError(Message("read.unknown_kind"))
    if suffix in (".geojson", ".json", ".geojsonl"):
        return "json"
    return "csv"


_ESRI = re.compile(r'"geometryType"\s*:\s*"esriGeometry')
_STREAMS = {
    "EncryptedPackage": "read.password",
    "__substg1.0_": "read.mail",
    "__properties_version1.0": "read.mail",
    "Dgn~": "read.dgn",
    "Workbook": "xls",
    "Book": "xls",
}
"""Names of streams in a compound file, and what they tell of it: a kind, or why it is refused."""


def _old_office(path: Path) -> str:
    """Tell what a compound file (OLE) is by the names of its streams."""
    with path.open("rb") as stream:
        data = stream.read(bounds.MAX_FILE_BYTES)
    for name, meaning in _STREAMS.items():
        if name.encode("utf-16-le") in data:
            if meaning == "xls":
                return meaning
            raise ReadingError(Message(meaning))
    drawing = path.suffix.lower() == ".dgn"
    raise ReadingError(Message("read.dgn" if drawing else "read.old_office"))


def _text_head(head: bytes) -> str:
    if head.startswith(b"\xff\xfe"):
        return head.decode("utf-16-le", errors="replace")
    if head.startswith(b"\xfe\xff"):
        return head.decode("utf-16-be", errors="replace")
    return head.decode("utf-8", errors="replace")


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()[:5000]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise ReadingError(Message("read.bad_zip")) from problem
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(".gdb/" in name and name.endswith(".gdbtable") for name in names):
        return "filegdb"
    if "mimetype" in names and "content.xml" in names:
        with zipfile.ZipFile(path) as archive:
            if b"spreadsheet" in archive.read("mimetype")[:200]:
                return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names) or (
        "mimetype" in names and "content.xml" in names
    ):
        raise ReadingError(Message("read.office"))
    if any(name.endswith(".kml") for name in names) and not any(
        name.endswith(".shp") for name in names
    ):
        return "kmz"
    return "zip"


def _xml_kind(start: str) -> str:
    if "<!ENTITY" in start or re.search(r"<!DOCTYPE[^>]*\[", start):
        raise ReadingError(Message("read.xml_entities"))
    plain = re.sub(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>", "", start, flags=re.S).lstrip()
    root = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", plain)
    name = root.group(1).lower() if root else ""
    if name in ("kml", "gpx"):
        return name
    if name == "workbook" and "urn:schemas-microsoft-com:office:spreadsheet" in plain[:2000]:
        return "xml2003"
    if name == "html":
        raise ReadingError(Message("read.html"))
    if name in ("svg", ""):
        raise ReadingError(Message("read.other_xml", {"kind": name or "XML"}))
    return "gml"
