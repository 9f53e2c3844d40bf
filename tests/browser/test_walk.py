"""The main job, walked in a real browser: look, weigh, deliver, restart, take away."""

import base64
import contextlib
import datetime as dt
import io
import json
import re
import subprocess
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from playwright.sync_api import expect

from geo import layers
from geo.crs import to_wgs84
from geo.examples import example_plots
from geo.places_layer import to_geojson
from scoring.indicators import Surroundings, measure
from scoring.kader import FORMER, load_kader
from scoring.ranking import rank, rank_measured
from store.access import LOCAL_USER
from store.database import open_store
from store.layers import enter_layer, list_layers, withdraw_layer
from tests.browser.steps import list_rows, map_frame, open_sheet, picture, place_on_map, still
from ui.explore.instrument import matrix_payload
from ui.explore.model import limit_flags

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>"


rows = list_rows


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    path = waiting.value.path()
    return waiting.value.suggested_filename, path.read_bytes()


def open_app(open_page, app, path="/", **options):
    page, recorded = open_page(**options)
    page.goto(app.url + path)
    return page, recorded


def test_explore_shows_map_list_and_sheet_as_computed(app, open_page):
    page, recorded = open_app(open_page, app)
    map_frame(page)
    expected = rank(example_plots(), kind="azc")
    best = expected.plot_ids[expected.order()[0]]
    name = example_plots().loc[best, "name"]
    first = rows(page).first
    expect(first).to_contain_text(name, use_inner_text=True)
    expect(first).to_contain_text(str(round(expected.lower[expected.order()[0]])))
    assert page.locator(".lw-list").get_attribute("aria-rowcount") == "30"
    first.locator(".lw-cell").click()
    sheet = open_sheet(page).inner_text()
    assert name in sheet
    for group in ("omvang", "voorzieningen", "integratie"):
        assert group in sheet
    expect(page.locator(".lw-sheet .lw-criteria details:not(.lw-term)")).to_have_count(
        len(expected.measured.criteria)
    )
    assert page.locator(".lw-sheet details p").count() >= 32  # what it means, and its source
    # the question marks stand on their grounds
    beside = page.evaluate(
        "[...document.querySelectorAll('.lw-term > summary')].filter((mark) => {"
        " const box = mark.getBoundingClientRect(), words = document.createRange();"
        " words.selectNodeContents(mark); const at = words.getBoundingClientRect();"
        " return box.width && (at.left < box.left || at.right > box.right); }).length"
    )
    assert beside == 0
    # the map stays in sight, and nothing but the panel scrolls
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.locator(".st-key-explore-map").bounding_box()["width"] > 800
    # the unknown is shown as unknown
    assert "niet bekend" in sheet or "onbekend" in sheet
    assert f"plot={best}" in page.url
    picture(page, "verkennen-1440")
    assert recorded.errors == [] and recorded.dialogs == [] and recorded.elsewhere == []


def test_a_click_on_the_map_selects_in_the_list(app, open_page):
    plots = example_plots()
    wanted = "voorbeeld-13"  # nothing else is drawn near it
    with street_through(app, plots.geometry[wanted]):
        _walk_and_rings(app, open_page, plots, wanted)


@contextlib.contextmanager
def street_through(app, shape):
    """A network that the team loaded: one street through a plot, from south to north."""
    store = open_store(f"sqlite:///{app.folder / 'test.sqlite'}")
    at = shape.centroid
    line = shapely.LineString([(at.x, at.y - 3000), (at.x, at.y + 3000)])
    shapes = gpd.GeoDataFrame({"name": [""]}, geometry=[line], crs="EPSG:28992")
    enter_layer(
        store, LOCAL_USER, kind="network", name="De <b>Lange</b> Straat", source="Bureau", shapes=1,
        source_date="2026", complete=True, margin_m=1500.0, content=to_geojson(shapes),
    )  # fmt: skip
    yield
    withdraw_layer(store, LOCAL_USER, list_layers(store, LOCAL_USER)[0].number)
    store.close()


