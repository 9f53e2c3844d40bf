"""What comes next for a plot is kept, confidential by default, and gone when it is taken out."""

import datetime as dt

import pytest
import sqlalchemy as sa

from data.vocabulary import Confidentiality
from geo.examples import example_plots
from store import tables
from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.erasure import erase_plot, erase_words
from store.errors import AccessDeniedError, ChangedSinceError, NotFoundError, StoreError
from store.plans import erase_plan, plans_of, write_plan
from store.plots import change_plot, left_on, load_examples
from store.records import Answer, Left, Plan, Step

MARCH = dt.date(2027, 3, 1)
STEPS = (
    Step("Gesprek met de buurt", "wethouder", dt.date(2027, 1, 1), MARCH),
    Step("Besluit", "raad", MARCH, council=True),
    Step("Wat nog geen maand heeft"),
)
ANSWERS = (Answer("costs", "4 ton", "financiën", "begroting", dt.date(2026, 10, 1)),)


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    load_examples(opened, LOCAL_USER, example_plots())
    yield opened
    opened.close()


@pytest.fixture
def public():
    return str(example_plots().query("confidentiality == 'openbaar'").index[0])


def test_a_plan_comes_back_as_it_was_written_and_is_confidential(store, public):
    assert Plan(public).confidentiality == "vertrouwelijk"
    assert write_plan(store, LOCAL_USER, Plan(public, STEPS, ANSWERS)) == 1
    found = plans_of(store, LOCAL_USER, [public, "is er niet"])
    assert found == {public: Plan(public, STEPS, ANSWERS, Confidentiality.VERTROUWELIJK, 1)}


@pytest.mark.parametrize("plan_class", list(Confidentiality))
@pytest.mark.parametrize("plot_class", list(Confidentiality))
def test_a_plan_is_seen_by_those_who_may_see_both_it_and_its_plot(
    store, public, plot_class, plan_class
):
    change_plot(store, LOCAL_USER, public, {"confidentiality": str(plot_class)}, reason="r")
    write_plan(store, LOCAL_USER, Plan(public, STEPS, (), plan_class))
    code = example_plots().loc[public, "municipality_code"]
    sees = {
        Actor("b", Role.BEZOEKER): {"openbaar"},
        Actor("r", Role.RAADSLID, code): {"openbaar", "gedeeld"},
        Actor("o", Role.GEMEENTE, "elders"): {"openbaar", "gedeeld"},
        Actor("o", Role.GEMEENTE, code): {"openbaar", "gedeeld", "vertrouwelijk"},
    }
    for actor, classes in sees.items():
        expected = {str(plot_class), str(plan_class)} <= classes
        assert (public in plans_of(store, actor, [public])) is expected, actor


def test_who_may_not_change_the_plot_writes_and_erases_nothing(store, public):
    write_plan(store, LOCAL_USER, Plan(public, STEPS))
    code = example_plots().loc[public, "municipality_code"]
    others = (Actor("b"), Actor("r", Role.RAADSLID, code), Actor("o", Role.GEMEENTE, "elders"))
    for actor in others:
        with pytest.raises(AccessDeniedError):
            write_plan(store, actor, Plan(public, (), (), Confidentiality.OPENBAAR, 1))
        with pytest.raises(AccessDeniedError):
            erase_plan(store, actor, public)
    assert plans_of(store, LOCAL_USER, [public])[public].steps == STEPS
    write_plan(store, Actor("o", Role.GEMEENTE, code), Plan(public, version=1))
    with pytest.raises(NotFoundError):
        write_plan(store, LOCAL_USER, Plan("is er niet", STEPS))


def test_what_another_wrote_in_between_is_not_lost(store, public):
    write_plan(store, LOCAL_USER, Plan(public, STEPS))
    with pytest.raises(ChangedSinceError):
        write_plan(store, LOCAL_USER, Plan(public, ()))
    assert plans_of(store, LOCAL_USER, [public])[public].steps == STEPS


@pytest.mark.parametrize(
    "steps",
    [
        (Step(" "),),
        (Step("x", begins=MARCH, ends=dt.date(2027, 1, 1)),),
        (Step("x", ends=MARCH),),
        STEPS * 3,
    ],
)
def test_steps_that_cannot_be_drawn_are_refused(store, public, steps):
    with pytest.raises(StoreError):
        write_plan(store, LOCAL_USER, Plan(public, steps))


def test_words_are_erased_from_a_plan_and_its_rest_stays(store, public):
    write_plan(store, LOCAL_USER, Plan(public, (Step("Bel GEHEIM-77", begins=MARCH),), ANSWERS))
    erase_words(store, LOCAL_USER, "geheim-77")
    erase_words(store, LOCAL_USER, "2026-10-01")
    found = plans_of(store, LOCAL_USER, [public])[public]
    assert found.steps == (Step("Bel [gewist]", begins=MARCH),)
    assert found.answer("costs").words == "4 ton" and found.answer("costs").date is None


@pytest.mark.parametrize("erase", [erase_plan, erase_plot])
def test_what_is_erased_is_nowhere_any_more(store, public, erase):
    write_plan(store, LOCAL_USER, Plan(public, (Step("GEHEIM-77"),), ANSWERS))
    erase(store, LOCAL_USER, public)
    assert plans_of(store, LOCAL_USER, [public]) == {}
    with store.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            columns = [c for c in table.columns if not isinstance(c.type, sa.LargeBinary)]
            for row in connection.execute(sa.select(*columns)):
                assert "GEHEIM-77" not in str(row), table.name


def test_since_when_and_why_a_plot_is_dropped_comes_from_its_history(store, public):
    council = Actor("lid", Role.RAADSLID)
    assert left_on(store, LOCAL_USER, [public, "nergens"]) == {}
    change_plot(store, LOCAL_USER, public, {"state": "afgevallen"}, reason="te dicht bij het spoor")
    change_plot(store, LOCAL_USER, public, {"address": "Dorpsstraat 1"}, reason="adres gevonden")
    today = dt.datetime.now(dt.UTC).date()
    for actor, why in ((LOCAL_USER, "te dicht bij het spoor"), (council, "")):
        # of when it was dropped, not of the last change; why is typed text without a class
        assert left_on(store, actor, [public]) == {public: Left(today, why)}
    change_plot(store, LOCAL_USER, public, {"state": "kansrijk"}, reason="toch niet")
    assert left_on(store, LOCAL_USER, [public]) == {}
    change_plot(store, LOCAL_USER, public, {"state": "afgevallen"}, reason="toch wel")
    assert left_on(store, LOCAL_USER, [public])[public].reason == "toch wel"
    change_plot(store, LOCAL_USER, public, {"confidentiality": "vertrouwelijk"}, reason="geheim")
    assert left_on(store, council, [public]) == {}
