"""Who may see and do what: against a table written by hand, for every role, class and place."""

import dataclasses
import datetime as dt
import itertools
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from data.vocabulary import Confidentiality
from geo.examples import example_plots
from geo.plot_table import with_plot_columns
from store import tables
from store.access import ANYWHERE, LOCAL_USER, POLICY, Action, Actor, Resource, Role, may, view_key
from store.audit import MOST_REFUSALS, REFUSED, broken_at, entries, record, record_refusal
from store.backup import back_up, restore
from store.database import now, open_store
from store.deliveries import (
    confirm_delivery,
    list_deliveries,
    remembered_columns,
    undo_delivery,
)
from store.errors import AccessDeniedError, NotFoundError, StoreError, UndoBlockedError
from store.figures import enter_exchange, enter_task, entered_tasks, list_exchanges
from store.kaders import begin_search, fix_kader, fixed_kaders, list_searches
from store.plots import (
    change_plot,
    left_on,
    list_plots,
    load_examples,
    plot_history,
    plot_version,
    remove_examples,
    restore_examples,
    restore_plot,
    withdraw_plot,
    withdrawn_plots,
)
from store.practice import OwnExample, changeable_examples, own_examples, write_example
from store.shares import end_share, list_shares, make_share, shared_plots
from store.snapshots import find_snapshot, hand_out_snapshot, keep_snapshot, list_snapshots
from store.users import (
    SESSION_HOURS,
    SessionEndedError,
    begin_or_find_session,
    end_session,
    end_sessions_of,
    grant_role,
    list_sessions,
    list_users,
)

ROOT = Path(__file__).parents[2]
HOME, AWAY = "GM0321", "GM0355"
SECRET, SHARED, PUBLIC = "vertrouwelijk", "gedeeld", "openbaar"
CLASSES = (SECRET, SHARED, PUBLIC)
ACTORS = {
    "beheerder": Actor("beheerder", Role.BEHEERDER),
    "kansenmaker": Actor("kansenmaker", Role.KANSENMAKER),
    "gemeente": Actor("gemeente", Role.GEMEENTE, HOME),
    "raadslid": Actor("raadslid", Role.RAADSLID, HOME),
    "raadslid zonder gemeente": Actor("los", Role.RAADSLID),
    "bezoeker": Actor("bezoeker"),
}
# which plots each sees: class at home, class elsewhere, and those without a known municipality
SEES = {
    "beheerder": (CLASSES, CLASSES),
    "kansenmaker": (CLASSES, CLASSES),
    "gemeente": (CLASSES, (SHARED, PUBLIC)),
    "raadslid": ((SHARED, PUBLIC), (PUBLIC,)),
    "raadslid zonder gemeente": ((PUBLIC,), (PUBLIC,)),
    "bezoeker": ((PUBLIC,), (PUBLIC,)),
}
# who changes, delivers and takes back, at home and elsewhere
CHANGES = {"beheerder": (True, True), "kansenmaker": (True, True), "gemeente": (True, False)}


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    yield opened
    opened.close()


def nine():
    """A plot of each class at home, elsewhere, and where the municipality is not known."""
    keys = list(itertools.product(CLASSES, (HOME, AWAY, None)))
    table = gpd.GeoDataFrame(
        {
            "name": [f"{c} {m}" for c, m in keys],
            "confidentiality": [c for c, _ in keys],
            "contact": "mevrouw De Vries",
            "remarks": "niet aan de buren zeggen",
            "municipality_code": [m for _, m in keys],
            "municipality_certain": True,
            "fictional": False,
        },
        geometry=[shapely.box(x, 450_000, x + 80, 450_080) for x in range(140_000, 149_000, 1000)],
        index=pd.Index([f"plek{k:02d}" for k in range(9)], name="plot_id"),
        crs="EPSG:28992",
    )
    return with_plot_columns(table).assign(
        municipality_code=table["municipality_code"], municipality_certain=True, fictional=False
    )


def deliver(store, actor, plots, **more):
    return confirm_delivery(
        store, actor, plots, file_name="Geheime weide.gpkg", file_sha256="f" * 64, report=[],
        columns={}, **more,
    )  # fmt: skip


@pytest.mark.parametrize("who", ACTORS)
def test_each_role_sees_what_the_table_says_and_no_more(store, who):
    plots = nine()
    deliver(store, LOCAL_USER, plots)
    home, elsewhere = SEES[who]
    expected = {
        plot_id
        for plot_id, row in plots.iterrows()
        if row["confidentiality"] in (home if row["municipality_code"] == HOME else elsewhere)
    }
    actor = ACTORS[who]
    seen = list_plots(store, actor)
    assert set(seen.index) == expected
    for plot_id in plots.index:
        if plot_id in expected:
            assert plot_version(store, actor, plot_id) == 1
            assert len(plot_history(store, actor, plot_id)) == 1
        else:
            for look in (plot_version, plot_history):
                with pytest.raises(NotFoundError):
                    look(store, actor, plot_id)
    # names of people and working notes are for those who may see the most confidential things there
    for plot_id, row in seen.iterrows():
        inside = SECRET in (home if row["municipality_code"] == HOME else elsewhere)
        assert (row["contact"] is not None) == inside, plot_id
        assert (row["remarks"] is not None) == inside, plot_id


