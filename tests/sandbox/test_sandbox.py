"""The process that opens a user's file gets nowhere, and no more than two run at once."""

import json
import socket
import subprocess
import sys
import threading
import time

import pytest

from sandbox.errors import CrashedError, TooSlowError
from sandbox.lock import ROOT
from sandbox.places import place
from sandbox.run import run_sandboxed
from tests.sandbox.hostile import ATTEMPTS

HOSTILE = "tests.sandbox.hostile"


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """What there is to get: a server, a socket, a file with a secret. The tests may be read too."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    secret = tmp_path / "own" / "secret"
    secret.parent.mkdir()
    secret.write_text("GEHEIM")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "unix"))
        unix.listen()
        yield {
            "do": "all",
            "port": tcp.getsockname()[1],
            "unix": str(tmp_path / "unix"),
            "secret": str(secret),
        }


@pytest.fixture
def tests_are_code(monkeypatch):
    """Let the locked process read the tests, as the hostile work stands there."""
    start = (
        # a folder of the user where Python looks for modules is still the user's
        "import runpy, sys; sys.path.append('/tmp'); import sandbox.lock as lock;"
        "lock._PACKAGES = (*lock._PACKAGES, 'tests');"
        "sys.argv[0] = 'sandbox'; runpy.run_module('sandbox', run_name='__main__')"
    )
    real = subprocess.Popen

    def started(command, **kwargs):
        if command[:3] != [sys.executable, "-m", "sandbox"]:
            return real(command, **kwargs)
        return real([sys.executable, "-c", start, *command[3:]], **kwargs)

    monkeypatch.setattr("sandbox.run.subprocess.Popen", started)


def test_what_opens_a_users_file_gets_nowhere(outside, tests_are_code):
    made = json.loads(run_sandboxed(HOSTILE, outside))
    assert set(made) == set(ATTEMPTS)
    got = {name: said for name, said in made.items() if said.startswith("got")}
    assert got == {}
    # all of it can be had where nothing is locked, but for what this kernel may refuse to anybody
    free = json.loads(
        subprocess.run(
            [sys.executable, "-c", "import json, sys; from pathlib import Path;"
             f"from {HOSTILE} import sandboxed; print(sandboxed(json.load(sys.stdin), Path('.'), print).decode())"],
            input=json.dumps(outside), capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout
    )  # fmt: skip
    (ROOT / "geo" / "x").unlink()
    (ROOT / "link").unlink()
    assert {name for name in free if not free[name].startswith("got")} <= {"io_uring"}, free


def test_a_third_waits_for_its_turn_and_is_told_so(tests_are_code, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    running, most, told = [], [], []
    both = threading.Event()

    def sleep(number):
        def begun(share):
            running.append(number)
            most.append(len(running))
            if len(running) == 2:
                both.set()

        made = run_sandboxed(HOSTILE, {"do": "sleep", "seconds": 1.5}, progress=begun)
        running.remove(number)
        assert made == b"slept"

    threads = [threading.Thread(target=sleep, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    assert both.wait(60)
    threads.append(threading.Thread(target=sleep, args=(2,)))
    threads[-1].start()

    # a fourth, that gives up while it waits, as a page does that is left
    class LeftError(Exception):
        pass

    def leave():
        told.append(len(running))
        raise LeftError

    with pytest.raises(LeftError):
        run_sandboxed(HOSTILE, {"do": "sleep", "seconds": 0}, waiting=leave)
    for thread in threads:
        thread.join(60)
    assert len(most) == 3 and max(most) == 2
    assert told == [2]


def test_another_instance_on_this_machine_counts_too(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    holds = (
        "import contextlib, sys; from sandbox.places import place\n"
        "with contextlib.ExitStack() as held:\n"
        "    [held.enter_context(place()) for _ in range(2)]\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holds], cwd=ROOT, env={"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert other.stdout.readline() == b"held\n"
        waited = []

        def wait():
            waited.append(1)
            other.kill()

        # an instance that is killed holds nothing
        with place(wait):
            assert waited
    finally:
        other.kill()
        other.wait()


def test_it_is_stopped_and_leaves_nothing(tests_are_code, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(TooSlowError):
        run_sandboxed(HOSTILE, {"do": "sleep", "seconds": 60}, max_seconds=0.5)
    # who computes is stopped by the processor; who waits for a busy machine is not
    with pytest.raises(TooSlowError):
        run_sandboxed(HOSTILE, {"do": "compute"}, max_seconds=1)
    assert run_sandboxed(HOSTILE, {"do": "sleep", "seconds": 1.5}, max_seconds=1)
    with pytest.raises(CrashedError):
        run_sandboxed("tests.sandbox.no_such_work", {})
    assert [
        one.name for one in tmp_path.iterdir() if not one.name.startswith("locatiewijzer-")
    ] == []
    started = time.monotonic()
    with place():
        assert time.monotonic() - started < 60


def test_a_file_system_that_cannot_be_locked_is_told_in_the_log(monkeypatch, caplog):
    start = (
        "import runpy, sys; sys.path.append('/tmp'); import sandbox.lock as lock;"
        "lock._lock_files = lambda own: False;"
        "sys.argv[0] = 'sandbox'; runpy.run_module('sandbox', run_name='__main__')"
    )
    real = subprocess.Popen
    monkeypatch.setattr(
        "sandbox.run.subprocess.Popen",
        lambda command, **kwargs: real([sys.executable, "-c", start, *command[3:]], **kwargs),
    )
    with caplog.at_level("WARNING", logger="locatiewijzer"):
        run_sandboxed("tests.sandbox.harmless", {})
    assert "not locked" in caplog.text


def test_without_a_lock_nothing_is_read():
    """Where the network cannot be locked the process ends before it loads anything."""
    out = subprocess.run(
        [sys.executable, "-c", "import sandbox.lock as lock; lock._REFUSED = ('no_such_call',);"
         "import sys; sys.argv = ['sandbox', 'tests.sandbox.hostile', '/tmp'];"
         "import runpy; runpy.run_module('sandbox', run_name='__main__')"],
        input="{}", capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert out.returncode != 0 and "hostile" not in out.stderr
