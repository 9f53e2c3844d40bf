"""Show what became of a plot over time, and change what is known of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.plot_record import plain_value
from data.plot_schema import SCHEMA, ColumnType, PlotColumn
from presentation.plot_columns import column_label, column_value
from store.errors import PlotConflictError
from store.plots import HistoryEntry, change_plot, plot_history, plot_version, restore_plot
from ui import session
from ui.tables import show_table
from ui.text import date, escaped, language, t, told


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
        show_table(
            {
                t("history.when"): [date(entry.at.date()) for entry in entries],
                t("history.who"): [entry.actor for entry in entries],
                t("history.why"): [entry.reason for entry in entries],
                t("history.what"): [_changes(entry) for entry in entries],
            },
            label=t("history.title"),
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
    return column_value(column, value, language())[:120]


_LONGEST_LINE = 500


def _field(part: DeltaGenerator, column: PlotColumn, value: Any) -> Any:
    """Show the field of a column; gives what stands in it as a record has it."""
    label = column_label(column.key, language())
    present = plain_value(value)
    if column.vocabulary is not None:
        members = [str(member) for member in column.vocabulary]
        known = present if present in members else column.unknown
        return part.selectbox(
            label,
            members,
            index=members.index(str(known)),
            format_func=lambda member: column_value(column.key, member, language()),
        )
    if column.type is ColumnType.BOOLEAN:
        answers = [None, True, False]
        return part.selectbox(
            label,
            answers,
            index=answers.index(present),
            format_func=lambda answer: column_value(column.key, answer, language()),
        )
    if column.type is ColumnType.DATE:
        day = dt.date.fromisoformat(present) if present else None
        return plain_value(part.date_input(label, day, format="DD-MM-YYYY"))
    if column.type is ColumnType.NUMBER:
        return part.number_input(label, min_value=0.0, value=present, step=1.0, format="%g")
    longest = max(column.longest, len(present or ""))
    if longest > _LONGEST_LINE:
        return part.text_area(label, present or "", max_chars=longest, height=80).strip() or None
    return part.text_input(label, present or "", max_chars=longest).strip() or None


def _form(plot: Any, plot_id: str) -> None:
    seen_key = f"_seen_version_{plot_id}"
    if seen_key not in st.session_state:
        st.session_state[seen_key] = plot_version(session.store(), session.actor(), plot_id)
    seen = int(st.session_state[seen_key])
    with st.form(f"change_{plot_id}", border=False):
        parts = st.columns(3)
        wanted = {
            column.key: _field(parts[place % 3], column, plot[column.key])
            for place, column in enumerate(SCHEMA)
        }
        reason = st.text_input(t("history.reason"), max_chars=500)
        if not st.form_submit_button(t("history.save"), key=f"save_{plot_id}"):
            return
    changed = {
        column.key: wanted[column.key]
        for column in SCHEMA
        if wanted[column.key] != (plain_value(plot[column.key]) or column.unknown)
        and wanted[column.key] != plain_value(plot[column.key])
    }
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
