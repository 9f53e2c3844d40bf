"""What PostgreSQL must do beyond what both databases do: start, stop, and with few rights."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.examples import example_plots
from store.access import LOCAL_USER
from store.database import open_store, read_only
from store.plots import list_plots, load_examples, visible_version
from tests.store.conftest import _binaries

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(postgres):
    """The address, and a way to run a command of the database for all."""
    engine = sa.create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")

    def run(*statements, name="postgres"):
        other = sa.create_engine(postgres.format(name=name), isolation_level="AUTOCOMMIT")
        with other.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        other.dispose()

    yield postgres, run
    engine.dispose()


def fresh(run):
    name = f"t{uuid.uuid4().hex[:12]}"
    run(f"CREATE DATABASE {name}")
    return name


def test_a_role_without_superuser_rights_is_enough_and_geometry_has_an_index(server):
    address, run = server
    name = fresh(run)
    role = f"r{name}"
    run(f"CREATE ROLE {role} LOGIN")
    run("CREATE EXTENSION postgis", f"GRANT CREATE ON SCHEMA public TO {role}", name=name)
    run(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {role}")
    store = open_store(address.replace("tester", role).format(name=name))
    load_examples(store, LOCAL_USER, example_plots())
    assert len(list_plots(store, LOCAL_USER)) == len(example_plots())
    with read_only(store) as connection:
        assert connection.scalar(sa.text("SELECT usesuper FROM pg_user WHERE usename = current_user")) is False  # fmt: skip
        indexes = connection.execute(
            sa.text("SELECT indexdef FROM pg_indexes WHERE tablename = 'plots'")
        ).scalars()
        assert any("USING gist (geometry)" in index for index in indexes)
    store.close()


def test_four_instances_that_start_at_once_make_one_database(server):
    address, run = server
    target = address.format(name=fresh(run))
    script = (
        "from store.database import open_store; from store.plots import load_examples;"
        "from store.access import LOCAL_USER; from geo.examples import example_plots;"
        "s = open_store(); load_examples(s, LOCAL_USER, example_plots())"
    )
    environment = {**os.environ, "LOCATIEWIJZER_DATABASE": target}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for process in started:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    store = open_store(target)
    assert len(list_plots(store, LOCAL_USER)) == len(example_plots())
    store.close()


def test_a_restart_of_the_database_under_a_running_app_loses_nothing(server):
    address, run = server
    store = open_store(address.format(name=fresh(run)))
    load_examples(store, LOCAL_USER, example_plots())
    before = visible_version(store, LOCAL_USER)
    folder = Path(address.split("host=")[1])
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_user, _binaries() / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "-l",
         folder / "log", "restart"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    # the connections of before are dead; nobody is told of it
    assert visible_version(store, LOCAL_USER) == before
    assert len(list_plots(store, LOCAL_USER)) == len(example_plots())
    store.close()
