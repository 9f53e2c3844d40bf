"""Take a picture of every page at three widths in both languages: ``make pictures``.

Pictures go to ``build/pictures``. Each page is looked at by axe-core on the way; then all that can
be opened on it is, in Dutch on a wide screen and in English on a telephone, and looked at by
axe-core and for words of the other language. What is found, and every page that is wider than its
window, is told at the end and makes the command fail. With ``pages`` as argument nothing is opened,
with ``openings`` no picture is taken.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from geo import layers
from tests.browser.conftest import QUIET, App, chromium
from tests.browser.openings import OVERLAY, openings
from tests.browser.steps import WATCH_SOCKET, still
from tests.browser.test_for_everybody import (
    DUTCH,
    ENGLISH,
    PAGES,
    in_the_wrong_language,
    violations,
)

OUTPUT = Path(__file__).parents[1] / "build" / "pictures"
SIZES = ((1440, 900), (1024, 768), (390, 844))
WITHIN = {
    "popover": '[data-testid="stPopoverBody"]',
    **dict.fromkeys(("list", "nothing", "calendar"), OVERLAY),
}
TALLEST = 6000
# Streamlit scrolls within the page; a picture of the whole needs a window that is as high.
WHOLE = """() => Math.ceil(document.querySelector('[data-testid="stMain"]').scrollHeight)"""


def look(page: Page, address: str, path: str, language: str) -> list[str]:
    """Take the pictures of a page in a language; gives what is wrong with it."""
    wrong = []
    name = re.sub(r"\W+", "-", path.split("plots=")[0]).strip("-") or "verkennen"
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        still(page)
        page.wait_for_timeout(700)
        whole = page.evaluate(WHOLE)
        if whole > height and page.locator(".st-key-explore-map").count() == 0:
            page.set_viewport_size({"width": width, "height": min(whole, TALLEST)})
            still(page)
            page.wait_for_timeout(700)
        page.screenshot(path=OUTPUT / f"{name}-{width}-{language}.png")
        wrong += [f"{name} {width} {language}: {found}" for found in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name} {width} {language}: wider than the window")
    return wrong


def opened(page: Page, address: str, path: str, language: str) -> list[str]:
    """Open all that a page can open; gives what is wrong with it."""
    wrong: dict[str, None] = {}
    width, height = SIZES[0] if language == "nl" else SIZES[-1]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
    still(page)
    others = ENGLISH if language == "nl" else DUTCH
    # lists show names of places, which are in no language
    names = {*layers.municipalities()["name"], *layers.reception_locations()["name"]}
    seen = []
    for state in openings(page, most=12):
        seen.append(state)
        for words in set(in_the_wrong_language(page, others)) - names:
            if language == "nl" or not path.startswith(("/praktijk", "/kader")):
                wrong[f"{path} {language} {state}: says {words[:80]!r}"] = None
        # what was opened: the page behind it was looked at before, and is scrolled now
        for rule, target, _ in violations(page, WITHIN.get(state.split()[0], "")):
            wrong[f"{path} {language} {state}: {rule} {target}"] = None
    print(f"{path} {language}: {len(seen)} things opened", flush=True)
    return list(wrong)


def main() -> int:
    """Take all pictures; gives 1 when something was found."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = App(Path(folder))
        app.start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET])
            page = browser.new_page()
            page.add_init_script(WATCH_SOCKET)
            page.route("**://service.pdok.nl/**", lambda route: route.abort())
            for path in ("/", *PAGES):
                for language in ("nl", "en"):
                    if sys.argv[1:] != ["openings"]:
                        wrong += look(page, app.url, path, language)
                    if sys.argv[1:] != ["pages"]:
                        wrong += opened(page, app.url, path, language)
            browser.close()
        finally:
            app.stop()
    print("\n".join(wrong) or f"{OUTPUT}: nothing found")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
