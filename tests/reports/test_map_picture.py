"""The picture is what it says: its size, its class, its plots, and no more."""

import datetime
import functools
import io
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.image import imread
from PIL import Image, ImageFont

import reports.map_picture
from data.loader import FOLDER, Coverage
from data.tiles import PDOK_TILES
from data.translated import in_language
from geo import layers
from messages import text
from presentation import symbols
from reports.background import Background
from reports.content import content_of
from reports.council.plot_page import map_note
from reports.council.site_map import Seen
from reports.cutout import cutout_picture
from reports.drawing.apart import set_apart
from reports.drawing.canvas import axes_in_inches, new_figure, saved
from reports.drawing.cards import cards_of, crowded, two_sides, untangled
from reports.drawing.ground import (
    BUILT,
    LAND,
    NATURE,
    WATER,
    MapLayers,
    _fill,
    open_window,
    window_of,
)
from reports.drawing.plots import Mark, _hex_cells, marks_of
from reports.map_picture import _footer, map_picture, quiet_corner
from scoring.kader import Limit
from scoring.own_layers import OwnLayer

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
    return MapLayers(municipalities, locations)


def candidates(count: int) -> gpd.GeoDataFrame:
    """Plots of one hectare in a row."""
    names = [f"plek-{k}" for k in range(count)]
    return gpd.GeoDataFrame(
        {"name": names, "municipality": "Weststad"},
        geometry=[
            shapely.box(x, 455e3, x + 100, 455.1e3) for x in 121e3 + 900.0 * np.arange(count)
        ],
        index=pd.Index(names, name="plot_id"),
        crs=28992,
    )


def pixels(picture: bytes) -> np.ndarray:
    return (imread(io.BytesIO(picture), format="png")[..., :3] * 255).round().astype(int)


def holds_colour(picture: bytes, colour: str) -> bool:
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return bool((pixels(picture) == wanted).all(axis=-1).any())


@pytest.fixture(scope="module")
def content(plots, measured):
    return content_of(plots, measured, None, "intern", date=DAY, snapshot="2026-11-24-abcdef01")


@pytest.fixture(scope="module")
def under():
    return MapLayers(layers.municipalities(), layers.reception_locations())


def test_a_slide_has_1920_by_1080_dots_and_a_page_the_shape_of_a4(content, under):
    assert pixels(map_picture(content, under)).shape == (1080, 1920, 3)
    high, wide, _ = pixels(map_picture(content, under, size="a4")).shape
    assert high / wide == pytest.approx(297 / 210, abs=0.002)


VIEW = {
    "extent": (120.5e3, 454.5e3, 121.5e3, 455.5e3),
    "size_cm": (6, 6),
    "names": 0,
    "scale": False,
}


def one(low, high, **more):
    plots = candidates(1)
    mark = Mark("plek-0", 1, low, high, **more)
    return pixels(cutout_picture(plots, [mark], province(), **VIEW))


def test_each_kind_of_ground_is_darker_than_the_one_before_on_a_grey_print():
    greys = [Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
             for colour in (LAND, BUILT, NATURE, WATER)]  # fmt: skip
    assert all(one - other >= 12 for one, other in zip(greys, greys[1:])), greys


def test_ground_of_several_parts_with_holes_is_filled_as_large_as_it_is():
    town = shapely.box(0, 0, 400, 400).difference(shapely.box(100, 100, 300, 300))
    area = shapely.MultiPolygon([town, shapely.box(600, 600, 900, 900)])
    figure = new_figure(4, 4, 100)
    axes = axes_in_inches(figure, (0, 0, 4, 4))
    open_window(axes, (0, 0, 1000, 1000))
    _fill(axes, gpd.GeoSeries([area, shapely.box(5e3, 5e3, 6e3, 6e3)]), "#ff0000", 1,
          within=window_of(axes))  # fmt: skip
    shown = (pixels(saved(figure, "png", "")) == [255, 0, 0]).all(axis=-1).mean()
    assert shown == pytest.approx(area.area / 1e6, abs=0.01)


