"""Say what was done with plots, with the way to where they are and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from geo.crs import to_wgs84
from messages import Message
from presentation.plot_columns import column_label, column_value
from store.deliveries import undo_delivery
from store.errors import NotFoundError, PlotConflictError
from store.plots import GONE, change_plot, plot_version, restore_plot, withdraw_plot
from ui import links, session
from ui.text import escaped, language, t, told

_KEY = "_done"


@dataclass(frozen=True)
class Done:
    """What was done with which plots, and how it is taken back: a version or a delivery.

    ``back_to`` is the version to put back, ``GONE`` to take the plot out. ``now`` is the version
    that it made (``GONE`` after a withdrawal): is another there by the time of the undo, then
    somebody else changed the plot, and that is not undone unseen.
    """

    message: Message
    plot_ids: tuple[str, ...]
    back_to: int | None = None
    now: int | None = None
    delivery: int | None = None


def say(
    message: Message,
    plot_ids: Sequence[str],
    *,
    back_to: int | None = None,
    now: int | None = None,
    delivery: int | None = None,
) -> None:
    """Remember what was done, to be told at the next run of whichever page."""
    st.session_state[_KEY] = Done(message, tuple(plot_ids), back_to, now, delivery)


def say_change(message: Message, plot_id: str, *, back_to: int) -> None:
    """Remember that a plot was changed, and how that is taken back: the version of before."""
    say(message, [plot_id], back_to=back_to, now=version_of(plot_id))


def change(
    plot_id: str,
    changed: Mapping[str, Any],
    *,
    reason: str,
    message: Message,
    seen_key: str,
) -> bool:
    """Write a change of a plot, and say whether it was written.

    What another changed meanwhile in the same columns is shown first, beside what was wanted.

    Args:
        plot_id: of which plot.
        changed: what it becomes, by column.
        reason: why.
        message: what to tell of it.
        seen_key: of the session, under which the version stands that was looked at. After a
            conflict it is that of now: the next press is a choice made with the other's value in
            sight.
    """
    store, actor = session.store(), session.actor()

    def write(seen: int) -> None:
        change_plot(store, actor, plot_id, changed, reason=reason, expected_version=seen)

    return _written(plot_id, message, seen_key, "history.conflict", write)


def replace_whole(
    plot_id: str, message: Message, seen_key: str, write: Callable[[int], None]
) -> bool:
    """Take a plot out or put a state of it back, and say whether it was done.

    What another changed meanwhile is shown first, beside what it was.

    Args:
        plot_id: which plot.
        message: what to tell of it.
        seen_key: see :func:`change`.
        write: does it, where the plot still has the version that it is given.
    """
    return _written(plot_id, message, seen_key, "history.changed_since", write)


def _written(
    plot_id: str, message: Message, seen_key: str, line: str, write: Callable[[int], None]
) -> bool:
    """Write over the version that was looked at, and tell that, or with a line what another did."""
    before = version_of(plot_id)
    try:
        write(int(st.session_state[seen_key]))
    except PlotConflictError as conflict:
        _tell_conflict(conflict, line)
        st.session_state[seen_key] = version_of(plot_id)
        return False
    say_change(message, plot_id, back_to=before)
    return True


def _tell_conflict(conflict: PlotConflictError, line: str) -> None:
    """Tell that another changed a plot, with a line (key of a message) for each column."""
    st.error(told(conflict.message))
    for column, values in conflict.values.items():
        shape = column == "geometry"
        there, ours = (
            t("history.shape") if shape else escaped(said(column, value)) for value in values
        )
        label = t("history.shape") if shape else column_label(column, language())
        st.caption(t(line, column=label, there=there, wanted=ours))


def said(column: str, value: Any) -> str:
    """Give a value of a column in words, cut where it is long."""
    return column_value(column, value, language())[:120]


def _forget() -> None:
    st.session_state.pop(_KEY, None)


def is_told() -> bool:
    """Say whether there is something to tell."""
    return st.session_state.get(_KEY) is not None


def show() -> None:
    """Tell what was done last, until it is closed or undone, or something else is done."""
    done: Done | None = st.session_state.get(_KEY)
    if done is None:
        return
    known = session.candidate_plots().index
    there = [plot_id for plot_id in done.plot_ids if plot_id in known]
    with st.container(key="done", horizontal=True, vertical_alignment="center"):
        st.markdown(told(done.message))
        if there and st.query_params.get("plot") not in there and st.button(
            t("done.look"), key="done_look", icon=":material/map:"
        ):  # fmt: skip
            _look(there)
        undo = done.back_to is not None or done.delivery is not None
        if undo and st.button(t("done.undo"), key="done_undo", icon=":material/undo:"):
            _undo(done)
        st.button(t("done.close"), key="done_close", type="tertiary", on_click=_forget)


_EQUATOR_M = 40_075_017
"""At zoom 0 it lies on 256 pixels; further north a metre takes more, so all stays in sight."""
_MAP_PX = 300
"""The least that a map has of width and height, on a telephone."""


def _look(plot_ids: Sequence[str]) -> None:
    """Open Verkennen on one plot, or on the part of the map where several are."""
    if len(plot_ids) == 1:
        st.session_state["_opened"] = True
        links.open_page("verkennen", plot=plot_ids[0])
    shapes = session.candidate_plots().geometry.loc[list(plot_ids)]
    west, south, east, north = shapes.total_bounds
    span_m = max(east - west, north - south, 500.0)
    zoom = float(np.clip(np.floor(np.log2(_EQUATOR_M * _MAP_PX / 256 / span_m)), 8, 16))
    west, south, east, north = to_wgs84(shapes).total_bounds
    st.session_state["_extent"] = ((float(south + north) / 2, float(west + east) / 2), zoom)
    links.open_page("verkennen")


def _undo(done: Done) -> None:
    store, actor = session.store(), session.actor()
    reason = t("done.reason")
    if done.delivery is not None:
        undo_delivery(store, actor, done.delivery, reason=reason)
    else:
        (plot_id,) = done.plot_ids
        seen, back_to = done.now, done.back_to
        try:
            if back_to == GONE:
                withdraw_plot(store, actor, plot_id, reason=reason, expected_version=seen)
            elif back_to is not None:
                restore_plot(store, actor, plot_id, back_to, reason=reason, expected_version=seen)
        except PlotConflictError:
            st.error(t("done.changed_since"))
            return
    say(Message("done.undone"), done.plot_ids)
    st.rerun()


def version_of(plot_id: str) -> int:
    """Give the version of a plot, ``GONE`` when it is not there."""
    try:
        return plot_version(session.store(), session.actor(), plot_id)
    except NotFoundError:
        return GONE
