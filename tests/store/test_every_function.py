"""Each public function of the store with each role: a new function without a rule here fails."""

import datetime as dt
import importlib
import inspect
import io
import pkgutil

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa
from PIL import Image

import store as package
from data.vocabulary import Confidentiality
from geo.examples import example_plots
from geo.plot_table import with_plot_columns
from store import (
    attachments,
    audit,
    changes,
    counts,
    deliveries,
    erasure,
    figures,
    kaders,
    layers,
    plans,
    plots,
    practice,
    shares,
    snapshots,
    tables,
    users,
)
from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.errors import AccessDeniedError, NotFoundError
from store.records import Plan
from tests.store.conftest import empty_database

HOME = "GM0321"
TEAM = {Role.BEHEERDER, Role.KANSENMAKER}
OFFICERS = TEAM | {Role.GEMEENTE}
COUNCIL = OFFICERS | {Role.RAADSLID}
ALL = set(Role)
BOSS = {Role.BEHEERDER}
SECRET, SHARED = Confidentiality.VERTROUWELIJK, Confidentiality.GEDEELD

# Without an actor: they ask nothing of a user and give nothing kept, or a secret stands for one.
NO_ACTOR = {
    "backup.back_up", "backup.restore", "chain.link", "counts.noise", "counts.quarter_of",
    "counts.told", "database.from_column", "database.note", "database.now", "database.open_store",
    "database.raise_version", "database.read_only", "database.refuse_torn", "database.to_column",
    "database.version_of", "deliveries.new_plot_id", "plots.plain_shape", "shares.shared_plots",
    "photo.sandboxed", "changes.last_deed", "figures.readable", "layers.readable", "tables.rd_geometry", "users.begin_or_find_proxied_session", "users.begin_or_find_session",
    "users.session_key", "layers.may_enter_layers", "plans.may_write_plan", "deliveries.may_deliver_for", "kaders.sees_all", "kaders.may_search_in",
    "__main__.main",
    "records.plan_record", "records.plan_from_record", "records.plan_of", "records.class_of",
    "records.step_row", "records.answer_row", "records.says_anything",
}  # fmt: skip
# Inside a transaction of another function of the store, which has asked.
INSIDE = {"plots.require_all", "plots.write_plots", "plots.write_records", "plots.remove_plots"}


def plot(cls="vertrouwelijk", name="thuis"):
    table = gpd.GeoDataFrame(
        {"name": [name], "confidentiality": [cls], "contact": "mw. Geheim", "state": "kansrijk"},
        geometry=[shapely.box(140_000, 450_000, 140_080, 450_080)],
        index=pd.Index([name], name="plot_id"), crs="EPSG:28992",
    )  # fmt: skip
    return with_plot_columns(table).assign(
        municipality_code=HOME, municipality_certain=True, fictional=False
    )


def deliver(s, a, name="nieuw", cls="vertrouwelijk"):
    return deliveries.confirm_delivery(
        s, a, plot(cls, name), file_name="f", file_sha256="0", report=[], columns={},
        municipality_code=HOME,
    )  # fmt: skip


def picture():
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(stream, "PNG")
    return stream.getvalue()


def attach(s, a):
    return attachments.add_attachment(s, a, "thuis", picture(), name="Geheim.png")


def kept(s):
    return attachments.list_attachments(s, LOCAL_USER, "thuis")[0].id


