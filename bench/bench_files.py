"""Measure reading and making files against a plain library call, in one run."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import shapely

from bench.bench_scoring import line, timed
from bench.many_plots import many_plots
from geo import layers
from geo.examples import example_plots
from geo.municipality import assign_municipality
from geo.reading.bounded_process import read_apart
from reports.content import content_of
from reports.council import council_report
from reports.drawing.ground import MapLayers
from reports.geopackage import geopackage
from reports.map_picture import map_picture
from reports.spreadsheet import spreadsheet
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader

DAY = dt.date(2026, 11, 25)
_MANY = 92
_AT_ONCE = 2


def reading() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.gpkg"
        many_plots(5000)[["name", "geometry"]].to_file(path)
        own, _ = timed(lambda: read_apart(path), 2)
        seconds, _ = timed(lambda: gpd.read_file(path), 2)
    line("read and check 5,000 plots", own, "geopandas read_file", seconds)


def reading_many() -> None:
    """Read many small files by one command, against a process with its imports for each."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(_MANY):
            x = 136_000 + 200 * number
            shape = shapely.box(x, 455_000, x + 100, 455_080)
            path = Path(folder) / f"plek{number}.csv"
            path.write_text(f'naam;wkt\nplek {number};"{shape.wkt}"\n', encoding="utf-8")
            paths.append(path)
        # By the command line: a process that forks reads the program that began it once more.
        command = [sys.executable, "-m", "geo", "read", "--json", *map(str, paths)]
        own, told = timed(lambda: subprocess.run(command, capture_output=True, check=True), 1)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            seconds, one_by_one = timed(lambda: list(pool.map(read_apart, paths)), 1)
    counts = [entry["plots"] for entry in json.loads(told.stdout)]
    assert counts == [len(r.plots) for r in one_by_one] == [1] * _MANY
    line(f"read {_MANY} small files", own, "a process for each", seconds)


def writing() -> None:
    kader = load_kader("azc")
    under = MapLayers(layers.municipalities(), layers.reception_locations())
    for count in (1_000, 10_000):
        plots = many_plots(count)
        plots = plots.join(assign_municipality(plots.geometry))
        measured = measure(plots, kader, Surroundings.packaged())
        content = content_of(plots, measured, None, "intern", date=DAY)
        table = content.plots.drop(columns="geometry")
        own, _ = timed(lambda: spreadsheet(content), 1)  # noqa: B023
        seconds, _ = timed(lambda: table.to_excel(io.BytesIO()), 1)  # noqa: B023
        line(f"spreadsheet of {count:,} plots", own, "pandas to_excel, one sheet", seconds)
        own, _ = timed(lambda: geopackage(content), 1)  # noqa: B023
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.gpkg"
            seconds, _ = timed(lambda: plots[["geometry"]].to_file(path), 1)  # noqa: B023
        line(f"GeoPackage of {count:,} plots", own, "geopandas to_file", seconds)
        own, _ = timed(lambda: map_picture(content, under), 1)  # noqa: B023
        seconds, _ = timed(lambda: plots.plot().figure.savefig(io.BytesIO(), dpi=200), 1)  # noqa: B023
        line(f"map picture of {count:,} plots", own, "geopandas plot, no ground", seconds)


def report() -> None:
    plots = example_plots()
    measured = measure(plots, load_kader("azc"), Surroundings.packaged())
    one = content_of(plots, measured, None, "intern", date=DAY, only=list(plots.index[:1]))
    many = content_of(plots, measured, None, "intern", date=DAY, only=list(plots.index[:25]))
    seconds, _ = timed(lambda: council_report(one), 1)
    own, _ = timed(lambda: council_report(many), 1)
    line("council report of 25 plots", own, "the same of one plot", seconds)


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"{'what':<44} {'ours':>9}   {'against':<28} {'that':>9}   ratio")
    reading()
    reading_many()
    writing()
    report()


if __name__ == "__main__":
    main()
