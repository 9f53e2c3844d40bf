"""Read a file in a process of its own, bounded and locked in (see :mod:`sandbox`).

What comes back is JSON: a reader that was led astray by a hostile file can give back nothing but
texts, numbers and shapes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.reading import bounds
from geo.reading.result import Reading, ReadOptions, from_plain, to_plain
from messages import Message
from sandbox.errors import CrashedError, TooSlowError
from sandbox.run import run_sandboxed


def read_apart(
    path: Path,
    options: ReadOptions | None = None,
    *,
    file_name: str | None = None,
    progress: Callable[[float], None] | None = None,
    waiting: Callable[[], None] | None = None,
    max_seconds: float = bounds.MAX_SECONDS,
) -> Reading:
    """Read a file as :func:`geo.reading.read.read_file` does, in a process of its own.

    A file that takes too long or too much memory, or that makes a reader crash, gives a reading
    that is refused with that reason.

    Args:
        path: the file. Of a kind that has parts beside it, those of its name can be read too.
        options: what the user chose.
        file_name: what it is called to the user.
        progress: told how far it is, 0 to 1.
        waiting: told again and again while others are read and this one waits for its turn.
        max_seconds: of the processor, after which it is stopped.
    """
    name = file_name or path.name
    if not path.is_file():
        return Reading(name, refused=Message("read.crashed"))
    if path.stat().st_size > bounds.MAX_FILE_BYTES:
        limit = bounds.MAX_FILE_BYTES // 1_000_000
        return Reading(name, refused=Message("read.file_large", {"limit": limit}))
    request = {
        "path": path.name,
        "file_name": name,
        "options": dataclasses.asdict(options or ReadOptions()),
    }
    try:
        made = run_sandboxed(
            __name__,
            request,
            files=files_of(path),
            progress=progress,
            waiting=waiting,
            max_seconds=max_seconds,
        )
    except TooSlowError:
        return Reading(name, refused=Message("read.too_slow", {"seconds": round(max_seconds)}))
    except CrashedError:
        return Reading(name, refused=Message("read.crashed"))
    return from_plain(json.loads(made))


def files_of(path: Path) -> list[Path]:
    """Give a file and those beside it of the same name (``plots.shp``, ``plots.dbf``)."""
    stem = path.stem.casefold()
    beside = (one for one in path.parent.iterdir() if one.stem.casefold() == stem)
    small = (one for one in beside if one.is_file() and one.stat().st_size <= bounds.MAX_FILE_BYTES)
    return [path, *(one for one in small if one.name != path.name)]


def sandboxed(request: dict[str, Any], given: Path, tell: Callable[[float], None]) -> bytes:
    """Do the work, in the process that is locked in."""
    from geo.reading.read import read_file

    reading = read_file(
        given / request["path"],
        ReadOptions(**request["options"]),
        file_name=request["file_name"],
        progress=tell,
    )
    return json.dumps(to_plain(reading)).encode()
