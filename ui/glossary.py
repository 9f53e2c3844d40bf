"""Explain the terms of a page in plain words, from one catalogue (``glossary.po``)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import messages
from ui import html
from ui.text import t


def explained(terms: Sequence[str], lang: str) -> dict[str, tuple[str, str]]:
    """Give for each term its name and what it means, in a language."""
    return {
        term: (
            messages.text(f"glossary.{term}.name", lang),
            messages.text(f"glossary.{term}", lang),
        )
        for term in terms
    }


def for_browser(terms: Sequence[str], lang: str) -> dict[str, object]:
    """Give what ``term.js`` takes: the terms, and how the question mark itself is called."""
    return {"label": messages.catalogue(lang)["glossary.name"], **explained(terms, lang)}


def popover(terms: Sequence[str], lang: str, *, key: str) -> None:
    """Show a button that opens the words of a page with what they mean."""
    with st.popover(t("glossary.words"), icon=":material/help:", key=key):
        # by keys it can be reached, and so be scrolled
        words = list(explained(terms, lang).values())
        html.show("words.html", label=t("glossary.words"), terms=words)