@pytest.mark.parametrize("who", ACTORS)
def test_each_role_changes_what_the_table_says_and_no_more(store, who):
    plots = nine()
    deliver(store, LOCAL_USER, plots)
    actor = ACTORS[who]
    at_home, elsewhere = CHANGES.get(who, (False, False))
    home, away = SEES[who]
    for plot_id, row in plots.iterrows():
        own = row["municipality_code"] == HOME
        allowed = at_home if own else elsewhere
        visible = row["confidentiality"] in (home if own else away)

        change = {"state": "kansrijk"}
        if allowed:
            change_plot(store, actor, plot_id, change, reason="r")
            assert list_plots(store, LOCAL_USER).at[plot_id, "state"] == "kansrijk"
        else:
            with pytest.raises((AccessDeniedError, NotFoundError)) as refused:
                change_plot(store, actor, plot_id, change, reason="r")
            # what one may not see is not there, rather than forbidden
            if not visible and any((at_home, elsewhere)):
                assert refused.type is NotFoundError
            assert list_plots(store, LOCAL_USER).at[plot_id, "state"] != "kansrijk"


def test_an_officer_delivers_and_takes_back_at_home_only(store):
    officer = ACTORS["gemeente"]
    plots = nine()
    mine, theirs = (
        plots[plots["municipality_code"] == HOME],
        plots[plots["municipality_code"] == AWAY],
    )
    with pytest.raises(AccessDeniedError):
        deliver(store, officer, plots)
    assert list_plots(store, LOCAL_USER).empty, "nothing of a refused delivery is kept"
    number = deliver(store, officer, mine, municipality_code=HOME)
    other = deliver(store, LOCAL_USER, theirs, municipality_code=AWAY)
    assert [d.number for d in list_deliveries(store, officer)] == [number]
    with pytest.raises(NotFoundError):
        undo_delivery(store, officer, other, reason="niet van mij")
    # a plot cannot be carried over the border, nor one of others taken over by its identifier
    with pytest.raises(AccessDeniedError):
        change_plot(store, officer, mine.index[0], {"municipality_code": AWAY}, reason="r")
    shared = theirs.index[theirs["confidentiality"].eq(SHARED)][0]
    with pytest.raises(AccessDeniedError):
        change_plot(store, officer, shared, {"municipality_code": HOME}, reason="inlijven")
    stolen = mine.iloc[[0]].set_index(pd.Index([theirs.index[0]], name="plot_id"))
    with pytest.raises(AccessDeniedError):
        deliver(store, officer, stolen, municipality_code=HOME)
    assert undo_delivery(store, officer, number, reason="toch niet") == len(mine)


def test_an_officer_reads_and_writes_no_delivery_of_another_municipality(store):
    officer, away = ACTORS["gemeente"], Actor("z", Role.GEMEENTE, AWAY)
    plots = nine()
    mine = plots[plots["municipality_code"] == HOME]
    theirs = deliver(
        store, LOCAL_USER, plots[plots["municipality_code"] == AWAY], municipality_code=AWAY
    )
    headers = {"Perceel De Vries": "name"}
    remembered_columns(store, away, AWAY)
    for refused in (
        lambda: deliver(store, officer, mine, municipality_code=AWAY),
        lambda: deliver(store, officer, mine.iloc[:0], municipality_code=AWAY),
        lambda: remembered_columns(store, officer, AWAY),
    ):
        with pytest.raises(AccessDeniedError):
            refused()
    assert [d.municipality_code for d in list_deliveries(store, LOCAL_USER)] == [AWAY]
    # one that the team made for this municipality, with plots elsewhere in it that are secret
    whole = confirm_delivery(
        store, LOCAL_USER, plots, file_name="Weide van Zeist.gpkg", file_sha256="0",
        report=[{"name": "Weide van Zeist"}], columns=headers, municipality_code=HOME,
    )  # fmt: skip
    assert list_deliveries(store, officer) == []
    with pytest.raises(NotFoundError):
        undo_delivery(store, officer, whole, reason="r")
    assert remembered_columns(store, officer, HOME) == headers
    one = deliver(store, officer, mine, municipality_code=HOME)
    two = deliver(store, officer, mine.set_index(mine.index + "b"))
    assert [d.number for d in list_deliveries(store, officer)] == [two, one]
    # who works elsewhere from now on reads no more what they delivered before
    moved = dataclasses.replace(officer, municipality=AWAY)
    assert [d.number for d in list_deliveries(store, moved)] == [theirs]
    assert [d.number for d in list_deliveries(store, ACTORS["kansenmaker"])][:2] == [two, one]
    # what lies over it is called by moment and file as far as it may be read, never by number
    again = deliver(store, officer, mine, municipality_code=HOME)
    with pytest.raises(UndoBlockedError) as blocked:
        undo_delivery(store, officer, one, reason="r")
    called = "UTC (Geheime weide.gpkg)"
    assert blocked.value.message.text("nl").count(called) == 2
    assert blocked.value.deliveries == (again,)
    confirm_delivery(
        store, LOCAL_USER, plots, file_name="Weide van Zeist.gpkg", file_sha256="1", report=[],
        columns={}, municipality_code=HOME,
    )  # fmt: skip
    with pytest.raises(UndoBlockedError) as blocked:
        undo_delivery(store, officer, again, reason="r")
    words = blocked.value.message.text("nl")
    assert "Zeist" not in words and words.count(called) == 1 and blocked.value.deliveries == ()


