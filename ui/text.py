"""Give pages their texts and numbers in the language that the user chose."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any, Final

import streamlit as st

import messages
from messages import Message
from presentation import numbers
from ui.uploads import MOST_FILES, MOST_OF_SESSION

_LANGUAGE_KEY = "language"


def language() -> str:
    """Give the language of this session, Dutch unless the user chose English."""
    chosen = st.session_state.get(_LANGUAGE_KEY)
    # a browser may say anything
    return str(chosen) if chosen in messages.LANGUAGES else messages.DEFAULT_LANGUAGE


def begin_language() -> None:
    """Take the language of the address at the begin of a session."""
    if _LANGUAGE_KEY not in st.session_state:
        asked = st.query_params.get("lang")
        st.session_state[_LANGUAGE_KEY] = (
            asked if asked in messages.LANGUAGES else messages.DEFAULT_LANGUAGE
        )


def choose_language() -> None:
    """Show the switch between the languages; the choice stays in the address of the page."""
    asked = st.query_params.get("lang")
    st.segmented_control(
        t("frame.language"),
        messages.LANGUAGES,
        key=_LANGUAGE_KEY,
        required=True,
        format_func=str.upper,
        label_visibility="collapsed",
    )
    if language() != messages.DEFAULT_LANGUAGE or asked:
        st.query_params["lang"] = language()


def t(key: str, /, **values: Any) -> str:
    """Give the text of a key in the user's language, its places filled."""
    return messages.text(key, language(), **values)


_STREAMLIT = "streamlit."


_NO_ENGLISH: Final = {
    "streamlit.upload_error": "Error:",
    "streamlit.upload_large": "File must be {size}.0MB or smaller.",
    "streamlit.upload_kind": "{kind} files are not allowed.",
    "streamlit.upload_no_kind": "files are not allowed.",
    "streamlit.upload_full": "AxiosError: Request failed with status code 413",
    "streamlit.upload_stale": "AxiosError: Request failed with status code 404",
    "streamlit.upload_failed": "AxiosError: Request failed with status code {code}",
    "streamlit.upload_cut": "AxiosError: Network Error",
}
"""What Streamlit says that does not tell an English reader what to do either."""


@functools.cache
def own_words(lang: str) -> list[tuple[str, str]]:
    """Give what Streamlit says by itself, each with what a page in a language says."""
    most = {"files": MOST_FILES, "megabytes": MOST_OF_SESSION // 1_000_000}
    found = []
    for key, english in messages.catalogue("en").items():
        if key.startswith(_STREAMLIT):
            words = _NO_ENGLISH.get(key, english)
            said = messages.catalogue(lang)[key]
            found.append((words, said if "{" in words else messages.text(key, lang, **most)))
    return found


_TURNS = {"\u061c", "\u200e", "\u200f", *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}
_MARKS = set("\\`*_{}[]()<>#+-.!|$~:&")


def escaped(text: str) -> str:
    """Give a text of a user or file so that Markdown shows it as it is.

    Streamlit reads most of what it shows as Markdown, labels included: a file name could else load
    a picture from another host. Signs that turn the direction of writing are left out: they would
    turn the rest of the sentence too.
    """
    kept = (c for c in text if c not in _TURNS)
    return "".join("\\" + c if c in _MARKS else " " if c in "\r\n" else c for c in kept)


def told(message: Message) -> str:
    """Give a message in the user's language, fit for Markdown."""
    return escaped(message.text(language()))


def named(enumeration: str, value: object) -> str:
    """Give the word for a member of an enumeration of ``data.vocabulary``."""
    return t(f"vocabulary.{enumeration}.{value}")


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number in the user's manner; an unknown is said to be unknown."""
    return numbers.number(value, language(), decimals=decimals)


def interval(low: float, high: float) -> str:
    """Write bounds as whole numbers in the user's manner: one where they read alike."""
    return numbers.interval(low, high, language(), decimals=0)


def date(value: dt.date | None) -> str:
    """Write a date in the user's manner; an unknown is said to be unknown."""
    return numbers.short_day(value, language())