EXAMPLE = practice.OwnExample("", "t", "azc", HOME, None, None, "w", "l", "s")
# function: who is given it at home, how it is called
RULES = {
    "attachments.add_attachment": (OFFICERS, attach),
    "attachments.list_attachments": (
        OFFICERS,
        lambda s, a: attachments.list_attachments(s, a, "thuis"),
    ),
    "attachments.read_attachment": (
        OFFICERS,
        lambda s, a: attachments.read_attachment(s, a, kept(s)),
    ),
    "attachments.withdraw_attachment": (
        OFFICERS,
        lambda s, a: attachments.withdraw_attachment(s, a, kept(s)),
    ),
    "attachments.photos_of": (
        ALL,
        lambda s, a: attachments.photos_of(s, a, ["thuis"], Confidentiality.VERTROUWELIJK),
    ),
    "audit.record": (ALL, lambda s, a: audit.record(s, a, "x", "y")),
    "audit.record_refusal": (ALL, lambda s, a: audit.record_refusal(s, a, "page")),
    "audit.entries": (BOSS, lambda s, a: audit.entries(s, a)),
    "audit.broken_at": (BOSS, lambda s, a: audit.broken_at(s, a)),
    "changes.visible_state": (ALL, lambda s, a: changes.visible_state(s, a)),
    "counts.quarterly_hidden": (
        COUNCIL, lambda s, a: counts.quarterly_hidden(s, a, dt.date(2026, 1, 1))),
    "deliveries.confirm_delivery": (OFFICERS, deliver),
    "deliveries.list_deliveries": (OFFICERS, lambda s, a: deliveries.list_deliveries(s, a)),
    "deliveries.undo_delivery": (
        OFFICERS, lambda s, a: deliveries.undo_delivery(s, a, 1, reason="r")),
    "deliveries.remembered_columns": (
        OFFICERS, lambda s, a: deliveries.remembered_columns(s, a, HOME)),
    "erasure.count_words": (BOSS, lambda s, a: erasure.count_words(s, a, "Geheim")),
    "erasure.erase_words": (BOSS, lambda s, a: erasure.erase_words(s, a, "Geheim")),
    "erasure.erase_plot": (BOSS, lambda s, a: erasure.erase_plot(s, a, "thuis")),
    "erasure.retention_days": (BOSS, lambda s, a: erasure.retention_days(s, a)),
    "erasure.set_retention": (BOSS, lambda s, a: erasure.set_retention(s, a, 0)),
    "erasure.apply_retention": (BOSS, lambda s, a: erasure.apply_retention(s, a)),
    "figures.enter_task": (OFFICERS, lambda s, a: figures.enter_task(
        s, a, municipality_code=HOME, cycle=1, status="decided", places=1, realised_places=None,
        source="s", source_date="2026")),
    "figures.entered_tasks": (ALL, lambda s, a: figures.entered_tasks(s, a)),
    "figures.figures_version": (ALL, lambda s, a: figures.figures_version(s, a)),
    "figures.enter_exchange": (OFFICERS, lambda s, a: figures.enter_exchange(
        s, a, from_code=HOME, to_code=None, places=1, in_return="", source="s")),
    "figures.list_exchanges": (ALL, lambda s, a: figures.list_exchanges(s, a)),
    "kaders.fix_kader": (BOSS, lambda s, a: kaders.fix_kader(
        s, a, kind="azc", version="2", sha256="0", text="t", reason="r")),
    "kaders.fixed_kaders": (ALL, lambda s, a: kaders.fixed_kaders(s, a)),
    "kaders.begin_search": (
        OFFICERS, lambda s, a: kaders.begin_search(s, a, kind="azc", area=[HOME], kader=1)),
    "kaders.list_searches": (ALL, lambda s, a: kaders.list_searches(s, a)),
    "layers.enter_layer": (
        TEAM,
        lambda s, a: layers.enter_layer(
            s, a, kind="bron", name="n", source="s", source_date="2026", complete=True,
            content=b"{}", shapes=0,
        ),
    ),
    "layers.withdraw_layer": (TEAM, lambda s, a: layers.withdraw_layer(s, a, 1)),
    "layers.list_layers": (ALL, lambda s, a: layers.list_layers(s, a)),
    "layers.layers_version": (ALL, lambda s, a: layers.layers_version(s, a)),
    "plans.plans_of": (ALL, lambda s, a: plans.plans_of(s, a, ["thuis"])),
    "plans.write_plan": (OFFICERS, lambda s, a: plans.write_plan(s, a, Plan("thuis"))),
    "plans.erase_plan": (OFFICERS, lambda s, a: plans.erase_plan(s, a, "thuis")),
    "plots.plots_version": (ALL, lambda s, a: plots.plots_version(s, a)),
    "plots.visible_version": (ALL, lambda s, a: plots.visible_version(s, a)),
    "plots.list_plots": (ALL, lambda s, a: plots.list_plots(s, a)),
    "plots.left_on": (ALL, lambda s, a: plots.left_on(s, a, ["thuis"])),
    "plots.load_examples": (TEAM, lambda s, a: plots.load_examples(s, a, example_plots())),
    "plots.remove_examples": (TEAM, lambda s, a: plots.remove_examples(s, a)),
    "plots.restore_examples": (TEAM, lambda s, a: plots.restore_examples(s, a, example_plots())),
    "plots.change_plot": (OFFICERS, lambda s, a: plots.change_plot(
        s, a, "thuis", {"zoning": "x"}, reason="r")),
    "plots.plot_history": (OFFICERS, lambda s, a: plots.plot_history(s, a, "thuis")),
    "plots.plot_version": (OFFICERS, lambda s, a: plots.plot_version(s, a, "thuis")),
    "plots.withdraw_plot": (OFFICERS, lambda s, a: plots.withdraw_plot(s, a, "thuis", reason="r")),
    "plots.withdrawn_plots": (ALL, lambda s, a: plots.withdrawn_plots(s, a)),
    "plots.restore_plot": (
        OFFICERS, lambda s, a: plots.restore_plot(s, a, "thuis", 1, reason="r")),
    "practice.write_example": (OFFICERS, lambda s, a: practice.write_example(s, a, EXAMPLE)),
    "practice.changeable_examples": (ALL, lambda s, a: practice.changeable_examples(s, a)),
    "practice.own_examples": (ALL, lambda s, a: practice.own_examples(s, a)),
    "shares.make_share": (COUNCIL, lambda s, a: shares.make_share(
        s, a, name="n", kind="azc", plot_ids=["gedeeld"], confidentiality=SHARED, days=1)),
    "shares.list_shares": (ALL, lambda s, a: shares.list_shares(s, a)),
    "shares.end_share": (BOSS, lambda s, a: shares.end_share(
        s, a, shares.list_shares(s, LOCAL_USER)[0].key)),
    "snapshots.keep_snapshot": (OFFICERS, lambda s, a: snapshots.keep_snapshot(
        s, a, number="m", kind="azc", sha256="0", content=b"{}")),
    "snapshots.hand_out_snapshot": (COUNCIL, lambda s, a: snapshots.hand_out_snapshot(
        s, a, number="h", kind="azc", sha256="0", content=b"{}", confidentiality=SHARED)),
    "snapshots.list_snapshots": (OFFICERS, lambda s, a: snapshots.list_snapshots(s, a)),
    "snapshots.find_snapshot": (TEAM, lambda s, a: snapshots.find_snapshot(s, a, "n")),
    "users.end_session": (ALL, lambda s, a: users.end_session(s, a, "k")),
    "users.end_sessions_of": (BOSS, lambda s, a: users.end_sessions_of(s, a, "i", "s")),
    "users.list_users": (BOSS, lambda s, a: users.list_users(s, a)),
    "users.list_sessions": (BOSS, lambda s, a: users.list_sessions(s, a)),
    "users.grant_role": (
        BOSS, lambda s, a: users.grant_role(s, a, "i", "s", Role.KANSENMAKER, None)),
}  # fmt: skip


