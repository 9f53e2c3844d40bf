"""Page Toegankelijkheid: the accessibility statement, in the model of the Dutch government."""

from __future__ import annotations

import os

import streamlit as st

from ui.text import escaped, t

CONTACT_VARIABLE = "LOCATIEWIJZER_CONTACT"
"""Environment variable: whom to tell of what stands in one's way, an address or a name."""


def show() -> None:
    """Show the page."""
    st.title(t("statement.title"))
    st.write(t("statement.intro"))
    st.markdown(f"**{t('statement.status')}**")
    st.write(t("statement.status_why"))
    st.write(t("statement.date"))
    for part in ("tested", "open"):
        st.header(t(f"statement.{part}"))
        st.markdown(t(f"statement.{part}_list"))
    st.header(t("statement.contact"))
    contact = os.environ.get(CONTACT_VARIABLE, "").strip()
    if contact:
        st.write(t("statement.contact_to", contact=escaped(contact[:200])))
    else:
        st.write(t("statement.contact_none"))
    st.write(t("statement.ombudsman"))
