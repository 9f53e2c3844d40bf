"""Page Handleiding: how it is used, for each of the three users, with pictures of the app itself.

The pictures are made by ``make guide`` (``scripts/guide.py``), which writes the same texts to
``docs/handleiding.md`` and ``docs/guide.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st

from ui import links
from ui.text import language, t

PICTURES: Final = Path(__file__).parent / "pictures"

CHAPTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "search": ("explore", "sheet", "walk", "weights", "compare", "balance", "outputs", "keys"),
    "deliver": ("deliver", "secret", "explore", "keys"),
    "read": ("shared", "sheet", "keys"),
}
"""For each user the chapters, in the order in which they are read."""

PICTURED: Final = tuple(dict.fromkeys(c for all_ in CHAPTERS.values() for c in all_ if c != "keys"))
"""Chapters with a picture."""


def picture(chapter: str, lang: str) -> Path:
    """Give the file of the picture of a chapter."""
    return PICTURES / f"guide-{chapter}-{lang}.webp"


def show() -> None:
    """Show the page."""
    st.title(t("guide.title"))
    st.caption(t("guide.intro"))
    reader = links.choose_part(
        "reader", t("guide.choose"), list(CHAPTERS), lambda value: t(f"guide.for.{value}")
    )
    for chapter in CHAPTERS[reader]:
        st.header(t(f"guide.{chapter}.title"))
        if chapter not in PICTURED:
            st.markdown(t(f"guide.{chapter}.text"))
            continue
        words, pictured = st.columns([2, 3], gap="large")
        words.markdown(t(f"guide.{chapter}.text"))
        pictured.image(picture(chapter, language()), alt=t(f"guide.{chapter}.alt"), width="content")
    st.caption(t("guide.made"))
