"""Show what became of a plot over time, and change its state, term or next actor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from data.vocabulary import Confidentiality, PlotState
from store.errors import PlotConflictError
from store.plots import HistoryEntry, change_plot, plot_history, plot_version, restore_plot
from ui import session
from ui.text import date, escaped, named, number, t, told

_ENUMS = {
    "owner_kind": "OwnerKind",
    "object_kind": "ObjectKind",
    "zoning": "Zoning",
    "nature": "NatureStatus",
    "grid_connection": "GridConnection",
    "state": "PlotState",
    "confidentiality": "Confidentiality",
}


def show(plots: gpd.GeoDataFrame, plot_id: str, *, opened: bool = False) -> None:
    """Show the history of a plot, and a form to change it; ``opened`` unfolds it."""
    if opened:
        st.session_state["history"] = True
    folded = st.expander(
        t("history.title"), icon=":material/history:", key="history", on_change="rerun"
    )
    if not folded.open:
        return
    with folded:
        entries = plot_history(session.store(), session.actor(), plot_id)
        st.dataframe(
            {
                t("history.when"): [date(entry.at.date()) for entry in entries],
                t("history.who"): [entry.actor for entry in entries],
                t("history.why"): [entry.reason for entry in entries],
                t("history.what"): [_changes(entry) for entry in entries],
            },
            hide_index=True,
        )
        _form(plots.loc[plot_id], plot_id)
        _restore(entries, plot_id)


def _restore(entries: list[HistoryEntry], plot_id: str) -> None:
    """Offer the former states of a plot to go back to."""
    former = [entry for entry in entries[:-1] if not entry.removed]
    if not former:
        return
    with st.form(f"restore_{plot_id}", border=False):
        left, right = st.columns(2)
        chosen = left.selectbox(t("history.restore.choose"), former[::-1], format_func=_named)
        reason = right.text_input(t("history.reason"), max_chars=500)
        if not st.form_submit_button(t("history.restore.do"), key=f"put_back_{plot_id}"):
            return
    if not reason.strip():
        st.error(t("history.reason_needed"))
        return
    restore_plot(session.store(), session.actor(), plot_id, chosen.version, reason=reason.strip())
    st.session_state.pop(f"_seen_version_{plot_id}", None)
    st.rerun()


def _named(entry: HistoryEntry) -> str:
    made = (
        t("history.restore.delivery", number=entry.delivery)
        if entry.delivery is not None
        else entry.reason[:60]
    )
    return f"{entry.version} · {date(entry.at.date())} · {made}"


def _changes(entry: HistoryEntry) -> str:
    if entry.removed:
        return t("history.removed")
    if entry.version == 1:
        return t("history.created")
    return "; ".join(
        t(
            "history.change",
            column=t(f"deliver.field.{column}") if column != "geometry" else t("history.shape"),
            before="" if column == "geometry" else _said(column, before),
            after="" if column == "geometry" else _said(column, after),
        )
        for column, (before, after) in entry.changes.items()
    )


def _said(column: str, value: Any) -> str:
    if value is None or value == "onbekend":
        return t("frame.unknown")
    if column in _ENUMS:
        return named(_ENUMS[column], value)
    if isinstance(value, bool):
        return t("frame.yes" if value else "frame.no")
    if isinstance(value, float):
        return number(value)
    return str(value)[:120]


def _day(value: Any) -> dt.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _form(plot: Any, plot_id: str) -> None:
    seen_key = f"_seen_version_{plot_id}"
    if seen_key not in st.session_state:
        st.session_state[seen_key] = plot_version(session.store(), session.actor(), plot_id)
    seen = int(st.session_state[seen_key])
    with st.form(f"change_{plot_id}", border=False):
        left, middle, right = st.columns(3)
        states = [str(state) for state in PlotState]
        state = left.selectbox(
            t("deliver.field.state"),
            states,
            index=states.index(plot["state"]) if plot["state"] in states else 0,
            format_func=lambda value: named("PlotState", value),
        )
        begin = middle.date_input(
            t("deliver.field.available_from"), _day(plot["available_from"]), format="DD-MM-YYYY"
        )
        end = right.date_input(
            t("deliver.field.available_until"), _day(plot["available_until"]), format="DD-MM-YYYY"
        )
        actor = left.text_input(
            t("deliver.field.next_actor"), plot["next_actor"] or "", max_chars=120
        )
        classes = [str(value) for value in Confidentiality]
        confidentiality = middle.selectbox(
            t("deliver.field.confidentiality"),
            classes,
            index=classes.index(plot["confidentiality"]),
            format_func=lambda value: named("Confidentiality", value),
        )
        reason = right.text_input(t("history.reason"), max_chars=500)
        if not st.form_submit_button(t("history.save"), key=f"save_{plot_id}"):
            return
    wanted = {
        "state": state,
        "available_from": begin if isinstance(begin, dt.date) else None,
        "available_until": end if isinstance(end, dt.date) else None,
        "next_actor": actor.strip() or None,
        "confidentiality": confidentiality,
    }
    present = {
        "state": plot["state"],
        "available_from": _day(plot["available_from"]),
        "available_until": _day(plot["available_until"]),
        "next_actor": plot["next_actor"] or None,
        "confidentiality": plot["confidentiality"],
    }
    changed = {column: value for column, value in wanted.items() if value != present[column]}
    if not changed:
        st.info(t("history.nothing"))
    elif not reason.strip():
        st.error(t("history.reason_needed"))
    else:
        try:
            change_plot(
                session.store(),
                session.actor(),
                plot_id,
                changed,
                reason=reason.strip(),
                expected_version=seen,
            )
        except PlotConflictError as conflict:
            st.error(told(conflict.message))
            for column, (there, wanted_value) in conflict.values.items():
                st.caption(
                    t(
                        "history.conflict",
                        column=t(f"deliver.field.{column}"),
                        there=escaped(_said(column, there)),
                        wanted=escaped(_said(column, wanted_value)),
                    )
                )
            # the next press is a choice made with the other's value in sight
            st.session_state[seen_key] = plot_version(session.store(), session.actor(), plot_id)
            return
        st.session_state.pop(seen_key, None)
        st.rerun()
