"""Read a file in a process of its own, bounded in time and memory, that can be stopped.

What comes back is JSON: a reader that was led astray by a hostile file can give back nothing but
texts, numbers and shapes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from geo.reading import bounds
from geo.reading.result import Reading, ReadOptions, from_plain, to_plain
from messages import Message

_ROOT = Path(__file__).parents[2]


def read_apart(
    path: Path,
    options: ReadOptions | None = None,
    *,
    file_name: str | None = None,
    progress: Callable[[float], None] | None = None,
    max_seconds: float = bounds.MAX_SECONDS,
) -> Reading:
    """Read a file as :func:`geo.reading.read.read_file` does, in a process of its own.

    A file that takes too long or too much memory, or that makes a reader crash, gives a reading
    that is refused with that reason.
    """
    name = file_name or path.name
    request = {
        "path": str(path.resolve()),
        "file_name": name,
        "options": dataclasses.asdict(options or ReadOptions()),
    }
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "reading.json"
        process = subprocess.Popen(
            [sys.executable, "-m", "geo.reading.bounded_process", str(target)],
            cwd=_ROOT,
            # No proxies and no home: the reader needs nothing of the user who runs the app.
            env={
                "PATH": os.environ.get("PATH", ""),
                "LANG": "C.UTF-8",
                "TMPDIR": folder,
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },  # fmt: skip
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(max_seconds, stop)
        timer.start()
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(request))
                process.stdin.close()
            for line in process.stdout:
                if progress is not None:
                    with contextlib.suppress(ValueError):
                        progress(float(line))
            process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.wait()
        if stopped.is_set():
            return Reading(name, refused=Message("read.too_slow", {"seconds": round(max_seconds)}))
        if process.returncode != 0 or not target.exists():
            return Reading(name, refused=Message("read.crashed"))
        return from_plain(json.loads(target.read_text("utf-8")))


def bound_this_process() -> None:
    """Bound the memory and the size of files of this process, for good."""
    resource.setrlimit(resource.RLIMIT_DATA, (bounds.MAX_MEMORY_BYTES, bounds.MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = 2 * bounds.MAX_UNPACKED_BYTES
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _work() -> None:
    from geo.reading.read import read_file

    request = json.loads(sys.stdin.read())
    said = [0.0]

    def tell(share: float) -> None:
        if time.monotonic() - said[0] > 0.1:
            said[0] = time.monotonic()
            print(share, flush=True)

    reading = read_file(
        Path(request["path"]),
        ReadOptions(**request["options"]),
        file_name=request["file_name"],
        progress=tell,
    )
    Path(sys.argv[1]).write_text(json.dumps(to_plain(reading)), encoding="utf-8")


if __name__ == "__main__":
    bound_this_process()
    _work()
