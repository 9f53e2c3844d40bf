"""What is erased is gone everywhere, and what rests on it still holds."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from geo.places_layer import from_geojson, to_geojson
from geo.plot_table import with_plot_columns
from reports.snapshot import take_snapshot, verify_snapshot
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader
from scoring.ranking import rank_measured
from store import erasure, tables
from store.access import LOCAL_USER, Actor, Role
from store.audit import broken_at, entries
from store.database import now, open_store
from store.deliveries import confirm_delivery, undo_delivery
from store.erasure import (
    ERASED,
    apply_retention,
    count_words,
    erase_plot,
    erase_words,
    retention_days,
    set_retention,
)
from store.errors import AccessDeniedError, NotFoundError, StoreError
from store.figures import enter_task, figures_version
from store.kaders import fix_kader
from store.layers import enter_layer, list_layers
from store.plots import change_plot, list_plots, plot_history, plots_version
from store.practice import OwnExample, write_example
from store.shares import make_share
from store.snapshots import find_snapshot, keep_snapshot
from ui import session

ROOT = Path(__file__).parents[2]
PERSON = "Xandra Erasmus"
DAY = dt.date(2026, 11, 24)
# what users never type: codes, names of users, hashes, rules, and what the app writes itself
NOT_TYPED = {
    "layers": {"kind", "confidentiality", "sha256", "entered_by"},
    "plans": {"plot_id", "confidentiality", "written_by"},
    "meta": {"key"},
    "plots": {"plot_id", "owner_kind", "state", "confidentiality", "municipality_code", "geometry"},
    "plot_versions": {"plot_id", "actor"},
    "deliveries": {"actor", "file_sha256", "municipality_code", "undone_by", "confirmation"},
    "column_matches": {"municipality_code", "plot_column"},
    "audit": {"actor", "action", "resource", "detail", "link"},
    "users": {"issuer", "subject", "name", "role", "municipality_code"},
    "sessions": {"key", "issuer", "subject", "ended_by"},
    "shares": {"key", "kind", "confidentiality", "plot_ids", "made_by", "ended_by"},
    "kaders": {"kind", "version", "sha256", "text", "fixed_by", "known_plots"},
    "searches": {"kind", "area", "begun_by"},
    "entered_tasks": {
        *("municipality_code", "status", "source_date", "entered_by", "confidentiality")
    },
    "exchanges": {"from_code", "to_code", "entered_by", "confidentiality"},
    "snapshots": {"number", "actor", "kind", "sha256", "seen_by"},
    "snapshot_keepers": {"number", "actor", "seen_by"},
    "practice_examples": {"id", "kind", "municipality_code", "confidentiality", "written_by"},
    "quarterly_counts": {"quarter"},
    # a photo or document goes whole, with its plot
    "attachments": {
        *("id", "plot_id", "media_type", "confidentiality", "sha256", "content", "added_by")
    },
}


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    yield opened
    opened.close()


def two_plots():
    table = gpd.GeoDataFrame(
        {
            "name": [f"Erf van {PERSON}", "Weide"],
            "contact": [f"{PERSON}, 06-1", "Piet Puk"],
            "remarks": [f"bel {PERSON.upper()} niet", "hond loopt los"],
            "confidentiality": "vertrouwelijk",
            "state": "kansrijk",
        },
        geometry=[shapely.box(x, 450_000, x + 90, 450_090) for x in (140_000, 141_000)],
        index=pd.Index(["een", "twee"], name="plot_id"),
        crs="EPSG:28992",
    )
    return with_plot_columns(table).assign(
        municipality_code="GM0321", municipality_certain=True, fictional=False
    )


def filled(store):
    """A database in which a person stands wherever a user can type."""
    number = confirm_delivery(
        store, LOCAL_USER, two_plots(), file_name=f"{PERSON}.xlsx", file_sha256="0",
        report=[{"row": 1, "said": f"contact: {PERSON}, 06-1"}], columns={f"{PERSON}?": "name"},
        municipality_code="GM0321",
    )  # fmt: skip
    change_plot(store, LOCAL_USER, "een", {"remarks": "rustig"}, reason=f"op verzoek van {PERSON}")
    enter_task(
        store, LOCAL_USER, municipality_code="GM0321", cycle=1, status="decided", places=9,
        realised_places=None, source=f"brief van {PERSON}", source_date="2026",
    )  # fmt: skip
    fix_kader(
        store, LOCAL_USER, kind="azc", version="v", sha256="0", text="t", reason=f"om {PERSON}"
    )
    example = OwnExample("", f"Bij {PERSON}", "azc", None, None, None, "w", "l", "s")
    write_example(store, LOCAL_USER, example)
    change_plot(store, LOCAL_USER, "twee", {"confidentiality": "gedeeld"}, reason="raadsbesluit")
    from data.vocabulary import Confidentiality

    make_share(
        store, LOCAL_USER, name=PERSON, kind="azc", plot_ids=["twee"],
        confidentiality=Confidentiality.GEDEELD, days=3,
    )  # fmt: skip
    kader = load_kader("azc")
    plots = list_plots(store, LOCAL_USER)
    shapes = gpd.GeoDataFrame(
        {"name": [f"Kelder van {PERSON}"]}, geometry=[shapely.box(140_010, 450_010, 140_050, 450_050)],
        crs="EPSG:28992",
    )  # fmt: skip
    enter_layer(
        store, LOCAL_USER, kind="flood", name=f"Kaart {PERSON}", source=f"gemeten door {PERSON}",
        source_date="2026", complete=True, content=to_geojson(shapes), shapes=1,
    )  # fmt: skip
    around = Surroundings.packaged(on=DAY)
    for one in list_layers(store, LOCAL_USER):
        around = around.with_own(session.own_layer(one))
    ranking = rank_measured(measure(plots, kader, around))
    taken = take_snapshot(plots, ranking, date=DAY, view={"q": PERSON})
    keep_snapshot(store, LOCAL_USER, number="n", kind="azc", sha256="0" * 64, content=taken)
    return number, taken


def everything(store):
    """All that the database holds, as text."""
    said = []
    with store.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for value in row:
                    value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                    said.append(json.dumps(value, default=str, ensure_ascii=False))
    return "\n".join(said).casefold()


def test_every_column_is_known_as_typed_or_not():
    for table in tables.metadata.sorted_tables:
        texts = {
            column.name
            for column in table.columns
            if isinstance(column.type, sa.Text | sa.JSON | sa.LargeBinary)
        }
        typed = set(erasure.FREE_TEXT.get(table.name, ()))
        assert texts == typed | NOT_TYPED[table.name], table.name
        assert not typed & NOT_TYPED[table.name]


def test_words_are_gone_from_everything_and_all_that_rests_on_them_holds(store):
    number, taken = filled(store)
    assert verify_snapshot(taken).identical and not verify_snapshot(taken).erased
    seen = plots_version(store, LOCAL_USER), figures_version(store, LOCAL_USER)
    assert everything(store).count(PERSON.casefold()) >= 16
    assert b"Kelder van" in taken and b"gemeten door" in taken
    places = count_words(store, LOCAL_USER, PERSON.lower())
    assert places >= 10
    assert erase_words(store, LOCAL_USER, PERSON.lower()) == places
    assert PERSON.casefold() not in everything(store)
    assert count_words(store, LOCAL_USER, PERSON) == 0
    # caches of plots and figures are out of date
    assert plots_version(store, LOCAL_USER) != seen[0]
    assert figures_version(store, LOCAL_USER) != seen[1]
    # nothing else went
    assert list_plots(store, LOCAL_USER).loc["twee", "contact"] == "Piet Puk"
    assert list_plots(store, LOCAL_USER).loc["een", "name"] == f"Erf van {ERASED}"
    # the audit is whole and tells of it without the words; a snapshot can be made again
    assert broken_at(store, LOCAL_USER) is None
    assert entries(store, LOCAL_USER)[0].action == "erase_words"
    kept = find_snapshot(store, LOCAL_USER, "n")
    verdict = verify_snapshot(kept.content)
    assert verdict.erased and verdict.identical
    assert verdict.number == verify_snapshot(taken).number and kept.sha256 == "0" * 64
    # so can a layer, with its shapes
    (layer,) = list_layers(store, LOCAL_USER)
    assert (layer.name, layer.source) == (f"Kaart {ERASED}", f"gemeten door {ERASED}")
    shapes = from_geojson(layer.content)
    assert list(shapes["name"]) == [f"Kelder van {ERASED}"] and shapes.area.sum() == 1600
    # former states can still be had, and come without the words
    change_plot(store, LOCAL_USER, "een", {"remarks": None}, reason="x")
    assert len(plot_history(store, LOCAL_USER, "een")) == 3
    with pytest.raises(StoreError):
        undo_delivery(store, LOCAL_USER, number, reason="x")


def test_an_erased_snapshot_of_which_more_was_changed_is_not_called_the_same(store):
    filled(store)
    erase_words(store, LOCAL_USER, PERSON)
    parsed = json.loads(find_snapshot(store, LOCAL_USER, "n").content)
    parsed["result"][0]["low"] = 99.0
    verdict = verify_snapshot(json.dumps(parsed).encode())
    assert verdict.erased and not verdict.identical


def test_the_personal_texts_of_a_plot_go_from_all_its_versions(store):
    filled(store)
    assert erase_plot(store, LOCAL_USER, "een") > 3
    left = list_plots(store, LOCAL_USER).loc["een"]
    assert left["contact"] is None and left["remarks"] is None
    for entry in plot_history(store, LOCAL_USER, "een"):
        assert PERSON not in entry.reason or entry.delivery
        assert not {"contact", "remarks"} & {k for k, (a, b) in entry.changes.items() if a or b}
    assert "06-1" not in everything(store), "also not in the report of the delivery and a snapshot"
    assert "hond loopt los" in everything(store), "of the other plot nothing went"
    assert broken_at(store, LOCAL_USER) is None
    with pytest.raises(NotFoundError):
        erase_plot(store, LOCAL_USER, "geen")


def test_what_is_older_than_the_retention_goes_and_what_holds_today_stays(store):
    filled(store)
    assert retention_days(store, LOCAL_USER) == 0
    assert apply_retention(store, LOCAL_USER, moment=now() + dt.timedelta(days=9999)) == 0
    for wrong in (-1, 7, 99_999):
        with pytest.raises(StoreError):
            set_retention(store, LOCAL_USER, wrong)
    set_retention(store, LOCAL_USER, 365)
    assert apply_retention(store, LOCAL_USER, moment=now() + dt.timedelta(days=364)) == 0
    later = now() + dt.timedelta(days=370)
    assert apply_retention(store, LOCAL_USER, moment=later) > 3
    assert apply_retention(store, LOCAL_USER, moment=later) == 0
    plots = list_plots(store, LOCAL_USER)
    assert plots.loc["een", "contact"] == f"{PERSON}, 06-1"
    told = everything(store)
    assert f"bel {PERSON}".casefold() not in told, "the former remark"
    assert f"{PERSON}.xlsx".casefold() not in told.replace("provenance", "")
    assert verify_snapshot(find_snapshot(store, LOCAL_USER, "n").content).erased
    assert broken_at(store, LOCAL_USER) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BEHEERDER])
def test_only_an_administrator_erases(store, role):
    actor = Actor("x", role, "GM0321")
    for deed in (
        lambda: erase_words(store, actor, PERSON), lambda: count_words(store, actor, PERSON),
        lambda: erase_plot(store, actor, "een"), lambda: retention_days(store, actor),
        lambda: set_retention(store, actor, 365), lambda: apply_retention(store, actor),
    ):  # fmt: skip
        with pytest.raises(AccessDeniedError):
            deed()
    with pytest.raises(StoreError):
        erase_words(store, LOCAL_USER, "abc")


def test_no_byte_of_it_is_left_in_the_file_and_the_command_does_it_too(tmp_path):
    path = tmp_path / "a.sqlite"
    store = open_store(f"sqlite:///{path}")
    filled(store)
    files = lambda: b"".join(f.read_bytes() for f in tmp_path.iterdir())  # noqa: E731
    assert b"Xandra" in files()
    store.close()
    done = subprocess.run(
        [sys.executable, "-m", "store", "erase", "--words", PERSON], cwd=ROOT, text=True,
        capture_output=True, env={"LOCATIEWIJZER_DATABASE": f"sqlite:///{path}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0 and int(done.stdout) >= 10, done.stderr
    assert b"xandra" not in files().lower()
    done = subprocess.run(
        [sys.executable, "-m", "store", "retention", "--days", "3"], cwd=ROOT, text=True,
        capture_output=True, env={"LOCATIEWIJZER_DATABASE": f"sqlite:///{path}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and "30" in done.stderr
