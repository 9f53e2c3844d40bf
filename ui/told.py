"""Tell an error in the user's language, wherever in a page it comes from."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator

import sqlalchemy.exc
import streamlit as st

from data.errors import DataError
from geo.errors import GeoError
from reports.errors import ReportError
from scoring.errors import ScoringError
from store.errors import AccessDeniedError, NotKeptError, StoreError
from ui import session
from ui.log import OURS
from ui.text import t, told

_log = logging.getLogger(OURS)


@contextlib.contextmanager
def told_errors() -> Iterator[None]:
    """Tell an error in the user's language instead of showing a traceback, see :func:`tell`.

    A page is run within it; a fragment and a dialog run on their own later, so each of them needs
    it again to go on with the rest of the page. What passes by it, as an error in a callback, comes
    to :func:`tell` through ``st.App`` (see ``app.py``).
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the user is told
        tell(error)


def tell(error: Exception) -> bool:
    """Tell an error; gives True, as nothing is left to tell of it.

    Errors of our own carry their message. A fault of database or disk, or of the app itself, gets a
    number, under which the log of the server has the particulars.
    """
    kept_nothing = isinstance(error, NotKeptError)
    if isinstance(error, AccessDeniedError):
        session.note_refusal(error.action)
    ours = DataError | GeoError | ReportError | ScoringError | StoreError
    if isinstance(error, ours) and not kept_nothing:
        st.error(told(error.message))
        return True
    number = secrets.token_hex(4)
    _log.log(logging.ERROR, "fault", exc_info=error, extra={"error_id": number})
    storage = isinstance(error, sqlalchemy.exc.SQLAlchemyError | OSError)
    key = "not_kept" if kept_nothing else "error" if storage else "fault"
    st.error(t(f"frame.{key}", number=number))
    return True
