"""Real files that people have: the expected outcome of each, by the command line."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXPECTED = {
    row["file"]: row
    for row in csv.DictReader((Path(__file__).parent / "uploads.csv").open(encoding="utf-8"))
}
WORDS = ("Traceback", "Error", "Exception", "None", "nan", "{", "EPSG:0")


@pytest.fixture(scope="module")
def told():
    folder = ROOT.parent / "shared" / "uploads"
    if not folder.is_dir():
        pytest.skip("the folder with files of others is not here")
    files = [row["file"] for row in csv.DictReader((folder / "CASES.csv").open(encoding="utf-8"))]
    done = subprocess.run(
        [sys.executable, "-m", "geo", "read", "--json", *[str(folder / f) for f in files]],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip(files, json.loads(done.stdout), strict=True))


def test_all_71_have_an_expected_outcome(told):
    assert set(told) == set(EXPECTED) and len(EXPECTED) == 71


@pytest.mark.parametrize("file", EXPECTED)
def test_outcome(told, file):
    entry, expected = told[file], EXPECTED[file]
    assert entry["outcome"] == expected["outcome"]
    assert entry["plots"] == int(expected["plots"])
    assert entry["refused_rows"] == int(expected["refused_rows"])
    assert entry["messages"], "a non-specialist is told something"
    for line in entry["messages"]:
        assert not any(word in line for word in WORDS), line
    if entry["plots"]:
        assert entry["bounds_rd"] and entry["reference_system"]["evidence"]


def test_plots_land_where_they_are(told):
    leidsche_rijn = told["nl/cql-epsg28992.gpkg"]
    west, south, east, north = leidsche_rijn["bounds_wgs84"]
    assert 4.9 < west < east < 5.2 and 52.0 < south < north < 52.2
    assert leidsche_rijn["reference_system"]["code"] == "EPSG:28992"


def test_a_file_that_is_not_there_is_told_and_gives_another_exit_status(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "geo", "read", str(tmp_path / "weg.gpkg")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "weg.gpkg" in done.stderr