def _walk_and_rings(app, open_page, plots, wanted):
    page, _ = open_app(open_page, app)
    frame = map_frame(page)
    chart, rings = frame.locator(".leaflet-container"), frame.get_by_role("button", name="ringen")
    rings.click()
    frame.get_by_text("Kies eerst een plek").wait_for()
    point = place_on_map(frame, wanted)
    chart.hover(position=point)
    # one card, with the rank among the plots that take part
    expect(frame.locator(".lw-tip:visible")).to_have_count(1)
    expect(frame.locator(".lw-tip:visible")).to_contain_text(re.compile(r"plaats .* van 30(?!\d)"))
    # a procedure is no legal risk
    expect(frame.locator(".lw-tip:visible")).to_contain_text("procedure nodig")
    expect(frame.locator(".lw-tip:visible")).not_to_contain_text("risico")
    chart.click(position=point)
    open_sheet(page)
    # rings are as the crow flies, in RD, and say so
    frame.get_by_text("van de gekozen plek, hemelsbreed").wait_for()
    drawn, middle = frame.evaluate(
        "(() => { const w = window.locatiewijzer, all = [], i = w.sites.centre("
        f"{plots.index.get_loc(wanted)}"
        "); w.map.eachLayer((l) => { if (l instanceof L.Polygon && l.options.dashArray === '3 4')"
        " all.push(l.getLatLngs()[0].map((p) => [p.lng, p.lat])); }); return [all, [i.lng, i.lat]]; })()"
    )
    at = gpd.GeoSeries([shapely.Point(middle)], crs="EPSG:4326").to_crs("EPSG:28992").iloc[0]
    for radius_m, ring in zip((400, 800, 1200, 3000), drawn, strict=True):
        line = gpd.GeoSeries(gpd.points_from_xy(*zip(*ring)), crs="EPSG:4326").to_crs("EPSG:28992")
        assert line.distance(at).between(radius_m - 1.5, radius_m + 1.5).all()
    # asked for at a plot that is chosen, the map goes there, and each ring has its name
    for _ in range(2):
        rings.click()
    expect(frame.locator(".lw-ring")).to_have_text(["3 km", "1,2 km", "800 m", "400 m"])
    rings.click()
    # how far one gets on foot: over the one street, from the edge of the plot, and 25 m beside it
    walk = frame.get_by_role("button", name="Loopafstanden over De <b>Lange</b> Straat", exact=True)
    walk.click()
    expect(frame.locator(".lw-walk")).to_have_text(["5 min", "10 min", "15 min"])
    frame.get_by_text("Bron: Bureau (2026).").wait_for()
    walked = frame.evaluate(
        "(() => { const all = []; window.locatiewijzer.map.eachLayer((l) => { if (l instanceof"
        " L.Polygon && l.options.fillOpacity === 0.35) all.push(l.getLatLngs()[0][0].map((p) =>"
        " [p.lng, p.lat])); }); return all; })()"
    )
    street = plots.geometry[wanted].centroid.x
    crossed = plots.geometry[wanted].intersection(shapely.LineString([(street, 0), (street, 7e5)]))
    south, north = crossed.bounds[1], crossed.bounds[3]
    for reach_m, ring in zip((1200, 800, 400), walked, strict=True):
        area = gpd.GeoSeries([shapely.Polygon(ring)], crs="EPSG:4326").to_crs("EPSG:28992").iloc[0]
        far = reach_m + 25
        assert area.bounds == pytest.approx(
            (street - 25, south - far, street + 25, north + far), abs=3
        )
    picture(page, "verkennen-loopafstanden")
    walk.click()
    expect(frame.locator(".lw-walk")).to_have_count(0)
    expect(page.locator(".lw-sheet h2")).to_contain_text(
        plots.loc[wanted, "name"], use_inner_text=True
    )
    assert frame.evaluate("window.locatiewijzer.sites.selected") == wanted
    page.locator(".lw-back").click()
    page.locator(".lw-sheet").wait_for(state="hidden")
    frame.wait_for_function("window.locatiewijzer.sites.selected === null")