def test_history_shows_each_version_by_its_own_class(store):
    plots = nine().iloc[[0]]  # confidential, at home
    plot_id = plots.index[0]
    deliver(store, LOCAL_USER, plots)
    change_plot(store, LOCAL_USER, plot_id, {"name": "Geheime naam"}, reason="geheime reden")
    change_plot(
        store, LOCAL_USER, plot_id, {"name": "Weide", "confidentiality": PUBLIC}, reason="raadsbesluit"
    )  # fmt: skip
    assert len(plot_history(store, LOCAL_USER, plot_id)) == 3
    (seen,) = plot_history(store, ACTORS["bezoeker"], plot_id)
    assert seen.version == 3 and "Geheime naam" not in str(seen), "nor what it was before"
    with pytest.raises(NotFoundError):
        restore_plot(store, ACTORS["gemeente"], "plek99", 1, reason="r")
    for version in (1, 2):
        with pytest.raises((AccessDeniedError, NotFoundError)):
            restore_plot(store, ACTORS["bezoeker"], plot_id, version, reason="r")


def test_why_and_who_of_a_version_are_for_those_who_work_with_what_is_secret_there(store):
    """A reason and the name of a delivered file are typed text without a class: confidential."""
    plots = nine()
    shared, public = (
        plots[plots["confidentiality"].eq(c) & plots["municipality_code"].eq(HOME)].index[0]
        for c in (SHARED, PUBLIC)
    )
    deliver(store, LOCAL_USER, plots)
    for plot_id in (shared, public):
        change_plot(
            store, LOCAL_USER, plot_id, {"state": "afgevallen"}, reason="liever de weide van De Vries"
        )  # fmt: skip
    officer = ACTORS["gemeente"]
    neighbour, council, visitor = Actor("z", Role.GEMEENTE, AWAY), ACTORS["raadslid"], Actor("b")
    for actor, plot_id, told in (
        (officer, shared, True), (ACTORS["kansenmaker"], shared, True), (neighbour, shared, False),
        (council, shared, False), (visitor, public, False),
    ):  # fmt: skip
        history = plot_history(store, actor, plot_id)
        assert [entry.version for entry in history] == [1, 2]
        assert ("weide" in str(history)) == ("Geheime weide.gpkg" in str(history)) == told
        assert {entry.actor for entry in history} == ({"lokaal"} if told else {""})
        assert any(entry.delivery for entry in history) == told
        left = left_on(store, actor, [plot_id])[plot_id]
        assert (left.reason != "") == told and left.on == history[1].at.date()
    # taken off by who sees more than this reader did of the state before: not told either
    change_plot(store, LOCAL_USER, shared, {"confidentiality": SECRET}, reason="stil")
    withdraw_plot(store, LOCAL_USER, shared, reason="De Vries wil niet")
    restore_plot(store, LOCAL_USER, shared, 2, reason="toch")
    assert [entry.version for entry in plot_history(store, neighbour, shared)] == [1, 2, 5]
    assert [entry.version for entry in plot_history(store, officer, shared)] == [1, 2, 3, 4, 5]


def test_every_function_of_the_store_asks_the_table(store):
    """What is refused to whom, function by function; who may is tried by the tests around it."""
    plots = example_plots()
    deeds = {
        Action.CHANGE_PLOTS: [
            lambda a: remove_examples(store, a),
            lambda a: restore_examples(store, a, plots),
        ],
        Action.DELIVER: [
            lambda a: load_examples(store, a, plots),
            lambda a: begin_search(store, a, kind="azc", area=[], kader=1),
        ],
        Action.READ_DELIVERIES: [lambda a: list_deliveries(store, a)],
        Action.FIX_KADER: [
            lambda a: fix_kader(
                store, a, kind="azc", version="v", sha256="0", text="", reason="r"
            )
        ],
        Action.ENTER_FIGURES: [
            lambda a: enter_task(
                store, a, municipality_code=AWAY, cycle=1, status="decided", places=1,
                realised_places=None, source="s", source_date="2026",
            ),
            lambda a: enter_exchange(
                store, a, from_code=AWAY, to_code=None, places=1, in_return="", source="s"
            ),
        ],
        Action.KEEP_SNAPSHOT: [
            lambda a: keep_snapshot(store, a, number="n", kind="azc", sha256="0", content=b"x"),
            lambda a: list_snapshots(store, a),
            lambda a: find_snapshot(store, a, "n"),
        ],
        Action.READ_AUDIT: [lambda a: entries(store, a), lambda a: broken_at(store, a)],
        Action.MANAGE_USERS: [
            lambda a: list_users(store, a),
            lambda a: list_sessions(store, a),
            lambda a: grant_role(store, a, "i", "s", Role.BEHEERDER, None),
            lambda a: end_sessions_of(store, a, "i", "s"),
        ],
    }  # fmt: skip
    for role in (Role.BEZOEKER, Role.RAADSLID):
        actor = Actor("x", role, HOME)
        for action, calls in deeds.items():
            assert not may(actor, action, Resource("x"))
            for call in calls:
                with pytest.raises(AccessDeniedError):
                    call(actor)
        assert own_examples(store, actor) == [] and list_searches(store, actor) == []
    officer = ACTORS["gemeente"]
    for action in (Action.FIX_KADER, Action.READ_AUDIT, Action.MANAGE_USERS, Action.ENTER_FIGURES):
        for call in deeds[action]:
            with pytest.raises(AccessDeniedError):
                call(officer)
    for call in (*deeds[Action.CHANGE_PLOTS], deeds[Action.DELIVER][0]):
        with pytest.raises(AccessDeniedError):
            call(officer)


