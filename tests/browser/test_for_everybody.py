"""Every page can be used by everybody: WCAG by axe-core, one language a page, keys, small screens."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.steps import list_rows, map_frame, open_sheet, still

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/?plot=voorbeeld-02",
    "/aanleveren",
    "/vergelijken?plots=voorbeeld-02,voorbeeld-24,voorbeeld-14",
    "/balans",
    "/balans?part=puzzle",
    "/kader?kind=azc",
    "/uitvoer",
    "/verhaal",
    "/praktijk",
    "/beheer",
    "/handleiding",
    "/toegankelijkheid",
)

# What is seen or read aloud: text nodes and the attributes that name things, in every frame. Cells
# of tables hold packaged facts and names, in the language of their source.
_READ = """() => {
  const found = new Set(), names = ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'];
  document.querySelectorAll('body *').forEach((e) => {
    if (e.closest('script, style, noscript, textarea, canvas td, [data-testid="stIconMaterial"], [data-testid="stExpanderIcon"]')) return;
    names.forEach((name) => { if (e.getAttribute(name)) found.add(e.getAttribute(name).trim()); });
    e.childNodes.forEach((n) => { if (n.nodeType === 3 && n.data.trim()) found.add(n.data.trim()); });
  });
  return [...found, document.title];
}"""

# Words that are in one language only; names of people's plots and titles of sources are left out.
ENGLISH = {
    "the",
    "and",
    "choose",
    "select",
    "options",
    "drag",
    "drop",
    "browse",
    "press",
    "apply",
    "hide",
    "columns",
    "close",
    "clear",
    "loading",
    "results",
    "add",
    "remove",
    "upload",
    "search",
    "next",
    "previous",
    "fullscreen",
    "increment",
    "decrement",
    "empty",
    "day",
    "month",
    "year",
    "number",
    "allowed",
    "range",
    "file",
    "files",
    "heading",
    "main",
    "skip",
    "sort",
    "ascending",
    "descending",
    "running",
    "chart",
    "spec",
    "source",
    "value",
    "values",
    "selected",
    "enable",
    "your",
    "you",
    "with",
    "for",
    "all",
    "image",
    "titled",
    "axis",
    "show",
    "site",
    "sites",
}
DUTCH = {
    "de",
    "het",
    "een",
    "en",
    "van",
    "voor",
    "niet",
    "kies",
    "wis",
    "zoek",
    "toon",
    "uitleg",
    "bestand",
    "plek",
    "plekken",
    "gemeente",
    "gemeenten",
    "alle",
    "haal",
    "voeg",
    "leeg",
    "dag",
    "maand",
    "jaar",
    "asielzoekerscentrum",
    "geschikt",
    "bekend",
}
_SOURCES = re.compile(r"^(NL|EN)$|^Weight: |CBS|\.nl\b|rechtbank|FICTIEF|GeoNames|ECLI", re.I)


def said(page):
    """Every text of the page that is not a user's, nor the title of a source."""
    words = {text for frame in page.frames for text in frame.evaluate(_READ)}
    return [text for text in words if not _SOURCES.search(text)]


def in_the_wrong_language(page, wrong):
    """Texts with two words of the other language, or with one that is all that is said."""
    found = []
    for text in said(page):
        words = re.findall(r"[a-zé]+", text.lower())
        if len(set(words) & wrong) > (1 if len(words) > 3 else 0):
            found.append(text)
    return found


def violations(page):
    """What axe-core finds and keeps finding: a page that fades in is asked again."""
    for _ in range(8):
        found = found_by_axe(page)
        if not found:
            break
        page.wait_for_timeout(700)
    return found


