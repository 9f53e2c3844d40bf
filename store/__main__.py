"""Manage a database: ``python -m store backup|restore|grant|audit|erase|retention``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from store.access import Actor, Role
from store.audit import EXPORTED, broken_at, entries, record
from store.backup import back_up, restore
from store.database import open_store
from store.erasure import apply_retention, erase_plot, erase_words, set_retention
from store.errors import StoreError
from store.users import grant_role

_ADMINISTRATOR = Actor("opdrachtregel", Role.BEHEERDER)
"""Who can run commands on the server can read its files: the command line is an administrator."""


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; 0 when it was done, 2 when not."""
    parser = argparse.ArgumentParser(prog="python -m store")
    commands = parser.add_subparsers(dest="command", required=True)
    saved = commands.add_parser("backup", help="write a backup while the app runs")
    saved.add_argument("file", type=Path)
    put_back = commands.add_parser("restore", help="put a backup back; stop the app first")
    put_back.add_argument("file", type=Path)
    granted = commands.add_parser("grant", help="give a user a role")
    granted.add_argument("issuer")
    granted.add_argument("subject")
    granted.add_argument("role", choices=[str(role) for role in Role])
    granted.add_argument("--municipality", help="code, as GM0321")
    looked = commands.add_parser("audit", help="verify the audit, or write it as JSON lines")
    looked.add_argument("--export", action="store_true")
    erased = commands.add_parser("erase", help="erase words, or the personal texts of a plot")
    what = erased.add_mutually_exclusive_group(required=True)
    what.add_argument("--words")
    what.add_argument("--plot")
    kept = commands.add_parser("retention", help="erase what is older than the retention")
    kept.add_argument("--days", type=int, help="set the retention first; 0 for never")
    for command in (saved, put_back, granted, looked, erased, kept):
        command.add_argument("--language", choices=("nl", "en"), default="nl")
    chosen = parser.parse_args(arguments)
    try:
        return _do(chosen)
    except StoreError as problem:
        print(problem.message.text(chosen.language), file=sys.stderr)
        return 2


def _do(chosen: argparse.Namespace) -> int:
    if chosen.command == "backup":
        back_up(chosen.file)
        print(chosen.file)
        return 0
    if chosen.command == "restore":
        restore(chosen.file)
        print(chosen.file)
        return 0
    store = open_store()
    try:
        if chosen.command == "grant":
            grant_role(
                store,
                _ADMINISTRATOR,
                chosen.issuer,
                chosen.subject,
                Role(chosen.role),
                chosen.municipality,
            )
            return 0
        if chosen.command == "erase":
            if chosen.words is not None:
                print(erase_words(store, _ADMINISTRATOR, chosen.words))
            else:
                print(erase_plot(store, _ADMINISTRATOR, chosen.plot))
            return 0
        if chosen.command == "retention":
            if chosen.days is not None:
                set_retention(store, _ADMINISTRATOR, chosen.days)
            print(apply_retention(store, _ADMINISTRATOR))
            return 0
        if chosen.export:
            for entry in reversed(entries(store, _ADMINISTRATOR)):
                line = {**entry.__dict__, "at": entry.at.isoformat()}
                print(json.dumps(line, ensure_ascii=False))
            record(store, _ADMINISTRATOR, EXPORTED, "audit")
        broken = broken_at(store, _ADMINISTRATOR)
        if broken is not None:
            print(f"audit: entry {broken} is not as it was written", file=sys.stderr)
            return 1
        return 0
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
