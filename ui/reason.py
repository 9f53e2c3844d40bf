"""Ask why before something is written."""

from __future__ import annotations

import streamlit as st

from ui.text import t


def ask_reason(label: str, button: str, *, key: str, primary: bool = False) -> str | None:
    """Ask for a reason; give it once the button is pressed.

    The field and its button are one form, so that a press takes along what was typed just before
    it. A button that waits for a reason would swallow that first press.

    Args:
        label: key of what stands at the field.
        button: key of what stands on the button.
        key: of the form.
        primary: whether the button is the one that the dialog is about.
    """
    with st.form(key, border=False):
        reason = st.text_input(t(label), max_chars=500, key=f"{key}_reason").strip()
        pressed = st.form_submit_button(
            t(button), type="primary" if primary else "secondary", key=f"{key}_do"
        )
    if pressed and not reason:
        st.error(t("history.reason_needed"))
    return reason if pressed and reason else None
