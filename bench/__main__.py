"""Print every table of the bench: ``python -m bench``."""

from __future__ import annotations

import sys

from bench import bench_files, bench_interaction, bench_scoring

if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    bench_scoring.main()
    print()
    bench_files.main()
    print()
    bench_interaction.main()
