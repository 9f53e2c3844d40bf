"""The process that is locked in.

``python -m sandbox MODULE FOLDER SECONDS``, with the request on its input.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

from sandbox.lock import bound_processor, lock_in
from sandbox.run import FILES_OPEN, GIVEN, RESULT


def main() -> None:
    """Lock in, then load what does the work, and do it."""
    module, folder = sys.argv[1], Path(sys.argv[2])
    bound_processor(float(sys.argv[3]))
    request = json.loads(sys.stdin.read())
    if not lock_in(folder):
        print(FILES_OPEN, flush=True)
    said = [0.0]

    def tell(share: float) -> None:
        if time.monotonic() - said[0] > 0.1:
            said[0] = time.monotonic()
            print(share, flush=True)

    made = importlib.import_module(module).sandboxed(request, folder / GIVEN, tell)
    (folder / RESULT).write_bytes(made)


if __name__ == "__main__":
    main()
