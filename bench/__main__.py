"""Print every table of the bench: ``python -m bench``."""

from __future__ import annotations

import sys

from bench import bench_interaction

if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    bench_interaction.main()
