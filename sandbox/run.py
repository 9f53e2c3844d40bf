"""Start work in a process of its own, see it end, and give what it made.

A piece of work is a module with a function ``sandboxed(request, given, tell) -> bytes``: the
request is JSON, ``given`` the folder with the files that it may read, ``tell`` takes how far it is
(0 to 1). What comes back is bytes that the caller reads as it would read anything from outside.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sandbox import bounds
from sandbox.errors import CrashedError, TooSlowError
from sandbox.lock import ROOT, ran_out
from sandbox.places import place

_log = logging.getLogger("locatiewijzer")

FILES_OPEN = "files open"
"""What the process says first where the kernel has no lock for files."""
RESULT, GIVEN = "result", "given"
"""In the folder of the process: what it made, and the folder of what it was given."""


def run_sandboxed(
    module: str,
    request: dict[str, Any],
    *,
    files: Sequence[Path] = (),
    progress: Callable[[float], None] | None = None,
    waiting: Callable[[], None] | None = None,
    max_seconds: float = bounds.MAX_SECONDS,
) -> bytes:
    """Do a piece of work in a process that is locked in (:mod:`sandbox.lock`).

    At most :data:`sandbox.bounds.AT_ONCE` run together; the time begins when the process does.

    Args:
        module: which work, see above.
        request: what it is asked, as JSON can say it.
        files: what it may read: it gets copies, in the folder ``given`` of its own.
        progress: told how far it is.
        waiting: told again and again while it waits for its turn.
        max_seconds: of the processor, after which it is stopped; by the clock it may take
            :data:`sandbox.bounds.PATIENCE` times as long.

    Raises:
        TooSlowError: it was stopped.
        CrashedError: it gave nothing.
    """
    with place(waiting), tempfile.TemporaryDirectory() as folder:
        target, given = Path(folder) / RESULT, Path(folder) / GIVEN
        given.mkdir()
        for file in files:
            shutil.copyfile(file, given / file.name)
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", module, folder, str(max_seconds)],
            cwd=ROOT,
            # No proxies and no home: the work needs nothing of the user who runs the app.
            env={
                "PATH": os.environ.get("PATH", ""),
                "LANG": "C.UTF-8",
                "TMPDIR": folder,
                "MPLCONFIGDIR": folder,
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(bounds.PATIENCE * max_seconds, stop)
        timer.start()
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(request))
                process.stdin.close()
            for line in process.stdout:
                if line.strip() == FILES_OPEN:
                    # what the process itself logs goes nowhere
                    _log.warning("the file system of the sandbox is not locked")
                elif progress is not None:
                    with contextlib.suppress(ValueError):
                        progress(float(line))
            process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.wait()
        if stopped.is_set() or ran_out(process.returncode):
            raise TooSlowError
        if process.returncode != 0 or not target.is_file() or target.is_symlink():
            raise CrashedError
        return target.read_bytes()
