"""An answer typed at what is asked first stands with the plot, with its source, and can be undone."""

import datetime as dt

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.vocabulary import ReceptionKind
from geo.examples import example_plots
from scoring.explain import questions_to_ask
from scoring.indicators import Surroundings, measure
from scoring.kader import FORMER, kader_to_text, load_kader
from scoring.ranking import rank_measured
from store.access import LOCAL_USER, Actor, Role
from store.figures import entered_tasks
from store.kaders import fix_kader
from store.plots import change_plot, list_plots, plot_history, restore_plot
from ui.explore.instrument import answerable, first_questions


def dialog(plot_id: str) -> None:
    """The dialog of answers of a plot, as the page opens it."""
    import streamlit as st

    from scoring.ranking import rank_measured
    from ui import frame, session
    from ui.explore import answers, change
    from ui.explore.instrument import answerable, first_questions

    frame.begin()
    plots = session.candidate_plots()
    kader, _ = session.kader("azc")
    ranking = rank_measured(session.measured(kader))
    asked = answerable(first_questions(ranking, plots, plots.index.get_loc(plot_id)))
    # a dialog reruns with what it was opened with, whatever changed since
    if "_opened_with" not in st.session_state:
        change.begin(plot_id)
    plot, kept = st.session_state.setdefault("_opened_with", (plots.loc[plot_id], asked))
    with frame.told_errors():
        answers._answer(plot, plot_id, kept)


def opened(plot_id):
    test = AppTest.from_function(dialog, kwargs={"plot_id": plot_id}, default_timeout=90).run()
    assert not test.exception, [e.value for e in test.exception]
    return test


def by_label(elements, label):
    (found,) = [one for one in elements if label in one.label]
    return found


def choose(test, words):
    which = by_label(test.selectbox, "Welke vraag")
    (option,) = [text for text in which.options if words in text]
    which.set_value(option).run() if option != which.value else None
    assert not test.exception, [e.value for e in test.exception]
    return test


def test_an_answer_needs_a_source_and_is_kept_with_it(store):
    plot_id = example_plots().index[13]  # a building of which the floor is not known
    before = list_plots(store, LOCAL_USER).loc[plot_id]
    test = choose(opened(plot_id), "Aantal plaatsen")
    by_label(test.number_input, "vloeroppervlak").set_value(4200.0)
    test.button[0].click().run()
    assert [e.value for e in test.error] == [
        "Geef de bron: zij blijft bij het antwoord staan."
    ] and len(plot_history(store, LOCAL_USER, plot_id)) == 1
    by_label(test.number_input, "vloeroppervlak").set_value(4200.0)
    by_label(test.text_input, "Bron").set_value("mail van de eigenaar, 12 november 2026")
    test.button[0].click().run()
    assert not test.exception and not test.error
    after = list_plots(store, LOCAL_USER).loc[plot_id]
    assert after["gfa_m2"] == 4200
    last = plot_history(store, LOCAL_USER, plot_id)[-1]
    assert last.changes == {"gfa_m2": (None, 4200)}
    said = "Antwoord van de eigenaar. Bron: mail van de eigenaar, 12 november 2026"
    assert last.reason == said
    # the source stays with the value, not in the history alone
    assert after["provenance"]["gfa_m2"].endswith(said)
    assert after["provenance"]["zoning"] == before["provenance"]["zoning"]
    restore_plot(store, LOCAL_USER, plot_id, 1, reason="toch niet")
    assert list_plots(store, LOCAL_USER).loc[plot_id].isna()["gfa_m2"]


def test_an_unknown_limit_is_answered_by_what_the_municipality_tells(store):
    plot_id = example_plots().index[0]
    test = choose(opened(plot_id), "overstromen")
    by_label(test.selectbox, "Overstroming").set_value("aandachtspunt")
    by_label(test.text_input, "Bron").set_value("gemeente, telefonisch, 20 november 2026")
    test.button[0].click().run()
    assert not test.exception and not test.error, [e.value for e in test.error]
    plots = list_plots(store, LOCAL_USER)
    assert plots.at[plot_id, "flood"] == "aandachtspunt"
    measured = measure(plots, load_kader("azc"), Surroundings.packaged())
    place = plots.index.get_loc(plot_id)
    assert "layer_flood" in {hit.key for hit in measured.limits[place]}
    asked = {q.key for q in questions_to_ask(rank_measured(measured), plots, place)}
    assert "layer_flood" not in asked and "layer_noise" in asked


