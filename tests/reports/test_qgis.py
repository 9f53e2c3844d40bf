"""QGIS draws a GeoPackage as the app draws the same plots: colours, dashes and thick borders."""

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from geo import layers
from reports.content import content_of
from reports.cutout import cutout_picture
from reports.drawing.ground import MapLayers
from reports.drawing.plots import marks_of
from reports.geopackage import geopackage

DAY = dt.date(2026, 11, 24)
PYTHON = "/usr/bin/python3"
PIXELS, DOTS = 800, 192
FAR = (112_000, 425_000, 182_000, 485_000)


def missing():
    if shutil.which("qgis") is None and not Path("/usr/lib/python3/dist-packages/qgis").is_dir():
        return "QGIS is missing: run scripts/install_system_packages.sh system-packages-ci.txt"
    return ""


@pytest.fixture(scope="module")
def content(plots, measured):
    return content_of(plots, measured, None, "intern", date=DAY)


@pytest.fixture(scope="module")
def drawn(content, tmp_path_factory):
    """Let both draw each plot close by, and QGIS all of them from afar."""
    if missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing())
    folder = tmp_path_factory.mktemp("qgis")
    path = folder / "plots.gpkg"
    path.write_bytes(geopackage(content))
    asked = [{"path": str(folder / "far.png"), "extent": FAR, "size": [1400, 1200], "dpi": DOTS}]
    own = {}
    for plot_id, shape in content.plots.geometry.items():
        x, y = shape.centroid.coords[0]
        # a square on which the plot is large, at 1:15,000 or closer
        west, south, east, north = shape.bounds
        half = min(max(east - west, north - south, 60) * 0.7, 700)
        extent = (x - half, y - half, x + half, y + half)
        asked.append(
            {"path": str(folder / f"{plot_id}.png"), "extent": extent,
             "size": [PIXELS, PIXELS], "dpi": DOTS}
        )  # fmt: skip
        own[plot_id] = (
            extent,
            cutout_picture(
                content.plots.loc[[plot_id]],
                [mark for mark in marks_of(content) if mark.plot_id == plot_id],
                MapLayers(layers.municipalities().iloc[:0], ground=False),
                extent=extent,
                size_cm=(PIXELS / DOTS * 2.54,) * 2,
                names=0,
                scale=False,
                dots_per_inch=DOTS,
            ),
        )
    done = subprocess.run(
        [PYTHON, Path(__file__).with_name("qgis_picture.py"), path, json.dumps(asked)],
        capture_output=True, text=True, timeout=300,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen",
             "XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, own, json.loads(done.stdout.splitlines()[-1])


def pixels(picture):
    return np.asarray(Image.open(picture).convert("RGB")).astype(int)


def inked(image):
    """Where the line of a border is: darker than the darkest fill in every colour."""
    return image.max(axis=2) < 100


def look_of(image, shape, extent, reach):
    """Give the colour inside, which share of the border is drawn, and how thick it is (pixels)."""
    high, wide = image.shape[:2]
    per_m = wide / (extent[2] - extent[0])

    def at(x, y):
        return int((x - extent[0]) * per_m), int((extent[3] - y) * per_m)

    inside = shape.representative_point()
    column, row = at(inside.x, inside.y)
    ink = inked(image)
    ring = shapely.segmentize(shape, 0.5 / per_m).exterior
    seen = []
    for x, y in ring.coords:
        column_at, row_at = at(x, y)
        rows = slice(max(row_at - reach, 0), row_at + reach + 1)
        near = ink[rows, max(column_at - reach, 0) : column_at + reach + 1]
        seen.append(bool(near.any()))
    return image[row, column], float(np.mean(seen)), float(ink.sum() / (shape.length * per_m))


def test_qgis_draws_each_plot_close_by_as_the_app_does(content, drawn):
    folder, own, _ = drawn
    marks = {mark.plot_id: mark for mark in marks_of(content)}
    kinds = {"plain": 0, "dashed": 0, "blocked": 0}
    for plot_id, shape in content.plots.geometry.items():
        shape = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        extent, picture = own[plot_id]
        mark = marks[plot_id]
        (folder / "own.png").write_bytes(picture)
        looks = [
            # our own picture has a margin of a pixel or two
            look_of(pixels(path), shape, extent, reach)
            for path, reach in ((folder / f"{plot_id}.png", 0), (folder / "own.png", 1))
        ]
        for colour, share, thick in looks:
            wanted = [int(mark.style.colour[k : k + 2], 16) for k in (1, 3, 5)]
            assert np.abs(colour - wanted).max() <= 2, (plot_id, colour, wanted)
            if mark.blocked:
                assert share > 0.95 and thick > 4.5, (plot_id, share, thick)
            elif mark.uncertain:
                assert 0.4 < share < 0.88, (plot_id, share, thick)
            else:
                assert share > 0.95 and thick < 3.0, (plot_id, share, thick)
        kinds["blocked" if mark.blocked else "dashed" if mark.uncertain else "plain"] += 1
    assert min(kinds.values()) >= 2, kinds


def test_qgis_draws_points_of_the_right_colour_from_afar(content, drawn):
    image = pixels(drawn[0] / "far.png")
    per_m = image.shape[1] / (FAR[2] - FAR[0])
    right = 0
    marks = marks_of(content)
    for mark in marks:
        point = content.plots.geometry[mark.plot_id].representative_point()
        red, green, blue = image[int((FAR[3] - point.y) * per_m), int((point.x - FAR[0]) * per_m)]
        found = f"#{red:02X}{green:02X}{blue:02X}"
        right += found == mark.style.colour.upper()
    # a plot may lie under the point or the outline of another
    assert right >= len(marks) - 4
    # a shape of a hundred metres would be two pixels wide; a point is five millimetres
    drawn_on = np.isin(image.reshape(-1, 3), [255], invert=True).any(axis=1).sum()
    assert drawn_on / len(marks) > 200


def test_qgis_knows_names_and_dates_and_numbers_the_plots(drawn):
    told = drawn[2]
    assert told["renderer"] == "RuleRenderer" and told["labels"]
    assert told["fields"]["available_from"] == ["Beschikbaar vanaf", "Date"]
    assert told["fields"]["rank"][0] == "Plaats" and told["fields"]["blocked"][1] == "Boolean"
    assert [key for key, (alias, _) in told["fields"].items() if not alias] == ["fid"]
