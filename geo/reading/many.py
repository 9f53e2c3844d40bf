"""Read many files, each in a process of its own that is forked from one which has all loaded.

The locks are those of :mod:`geo.reading.bounded_process`, but for how many run at once: whoever
asks for many is an analyst at the command line. A fresh process for each file would spend half a
second on imports alone.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import connection
from pathlib import Path

from geo.reading import bounds
from geo.reading.bounded_process import files_of
from geo.reading.read import read_file
from geo.reading.result import Reading, ReadOptions, from_plain, to_plain
from messages import Message
from sandbox.bounds import PATIENCE
from sandbox.lock import bound_processor, lock_in, ran_out
from sandbox.run import GIVEN, RESULT

_KEPT_OF_ENVIRONMENT = ("PATH", "LANG", "PROJ_DATA", "GDAL_DATA")


def read_many(
    paths: Sequence[Path],
    options: ReadOptions | None = None,
    *,
    at_once: int | None = None,
    progress: Callable[[int], None] | None = None,
    max_seconds: float = bounds.MAX_SECONDS,
) -> Iterator[Reading]:
    """Read files as :func:`geo.reading.read.read_file` does, and give them in their order.

    A file that takes too long or too much memory, or that makes a reader crash, gives a reading
    that is refused with that reason; the others go on.

    Args:
        paths: the files.
        options: what the user chose, for all of them.
        at_once: how many are read together; by default as many as there are processors.
        progress: told how many are done.
        max_seconds: for one file, of the processor; what waits for a busy machine gets longer.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["geo.reading.warm"])
    chosen = options or ReadOptions()
    # To start a process is also to look which others ended, and how one ended can be read once:
    # two threads at once would take a file that was read for one that crashed.
    ends_are_read = threading.Lock()
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(max_workers=at_once or os.cpu_count() or 1) as pool,
    ):

        def one(place: int) -> Reading:
            path, own = paths[place], Path(folder) / str(place)
            (own / GIVEN).mkdir(parents=True)
            target = own / RESULT
            for file in files_of(path):
                shutil.copyfile(file, own / GIVEN / file.name)
            given = (path.name, dataclasses.asdict(chosen), str(own), max_seconds)
            worker = context.Process(target=_work, args=given)
            with ends_are_read:
                worker.start()
            slow = not connection.wait([worker.sentinel], PATIENCE * max_seconds)
            with ends_are_read:
                if slow:
                    worker.kill()
                worker.join()
            if slow or ran_out(worker.exitcode):
                seconds = round(max_seconds)
                return Reading(path.name, refused=Message("read.too_slow", {"seconds": seconds}))
            if worker.exitcode != 0 or not target.exists():
                return Reading(path.name, refused=Message("read.crashed"))
            return from_plain(json.loads(target.read_text("utf-8")))

        for done, reading in enumerate(pool.map(one, range(len(paths))), start=1):
            if progress is not None:
                progress(done)
            yield reading


def _work(name: str, options: dict[str, object], folder: str, max_seconds: float) -> None:
    bound_processor(max_seconds)
    kept = {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, TMPDIR=folder)
    tempfile.tempdir = folder
    lock_in(Path(folder))
    path = Path(folder) / GIVEN / name
    reading = read_file(path, ReadOptions(**options))  # type: ignore[arg-type]
    (Path(folder) / RESULT).write_text(json.dumps(to_plain(reading)), encoding="utf-8")