def public_functions():
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name in ("access", "migrations"):
            continue
        loaded = importlib.import_module(f"store.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == loaded.__name__:
                found[f"{module.name}.{name}"] = function
    return found


def test_every_public_function_has_a_rule():
    found = public_functions()
    assert set(found) == set(RULES) | NO_ACTOR | INSIDE
    for name, function in found.items():
        takes = list(inspect.signature(function).parameters)
        assert (takes[:2] == ["store", "actor"]) == (name in RULES), name


def fill(store):
    """Keep one of everything."""
    deliver(store, LOCAL_USER, "thuis")
    deliver(store, LOCAL_USER, "gedeeld", "gedeeld")
    layers.enter_layer(
        store, LOCAL_USER, kind="lawaai", name="Geheim", source="thuis", source_date="2026",
        complete=True, content=b"{}", shapes=0,
    )  # fmt: skip
    attach(store, LOCAL_USER)
    kaders.fix_kader(store, LOCAL_USER, kind="azc", version="1", sha256="0", text="t", reason="r")
    shares.make_share(
        store, LOCAL_USER, name="n", kind="azc", plot_ids=["gedeeld"], confidentiality=SHARED,
        days=3,
    )  # fmt: skip
    snapshots.keep_snapshot(
        store, LOCAL_USER, number="n", kind="azc", sha256="0", content=b'{"plots": []}'
    )


@pytest.fixture(scope="module", params=["sqlite", "postgis"])
def filled(request, tmp_path_factory):
    """A store with one of everything, and a way to have it again as it was."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("filled")
        address = f"sqlite:///{folder / 'a.sqlite'}"
    else:
        address = empty_database(request.getfixturevalue("postgres"))
    store = open_store(address)
    fill(store)
    # what others refer to comes first
    order = [name for name, _ in sa.inspect(store.engine).get_sorted_table_and_fkc_names()]
    # the audit cannot be put back: it is only added to
    names = [name for name in order if name in tables.metadata.tables and name != "audit"]
    kept = "kept_" if request.param == "sqlite" else "kept."
    with store.engine.begin() as connection:
        if request.param == "postgis":
            connection.execute(sa.text("CREATE SCHEMA kept"))
        for name in names:
            connection.execute(sa.text(f"CREATE TABLE {kept}{name} AS SELECT * FROM {name}"))

    def as_it_was():
        with store.engine.begin() as connection:
            for name in reversed(names):
                connection.execute(sa.text(f"DELETE FROM {name}"))
            for name in names:
                connection.execute(sa.text(f"INSERT INTO {name} SELECT * FROM {kept}{name}"))

    yield store, as_it_was
    store.close()


@pytest.mark.parametrize("role", list(Role))
def test_every_function_gives_and_refuses_as_its_rule_says(filled, role):
    store, as_it_was = filled
    actor = Actor("iemand", role, HOME)
    for name, (allowed, call) in RULES.items():
        if role in allowed:
            found = call(store, actor)
            as_it_was()
        else:
            before = audit.entries(store, LOCAL_USER, most=1)
            with pytest.raises((AccessDeniedError, NotFoundError)):
                call(store, actor)
                pytest.fail(f"{name} was not refused to {role}")
            assert audit.entries(store, LOCAL_USER, most=1) == before, "and nothing was written"
            found = None
        if role not in OFFICERS:
            assert "Geheim" not in str(found) and "thuis" not in str(found), name
