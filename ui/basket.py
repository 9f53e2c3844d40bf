"""Keep the plots put by for comparing, and the favourites, in the link and the session."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from ui import links

BASKET = "basket"
MOST_IN_BASKET = 5
FAVOURITES = "fav"
_KEPT = "_basket"
_STARRED = "_favourites"


def basket(plots: gpd.GeoDataFrame) -> list[str]:
    """Give what was put by, as far as it is there; it is kept in the address of Verkennen."""
    if BASKET in st.query_params:
        st.session_state[_KEPT] = st.query_params[BASKET].split(",")
    kept = _there(st.session_state.get(_KEPT), plots)[:MOST_IN_BASKET]
    links.put(BASKET, kept)
    return kept


def keep(given: object) -> None:
    """Keep what the panel says to be put by."""
    kept = _texts(given)[:MOST_IN_BASKET]
    st.session_state[_KEPT] = kept
    links.put(BASKET, kept)


def take_favourites(plots: gpd.GeoDataFrame) -> None:
    """Remember the favourites of the address, which the browser keeps there."""
    if FAVOURITES in st.query_params:
        st.session_state[_STARRED] = _there(st.query_params[FAVOURITES].split(","), plots)


def keep_favourites(given: object) -> None:
    """Keep what the panel says to be favourites."""
    st.session_state[_STARRED] = _texts(given)


def to_compare(order: list[str]) -> list[str]:
    """Give what a comparison opens on: what was put by, else favourites, else the best three.

    Args:
        order: all plots that take part, the best first.
    """
    for key in (_KEPT, _STARRED):
        wanted = set(st.session_state.get(key) or [])
        found = [plot_id for plot_id in order if plot_id in wanted][:MOST_IN_BASKET]
        if len(found) > 1:
            return found
    return order[:3]


def _texts(given: object) -> list[str]:
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _there(given: list[str] | None, plots: gpd.GeoDataFrame) -> list[str]:
    return [plot_id for plot_id in given or [] if plot_id in plots.index]