def test_moving_a_weight_repaints_without_moving_or_mounting_the_map(app, open_page):
    page, _ = open_app(open_page, app)
    frame = map_frame(page)
    rows(page).first.wait_for()
    frame.evaluate("void window.locatiewijzer.map.setView([52.15, 5.38], 12.5, {animate: false})")
    frame.evaluate("window.mark = 'same'")
    still(page)
    before_names = told(page)
    painted = frame.evaluate("window.painted")
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    frame.wait_for_function(f"window.painted > {painted}")
    page.wait_for_function("location.search.includes('azc.omvang=')")
    still(page)
    page.get_by_text("Uw eigen weging").wait_for()
    assert told(page) != before_names
    view = frame.evaluate(
        "(() => { const m = window.locatiewijzer.map, c = m.getCenter(); return [c.lat, c.lng, m.getZoom()]; })()"
    )
    assert view == pytest.approx([52.15, 5.38, 12.5], abs=0.001)
    assert frame.evaluate("window.mark") == "same"
    page.get_by_role("button", name="Terug naar het kader").click()
    page.get_by_text("Kader 2026-4").wait_for()
    still(page)
    assert told(page) == before_names


def told(page):
    """What the rows say but for the chance, which is drawn when the weights rest."""
    return [re.sub(r"\n\d+\xa0% kans[^\n]*", "", row) for row in rows(page).all_inner_texts()]


def test_what_is_shown_while_dragging_is_what_the_server_computes(app, open_page):
    page, _ = open_app(open_page, app)
    map_frame(page)
    rows(page).first.wait_for()
    grip = page.locator(".lw-grip").first
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        "(() => { const old = WebSocket.prototype.send; window.sent = 0;"
        " WebSocket.prototype.send = function (d) { window.sent++; return old.call(this, d); }; })()"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(x + 5 * step, y)
    page.wait_for_function("window.locatiewijzerEngine.frames > 0")
    page.wait_for_timeout(100)
    # not a byte has gone to the server while the hand held on
    assert page.evaluate("window.sent") == 0
    state = page.evaluate(
        "(() => { const e = window.locatiewijzerEngine; return {weights: e.weights, low: Array.from(e.low),"
        " high: Array.from(e.high), ranges: e.matrix.ids.map((_, i) => e.rangeOf(i)),"
        " order: Array.from(e.list, (i) => e.matrix.ids[i])}; })()"
    )
    plots = example_plots()
    around = Surroundings.packaged(on=dt.date.today())
    expected = rank(plots, kind="azc", weights=state["weights"], surroundings=around)
    assert state["low"] == pytest.approx(expected.lower, abs=2e-5)
    assert state["high"] == pytest.approx(expected.upper, abs=2e-5)
    # dropped and realised plots take no place
    live = ~plots["state"].isin(["afgevallen", "gerealiseerd"]).to_numpy()
    among = rank(plots[live], kind="azc", weights=state["weights"], surroundings=around)
    possible = np.array([ends for ends, one in zip(state["ranges"], live) if one])
    assert possible.T.tolist() == [among.rank_best.tolist(), among.rank_worst.tolist()]
    assert state["order"] == [among.plot_ids[p] for p in among.order()]
    assert_ranks_of_every_way_things_turn_out(page)
    assert_a_town_is_one_unknown_in_the_browser_too(page, plots, around)
    shown = told(page)
    assert shares(page)[0] == 100
    page.mouse.up()
    page.wait_for_function("window.sent > 0")
    page.wait_for_function("location.search.includes('azc.omvang=')")
    still(page)
    assert told(page) == shown
    # the shares of the criteria add up as well while one is dragged, and it stays under the hand
    page.get_by_role("button", name="Per criterium").click()
    slider = page.locator(".lw-drawer input").nth(2)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 9, y)
    page.mouse.down()
    for part in (0.83, 0.71, 0.61, 0.53, 0.37, 0.29, 0.19, 0.11, 0.05):
        page.mouse.move(box["x"] + part * box["width"], y)
        whole, groups, criteria = shares(page)
        assert whole == 100 and criteria == groups
        assert slider.bounding_box() == box
    page.mouse.up()
    still(page)
    assert shares(page)[2] == groups


