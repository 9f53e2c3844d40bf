"""What PostgreSQL must do beyond what both databases do: start, stop, and with few rights."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.examples import example_plots
from messages import Message
from store.access import LOCAL_USER
from store.audit import broken_at
from store.database import open_store, read_only
from store.errors import AccessDeniedError, NotKeptError, PerhapsKeptError
from store.plots import change_plot, list_plots, load_examples, visible_version
from tests.store.conftest import _binaries, bare_database, run_on

ROOT = Path(__file__).parents[2]


def test_a_role_without_superuser_rights_is_enough_and_geometry_has_an_index(postgres):
    name = bare_database(postgres)
    role = f"r{name}"
    run_on(postgres, f"CREATE ROLE {role} LOGIN")
    run_on(
        postgres,
        *("CREATE EXTENSION postgis", f"GRANT CREATE ON SCHEMA public TO {role}"),
        name=name,
    )
    run_on(postgres, f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {role}")
    store = open_store(postgres.replace("tester", role).format(name=name))
    load_examples(store, LOCAL_USER, example_plots())
    assert len(list_plots(store, LOCAL_USER)) == len(example_plots())
    with read_only(store) as connection:
        assert connection.scalar(sa.text("SELECT usesuper FROM pg_user WHERE usename = current_user")) is False  # fmt: skip
        indexes = connection.execute(
            sa.text("SELECT indexdef FROM pg_indexes WHERE tablename = 'plots'")
        ).scalars()
        assert any("USING gist (geometry)" in index for index in indexes)
    store.close()


def test_four_instances_that_start_at_once_make_one_database(postgres):
    target = postgres.format(name=bare_database(postgres))
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


def _control(folder, *command):
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    control = [*as_user, _binaries() / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*control, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)


def _lives(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _kill(folder):
    """Take the server and all its processes away at once, without a word to them."""
    first = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in (first, *children):
        os.kill(int(pid), signal.SIGKILL)
    # their memory is taken as long as one of them is there
    end = time.monotonic() + 30
    while any(map(_lives, (first, *children))) and time.monotonic() < end:
        time.sleep(0.05)
    # where nobody buries the dead, its number in these would say that it still runs
    for lock in (folder / "data" / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")):
        lock.unlink()


@pytest.mark.parametrize("how", ["restarted at once", "killed"])
def test_what_was_confirmed_just_before_the_database_went_is_there_and_the_app_goes_on(
    postgres, how
):
    """Nobody tells the app, whose connections are dead; what it was told is kept is kept.

    The server of the tests does not wait for the disk (``fsync=off``): that is for a loss of power,
    and no process that ends loses what it gave to the kernel.
    """
    store = open_store(postgres.format(name=bare_database(postgres)))
    load_examples(store, LOCAL_USER, example_plots())
    plot_id = str(list_plots(store, LOCAL_USER).index[0])
    folder = Path(postgres.split("host=")[1])
    change_plot(store, LOCAL_USER, plot_id, {"zoning": "net bewaard"}, reason="r")
    with pytest.raises(NotKeptError), store.transaction() as unfinished:
        unfinished.execute(sa.text("UPDATE plots SET zoning = 'niet bewaard'"))
        before = visible_version(store, LOCAL_USER)
        if how == "killed":
            _kill(folder)
            with pytest.raises(NotKeptError):
                change_plot(store, LOCAL_USER, plot_id, {"zoning": "nee"}, reason="r")
            _control(folder, "-o", f"-c listen_addresses='' -k {folder} -c fsync=off", "start")
        else:
            _control(folder, "-m", "immediate", "restart")
        assert visible_version(store, LOCAL_USER) == before
        unfinished.execute(sa.text("UPDATE plots SET zoning = 'niet bewaard'"))
    assert visible_version(store, LOCAL_USER) == before
    assert set(list_plots(store, LOCAL_USER).loc[[plot_id], "zoning"]) == {"net bewaard"}
    assert len(list_plots(store, LOCAL_USER)) == len(example_plots())
    change_plot(store, LOCAL_USER, plot_id, {"zoning": "daarna"}, reason="r")
    assert list_plots(store, LOCAL_USER).loc[plot_id, "zoning"] == "daarna"
    assert broken_at(store, LOCAL_USER) is None
    _lost_at_the_end(store)
    store.close()


def _lost_at_the_end(store):
    """A refusal is told whatever becomes of the connection; of a lost commit nobody knows more."""
    denied = AccessDeniedError(Message("sign_in.changed"), "change_plots")
    for raised, problem in ((AccessDeniedError, denied), (PerhapsKeptError, None)):
        with pytest.raises(raised), store.transaction() as lost, read_only(store) as other:
            lost.execute(sa.text("UPDATE plots SET zoning = 'niet bewaard'"))
            own = lost.scalar(sa.text("SELECT pg_backend_pid()"))
            other.execute(sa.text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
            if problem is not None:
                raise problem
    assert "niet bewaard" not in set(list_plots(store, LOCAL_USER)["zoning"])