def test_each_plot_has_the_colour_of_its_score():
    for score in (10.0, 50.0, 90.0):
        shown = symbols.suitability_style(score / 100).colour
        plots = candidates(1)
        picture = cutout_picture(plots, [Mark("plek-0", 1, score, score)], province(), **VIEW)
        others = {style.colour for style in symbols.SUITABILITY_CLASSES} - {shown}
        assert holds_colour(picture, shown)
        assert not any(holds_colour(picture, colour) for colour in others)


def test_blocked_and_uncertain_plots_have_the_signs_of_the_screen():
    def ink(image):
        return int((image.max(axis=-1) < 60).sum())

    plain, blocked, rising = one(50.0, 50.0), one(50.0, 50.0, blocked=True), one(50.0, 90.0)
    assert ink(blocked) > 1.5 * ink(plain)  # a thick border
    assert ink(rising) < 0.85 * ink(plain)  # a broken one


def test_a_location_known_to_3_km_is_drawn_as_an_area_of_that_size():
    layers = province()
    plots = candidates(1)
    view = {"extent": (145e3, 445e3, 155e3, 455e3), "size_cm": (8, 8), "names": 0, "scale": False}
    withdrawn = layers.reception_locations.iloc[[1]]
    drawn = cutout_picture(plots, [], MapLayers(layers.municipalities, withdrawn), **view)
    empty = cutout_picture(plots, [], MapLayers(layers.municipalities), **view)
    changed = (pixels(drawn) != pixels(empty)).any(axis=-1)
    # The sign stands at two o'clock, so the west and the south of the ring are its own.
    columns, rows = np.flatnonzero(changed.any(axis=0)), np.flatnonzero(changed.any(axis=1))
    metres_per_dot = 10_000 / changed.shape[1]
    assert 5000 - columns.min() * metres_per_dot == pytest.approx(3000, abs=60)
    assert rows.max() * metres_per_dot - 5000 == pytest.approx(3000, abs=60)


def test_the_class_is_on_the_face(plots, measured, content, under):
    public = content_of(plots, measured, None, "openbaar", date=DAY)
    assert public.confidentiality == "openbaar" and content.confidentiality == "vertrouwelijk"
    shown, secret = pixels(map_picture(public, under)), pixels(map_picture(content, under))
    # Top right: white on black for what must not be passed on.
    assert secret[30:80, 1450:1880].mean() < 150 < shown[30:80, 1450:1880].mean()


def test_made_up_plots_are_told_across_the_picture(content, under):
    real = replace(content, plots=content.plots.assign(fictional=False))
    told, plain = pixels(map_picture(content, under)), pixels(map_picture(real, under))

    def dark_rows(image):
        return int(((image[:, 480:1440].max(axis=-1) < 60).mean(axis=1) > 0.7).sum())

    assert dark_rows(told) >= 20 > 5 > dark_rows(plain)


def test_the_same_input_gives_the_same_bytes(content, under):
    assert map_picture(content, under) == map_picture(content, under)
    assert map_picture(content, under, fmt="svg") == map_picture(content, under, fmt="svg")


def test_the_drawing_is_well_formed_and_loads_nothing_from_elsewhere(content, under):
    tree = ElementTree.fromstring(map_picture(content, under, fmt="svg"))
    links = [value for node in tree.iter() for key, value in node.attrib.items() if "href" in key]
    assert tree.tag.endswith("svg")
    assert all(link.startswith("#") or link.startswith("data:") for link in links)


def test_hostile_names_do_not_stop_it(content, under):
    names = [
        "<img src=x onerror=alert(1)>",
        r"$\frac{1}{0}$ $x",
        "שלום\u202e🏠 مرحبا",
        "x" * 5000,
        "",
        None,
    ]
    given = (names * len(content.plots))[: len(content.plots)]
    hostile = replace(content, plots=content.plots.assign(name=given))
    for size in ("16:9", "a4"):
        assert map_picture(hostile, under, size=size).startswith(b"\x89PNG")


