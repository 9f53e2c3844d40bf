"""Keep where the weights stand: the same on every page, and in the address of the page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from data.vocabulary import CriterionGroup
from scoring.kader import Kader
from ui import html
from ui.explore.model import Weights, combine_weights, default_points
from ui.text import date, t

Points = tuple[dict[CriterionGroup, float], dict[str, float]]


def current_points(kader: Kader) -> Points:
    """Give the points of groups and criteria: those of the kader where nobody moved them."""
    groups, criteria = default_points(kader)
    return (
        {group: _point(f"{kader.kind}.{group}", default) for group, default in groups.items()},
        {key: _point(f"{kader.kind}.{key}", default) for key, default in criteria.items()},
    )


def current_weights(kader: Kader) -> Weights:
    """Give the weights of this session for a kader; its own where nothing was moved."""
    return combine_weights(kader, *current_points(kader), default_points(kader))


def state_words(kader: Kader, fixed_on: dt.date | None, *, own: bool) -> str:
    """Say whose weights these are: the one text for it on every page.

    Args:
        kader: that is in force.
        fixed_on: when it was fixed, None for one that was not.
        own: whether somebody moved the weights.
    """
    if own:
        words = t("explore.weights.own")
    elif fixed_on is None:
        words = t("explore.badge_not_fixed", version=kader.version)
    else:
        words = t("explore.badge_kader", version=kader.version, date=date(fixed_on))
    if kader.day is None:
        return words
    return f"{words} {t('explore.badge_day', date=date(kader.day))}"


def show_state(kader: Kader, fixed_on: dt.date | None, *, own: bool) -> None:
    """Show :func:`state_words` as a mark."""
    html.show(
        "weights_badge.html",
        words=state_words(kader, fixed_on, own=own),
        fixed=not own and fixed_on is not None,
    )


def keep_points(kader: Kader, given: Mapping[str, Any]) -> None:
    """Keep what the weights bar let go: ``groups`` and ``points`` of 0 to 100 by name."""
    groups, criteria = default_points(kader)
    for names, defaults in (("groups", groups), ("points", criteria)):
        values = given.get(names)
        for name, default in defaults.items():
            value = values.get(str(name)) if isinstance(values, Mapping) else None
            if not isinstance(value, int | float) or not 0 <= value <= 100:
                continue
            key = f"{kader.kind}.{name}"
            st.session_state[key] = float(value)
            if round(value) == default:
                if key in st.query_params:
                    del st.query_params[key]
            else:
                st.query_params[key] = str(round(value))


def _point(key: str, default: float) -> float:
    if key not in st.session_state:
        asked = st.query_params.get(key) or ""
        good = re.fullmatch("[0-9]{1,3}", asked) is not None and int(asked) <= 100
        st.session_state[key] = float(asked) if good else default
    return float(st.session_state[key])
