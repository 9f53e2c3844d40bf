"""What the map draws, with real Leaflet and without the rest of the page: a part that is drawn anew
looks as when all is, whatever changed, and names lie where no plot is."""

import json
from pathlib import Path

import pytest

from tests.browser.steps import PATIENCE_MS
from ui.kept import BROWSER_FOLDER, leaflet_folder

pytestmark = pytest.mark.browser

ADDRESS = "http://localhost/map/"
PAGE = """<!doctype html><link rel="stylesheet" href="leaflet.css"><style>body { margin: 0 }
#map { width: 800px; height: 600px }</style><div id="map"></div><script src="leaflet.js"></script>"""
SETUP = """
async ({ count, zoom, seed }) => {
  const SOFT = 120;
  let state = seed;
  window.chance = () => { state = (state * 1664525 + 1013904223) >>> 0; return state / 4294967296; };
  const { plotLayer } = await import("./plots.js");
  window.map = L.map("map", { zoomAnimation: false, fadeAnimation: false }).setView([52.1, 5.2], zoom);
  // steps of a millionth of a degree, one shape after the other: many lie over each other
  const dx = [], dy = []; let lastX = 0, lastY = 0;
  const put = (x, y) => { dx.push(x - lastX); dy.push(y - lastY); lastX = x; lastY = y; };
  const px = 360e6 / (256 * 2 ** zoom);
  for (let i = 0; i < count; i++) {
    const x = Math.round(5.2e6 + (chance() - 0.5) * 760 * px), y = Math.round(52.1e6 + (chance() - 0.5) * 560 * px * 0.61);
    const wide = Math.round((2 + 38 * chance() ** 3) * px), tall = Math.round((2 + 28 * chance() ** 3) * px * 0.61);
    put(x, y); put(x + wide, y + Math.round(tall / 3)); put(x + Math.round(wide / 2), y + tall); put(x - Math.round(wide / 5), y + Math.round(tall / 2));
  }
  const ones = new Array(count).fill(1), ids = ones.map((_, i) => "p" + i);
  const head = { ramp: ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"], plots: { ids, version: 1, initial: 0 } };
  window.sites = plotLayer(map, head, [ones, ones, ones.map(() => 4), dx, dy], { send() {}, card() {}, gathered() {} });
  window.hide = (from) => { window.hiddenFrom = from; };
  window.hiddenFrom = count;
  window.codes = Uint8Array.from(ones, () => look());
  window.top10 = [];
  function look() { const k = Math.floor(5 * chance()); return k | (chance() < 0.3 && k < 4 ? 8 : 0) | (chance() < 0.1 ? 32 : 0); }
  window.change = (some) => {
    codes = codes.slice();
    for (let k = 0; k < some; k++) codes[Math.floor(chance() * Math.min(count, hiddenFrom))] = look();
    for (let i = hiddenFrom; i < count; i++) codes[i] |= 128;
    if (chance() < 0.4) top10 = Array.from({ length: 10 }, () => Math.floor(chance() * Math.min(count, hiddenFrom))).filter((i, k, all) => all.indexOf(i) === k);
  };
  window.paint = () => sites.paint(codes, { top: top10, ranks: top10.map((_, k) => k + 1), low: null });
  window.pixels = () => { const c = sites.layer._container; return c.getContext("2d").getImageData(0, 0, c.width, c.height).data; };
  window.anew = () => { sites.layer.painted = null; sites.layer.draw(); return pixels(); };
  // pixels that are another colour to the eye: an edge that is cut by what is drawn anew is softened a little otherwise
  window.differing = (a, b) => { let n = 0; for (let i = 0; i < a.length; i += 4) { const off = (k) => Math.abs(a[i + k] * a[i + 3] - b[i + k] * b[i + 3]) / 255; n += Math.max(off(0), off(1), off(2), Math.abs(a[i + 3] - b[i + 3])) > SOFT; } return n; };
  sites.layer.addTo(map);
  change(0); paint();
}"""


