"""Page Aanleveren: bring candidate plots in, and take a delivery back."""

from __future__ import annotations

import streamlit as st

from ui import deliver_file, delivered
from ui.text import t


def show() -> None:
    """Show the page."""
    st.title(t("deliver.title"))
    st.caption(t("deliver.intro"))
    tabs = {
        "file": deliver_file.show,
        "log": delivered.show,
    }
    for tab, content in zip(
        st.tabs([t(f"deliver.tab.{key}") for key in tabs]), tabs.values(), strict=True
    ):
        with tab:
            content()
