"""Let users type the answer to what is asked first about a plot, with who or what told it.

The answer changes the plot as any change does: it stands in the history with its source.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import streamlit as st

from data.plot_record import plain_value
from data.plot_schema import BY_KEY
from geo import layers
from messages import Message
from presentation.plot_columns import column_label
from scoring.explain import Question
from ui import done, task_form
from ui.dialog import open_dialog
from ui.explore import change
from ui.map import shortened
from ui.text import escaped, language, t


def ask(plots: gpd.GeoDataFrame, plot_id: str, questions: list[Question]) -> None:
    """Open the dialog in which the answers to questions about a plot are typed."""
    change.begin(plot_id)
    open_dialog("answers.title", "medium", _answer, plots.loc[plot_id], plot_id, questions)


def _answer(plot: Any, plot_id: str, questions: list[Question]) -> None:
    name = shortened([plot["name"]], language())[0]
    chosen = st.selectbox(
        t("answers.which"), questions, format_func=question_words, key=f"answers_which_{plot_id}"
    )
    if chosen is None:
        return
    if chosen.municipal:
        _figure(plot)
        return
    st.caption(t("answers.intro", name=escaped(name)))
    with st.form(f"answer_{plot_id}_{chosen.key}", border=False):
        given = {
            key: change.column_field(st.container(), BY_KEY[key], plot[key])
            for key in chosen.columns
        }
        source = st.text_input(
            t("answers.source"), max_chars=300, placeholder=t("answers.source_example")
        )
        if not st.form_submit_button(t("answers.save"), key="save_answer", type="primary"):
            return
    told = {
        key: value
        for key, value in given.items()
        if value is not None and value != BY_KEY[key].unknown and value != plain_value(plot[key])
    }
    if not told:
        st.info(t("answers.nothing"))
    elif not source.strip():
        st.error(t("answers.source_needed"))
    else:
        who = t(f"scoring.who.{chosen.who}")
        reason = t("answers.reason", who=who, source=source.strip())
        change.save(plot_id, name, told, reason)


def _figure(plot: Any) -> None:
    """Let a figure of the municipality be typed: that of Balans, which holds for all its plots."""
    code = plot["municipality_code"]
    if not isinstance(code, str):
        st.write(t("answers.no_town"))
        return
    town = str(layers.municipalities()["name"].get(code, code))
    if not task_form.may_enter(code):
        st.write(t("answers.municipal_closed", town=escaped(town)))
        return
    st.write(t("answers.municipal", town=escaped(town)))
    if task_form.task_form(f"answer_figure_{code}", {code: town}):
        done.say(Message("answers.figure_kept", {"town": escaped(town)}), [])
        st.rerun()


def question_words(question: Question) -> str:
    """Say a question in few words: the criterion, or the question of a limit, and who answers."""
    key = "question" if question.narrows <= 0 else "criterion"
    what = t(f"scoring.{key}.{question.key}")
    columns = ", ".join(column_label(c, language()) for c in question.columns)
    who = t(f"scoring.who.{question.who}")
    if question.narrows <= 0 or not columns:
        return t("answers.option", what=what, who=who)
    return t("answers.option_columns", what=what, columns=columns, who=who)
