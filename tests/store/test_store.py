"""What is kept stays kept, whole or not at all, and can be taken back."""

import resource
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.many_plots import many_plots
from geo.municipality import assign_municipality
from store import tables
from store.access import LOCAL_USER, Action, Actor, Resource, Role, may
from store.audit import broken_at
from store.database import open_store, read_only
from store.deliveries import (
    confirm_delivery,
    list_deliveries,
    new_plot_id,
    remembered_columns,
    undo_delivery,
)
from store.errors import (
    AccessDeniedError,
    ChangedSinceError,
    NotFoundError,
    NotKeptError,
    PlotConflictError,
    StoreError,
)
from store.plots import (
    GONE,
    change_plot,
    list_plots,
    load_examples,
    plot_history,
    plot_version,
    plots_version,
    remove_examples,
    restore_plot,
    withdraw_plot,
    withdrawn_plots,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    yield opened
    opened.close()


def some_plots(count=5, seed=1):
    plots = many_plots(count, seed)
    plots = plots.join(assign_municipality(plots.geometry))
    return plots.set_index(plots.index.map(lambda _: new_plot_id()).rename("plot_id"))


def delivered(store, plots, **given):
    return confirm_delivery(
        store, LOCAL_USER, plots,
        **{"file_name": "a.gpkg", "file_sha256": "f" * 64, "report": [], "columns": {}, **given},
    )  # fmt: skip


def test_plots_come_back_as_they_were_delivered(store):
    plots = some_plots(20).sort_index()
    delivered(store, plots)
    again = list_plots(store, LOCAL_USER)
    assert again.crs == plots.crs
    assert again.index.tolist() == plots.index.tolist()
    assert again.geometry.geom_equals(plots.geometry).all()
    for column in ("name", "object_kind", "municipality_code", "gfa_m2"):
        assert again[column].equals(plots[column].astype(again[column].dtype)), column
    assert not again["fictional"].any()


def test_examples_come_once_and_go_at_one_call(store, plots):
    assert load_examples(store, LOCAL_USER, plots)
    assert not load_examples(store, LOCAL_USER, plots)
    delivered(store, some_plots(3))
    assert remove_examples(store, LOCAL_USER) == len(plots)
    assert len(list_plots(store, LOCAL_USER)) == 3
    assert not load_examples(store, LOCAL_USER, plots)


def test_every_change_raises_the_version(store):
    seen = [plots_version(store, LOCAL_USER)]
    number = delivered(store, some_plots(2))
    seen.append(plots_version(store, LOCAL_USER))
    undo_delivery(store, LOCAL_USER, number, reason="fout")
    seen.append(plots_version(store, LOCAL_USER))
    assert len(set(seen)) == 3


def test_undo_restores_the_former_state(store):
    plots = some_plots(4)
    delivered(store, plots)
    before = list_plots(store, LOCAL_USER)
    changed = plots.iloc[:2].assign(name="anders", state="afgevallen")
    number = delivered(store, gpd_concat([changed, some_plots(3, seed=9)]))
    assert len(list_plots(store, LOCAL_USER)) == 7
    assert undo_delivery(store, LOCAL_USER, number, reason="verkeerd bestand") == 5
    after = list_plots(store, LOCAL_USER)
    assert after.drop(columns="geometry").equals(before.drop(columns="geometry"))
    assert after.geometry.geom_equals(before.geometry).all()
    log = list_deliveries(store, LOCAL_USER)
    assert [d.number for d in log][0] == number
    assert log[0].undone_reason == "verkeerd bestand"
    with pytest.raises(NotFoundError):
        undo_delivery(store, LOCAL_USER, number, reason="nog eens")


def gpd_concat(parts):
    import pandas as pd

    return pd.concat(parts)


def test_undo_is_refused_when_a_plot_changed_since_and_leaves_all_as_it_was(store):
    plots = some_plots(2)
    number = delivered(store, plots)
    change_plot(store, LOCAL_USER, plots.index[0], {"state": "kansrijk"}, reason="bezoek")
    with pytest.raises(ChangedSinceError):
        undo_delivery(store, LOCAL_USER, number, reason="fout")
    assert len(list_plots(store, LOCAL_USER)) == 2
    assert list_deliveries(store, LOCAL_USER)[0].undone_at is None


def test_history_tells_who_when_why_and_keeps_former_terms(store):
    import datetime as dt

    plots = some_plots(1)
    delivered(store, plots)
    plot = plots.index[0]
    change_plot(
        store, LOCAL_USER, plot, {"available_until": dt.date(2027, 7, 1)}, reason="half jaar"
    )
    change_plot(
        store, LOCAL_USER, plot,
        {"available_until": dt.date(2042, 1, 1), "state": "kansrijk", "next_actor": "COA"},
        reason="verlengd",
    )  # fmt: skip
    history = plot_history(store, LOCAL_USER, plot)
    assert [entry.reason for entry in history] == ["a.gpkg", "half jaar", "verlengd"]
    assert history[2].changes["available_until"] == ("2027-07-01", "2042-01-01")
    assert history[2].changes["next_actor"] == (None, "COA")
    assert all(entry.actor == LOCAL_USER.name for entry in history)
    found = list_plots(store, LOCAL_USER).loc[plot]
    assert found["provenance"]["state"].startswith(LOCAL_USER.name)


def test_columns_are_remembered_for_a_municipality(store):
    delivered(store, some_plots(1), columns={"opp ha": "stated_area_m2", "x": "nonsense", "y": ""},
              municipality_code="GM0344")  # fmt: skip
    delivered(store, some_plots(1), columns={"opp ha": ""}, municipality_code="GM0344")
    assert remembered_columns(store, LOCAL_USER, "GM0344") == {"opp ha": "", "y": ""}
    assert remembered_columns(store, LOCAL_USER, "GM0307") == {}


def test_who_may_not_sees_no_confidential_plot_and_changes_nothing(store):
    plots = some_plots(3)
    plots["confidentiality"] = ["vertrouwelijk", "gedeeld", "openbaar"]
    plots["municipality_code"] = "GM0321"
    delivered(store, plots)
    council = Actor("raadslid", Role.RAADSLID, "GM0321")
    visitor = Actor("bezoeker")
    assert len(list_plots(store, LOCAL_USER)) == 3
    assert set(list_plots(store, council)["confidentiality"]) == {"gedeeld", "openbaar"}
    assert set(list_plots(store, visitor)["confidentiality"]) == {"openbaar"}
    with pytest.raises(NotFoundError):
        plot_history(store, council, plots.index[0])
    for act in (
        lambda: change_plot(store, council, plots.index[2], {"state": "x"}, reason="r"),
        lambda: undo_delivery(store, council, 1, reason="r"),
        lambda: remove_examples(store, visitor),
        lambda: list_deliveries(store, visitor),
    ):
        with pytest.raises(AccessDeniedError):
            act()


def test_every_action_is_decided_for_every_role():
    for role in Role:
        for action in Action:
            assert may(Actor("x", role), action, Resource("plots")) in (True, False)
    assert not any(
        may(Actor("x"), action, Resource("p")) for action in Action if action != Action.READ_PLOTS
    )


def test_all_deeds_are_in_the_audit(store, plots):
    load_examples(store, LOCAL_USER, plots)
    number = delivered(store, some_plots(2))
    undo_delivery(store, LOCAL_USER, number, reason="r")
    remove_examples(store, LOCAL_USER)
    with read_only(store) as connection:
        deeds = sa.select(tables.audit.c.action).order_by(tables.audit.c.id)
        actions = connection.execute(deeds).scalars().all()
    assert actions == ["load_examples", "deliver", "undo_delivery", "remove_examples"]


def test_migrations_make_the_tables_that_the_code_uses(store):
    inspector = sa.inspect(store.engine)
    for table in tables.metadata.tables.values():
        made = {column["name"] for column in inspector.get_columns(table.name)}
        assert made == set(table.columns.keys()), table.name


def test_a_bad_address_is_told_in_words(tmp_path):
    with pytest.raises(StoreError) as refused:
        open_store("geen adres")
    assert "LOCATIEWIJZER_DATABASE" in refused.value.message.text("nl")
    with pytest.raises(StoreError):
        open_store("postgresql://niemand@127.0.0.1:1/niets")


_DELIVER = """
import sys
import pandas as pd
from store.access import LOCAL_USER
from store.database import open_store
from store.deliveries import confirm_delivery
plots = pd.read_pickle(sys.argv[2])
store = open_store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
confirm_delivery(store, LOCAL_USER, plots, file_name="a", file_sha256="0", report=[], columns={})
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def made_plots(tmp_path_factory):
    """A file with 4000 plots: the processes that are killed need not each make them anew."""
    path, plots = tmp_path_factory.mktemp("made") / "plots.pickle", many_plots(4000)
    plots.join(assign_municipality(plots.geometry)).to_pickle(path)
    return path


def test_killed_at_any_moment_the_whole_delivery_is_there_or_none_of_it(any_database, made_plots):
    outcomes = set()
    for place, wait_s in enumerate([0.05, 0.25, 0.6, None]):
        address = any_database if place == 0 else f"{any_database}{place}"
        if not any_database.startswith("sqlite"):
            address = any_database
        process = subprocess.Popen(
            [sys.executable, "-c", _DELIVER, address, made_plots],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline().strip() == "ready"
        process.stdin.write("go\n")
        process.stdin.flush()
        if wait_s is None:
            assert process.stdout.readline().strip() == "done"
        else:
            time.sleep(wait_s)
        process.kill()
        process.wait()
        store = open_store(address)
        kept, known = len(list_plots(store, LOCAL_USER)), len(list_deliveries(store, LOCAL_USER))
        versions = read_only(store)
        with versions as connection:
            count = connection.scalar(sa.select(sa.func.count()).select_from(tables.plot_versions))
        store.close()
        assert kept % 4000 == 0 and count % 4000 == 0
        assert (kept > 0) == (known > 0)
        assert kept > 0 or wait_s is not None, "what was confirmed is there"
        outcomes.add(kept > 0)
        if not any_database.startswith("sqlite") and kept:
            break
    assert outcomes == {False, True}


@pytest.fixture
def full_disk():
    """Bound the files that this process may write: the file system itself refuses the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(bytes_left_of, extra):
        most = max(path.stat().st_size for path in bytes_left_of if path.exists()) + extra
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))

    yield fill, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("extra", [0, 4096, 100_000, 400_000])
