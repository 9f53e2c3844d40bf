"""Each field of a plot can be changed in its form, and a former state brings each back."""

import datetime as dt

import pandas as pd
from streamlit.testing.v1 import AppTest

from data.plot_record import plain_value
from data.plot_schema import SCHEMA, ColumnType
from geo.examples import example_plots
from presentation.plot_columns import column_label
from store.access import LOCAL_USER
from store.plots import list_plots, plot_history, restore_plot

PLOT = example_plots().index[4]


def form(plot_id: str) -> None:
    """The form with every field of a plot, as its dialog shows it."""
    import streamlit as st

    from ui import frame
    from ui.explore import change

    frame.begin()
    if "_begun" not in st.session_state:
        change.begin(plot_id)
        st.session_state["_begun"] = True
    with frame.told_errors():
        change.fields(plot_id, "x")


def other(column, now):
    """Give a value that a column may have and has not."""
    if column.vocabulary is not None:
        return next(str(m) for m in column.vocabulary if str(m) not in (now, column.unknown))
    if column.type is ColumnType.BOOLEAN:
        return not now
    if column.type is ColumnType.DATE:
        return "2031-03-02" if column.key.endswith("until") else "2029-02-01"
    if column.type is ColumnType.NUMBER:
        return float(now or 0) + 1234.0
    return f"Anders dan het was ({column.key})"


def field_of(test, column):
    label = column_label(column.key, "nl")
    fields = [*test.text_input, *test.text_area, *test.number_input, *test.selectbox,
              *test.date_input]  # fmt: skip
    (found,) = [one for one in fields if one.label == label]
    return found


def row(store):
    plot = list_plots(store, LOCAL_USER).loc[PLOT]
    return {column.key: plain_value(plot[column.key]) for column in SCHEMA}


def test_each_field_is_saved_and_put_back(store):
    before = row(store)
    wanted = {column.key: other(column, before[column.key]) for column in SCHEMA}
    test = AppTest.from_function(form, kwargs={"plot_id": PLOT}, default_timeout=90).run()
    for column in SCHEMA:
        value = wanted[column.key]
        field_of(test, column).set_value(
            dt.date.fromisoformat(value) if column.type is ColumnType.DATE else value
        )
    (reason,) = [one for one in test.text_input if "Reden" in one.label]
    reason.set_value("alles anders")
    test.button[0].click().run()
    assert not test.exception and not test.error, [e.value for e in (*test.exception, *test.error)]
    assert row(store) == wanted
    entries = plot_history(store, LOCAL_USER, PLOT)
    assert [e.reason for e in entries][-1] == "alles anders" and len(entries) == 2
    restore_plot(store, LOCAL_USER, PLOT, entries[0].version, reason="terug",
                 expected_version=entries[-1].version)  # fmt: skip
    assert row(store) == before
    assert pd.notna(pd.Series(wanted)).all(), "each field was given something"
