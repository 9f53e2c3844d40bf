"""Show what became of a plot over time, with the way back to a former state."""

from __future__ import annotations

import streamlit as st

from presentation.plot_columns import column_label
from store.access import Action, may, resource_of
from store.plots import HistoryEntry, plot_history
from ui import done, session
from ui.explore import change
from ui.tables import show_table
from ui.text import date, language, t


def show(plot_id: str) -> None:
    """Show the versions of a plot, and for who may change it the way back to one of them."""
    entries = plot_history(session.store(), session.actor(), plot_id)
    columns = {
        t("history.when"): [date(entry.at.date()) for entry in entries],
        t("history.who"): [entry.actor for entry in entries],
        t("history.why"): [entry.reason for entry in entries],
        t("history.what"): [_changes(entry) for entry in entries],
    }
    # who and why are not for every reader, see plot_history
    told = {head: said for head, said in columns.items() if any(said)}
    show_table(told, label=t("history.title"))
    plot = session.candidate_plots().loc[plot_id]
    former = [entry for entry in entries[:-1] if not entry.removed]
    if former and may(session.actor(), Action.CHANGE_PLOTS, resource_of(plot)):
        st.button(
            t("history.restore.open"),
            key=f"restore_{plot_id}",
            icon=":material/history:",
            on_click=_ask,
        )
        if st.session_state.pop("_restore", False):
            change.open_restore(former, plot_id, entries[-1].version)


def _ask() -> None:
    st.session_state["_restore"] = True


def _changes(entry: HistoryEntry) -> str:
    if entry.removed:
        return t("history.removed")
    if entry.version == 1:
        return t("history.created")
    return "; ".join(
        t(
            "history.change",
            column=column_label(column, language()) if column != "geometry" else t("history.shape"),
            before="" if column == "geometry" else done.said(column, before),
            after="" if column == "geometry" else done.said(column, after),
        )
        for column, (before, after) in entry.changes.items()
    )
