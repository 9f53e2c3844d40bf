"""Name what is no file with plots, and say what would do."""

from __future__ import annotations

import re

from geo.reading import bounds
from geo.reading.form import BY_NAME, FIRST, LAST, Head, refused, rooted, starts

_PICTURES = {
    "PNG": (b"\x89PNG",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF8",),
    "TIFF": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "BMP": (b"BM",),
    "WebP/HEIC/MP4": (b"RIFF",),
    "PostScript": (b"%!PS", b"\xc5\xd0\xd3\xc6"),
}

_MAIL_LINE = re.compile(
    r"(?:received|from|return-path|mime-version|delivered-to|subject|date|to|cc|message-id|reply-to|"
    r"sender|dkim-signature|arc-[\w-]+|authentication-results|content-type|x-[\w-]+|user-agent|"
    r"thread-[\w-]+|importance|list-[\w-]+):\s",
    re.I,
)
_ERROR = re.compile(r'\{\s*"(?:error|message|detail|exception\w*)"\s*:')
_STREAMS = {
    "password": ("EncryptedPackage",),
    "mail": ("__substg1.0_", "__properties_version1.0"),
}
"""Names of streams in a compound file (OLE), by what they tell of it."""


def has_stream(head: Head, *names: str) -> bool:
    """Say whether a compound file (OLE) has a stream of one of these names."""
    if not head.start.startswith(b"\xd0\xcf\x11\xe0"):
        return False
    with head.path.open("rb") as stream:
        data = stream.read(bounds.MAX_FILE_BYTES)
    return any(name.encode("utf-16-le") in data for name in names)


def _is_mail(head: Head) -> bool:
    lines = head.text.splitlines()[:40]
    return bool(lines and _MAIL_LINE.match(lines[0])) and any(
        re.match(r"(?:from|to|subject|received):", line, re.I) for line in lines
    )


def _is_locked_workbook(head: Head) -> bool:
    """Recognise a workbook of OpenDocument with a password: its list of parts names a key."""
    own = {"mimetype", "content.xml", "meta-inf/manifest.xml"} <= set(head.entries)
    return own and b"encryption-data" in head.entry("meta-inf/manifest.xml")


def _is_binary(head: Head) -> bool:
    wide = head.start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return not wide and head.start.count(b"\x00") > len(head.start) // 4


def _is_office(head: Head) -> bool:
    if any(name.startswith(("word/", "ppt/")) for name in head.entries):
        return True
    return "mimetype" in head.entries and "content.xml" in head.entries


def _is_project(head: Head) -> bool:
    """Recognise the project, or the colours, of a GIS program: it points at the data elsewhere."""
    if head.root in ("qgis", "styledlayerdescriptor"):
        return True
    if re.match(r'\{\s*"type"\s*:\s*"CIM', head.text):
        return True
    if any(name.endswith("gisproject.xml") for name in head.entries):
        return True
    return bool(head.entries) and all(name.endswith((".qgs", ".qgd")) for name in head.entries)


FORMS = (
    *(refused("picture", starts(*marks), order=FIRST, kind=name)
      for name, marks in _PICTURES.items()),
    refused("picture", lambda head: head.start[4:8] == b"ftyp", order=FIRST, kind="HEIC/MP4"),
    refused("pdf", lambda head: head.start[:1024].lstrip().startswith(b"%PDF"), order=FIRST),
    refused("password", lambda head: has_stream(head, *_STREAMS["password"]), order=FIRST),
    refused("password", _is_locked_workbook, order=FIRST),
    refused("mail", lambda head: has_stream(head, *_STREAMS["mail"]), order=FIRST),
    refused("old_office", starts(b"\xd0\xcf\x11\xe0"), order=BY_NAME),
    refused("office", lambda head: head.text.startswith("{\\rtf"), order=FIRST),
    refused("office", _is_office, order=BY_NAME),
    refused("project", _is_project, order=BY_NAME - 1),
    refused("office", lambda head: any(n.endswith(".iwa") for n in head.entries), order=BY_NAME),
    refused(
        "xml_entities",
        lambda head: bool(head.xml)
        and ("<!ENTITY" in head.text or bool(re.search(r"<!DOCTYPE[^>]*\[", head.text))),
        order=FIRST,
    ),
    refused("html", rooted("html", "head", "body", "table"), order=FIRST),
    refused("html", lambda head: head.text[:14].lower() == "<!doctype html", order=FIRST),
    refused(
        "error_answer", rooted("exceptionreport", "serviceexceptionreport", "error"), order=FIRST
    ),
    refused(
        "error_answer",
        lambda head: bool(_ERROR.match(head.text)) and '"features"' not in head.text,
        order=FIRST,
    ),
    refused("shortcut", lambda head: head.text.startswith("[InternetShortcut]"), order=FIRST),
    refused("shortcut", starts(b"L\x00\x00\x00\x01\x14\x02\x00"), order=FIRST),
    refused("shortcut", lambda head: head.root == "plist" and "<key>URL" in head.xml, order=FIRST),
    refused("mail", _is_mail),
    refused("other_xml", rooted("svg"), kind="svg"),
    refused("other_xml", lambda head: bool(head.text) and head.text[0] == "<" and not head.root,
            kind="XML"),
    refused("database", starts(b"\x00\x01\x00\x00Standard "), order=FIRST),
    refused("unknown_kind", _is_binary, order=LAST - 3),
)  # fmt: skip
