"""The script of the app: page set-up, sign-in and navigation."""

from __future__ import annotations

import streamlit as st

from ui import frame, shared, sign_in


def main() -> None:
    """Set the page up and show the page that was asked for."""
    st.set_page_config(page_title="Locatiewijzer", layout="wide", initial_sidebar_state="collapsed")
    frame.begin()
    sign_in.refuse_unsafe_start()
    secret = st.query_params.get(shared.PARAMETER)
    if secret:
        st.navigation([st.Page(lambda: None, title="Locatiewijzer")], position="hidden")
        frame.dress(signed_in=False)
        with frame.told_errors():
            shared.show(secret)
        return
    page = st.navigation(frame.pages(frame.who()), position="top")
    frame.dress()
    with frame.told_errors():
        page.run()


main()
