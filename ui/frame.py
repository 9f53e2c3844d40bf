"""Dress every page alike: navigation, language, style, and errors told in plain words."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy.exc
import streamlit as st

from data.errors import DataError
from geo.errors import GeoError
from reports.errors import ReportError
from scoring.errors import ScoringError
from store.errors import StoreError
from ui import compare, html, kader, links, outputs, practice
from ui.balance import page as balance
from ui.deliver import page as deliver
from ui.explore import page as explore
from ui.text import begin_language, choose_language, t, told

_log = logging.getLogger("locatiewijzer")


def begin() -> None:
    """Take the language from the address, before anything is said."""
    begin_language()


PAGES: Mapping[str, tuple[str, Callable[[], None]]] = {
    "verkennen": ("explore", explore.show),
    "aanleveren": ("deliver", deliver.show),
    "vergelijken": ("compare", compare.show),
    "balans": ("balance", balance.show),
    "kader": ("kader", kader.show),
    "uitvoer": ("outputs", outputs.show),
    "praktijk": ("practice", practice.show),
}
"""By address: the key of its title and what shows it, in the order of the work: look, deliver,
weigh, decide, tell. The first one is the front page."""


def pages() -> list[Any]:
    """Give the pages for the navigation."""
    first = next(iter(PAGES))
    made = {
        path: st.Page(show, title=t(f"frame.page.{key}"), url_path=path, default=path == first)
        for path, (key, show) in PAGES.items()
    }
    links.know_pages(made)
    return list(made.values())


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
