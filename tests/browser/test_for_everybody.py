"""Every page can be used by everybody: WCAG by axe-core, one language a page, keys, small screens."""

import datetime as dt
import re
import subprocess
from pathlib import Path

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.openings import OVERLAY, openings, unfold
from tests.browser.steps import drawn_map, list_rows, map_frame, open_sheet, still

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
    if (e.closest('script, style, noscript, textarea, canvas td, body [lang], [data-testid="stIconMaterial"], [data-testid="stExpanderIcon"]')) return;
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
    "january",
    "february",
    "march",
    "may",
    "june",
    "july",
    "august",
    "october",
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


def violations(page, within=""):
    """What axe-core finds and keeps finding: a page that fades in is asked again.

    ``within`` selects the part to look at, where that is there.
    """
    for _ in range(8):
        found = found_by_axe(page, within)
        if not found:
            break
        page.wait_for_timeout(700)
    return found


def found_by_axe(page, within=""):
    for frame in page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE)
    found = page.evaluate(
        "([tags, within]) => axe.run(within && document.querySelector(within) ? within : document,"
        " {runOnly: tags, resultTypes: ['violations']})",
        [RULES, within],
    )
    return [
        (rule["id"], node["target"], node["html"][:160])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def shown(page, app, path, language):
    page.goto(app.url + path + ("&" if "?" in path else "?") + f"lang={language}")
    page.locator(f'html[data-words="{language}"]').wait_for(state="attached")
    still(page)


@pytest.mark.parametrize(
    ("language", "widths", "wrong"), [("nl", (1440, 1024), ENGLISH), ("en", (390,), DUTCH)]
)
def test_every_page_is_accessible_speaks_one_language_and_cuts_nothing(
    app, open_page, language, widths, wrong
):
    """The other two of the four (Dutch small, English large) are looked at by `make pictures`."""
    page, recorded = open_page(width=widths[0], height=900)
    page.add_init_script(GRID)
    for path in PAGES:
        shown(page, app, path, language)
        assert violations(page) == [], path
        # own experience, sources and the criteria as text are in the language they were written in
        if language == "nl" or path not in ("/praktijk", "/kader?kind=azc"):
            assert in_the_wrong_language(page, wrong) == [], path
        if language == "nl":
            told = [
                t
                for t in said(page)
                if "WCAG" not in t and re.search(r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])", t)
            ]
            assert told == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= widths[0], path
        # tables and choices are whole and targets large enough, folded open and at each width
        unfold(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(250)
            page.evaluate("window.lwDrawn && window.lwDrawn.clear()")
            assert cut(page) == [], (path, width)
            assert page.evaluate(_SMALL) == [], (path, width)
        page.set_viewport_size({"width": widths[0], "height": 900})
    assert recorded.errors == []


def test_popovers_and_dialogs_are_accessible(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/", "nl")
    map_frame(page)
    list_rows(page)
    for name in ("Filter", "Kaart", "Legenda"):
        page.get_by_role("button", name=name).first.click()
        page.locator('[data-testid="stPopoverBody"]').wait_for()
        assert violations(page) == [], name
        assert in_the_wrong_language(page, ENGLISH) == [], name
        if name == "Filter":
            # by keys one goes from the button into the popover and back, not through the whole page
            page.keyboard.press("Tab")
            expect(page.locator('[data-testid="stPopoverBody"] :focus')).to_have_count(1)
            page.keyboard.press("Shift+Tab")
            expect(page.get_by_role("button", name=name).first).to_be_focused()
            # and who opened a list by mouse goes on to the next field
            fields = page.locator(
                '[data-testid="stPopoverBody"] [data-testid="stMultiSelect"] input'
            )
            fields.first.click()
            page.locator(OVERLAY).first.wait_for()
            page.keyboard.press("Escape")
            page.locator(OVERLAY).first.wait_for(state="detached")
            page.keyboard.press("Tab")
            expect(fields.nth(1)).to_be_focused()
        page.keyboard.press("Escape")
        page.locator('[data-testid="stPopoverBody"]').wait_for(state="hidden")
    page.get_by_role("button", name="Per criterium").click()
    assert violations(page) == []
    page.locator(".lw-drawer .lw-close").click()
    page.get_by_role("button", name="Verwijder de voorbeelden").click()
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []
    assert in_the_wrong_language(page, ENGLISH) == []
    # on a telephone, in English; and the fields of a plot with their days
    page.set_viewport_size({"width": 390, "height": 844})
    shown(page, app, "/", "en")
    list_rows(page)
    page.get_by_role("button", name="Legend").click()
    page.locator('[data-testid="stPopoverBody"]').wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator('[data-testid="stPopoverBody"]').wait_for(state="hidden")
    page.get_by_role("button", name="By criterion").click()
    assert violations(page) == [] and in_the_wrong_language(page, DUTCH) == []
    shown(page, app, "/?plot=voorbeeld-02", "nl")
    open_sheet(page)
    page.locator(".lw-sheet .lw-do", has_text="Wijzig").click()
    page.get_by_role("dialog").get_by_text("Beschikbaar vanaf").wait_for()
    still(page)
    assert violations(page) == [] and in_the_wrong_language(page, ENGLISH) == []


def test_after_a_switch_nothing_stays_in_the_other_language(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/", "nl")
    list_rows(page)
    page.get_by_role("radio", name="EN").or_(page.get_by_role("button", name="EN")).first.click()
    page.locator('html[lang="en"][data-words="en"]').wait_for(state="attached")
    still(page)
    map_frame(page)
    assert in_the_wrong_language(page, DUTCH) == []
    kind = page.get_by_role("combobox", name="Kind of reception")
    expect(kind).to_be_visible()
    assert "Asielzoekerscentrum" not in page.locator(".st-key-explore-kind").inner_text()
    page.get_by_role("radio", name="NL").or_(page.get_by_role("button", name="NL")).first.click()
    page.locator('html[lang="nl"][data-words="nl"]').wait_for(state="attached")
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
    # so are the symbols of the map, and what it shows is chosen by keys
    frame = map_frame(page)
    stops = "[...document.querySelectorAll('.lw-symbol')].filter((e) => e.checkVisibility() && e.tabIndex >= 0)"
    frame.wait_for_function(f"{stops}.length === 1")
    frame.evaluate(f"{stops}[0].focus()")
    one = frame.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert frame.evaluate("document.activeElement.getAttribute('aria-label')") not in (None, one)
    frame.locator(".leaflet-control-layers-toggle").focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_label("Bestaande opvang: gepland")).to_be_checked()
    page.keyboard.press("Escape")
    expect(frame.get_by_label("Bestaande opvang: gepland")).to_be_hidden()
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
    frame.evaluate("void window.locatiewijzer.map.setView([52.06, 5.13], 12, {animate: false})")
    page.wait_for_function("window.locatiewijzerEngine.list.length < 15")
    page.wait_for_timeout(250)
    # a plot has one number: that of the list is on the map, however the list was narrowed
    numbers = page.evaluate(
        "[...document.querySelectorAll('.lw-row:not([hidden])')].slice(0, 6).map((r) =>"
        " [r.querySelector('.lw-cell').id.slice(7), Number(r.querySelector('svg text').textContent)])"
    )
    assert [rank for _, rank in numbers] != list(range(1, 7))
    for plot, rank in numbers:
        frame.wait_for_function(f"window.locatiewijzer.sites.rankOf({plot!r}) === {rank}")
    # what is chosen stays on the map, and its sheet says that the list leaves it out
    shown(page, app, "/?plot=voorbeeld-16&score=95-100", "nl")
    expect(page.get_by_text("niet in de lijst: valt buiten het filter")).to_be_visible()
    map_frame(page).wait_for_function(
        "[...document.querySelectorAll('.leaflet-lw-plots-pane canvas, .leaflet-pane canvas')].some((c) => {"
        " const copy = new OffscreenCanvas(c.width, c.height).getContext('2d'); copy.drawImage(c, 0, 0);"
        " const d = copy.getImageData(0, 0, c.width, c.height).data;"
        " for (let i = 0; i < d.length; i += 4) if (d[i] === 212 && !d[i + 1] && d[i + 2] === 106) return true;"
        " return false; })"
    )
    assert recorded.errors == []


def test_the_opening_has_three_doors_and_a_tour_that_can_be_walked_again(app, open_page):
    page, recorded = open_page(width=390, height=844)
    shown(page, app, "/", "nl")
    opening = page.locator(".lw-welcome")
    expect(opening).to_be_visible()
    assert violations(page) == []
    list_rows(page)
    assert page.evaluate(_SHORTENED) == []
    # the names of what weighs are whole as well where it weighs little, and lie beside each other
    page.locator(".lw-grip").nth(1).focus()
    for _ in range(18):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Uw eigen weging")).to_be_visible()
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(250)
        assert page.evaluate(_SHORTENED) == []
        bar, *names = page.evaluate(_WEIGHED)
        assert [text.split()[0] for text, *_ in names] == ["omvang", "voorzieningen", "integratie"]
        edges = [bar[0], *(edge for _, left, right in names for edge in (left, right)), bar[1]]
        assert edges == sorted(edges)
    page.get_by_role("button", name="Terug naar het kader").click()
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


# Texts of tables that are not whole: wider than their cell, or past the edge of what scrolls them.
_CUT = """() => [...document.querySelectorAll('.lw-table :is(td, th), .lw-compare :is(td, th), [data-testid="stTable"] :is(td, th), .lw-facts li, .lw-cards p')]
  .filter((e) => e.checkVisibility()).filter((e) => {
    const range = document.createRange(); range.selectNodeContents(e);
    const text = range.getBoundingClientRect(), part = e.closest('.lw-table-part, .lw-wide-table');
    const edge = part ? part.getBoundingClientRect().right : innerWidth;
    return e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 || text.right > edge + 1;
  }).map((e) => e.innerText.slice(0, 60))"""

# Words of a table that are broken over two lines, where no hyphen says so.
_BROKEN = """() => [...document.querySelectorAll('.lw-table :is(td, th), .lw-compare :is(td, th)')]
  .filter((e) => e.checkVisibility()).flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3).flatMap((n) =>
    [...n.data.matchAll(/[\\p{L}]{2,24}/gu)].filter((word) => {
      const range = document.createRange(); range.setStart(n, word.index); range.setEnd(n, word.index + word[0].length);
      return new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1;
    }).map((word) => word[0])))"""

# A choice that shows less than its words.
_CUT_CHOICES = """() => [...document.querySelectorAll('[data-testid="stSelectbox"] input, [data-testid="stMetricValue"] *, [data-testid="stButtonGroup"] :has(> button)')]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map((e) => e.value || e.innerText)"""

# Words of the bar and the list that end in dots.
_SHORTENED = """() => [...document.querySelectorAll('.lw-badge, .lw-name, .lw-below')]
  .filter((e) => e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2))
  .map((e) => e.innerText)"""

# The bar of the weights and the names above it: what each says, and from where to where.
_WEIGHED = """() => {
  const ends = (e) => { const r = document.createRange(); r.selectNodeContents(e); const b = r.getBoundingClientRect(); return [Math.round(b.left), Math.round(b.right)]; };
  const { left, right } = document.querySelector('.lw-split').getBoundingClientRect();
  return [[Math.floor(left), Math.ceil(right)], ...[...document.querySelectorAll('.lw-share')].filter((e) => e.checkVisibility()).map((e) => [e.innerText, ...ends(e)])];
}"""

_SMALL = """() => [...document.querySelectorAll('button, [role=button], [role=tab], [role=radio], input:is([type=checkbox], [type=radio]), summary')]
  .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest('[aria-hidden=true], canvas, [data-testid="stTooltipHoverTarget"]'))
  .map((e) => [e, (e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, r]) => r.width > 1 && r.height > 1 && (r.width < 23.5 || r.height < 23.5) && e.className !== 'lw-grip')
  .map(([e, r]) => `${e.tagName} ${e.getAttribute('aria-label') || e.innerText || e.id} ${Math.round(r.width)}x${Math.round(r.height)}`)"""

# Texts that are drawn on the canvas of a data grid, with what they are cut off by.
GRID = """(() => {
  const P = CanvasRenderingContext2D.prototype, old = { ...Object.fromEntries(['beginPath', 'rect', 'clip', 'fillText', 'save', 'restore'].map((n) => [n, P[n]])) };
  window.lwDrawn = new Map();
  P.beginPath = function () { this.lwRects = []; return old.beginPath.call(this); };
  P.rect = function (...r) { (this.lwRects = this.lwRects || []).push(r); return old.rect.apply(this, r); };
  P.save = function () { (this.lwStack = this.lwStack || []).push(this.lwClip); return old.save.call(this); };
  P.restore = function () { if (this.lwStack && this.lwStack.length) this.lwClip = this.lwStack.pop(); return old.restore.call(this); };
  P.clip = function (...a) { if (this.lwRects && this.lwRects.length === 1) this.lwClip = this.lwRects[0]; return old.clip.apply(this, a); };
  P.fillText = function (t, x, y, ...r) {
    if (this.canvas.closest && this.canvas.closest('[data-testid="stDataFrame"]') && this.lwClip) {
      const w = this.measureText(t).width, left = this.textAlign === 'right' ? x - w : x, c = this.lwClip;
      window.lwDrawn.set(t, left < c[0] - 1 || left + w > c[0] + c[2] + 1);
    }
    return old.fillText.call(this, t, x, y, ...r);
  };
})()"""


def cut(page):
    """Every text of a table or choice that is not shown whole."""
    drawn = page.evaluate("[...(window.lwDrawn || [])].filter(([, cut]) => cut).map(([t]) => t)")
    return page.evaluate(_CUT) + page.evaluate(_BROKEN) + page.evaluate(_CUT_CHOICES) + drawn


def test_all_that_opens_on_a_page_speaks_its_language(app, open_page):
    """Some of each; `make pictures` opens all, in both languages, with axe-core."""
    page, recorded = open_page(height=900)
    for path in ("/balans", "/uitvoer"):
        shown(page, app, path, "nl")
        for state in openings(page, most=2):
            assert in_the_wrong_language(page, ENGLISH) == [], (path, state)
    assert recorded.errors == []


def test_a_first_visit_shows_a_shell_and_a_long_wait_is_told(app, open_page):
    page, recorded = open_page(height=900)
    waiting = []

    def slow(ours):
        theirs = ours.connect_to_server()
        ours.on_message(theirs.send)
        theirs.on_message(lambda m: waiting.append(m) if held else ours.send(m))
        slow.ours = ours

    held = True
    page.route_web_socket(re.compile("_stcore/stream"), slow)
    page.goto(app.url + "/?lang=nl", wait_until="domcontentloaded")
    shell = page.locator("#lw-shell")
    expect(shell.get_by_text("De kaart wordt geladen…")).to_be_visible()
    expect(shell.get_by_text("Locatiewijzer")).to_be_visible()
    expect(shell.locator("path")).to_have_count(26)
    assert page.title() == "Locatiewijzer"
    assert found_by_axe(page) == []
    # nothing is drawn sixty times a second where nobody sees it
    page.locator("#root [data-testid]").first.wait_for(state="attached")
    assert page.evaluate("document.getAnimations().length") == 0
    held = False
    for message in waiting:
        slow.ours.send(message)
    map_frame(page)
    expect(shell).to_have_count(0)
    # the server answers late: after half a second that is told
    still(page)
    waiting.clear()
    held = True
    page.get_by_role("link", name="Vergelijken").first.click()
    page.wait_for_timeout(2500)
    assert len(waiting) > 2
    sent = len(waiting) - 1
    for message in waiting[:sent]:  # that it is done comes late
        slow.ours.send(message)
    expect(page.locator("#lw-busy")).to_have_text("Even geduld, er wordt gerekend…")
    held = False
    for message in waiting[sent:]:
        slow.ours.send(message)
    page.get_by_role("heading", name="Vergelijken").wait_for()
    still(page)
    expect(page.locator("#lw-busy")).to_be_empty()
    assert recorded.elsewhere == []


def test_legend_and_notices_cover_neither_the_map_nor_each_other(app, open_page):
    page, _ = open_page(height=900)
    shown(page, app, "/balans", "nl")
    frame = drawn_map(page)
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        frame.get_by_text("niet bereikbaar").wait_for()
        boxes = frame.evaluate(
            "[document.querySelector('.leaflet-container'), ...document.querySelectorAll('.lw-note')]"
            ".filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect()).map((r) => [r.top, r.bottom])"
        )
        assert len(boxes) == 3
        boxes.sort()
        assert all(a[1] <= b[0] + 1 for a, b in zip(boxes, boxes[1:])), width
        assert boxes[0][1] - boxes[0][0] > 200 and boxes[-1][1] <= frame.evaluate("innerHeight") + 1


def test_on_paper_the_sheet_is_whole_with_its_map_and_without_buttons(app, open_page, tmp_path):
    page, _ = open_page(height=900)
    shown(page, app, "/?plot=voorbeeld-02", "nl")
    frame = map_frame(page)
    open_sheet(page)
    frame.wait_for_function("window.locatiewijzer.map.getZoom() > 13")
    page.wait_for_timeout(1500)
    paper = tmp_path / "blad.pdf"
    page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    told = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True
    ).stdout
    last = open_sheet(page).locator(".lw-criterion-name").last.inner_text()
    assert "Leeg kantoor aan de ringweg" in told and last[:20] in told
    for chrome in ("Aanleveren", "Verwijder", "Kopieer link", "Filter", "Vul een", "Gegevens"):
        assert chrome not in told, chrome
    # the page, the day and how was weighed stand above it
    day = dt.date.today()
    head = " ".join(told.split())[:160]
    assert "Verkennen" in head and str(day.year) in head and "Kader 2026-4" in head
    assert "omvang 40" in head
    subprocess.run(
        ["pdftoppm", "-r", "50", "-png", "-singlefile", paper, tmp_path / "p"], check=True
    )
    with Image.open(tmp_path / "p.png") as drawn:
        pink = [
            x / drawn.width
            for y in range(drawn.height)
            for x in range(drawn.width)
            if (c := drawn.getpixel((x, y)))[0] > 180 and c[1] < 60 and 80 < c[2] < 160
        ]
    # the edge of the chosen plot, on the map, in the middle of it: smaller, and nothing cut off
    assert len(pink) > 20 and sum(pink) / len(pink) == pytest.approx(0.5, abs=0.04)
    # of the list all rows are on paper, not those in sight alone
    page.locator(".lw-back").click()
    list_rows(page)
    still(page)
    names = page.evaluate(
        "(() => { const e = window.locatiewijzerEngine; return [...e.list].map((i) => e.matrix.names[i]); })()"
    )
    page.pdf(path=paper, prefer_css_page_size=True)
    told = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True).stdout
    assert len(names) > 25 and [name for name in names if name[:24] not in told] == []


