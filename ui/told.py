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
from store.errors import AccessDeniedError, KeepingFailedError, NotKeptError, StoreError
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
    if isinstance(error, AccessDeniedError):
        session.note_refusal(error.action)
    ours = DataError | GeoError | ReportError | ScoringError | StoreError
    if isinstance(error, ours) and not isinstance(error, KeepingFailedError):
        st.error(told(error.message))
        return True
    number = secrets.token_hex(4)
    _log.log(logging.ERROR, "fault", exc_info=error, extra={"error_id": number})
    st.error(t(f"frame.{_kind(error)}", number=number))
    return True


def _kind(error: Exception) -> str:
    """Name what to say of an error by what is certain then."""
    if isinstance(error, NotKeptError):
        return "not_kept"
    if isinstance(error, KeepingFailedError):
        return "perhaps_kept"
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        # all that is written goes through Store.transaction, which says so itself
        return "not_read"
    return "error" if isinstance(error, sqlalchemy.exc.SQLAlchemyError | OSError) else "fault"
