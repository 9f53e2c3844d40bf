"""Tell how many of the faults that ``make mutants`` put in were noticed, module by module.

Fails when fewer than 85 % were noticed in one of them, or when some were not tried. Faults that
change nothing that can be seen (another integer type, ``strict=`` of a zip of equal lengths, a name
that is never shown) stay.
"""

import json
import sys
from collections import Counter
from pathlib import Path

LEAST_SHARE = 0.85
_SURVIVED, _NO_TESTS = 0, 33


def main() -> int:
    """Print a line a module, and give 1 when the tests let too much through."""
    poor = False
    for path in sorted(Path("mutants").rglob("*.py.meta")):
        codes = Counter(json.loads(path.read_text())["exit_code_by_key"].values())
        waiting = codes.pop(None, 0)
        name = path.relative_to("mutants").with_suffix("")
        if codes:
            lived = codes[_SURVIVED] + codes[_NO_TESTS]
            share = 1 - lived / codes.total()
            poor |= share < LEAST_SHARE
            print(f"{share:6.1%}  {codes.total() - lived:5} of {codes.total():5}  {name}")
        if waiting:
            poor = True
            print(f"   —    {waiting:5} not tried yet  {name}")
    return int(poor)


if __name__ == "__main__":
    sys.exit(main())