def test_the_inset_of_a_crowded_town_covers_no_other_plot():
    box, window = (0.3, 3.0, 7.6, 6.0), (110_000.0, 430_000.0, 186_000.0, 490_000.0)
    all_over = gpd.GeoSeries(gpd.points_from_xy([182_000, 180_000], [433_000, 437_000]))
    free = quiet_corner(box, window, gpd.GeoSeries([], crs=None), (2.0, 1.5))
    assert free[:2] == pytest.approx((0.3 + 7.6 - 2.0 - 0.1, 3.3)), "the south-east, where it can"
    left, bottom, wide, high = quiet_corner(box, window, all_over, (2.0, 1.5))
    for point in all_over:
        x, y = 0.3 + (point.x - 110_000) / 10_000, 3.0 + (point.y - 430_000) / 10_000
        assert not (left < x < left + wide and bottom < y < bottom + high)


def test_no_plots_at_all_is_a_picture_too(plots, measured, under):
    empty = content_of(plots, measured, None, "intern", date=DAY, only=[])
    assert map_picture(empty, under).startswith(b"\x89PNG")


PACKAGE = json.loads((FOLDER / "datapackage.json").read_text("utf-8"))
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
INCHES = {"16:9": (13.333, 7.5), "a4": (8.27, 11.69)}


def credited(language, *, ground=True):
    """Whom the packaged files name, read from their description itself."""
    for resource in PACKAGE["resources"]:
        drawn = "places" if not ground else resource["name"]
        if resource["name"] in ("practice", "tasks_other", "example_plots", "nature_names"):
            continue
        if resource.get("role") == "ground" and resource["name"] != drawn:
            continue
        for source in resource["sources"]:
            yield from (in_language(name, language) for name in source["short"])


def with_own(content, count):
    around = content.ranking.measured.surroundings
    kinds = ["supermarket", *(f"own_{k}" for k in range(count - 1))]
    for k, kind in enumerate(kinds):
        name = "W" * 80 if k else "Winkels van de gemeente"
        shop = gpd.GeoDataFrame({"name": ["x"]}, geometry=gpd.points_from_xy([140e3], [455e3]),
                                crs=28992)  # fmt: skip
        around = around.with_own(
            OwnLayer(kind, name, shop, Coverage(True, 0.0), "Bron", "2026", "0" * 64)
        )
    kader = content.kader
    limits = [
        Limit(f"layer_{kind}", "procedure_nodig", "x", None, None, f"nearest:{kind}", None, 1.0)
        for kind in kinds[1:]
    ]
    measured = replace(
        content.ranking.measured,
        surroundings=around, kader=replace(kader, limits=(*kader.limits, *limits)),
    )  # fmt: skip
    return replace(
        content, ranking=replace(content.ranking, measured=measured, kader=measured.kader)
    )


@pytest.mark.parametrize("size", ["16:9", "a4"])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("pdok", [False, True])
@pytest.mark.parametrize("own", [0, 1, 12])
def test_the_foot_of_a_picture_is_two_lines_that_fit_and_name_every_source(
    content, under, size, language, pdok, own
):
    if pdok:
        aside = Background(np.zeros((2, 2, 3), np.float32), (0, 0, 1, 1), "x", PDOK_TILES[0].short)
        under = replace(under, background=aside)
    told = replace(content, stamp=replace(content.stamp, version="x" * 300))
    told = with_own(told, own) if own else told
    wide, high = INCHES[size]
    page = axes_in_inches(new_figure(wide, high, 100), (0.0, 0.0, wide, high))
    _footer(page, told, under, language)
    lines = [line for line in page.texts if line.get_text()]
    assert len(lines) == 2
    for line in lines:
        letters = ImageFont.truetype(FONT, 10 * line.get_fontsize())
        assert letters.getlength(line.get_text()) / 720 < wide - 2 * 0.3, line.get_text()
        assert line.get_fontsize() >= 6.0
    words = " ".join(line.get_text() for line in sorted(lines, key=lambda x: -x.get_position()[1]))
    for name in {*credited(language, ground=not pdok), *(("PDOK",) if pdok else ())}:
        assert name in words, name
    if own == 1:
        assert "Winkels van de gemeente" in words
    if own == 12:
        rest = int(re.search(r"(\d+)( more)?$", words)[1])
        assert words.count("W" * 23 + "…") + rest == 12 and rest > 0
    assert "W" * 24 not in words


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("pdok", [False, True])
@pytest.mark.parametrize("own", [False, True])
def test_the_foot_of_the_map_of_a_plot_is_two_lines_too(content, language, pdok, own):
    aside = Background(np.zeros((2, 2, 3), np.float32), (0, 0, 1, 1), "x", PDOK_TILES[0].short)
    around, shop = content.ranking.measured.surroundings, content.plots.geometry.iloc[[0]].centroid
    for kind in symbols.SIGN_SHAPES if own else ():
        shapes = gpd.GeoDataFrame({"name": ["x"]}, geometry=list(shop), crs=28992)
        around = around.with_own(
            OwnLayer(
                kind, f"{kind} " + "W" * 80, shapes, Coverage(True, 0.0), "x", "2026", "0" * 64
            )
        )
    measured = replace(content.ranking.measured, surroundings=around)
    told = replace(content, ranking=replace(content.ranking, measured=measured))
    seen = Seen("part", True, True)
    found = aside if pdok else None
    words = map_note(told, seen, found, functools.partial(_say, language), language)
    letters = ImageFont.truetype(FONT, 66)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        # 17.8 cm in letters of 6.6 points
        fits = letters.getlength(longer) / 720 < 17.7 / 2.54
        lines = [*lines[:-1], longer] if fits else [*lines, word]
    assert len(lines) <= 2, lines
    drawn = {"boundaries", "locations"} | (set() if pdok else {"places", "waters", "railways"})
    names = {
        in_language(name, language)
        for resource in PACKAGE["resources"] if resource["name"] in drawn
        for source in resource["sources"] for name in source["short"]
    }  # fmt: skip
    assert names and all(name in words for name in names), names
    assert own == ("W" * 5 in words) and ("PDOK" in words) == pdok


