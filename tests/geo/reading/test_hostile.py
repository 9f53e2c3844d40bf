"""Whatever bytes come, they end in plots or in a refusal that can be told."""

import csv
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.many_plots import many_plots
from geo.reading.bounded_process import read_apart
from geo.reading.read import read_file
from geo.reading.result import Outcome
from tests.fuzz.seeds import seeds

ROOT = Path(__file__).parents[3]
SEEDS = seeds()


def ends_well(path):
    reading = read_file(path)
    if reading.outcome == Outcome.REFUSED:
        assert reading.refused is not None and len(reading.refused.text("nl")) > 20
        assert reading.refused.text("nl") != reading.refused.key
    else:
        assert reading.plots.geometry.is_valid.all()
        assert (reading.plots.geometry.area >= 1).all()
    return reading


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_read(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SEEDS[name])
    reading = ends_well(path)
    if name not in ("a.shp", "xy.csv", "line.json"):
        assert len(reading.plots) == 1, reading.refused


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_files_end_well(tmp_path, data):
    name = data.draw(st.sampled_from(sorted(SEEDS)))
    content = bytearray(SEEDS[name])
    seed = data.draw(st.integers(0, 2**32))
    generator = random.Random(seed)
    for _ in range(data.draw(st.integers(1, 12))):
        place = generator.randrange(len(content))
        match generator.randrange(4):
            case 0:
                content[place] = generator.randrange(256)
            case 1:
                del content[place : place + generator.randrange(1, 60)]
            case 2:
                content[place:place] = bytes(generator.randrange(256) for _ in range(6))
            case 3:
                content[place:place] = content[place : place + 40]
        content = content or bytearray(b"x")
    path = tmp_path / "x"
    path.write_bytes(bytes(content))
    ends_well(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "coordinates",
                    "geometry",
                    "features",
                    "crs",
                    "properties",
                    "geometries",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
        | inner.map(lambda v: {"type": "Feature", "properties": {}, "geometry": v})
        | inner.map(lambda v: {"type": "Polygon", "coordinates": v})
        | inner.map(lambda v: {"type": "FeatureCollection", "features": [v]})
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=json_values)
def test_any_json_ends_well(tmp_path, value):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(value))
    ends_well(path)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=6))
def test_any_table_ends_well(tmp_path, rows):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["naam", "x", "y", "oppervlakte", "beschikbaar vanaf"])
        writer.writerows(rows)
    ends_well(path)


def test_the_fuzzer_finds_nothing_in_a_short_run_that_is_always_the_same():
    shutil.rmtree(ROOT / "build" / "fuzz" / "seeds", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.readers", "60", "20240201", "400"],
        cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done" in done.stderr


def test_5000_plots_are_read_checked_and_stored_with_progress(tmp_path):
    from store.access import LOCAL_USER
    from store.database import open_store
    from store.deliveries import confirm_delivery
    from store.plots import list_plots

    path = tmp_path / "many.gpkg"
    many_plots(5000)[["name", "geometry"]].to_file(path)
    shares = []
    # longer than the page gives: the machine of the tests may be busy
    reading = read_apart(path, progress=shares.append, max_seconds=200)
    store = open_store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    plots = reading.plots.drop(columns=["part", "row", "municipality_share"]).assign(
        fictional=False
    )
    confirm_delivery(
        store,
        LOCAL_USER,
        plots,
        file_name="many",
        file_sha256=reading.sha256,
        report=[],
        columns={},
    )
    assert len(list_plots(store, LOCAL_USER)) == 5000
    assert len(shares) >= 3 and shares == sorted(shares)


@pytest.mark.parametrize("far", [[1e308, 1e308], [400, 95], [1e12, 5], [-1e7, 1e9]])
def test_coordinates_that_no_system_has_are_refused(tmp_path, far):
    """Found by the fuzzer: such a ring became one that does not close."""
    path = tmp_path / "a.geojson"
    path.write_text(
        json.dumps({"type": "Polygon", "coordinates": [[[5, 52], [5.001, 52], far, [5, 52]]]})
    )
    ends_well(path)


def test_an_unknown_encoding_in_xml_is_refused(tmp_path):
    """Found by the fuzzer."""
    path = tmp_path / "a.gml"
    path.write_bytes(SEEDS["a.gml"].replace(b"utf-8", b"uti-8"))
    assert ends_well(path).outcome == Outcome.REFUSED


def test_a_file_without_a_name_in_a_zip_is_passed_over(tmp_path):
    # found by fuzzing
    path = tmp_path / "naamloos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
        archive.writestr("a.geojson", SEEDS["a.geojson"])
    assert len(ends_well(path).plots) == 1


def test_a_zip_whose_list_of_parts_points_beside_itself_is_refused(tmp_path):
    """Found by the fuzzer: it was looked into before it was known to be whole."""
    content = bytearray(seeds()["a.ods"])
    first = content.index(b"PK\x01\x02")
    content[first + 42 : first + 46] = b"\xff\xff\xff\x7f"  # where its first part would begin
    end = content.index(b"PK\x05\x06")
    content[end + 16 : end + 20] = (first - 1000).to_bytes(4, "little")
    (tmp_path / "a.ods").write_bytes(bytes(content))
    assert read_file(tmp_path / "a.ods").refused is not None


def test_an_old_workbook_that_ends_too_soon_is_refused(tmp_path):
    """Found by the fuzzer: the library for it stops in a way that is no exception of Python."""
    content = seeds()["a.xls"]
    for end in range(1100, len(content) - 100, 512):
        (tmp_path / "a.xls").write_bytes(content[:end])
        assert read_file(tmp_path / "a.xls").refused is not None
