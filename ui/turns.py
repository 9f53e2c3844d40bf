"""Say that a file waits for its turn where others are being opened."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import streamlit as st

from ui.text import t


@contextlib.contextmanager
def turn() -> Iterator[Callable[[], None]]:
    """Give what is to be told while a file waits; its word goes when the work is done."""
    place = st.empty()

    def waiting() -> None:
        place.caption(t("read.waiting"))

    yield waiting
    place.empty()
