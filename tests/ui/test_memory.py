"""Memory is given back by one thread, however often the database is opened."""

import threading

import streamlit as st

from ui import session


def test_one_thread_gives_memory_back_however_often_the_database_is_opened(store):
    for _ in range(3):
        st.cache_resource.clear()
        session.store().close()
    assert [thread.name for thread in threading.enumerate()].count("tidy") == 1
