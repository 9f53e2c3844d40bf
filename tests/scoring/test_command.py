"""The command line gives the ranking of the screen, intervals and reasons included."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest

from data.loader import example_plots_path
from geo.crs import to_rd
from geo.examples import example_plots
from scoring.__main__ import main
from scoring.kader import PACKAGED
from scoring.ranking import rank

ROOT = Path(__file__).parents[2]


def run(*arguments):
    """Run the command in this process, as starting one anew takes most of the time."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as ended:
            code = ended.code
    return SimpleNamespace(returncode=code, stdout=said.getvalue(), stderr=complained.getvalue())


def run_anew(*arguments):
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
    # told before the plots are read, which takes longest
    done = run("rank", weights, "--weights", weights)
    assert done.returncode == 2 and "gewicht" in done.stderr


def test_ties_stand_in_the_same_order_from_run_to_run(tmp_path):
    ring = [[5.10, 52.05], [5.11, 52.05], [5.11, 52.06], [5.10, 52.06], [5.10, 52.05]]
    features = [
        {"type": "Feature", "properties": {"naam": f"gelijk {letter}"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for letter in "hgfedcba"
    ]  # fmt: skip
    path = tmp_path / "gelijk.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    # in two processes: what only holds within one would not be seen
    ways = (run_anew, run)
    done = [way("rank", path, "--json") for way in ways]
    assert [one.returncode for one in done] == [0, 0], done
    first, second = (json.loads(one.stdout)["plots"] for one in done)
    assert [p["name"] for p in first] == [p["name"] for p in second]
    # equal totals share a rank, as on the screen and in the sheet
    assert {p["rank"] for p in first} == {1}


def test_a_layer_of_ones_own_becomes_a_criterion_without_code(tmp_path):
    shops = tmp_path / "winkels.geojson"
    points = [[5.1, 52.09], [5.3, 52.1], [5.4, 52.16]]
    shops.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"name": f"Winkel {x}"},
                        "geometry": {"type": "Point", "coordinates": [x, y]},
                    }
                    for x, y in points
                ],
            }
        )
    )
    text = PACKAGED.read_text(encoding="utf-8").replace(
        "[kinds.azc.weights] ", "[criteria.shop]\nindicator = 'nearest:shop'\n"
        'group = "voorzieningen"\nunit = "m"\npoints = [[500, 1.0], [9000, 0.0]]\n'
        'source = "keuze van het team"\n\n[kinds.azc.weights]\nshop = 10 ', 1,
    )  # fmt: skip
    criteria = tmp_path / "own.toml"
    criteria.write_text(text)

    def shop(*more):
        done = run("rank", example_plots_path(), "--criteria", criteria, "--json", *more)
        assert done.returncode == 0, done.stderr
        plots = json.loads(done.stdout)["plots"]
        return {p["name"]: next(c for c in p["criteria"] if c["key"] == "shop") for p in plots}

    nothing = shop()
    assert all(entry["unknown"] for entry in nothing.values())
    some = shop("--layer", f"shop={shops}")
    whole = shop("--layer", f"shop={shops}", "--complete", "shop")
    rd = to_rd(gpd.GeoDataFrame(geometry=gpd.points_from_xy(*zip(*points)), crs="EPSG:4326"))
    for name, plot in example_plots().set_index("name").geometry.items():
        true = rd.distance(plot).min()
        assert some[name]["value"] == pytest.approx([0, true], abs=1)
        assert whole[name]["value"][0] <= whole[name]["value"][1] == pytest.approx(true, abs=1)
    assert max(entry["value"][0] for entry in whole.values()) > 1000
    bad = run("rank", example_plots_path(), "--layer", "winkels")
    assert bad.returncode == 2 and "KIND=FILE" in bad.stderr or "SOORT=BESTAND" in bad.stderr