def _say(language, key, **values):
    return text(f"reports.council.{key}", language, **values)


def test_each_packaged_source_has_a_short_name_that_its_title_holds():
    for resource in PACKAGE["resources"]:
        for source in resource["sources"]:
            assert source["short"], source["title"]
            for name in source["short"]:
                assert name.lower() in source["title"].lower() and len(name) <= 20, name


def test_a_picture_holds_its_sources_whole(content, under):
    drawn = map_picture(with_own(content, 1), under, language="en")
    told = Image.open(io.BytesIO(drawn)).text["Source"]
    for resource in PACKAGE["resources"]:
        if resource["name"] not in ("practice", "tasks_other", "nature_names"):
            for title in (resource["title"], resource["licenses"][0]["title"]):
                assert in_language(title, "en") in told, title
            assert resource["source_date"] in told
    assert "Winkels van de gemeente: Bron (2026)" in told


def test_cards_tell_ranges_of_0_to_100_and_stand_on_the_side_of_their_plot(content):
    marks = marks_of(content)
    assert all(0 <= mark.low <= mark.high <= 100 for mark in marks)
    cards = cards_of(content, marks[:8], "nl")
    assert all(card.where and card.name for card in cards)
    west, east = two_sides(cards, 4, 4)
    assert len(west) == len(east) == 4
    assert max(c.point[0] for c in west) <= min(c.point[0] for c in east)
    for side in (west, east):
        assert [c.point[1] for c in side] == sorted((c.point[1] for c in side), reverse=True)


def test_a_crowded_town_is_found_as_trying_all_pairs_does(content):
    cards = cards_of(content, marks_of(content)[:20], "nl")
    for apart_m in (50.0, 1_000.0, 4_000.0, 9_000.0):
        groups = [{i} for i in range(len(cards))]
        for i in range(len(cards)):
            for j in range(i):
                if np.hypot(*np.subtract(cards[i].point, cards[j].point)) < apart_m * 0.995:
                    a = next(g for g in groups if i in g)
                    b = next(g for g in groups if j in g)
                    if a is not b:
                        a |= b
                        groups.remove(b)
        largest = max(len(g) for g in groups)
        found = crowded(cards, apart_m)
        assert len(found) == (largest if largest > 1 else 0), apart_m


def test_each_plot_falls_in_the_nearest_hexagon():
    generator = np.random.default_rng(3)
    at = generator.uniform(0, 1000, (300, 2))
    step, high = 70.0, 70.0 / np.sqrt(3)
    middles = {(c, r): ((c + 0.5 * (r % 2)) * step, r * 1.5 * high)
               for c in range(-2, 18) for r in range(-2, 20)}  # fmt: skip
    for point, found in zip(at, _hex_cells(at, step)):
        nearest = min(middles, key=lambda key: np.hypot(*(np.array(middles[key]) - point)))
        assert found == nearest


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


