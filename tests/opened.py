"""Open what is packed, so that a test which looks for words looks everywhere."""

import base64
import binascii
import gzip
import io
import re
import zipfile
import zlib

import pikepdf

_GZIP_IN_TEXT = re.compile(rb"H4sI[A-Za-z0-9+/]{20,}={0,2}")

_GZIP = re.compile(rb"\x1f\x8b\x08")


def opened(content):
    """Give bytes with what is packed in them: gzip as text (the map), archives, streams of PDF."""
    parts = [content]
    for found in _GZIP_IN_TEXT.findall(content):
        try:
            parts.append(gzip.decompress(base64.b64decode(found + b"=" * (-len(found) % 4))))
        except (OSError, EOFError, zlib.error, binascii.Error):
            continue
    for found in _GZIP.finditer(content):
        try:
            parts.append(zlib.decompressobj(31).decompress(content[found.start() :]))
        except zlib.error:
            continue
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                parts += [name.encode(), archive.read(name)]
    if content[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream):
                    try:
                        parts.append(one.read_bytes())
                    except pikepdf.PdfError:
                        continue
            parts += [f.get_file().read_bytes() for f in pdf.attachments.values()]
    return b"\n".join(parts)


def says(content, words):
    """Say whether words stand in bytes, as they are, in JSON, or in the UTF-16 of a database."""
    whole = opened(content)
    escaped = words.encode("ascii", "backslashreplace")
    return any(form in whole for form in (words.encode(), escaped, words.encode("utf-16-le")))
