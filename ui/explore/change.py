"""Change a plot in a dialog: its fields, its shape on the map, or take it off the map."""

from __future__ import annotations

import datetime as dt
from typing import Any

import shapely
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.plot_record import plain_value
from data.plot_schema import SCHEMA, ColumnType, PlotColumn
from messages import Message
from presentation.plot_columns import column_label, column_value
from store.plots import HistoryEntry, plot_version, restore_plot
from store.plots import withdraw_plot as withdraw
from ui import done, session
from ui.deliver import drawn
from ui.dialog import open_dialog
from ui.map import shortened
from ui.reason import ask_reason
from ui.text import date, escaped, language, t

_PARTS = ("fields", "shape", "withdraw")
_SEEN = "_change_seen"
_TURN = "_change_turn"
_PLOT = "_change_plot"


def begin(plot_id: str) -> None:
    """Remember what is there now: another's change after it is told, not lost."""
    st.session_state[_SEEN] = plot_version(session.store(), session.actor(), plot_id)
    # the fields keep showing it: a default that changes would empty what was typed
    st.session_state[_PLOT] = session.candidate_plots().loc[plot_id]
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def open_change(plot_id: str) -> None:
    """Open the dialog on the fields of a plot."""
    begin(plot_id)
    open_dialog("change.title", "large", _change, plot_id)


def _change(plot_id: str) -> None:
    name = shortened(session.candidate_plots()["name"].loc[[plot_id]], language())[0]
    st.subheader(escaped(name))
    part = st.segmented_control(
        t("change.part"),
        _PARTS,
        default=_PARTS[0],
        required=True,
        key=f"change_part_{_turn()}",
        format_func=lambda value: t(f"change.part.{value}"),
        label_visibility="collapsed",
    )
    {"fields": fields, "shape": _shape, "withdraw": _withdraw}[part or _PARTS[0]](plot_id, name)


def _turn() -> int:
    return int(st.session_state[_TURN])


def _reason(form: str, button: str) -> str | None:
    return ask_reason("history.reason", button, key=f"{form}_{_turn()}", primary=True)


def fields(plot_id: str, name: str) -> None:
    """Show the form with every field of a plot."""
    plot = st.session_state[_PLOT]
    with st.form(f"change_{plot_id}_{_turn()}", border=False):
        parts = st.columns(3)
        wanted = {
            column.key: column_field(parts[place % 3], column, plot[column.key])
            for place, column in enumerate(SCHEMA)
        }
        reason = st.text_input(t("history.reason"), max_chars=500, key=f"why_{_turn()}").strip()
        if not st.form_submit_button(t("history.save"), key=f"save_{plot_id}", type="primary"):
            return
    changed = {
        column.key: wanted[column.key]
        for column in SCHEMA
        if wanted[column.key] != (plain_value(plot[column.key]) or column.unknown)
        and wanted[column.key] != plain_value(plot[column.key])
    }
    if not changed:
        st.info(t("history.nothing"))
    elif not reason:
        st.error(t("history.reason_needed"))
    else:
        save(plot_id, name, changed, reason)


def save(plot_id: str, name: str, changed: dict[str, Any], reason: str) -> None:
    """Write a change; what another changed meanwhile in the same columns is told first."""
    message = Message("done.changed", {"name": name})
    if done.change(plot_id, changed, reason=reason, message=message, seen_key=_SEEN):
        st.rerun()


def _shape(plot_id: str, name: str) -> None:
    st.caption(t("change.shape_help"))
    shape = drawn.ask_shape(plot_id, key=f"change-{_turn()}")
    if shape is None:
        return
    before = session.candidate_plots().geometry[plot_id]
    if shapely.equals_exact(shape, before, tolerance=drawn.SAME_M):
        return
    reason = _reason("shape", "deliver.drawn.save")
    if reason:
        save(plot_id, name, drawn.shape_values(shape), reason)


def _withdraw(plot_id: str, name: str) -> None:
    st.write(t("change.withdraw_ask", name=escaped(name)))
    reason = _reason("withdraw", "change.withdraw")
    if reason:
        store, actor = session.store(), session.actor()
        if not done.replace_whole(
            plot_id, Message("done.withdrawn", {"name": name}), _SEEN,
            lambda seen: withdraw(store, actor, plot_id, reason=reason, expected_version=seen),
        ):  # fmt: skip
            return
        if st.query_params.get("plot") == plot_id:
            del st.query_params["plot"]
        st.rerun()


def open_restore(former: list[HistoryEntry], plot_id: str, seen: int) -> None:
    """Open the dialog in which a former state of a plot is put back.

    Args:
        former: the states to choose from, the latest last.
        plot_id: of which plot.
        seen: the version of the plot that the user looks at.
    """
    st.session_state[_SEEN] = seen
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    open_dialog("history.restore.do", "small", _restore, former, plot_id)


def _restore(former: list[HistoryEntry], plot_id: str) -> None:
    chosen = st.selectbox(
        t("history.restore.choose"), former[::-1], format_func=_entry, key=f"former_{_turn()}"
    )
    reason = _reason("restore", "history.restore.do")
    if not reason or chosen is None:
        return
    store, actor = session.store(), session.actor()
    name = shortened(session.candidate_plots()["name"].loc[[plot_id]], language())[0]
    if done.replace_whole(
        plot_id, Message("done.restored", {"name": name}), _SEEN,
        lambda seen: restore_plot(
            store, actor, plot_id, chosen.version, reason=reason, expected_version=seen
        ),
    ):  # fmt: skip
        st.rerun()


def _entry(entry: HistoryEntry) -> str:
    made = (
        t("history.restore.delivery", file=entry.reason[:60])
        if entry.delivery is not None
        else entry.reason[:60]
    )
    return f"{entry.version} · {date(entry.at.date())} · {made}"


_LONGEST_LINE = 500


def column_field(part: DeltaGenerator, column: PlotColumn, value: Any) -> Any:
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