@pytest.mark.parametrize("officer_of", [None, "home", "elsewhere"])
def test_a_figure_of_the_municipality_is_typed_where_it_is_asked(store, monkeypatch, officer_of):
    """It is the figure of Balans, by who may enter it there, and holds for all plots of the town."""
    former = load_kader(ReceptionKind.AZC, FORMER["2026-1"])
    fix_kader(
        store, LOCAL_USER, kind="azc", version="1", sha256=former.hash, text=kader_to_text(former),
        reason="r",
    )  # fmt: skip
    plots = list_plots(store, LOCAL_USER)
    ranking = rank_measured(measure(plots, former, Surroundings.packaged()))
    plot_id, code = next(
        (str(plot_id), plots.at[plot_id, "municipality_code"])
        for place, plot_id in enumerate(plots.index)
        if any(q.municipal for q in answerable(first_questions(ranking, plots, place)))
    )
    if officer_of is not None:
        town = code if officer_of == "home" else "GM0000"
        # the plot is shared, so that somebody of elsewhere sees it at all
        change_plot(store, LOCAL_USER, plot_id, {"confidentiality": "gedeeld"}, reason="r")
        officer = Actor("o", Role.GEMEENTE, town)
        monkeypatch.setattr("ui.sign_in.actor", lambda _store: officer)
    test = choose(opened(plot_id), "Resterende opgave")
    if officer_of == "elsewhere":
        assert not test.number_input and any("kan het invullen" in m.value for m in test.markdown)
        return
    # without a figure, and without a source, nothing is kept
    test.button[0].click().run()
    assert len(test.error) == 1 and entered_tasks(store, LOCAL_USER).empty
    by_label(test.number_input, "Taak").set_value(120)
    test.button[0].click().run()
    assert "bron" in test.error[0].value and entered_tasks(store, LOCAL_USER).empty
    by_label(test.number_input, "Taak").set_value(120)
    by_label(test.number_input, "Gerealiseerd").set_value(20)
    by_label(test.text_input, "Bron").set_value("brief van het college")
    test.date_input[0].set_value(dt.date(2026, 11, 2))
    test.button[0].click().run()
    assert not test.exception and not test.error, [e.value for e in test.error]
    (kept,) = entered_tasks(store, LOCAL_USER).to_dict("records")
    assert (kept["municipality_code"], kept["places"], kept["source"]) == (
        code, 120, "brief van het college"
    )  # fmt: skip
    around = Surroundings.packaged(entered=entered_tasks(store, LOCAL_USER))
    again = rank_measured(measure(plots, former, around))
    for place in np.flatnonzero(plots["municipality_code"].eq(code)):
        assert not any(q.municipal for q in questions_to_ask(again, plots, int(place)))


def test_what_another_changed_since_is_shown_and_not_lost(store):
    plot_id = example_plots().index[13]
    test = choose(opened(plot_id), "Aantal plaatsen")
    change_plot(store, LOCAL_USER, plot_id, {"gfa_m2": 900.0}, reason="een ander")
    by_label(test.number_input, "vloeroppervlak").set_value(4200.0)
    by_label(test.text_input, "Bron").set_value("bezoek")
    test.button[0].click().run()
    assert test.error and list_plots(store, LOCAL_USER).at[plot_id, "gfa_m2"] == 900


def whole(plot_id: str, which: str) -> None:
    """A dialog that takes the place of a whole plot, as the page opens it."""
    import streamlit as st

    from store.plots import plot_history
    from ui import done, frame, session
    from ui.explore import change

    frame.begin()
    if "_opened_with" not in st.session_state:
        change.begin(plot_id)
    entries = plot_history(session.store(), session.actor(), plot_id)
    kept = st.session_state.setdefault("_opened_with", entries)
    done.show()
    if done.is_told():
        return
    with frame.told_errors():
        if which == "withdraw":
            change._withdraw(plot_id, "x")
        else:
            change._restore(kept, plot_id)


@pytest.mark.parametrize("which", ["withdraw", "restore"])
def test_who_takes_out_or_puts_back_hears_first_what_another_changed(store, which):
    plot_id = example_plots().index[13]
    change_plot(store, LOCAL_USER, plot_id, {"zoning": "kantoor"}, reason="eerst")
    test = AppTest.from_function(
        whole, kwargs={"plot_id": plot_id, "which": which}, default_timeout=90
    ).run()
    change_plot(store, LOCAL_USER, plot_id, {"zoning": "wonen"}, reason="een ander")

    def press():
        by_label(test.text_input, "Reden").set_value("reden")
        (button,) = [b for b in test.button if b.key.startswith(which)]
        button.click().run()
        assert not test.exception, [e.value for e in test.exception]

    press()
    assert ["intussen gewijzigd" in e.value for e in test.error] == [True]
    assert any("was kantoor; er staat nu wonen" in c.value for c in test.caption)
    assert list_plots(store, LOCAL_USER).at[plot_id, "zoning"] == "wonen"
    # having seen it, one may; and what then is undone is not undone over yet another change
    press()
    assert not test.error and len(plot_history(store, LOCAL_USER, plot_id)) == 4
    if which == "restore":
        change_plot(store, LOCAL_USER, plot_id, {"zoning": "groen"}, reason="weer een ander")
        (undo,) = [b for b in test.button if b.key == "done_undo"]
        undo.click().run()
        assert ["intussen gewijzigd" in e.value for e in test.error] == [True]
        assert list_plots(store, LOCAL_USER).at[plot_id, "zoning"] == "groen"


def test_what_can_be_typed_is_what_is_not_known_and_each_thing_once(plots, measured):
    ranking = rank_measured(measured)
    for place in range(len(plots)):
        asked = first_questions(ranking, plots, place)
        typed = answerable(asked)
        assert len({q.columns for q in typed}) == len(typed)
        assert all(q.columns or q.municipal for q in typed) and set(typed) <= set(asked)
        row = plots.iloc[place]
        for question in typed:
            told = [row[c] for c in question.columns]
            unknown = [v is None or v != v or v == "onbekend" for v in told]
            assert all(unknown) or row["available_until"] < measured.surroundings.on


def test_a_figure_of_a_municipality_is_asked_as_one(plots, surroundings):
    kader = load_kader(ReceptionKind.AZC, FORMER["2026-1"])
    ranking = rank_measured(measure(plots, kader, surroundings))
    asked = [q for p in range(len(plots)) for q in questions_to_ask(ranking, plots, p)]
    tasks = [q for q in asked if q.key == "remaining_task"]
    assert tasks and all(q.municipal and not q.columns for q in tasks)
    assert all(not q.municipal for q in asked if q.key != "remaining_task")
