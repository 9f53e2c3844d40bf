"""Recognise archives, whose files are read each by its own form."""

from __future__ import annotations

from geo.reading.form import BY_NAME, Form, Head, refused, starts


def _is_kmz(head: Head) -> bool:
    kinds = {name.rpartition(".")[2] for name in head.entries}
    return "kml" in kinds and "shp" not in kinds


FORMS = (
    Form("kmz", _is_kmz, suffixes=(".kmz",), container=True, order=BY_NAME + 2),
    Form("zip", lambda head: head.is_zip, suffixes=(".zip",), container=True, order=BY_NAME + 3),
    refused(
        "other_archive",
        lambda head: (
            starts(b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")(head)
            or head.start[257:262] == b"ustar"
        ),
    ),
)
