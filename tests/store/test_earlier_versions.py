"""Databases and snapshots made by earlier versions of the app keep working.

``tests/fixtures/version_0_1`` was made by version 0.1 with three deliveries (the second updates
three plots of the first, the third was taken back), a change by hand, a fixed kader, a search, an
entered task, an exchange, a practice example and two snapshots. ``version_0_2`` holds snapshots of the
examples by the kaders of 2026-2.
"""

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from reports.snapshot import open_snapshot, verify_snapshot
from store import tables
from store.access import LOCAL_USER
from store.database import now, open_store
from store.deliveries import confirm_delivery, list_deliveries, undo_delivery
from store.errors import ChangedSinceError
from store.figures import entered_tasks, list_exchanges
from store.kaders import fixed_kaders, list_searches
from store.plots import change_plot, list_plots, plot_history
from store.practice import own_examples
from store.snapshots import list_snapshots

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(params=["version_0_1"])
def earlier(request, tmp_path):
    path = tmp_path / "earlier.sqlite"
    shutil.copy(FIXTURES / request.param / "database.db", path)
    store = open_store(f"sqlite:///{path}")
    yield store
    store.close()


def test_an_earlier_database_opens_with_all_that_it_held(earlier):
    plots = list_plots(earlier, LOCAL_USER)
    assert len(plots) == 38 and plots["fictional"].sum() == 32
    assert plots.at["plek00000001", "state"] == "kansrijk"
    assert plots.at["plek00000002", "gfa_m2"] == 5000
    assert plots.at["plek00000003", "confidentiality"] == "vertrouwelijk"
    assert [d.number for d in list_deliveries(earlier, LOCAL_USER)] == [3, 2, 1]
    assert entered_tasks(earlier, LOCAL_USER)["places"].tolist() == [500]
    assert [e.places for e in list_exchanges(earlier, LOCAL_USER)] == [40]
    assert [k.version for k in fixed_kaders(earlier, LOCAL_USER)] == ["raad 2026"]
    assert len(list_searches(earlier, LOCAL_USER)) == 1
    assert [e.title for e in own_examples(earlier, LOCAL_USER)] == ["Eigen voorbeeld"]
    assert len(list_snapshots(earlier, LOCAL_USER)) == 2


def test_earlier_deliveries_can_be_taken_back(earlier):
    assert undo_delivery(earlier, LOCAL_USER, 2, reason="toch niet") == 3
    plots = list_plots(earlier, LOCAL_USER)
    assert plots.at["plek00000001", "state"] != "kansrijk"
    last = plot_history(earlier, LOCAL_USER, "plek00000001")[-1]
    assert last.version == 3 and "state" in last.changes


def test_a_column_that_is_no_longer_there_is_carried_along(earlier):
    """As if version 0.1 had known a column that today's app does not."""
    plot_id = "plek00000001"
    with earlier.transaction() as connection:
        connection.execute(
            sa.update(tables.plots)
            .where(tables.plots.c.plot_id == plot_id)
            .values(further={"crowding": 61})
        )
        versions = tables.plot_versions
        for row in connection.execute(sa.select(versions).where(versions.c.plot_id == plot_id)):
            connection.execute(
                sa.update(versions)
                .where(versions.c.plot_id == plot_id, versions.c.version == row.version)
                .values(record={**row.record, "crowding": 61})
            )

    def held():
        with earlier.engine.connect() as connection:
            table, versions = tables.plots.c, tables.plot_versions.c
            row = connection.execute(sa.select(table.further).where(table.plot_id == plot_id))
            last = connection.execute(
                sa.select(versions.record)
                .where(versions.plot_id == plot_id)
                .order_by(versions.version.desc())
            )
            return row.scalar_one()["crowding"], last.scalars().first()["crowding"]

    change_plot(earlier, LOCAL_USER, plot_id, {"remarks": "gebeld"}, reason="telefoon")
    assert held() == (61, 61)
    delivered = list_plots(earlier, LOCAL_USER).loc[[plot_id]].assign(gfa_m2=4000.0)
    number = confirm_delivery(
        earlier, LOCAL_USER, delivered, file_name="b.gpkg", file_sha256="0", report=[], columns={}
    )
    assert held() == (61, 61)
    undo_delivery(earlier, LOCAL_USER, number, reason="toch niet")
    assert held() == (61, 61)