def assert_ranks_of_every_way_things_turn_out(page):
    """The browser's counting of possible ranks, against every pair of plots, on random totals."""
    random = np.random.default_rng(7)
    cases, expected = [], []
    for case in range(120):
        plots, reach = int(random.integers(1, 60)), (20, 400, 10_000_000)[case % 3]
        takes, towns = random.random(plots) < 0.8, random.integers(-1, 4, plots)
        steps = []
        for _ in range(1 + case % 3):
            low = random.integers(0, reach, plots)
            if case % 5 == 0:  # all but one beside each other
                low = np.append(reach + low[1:] % 3, 0)
            high = low + random.integers(0, reach // 3, plots) * (random.random(plots) < 0.6)
            own_low = low - random.integers(0, 5, plots)
            steps.append([low, high, own_low, own_low + random.integers(0, 5, plots)])
        by_town = case % 2 == 0
        cases.append(
            [
                takes.astype(int).tolist(),
                towns.tolist() if by_town else None,
                [[end.tolist() for end in step] for step in steps],
            ]
        )
        expected.append(ranks_by_pairs(takes, towns if by_town else None, steps))
    found = page.evaluate(
        "async (cases) => { const file = performance.getEntriesByType('resource')"
        ".find(({ name }) => name.endsWith('ranks.js')).name;"
        " const { possibleRanks } = await import(file); return cases.map(([takes, towns, steps]) =>"
        " takes.map((_, plot) => possibleRanks(plot, steps, takes, towns))); }",
        cases,
    )
    assert found == expected


def ranks_by_pairs(takes, towns, steps):
    """Best and worst rank of each plot: certainly above it, and possibly above it, one by one."""
    count = len(takes)
    ranks = [[count, 1] for _ in range(count)]
    for low, high, own_low, own_high in steps:
        for i in range(count):
            surely = possibly = 0
            for j in np.flatnonzero(takes):
                if j == i:
                    continue
                same = towns is not None and takes[i] and towns[i] == towns[j] >= 0
                a, b = (own_low, own_high) if same else (low, high)
                surely += int(a[j] > b[i])
                possibly += int(b[j] > a[i])
            ranks[i] = [min(ranks[i][0], surely + 1), max(ranks[i][1], possibly + 1)]
    return ranks


def assert_a_town_is_one_unknown_in_the_browser_too(page, plots, around):
    """A kader that counts the task of a municipality: the browser's ranks are the server's."""
    former = load_kader("azc", FORMER["2026-1"])
    weights = {"remaining_task": 60, "plot_area": 40}
    found_apart = []
    for method in (1, 2):
        kader = replace(former, method=method)
        measured = measure(plots, kader, around)
        towns = layers.municipalities()["name"]
        sent = matrix_payload(plots, measured, limit_flags(measured), towns, version="1", lang="nl")
        told = page.evaluate(
            "async ([sent, weights, name]) => { const file = (end) => performance"
            ".getEntriesByType('resource').find(({ name }) => name.endsWith(end)).name;"
            " const { unpack, bytesOf } = await import(file('/unpack.js'));"
            " const { engineOf } = await import(file('/engine.js'));"
            " const engine = engineOf(name); engine.ranksPast = true; engine.weights = weights;"
            " engine.take(await unpack(bytesOf(sent)));"
            " return engine.matrix.ids.map((_, i) => engine.rangeOf(i)); }",
            [
                base64.b64encode(sent).decode(),
                {key: weights.get(key, 0) / 100 for key in measured.criteria},
                f"kader of way {method}",
            ],
        )
        expected = rank_measured(measured, weights)
        assert np.array(told).T.tolist() == [
            expected.rank_best.tolist(),
            expected.rank_worst.tolist(),
        ]
        found_apart.append(told)
    assert found_apart[0] != found_apart[1]


def shares(page):
    """The shares of the groups together, each, and added up from what their criteria show."""
    return page.evaluate(
        "(() => { const n = (e) => parseInt(e.textContent), sum = (a) => a.reduce((x, y) => x + y, 0),"
        " g = [...document.querySelectorAll('.lw-segment b')].map(n); return [sum(g), g,"
        " [...document.querySelectorAll('.lw-drawer fieldset')].map((f) =>"
        " sum([...f.querySelectorAll('output')].map(n)))]; })()"
    )


def test_plots_are_put_by_and_compared(app, open_page):
    page, _ = open_app(open_page, app)
    map_frame(page)
    names = [row.locator(".lw-name").inner_text() for row in rows(page).all()[:2]]
    # what the browser keeps in the link stays there when the server writes its own
    rows(page).nth(2).locator(".lw-star").click()
    map_frame(page).evaluate(
        "void window.locatiewijzer.map.setView([52.1, 5.3], 11, {animate: false})"
    )
    for place in (0, 1):
        rows(page).nth(place).locator(".lw-plus:not(.lw-star)").click()
        still(page)
    page.wait_for_function("location.search.includes('basket=')")
    assert "fav=" in page.url and "view=52.1" in page.url
    page.locator(".lw-sort select").select_option("town")
    still(page)
    towns = [row.locator(".lw-where-text").inner_text() for row in rows(page).all()]
    assert len({t.split(" · ")[0] for t in towns}) > 1
    assert towns == sorted(towns, key=lambda t: t.split(" · ")[0])
    assert "fav=" in page.url and "view=52.1" in page.url and "order=town" in page.url
    page.locator(".st-key-explore-tray").get_by_role("button", name="Vergelijk").click()
    for name in names:
        page.get_by_text(name).first.wait_for()


def test_a_municipality_is_found_and_the_map_goes_there(app, open_page):
    page, _ = open_app(open_page, app)
    frame = map_frame(page)
    page.get_by_label("Zoek plek, gemeente of plaats").fill("Zeist")
    page.keyboard.press("Enter")
    page.locator(".st-key-explore-found").get_by_role("button", name="Zeist · gemeente").click()
    frame.wait_for_function("window.locatiewijzer.map.getZoom() >= 11")
    centre = frame.evaluate(
        "[window.locatiewijzer.map.getCenter().lat, window.locatiewijzer.map.getCenter().lng]"
    )
    assert centre == pytest.approx([52.09, 5.25], abs=0.05)


def test_every_kind_has_its_own_order(app, open_page):
    page, _ = open_page()
    names = example_plots()["name"]
    for kind in ("crisisnoodopvang", "oekraine", "statushouders", "amv", "gemengd"):
        page.goto(f"{app.url}/?kind={kind}")
        map_frame(page)
        best = names.iloc[rank(example_plots(), kind=kind).order()[0]]
        expect(rows(page).first).to_contain_text(best, use_inner_text=True)


def test_municipalities_are_shaded_by_choice_and_unknown_stays_unknown(app, open_page):
    page, _ = open_page()
    for shade in ("task", "realised", "gap", "inhabitants"):
        page.goto(f"{app.url}/?shade={shade}")
        frame = map_frame(page)
        note = frame.locator(".lw-under .lw-note", has=frame.locator(".lw-scale"))
        note.wait_for()
        if shade != "inhabitants":
            assert "niet" in note.inner_text() or "onbekend" in note.inner_text()


def test_everything_works_at_390_pixels_in_english(app, open_page):
    page, recorded = open_app(open_page, app, "/?lang=en&plot=voorbeeld-02", width=390, height=844)
    map_frame(page)
    open_sheet(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    text = page.locator(".lw-sheet").inner_text()
    assert "What speaks for it" in text and "Wat pleit" not in text
    picture(page, "verkennen-390-en")
    assert recorded.errors == []


def geojson(names=("Nieuwe plek",)):
    shapes = gpd.GeoSeries(
        [
            shapely.box(136_000 + 500 * i, 455_000, 136_120 + 500 * i, 455_090)
            for i in range(len(names))
        ],
        crs="EPSG:28992",
    )
    features = [
        {
            "type": "Feature",
            "properties": {"naam": n, "opmerking": n},
            "geometry": shapely.geometry.mapping(s),
        }
        for n, s in zip(names, to_wgs84(shapes))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def deliver(page, app, name, content):
    page.goto(app.url + "/aanleveren")
    page.locator('input[type="file"]').first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name=re.compile("Bevestig: bewaar")).wait_for()
    still(page)


def confirm(page):
    page.get_by_role("button", name=re.compile("Bevestig: bewaar")).click()
    page.get_by_text(re.compile("Bewaard: ")).wait_for()


def test_delivered_plots_are_listed_scored_and_there_after_a_restart(app, open_page, tmp_path):
    page, recorded = open_page()
    csv = (
        "naam;wkt;bvo\nGoed kantoor;"
        + shapely.box(134_000, 454_000, 134_090, 454_060).wkt
        + ";3500\nZonder vorm;;1\nVlinder;POLYGON((137000 455000,137100 455100,137100 455000,137000 455100,137000 455000));\n"
    )
    deliver(page, app, "plekken.csv", csv.encode())
    body = page.locator("body").inner_text()
    assert "1 gelezen, 1 gelezen met opmerkingen, 1 geweigerd" in body
    assert "RD New" in body
    picture(page, "aanleveren-1440")
    confirm(page)
    deliver(page, app, "boos.geojson", geojson([EVIL, "=cmd()"]))
    confirm(page)
    app.restart()
    page.goto(app.url + "/?q=Goed kantoor")
    expect(rows(page).first).to_contain_text("Goed kantoor", use_inner_text=True)
    rows(page).first.locator(".lw-cell").click()
    open_sheet(page)
    page.get_by_role("tab", name="Gegevens").click()
    page.locator(".lw-facts").get_by_text("bestaand gebouw").wait_for()
    # hostile text is shown, and nothing of it runs
    page.goto(app.url + "/?q=onerror")
    expect(rows(page).first).to_contain_text(EVIL, use_inner_text=True)
    rows(page).first.locator(".lw-cell").click()
    open_sheet(page)
    expect(page.locator(".lw-sheet h2")).to_contain_text(EVIL, use_inner_text=True)
    frame = map_frame(page)
    frame.locator(".leaflet-container").hover()
    page.wait_for_timeout(500)
    for part in page.frames:
        expect(part.locator("img[src='x']")).to_have_count(0)
    assert recorded.dialogs == [] and recorded.errors == [] and recorded.elsewhere == []


def test_a_geopackage_and_a_zipped_shapefile_are_read(app, open_page, tmp_path):
    page, _ = open_page()
    plots = gpd.GeoDataFrame(
        {"naam": ["G"]},
        geometry=[shapely.box(137_000, 452_000, 137_100, 452_100)],
        crs="EPSG:28992",
    )
    plots.to_file(tmp_path / "g.gpkg")
    deliver(page, app, "g.gpkg", (tmp_path / "g.gpkg").read_bytes())
    confirm(page)
    (tmp_path / "s").mkdir()
    to_wgs84(plots.translate(800, 0).to_frame("geometry")).to_file(tmp_path / "s" / "s.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in (tmp_path / "s").iterdir():
            archive.write(part, part.name)
    deliver(page, app, "s.zip", packed.getvalue())
    confirm(page)


def test_downloads_open_in_other_programs_and_say_what_the_screen_says(app, open_page, tmp_path):
    page, _ = open_app(open_page, app)
    map_frame(page)
    shown = rows(page).first.inner_text()
    page.get_by_text("Downloaden", exact=True).click()
    name, xlsx = download(page, "Ranglijst (Excel)")
    assert "vertrouwelijk" in name and name.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    sheet = book.worksheets[0]
    assert "vertrouwelijk" in str(sheet["A2"].value).lower()
    first = next(row for row in sheet.iter_rows(values_only=True) if row[0] == 1)
    assert first[1] in shown and str(round(first[3])) in shown
    name, gpkg = download(page, "Plekken met scores (GeoPackage)")
    path = tmp_path / "x.gpkg"
    path.write_bytes(gpkg)
    assert "vertrouwelijk" in name
    told = subprocess.run(
        ["ogrinfo", "-so", path, "locatiewijzer_plekken"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "score_low" in told and "Amersfoort / RD New" in told
    name, png = download(page, "Kaart 16:9 (PNG)")
    assert "vertrouwelijk" in name and png.startswith(b"\x89PNG") and len(png) > 100_000
    # for the public nothing confidential is in it
    page.get_by_role("radio", name="Openbaar").or_(
        page.get_by_role("button", name="Openbaar")
    ).first.click()
    still(page)
    name, xlsx = download(page, "Ranglijst (Excel)")
    assert "openbaar" in name
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    names = [row[1] for row in book.worksheets[0].iter_rows(min_row=7, values_only=True)]
    public = example_plots().query(
        "confidentiality == 'openbaar' and state not in ['afgevallen', 'gerealiseerd']"
    )["name"]
    assert set(public) <= set(names) and len([n for n in names if n]) == len(public)


def test_no_page_asks_anything_of_another_host(app, open_page):
    page, recorded = open_page()
    for path in ("/", "/aanleveren"):
        page.goto(app.url + path)
        still(page)
        picture(page, f"pagina{path.replace('/', '-')}")
    assert recorded.elsewhere == []
    assert recorded.errors == []


def test_examples_go_in_one_click_and_the_empty_page_says_what_to_do(app, open_page):
    page, _ = open_app(open_page, app)
    map_frame(page)
    page.get_by_role("button", name="Verwijder de voorbeelden").click()
    # it asks first
    page.get_by_role("dialog").get_by_role("button", name="Verwijder de voorbeelden").click()
    page.get_by_text("32 plekken zijn verzonnen").wait_for(state="hidden")
    still(page)
    assert not [t for t in rows(page).all_inner_texts() if "FICTIEF" in t]
    expect(page.get_by_role("button", name="Verwijder de voorbeelden")).to_have_count(0)


def test_markdown_of_a_file_loads_nothing_from_another_host(app, open_page):
    picture_ = "![x](http://evil.example/x.png)"
    page, recorded = open_page()
    shape = shapely.box(136_000, 453_000, 136_100, 453_100).wkt
    content = f"naam;{picture_};wkt\n{picture_};{picture_};{shape}\n".encode()
    page.goto(app.url + "/aanleveren")
    page.locator('input[type="file"]').first.set_input_files(
        {"name": f"{picture_.replace('/', '_')}.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_text("Welke kolom is wat?").click()
    confirm(page)
    for path in ("/?q=evil", "/aanleveren?way=log", "/vergelijken", "/uitvoer"):
        page.goto(app.url + path)
        still(page)
    assert recorded.elsewhere == []
    for part in page.frames:
        expect(part.locator("img[src*='evil']")).to_have_count(0)