def test_what_users_typed_stays_with_those_who_work_with_it(store):
    kansenmaker, visitor, officer = (ACTORS[k] for k in ("kansenmaker", "bezoeker", "gemeente"))
    blank = {f.name: "" for f in dataclasses.fields(OwnExample)}
    idea = {"title": "Geheim idee", "what": "w", "lesson": "l", "source": "s"}
    write_example(store, kansenmaker, OwnExample(**{**blank, **idea}))
    assert [e.title for e in own_examples(store, kansenmaker)] == ["Geheim idee"]
    assert own_examples(store, visitor) == []
    fix_kader(store, LOCAL_USER, kind="azc", version="v", sha256="0", text="t",
              reason="om de weide bij De Vries")  # fmt: skip
    (told,) = fixed_kaders(store, visitor)
    assert (told.reason, told.fixed_by, told.known_plots) == ("", "", [])
    assert fixed_kaders(store, kansenmaker)[0].reason
    enter_task(store, LOCAL_USER, municipality_code=HOME, cycle=1, status="decided", places=5,
               realised_places=None, source="brief", source_date="2026")  # fmt: skip
    assert entered_tasks(store, visitor).empty and len(entered_tasks(store, kansenmaker)) == 1
    keep_snapshot(store, kansenmaker, number="alles", kind="azc", sha256="0", content=b"geheim")
    assert list_snapshots(store, officer) == []
    with pytest.raises(NotFoundError):
        find_snapshot(store, officer, "alles")


def test_an_example_is_read_by_its_class_and_changed_by_who_wrote_it(store):
    team, officer = ACTORS["kansenmaker"], ACTORS["gemeente"]
    others = Actor("z", Role.GEMEENTE, AWAY), ACTORS["raadslid"], ACTORS["bezoeker"]

    def example(title, key="", cls=SECRET):
        return OwnExample(
            key, title, "azc", HOME, None, None, "w", "l", "s", Confidentiality(cls)
        )  # fmt: skip

    mine = write_example(store, officer, example("Van Houten"))
    write_example(store, team, example("Van het team"))
    for actor, titles in ((officer, ["Van Houten"]), (team, ["Van Houten", "Van het team"])):
        assert [one.title for one in own_examples(store, actor)] == titles
    for actor in others:
        assert own_examples(store, actor) == []
        with pytest.raises((NotFoundError, AccessDeniedError)):
            write_example(store, actor, example("Gekaapt", mine))
    write_example(store, officer, example("Van Houten", mine, SHARED))
    assert [len(own_examples(store, actor)) for actor in others] == [1, 0, 0]
    with pytest.raises(AccessDeniedError):
        write_example(store, others[0], example("Gekaapt", mine, SHARED))
    assert changeable_examples(store, others[0]) == []
    assert changeable_examples(store, officer) == [mine]
    assert len(changeable_examples(store, team)) == 2
    # a name gives a reader nothing
    assert own_examples(store, dataclasses.replace(others[2], name=team.name)) == []


def test_which_plots_were_known_and_where_is_searched_stays_where_it_lies(store):
    team, officer, away = ACTORS["kansenmaker"], ACTORS["gemeente"], Actor("z", Role.GEMEENTE, AWAY)
    plots = nine()
    deliver(store, LOCAL_USER, plots)
    kader = fix_kader(
        store, LOCAL_USER, kind="azc", version="v", sha256="0", text="t", reason="weide De Vries"
    )
    at_home = set(plots.index[plots["municipality_code"].eq(HOME)])
    for actor, known in ((team, set(plots.index)), (officer, at_home), (ACTORS["raadslid"], set())):
        (told,) = fixed_kaders(store, actor)
        assert set(told.known_plots) == known
        assert ("De Vries" in told.reason) == ("lokaal" in told.fixed_by) == (actor is team)
    for area in ([], [AWAY], [HOME, AWAY]):
        with pytest.raises(AccessDeniedError):
            begin_search(store, officer, kind="azc", area=area, kader=kader.number)
        begin_search(store, team, kind="azc", area=area, kader=kader.number)
    begin_search(store, officer, kind="azc", area=[HOME], kader=kader.number)
    assert [s.area for s in list_searches(store, officer)] == [[HOME]]
    assert [s.area for s in list_searches(store, away)] == [[AWAY]]
    assert len(list_searches(store, team)) == 4


