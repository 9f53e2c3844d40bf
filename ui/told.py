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
from store.errors import StoreError
from ui.text import t, told

_log = logging.getLogger("locatiewijzer")


@contextlib.contextmanager
def told_errors() -> Iterator[None]:
    """Tell an error in the user's language instead of showing a traceback.

    Errors of our own carry their message. A fault of the database gets a number, under which the
    log of the server has the particulars. A page is run within it; a fragment and a dialog run on
    their own later, so each of them needs it again.
    """
    try:
        yield
    except (DataError, GeoError, ReportError, ScoringError, StoreError) as error:
        st.error(told(error.message))
    except (sqlalchemy.exc.SQLAlchemyError, OSError):
        number = secrets.token_hex(4)
        _log.exception("fault %s", number)
        st.error(t("frame.error", number=number))
