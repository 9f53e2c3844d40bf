"""Let users enter a figure of a municipality, with its source: on Balans, and where it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from data.vocabulary import Confidentiality
from store.access import Action, Resource, may
from store.figures import STATUSES, enter_task
from ui import session
from ui.text import named, t


def may_enter(code: str) -> bool:
    """Say whether who acts may enter figures of a municipality."""
    return may(session.actor(), Action.ENTER_FIGURES, Resource("tasks", municipality=code))


def task_form(key: str, towns: Mapping[str, str]) -> bool:
    """Show the form of a task or of realised places; gives whether a figure was kept now.

    Args:
        key: of the form.
        towns: of which municipalities, name by code; with one it is not asked.

    Raises:
        StoreError: source or date is missing, or the figure is none.
        AccessDeniedError: the user may not enter it.
    """
    with st.form(key):
        st.markdown(f"**{t('balance.enter_task')}**")
        codes = list(towns)
        code = codes[0]
        if len(codes) > 1:
            code = st.selectbox(t("balance.column.name"), codes, format_func=towns.__getitem__)
        cycle = st.selectbox(
            t("balance.cycle"), [1, 2], format_func=lambda c: t(f"balance.cycle.{c}")
        )
        status = st.selectbox(
            t("balance.column.task_status"), STATUSES, format_func=lambda s: named("TaskStatus", s)
        )
        places = st.number_input(t("balance.column.task"), 0, 100_000, None, 1)
        realised = st.number_input(t("balance.column.realised"), 0, 100_000, None, 1)
        source = st.text_input(t("sheet.source"), max_chars=500)
        day = st.date_input(t("balance.source_date"), None, format="DD-MM-YYYY")
        readers = choose_readers(f"{key}_class")
        if not st.form_submit_button(t("balance.save"), key=f"{key}_save"):
            return False
    if places is None and realised is None:
        st.error(t("balance.no_figure"))
        return False
    enter_task(
        session.store(),
        session.actor(),
        municipality_code=str(code),
        cycle=int(cycle or 1),
        status=str(status),
        places=places,
        realised_places=realised,
        source=source,
        source_date=day.isoformat() if isinstance(day, dt.date) else "",
        confidentiality=readers,
    )
    return True


def choose_readers(key: str) -> Confidentiality:
    """Let the user choose which readers a figure may reach."""
    classes = [Confidentiality.VERTROUWELIJK, Confidentiality.GEDEELD, Confidentiality.OPENBAAR]
    return st.selectbox(
        t("balance.class"),
        classes,
        key=key,
        format_func=lambda value: named("Confidentiality", str(value)),
        help=t("balance.class_help"),
    )
