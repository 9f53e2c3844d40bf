"""The picture is what it says: its size, its class, its plots, and no more."""

import datetime
import io
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.image import imread

from presentation import symbols
from reports.map_picture import MapLayers, cutout_picture, map_picture

DAY = datetime.date(2026, 11, 24)


def province() -> MapLayers:
    """Two municipalities of 20 by 30 km with three locations, one known to 3 km only."""
    municipalities = gpd.GeoDataFrame(
        {"name": ["Weststad", "Oosthuizen aan de Lange Vaart"]},
        geometry=[shapely.box(120e3, 440e3, 140e3, 470e3), shapely.box(140e3, 440e3, 160e3, 470e3)],
        index=["GM0001", "GM0002"],
        crs=28992,
    )
    locations = gpd.GeoDataFrame(
        {
            "kind": ["azc", "amv", "oekraine"],
            "status": ["open", "withdrawn", "closed"],
            "precision_m": [300.0, 3000.0, float("nan")],
        },
        geometry=gpd.points_from_xy([125e3, 150e3, 150e3], [450e3, 450e3, 450e3]),
        crs=28992,
    )
    return MapLayers(municipalities, locations, sources=["CBS 2022"])


def candidates(count: int) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Plots of one hectare in a row, the first with the highest score."""
    names = [f"plek-{k}" for k in range(count)]
    plots = gpd.GeoDataFrame(
        {"name": names, "municipality": "Weststad"},
        geometry=[
            shapely.box(x, 455e3, x + 100, 455.1e3) for x in 121e3 + 900.0 * np.arange(count)
        ],
        index=pd.Index(names, name="plot_id"),
        crs=28992,
    )
    return plots, pd.Series(np.linspace(0.95, 0.05, count), index=names)


def pixels(picture: bytes) -> np.ndarray:
    return (imread(io.BytesIO(picture), format="png")[..., :3] * 255).round().astype(int)


def holds_colour(picture: bytes, colour: str) -> bool:
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return bool((pixels(picture) == wanted).all(axis=-1).any())


def draw(plots, totals, **more):
    given = {"kind": "azc", "confidentiality": "openbaar", "date": DAY} | more
    return map_picture(plots, totals, province(), **given)


def test_a_slide_has_1920_by_1080_dots_and_a_page_the_shape_of_a4():
    plots, totals = candidates(3)
    assert pixels(draw(plots, totals)).shape == (1080, 1920, 3)
    high, wide, _ = pixels(draw(plots, totals, size="a4")).shape
    assert high / wide == pytest.approx(297 / 210, abs=0.002)


def test_each_plot_has_the_colour_of_its_score():
    plots, _ = candidates(1)
    for score in (0.1, 0.5, 0.9):
        shown = symbols.suitability_style(score).colour
        # The legend shows all five, so the bare cut-out is looked at.
        picture = cutout_picture(
            plots,
            pd.Series([score], index=plots.index),
            province(),
            extent=(120.5e3, 454.5e3, 121.5e3, 455.5e3),
            size_cm=(6, 6),
        )
        others = {style.colour for style in symbols.SUITABILITY_CLASSES} - {shown}
        assert holds_colour(picture, shown)
        assert not any(holds_colour(picture, colour) for colour in others)


def test_a_location_known_to_3_km_is_drawn_as_an_area_of_that_size():
    layers = province()
    plots, totals = candidates(1)
    view = {"extent": (145e3, 445e3, 155e3, 455e3), "size_cm": (8, 8), "names": False}
    withdrawn = layers.reception_locations.iloc[[1]]
    drawn = cutout_picture(plots, totals, MapLayers(layers.municipalities, withdrawn), **view)
    empty = cutout_picture(plots, totals, MapLayers(layers.municipalities), **view)
    changed = (pixels(drawn) != pixels(empty)).any(axis=-1)
    # The sign stands at two o'clock, so the west and the south of the ring are its own.
    columns, rows = np.flatnonzero(changed.any(axis=0)), np.flatnonzero(changed.any(axis=1))
    metres_per_dot = 10_000 / changed.shape[1]
    assert 5000 - columns.min() * metres_per_dot == pytest.approx(3000, abs=60)
    assert rows.max() * metres_per_dot - 5000 == pytest.approx(3000, abs=60)


def test_the_class_is_on_the_face():
    plots, totals = candidates(2)
    public = pixels(draw(plots, totals, confidentiality="openbaar"))
    secret = pixels(draw(plots, totals, confidentiality="vertrouwelijk"))
    # Top right: white on black for what must not be passed on.
    assert secret[30:80, 1450:1880].mean() < 120 < public[30:80, 1450:1880].mean()


def test_the_same_input_gives_the_same_bytes():
    plots, totals = candidates(2)
    assert draw(plots, totals) == draw(plots, totals)
    assert draw(plots, totals, fmt="svg") == draw(plots, totals, fmt="svg")


def test_the_drawing_is_well_formed_and_loads_nothing_from_elsewhere():
    plots, totals = candidates(2)
    tree = ElementTree.fromstring(draw(plots, totals, fmt="svg"))
    links = [value for node in tree.iter() for key, value in node.attrib.items() if "href" in key]
    assert tree.tag.endswith("svg")
    assert all(link.startswith("#") or link.startswith("data:") for link in links)


def test_hostile_names_and_a_missing_score_do_not_stop_it():
    plots, totals = candidates(4)
    plots["name"] = [
        "<img src=x onerror=alert(1)>",
        r"$\frac{1}{0}$ $x",
        "שלום\u202e🏠",
        "x" * 5000,
    ]
    totals.iloc[3] = float("nan")
    assert draw(plots, totals).startswith(b"\x89PNG")
    assert draw(plots.iloc[:0], totals.iloc[:0]).startswith(b"\x89PNG")
    assert draw(plots, None, kind=None).startswith(b"\x89PNG")


def test_municipalities_are_shaded_and_an_unknown_is_not_the_lowest():
    plots, totals = candidates(1)
    layers = province()
    shaded = MapLayers(
        layers.municipalities,
        shade=pd.Series({"GM0001": 10.0, "GM0002": float("nan")}),
        shade_title="taak",
    )
    picture = map_picture(plots, totals, shaded, kind="azc", confidentiality="openbaar", date=DAY)
    image = pixels(picture)
    west, east = image[300:320, 300:320], image[300:320, 900:920]
    assert len(np.unique(west.reshape(-1, 3), axis=0)) == 1
    assert len(np.unique(east.reshape(-1, 3), axis=0)) > 1


def test_a_background_of_pdok_lies_where_it_should_is_cached_and_may_fail(tmp_path, monkeypatch):
    import io
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    import numpy as np
    from matplotlib.image import imsave

    from reports.background import background

    asked = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            stream = io.BytesIO()
            imsave(stream, np.full((256, 256, 3), 0.5), format="png")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(stream.getvalue())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("LOCATIEWIJZER_PDOK", f"http://127.0.0.1:{server.server_port}")
    extent = (120_000.0, 440_000.0, 170_000.0, 480_000.0)
    found = background(extent, 800, tmp_path)
    west, south, east, north = found.bounds
    assert west <= extent[0] and south <= extent[1] and east >= extent[2] and north >= extent[3]
    assert (east - west) / found.image.shape[1] == pytest.approx(
        (north - south) / found.image.shape[0]
    )
    assert all("/EPSG:28992/" in path for path in asked) and "Kadaster" in found.credit
    before = len(asked)
    assert background(extent, 800, tmp_path).bounds == found.bounds
    assert len(asked) == before, "the second time nothing is asked"
    server.shutdown()
    monkeypatch.setenv("LOCATIEWIJZER_PDOK", "http://127.0.0.1:9")
    assert background((0.0, 300_000.0, 50_000.0, 340_000.0), 800, tmp_path) is None
    monkeypatch.setenv("LOCATIEWIJZER_PDOK", "off")
    assert background(extent, 800, tmp_path) is None
