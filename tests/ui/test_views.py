"""All who work at once keep what was computed for them: no view drives another out."""

from collections import Counter

import pytest

from data.vocabulary import ReceptionKind
from geo import layers
from geo.examples import example_plots
from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.figures import enter_task
from store.plots import change_plot, list_plots, load_examples
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
        page._payload(session.view(), session.version(), session.figures_key(), "nl", ())
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


def test_what_is_told_to_a_browser_does_not_change_with_what_is_out_of_sight(few, monkeypatch):
    zeist, kim = Actor("z", Role.GEMEENTE, "GM0355"), Actor("k", Role.KANSENMAKER)

    def told(actor):
        monkeypatch.setattr(sign_in, "actor", lambda _store: actor)
        kader, _ = session.kader(ReceptionKind.AZC)
        found = session.measured(kader)
        at = session.view(), session.version()
        return (
            page._payload(*at, session.figures_key(), "nl", ()),
            page._matrix(*at, kader.hash, "nl", found),
            session.seen_version(),
            session.seen_figures(),
        )

    store = session.store()
    secret = list_plots(store, LOCAL_USER).index[0]
    shown = {"municipality_code": "GM0321", "confidentiality": "openbaar"}
    change_plot(store, kim, secret, shown, reason="r")
    before = told(zeist), told(kim)
    change_plot(store, kim, secret, {"confidentiality": "vertrouwelijk"}, reason="r")
    hidden = told(zeist), told(kim)
    assert hidden[0][2] != before[0][2], "what goes out of sight goes"
    change_plot(store, kim, secret, {"zoning": "geheim"}, reason="r")
    enter_task(
        store, kim, municipality_code="GM0321", cycle=1, status="decided", places=1,
        realised_places=None, source="s", source_date="2026",
    )  # fmt: skip
    after = told(zeist), told(kim)
    assert after[0] == hidden[0]
    assert after[1][2:] != hidden[1][2:] and after[1][3] != hidden[1][3]
    # a figure that may be seen is on the map at once
    enter_task(
        store, kim, municipality_code="GM0355", cycle=1, status="decided", places=777,
        realised_places=None, source="s", source_date="2026",
    )  # fmt: skip
    own = told(zeist)
    assert own[0] != after[0][0] and own[3] != after[0][3]