def test_a_place_that_is_called_as_anywhere_is_one_that_is_not_known(store):
    """What stands in a file or a form as the place of a thing is never the sign for everywhere."""
    officer, stars = ACTORS["gemeente"], nine().iloc[[0, 3]].assign(municipality_code="*")
    with pytest.raises(AccessDeniedError):
        deliver(store, officer, stars)
    with pytest.raises(AccessDeniedError):
        enter_task(store, officer, municipality_code="*", cycle=1, status="decided", places=1,
                   realised_places=None, source="s", source_date="2026")  # fmt: skip
    deliver(store, LOCAL_USER, stars)
    secret, shared = stars.index
    for actor, plot_id in ((officer, secret), (ACTORS["raadslid"], shared)):
        with pytest.raises(NotFoundError):
            plot_history(store, actor, plot_id)


def test_what_moved_out_of_sight_is_not_there_for_who_had_it(store):
    officer, plots = ACTORS["gemeente"], nine()
    mine = plots.index[plots["municipality_code"].eq(HOME)][0]
    deliver(store, LOCAL_USER, plots)
    change_plot(store, LOCAL_USER, mine, {"municipality_code": AWAY}, reason="gemeten")
    with pytest.raises(NotFoundError):
        restore_plot(store, officer, mine, 1, reason="r")
    withdraw_plot(store, LOCAL_USER, mine, reason="r")
    with pytest.raises(NotFoundError):
        restore_plot(store, officer, mine, 1, reason="r")
    assert withdrawn_plots(store, officer) == []


def test_made_up_plots_were_not_known_when_rules_were_fixed(store):
    """Rules before sites: only real plots speak against it."""
    load_examples(store, LOCAL_USER, example_plots())
    deliver(store, LOCAL_USER, nine().iloc[:2])
    fixed = fix_kader(
        store, LOCAL_USER, kind="azc", version="v", sha256="0", text="t", reason="r"
    )  # fmt: skip
    assert sorted(fixed.known_plots) == ["plek00", "plek01"]


def test_what_is_handed_out_can_be_had_again(store):
    given = {"kind": "azc", "sha256": "0", "content": b"raad"}
    council = ACTORS["raadslid"]
    hand_out_snapshot(
        store, council, number="voor de raad", confidentiality=Confidentiality.GEDEELD, **given
    )
    assert find_snapshot(store, LOCAL_USER, "voor de raad").content == b"raad"
    # who makes the very same finds it too, and nobody by its number alone
    officer, shared = ACTORS["gemeente"], Confidentiality.GEDEELD
    with pytest.raises(StoreError):
        hand_out_snapshot(
            store, officer, number="voor de raad", confidentiality=shared,
            kind="azc", sha256="0", content=b"iets anders",
        )  # fmt: skip
    assert list_snapshots(store, officer) == []
    for _ in range(2):
        hand_out_snapshot(store, officer, number="voor de raad", confidentiality=shared, **given)
    keep_snapshot(store, officer, number="voor de raad", **given)
    assert find_snapshot(store, officer, "voor de raad").content == b"raad"
    assert list_snapshots(store, Actor("z", Role.GEMEENTE, AWAY)) == []
    made = [e.actor for e in entries(store, LOCAL_USER) if e.action == "hand_out_snapshot"]
    assert made == [officer.name, council.name]
    with pytest.raises(AccessDeniedError):
        hand_out_snapshot(
            store, council, number="x", confidentiality=Confidentiality.VERTROUWELIJK, **given
        )
    with pytest.raises(AccessDeniedError):
        hand_out_snapshot(
            store, ACTORS["bezoeker"], number="x", confidentiality=Confidentiality.OPENBAAR, **given
        )


def test_actors_who_see_the_same_share_caches_and_others_never():
    keys = {}
    for who, actor in ACTORS.items():
        keys.setdefault(view_key(actor), set()).add(str(SEES[who] if who != "x" else ""))
    assert all(len(what) == 1 for what in keys.values())
    assert view_key(ACTORS["gemeente"]) != view_key(Actor("g", Role.GEMEENTE, AWAY))


# --- sign-in ------------------------------------------------------------------------------------


MOMENT = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)


def claims(subject="u1", issued=MOMENT, **more):
    return {"iss": "https://login", "sub": subject, "iat": issued.timestamp(), "nonce": "n", **more}


def test_a_session_begins_fresh_expires_and_is_never_replayed(store):
    actor, key = begin_or_find_session(store, claims(), moment=MOMENT)
    assert (actor.role, actor.municipality) == (Role.BEZOEKER, None)
    later = MOMENT + dt.timedelta(hours=SESSION_HOURS - 1)
    assert begin_or_find_session(store, claims(), moment=later)[1] == key
    with pytest.raises(SessionEndedError):
        begin_or_find_session(store, claims(), moment=MOMENT + dt.timedelta(hours=SESSION_HOURS))
    # the cookie of a sign-in that was signed out is worth nothing
    _, other = begin_or_find_session(store, claims(nonce="m"), moment=MOMENT)
    end_session(store, actor, other)
    with pytest.raises(SessionEndedError):
        begin_or_find_session(store, claims(nonce="m"), moment=MOMENT)
    # nor is an old one that this app never saw, or one without what is needed
    for bad in (claims(nonce="o", issued=MOMENT - dt.timedelta(hours=1)),
                claims(nonce="f", issued=MOMENT + dt.timedelta(hours=1)), {"sub": "u1"}, {}):  # fmt: skip
        with pytest.raises(SessionEndedError):
            begin_or_find_session(store, bad, moment=MOMENT)


