"""Deliver a plot by its cadastral number or address."""

from __future__ import annotations

import hashlib

import streamlit as st

from geo.cadastral import LookupFailedError, parse_cadastral_number
from geo.pdok import address_geojson, addresses_at_pdok, parcel_at_pdok
from ui.deliver.files import one_file
from ui.deliver.from_file import TYPED, deliver
from ui.text import t, told

_NUMBER, _ADDRESS = TYPED


def show() -> None:
    """Show the tab."""
    left, right = st.columns(2)
    with left, st.form("typed_number", border=False):
        text = st.text_input(
            t("deliver.typed.number"), max_chars=40, help=t("deliver.typed.number.help")
        )
        parcels = st.file_uploader(t("deliver.typed.parcels"), key="typed_parcels")
        if st.form_submit_button(t("deliver.typed.find"), key="find_number") and text.strip():
            _find_number(text, (parcels.name, parcels.getvalue()) if parcels else None)
    with right, st.form("typed_address", border=False):
        address = st.text_input(
            t("deliver.typed.address"), max_chars=120, help=t("deliver.typed.address.help")
        )
        if st.form_submit_button(t("deliver.typed.find"), key="find_address") and address.strip():
            _find_address(address)
    found = st.session_state.get(_ADDRESS)
    if found:
        st.caption(t("deliver.typed.address_found"))
        chosen = st.selectbox(
            t("deliver.typed.address"), found, format_func=lambda a: a.label, key="address_chosen"
        )
        if chosen is not None:
            content = address_geojson(chosen)
            deliver([one_file("adres.geojson", content)], None)
    file = st.session_state.get(_NUMBER)
    if file:
        deliver([one_file(*file)], None)


def _find_number(text: str, parcels: tuple[str, bytes] | None) -> None:
    st.session_state.pop(_NUMBER, None)
    st.session_state.pop(_ADDRESS, None)
    try:
        number = parse_cadastral_number(text)
        if parcels is not None:
            sha = hashlib.sha256(parcels[1]).hexdigest()
            st.session_state[f"parcels_{sha}"] = (str(number),)
            st.session_state[_NUMBER] = parcels
        else:
            st.session_state[_NUMBER] = (f"{number}.geojson", parcel_at_pdok(number))
    except LookupFailedError as problem:
        st.error(told(problem.message))


def _find_address(text: str) -> None:
    st.session_state.pop(_NUMBER, None)
    st.session_state.pop(_ADDRESS, None)
    try:
        st.session_state[_ADDRESS] = addresses_at_pdok(text)
    except LookupFailedError as problem:
        st.error(told(problem.message))
