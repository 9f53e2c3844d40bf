"""All who work at once keep what was computed for them: no view drives another out."""

from collections import Counter

import pytest

from data.vocabulary import ReceptionKind
from geo import layers
from geo.examples import example_plots
from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.plots import load_examples
from ui import session, sign_in
from ui.explore import page

EIGHT = [Actor("a", Role.GEMEENTE, town) for town in layers.municipalities().index[:8]]


@pytest.fixture
def few(tmp_path, monkeypatch):
    import streamlit as st

    monkeypatch.setenv("LOCATIEWIJZER_DATABASE", f"sqlite:///{tmp_path / 'a.sqlite'}")
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    load_examples(store, LOCAL_USER, example_plots().iloc[:2])
    store.close()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_nobody_drives_out_what_was_computed_for_another(few, monkeypatch):
    computed = Counter()

    def watch(module, name):
        real = getattr(module, name)

        def counted(*given, **more):
            computed[name] += 1
            return real(*given, **more)

        monkeypatch.setattr(module, name, counted)

    def see(actor):
        """Do what the front page keeps for all who see the same."""
        monkeypatch.setattr(sign_in, "actor", lambda _store: actor)
        session.candidate_plots()
        page._payload(session.view(), session.version(), "nl")
        page._matrix(session.view(), session.version(), kader.hash, "nl", measured)

    monkeypatch.setattr(sign_in, "actor", lambda _store: EIGHT[0])
    kader, _ = session.kader(ReceptionKind.AZC)
    measured = session.measured(kader)
    session._candidate_plots.clear()
    watched = {"list_plots": session, "build_payload": page, "matrix_payload": page}
    for name, module in watched.items():
        watch(module, name)
    for actor in (*EIGHT, *EIGHT):
        see(actor)
    assert computed == dict.fromkeys(watched, len(EIGHT))
    # whoever sees the same shares it, whatever their name is
    see(Actor("iemand anders", Role.GEMEENTE, EIGHT[0].municipality))
    assert computed == dict.fromkeys(watched, len(EIGHT))
