"""Ask which readers something may reach."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.vocabulary import Confidentiality
from ui.text import named


def choose_class(
    label: str,
    chosen: Confidentiality | str = Confidentiality.VERTROUWELIJK,
    *,
    place: Any = st,
    **more: Any,
) -> Confidentiality:
    """Let somebody choose a class; confidential unless another was chosen before.

    Args:
        label: above the choice.
        chosen: at first.
        place: where on the page.
        more: for the select box, as ``key`` and ``help``.
    """
    classes = [str(value) for value in Confidentiality]
    found = place.selectbox(
        label,
        classes,
        index=classes.index(str(chosen)),
        format_func=lambda value: named("Confidentiality", value),
        **more,
    )
    return Confidentiality(found)