def test_a_role_is_that_of_the_table_and_not_of_a_claim(store):
    begin_or_find_session(store, claims(role="beheerder", groups=["beheerder"]), moment=MOMENT)
    grant_role(store, LOCAL_USER, "https://login", "u1", Role.GEMEENTE, HOME)
    actor, _ = begin_or_find_session(store, claims(), moment=MOMENT)
    assert (actor.role, actor.municipality) == (Role.GEMEENTE, HOME)
    # the same subject of another provider is somebody else
    stranger, _ = begin_or_find_session(store, {**claims(), "iss": "https://elders"}, moment=MOMENT)
    assert stranger.role == Role.BEZOEKER
    with pytest.raises(StoreError):
        grant_role(store, LOCAL_USER, "https://login", "u1", Role.RAADSLID, None)
    end_sessions_of(store, LOCAL_USER, "https://login", "u1")
    with pytest.raises(SessionEndedError):
        begin_or_find_session(store, claims(), moment=MOMENT)


# --- links --------------------------------------------------------------------------------------


def test_a_link_shows_what_was_shared_until_it_ends(store):
    plots = nine()
    deliver(store, LOCAL_USER, plots)
    shared, secret_one, public = (
        plots[plots["confidentiality"].eq(c) & plots["municipality_code"].eq(HOME)].index[0]
        for c in (SHARED, SECRET, PUBLIC)
    )
    officer = ACTORS["gemeente"]
    change_plot(store, officer, shared, {"cost_per_place_eur": 12_345.0}, reason="r")
    given = {"name": "raad Houten", "kind": "azc", "days": 14}
    for ids, cls in (([secret_one], Confidentiality.GEDEELD), ([shared], Confidentiality.OPENBAAR),
                     ([], Confidentiality.GEDEELD), (["plek99"], Confidentiality.GEDEELD),
                     ([public], Confidentiality.VERTROUWELIJK)):  # fmt: skip
        with pytest.raises((StoreError, AccessDeniedError)):
            make_share(store, officer, plot_ids=ids, confidentiality=cls, **given)
    secret = make_share(
        store, officer, plot_ids=[shared, public], confidentiality=Confidentiality.GEDEELD, **given
    )
    share, seen = shared_plots(store, secret)
    assert set(seen.index) == {shared, public} and seen["contact"].isna().all()
    assert seen["cost_per_place_eur"].isna().all(), "no column of the team goes with a link"
    assert seen["cost_per_place_eur"].dtype == float and set(map(str, seen["provenance"])) == {"{}"}
    with store.engine.connect() as connection:
        kept = str(connection.execute(sa.select(tables.shares)).all())
    assert secret not in kept, "who reads the table cannot use the link"
    # what becomes confidential later is not shown any more
    change_plot(store, LOCAL_USER, shared, {"confidentiality": SECRET}, reason="r")
    assert set(shared_plots(store, secret)[1].index) == {public}
    with pytest.raises(NotFoundError):
        end_share(store, Actor("ander", Role.GEMEENTE, AWAY), share.key)
    assert [s.key for s in list_shares(store, officer)] == [share.key]
    end_share(store, officer, share.key)
    for wrong in (secret, "", "x" * 32):
        with pytest.raises(NotFoundError):
            shared_plots(store, wrong)


# --- audit --------------------------------------------------------------------------------------


def test_refusals_are_in_the_audit_as_many_as_fit_an_hour_for_each_who_asks(store):
    officer, visitor = Actor("sam", Role.GEMEENTE, HOME), Actor("bezoeker")
    for _ in range(MOST_REFUSALS + 5):
        record_refusal(store, officer, "page")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: record_refusal(store, visitor, "share"), range(2 * MOST_REFUSALS)))
    found = entries(store, LOCAL_USER)
    of = {who: [e for e in found if e.actor == who] for who in ("sam", "bezoeker")}
    assert [len(some) for some in of.values()] == [MOST_REFUSALS] * 2
    # the latest, and it alone, says that what follows is not written
    assert [[e.detail["last_of_hour"] for e in some].index(True) for some in of.values()] == [0, 0]
    assert {(e.action, e.resource) for e in of["sam"]} == {(REFUSED, "page")}
    assert broken_at(store, LOCAL_USER) is None
    # an hour later there is room again, and what somebody does besides takes none of it
    record(store, officer, "read", "plek")
    with store.engine.begin() as connection:
        for trigger in ("audit_update", "audit_delete"):
            if connection.dialect.name == "sqlite":
                connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP TRIGGER audit_kept ON audit"))
        earlier = now() - dt.timedelta(minutes=61)
        connection.execute(sa.update(tables.audit).values(at=earlier))
    record_refusal(store, officer, "page")
    refused = [e for e in entries(store, LOCAL_USER) if (e.actor, e.action) == ("sam", REFUSED)]
    assert len(refused) == MOST_REFUSALS + 1 and not refused[0].detail["last_of_hour"]