def found_by_axe(page):
    for frame in page.frames:
        frame.evaluate(AXE)
    found = page.evaluate(
        "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES
    )
    return [
        (rule["id"], node["target"], node["html"][:160])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def shown(page, app, path, language):
    page.goto(app.url + path + ("&" if "?" in path else "?") + f"lang={language}")
    page.locator(f'html[lang="{language}"]').wait_for(state="attached")
    still(page)


@pytest.mark.parametrize(
    ("language", "width", "wrong"), [("nl", 1440, ENGLISH), ("en", 390, DUTCH)]
)
def test_every_page_is_accessible_and_speaks_one_language(app, open_page, language, width, wrong):
    """The other two of the four (Dutch small, English large) are looked at by `make pictures`."""
    page, recorded = open_page(width=width, height=850)
    for path in PAGES:
        shown(page, app, path, language)
        assert violations(page) == [], path
        # own experience, sources and the criteria as text are in the language they were written in
        if language == "nl" or path not in ("/praktijk", "/kader?kind=azc"):
            assert in_the_wrong_language(page, wrong) == [], path
        if language == "nl":
            told = [t for t in said(page) if re.search(r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])", t)]
            assert told == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert recorded.errors == []


def test_popovers_and_dialogs_are_accessible_in_dutch(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/", "nl")
    map_frame(page)
    list_rows(page)
    for name in ("Filter", "Kaart", "Legenda"):
        page.get_by_role("button", name=name).first.click()
        page.locator('[data-testid="stPopoverBody"]').wait_for()
        assert violations(page) == [], name
        assert in_the_wrong_language(page, ENGLISH) == [], name
        page.keyboard.press("Escape")
        page.locator('[data-testid="stPopoverBody"]').wait_for(state="hidden")
    page.get_by_role("button", name="Per criterium").click()
    assert violations(page) == []
    page.locator(".lw-drawer .lw-close").click()
    page.get_by_role("button", name="Verwijder de voorbeelden").click()
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []
    assert in_the_wrong_language(page, ENGLISH) == []


def test_after_a_switch_nothing_stays_in_the_other_language(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/", "nl")
    list_rows(page)
    page.get_by_role("radio", name="EN").or_(page.get_by_role("button", name="EN")).first.click()
    page.locator('html[lang="en"]').wait_for(state="attached")
    still(page)
    map_frame(page)
    assert in_the_wrong_language(page, DUTCH) == []
    kind = page.get_by_role("combobox", name="Kind of reception")
    expect(kind).to_be_visible()
    assert "Asielzoekerscentrum" not in page.locator(".st-key-explore-kind").inner_text()
    page.get_by_role("radio", name="NL").or_(page.get_by_role("button", name="NL")).first.click()
    page.locator('html[lang="nl"]').wait_for(state="attached")
    still(page)
    assert in_the_wrong_language(page, ENGLISH) == []


def test_the_list_is_one_tab_stop_and_opens_by_keys(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/", "nl")
    first, second = list_rows(page).all()[:2]
    name = second.locator(".lw-name").inner_text()
    assert page.locator(".lw-list").evaluate(
        "(list) => [list, ...list.querySelectorAll('*')].filter((e) => e.tabIndex >= 0).length"
    ) == 1  # fmt: skip
    page.locator(".lw-list").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(open_sheet(page).locator("h2")).to_have_text(name)
    assert first.is_hidden()


@pytest.mark.parametrize("path", ["/", "/balans"])
def test_320_pixels_and_reduced_motion(app, open_page, path):
    page, _ = open_page(width=320, height=640, reduced_motion="reduce")
    shown(page, app, path, "nl")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    moving = page.evaluate(
        "[...document.querySelectorAll('.lw-row')].map((e) => getComputedStyle(e).transitionDuration)"
    )
    assert set(moving) <= {"0s"}
    small = page.evaluate(
        "[...document.querySelectorAll('.lw-panel button, .lw-weights button, .lw-panel select')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.className, ...['width', 'height']"
        ".map((k) => e.getBoundingClientRect()[k])])"
        ".filter(([name, w, h]) => name !== 'lw-grip' && (w < 24 || h < 24))"
    )
    assert small == []


def test_the_histogram_is_a_filter_that_moves_with_the_weights_and_stays_in_the_link(
    app, open_page
):
    page, recorded = open_page(height=900)
    shown(page, app, "/", "nl")
    frame = map_frame(page)
    list_rows(page)
    frame.evaluate(
        "(() => { const s = window.locatiewijzer.sites, old = s.paint;"
        " s.paint = function (c, ...r) { window.lastCodes = c; return old.call(this, c, ...r); }; })()"
    )
    page.get_by_label("Score ten minste").focus()
    sent = page.evaluate("window.lwAsked")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Score 75 tot 100")).to_be_visible()
    kept = page.evaluate(
        "(() => { const e = window.locatiewijzerEngine; return [...e.list].map((i) => (e.low[i] + e.high[i]) / 2); })()"
    )
    assert 0 < len(kept) < 30 and min(kept) >= 75
    expect(page.get_by_text(f"{len(kept)} van 32 plekken")).to_be_visible()
    assert page.evaluate("window.lwAsked") == sent  # all of it in the browser
    assert "score=75-100" in page.url
    # what the list leaves out, the map does not show
    frame.wait_for_function(
        f"[...window.lastCodes].filter((c) => !(c & 128)).length === {len(kept)}"
    )
    page.reload()
    still(page)
    expect(page.get_by_text(f"{len(kept)} van 32 plekken")).to_be_visible()
    page.get_by_role("button", name="Wis (1)").click()
    expect(page.get_by_text("30 van 32 plekken")).to_be_visible()
    assert "score=" not in page.url
    page.get_by_label("Alleen wat in beeld is").check()
    frame = map_frame(page)
    frame.evaluate("void window.locatiewijzer.map.setView([52.155, 5.39], 13, {animate: false})")
    page.wait_for_function("window.locatiewijzerEngine.list.length < 6")
    assert recorded.errors == []


def test_the_opening_has_three_doors_and_a_tour_that_can_be_walked_again(app, open_page):
    page, recorded = open_page(width=390, height=844)
    shown(page, app, "/", "nl")
    opening = page.locator(".lw-welcome")
    expect(opening).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Ik kreeg een link").click()
    expect(page.get_by_text("Open de link in deze browser")).to_be_visible()
    page.get_by_role("button", name="Rondleiding in vier stappen").click()
    for step in (1, 2, 3, 4):
        expect(page.get_by_role("dialog")).to_contain_text(f"Stap {step} van 4")
        expect(page.locator(".lw-toured")).to_have_count(1)
        page.get_by_role("dialog").get_by_role("button").nth(1).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    list_rows(page)
    expect(opening).to_be_hidden()  # who was welcomed is not stopped again
    page.get_by_role("button", name="Uitleg en rondleiding").click()
    page.get_by_role("button", name="Ik lever een plek aan").click()
    page.wait_for_url("**/aanleveren*")
    page.get_by_role("heading", name="Aanleveren").wait_for()
    assert recorded.errors == []
