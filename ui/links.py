"""Keep choices in the address of the page, so that a link restores the view in either language.

Streamlit can bind a widget to the address itself, but writes the words on the screen there; a
link made in Dutch would then not work in English. Sliders and numbers are bound by Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st

_SEPARATOR = ","


def take_choice(key: str, options: Collection[str], default: str) -> None:
    """Set a choice from the address, once in a session, before its widget is made."""
    if key not in st.session_state:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else default


def choose_part(key: str, label: str, parts: Sequence[str], words: Callable[[str], str]) -> str:
    """Let one part of a page be opened; it stands in the address, and the first is the usual one.

    Args:
        key: of the choice, also in the address.
        label: what the choice is called for who hears it.
        parts: to choose from.
        words: gives what the button of a part says.
    """
    take_choice(key, parts, parts[0])
    chosen = st.segmented_control(
        label, parts, key=key, required=True, format_func=words, label_visibility="collapsed"
    )
    part = chosen or parts[0]
    put(key, part, parts[0])
    return part


def take_choices(key: str, options: Collection[str]) -> None:
    """Set a choice of several from the address, once in a session."""
    if key not in st.session_state:
        asked = (st.query_params.get(key) or "").split(_SEPARATOR)
        st.session_state[key] = [value for value in asked if value in options]


def take_number(key: str, most: int, default: int | None = 0, *, least: int = 0) -> None:
    """Set a whole number from the address, once in a session; what no field takes is passed over.

    Streamlit's own way fails at a number without end (``1e400``).
    """
    if key not in st.session_state:
        asked = st.query_params.get(key) or ""
        good = re.fullmatch("[0-9]{1,9}", asked) is not None and least <= int(asked) <= most
        st.session_state[key] = int(asked) if good else default


def put(key: str, value: str | Sequence[str], default: str = "") -> None:
    """Write a choice in the address, and take it out when it is what it would be anyway."""
    text = value if isinstance(value, str) else _SEPARATOR.join(value)
    if text == default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != text:
        st.query_params[key] = text


_PAGES_KEY = "_pages"


def know_pages(pages: Mapping[str, Any]) -> None:
    """Remember the pages of the navigation by address, so that one page can open another."""
    st.session_state[_PAGES_KEY] = dict(pages)


def has_page(path: str) -> bool:
    """Say whether the navigation of who is here has a page at an address."""
    return path in st.session_state.get(_PAGES_KEY, {})


def open_page(path: str, **query: str) -> None:
    """Open a page by its address, with what its address says further."""
    st.switch_page(st.session_state[_PAGES_KEY][path], query_params=query or None)
