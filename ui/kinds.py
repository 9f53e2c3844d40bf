"""Choose the kind of reception: the same choice on every page, kept in the address."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.vocabulary import ReceptionKind
from ui import links
from ui.text import named, t


def choose_kind(place: DeltaGenerator | None = None) -> ReceptionKind:
    """Show the choice, in a column if one is given, and give the kind."""
    kinds = [str(kind) for kind in ReceptionKind]
    links.take_choice("kind", kinds, kinds[0])
    chosen = (place or st).selectbox(
        t("explore.kind"),
        kinds,
        key="kind",
        persist_state="session",
        format_func=lambda value: named("ReceptionKind", value),
    )
    links.put("kind", chosen or kinds[0], kinds[0])
    return ReceptionKind(chosen or kinds[0])
