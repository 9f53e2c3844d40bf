"""Many files are read as one is, each apart, in their order."""

import json
import random
import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.reading import many
from geo.reading.many import read_many
from geo.reading.read import read_file
from geo.reading.result import ReadOptions

ROOT = Path(__file__).parents[3]
FAULTS = sorted(p for p in (Path(__file__).parent / "faults").iterdir() if p.suffix != ".md")


def summary(reading):
    return (
        reading.refused.key if reading.refused else None,
        None if reading.plots is None else [round(a) for a in reading.plots.geometry.area],
        reading.questions,
        [str(row.outcome) for row in reading.rows],
    )


def test_each_file_ends_as_when_it_is_read_alone():
    done = []
    options = ReadOptions(buffer_m=10)
    together = list(read_many(FAULTS, options, progress=done.append))
    assert done == list(range(1, len(FAULTS) + 1))
    for path, reading in zip(FAULTS, together, strict=True):
        assert reading.file_name == path.name
        assert summary(reading) == summary(read_file(path, options)), path.name


def test_no_file_that_was_read_is_called_crashed_when_others_end_at_the_same_moment(
    tmp_path, monkeypatch
):
    """How a process ended can be read once: a pause of chance before it makes two readers meet."""
    read, chance = forkserver.read_signed, random.Random(1)

    def after_a_while(opened):
        time.sleep(chance.uniform(0, 0.2))
        return read(opened)

    monkeypatch.setattr(forkserver, "read_signed", after_a_while)
    files = [tmp_path / f"{number}.csv" for number in range(24)]
    for file in files:
        file.write_text("naam,x,y\n", encoding="utf-8")
    ends = {reading.refused.key for reading in read_many(files, at_once=8)}
    assert ends == {read_file(files[0]).refused.key}


def test_what_takes_too_long_is_refused_and_the_rest_goes_on():
    slow = list(read_many(FAULTS[:3], max_seconds=0.001))
    assert [r.refused.key for r in slow] == ["read.too_slow"] * 3
    (after,) = read_many(FAULTS[5:6])
    assert after.refused is None or after.refused.key != "read.too_slow"


def test_time_is_that_of_the_processor_so_that_a_busy_machine_refuses_nothing(monkeypatch):
    """A file waits behind others for longer than one may take, and is read all the same."""
    (alone,) = read_many(FAULTS[:1], max_seconds=25)
    monkeypatch.setattr(many, "PATIENCE", 1000)
    (slow,) = read_many(FAULTS[:1], max_seconds=0.02)  # of which a second of the processor is left
    assert summary(slow) == summary(alone)


@pytest.mark.parametrize(
    ("flags", "plots"),
    [
        (["--radius", "10"], 3),
        ([], 0),
        (["--radius", "10", "--column", "naam="], 3),
    ],
)
def test_flags_of_the_command_choose_what_the_page_can(flags, plots, capsys):
    given = Path(__file__).parent / "faults" / "24_03_kop.csv"
    assert main(["read", "--json", *flags, str(given)]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["plots"] == plots


def test_the_command_ends_with_a_summary():
    done = subprocess.run(
        [sys.executable, "-m", "geo", "read", "--radius", "10", *FAULTS[:6]],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "6 files:" in done.stdout.splitlines()[-1]
