"""Read files from the command line: ``python -m geo read FILE… [--json]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from geo.crs import to_wgs84
from geo.reading.many import read_many
from geo.reading.result import Reading, ReadOptions
from geo.reference_system import system_name
from messages import Message


def main(arguments: list[str] | None = None) -> int:
    """Read each file and tell what became of it.

    Returns:
        0 when every file ended in plots or in a clear refusal, 1 when one could not be found.
    """
    parser = argparse.ArgumentParser(prog="python -m geo")
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="read files with candidate plots")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--json", action="store_true", help="print JSON instead of lines")
    read.add_argument("--language", choices=("nl", "en"), default="nl")
    read.add_argument("--layer", action="append", help="name of a layer, sheet or file in a zip")
    read.add_argument("--system", help="reference system, as EPSG:28992")
    read.add_argument("--radius", type=float, default=0.0, help="metres around points and lines")
    read.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADER=COLUMN",
        help="take a header for a column of a plot; empty for none",
    )
    read.add_argument("--take-outside", action="store_true", help="plots beyond the province too")
    chosen = parser.parse_args(arguments)
    missing = [path for path in chosen.files if not path.is_file()]
    present = [path for path in chosen.files if path.is_file()]
    options = ReadOptions(
        parts=chosen.layer,
        system=chosen.system,
        buffer_m=chosen.radius,
        columns=dict(entry.partition("=")[::2] for entry in chosen.column),
        take_outside=True if chosen.take_outside else None,
    )

    def tell(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} / {len(present)}", end="", file=sys.stderr, flush=True)

    readings = list(read_many(present, options, progress=tell))
    told = [_told(path, r, chosen.language) for path, r in zip(present, readings, strict=True)]
    if chosen.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for entry in told:
            print(f"{entry['outcome']:<8} {entry['plots']:>6}  {entry['file']}")
            for line in entry["messages"]:
                print(f"         {line}")
        counts = Counter(str(entry["outcome"]) for entry in told)
        plots = sum(int(entry["plots"]) for entry in told)
        listed = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        if len(told) > 1:
            print(f"{len(told)} files: {listed}; {plots} plots")
    for path in missing:
        print(Message("read.no_file", {"file": str(path)}).text(chosen.language), file=sys.stderr)
    return 1 if missing else 0


def _text(value: Message | str, language: str) -> str:
    return value.text(language) if isinstance(value, Message) else value


def _told(path: Path, reading: Reading, language: str) -> dict[str, Any]:
    plots = reading.plots
    count = 0 if plots is None or reading.refused else len(plots)
    bounds_rd = bounds_wgs84 = None
    if plots is not None and count:
        bounds_rd = [round(float(v), 2) for v in plots.total_bounds]
        bounds_wgs84 = [round(float(v), 6) for v in to_wgs84(plots.geometry).total_bounds]
    messages = [*([reading.refused] if reading.refused else []), *reading.messages]
    messages += [Message(f"read.question.{key}") for key in reading.questions]
    lines = [message.text(language) for message in messages]
    told: dict[str, list[int]] = {}
    for row in reading.rows:
        for message in row.messages:
            told.setdefault(message.text(language), []).append(row.row)
    for text, rows in told.items():
        listed = ", ".join(str(row) for row in rows[:8]) + (", …" if len(rows) > 8 else "")
        key = "read.at_row" if len(rows) == 1 else "read.at_rows"
        lines.append(
            Message(key, {"row": listed, "message": text, "count": len(rows)}).text(language)
        )
    # A question is for the screen; from the command line it is a remark.
    outcome = {"question": "remarks"}.get(str(reading.outcome), str(reading.outcome))
    return {
        "file": str(path),
        "outcome": outcome,
        "plots": count,
        "refused_rows": sum(row.outcome == "refused" for row in reading.rows),
        "kind": reading.kind,
        "layer": reading.layer,
        "reference_system": {
            "code": reading.system or None,
            "name": _text(system_name(reading.system), language) if reading.system else None,
            "certain": reading.system_certain,
            "evidence": [message.text(language) for message in reading.system_evidence],
        },
        "bounds_rd": bounds_rd,
        "bounds_wgs84": bounds_wgs84,
        "messages": lines[:500],
    }


if __name__ == "__main__":
    sys.exit(main())
