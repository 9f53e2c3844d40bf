"""The command line gives the ranking of the screen, intervals and reasons included."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.loader import example_plots_path
from scoring.ranking import rank

ROOT = Path(__file__).parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "scoring", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("kind", ["azc", "amv"])
def test_the_same_ranking_as_the_screen(plots, kind):
    done = run("rank", example_plots_path(), "--kind", kind, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    expected = rank(plots, kind=kind)
    order = expected.order()
    assert [p["name"] for p in told["plots"]] == plots["name"].iloc[order].tolist()
    for entry, place in zip(told["plots"], order):
        assert entry["low"] == pytest.approx(expected.lower[place], abs=0.02)
        assert entry["high"] == pytest.approx(expected.upper[place], abs=0.02)
        assert [limit["outcome"] for limit in entry["limits"]] == [
            h.outcome for h in expected.measured.limits[place]
        ]
        assert all(limit["reason"] and limit["article"] for limit in entry["limits"])
    assert told["exploration"] is False and len(told["kader"]["sha256"]) == 64


def test_other_weights_are_an_exploration(tmp_path):
    weights = tmp_path / "w.json"
    weights.write_text(json.dumps({"station": 1}))
    told = json.loads(run("rank", example_plots_path(), "--weights", weights, "--json").stdout)
    assert told["exploration"] is True
    weights.write_text(json.dumps({"bestaat_niet": 1}))
    bad = run("rank", example_plots_path(), "--weights", weights)
    assert bad.returncode == 2 and "bestaat_niet" in bad.stderr and "Traceback" not in bad.stderr


def test_a_file_without_plots_is_refused_in_words(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4")
    done = run("rank", path)
    assert done.returncode == 2 and "PDF" in done.stderr and "Traceback" not in done.stderr
    assert run("rank", tmp_path / "weg.gpkg").returncode == 2


@pytest.mark.parametrize("bad", ["[1, 2]", '{"station": "veel"}', '{"station": NaN}', "{", "\x00"])
def test_a_weights_file_of_another_form_is_refused_in_words(tmp_path, bad):
    weights = tmp_path / "w.json"
    weights.write_text(bad)
    done = run("rank", example_plots_path(), "--weights", weights)
    assert done.returncode == 2 and "gewicht" in done.stderr and "Traceback" not in done.stderr


def test_ties_stand_in_the_same_order_from_run_to_run(tmp_path):
    ring = [[5.10, 52.05], [5.11, 52.05], [5.11, 52.06], [5.10, 52.06], [5.10, 52.05]]
    features = [
        {"type": "Feature", "properties": {"naam": f"gelijk {letter}"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for letter in "hgfedcba"
    ]  # fmt: skip
    path = tmp_path / "gelijk.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    first, second = (json.loads(run("rank", path, "--json").stdout)["plots"] for _ in range(2))
    assert [p["name"] for p in first] == [p["name"] for p in second]
    # equal totals share a rank, as on the screen and in the sheet
    assert {p["rank"] for p in first} == {1}
