"""Verify a snapshot that somebody gives in a process of its own, bounded in time and memory.

A snapshot is a file like any other that comes in: a few megabytes can ask for gigabytes. What comes
back is a verdict in plain texts and numbers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from geo.reading import bounds
from geo.reading.bounded_process import bound_this_process
from messages import Message
from reports.errors import SnapshotError
from reports.snapshot import Verdict, verify_snapshot

_ROOT = Path(__file__).parents[1]


def verify_apart(content: bytes, *, max_seconds: float = bounds.MAX_SECONDS) -> Verdict:
    """Verify a snapshot as :func:`reports.snapshot.verify_snapshot` does, in its own process.

    Raises:
        SnapshotError: it is no snapshot, or verifying it takes too much time or memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, target = Path(folder) / "given.json", Path(folder) / "verdict.json"
        given.write_bytes(content)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "reports.verified", str(given), str(target)],
                cwd=_ROOT,
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "LANG": "C.UTF-8",
                    "TMPDIR": folder,
                    "MPLCONFIGDIR": folder,
                    "OMP_NUM_THREADS": "1",
                    "OPENBLAS_NUM_THREADS": "1",
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=max_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise SnapshotError(
                Message("read.too_slow", {"seconds": round(max_seconds)})
            ) from problem
        if done.returncode != 0 or not target.exists():
            raise SnapshotError(Message("reports.error.snapshot_large"))
        return _verdict(json.loads(target.read_text("utf-8")))


def _verdict(plain: dict[str, Any]) -> Verdict:
    if "refused" in plain:
        raise SnapshotError(_message(plain["refused"]))
    return Verdict(
        str(plain["number"]),
        bool(plain["identical"]),
        tuple(_message(entry) for entry in plain["differences"]),
        tuple(str(name) for name in plain["newer"]),
        bool(plain["erased"]),
    )


def _message(plain: dict[str, Any]) -> Message:
    return Message(str(plain["key"]), dict(plain["values"]))


def _plain(message: Message) -> dict[str, Any]:
    return {"key": message.key, "values": dict(message.values)}


def _work(given: Path, target: Path) -> None:
    try:
        verdict = verify_snapshot(given.read_bytes())
        plain: dict[str, Any] = {
            "number": verdict.number,
            "identical": verdict.identical,
            "differences": [_plain(message) for message in verdict.differences[:1000]],
            "newer": list(verdict.newer),
            "erased": verdict.erased,
        }
    except SnapshotError as problem:
        plain = {"refused": _plain(problem.message)}
    target.write_text(json.dumps(plain), encoding="utf-8")


if __name__ == "__main__":
    bound_this_process()
    _work(Path(sys.argv[1]), Path(sys.argv[2]))
