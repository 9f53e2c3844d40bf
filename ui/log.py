"""Write what happens on the server as lines of JSON, without anything of a person or a plot.

An error says more than it should: its message holds the value that was wrong, and a library writes
addresses with what somebody looked for in them. So a line holds what code says by itself and never
a message that was filled in: when, how grave, which logger, from which line of which file, the
kinds of the errors, the lines of code that they passed, and the few facts in :data:`FACTS`. What
our own code says is written in full, as it is a constant.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import streamlit.logger
from pythonjsonlogger.json import JsonFormatter

OURS: Final = "locatiewijzer"
FACTS: Final = ("error_id", "mode", "database")
"""What a line of ours may hold beside its words: each is chosen by the app, never by a user."""

_ADDRESSES: Final = "uvicorn.access"
"""Each address that was asked, with what was looked for in it: the web server before the app counts
requests, without that."""
_ROOT: Final = str(Path(__file__).parents[1])
_MOST_FRAMES: Final = 40
_MOST_CAUSES: Final = 6


class PlainFacts(JsonFormatter):
    """Write a record as one line of JSON, see the module."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "place": f"{_short(record.pathname)}:{record.lineno}",
        }
        if record.name.split(".")[0] == OURS:
            line["event"] = record.msg
            line |= {key: getattr(record, key) for key in FACTS if hasattr(record, key)}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["errors"] = told_errors_of(error)
        return self.serialize_log_record(line)


def told_errors_of(error: BaseException) -> list[dict[str, Any]]:
    """Give an error and what caused it: of each its kind, what the database calls it, its path.

    >>> told_errors_of(ValueError("mw. Geheim"))
    [{'kind': 'ValueError', 'code': None, 'path': []}]
    """
    told: list[dict[str, Any]] = []
    now: BaseException | None = error
    while now is not None and len(told) < _MOST_CAUSES:
        frames = traceback.extract_tb(now.__traceback__)[-_MOST_FRAMES:]
        told.append(
            {
                "kind": type(now).__name__,
                "code": _code(now),
                "path": [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames],
            }
        )
        now = now.__cause__ or now.__context__
    return told


def begin() -> None:
    """Write all logging of this process this way, also that of Streamlit and its server."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFacts())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Streamlit gives each of its loggers a handler of its own, by a pattern in its settings.
    streamlit.logger.setup_formatter = _dress
    streamlit.logger.update_formatter()
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _dress(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    if logger.name == _ADDRESSES:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFacts())
    logger.streamlit_console_handler = handler  # type: ignore[attr-defined]
    logger.addHandler(handler)


def _uncaught(kind: type[BaseException], error: BaseException, path: TracebackType | None) -> None:
    logging.getLogger(OURS).critical("uncaught", exc_info=(kind, error, path))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None:
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def _unraisable(given: sys.UnraisableHookArgs) -> None:
    if given.exc_value is not None:
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def _code(error: BaseException) -> str | None:
    """Give the code by which a database or the system calls an error."""
    inner = getattr(error, "orig", error)
    for name in ("sqlstate", "sqlite_errorname", "errno"):
        code = getattr(inner, name, None)
        if code is not None:
            return str(code)
    return None


def _short(path: str) -> str:
    """Give a path from the root of the app, or of the library that it is in."""
    for part in ("/site-packages/", "/dist-packages/"):
        if part in path:
            return path.rpartition(part)[2]
    return path.removeprefix(_ROOT + "/")
