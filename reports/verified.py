"""Verify a snapshot that somebody gives in a process of its own, bounded and locked in.

A snapshot is a file like any other that comes in: a few megabytes can ask for gigabytes. What comes
back is a verdict in plain texts and numbers.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from messages import Message
from reports.errors import SnapshotError
from reports.snapshot import Verdict, verify_snapshot
from sandbox.bounds import MAX_SECONDS
from sandbox.errors import CrashedError, TooSlowError
from sandbox.run import run_sandboxed

_GIVEN = "given.json"


def verify_sandboxed(
    content: bytes,
    *,
    waiting: Callable[[], None] | None = None,
    max_seconds: float = MAX_SECONDS,
) -> Verdict:
    """Verify a snapshot as :func:`reports.snapshot.verify_snapshot` does, in its own process.

    Args:
        content: the snapshot.
        waiting: told again and again while it waits for its turn.
        max_seconds: of the processor, after which it is stopped.

    Raises:
        SnapshotError: it is no snapshot, or verifying it takes too much time or memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / _GIVEN
        given.write_bytes(content)
        try:
            made = run_sandboxed(
                __name__, {}, files=[given], waiting=waiting, max_seconds=max_seconds
            )
        except TooSlowError as problem:
            raise SnapshotError(
                Message("read.too_slow", {"seconds": round(max_seconds)})
            ) from problem
        except CrashedError as problem:
            raise SnapshotError(Message("reports.error.snapshot_large")) from problem
    return _verdict(json.loads(made))


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


def sandboxed(request: dict[str, Any], given: Path, tell: Callable[[float], None]) -> bytes:
    """Do the work, in the process that is locked in."""
    try:
        verdict = verify_snapshot((given / _GIVEN).read_bytes())
        plain: dict[str, Any] = {
            "number": verdict.number,
            "identical": verdict.identical,
            "differences": [_plain(message) for message in verdict.differences[:1000]],
            "newer": list(verdict.newer),
            "erased": verdict.erased,
        }
    except SnapshotError as problem:
        plain = {"refused": _plain(problem.message)}
    return json.dumps(plain).encode()