def test_a_full_disk_keeps_nothing_of_a_delivery_and_all_that_was_confirmed(
    tmp_path, full_disk, extra
):
    fill, empty = full_disk
    file = tmp_path / "full.sqlite"
    store = open_store(f"sqlite:///{file}")
    first = delivered(store, some_plots(3))
    fill([file, tmp_path / "full.sqlite-wal"], extra)
    with pytest.raises(NotKeptError) as refused:
        delivered(store, some_plots(3000))
    assert "niets bewaard" in refused.value.message.text("nl")
    empty()
    assert [d.number for d in list_deliveries(store, LOCAL_USER)] == [first]
    assert len(list_plots(store, LOCAL_USER)) == 3
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert broken_at(store, LOCAL_USER) is None
    delivered(store, some_plots(3000))
    assert len(list_deliveries(store, LOCAL_USER)) == 2
    store.close()


def test_deliveries_over_each_other_are_taken_back_one_after_the_other(store):
    plots = some_plots(4)
    first = delivered(store, plots)
    changed = plots.assign(name="anders")
    second = delivered(store, changed.iloc[:2])
    with pytest.raises(ChangedSinceError):
        undo_delivery(store, LOCAL_USER, first, reason="te vroeg")
    undo_delivery(store, LOCAL_USER, second, reason="fout")
    assert "anders" not in set(list_plots(store, LOCAL_USER)["name"])
    # delivered again after the undo, and taken back once more
    third = delivered(store, changed.iloc[1:3])
    undo_delivery(store, LOCAL_USER, third, reason="fout")
    undo_delivery(store, LOCAL_USER, first, reason="alles fout")
    assert list_plots(store, LOCAL_USER).empty


