"""A database with the examples, that the pages of a test open as theirs."""

import pytest

from geo.examples import example_plots
from store.access import LOCAL_USER
from store.database import open_store
from store.plots import load_examples


@pytest.fixture
def store(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'app.sqlite'}"
    monkeypatch.setenv("LOCATIEWIJZER_DATABASE", address)
    import streamlit as st

    st.cache_resource.clear()
    opened = open_store(address)
    load_examples(opened, LOCAL_USER, example_plots())
    yield opened
    opened.close()
    st.cache_resource.clear()
