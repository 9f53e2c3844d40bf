"""Say on a page that there is nothing to show yet, and what to do about it."""

from __future__ import annotations

import streamlit as st

from ui import links, session
from ui.text import t


def nothing_to_compare() -> None:
    """Say that there are no two plots to compare."""
    st.info(t("compare.no_plots"))
    _way_to_deliver()


def nothing_for_readers() -> None:
    """Say that the chosen readers may see no plot, or that there is none at all."""
    if session.candidate_plots().empty:
        nothing_yet()
    else:
        st.info(t("outputs.none"))


def nothing_yet() -> None:
    """Say that there are no plots yet."""
    st.info(t("outputs.no_plots"))
    _way_to_deliver()


def _way_to_deliver() -> None:
    """Offer the way to the page where plots come in, to whom may go there."""
    if links.has_page("aanleveren") and st.button(
        t("explore.panel.door_deliver"), key="to_deliver"
    ):
        links.open_page("aanleveren")
