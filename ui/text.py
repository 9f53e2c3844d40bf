"""Give pages their texts and numbers in the language that the user chose."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import streamlit as st
from babel.dates import format_date
from babel.numbers import format_decimal

import messages

_LANGUAGE_KEY = "language"


def language() -> str:
    """Give the language of this session, Dutch unless the user chose English."""
    return str(st.session_state.get(_LANGUAGE_KEY, messages.DEFAULT_LANGUAGE))


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


def named(enumeration: str, value: object) -> str:
    """Give the word for a member of an enumeration of ``data.vocabulary``."""
    return t(f"vocabulary.{enumeration}.{value}")


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number in the user's manner; an unknown is said to be unknown."""
    return messages_number(value, language(), decimals)


def messages_number(value: float | None, lang: str, decimals: int = 0) -> str:
    """Write a number in the manner of a language; None and NaN are said to be unknown."""
    if value is None or math.isnan(value):
        return messages.text("frame.unknown", lang)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=lang))


def date(value: dt.date | None) -> str:
    """Write a date in the user's manner; an unknown is said to be unknown."""
    if value is None or value != value:
        return t("frame.unknown")
    return str(format_date(value, format="d MMM y", locale=language()))