def test_a_reading_that_is_confirmed_twice_is_one_delivery(store):
    plots = some_plots(3)
    one = delivered(store, plots, confirmation="a-1")
    assert delivered(store, plots, confirmation="a-1") == one
    assert len(list_deliveries(store, LOCAL_USER)) == 1
    assert delivered(store, plots, confirmation="a-2") != one


def test_two_who_change_one_plot_both_hear_of_it(store):
    delivered(store, some_plots(1))
    plot_id = str(list_plots(store, LOCAL_USER).index[0])
    seen = plot_version(store, LOCAL_USER, plot_id)
    change = {"reason": "gesprek", "expected_version": seen}
    change_plot(store, LOCAL_USER, plot_id, {"state": "kansrijk"}, **change)
    with pytest.raises(PlotConflictError) as conflict:
        change_plot(store, LOCAL_USER, plot_id, {"state": "afgevallen"}, **change)
    assert conflict.value.values == {"state": ("kansrijk", "afgevallen")}
    # a shape that nobody touched is none either, on whichever database
    same = list_plots(store, LOCAL_USER).geometry[plot_id].buffer(1.0)
    change_plot(store, LOCAL_USER, plot_id, {"geometry": same}, **change)
    # another column is no conflict, and the first change stays
    change_plot(store, LOCAL_USER, plot_id, {"next_actor": "college"}, **change)
    plot = list_plots(store, LOCAL_USER).loc[plot_id]
    assert (plot["state"], plot["next_actor"]) == ("kansrijk", "college")
    restore_plot(store, LOCAL_USER, plot_id, seen, reason="terug")
    assert list_plots(store, LOCAL_USER).at[plot_id, "state"] != "kansrijk"