def test_the_audit_is_only_added_to_and_shows_what_was_changed_behind_its_back(store):
    for n in range(5):
        record(store, LOCAL_USER, "export", "ranglijst", {"plots": n})
    assert broken_at(store, LOCAL_USER) is None
    assert [e.detail["plots"] for e in entries(store, LOCAL_USER, most=2)] == [4, 3]
    third = entries(store, LOCAL_USER)[2].id
    for tampering in (
        sa.update(tables.audit).where(tables.audit.c.id == third).values(actor="niemand"),
        sa.delete(tables.audit).where(tables.audit.c.id == third),
    ):
        with pytest.raises(sa.exc.DatabaseError), store.engine.begin() as connection:
            connection.execute(tampering)
    with store.engine.begin() as connection:
        # as somebody would who has the database itself
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER audit_UPDATE"))
        else:
            connection.execute(sa.text("DROP TRIGGER audit_kept ON audit"))
        connection.execute(
            sa.update(tables.audit).where(tables.audit.c.id == third).values(actor="niemand")
        )
    assert broken_at(store, LOCAL_USER) == third


# --- backup -------------------------------------------------------------------------------------


def test_a_backup_under_writing_holds_all_that_was_confirmed_before_it(tmp_path):
    address = f"sqlite:///{tmp_path / 'live.sqlite'}"
    store = open_store(address)
    stop = threading.Event()
    written = []

    def write():
        while not stop.is_set():
            record(store, LOCAL_USER, "export", f"n{len(written)}")
            written.append(len(written))

    writer = threading.Thread(target=write)
    writer.start()
    while len(written) < 20:
        pass
    certain = len(written)
    back_up(tmp_path / "copy.sqlite", address)
    stop.set()
    writer.join()
    store.close()
    with pytest.raises(StoreError):
        back_up(tmp_path / "copy.sqlite", address)
    # the database is lost; the backup is put in its place
    (tmp_path / "live.sqlite").write_bytes(b"")
    restore(tmp_path / "copy.sqlite", address)
    again = open_store(address)
    found = [e.resource for e in entries(again, LOCAL_USER) if e.action == "export"]
    assert len(found) >= certain and broken_at(again, LOCAL_USER) is None
    again.close()


def test_a_torn_or_strange_database_is_refused_with_advice(tmp_path):
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE x (y)")
    with pytest.raises(StoreError):
        restore(path, f"sqlite:///{tmp_path / 'b.sqlite'}")
    torn = tmp_path / "torn.sqlite"
    torn.write_bytes(b"")
    (tmp_path / "torn.sqlite-wal").write_bytes(b"something")
    with pytest.raises(StoreError) as refused:
        open_store(f"sqlite:///{torn}")
    assert "make restore" in refused.value.message.text("nl")
    strange = tmp_path / "strange.sqlite"
    strange.write_bytes(b"%PDF-1.4 no database at all")
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{strange}")


def test_the_command_line_backs_up_grants_and_verifies(tmp_path):
    environment = {
        "LOCATIEWIJZER_DATABASE": f"sqlite:///{tmp_path / 'a.sqlite'}",
        "PATH": "/usr/bin",
    }
    open_store(environment["LOCATIEWIJZER_DATABASE"]).close()

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "store", *map(str, words)],
            cwd=ROOT, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    assert run("grant", "https://login", "u1", "beheerder").returncode == 0
    assert run("audit", "--export").stdout.count("grant_role") == 1
    assert '"export"' in run("audit", "--export").stdout
    assert run("backup", tmp_path / "b.sqlite").returncode == 0
    refused = run("backup", tmp_path / "b.sqlite")
    assert (
        refused.returncode == 2
        and "Traceback" not in refused.stderr
        and "b.sqlite" in refused.stderr
    )
    assert run("restore", tmp_path / "b.sqlite").returncode == 0


def test_every_role_is_decided_for_every_action_and_place():
    for role, action in itertools.product(Role, Action):
        actor = Actor("x", role, HOME)
        for place, cls in itertools.product((HOME, AWAY, None, ANYWHERE), Confidentiality):
            found = may(actor, action, Resource("x", cls, place))
            grant = POLICY[role].get(action)
            if grant is None:
                assert not found
            if found and cls != Confidentiality.OPENBAAR:
                # nobody may more with something more confidential
                assert may(actor, action, Resource("x", Confidentiality.OPENBAAR, place))


def test_the_documents_hold_the_table_of_roles():
    from scripts.role_table import DOCUMENT, role_table

    assert role_table() in DOCUMENT.read_text("utf-8"), "run python -m scripts.role_table"


def test_actors_who_see_the_same_share_a_key_and_others_do_not():
    actors = [
        *ACTORS.values(), Actor("other", Role.GEMEENTE, HOME), Actor("x", Role.RAADSLID, AWAY),
        Actor("y", Role.GEMEENTE), Actor("z", Role.RAADSLID, HOME),
    ]  # fmt: skip

    def sees(actor):
        return tuple(
            may(actor, Action.READ_PLOTS, Resource("plot", Confidentiality(value), place))
            for value in CLASSES for place in (HOME, AWAY, "GM0999", None)
        )  # fmt: skip

    for one, other in itertools.combinations(actors, 2):
        if view_key(one) == view_key(other):
            assert sees(one) == sees(other), (one, other)
        elif sees(one) == sees(other):
            assert one.municipality != other.municipality, (one, other)


