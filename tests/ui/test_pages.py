"""Every page runs without a browser, in both languages, with and without plots, without a fault."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from geo.examples import example_plots
from messages import LANGUAGES, catalogue
from store.access import LOCAL_USER
from store.database import open_store
from store.plots import change_plot, load_examples, remove_examples
from ui import frame


@pytest.fixture(params=[True, False], ids=["examples", "empty"])
def database(request, tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'app.sqlite'}"
    monkeypatch.setenv("LOCATIEWIJZER_DATABASE", address)
    import streamlit as st

    st.cache_resource.clear()
    store = open_store(address)
    load_examples(store, LOCAL_USER, example_plots())
    if not request.param:
        remove_examples(store, LOCAL_USER)
    store.close()
    yield request.param
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def one_database(tmp_path_factory):
    import streamlit as st

    with pytest.MonkeyPatch.context() as patch:
        address = f"sqlite:///{tmp_path_factory.mktemp('odd') / 'app.sqlite'}"
        patch.setenv("LOCATIEWIJZER_DATABASE", address)
        st.cache_resource.clear()
        yield
        st.cache_resource.clear()


def page(name):
    """A script that shows one page as the front door does."""
    from ui import frame

    frame.begin()
    with frame.told_errors():
        frame.PAGES[name][1]()


WHAT_TO_DO = {
    "vergelijken": "compare.no_plots",
    "uitvoer": "outputs.no_plots",
    "verhaal": "outputs.no_plots",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", frame.PAGES)
def test_page_runs(database, name, language):
    test = AppTest.from_function(page, kwargs={"name": name}, default_timeout=60)
    test.query_params["lang"] = language
    test.run()
    assert not test.exception, [e.value for e in test.exception]
    assert test.title[0].value
    keys = set(catalogue("nl"))
    shown = [
        element.value
        for kind in (
            "title",
            "caption",
            "markdown",
            "info",
            "error",
            "warning",
            "header",
            "subheader",
        )
        for element in getattr(test, kind)
    ]
    assert not [text for text in shown if text in keys], "a key instead of its text"
    if not database and name in WHAT_TO_DO:
        assert catalogue(language)[WHAT_TO_DO[name]] in shown


def test_a_fault_in_the_part_that_reruns_is_told_and_claims_nothing(database, monkeypatch):
    """The instrument of Verkennen is a fragment: the page around it does not catch its errors."""
    import sqlalchemy.exc

    from ui.explore import page as explore

    def broken():
        raise sqlalchemy.exc.OperationalError("SELECT geheim", {}, Exception("disk"))

    monkeypatch.setattr(explore, "_instrument_of_now", broken)
    test = AppTest.from_function(page, kwargs={"name": "verkennen"}, default_timeout=60).run()
    assert not test.exception
    (told,) = [e.value for e in test.error]
    assert "Daarbij is niets bewaard en niets verloren" in told and "geheim" not in told


_ODD = ("1e400", "nan", "9" * 5000, "$\\alpha$ <b>\x00")
_ASKED = (
    *("kind", "for", "kind_of", "size_of", "part", "cycle", "by", "plots", "plot", "way", "step"),
    *("shade", "order", "q", "area", "places", "municipality", "state", "owner", "object", "view"),
    *("term", "zoning", "unblocked", "past", "basket", "lang", "azc.station", "azc.capacity"),
)


@pytest.mark.parametrize("odd", _ODD, ids=["big", "nan", "digits", "marks"])
def test_an_odd_address_is_passed_over(one_database, odd):
    """Whatever somebody puts in an address, a page shows what it can and says no fault."""
    # the page that reads most of it each time, and the others in turn
    turn = list(frame.PAGES)[1:]
    for name in ("verkennen", turn[_ODD.index(odd)], turn[_ODD.index(odd) + 4]):
        test = AppTest.from_function(page, kwargs={"name": name}, default_timeout=60)
        for key in _ASKED:
            test.query_params[key] = odd
        test.run()
        assert not test.exception, (name, [e.value for e in test.exception])
        assert not test.error, (name, [e.value for e in test.error])
        assert test.title[0].value


@pytest.mark.parametrize("kept", [True, False])
def test_after_a_reload_the_page_says_whether_a_delivery_was_kept(database, kept):
    """The address outlives the session: what was pressed stands in it."""
    import os

    from store.deliveries import confirm_delivery

    store = open_store(os.environ["LOCATIEWIJZER_DATABASE"])
    plots = example_plots().iloc[:2].assign(fictional=False)
    confirm_delivery(
        store, LOCAL_USER, plots, file_name="a.csv", file_sha256="", report=[], columns={},
        confirmation="0123" if kept else "4567",
    )  # fmt: skip
    store.close()
    test = AppTest.from_function(page, kwargs={"name": "aanleveren"}, default_timeout=60)
    test.query_params["pressed"] = "0123"
    test.run()
    assert not test.exception, [e.value for e in test.exception]
    assert ["2" in e.value for e in test.success] == [True] * kept
    assert len(test.warning) == (not kept)


HOSTILE = (
    r"$\undefined$ $\frac{1}{2}$ **vet** [klik](http://example.org) ![x](http://example.org) =1+1"
)


def test_hostile_words_are_shown_as_they_are_in_the_story(store):
    hostile = {"name": HOSTILE, "next_actor": HOSTILE, "confidentiality": "openbaar"}
    for plot_id in example_plots().index:
        change_plot(store, LOCAL_USER, plot_id, hostile, reason="r")
    for step, times in (("three", 3), ("next", 1)):
        shown = AppTest.from_function(page, kwargs={"name": "verhaal"}, default_timeout=60)
        shown.query_params["step"] = step
        shown.run()
        assert not shown.exception
        said = [str(each.value) for each in (*shown.markdown, *shown.subheader)]
        said += [one.caption for each in shown.get("image") for one in each.proto.imgs]
        told = [words for words in said if "undefined" in words]
        assert len(told) >= times, said
        for words in told:
            # what a backslash stands before is no sign of Markdown
            assert not re.search(
                r"(?<!\\)[$*\[]\\?undefined|(?<!\\)\*\*vet|(?<!\\)\[klik", words
            ), words
