"""Make the user guide: ``make guide`` takes its pictures and writes it to ``docs``.

The pictures are of an app of its own with the made-up examples, without map tiles of others. The
words are those of the page Handleiding (``messages/*/guide.po``).
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from shapely.affinity import rotate, translate

from data.vocabulary import Confidentiality
from geo.crs import RD
from geo.examples import example_plots
from geo.places_layer import to_geojson
from messages import LANGUAGES, text
from scoring.own_layers import NETWORK
from store.access import LOCAL_USER
from store.database import open_store
from store.layers import enter_layer
from store.plots import change_plot, load_examples
from store.shares import make_share
from tests.browser.conftest import QUIET, App, chromium
from tests.browser.steps import WATCH_SOCKET, map_frame, open_sheet, still
from ui.guide import CHAPTERS, PICTURED, PICTURES, picture
from ui.shared import PARAMETER

DOCS = Path(__file__).parents[1] / "docs"
WIDE, PHONE = (1280, 800), (390, 780)
WALKED_FROM = "voorbeeld-02"
AT: Mapping[str, str] = {
    "explore": "/",
    "sheet": "/?plot=voorbeeld-02",
    "weights": "/",
    "walk": f"/?plot={WALKED_FROM}",
    "compare": "/vergelijken?plots=voorbeeld-02,voorbeeld-24,voorbeeld-14",
    "balance": "/balans",
    "outputs": "/uitvoer",
    "deliver": "/aanleveren",
    "secret": "/aanleveren?way=log",
}
QUALITY = 72
BLOCK_M, STREETS_M = 140.0, 2_100.0
"""Of the streets that are walked over: from one to the next, and how far they run from the plot."""


def drawer(page: Page, language: str) -> None:
    """Open the weights of each criterion."""
    page.get_by_role("button", name=text("explore.weights.criteria", language)).click()


def made_up_streets(folder: Path) -> None:
    """Load a network to walk over: streets around a plot, some of them in two parts."""
    middle = example_plots().geometry[WALKED_FROM].centroid
    at = np.arange(-STREETS_M, STREETS_M + 1, BLOCK_M)
    lines = []
    for place, offset in enumerate(at):
        # every third street stops at a crossing and begins again at another
        whole = [(-STREETS_M, STREETS_M)]
        cuts = whole if place % 3 else [(-STREETS_M, at[9]), (at[13], STREETS_M)]
        lines += [shapely.LineString([(a, offset), (b, offset)]) for a, b in cuts]
        lines += [shapely.LineString([(offset, a), (offset, b)]) for a, b in cuts]
    streets = shapely.node(shapely.MultiLineString(lines))
    turned = rotate(translate(streets, middle.x, middle.y), 24, origin=middle)
    shapes = gpd.GeoDataFrame(
        {"name": ["" for _ in turned.geoms]}, geometry=list(turned.geoms), crs=RD
    )
    store = open_store(f"sqlite:///{folder / 'test.sqlite'}")
    enter_layer(
        store, LOCAL_USER, kind=NETWORK, name="FICTIEF", source="FICTIEF", source_date="2026",
        complete=True, margin_m=STREETS_M, content=to_geojson(shapes), shapes=len(shapes),
    )  # fmt: skip
    store.close()


def walk(page: Page, _: str) -> None:
    """Ask how far one gets on foot, and wait until it is drawn."""
    frame = map_frame(page)
    open_sheet(page)
    frame.locator('.lw-button[title*="FICTIEF"]').click()
    frame.locator(".lw-walk").first.wait_for()


ALSO: Mapping[str, Callable[[Page, str], object]] = {
    "explore": lambda page, _: map_frame(page),
    "sheet": lambda page, _: (map_frame(page), open_sheet(page)),
    "weights": lambda page, language: (map_frame(page), drawer(page, language)),
    "walk": walk,
}


def shared_link(folder: Path) -> str:
    """Share two of the examples by a link; gives its secret."""
    store = open_store(f"sqlite:///{folder / 'test.sqlite'}")
    load_examples(store, LOCAL_USER, example_plots())
    shown = ["voorbeeld-02", "voorbeeld-24"]
    for plot_id in shown:
        change_plot(
            store, LOCAL_USER, plot_id, {"confidentiality": str(Confidentiality.OPENBAAR)},
            reason="handleiding",
        )  # fmt: skip
    secret = make_share(
        store, LOCAL_USER, name="Raad", kind="azc", plot_ids=shown,
        confidentiality=Confidentiality.OPENBAAR, days=14,
    )  # fmt: skip
    store.close()
    return secret


def take(page: Page, url: str, address: str, chapter: str, language: str) -> None:
    """Take the picture of a chapter."""
    page.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={language}")
    still(page)
    page.locator("h1").first.wait_for(state="attached")
    if chapter in ALSO:
        ALSO[chapter](page, language)
    page.wait_for_timeout(2500)
    still(page)
    drawn = Image.open(io.BytesIO(page.screenshot()))
    drawn.convert("RGB").save(picture(chapter, language), quality=QUALITY, method=6)


def written(language: str) -> str:
    """Give the guide in a language as Markdown."""
    lines = [f"# {text('guide.title', language)}", text("guide.intro", language)]
    told: set[str] = set()
    for reader, chapters in CHAPTERS.items():
        lines.append(f"## {text(f'guide.for.{reader}', language)}")
        for chapter in chapters:
            title = text(f"guide.{chapter}.title", language)
            if chapter in told:
                lines.append(f"Lees ook: {title}." if language == "nl" else f"See also: {title}.")
                continue
            told.add(chapter)
            lines += [f"### {title}", text(f"guide.{chapter}.text", language)]
            if chapter in PICTURED:
                at = f"../ui/pictures/{picture(chapter, language).name}"
                lines.append(f"![{text(f'guide.{chapter}.alt', language)}]({at})")
    return "\n\n".join([*lines, text("guide.made", language)]) + "\n"


def main() -> int:
    """Take all pictures and write both guides."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        secret = shared_link(folder)
        app = App(folder, extra={"LOCATIEWIJZER_PDOK": "off"})
        app.start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET])
            for language in LANGUAGES:
                page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
                page.add_init_script(WATCH_SOCKET)
                for chapter in PICTURED:
                    if chapter not in ("shared", "walk"):
                        take(page, app.url, AT[chapter], chapter, language)
                page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
                take(page, app.url, f"/?{PARAMETER}={secret}", "shared", language)
                page.close()
            # last: with a network the map has a button more
            made_up_streets(folder)
            for language in LANGUAGES:
                page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
                page.add_init_script(WATCH_SOCKET)
                take(page, app.url, AT["walk"], "walk", language)
                page.close()
            browser.close()
        finally:
            app.stop()
    for language, file in (("nl", "handleiding.md"), ("en", "guide.md")):
        (DOCS / file).write_text(written(language), encoding="utf-8")
    print(f"{PICTURES}: {sum(p.stat().st_size for p in PICTURES.iterdir()) / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