def test_a_whole_plot_is_not_taken_out_or_put_back_over_a_change_that_was_not_seen(store):
    delivered(store, some_plots(1))
    plot_id = str(list_plots(store, LOCAL_USER).index[0])
    seen = plot_version(store, LOCAL_USER, plot_id)
    was = list_plots(store, LOCAL_USER).at[plot_id, "zoning"]
    change_plot(store, LOCAL_USER, plot_id, {"zoning": "wonen"}, reason="een ander")
    for write in (
        lambda at: withdraw_plot(store, LOCAL_USER, plot_id, reason="r", expected_version=at),
        lambda at: restore_plot(store, LOCAL_USER, plot_id, 1, reason="r", expected_version=at),
    ):
        with pytest.raises(PlotConflictError) as conflict:
            write(seen)
        assert conflict.value.values == {"zoning": ("wonen", was)}
        assert list_plots(store, LOCAL_USER).at[plot_id, "zoning"] == "wonen"
    # who saw it may
    withdraw_plot(store, LOCAL_USER, plot_id, reason="dubbel", expected_version=seen + 1)
    # a plot that is gone was not there to be seen, and one that came back is
    back = {"reason": "terug", "expected_version": GONE}
    with pytest.raises(PlotConflictError):
        restore_plot(store, LOCAL_USER, plot_id, 2, **{**back, "expected_version": seen + 1})
    restore_plot(store, LOCAL_USER, plot_id, 2, **back)
    with pytest.raises(PlotConflictError):
        restore_plot(store, LOCAL_USER, plot_id, 1, **back)
    assert list_plots(store, LOCAL_USER).at[plot_id, "zoning"] == "wonen"


def test_many_changes_at_once_all_arrive_or_are_told(store):
    delivered(store, some_plots(1))
    plot_id = str(list_plots(store, LOCAL_USER).index[0])

    def change(number):
        change_plot(store, LOCAL_USER, plot_id, {"remarks": f"r{number}"}, reason=f"n{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(24)))
    history = plot_history(store, LOCAL_USER, plot_id)
    assert {f"n{number}" for number in range(24)} <= {entry.reason for entry in history}


def test_a_database_of_a_newer_version_is_told_in_words_and_left_as_it_is(tmp_path):
    address = f"sqlite:///{tmp_path / 'a.sqlite'}"
    open_store(address).close()
    with sqlite3.connect(tmp_path / "a.sqlite") as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    file.close()
    with pytest.raises(StoreError) as refused:
        open_store(address)
    assert refused.value.message.key == "store.error.newer"
    with sqlite3.connect(tmp_path / "a.sqlite") as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    file.close()


def test_a_plot_taken_off_is_listed_for_who_may_put_it_back_and_comes_back_the_same(store):
    plots = some_plots(3)
    delivered(store, plots)
    gone, stays = (str(plot_id) for plot_id in plots.index[:2])
    before = list_plots(store, LOCAL_USER)
    withdraw_plot(store, LOCAL_USER, gone, reason="dubbel")
    assert set(list_plots(store, LOCAL_USER).index) == set(before.index) - {gone}
    (told,) = withdrawn_plots(store, LOCAL_USER)
    assert (told.plot_id, told.version, told.reason) == (gone, 1, "dubbel")
    # an officer of elsewhere may not put it back, so is not told of it
    code = before.at[gone, "municipality_code"]
    for town, seen in ((code, 1), ("GM0000", 0)):
        officer = Actor("o", Role.GEMEENTE, town)
        assert len(withdrawn_plots(store, officer)) == seen
    with pytest.raises(NotFoundError):
        withdraw_plot(store, LOCAL_USER, gone, reason="nog eens")
    restore_plot(store, LOCAL_USER, gone, told.version, reason="toch niet")
    assert withdrawn_plots(store, LOCAL_USER) == []
    after = list_plots(store, LOCAL_USER).loc[before.index]
    assert after.geometry.geom_equals(before.geometry).all()
    assert after["name"].equals(before["name"])
