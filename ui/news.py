"""Say that something is new where others work at the same plots, and change nothing by itself."""

from __future__ import annotations

import streamlit as st

from store.plots import visible_version
from store.users import SessionEndedError
from ui import offer, session, sign_in
from ui.text import t, told
from ui.told import told_errors

_SEEN = "_seen_version"
_EVERY_S = 1.5
"""With it a change by another instance is told within two seconds."""


def show() -> None:
    """Remember what the page shows now, and look from time to time; only where more people work."""
    if sign_in.mode() is sign_in.Mode.LOCAL:
        return
    st.session_state.pop(offer.FAILED, None)
    try:
        st.session_state[_SEEN] = visible_version(session.store(), session.actor())
    except SessionEndedError:
        return
    _look()


@st.fragment(run_every=_EVERY_S)
def _look() -> None:
    with told_errors():
        try:
            now = visible_version(session.store(), session.actor())
        except SessionEndedError:
            # the whole page goes from a screen that was left open
            st.rerun()
        failed = st.session_state.get(offer.FAILED)
        if failed is not None:
            st.error(told(failed))
        if now == st.session_state.get(_SEEN, now):
            return
        with st.container(key="news", horizontal=True, vertical_alignment="center"):
            st.info(t("news.something"))
            if st.button(t("news.show"), key="show_news"):
                st.rerun()