@pytest.mark.parametrize("class_", [None, "geheim", "Openbaar", ""])
def test_a_state_of_a_doubtful_class_is_confidential(class_):
    from store.access import resource_of

    found = resource_of({"confidentiality": class_, "municipality_code": float("nan")})
    assert found == Resource("plot", Confidentiality.VERTROUWELIJK, None)
    known = resource_of({"confidentiality": "gedeeld", "municipality_code": HOME})
    assert known == Resource("plot", Confidentiality.GEDEELD, HOME)


def test_a_refusal_names_what_was_asked():
    from store.access import require

    with pytest.raises(AccessDeniedError) as refused:
        require(Actor("b"), Action.CHANGE_PLOTS, Resource("plot"))
    message = refused.value.message
    assert message.key == "store.error.access"
    assert message.values["action"].key == f"store.action.{Action.CHANGE_PLOTS}"
    assert message.values["action"].text("nl") in message.text("nl")


def test_who_works_in_no_municipality_delivers_nowhere():
    from store.access import highest_class

    homeless = Actor("g", Role.GEMEENTE)
    assert highest_class(homeless, Action.DELIVER, ANYWHERE) is None
    assert highest_class(homeless, Action.DELIVER, None) is None


def test_a_figure_is_for_who_may_read_its_class_where_it_belongs(tmp_path):
    """An exchange is for both of its sides; what is secret at home is not so everywhere."""
    store, kim = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}"), Actor("k", Role.KANSENMAKER)
    for cls in CLASSES:
        enter_task(
            store, kim, municipality_code=HOME, cycle=1, status="decided", places=1,
            realised_places=None, source=cls, source_date="2026", confidentiality=Confidentiality(cls),
        )  # fmt: skip
        enter_exchange(
            store, kim, from_code=HOME, to_code="GM0310", places=1, in_return=cls, source="s",
            confidentiality=Confidentiality(cls),
        )  # fmt: skip
    officer, council = Role.GEMEENTE, Role.RAADSLID
    for actor, sees in (
        (kim, set(CLASSES)),
        (Actor("h", officer, HOME), set(CLASSES)),
        (Actor("h", council, HOME), {SHARED, PUBLIC}),
        (Actor("z", officer, AWAY), {SHARED, PUBLIC}),
        (Actor("z", council, AWAY), {PUBLIC}),
        (Actor("b"), {PUBLIC}),
    ):
        assert set(entered_tasks(store, actor)["source"]) == sees, actor
        assert {e.in_return for e in list_exchanges(store, actor)} == sees, actor
    other_side = Actor("d", officer, "GM0310")
    assert {e.in_return for e in list_exchanges(store, other_side)} == set(CLASSES)
    store.close()


def test_a_plot_of_no_municipality_is_elsewhere_for_everybody(any_database):
    """Where the place is not known, the home of an officer gives no right; filtered in SQL."""
    from store.access import readable_rows

    engine = sa.create_engine(any_database)
    table = sa.Table("t", sa.MetaData(), sa.Column("c", sa.String), sa.Column("m", sa.String))
    table.metadata.create_all(engine)
    states = [(value, place) for value in CLASSES for place in (HOME, AWAY, None)]
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"c": value, "m": place} for value, place in states])
        for actor in [*ACTORS.values(), Actor("y", Role.GEMEENTE)]:
            rows = connection.execute(
                sa.select(table).where(readable_rows(actor, table.c.c, table.c.m))
            )
            expected = {
                (value, place) for value, place in states
                if may(actor, Action.READ_PLOTS, Resource("plot", Confidentiality(value), place))
            }  # fmt: skip
            assert {tuple(row) for row in rows} == expected
    engine.dispose()


def test_who_takes_the_name_of_another_gets_nothing_of_theirs(store):
    """A provider lets people choose how they are called; links and snapshots are told by name."""
    at = now()
    for subject, name in (("a", "Kim"), ("b", "kim"), ("c", "lokaal"), ("d", "Kim")):
        claims = {"iss": "i", "sub": subject, "name": name, "iat": at.timestamp()}
        grant_role(store, LOCAL_USER, "other", subject + "0", Role.GEMEENTE, HOME)
        begin_or_find_session(store, claims)
        grant_role(store, LOCAL_USER, "i", subject, Role.GEMEENTE, HOME if subject == "a" else AWAY)
    actors = {
        s: begin_or_find_session(
            store, {"iss": "i", "sub": s, "name": "Kim", "iat": at.timestamp()}
        )[0]
        for s in "abcd"
    }
    assert len({actor.name.casefold() for actor in actors.values()} | {"lokaal"}) == 5
    keep_snapshot(store, actors["a"], number="n", kind="azc", sha256="0", content=b"{}")
    keep_snapshot(store, LOCAL_USER, number="m", kind="azc", sha256="0", content=b"{}")
    assert [s.number for s in list_snapshots(store, actors["a"])] == ["n"]
    for other in "bcd":
        assert list_snapshots(store, actors[other]) == []
        assert list_shares(store, actors[other]) == []
    # who works elsewhere from now on sees no more what they kept before
    grant_role(store, LOCAL_USER, "i", "a", Role.GEMEENTE, AWAY)
    moved = begin_or_find_session(
        store, {"iss": "i", "sub": "a", "name": "Kim", "iat": at.timestamp()}
    )[0]
    assert moved.municipality == AWAY and list_snapshots(store, moved) == []
    with pytest.raises(NotFoundError):
        find_snapshot(store, moved, "n")
