"""Say that something is new where others work at the same things, and change nothing by itself.

The database is asked once for the whole server: a thread looks whether anybody did anything. Only
then is it asked what that means for those who see the same, once for all of them. A session itself
only compares.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

import sqlalchemy.exc
import streamlit as st

from store.changes import last_deed, visible_state
from store.database import Store
from store.users import SessionEndedError
from ui import offer, session, sign_in
from ui.log import OURS
from ui.text import t, told
from ui.told import told_errors

_SEEN = "_seen_version"
_SERVER_EVERY_S = 0.3
_EVERY_S = 1.4
"""Together with the time of one answer a change by another instance is told within two seconds."""

_log = logging.getLogger(OURS)


@dataclass
class Watch:
    """What the server knows of the last deed of anybody, at whatever instance."""

    store: Store
    at: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look from time to time, as long as the server runs; also after the database was away."""
        while not self.stopped.wait(_SERVER_EVERY_S):
            try:
                self.at = last_deed(self.store)
            except sqlalchemy.exc.SQLAlchemyError as problem:
                _log.log(logging.WARNING, "the database cannot be asked for news", exc_info=problem)
                self.stopped.wait(5)


@st.cache_resource(show_spinner=False)
def _watch() -> Watch:
    watch = Watch(session.store(), last_deed(session.store()))
    threading.Thread(target=watch.look, name="news", daemon=True).start()
    return watch


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _state(seen_by: str, deeds_at: int) -> str:
    return visible_state(session.store(), session.actor())


def show() -> None:
    """Remember what the page shows now, and look from time to time; only where more people work."""
    if sign_in.mode() is sign_in.Mode.LOCAL:
        return
    st.session_state.pop(offer.FAILED, None)
    deeds = last_deed(session.store())
    try:
        st.session_state[_SEEN] = (deeds, _state(session.view(), deeds))
    except SessionEndedError:
        return
    _look()


@st.fragment(run_every=_EVERY_S)
def _look() -> None:
    with told_errors():
        try:
            seen_by = session.view()
        except SessionEndedError:
            # the whole page goes from a screen that was left open
            st.rerun()
        failed = st.session_state.get(offer.FAILED)
        if failed is not None:
            st.error(told(failed))
        deeds = _watch().at
        seen_deeds, seen = st.session_state[_SEEN]
        if deeds <= seen_deeds:
            return
        now = _state(seen_by, deeds)
        if now == seen:
            st.session_state[_SEEN] = (deeds, seen)
            return
        with st.container(key="news", horizontal=True, vertical_alignment="center"):
            st.info(t("news.something"))
            if st.button(t("news.show"), key="show_news"):
                st.rerun()
