"""Front door of Locatiewijzer: page set-up, sign-in and navigation."""

from __future__ import annotations

import streamlit as st

from ui import frame


def main() -> None:
    """Set the page up and show the page that was asked for."""
    st.set_page_config(page_title="Locatiewijzer", layout="wide", initial_sidebar_state="collapsed")
    frame.begin()
    page = st.navigation(frame.pages(), position="top")
    frame.dress()
    with frame.told_errors():
        page.run()


main()
