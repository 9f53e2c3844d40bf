"""Give memory back now and then, instead of after each run of a page (``runner.postScriptGC``)."""

from __future__ import annotations

import functools
import gc
import threading

_EVERY_S = 15.0


@functools.cache
def tidy_from_now_on() -> None:
    """Begin, once for the server: what is loaded by now stays, and is not looked through again.

    Who asks again, as with a database that is opened anew, gets no second one beside it.
    """
    gc.collect()
    gc.freeze()
    threading.Thread(target=_tidy, name="tidy", daemon=True).start()


def _tidy() -> None:
    pause = threading.Event()
    while not pause.wait(_EVERY_S):
        gc.collect()
