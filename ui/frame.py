"""Dress every page alike: navigation, language, style, and errors told in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from presentation.symbols import CAPTION_INK, LIMIT_COLOURS, SUITABILITY_CLASSES
from store.access import Action, Actor, Resource, may
from store.users import SessionEndedError
from ui import (
    admin,
    guide,
    html,
    links,
    news,
    outputs,
    practice,
    session,
    sign_in,
    statement,
    story,
)
from ui.balance import page as balance
from ui.compare import page as compare
from ui.components import page_words
from ui.deliver import page as deliver
from ui.explore import page as explore
from ui.kader import page as kader
from ui.text import begin_language, choose_language, language, own_words, t
from ui.told import told_errors

__all__ = ["NEEDED", "PAGES", "begin", "dress", "pages", "told_errors", "who"]


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
    "verhaal": ("story", story.show),
    "praktijk": ("practice", practice.show),
    "beheer": ("admin", admin.show),
    "handleiding": ("guide", guide.show),
    "toegankelijkheid": ("statement", statement.show),
}
"""By address: the key of its title and what shows it, in the order of the work: look, deliver,
weigh, decide, tell. The first one is the front page."""

NEEDED: Mapping[str, Action] = {
    "aanleveren": Action.DELIVER,
    "balans": Action.ENTER_FIGURES,
    "kader": Action.KEEP_SNAPSHOT,
    "uitvoer": Action.MAKE_OUTPUT,
    "verhaal": Action.MAKE_OUTPUT,
    "beheer": Action.MANAGE_USERS,
}
"""What one must be allowed to do somewhere to be shown a page; the others are for all."""


def pages(actor: Actor) -> list[Any]:
    """Give the pages for the navigation of somebody."""
    first = next(iter(PAGES))
    made = {}
    for path, (key, show) in PAGES.items():
        allowed = path not in NEEDED or may(actor, NEEDED[path], Resource("page"))
        made[path] = st.Page(
            show if allowed else _closed,
            title=t(f"frame.page.{key}"),
            url_path=path,
            default=path == first,
            # a link to it still opens: on what to do to see it
            visibility="visible" if allowed else "hidden",
        )
    links.know_pages(made)
    return list(made.values())


def who() -> Actor:
    """Give who acts; a sign-in that has ended is a visitor until it is told (see :func:`dress`)."""
    try:
        return session.actor()
    except SessionEndedError:
        return sign_in.VISITOR


def _closed() -> None:
    """Say that a page is not for this reader."""
    session.note_refusal("page")
    st.info(t("sign_in.closed"))


def dress(*, signed_in: bool = True) -> None:
    """Put on the style, the switch of language, and who is signed in."""
    html.show(
        "colours.html",
        classes=[style.colour for style in SUITABILITY_CLASSES],
        limits=list(LIMIT_COLOURS.values()),
        caption=CAPTION_INK,
    )
    st.html(html.TEMPLATES / "style.css")
    with st.container(key="page-words"):
        page_words(key="page_words", data={"language": language(), "words": own_words(language())})
    with st.container(key="taal", horizontal=True, horizontal_alignment="right"):
        choose_language()
        if signed_in:
            sign_in.show(session.store())
    if signed_in:
        news.show()
