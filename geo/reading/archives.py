"""Unpack archives within bounds, never outside the folder given."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.reading import bounds
from geo.reading.forms import extra_suffixes, readable_suffixes
from geo.reading.raw import ReadingError
from messages import Message

_SILENT = {".qml", ".sld", ".lyr", ".lyrx", ".cst", ".ini", ".db", ".ds_store", ".xml", ""}
"""What programs put beside any file: not worth a word when it is not read."""


def unpack(path: Path, folder: Path, *, before: int = 0) -> tuple[list[Path], list[str]]:
    """Unpack what can be read from a zip, in the order of the names.

    Args:
        path: the archive.
        folder: where to, empty.
        before: bytes that were unpacked already of the archive around this one.

    Returns:
        The files and the folders of geodatabases, and the names of what was left and is worth a
        word.

    Raises:
        ReadingError: the archive is broken, protected, or asks too much of the machine.
    """
    files: dict[Path, None] = {}
    left: list[str] = []
    written = before
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in _entries(archive):
                name = PurePosixPath(entry.filename.replace("\\", "/"))
                database = _geodatabase_of(name)
                if database is None and not _is_readable(name):
                    if name.suffix.lower() not in _SILENT | extra_suffixes():
                        left.append(name.name[-80:])
                    continue
                target = folder / _flat(database or name)
                files.setdefault(target)
                if database is not None:
                    target.mkdir(exist_ok=True)
                    target /= _flat(PurePosixPath(name.name))
                written = _copy(archive, entry, target, written)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        RuntimeError,
    ) as problem:  # fmt: skip
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.bad_zip")) from problem
    return list(files), left


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Give the files of an archive by name, but for what a Mac puts beside them."""
    entries = [e for e in archive.infolist() if e.filename and not e.is_dir()]
    if len(entries) > bounds.MAX_ZIP_ENTRIES:
        raise ReadingError(Message("read.zip_entries", {"limit": bounds.MAX_ZIP_ENTRIES}))
    names = {e.filename: PurePosixPath(e.filename.replace("\\", "/")) for e in entries}
    return sorted(
        (
            entry
            for entry in entries
            if "__MACOSX" not in names[entry.filename].parts
            and not names[entry.filename].name.startswith("._")
        ),
        key=lambda one: one.filename,
    )


def _geodatabase_of(name: PurePosixPath) -> PurePosixPath | None:
    """Give the folder of the File Geodatabase that a file lies in, None for none."""
    return next((up for up in name.parents if up.suffix.lower() == ".gdb"), None)


def _is_readable(name: PurePosixPath) -> bool:
    return name.suffix.lower() in readable_suffixes() and not name.name.lower().endswith(".shp.xml")


def _flat(name: PurePosixPath) -> str:
    """Give a path as one plain name.

    Parts with one stem stay together, and nothing can climb out of the folder.
    """
    return "__".join(re.sub(r"[^\w.() -]", "_", part) for part in name.parts)[-150:].lstrip(".")


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, written: int) -> int:
    """Unpack one file; gives how many bytes were unpacked with it."""
    if entry.flag_bits & 1:
        raise ReadingError(Message("read.zip_password"))
    if entry.file_size > bounds.MAX_ZIP_RATIO * max(entry.compress_size, 1) + 1_000_000:
        raise ReadingError(Message("read.zip_bomb"))
    with archive.open(entry) as source, target.open("wb") as sink:
        while chunk := source.read(1 << 20):
            written += len(chunk)
            if written > bounds.MAX_UNPACKED_BYTES:
                raise ReadingError(Message("read.zip_bomb"))
            sink.write(chunk)
    return written
