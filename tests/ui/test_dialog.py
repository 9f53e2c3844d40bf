"""Dialogs over a page: one at a time, their errors told."""

from streamlit.testing.v1 import AppTest


def two_at_once():
    import streamlit as st

    from ui.dialog import open_dialog

    open_dialog("change.title", "large", st.write, "first")
    open_dialog("history.restore.do", "small", st.write, "second")
    st.write("the page goes on")


def test_of_two_that_are_asked_for_at_once_the_first_stands_and_the_page_goes_on():
    test = AppTest.from_function(two_at_once).run()
    assert not test.exception and not test.error
    said = [one.value for one in test.markdown]
    assert "the page goes on" in said and "second" not in said
    opened = [one for one in test.get("dialog") if one.proto.dialog.is_open]
    assert [[said.value for said in one.markdown] for one in opened] == [["first"]]


def failing():
    from ui.dialog import open_dialog

    def fail(name):
        raise RuntimeError(name)

    open_dialog("change.title", "large", fail, "Xandra Geheim")


def test_a_fault_in_a_dialog_is_told_in_it_without_what_it_says():
    test = AppTest.from_function(failing).run()
    assert not test.exception
    (dialog,) = test.get("dialog")
    (said,) = dialog.get("error") or dialog.get("alert")
    assert "Xandra" not in said.value
