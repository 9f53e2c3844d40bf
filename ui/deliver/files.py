"""Hold what a user chose for each file that is delivered, and read it with that."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from geo.reading.bounded_process import read_apart
from geo.reading.forms import families
from geo.reading.result import Reading, ReadOptions
from store.deliveries import remembered_columns
from ui import session
from ui.text import t

_READINGS_KEPT = 12


@dataclass(frozen=True)
class File:
    """A file with the parts beside it (of a shapefile), each a name and its content."""

    name: str
    parts: tuple[tuple[str, bytes], ...]

    @property
    def main(self) -> bytes:
        """The content of the file that names the whole."""
        return next(data for name, data in self.parts if name == self.name)

    @functools.cached_property
    def sha(self) -> str:
        """SHA-256 of the file, hexadecimal: what the choices for it are kept by."""
        return hashlib.sha256(self.main).hexdigest()


def one_file(name: str, content: bytes) -> File:
    """Give a file that stands alone."""
    return File(name, ((name, content),))


def grouped(content: Sequence[tuple[str, bytes]]) -> list[File]:
    """Bring the parts of a shapefile or MapInfo table together; other files stand alone.

    >>> [len(f.parts) for f in grouped([("a.shp", b"1"), ("A.dbf", b"2"), ("b.csv", b"3")])]
    [2, 1]
    >>> [f.name for f in grouped([("a.dat", b""), ("a.map", b""), ("a.TAB", b""), ("a.mid", b"")])]
    ['a.TAB', 'a.mid']
    """
    split = [(Path(name).stem.lower(), Path(name).suffix.lower()) for name, _ in content]
    mains = {(stem, suffix) for stem, suffix in split if suffix in families()}
    groups: dict[tuple[str, str, int], list[tuple[str, bytes]]] = {}
    for place, ((stem, suffix), part) in enumerate(zip(split, content, strict=True)):
        main = next(
            (m for m, rest in families().items() if suffix in (m, *rest) and (stem, m) in mains),
            None,
        )
        key = (part[0], "", place) if main is None else (stem, main, -1)
        groups.setdefault(key, []).append(part)
    return [
        File(
            next((n for n, _ in parts if Path(n).suffix.lower() in families()), parts[0][0]),
            tuple(parts),
        )
        for parts in groups.values()
    ]


def options_of(file: File, code: str | None) -> ReadOptions:
    """Gather what the user chose for a file so far; the choices live in the session."""
    state, sha = st.session_state, file.sha
    points = state.get(f"points_{sha}")
    outside = state.get(f"outside_{sha}")
    public = state.get(f"public_{sha}")
    parts = state.get(f"parts_{sha}")
    return ReadOptions(
        parts=None if parts is None else tuple(parts),
        system=state.get(f"system_{sha}") or None,
        systems=dict(state.get(f"systems_{sha}", {})),
        columns=dict(state.get(f"columns_{sha}", {})),
        remembered=remembered_columns(session.store(), session.actor(), code),
        buffer_m=float(state.get(f"radius_{sha}", 25.0)) if points == "radius" else 0.0,
        buffer_to_stated=points == "stated",
        take_outside=None if outside is None else outside == "take",
        parcels=state.get(f"parcels_{sha}"),
        place=dict(state.get(f"place_{sha}", {})),
        kilometres=state.get(f"kilometres_{sha}"),
        found=dict(state.get(f"found_{sha}", {})),
        yes_is_public=None if public is None else public == "public",
    )


def read(file: File, options: ReadOptions) -> Reading:
    """Read a file in a process of its own; what was read with the same options is kept."""
    key = (file.sha, file.name, repr(options))
    kept: dict[tuple[str, str, str], Reading] = st.session_state.setdefault("_readings", {})
    if key in kept:
        return kept[key]
    bar = st.progress(0.0, t("deliver.reading"))

    def tell(share: float) -> None:
        bar.progress(min(share, 1.0), t("deliver.reading"))

    def wait() -> None:
        bar.progress(0.0, t("read.waiting"))

    with tempfile.TemporaryDirectory() as folder:
        # Names of the user stay out of the file system, but for what kind each part is.
        paths = [Path(folder) / f"file{Path(name).suffix.lower()[:10]}" for name, _ in file.parts]
        for path, (_, data) in zip(paths, file.parts, strict=True):
            path.write_bytes(data)
        main = paths[[name for name, _ in file.parts].index(file.name)]
        reading = read_apart(
            main,
            options,
            file_name=file.name[:200],
            progress=tell,
            waiting=wait,
        )
    bar.empty()
    while len(kept) >= _READINGS_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = reading
    return reading
