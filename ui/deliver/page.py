"""Page Aanleveren: bring candidate plots in, and take a delivery back."""

from __future__ import annotations

import streamlit as st

from store.deliveries import list_deliveries
from ui import done, links, session
from ui.deliver import delivered, drawn, from_file, typed
from ui.text import number, t

_WAYS = {
    "file": from_file.show,
    "typed": typed.show,
    "drawn": drawn.show,
    "log": delivered.show,
}


def show() -> None:
    """Show the page: one way of delivering at a time, so that no other one is computed."""
    st.title(t("deliver.title"))
    st.caption(t("deliver.intro"))
    if done.is_told():
        done.show()
    else:
        _say_what_became_of_it()
    way = links.choose_part(
        "way", t("deliver.way"), list(_WAYS), lambda value: t(f"deliver.tab.{value}")
    )
    _WAYS[way]()


def _say_what_became_of_it() -> None:
    """Say after a reload whether the delivery that was being confirmed was kept."""
    pressed = st.query_params.get(from_file.PRESSED)
    if not pressed or st.session_state.get("_pressed"):
        return
    kept = list_deliveries(session.store(), session.actor(), confirmation=pressed)
    if kept:
        st.success(t("deliver.confirmed", count=number(kept[0].plot_count)))
    else:
        st.warning(t("deliver.not_kept"))
