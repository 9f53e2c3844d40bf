"""A database with the examples, that the pages of a test open as theirs."""

import functools

import pytest
from streamlit.components.v2 import manifest_scanner

from geo.examples import example_plots
from store.access import LOCAL_USER
from store.database import open_store
from store.plots import load_examples


@pytest.fixture(scope="session", autouse=True)
def looked_for_once():
    """Streamlit looks through all that is installed for each page under test: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


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