def drawn_map(open_page, **options):
    page, recorded = open_page(800, 600, **options.pop("context", {}))

    def served(route):
        name = route.request.url.removeprefix(ADDRESS)
        folder = leaflet_folder() if name.startswith("leaflet.") else BROWSER_FOLDER
        if not name:
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(path=Path(folder) / name)

    page.route(ADDRESS + "**", served)
    page.goto(ADDRESS)
    page.evaluate(SETUP, {"zoom": 13, "seed": 11, **options})
    return page, recorded


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_a_part_drawn_anew_is_the_same_as_the_whole(open_page, ratio):
    page, recorded = drawn_map(open_page, count=300, context={"device_scale_factor": ratio})
    found = page.evaluate("""() => {
      // who draws all is seen by a point of ink where nothing lies
      const parts = [], wrong = [], box = sites.layer._container, corner = () => box.getContext("2d").getImageData(0, 0, 1, 1).data[3];
      for (let turn = 0; turn < 60; turn++) {
        if (turn % 10 === 7) sites.select(Math.floor(chance() * 300), false);
        change(turn % 4);
        const c = box.getContext("2d"); c.save(); c.resetTransform(); c.fillRect(0, 0, 1, 1); c.restore();
        paint();
        if (corner()) parts.push(turn);
        c.save(); c.resetTransform(); c.clearRect(0, 0, 1, 1); c.restore();
        const partly = pixels(), whole = anew(), off = differing(partly, whole);
        if (off) wrong.push([turn, off]);
      }
      return { parts: parts.length, wrong };
    }""")
    assert found["wrong"] == []
    assert found["parts"] >= 30, "nothing was drawn in parts"
    assert not recorded.errors


def test_what_is_filtered_away_or_comes_back_is_drawn_as_if_all_were(open_page):
    page, _ = drawn_map(open_page, count=300)
    for hidden_from in (120, 300, 10, 151, 149, 299):
        wrong = page.evaluate(
            "(from) => { codes = codes.map((k) => k & 127); hide(from); change(1); paint();"
            " const partly = pixels(); return differing(partly, anew()); }",
            hidden_from,
        )
        assert wrong == 0, hidden_from


def test_of_very_many_shapes_the_changed_ones_are_seen_at_once_and_all_when_it_rests(open_page):
    page, _ = drawn_map(open_page, count=700)
    seen = page.evaluate("""async () => {
      await new Promise((rest) => setTimeout(rest, 400));
      const large = sites.layer.span, of = [];
      for (let i = 0; i < 700; i++) if (large(i) > 25) of.push(i);
      // one that nothing lies over: then its colour is seen in its middle
      const shown = of[of.length - 1];
      const c = sites.layer._container.getContext("2d"), at = () => { const [x, y] = sites.pointOf("p" + shown); return [...c.getImageData(x + 80, y + 60, 1, 1).data]; };
      const colours = [];
      for (const k of [0, 4, 2]) { codes = codes.slice(); codes[shown] = k; top10 = []; paint(); colours.push(at()); }
      await new Promise((rest) => setTimeout(rest, 500));
      const rested = pixels();
      return { colours, after: differing(rested, anew()) };
    }""")
    assert len({json.dumps(colour) for colour in seen["colours"]}) == 3
    assert seen["after"] == 0


def test_names_are_written_where_no_plot_lies_and_under_the_plots(open_page):
    page, recorded = drawn_map(open_page, count=60)
    over = page.evaluate("""async () => {
      const { naming } = await import("./ground.js"), { StillShapes } = await import("./canvas.js");
      const nature = Array.from({ length: 400 }, (_, k) => { const { lat, lng } = map.containerPointToLatLng([800 * chance(), 600 * chance()]); return { name: "Bos " + k, lat, lon: lng }; });
      const shapes = new StillShapes({ padding: 0.1 });
      shapes.name(naming(map, { places: [], nature }, [], sites.occupied, false));
      shapes.addTo(map); shapes.again();
      await new Promise((rest) => setTimeout(rest, 100));
      const paper = new OffscreenCanvas(shapes._container.width, shapes._container.height), c = paper.getContext("2d");
      c.drawImage(shapes._container, 0, 0);
      const names = c.getImageData(0, 0, paper.width, paper.height).data, plots = pixels();
      let written = 0, both = 0;
      // the halo of a letter may touch what lies by a plot: an opaque pixel of either counts
      for (let i = 3; i < names.length; i += 4) { written += names[i] > 250; both += names[i] > 250 && plots[i] > 250; }
      const above = (pane) => Number(getComputedStyle(map.getPane(pane)).zIndex);
      return { written, both, size: [paper.width, sites.layer._container.width], order: [above("lw-plots"), above("overlayPane")] };
    }""")
    assert over["size"][0] == over["size"][1]
    assert over["written"] > 5_000
    assert over["both"] < over["written"] / 500  # what leans over the edge of a letter
    assert over["order"][0] > over["order"][1]
    assert not recorded.errors


