"""Check a snapshot from the command line: ``python -m reports verify SNAPSHOT``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from messages import Message
from reports.errors import SnapshotError
from reports.snapshot import verify_snapshot


def main(arguments: list[str] | None = None) -> int:
    """Make a snapshot again; 0 when it is identical, 1 when it differs, 2 when it is none."""
    parser = argparse.ArgumentParser(prog="python -m reports")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="make a snapshot again and compare")
    verify.add_argument("snapshot", type=Path)
    verify.add_argument("--language", choices=("nl", "en"), default="nl")
    chosen = parser.parse_args(arguments)
    try:
        verdict = verify_snapshot(chosen.snapshot.read_bytes())
    except SnapshotError as problem:
        print(problem.message.text(chosen.language), file=sys.stderr)
        return 2
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 2
    key = "identical" if verdict.identical else "differs"
    print(Message(f"reports.verify.{key}", {"number": verdict.number}).text(chosen.language))
    if verdict.erased:
        print(Message("reports.verify.erased").text(chosen.language))
    for difference in verdict.differences:
        print("- " + difference.text(chosen.language))
    return 0 if verdict.identical else 1


if __name__ == "__main__":
    sys.exit(main())