def test_lines_from_cards_neither_cross_nor_run_over_another_mark():
    edges = [(10.0, 5.0), (10.0, 4.0)]
    near, far = (7.0, 3.45), (4.0, 2.9)
    # from the lower card the line to the farther mark would run over the nearer one
    assert untangled(edges, np.array([near, far])) == [1, 0]
    assert untangled(edges, np.array([far, near])) == [0, 1]
    fan = [(0.0, y) for y in (5.0, 4.0, 3.0, 2.0)]
    ends = np.array([(5.0, y) for y in (1.0, 4.0, 2.0, 5.0)])
    assert [float(ends[which][1]) for which in untangled(fan, ends)] == [5.0, 4.0, 2.0, 1.0]
    assert untangled([], np.zeros((0, 2))) == []


def _numbers_apart(figure, box):
    """Give the numbers on a map, having seen that their boxes lie apart and in it."""
    renderer = figure.canvas.get_renderer()
    texts = [one for one in box.texts if one.get_text().isdigit()]
    boxes = [one.get_window_extent(renderer) for one in texts]
    edge = box.get_window_extent()
    for one in boxes:
        assert edge.x0 <= one.x0 and one.x1 <= edge.x1 and edge.y0 <= one.y0 and one.y1 <= edge.y1
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    return sorted(int(one.get_text()) for one in texts)


def test_the_numbers_of_the_best_of_very_many_plots_can_all_be_read(content, monkeypatch):
    monkeypatch.setattr(reports.map_picture, "MANY_PLOTS", 25)
    # all in one street, at the edge of the province
    street = [
        shapely.affinity.translate(shape, 120_100 - shape.centroid.x + 40 * k, 455e3 - shape.centroid.y)
        for k, shape in enumerate(content.plots.geometry)
    ]  # fmt: skip
    told = replace(content, plots=content.plots.set_geometry(street, crs=28992))
    for size in ("16:9", "a4"):
        figure, _ = reports.map_picture._drawn(told, province(), "nl", size)
        box = max(figure.axes[1:], key=lambda axes: axes.get_window_extent().height)
        assert _numbers_apart(figure, box) == sorted(told.ranks)[:20]


def test_a_number_stands_at_its_plot_or_apart_from_all_others():
    random = np.random.default_rng(5)
    points = random.uniform(0, 60, (20, 2))
    bar = (0.0, 0.0, 30.0, 8.0)
    places = set_apart(points, 2.5, (0.0, 0.0, 100.0, 100.0), [bar])
    away = np.abs(places[:, None] - places[None]).max(axis=2)
    assert away[np.triu_indices(20, 1)].min() >= 5.0
    assert places.min() >= 2.5 and places.max() <= 97.5
    assert not ((places[:, 0] < 32.5) & (places[:, 1] < 10.5)).any()
    lines = shapely.linestrings(np.stack([points, places], axis=1))
    over = shapely.distance(lines[:, None], shapely.points(places)[None]) < 2.5
    own = np.eye(20, dtype=bool)
    hidden = shapely.distance(shapely.points(points)[:, None], shapely.points(places)[None]) < 2.5
    moved = ~hidden.diagonal()
    # of all pairs one line that nothing else was left for
    assert 2 < moved.sum() < 20 and (over & ~hidden & ~own).sum() <= 1
    assert (set_apart(points[:1] + 20, 2.5, (0.0, 0.0, 100.0, 100.0)) == points[:1] + 20).all()


def test_an_inset_lies_where_it_hides_least_land():
    box = window = (0.0, 0.0, 10.0, 10.0)
    none = gpd.GeoSeries([], crs=None)
    east, west = shapely.box(5, 0, 10, 10), shapely.box(0, 0, 5, 10)
    assert quiet_corner(box, window, none, (2.0, 1.5), east)[0] < 5
    assert quiet_corner(box, window, none, (2.0, 1.5), west)[0] > 5