def test_shapes_on_the_still_canvas_answer_the_pointer(open_page):
    page, recorded = drawn_map(open_page, count=1)
    page.evaluate("""async () => {
      const { StillShapes } = await import("./canvas.js");
      const renderer = new StillShapes({ padding: 0.1 });
      window.entered = 0;
      const at = (x, y) => map.containerPointToLatLng([x, y]);
      window.area = L.polygon([at(100, 100), at(300, 100), at(300, 300), at(100, 300)], { renderer, color: "#f00", fillOpacity: 1 });
      area.on("mouseover", () => entered++).addTo(map);
      renderer.lay((c, { min, max }) => { c.fillStyle = "#00ff00"; c.fillRect(min.x, min.y, max.x - min.x, max.y - min.y); c.fillStyle = "#ffff00"; c.fillRect(600, min.y, max.x - 600, max.y - min.y); });
      window.seen = (x, y) => { const c = new OffscreenCanvas(renderer._container.width, renderer._container.height).getContext("2d"); c.drawImage(renderer._container, 0, 0); return [...c.getImageData(x + 80, y + 60, 1, 1).data]; };
    }""")
    page.wait_for_function("seen(200, 200)[0] === 255", timeout=PATIENCE_MS)
    green, yellow = [0, 255, 0, 255], [255, 255, 0, 255]
    assert [page.evaluate(f"seen({x}, 200)") for x in (500, 700)] == [green, yellow]
    page.mouse.move(500, 200)
    assert page.evaluate("entered") == 0
    page.wait_for_timeout(100)  # Leaflet looks at the pointer once in 32 ms
    page.mouse.move(200, 200)
    page.wait_for_function("entered === 1", timeout=PATIENCE_MS)
    # it follows its style, and moves with the map
    page.evaluate("area.setStyle({ fillColor: '#0000ff' })")
    page.wait_for_function("seen(200, 200)[2] === 255", timeout=PATIENCE_MS)
    page.evaluate("map.panBy([150, 0], { animate: false })")
    page.wait_for_function(
        "seen(200, 200)[1] === 255 && seen(60, 200)[2] === 255", timeout=PATIENCE_MS
    )
    assert [page.evaluate(f"seen({x}, 200)") for x in (400, 500)] == [green, yellow]
    page.evaluate("area.remove()")
    page.wait_for_function("seen(60, 200)[1] === 255", timeout=PATIENCE_MS)
    assert not recorded.errors


@pytest.mark.parametrize("missing", [False, True])
def test_the_ground_is_left_out_only_where_tiles_cover_all_of_it(open_page, missing):
    page, _ = drawn_map(open_page, count=1)
    asked = []

    def tile(route):
        asked.append(route.request.url)
        if missing and len(asked) == 3:
            route.abort()
        else:
            route.fulfill(body=one_pixel, content_type="image/png")

    one_pixel = page.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1})
    page.route(ADDRESS + "tiles/**", tile)
    page.evaluate(
        """async (base) => {
      const [{ tiles }, { drawGround }, { StillShapes }] = await Promise.all(["./layers.js", "./ground.js", "./canvas.js"].map((name) => import(name)));
      const land = [[[[[52.0, 5.1], [52.0, 5.3], [52.2, 5.3], [52.2, 5.1]]]]], none = [], shapes = new StillShapes({ padding: 0.1 });
      shapes.addTo(map);
      window.bed = drawGround(map, { built_up: none, nature_areas: none, water_areas: none, waterways: none, railways: none, ranks: none }, land, shapes);
      bed.underTiles(false, false);
      window.said = [];
      window.bases = tiles(map, { tiles: [{ url: base + "tiles/{z}/{x}/{y}.png", attribution: "", max_zoom: 19, name: "tiles" }], texts: { no_background: "none", close: "x", tiles_unreachable: "" } },
        { onShown: (...now) => { said.push(now); bed.underTiles(...now); } });
      window.ground = () => { const all = [...document.querySelectorAll(".leaflet-lw-ground-pane canvas")]; return all.length && all[0].offsetWidth ? "apart" : all.length ? "covered" : shapes.ground ? "with the shapes" : "none"; };
      window.firstGround = ground();
    }""",
        ADDRESS,
    )
    page.wait_for_function(
        "map && said.length > 1 && !bases.tiles.isLoading()", timeout=PATIENCE_MS
    )
    page.wait_for_timeout(600)
    assert page.evaluate("firstGround") == "with the shapes"
    assert page.evaluate("ground()") == ("apart" if missing else "covered")
    assert page.evaluate("said.map(String)")[-1] == ("true,false" if missing else "true,true")
    # where there are no tiles any more it lies under the shapes again
    page.evaluate("bases.tiles.remove(); bases.none.addTo(map)")
    page.wait_for_timeout(600)
    assert page.evaluate("ground()") == "with the shapes"
