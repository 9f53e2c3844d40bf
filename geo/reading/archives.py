"""Unpack archives within bounds, never outside the folder given."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.reading import bounds
from geo.reading.raw import ReadingError
from messages import Message

_READABLE = {
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".geojsonl", ".kml",
    ".gml", ".xml", ".csv", ".txt", ".xlsx", ".fgb", ".parquet", ".dxf", ".gpx", ".ods", ".xls",
    ".tab", ".dat", ".map", ".id", ".mif", ".mid", ".zip", ".kmz",
}  # fmt: skip


_SILENT = {
    ".sbn", ".sbx", ".qix", ".qpj", ".qml", ".sld", ".lyr", ".lyrx", ".cst", ".ind", ".ini", ".db",
    ".ds_store", ".prj~", "",
}  # fmt: skip
"""What programs put beside their files: not worth a word when it is not read."""

COMPANIONS = {".shx", ".dbf", ".prj", ".cpg", ".dat", ".map", ".id", ".mid"}
"""Files that belong to another one beside them and hold no plots of their own."""


def unpack_geodatabase(path: Path, folder: Path) -> Path:
    """Unpack the first File Geodatabase of a zip and give its folder.

    Raises:
        ReadingError: the archive is broken, protected, or asks too much of the machine.
    """
    own = folder / "layers.gdb"
    own.mkdir()
    written = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if ".gdb/" in e.filename.lower()]
            if len(entries) > bounds.MAX_ZIP_ENTRIES:
                raise ReadingError(Message("read.zip_entries", {"limit": bounds.MAX_ZIP_ENTRIES}))
            first = entries[0].filename.lower().partition(".gdb/")[0]
            for entry in entries:
                if entry.is_dir() or not entry.filename.lower().startswith(f"{first}.gdb/"):
                    continue
                name = re.sub(r"[^\w.-]", "_", PurePosixPath(entry.filename).name)[-80:]
                with archive.open(entry) as source, (own / name.lstrip(".")).open("wb") as sink:
                    while chunk := source.read(1 << 20):
                        written += len(chunk)
                        if written > bounds.MAX_UNPACKED_BYTES:
                            raise ReadingError(Message("read.zip_bomb"))
                        sink.write(chunk)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        RuntimeError,
    ) as problem:  # fmt: skip
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.bad_zip")) from problem
    return own


def unpack(path: Path, folder: Path, *, before: int = 0) -> tuple[list[Path], list[str]]:
    """Unpack what can be read from a zip, in the order of the names.

    Args:
        path: the archive.
        folder: where to, empty.
        before: bytes that were unpacked already of the archive around this one.

    Returns:
        The files, and the names of what was left and is worth a word.

    Raises:
        ReadingError: the archive is broken, protected, or asks too much of the machine.
    """
    files: list[Path] = []
    left: list[str] = []
    written = before
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if e.filename and not e.is_dir()]
            if len(entries) > bounds.MAX_ZIP_ENTRIES:
                raise ReadingError(Message("read.zip_entries", {"limit": bounds.MAX_ZIP_ENTRIES}))
            for entry in sorted(entries, key=lambda one: one.filename):
                name = PurePosixPath(entry.filename.replace("\\", "/"))
                if "__MACOSX" in name.parts or name.name.startswith("._"):
                    continue
                if name.suffix.lower() not in _READABLE or name.name.lower().endswith(".shp.xml"):
                    if name.suffix.lower() not in _SILENT | {".xml"}:
                        left.append(name.name[-80:])
                    continue
                if entry.flag_bits & 1:
                    raise ReadingError(Message("read.zip_password"))
                if entry.file_size > bounds.MAX_ZIP_RATIO * max(entry.compress_size, 1) + 1_000_000:
                    raise ReadingError(Message("read.zip_bomb"))
                # The path becomes part of a plain name: parts with one stem stay together, and
                # nothing can climb out of the folder.
                flat = "__".join(re.sub(r"[^\w.() -]", "_", part) for part in name.parts)[-150:]
                target = folder / flat.lstrip(".")
                with archive.open(entry) as source, target.open("wb") as sink:
                    while chunk := source.read(1 << 20):
                        written += len(chunk)
                        if written > bounds.MAX_UNPACKED_BYTES:
                            raise ReadingError(Message("read.zip_bomb"))
                        sink.write(chunk)
                files.append(target)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        RuntimeError,
    ) as problem:  # fmt: skip
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.bad_zip")) from problem
    return files, left
