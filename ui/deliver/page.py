"""Page Aanleveren: bring candidate plots in, and take a delivery back."""

from __future__ import annotations

import streamlit as st

from ui import done, links
from ui.deliver import delivered, drawn, from_file, typed
from ui.text import t

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
    done.show()
    links.take_choice("way", tuple(_WAYS), "file")
    way = st.segmented_control(
        t("deliver.way"),
        list(_WAYS),
        key="way",
        required=True,
        format_func=lambda value: t(f"deliver.tab.{value}"),
        label_visibility="collapsed",
    )
    links.put("way", way or "file", "file")
    _WAYS[way or "file"]()
