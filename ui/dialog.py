"""Open a dialog over a page: one in a drawing, in the language of the moment, its errors told."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Literal, ParamSpec

import streamlit as st
from streamlit.errors import StreamlitInvalidLayoutContextError

from ui.text import t
from ui.told import told_errors

Given = ParamSpec("Given")


def open_dialog(
    title: str,
    width: Literal["small", "medium", "large"],
    draw: Callable[Given, None],
    *given: Given.args,
    **named: Given.kwargs,
) -> None:
    """Open a dialog; where two were asked for at once, the first stands and the other is let go.

    Args:
        title: key of the text over it; that is in the language of the moment.
        width: of the dialog.
        draw: draws what is in it, each time that something in it changes.
        given: what ``draw`` is told.
        named: the same, by name.
    """

    @functools.wraps(draw)  # a dialog is known by the name of what draws it
    def drawn() -> None:
        with told_errors():
            draw(*given, **named)

    with contextlib.suppress(StreamlitInvalidLayoutContextError):
        st.dialog(t(title), width=width)(drawn)()
