"""Databases to test on: SQLite, and a PostgreSQL server with PostGIS of our own."""

import functools
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.database import open_store


def _binaries():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return found[-1] if found else None


@pytest.fixture(scope="session")
def postgres():
    """Address of a server that runs for this session, listening on a socket only."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing: run scripts/install_system_packages.sh")
        pytest.skip("PostgreSQL is missing: run scripts/install_system_packages.sh")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data = folder / "data"
    # The server refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", data, "-A", "trust", "-U", "tester", "-N"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    yield f"postgresql+psycopg://tester@/{{name}}?host={folder}"
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
        check=False, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgis"])
def any_database(request, tmp_path):
    """Address of a database of each kind with tables and nothing in them."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    return empty_database(request.getfixturevalue("postgres"))


def empty_database(server):
    """Make a database with empty tables on a server of ``postgres``; gives its address.

    It is a copy of one that the store has opened: to make PostGIS and the tables anew each time
    costs five times as much, and is tested by itself.
    """
    return server.format(name=bare_database(server, f"TEMPLATE {_opened_once(server)}"))


@functools.cache
def _opened_once(server):
    name = bare_database(server)
    open_store(server.format(name=name)).close()
    return name


def bare_database(server, options=""):
    """Make a database with nothing in it, no tables either; gives its name."""
    name = f"t{uuid.uuid4().hex[:12]}"
    run_on(server, f"CREATE DATABASE {name} {options}")
    return name


def run_on(server, *statements, name="postgres"):
    """Run commands on a server of ``postgres``, as the one who may all, in one of its databases."""
    engine = sa.create_engine(server.format(name=name), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()
