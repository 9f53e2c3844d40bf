"""Let at most two such processes run at once on a machine, of all instances together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from sandbox import bounds

_LOOK_AGAIN_S = 0.25
_here = threading.Semaphore(bounds.AT_ONCE)
"""Those of one instance get their places in about the order in which they came."""


@contextlib.contextmanager
def place(waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold one of the places.

    Args:
        waiting: told again and again while there is none free. What it raises ends the waiting.
    """
    while not _here.acquire(timeout=_LOOK_AGAIN_S):
        if waiting is not None:
            waiting()
    try:
        with _place_of_machine(waiting):
            yield
    finally:
        _here.release()


@contextlib.contextmanager
def _place_of_machine(waiting: Callable[[], None] | None) -> Iterator[None]:
    # A lock of the kernel goes when its holder does, also when that is killed.
    held = None
    pause = threading.Event()
    while held is None:
        for number in range(bounds.AT_ONCE):
            opened = os.open(_folder() / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
                continue
            held = opened
            break
        else:
            pause.wait(_LOOK_AGAIN_S)
            if waiting is not None:
                waiting()
    try:
        yield
    finally:
        os.close(held)


def _folder() -> Path:
    """Give the folder of the locks of this user, that no other user can hold."""
    folder = Path(tempfile.gettempdir()) / f"locatiewijzer-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = folder.lstat()
    if told.st_uid != os.getuid() or told.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} is not ours alone")
    return folder
