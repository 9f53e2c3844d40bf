"""Fuzz the readers with atheris: ``python -m tests.fuzz.readers SECONDS [SEED RUNS]``.

With a seed and a number of runs the same inputs are tried every time.

Starts from small good files of every kind, so that the fuzzer gets past the first bytes. Whatever
is read must end in plots or in a refusal; an exception is a finding, kept in build/fuzz.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["geo.reading", "geo.reference_system"]):
    from geo.reading.forms import all_forms
    from geo.reading.read import read_file

    all_forms()

from tests.fuzz.seeds import seeds

OUTPUT = Path(__file__).parents[2] / "build" / "fuzz"


def one(data: bytes) -> None:
    """Read bytes as a file and look that the outcome is one that can be told."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.bin"
        path.write_bytes(data)
        reading = read_file(path)
    if reading.plots is None or len(reading.plots) == 0:
        if reading.refused is None:
            raise AssertionError("neither plots nor a refusal")
        reading.refused.text("nl")
    elif not reading.plots.geometry.is_valid.all():
        raise AssertionError("a plot that is not valid")


def main() -> None:
    """Fuzz for so many seconds."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "240"
    again = [f"-seed={sys.argv[2]}", f"-runs={sys.argv[3]}"] if len(sys.argv) > 3 else []
    corpus = OUTPUT / ("seeds" if again else "corpus")
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in seeds().items():
        (corpus / name).write_bytes(content)
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", *again, "-timeout=90", "-rss_limit_mb=3000",
         "-max_len=20000", f"-artifact_prefix={OUTPUT}/", str(corpus)],
        one,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
