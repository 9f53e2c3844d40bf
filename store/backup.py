"""Back a database up while it is in use, and put a backup back.

A plain copy of an SQLite file leaves behind what is still in its ``-wal``; here the database itself
makes the copy. PostgreSQL is left to ``pg_dump`` and ``pg_restore``.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path

import sqlalchemy as sa

from messages import Message
from store.database import ADDRESS_VARIABLE, DEFAULT_ADDRESS
from store.errors import StoreError

_OURS = ("plots", "plot_versions", "audit", "meta")


def back_up(target: Path, address: str | None = None) -> None:
    """Write a backup to a file that is not there yet.

    Raises:
        StoreError: the file is there, the database is not, or its program says no.
    """
    if target.exists():
        raise StoreError(Message("store.error.backup_exists", {"file": target.name}))
    url = _url(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    if url.get_backend_name() == "postgresql":
        _run(["pg_dump", "--format=custom", f"--file={target}", _plain(url)])
        return
    source = Path(str(url.database))
    if not source.is_file():
        raise StoreError(Message("store.error.no_database", {"file": str(source)}))
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
    _check(target)


def restore(source: Path, address: str | None = None) -> None:
    """Put a backup in the place of the database; what was there stays beside it as ``.before``.

    The app must not be running.

    Raises:
        StoreError: it is no backup of this app, or its program says no.
    """
    url = _url(address)
    if url.get_backend_name() == "postgresql":
        _run(["pg_restore", "--clean", "--if-exists", f"--dbname={_plain(url)}", str(source)])
        return
    _check(source)
    target = Path(str(url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    with (
        contextlib.closing(sqlite3.connect(source)) as kept,
        contextlib.closing(sqlite3.connect(fresh)) as copy,
    ):
        kept.backup(copy)
    if target.exists():
        before = target.with_name(target.name + ".before")
        before.unlink(missing_ok=True)
        with (
            contextlib.closing(sqlite3.connect(target)) as old,
            contextlib.closing(sqlite3.connect(before)) as copy,
        ):
            old.backup(copy)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    fresh.replace(target)


def _check(path: Path) -> None:
    """Refuse what is no whole database of this app."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            there = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as problem:
        raise StoreError(Message("store.error.strange", {"file": path.name})) from problem
    if not sound or not set(_OURS) <= there:
        raise StoreError(Message("store.error.strange", {"file": path.name}))


def _url(address: str | None) -> sa.URL:
    return sa.make_url(address or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS)


def _plain(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as problem:
        raise StoreError(Message("store.error.program", {"program": command[0]})) from problem
    if done.returncode != 0:
        raise StoreError(
            Message("store.error.backup", {"program": command[0], "reason": done.stderr[:300]})
        )