@pytest.mark.parametrize("kind", ["azc", "amv"])
def test_an_earlier_snapshot_opens_and_verifies(kind):
    content = (FIXTURES / "version_0_1" / f"snapshot_{kind}.json").read_bytes()
    plots, _, ranking, _ = open_snapshot(content)
    assert len(plots) == 38 == len(ranking.plot_ids)
    verdict = verify_snapshot(content)
    assert verdict.identical, [d.text("nl") for d in verdict.differences]


@pytest.mark.parametrize("kind", ["azc", "crisisnoodopvang"])
def test_a_snapshot_of_the_second_way_of_measuring_verifies(kind):
    # made with the kaders of 2026-2 and the neighbourhoods, stations and schools of November 2026
    content = (FIXTURES / "version_0_2" / f"snapshot_{kind}.json").read_bytes()
    verdict = verify_snapshot(content)
    assert verdict.identical, [d.text("nl") for d in verdict.differences]
    _, measured, _, parsed = open_snapshot(content)
    assert measured.kader.method == 2 and parsed["coverage"]["station"] == [True, 6000]


def test_what_was_taken_back_stands_no_longer_in_the_way(earlier):
    # The second delivery updates plots of the first: both can be taken back, one after the other.
    with pytest.raises(ChangedSinceError):
        undo_delivery(earlier, LOCAL_USER, 1, reason="te vroeg")
    undo_delivery(earlier, LOCAL_USER, 2, reason="toch niet")
    with pytest.raises(ChangedSinceError):
        # a change by hand of one of its plots is a true obstacle
        undo_delivery(earlier, LOCAL_USER, 1, reason="nog niet")
    assert "plek00000001" in list_plots(earlier, LOCAL_USER).index


def test_a_record_without_a_column_of_today_is_unknown_there(earlier):
    with earlier.transaction() as connection:
        rows = connection.execute(sa.text("SELECT id, record FROM plot_versions")).all()
        for number, record in rows:
            kept = json.loads(record) if record else None
            if kept:
                del kept["grid_connection"], kept["remarks"]
                connection.execute(
                    sa.text("UPDATE plot_versions SET record = :r WHERE id = :i"),
                    {"r": json.dumps(kept), "i": number},
                )
    undo_delivery(earlier, LOCAL_USER, 2, reason="toch niet")
    plots = list_plots(earlier, LOCAL_USER)
    assert plots.at["plek00000001", "grid_connection"] == "onbekend"
    assert plots.at["plek00000001", "remarks"] is None


def test_a_snapshot_of_before_is_seen_by_whom_its_maker_was_then(earlier):
    """Of the step that wrote it: what a role may do today is another matter."""
    with earlier.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE snapshots DROP COLUMN seen_by"))
        connection.execute(sa.text("DROP INDEX users_name"))
        connection.execute(sa.text("DROP INDEX audit_who"))
        connection.execute(sa.text("DROP TABLE snapshot_keepers"))
        connection.execute(sa.text("ALTER TABLE layers DROP COLUMN margin_m"))
        connection.execute(sa.text("ALTER TABLE practice_examples DROP COLUMN confidentiality"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0010'"))
        for place, (name, role, town) in enumerate(
            (("o", "gemeente", "GM0321"), ("k", "kansenmaker", None), ("l", "later", None))
        ):
            known = {"issuer": "i", "subject": name, "name": name, "role": role,
                     "municipality_code": town, "known_since": now()}  # fmt: skip
            connection.execute(sa.insert(tables.users).values(**known))
            connection.execute(
                sa.text("UPDATE snapshots SET actor = :n WHERE number = (SELECT number FROM "
                        "snapshots ORDER BY number LIMIT 1 OFFSET :p)"),
                {"n": name, "p": place},
            )  # fmt: skip
    open_store(str(earlier.engine.url)).close()
    with earlier.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT actor, seen_by FROM snapshots ORDER BY actor"))
        assert [tuple(row) for row in found] == [
            ("k", "vertrouwelijk"), ("o", "gedeeld GM0321 vertrouwelijk")
        ]  # fmt: skip
