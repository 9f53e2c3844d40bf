"""Let users write what comes next for a plot: steps in time, and six answers for a council."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import streamlit as st

from presentation.numbers import month
from reports.council.next_steps import month_after
from store.errors import StoreError
from store.plans import MOST_STEPS, erase_plan, may_write_plan, plans_of, write_plan
from store.records import QUESTIONS, Answer, Plan, Step
from ui import session
from ui.classes import choose_class
from ui.dialog import open_dialog
from ui.map import shortened
from ui.text import language, t
from ui.told import tell

_MONTHS_BACK, _MONTHS_ON = 12, 60
_LEAST_ROWS, _SPARE_ROWS = 3, 2


def choose(plots: gpd.GeoDataFrame) -> None:
    """Show a choice of plots, as far as the user may write for them, with the way to the dialog."""
    columns = ["confidentiality", "municipality_code"]
    rows = zip(plots.index, plots[columns].itertuples(index=False), strict=True)
    mine = [i for i, row in rows if may_write_plan(session.actor(), row._asdict())]
    if not mine:
        return
    names = dict(zip(plots.index, shortened(plots["name"], language()), strict=True))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    chosen = left.selectbox(
        t("plan.which"), mine, format_func=lambda plot_id: names[plot_id], key="plan_of"
    )
    if right.button(t("plan.open"), key="open_plan", icon=":material/event:", width="stretch"):
        _edit(str(chosen))


def offer(plot: Mapping[str, Any], plot_id: str) -> None:
    """Show the way to the dialog on the sheet of a plot, where the user may write for it."""
    if may_write_plan(session.actor(), plot) and st.button(
        t("plan.open"), key="open_plan", icon=":material/event:"
    ):
        _edit(plot_id)


def _edit(plot_id: str) -> None:
    st.session_state.pop("_plan", None)
    # fields of another opening, or of another plot, keep nothing of what was typed there
    st.session_state["_plan_turn"] = st.session_state.get("_plan_turn", 0) + 1
    open_dialog("plan.open", "large", _plan_of, plot_id)


def _plan_of(plot_id: str) -> None:
    name = session.candidate_plots()["name"].loc[[plot_id]]
    st.subheader(shortened(name, language())[0])
    st.caption(t("plan.intro"))
    # what was there when the dialog opened: another's change since then is told, not lost
    seen: Plan = st.session_state.setdefault(
        "_plan",
        plans_of(session.store(), session.actor(), [plot_id]).get(plot_id, Plan(plot_id)),
    )
    with st.form("plan", border=False):
        steps, questions = st.tabs([t("plan.tab_steps"), t("plan.tab_questions")])
        with steps:
            rows = min(max(_LEAST_ROWS, len(seen.steps) + _SPARE_ROWS), MOST_STEPS)
            written = [
                _step(place, seen.steps[place] if place < len(seen.steps) else None)
                for place in range(rows)
            ]
        with questions:
            answers = [_answer(seen.answer(question)) for question in QUESTIONS]
        confidentiality = choose_class(
            t("plan.class"),
            seen.confidentiality,
            help=t("plan.class_help"),
            key=_key("class", ""),
        )
        save, erase = st.columns(2)
        saved = save.form_submit_button(t("plan.save"), key="save_plan", type="primary")
        erased = erase.form_submit_button(
            t("plan.erase"), key="erase_plan", disabled=not seen.version
        )
    try:
        if erased:
            erase_plan(session.store(), session.actor(), plot_id)
        elif saved:
            write_plan(
                session.store(),
                session.actor(),
                Plan(
                    plot_id,
                    tuple(step for step in written if step is not None),
                    tuple(answers),
                    confidentiality,
                    seen.version,
                ),
            )
    except StoreError as problem:
        tell(problem)
        return
    if saved or erased:
        st.session_state.pop("_plan", None)
        st.toast(t("plan.saved" if saved else "plan.erased"))
        st.rerun()


def _key(part: str, which: object) -> str:
    return f"plan{st.session_state['_plan_turn']}_{part}_{which}"


def _step(place: int, before: Step | None) -> Step | None:
    """Show the fields of a step; None when all of them are empty."""
    st.markdown(f"**{t('plan.step', number=place + 1)}**")
    first, second = st.columns([3, 2])
    what = first.text_input(
        t("plan.what"), before.what if before else "", max_chars=160, key=_key("what", place)
    )
    who = second.text_input(
        t("plan.who"), before.who if before else "", max_chars=160, key=_key("who", place)
    )
    third, fourth, fifth = st.columns([3, 3, 4], vertical_alignment="bottom")
    with third:
        begins = _month("begins", place, before.begins if before else None)
    with fourth:
        ends = _month("ends", place, before.ends if before else None)
    council = fifth.checkbox(
        t("plan.council"), before.council if before else False, key=_key("council", place)
    )
    if not (what.strip() or who.strip() or begins or ends):
        return None
    return Step(what, who, begins, ends, council)


def _month(part: str, place: int, before: dt.date | None) -> dt.date | None:
    first = session.today().replace(day=1)
    for _ in range(_MONTHS_BACK):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    options = [first]
    while len(options) < _MONTHS_BACK + _MONTHS_ON:
        options.append(month_after(options[-1]))
    if before is not None and before not in options:
        options = sorted([*options, before])
    return st.selectbox(
        t(f"plan.{part}"),
        options,
        index=None if before is None else options.index(before),
        format_func=lambda value: month(value, language()),
        placeholder=t("plan.no_month"),
        key=_key(part, place),
    )


def _answer(before: Answer) -> Answer:
    """Show the fields of an answer."""
    key = before.question
    st.markdown(f"**{t(f'reports.council.six_{key}')}**")
    words = st.text_area(
        t("plan.answer"), before.words, max_chars=600, height=70, key=_key("words", key)
    )
    first, second, third = st.columns(3)
    who = first.text_input(t("plan.finds"), before.who, max_chars=160, key=_key("finds", key))
    source = second.text_input(
        t("plan.source"), before.source, max_chars=160, key=_key("source", key)
    )
    given: Any = third.date_input(
        t("plan.source_date"), before.date, format="DD-MM-YYYY", key=_key("date", key)
    )
    return Answer(key, words, who, source, given if isinstance(given, dt.date) else None)
