"""Dress every page alike: navigation, language, style, and errors told in plain words."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy.exc
import streamlit as st

from data.errors import DataError
from geo.errors import GeoError
from reports.errors import ReportError
from scoring.errors import ScoringError
from store.errors import StoreError
from ui import aanleveren, balans, html, kader, praktijk, uitvoer, vergelijken, verkennen
from ui.text import begin_language, choose_language, t, told

_log = logging.getLogger("locatiewijzer")


def begin() -> None:
    """Take the language from the address, before anything is said."""
    begin_language()


def pages() -> list[Any]:
    """Give the pages in the order of the work: look, deliver, weigh, decide, tell."""
    return [
        st.Page(verkennen.show, title=t("frame.page.explore"), url_path="verkennen", default=True),
        st.Page(aanleveren.show, title=t("frame.page.deliver"), url_path="aanleveren"),
        st.Page(vergelijken.show, title=t("frame.page.compare"), url_path="vergelijken"),
        st.Page(balans.show, title=t("frame.page.balance"), url_path="balans"),
        st.Page(kader.show, title=t("frame.page.kader"), url_path="kader"),
        st.Page(uitvoer.show, title=t("frame.page.outputs"), url_path="uitvoer"),
        st.Page(praktijk.show, title=t("frame.page.practice"), url_path="praktijk"),
    ]


def dress() -> None:
    """Put on the style and the switch of language."""
    st.html(html.TEMPLATES / "style.css")
    # The uploader speaks English only; its words are covered by ours.
    html.show("uploader.html", choose=t("frame.uploader.choose"), limit=t("frame.uploader.limit"))
    with st.container(key="taal", horizontal=True, horizontal_alignment="right"):
        choose_language()


@contextlib.contextmanager
def told_errors() -> Iterator[None]:
    """Tell an error in the user's language instead of showing a traceback.

    Errors of our own carry their message. A fault of the database gets a number, under which the
    log of the server has the particulars.
    """
    try:
        yield
    except (DataError, GeoError, ReportError, ScoringError, StoreError) as error:
        st.error(told(error.message))
    except (sqlalchemy.exc.SQLAlchemyError, OSError):
        number = secrets.token_hex(4)
        _log.exception("fault %s", number)
        st.error(t("frame.error", number=number))
