"""Give the weights that the sliders of Verkennen stand at, for pages that use the same."""

from __future__ import annotations

import streamlit as st

from scoring.kader import Kader
from ui.explore.model import Weights, combine_weights, default_points


def current_weights(kader: Kader) -> Weights:
    """Give the weights of this session for a kader; its own where no slider was moved."""
    groups, criteria = default_points(kader)
    chosen_groups = {
        g: float(st.session_state.get(f"{kader.kind}.{g}", v)) for g, v in groups.items()
    }
    chosen = {k: float(st.session_state.get(f"{kader.kind}.{k}", v)) for k, v in criteria.items()}
    return combine_weights(kader, chosen_groups, chosen, (groups, criteria))