def test_at_200_percent_everything_is_in_reach(app, open_page):
    """A window of 1440 by 900 at 200 % has room for 720 by 450."""
    page, _ = open_page(width=720, height=450, device_scale_factor=2)
    for path in ("/?plot=voorbeeld-02", "/balans", "/aanleveren"):
        shown(page, app, path, "nl")
        assert page.evaluate("document.documentElement.scrollWidth") <= 720, path
    shown(page, app, "/?plot=voorbeeld-02", "nl")
    map_frame(page)
    chart = page.locator(".st-key-explore-map iframe").bounding_box()
    bar = page.locator(".lw-weights").bounding_box()
    # what a weight does is seen while it moves
    assert chart["height"] > 250 and bar["y"] + bar["height"] <= chart["y"] + 1
    assert bar["y"] > 0 and chart["y"] + chart["height"] <= 460
    ask = open_sheet(page).locator(".lw-criteria").last
    ask.scroll_into_view_if_needed()
    box = ask.bounding_box()
    assert box["y"] + min(box["height"], 100) <= 450 and box["y"] > -box["height"]
    # a phone on its side: pages that do not fit beside the language go under one word
    page.set_viewport_size({"width": 844, "height": 390})
    more = page.locator(".rc-overflow-item-rest")
    expect(more).to_have_text(re.compile(r"nog \d"))
    side = page.locator(".st-key-taal").bounding_box()
    reach = more.bounding_box()
    assert reach["x"] + reach["width"] <= side["x"]
    more.click()
    expect(page.get_by_role("menu").get_by_text("Toegankelijkheid")).to_be_visible()


def test_a_plot_is_drawn_without_a_mouse(app, open_page):
    page, recorded = open_page(height=900)
    shown(page, app, "/aanleveren?way=drawn", "nl")
    page.locator("summary", has_text="Zonder muis: typ de hoekpunten").focus()
    page.keyboard.press("Enter")
    corners = page.get_by_role("textbox", name="Hoekpunten, een per regel")
    corners.fill("136000 455000\n136100 455050\n136100 455000\n136000 455050")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("De zijden kruisen elkaar.")).to_be_visible()
    corners.fill("136000 455000\n136100 455000\n136100 455050\n136000 455050")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("5.000 m²")).to_be_visible()
    page.get_by_label("Naam van de plek").or_(page.get_by_label("Naam")).first.fill("Getypte plek")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Bewaar|Bevestig")).first).to_be_visible()
    assert recorded.errors == []
