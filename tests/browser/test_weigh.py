"""Kader, compare, balance and puzzle, walked in a real browser."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from scoring.kader import load_kader
from tests.browser.steps import drawn_map, map_frame, picture, still, type_day

pytestmark = pytest.mark.browser


def test_a_kader_is_tried_fixed_and_named_at_every_ranking(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/kader?kind=azc")
    page.get_by_text("nog geen kader vastgesteld").wait_for()
    page.get_by_text("Er is nog niets veranderd").wait_for()
    weight = page.get_by_role("spinbutton", name="Afstand tot een station")
    weight.fill("60")
    weight.press("Enter")
    still(page)
    page.get_by_text("Er is nog niets veranderd").wait_for(state="hidden")
    type_day(page.get_by_test_id("stDateInput"), "01", "12", "2026")
    page.keyboard.press("Escape")
    still(page)
    page.locator("summary").filter(has_text="Het hele kader als tekst").click()
    expect(page.locator("textarea").first).to_have_value(re.compile("day = 2026-12-01"))
    picture(page, "kader-1440")
    page.get_by_label("Versie", exact=True).fill("raad 2026-12")
    page.get_by_role("button", name="Stel dit kader vast").click()
    page.get_by_text("Geef een reden").wait_for()
    page.get_by_label("Reden of besluit").fill("besluit van de Regietafel")
    page.get_by_role("button", name="Stel dit kader vast").click()
    page.get_by_text("Kader raad 2026-12 is vastgesteld.").wait_for()
    page.get_by_text("Dit kader heeft een peildatum: 1 dec").wait_for()
    page.get_by_role("button", name="Begin een zoektocht").click()
    still(page)
    page.goto(app.url + "/")
    map_frame(page)
    page.get_by_text(re.compile("Kader raad 2026-12, vastgesteld op")).wait_for()
    page.get_by_text("eerst de regels, dan de plekken").or_(
        page.get_by_text("waren 0 van")
    ).first.wait_for()
    _chances_and_an_answer(page)
    assert recorded.errors == [] and recorded.elsewhere == []


def _chances_and_an_answer(page):
    """On Verkennen: the chance of the first ten, and an answer typed at what is asked first."""
    chances = page.locator(".lw-row:visible .lw-chance")
    expect(chances.first).to_have_text(re.compile(r"\d+\xa0%"))
    told = chances.all_inner_texts()
    assert len(told) > 10 and all("%" in one for one in told[:10]) and not any(told[10:]), told
    # while the hand has a weight they are not those of today; they come back when it rests
    assert page.evaluate(MOVE_A_WEIGHT) == ""
    expect(chances.first).to_have_text(re.compile(r"\d+\xa0%"))
    page.locator(".lw-row:visible").first.click()
    page.get_by_role("button", name="Vul een antwoord in").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Welke vraag").click()
    page.get_by_role("option", name=re.compile("overstromen")).click()
    dialog.get_by_role("combobox", name="Overstroming").click()
    page.get_by_role("option", name="aandachtspunt").click()
    dialog.get_by_role("textbox", name="Bron").fill("gemeente, telefonisch, 20 november 2026")
    dialog.get_by_role("button", name="Bewaar het antwoord").click()
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name="Maak ongedaan").click()
    page.get_by_text("ongedaan gemaakt").wait_for()


MOVE_A_WEIGHT = """() => {
  const slider = document.querySelector("[role=slider]");
  slider.focus();
  slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  const said = () => document.querySelector(".lw-row .lw-chance").textContent;
  const frame = requestAnimationFrame;
  return new Promise((answer) => frame(() => frame(() => answer(said()))));
}"""
"""Move the first weight by a step; gives what the first row says two frames later."""


def test_pairs_are_explained_in_words(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/kader?kind=amv")
    page.get_by_text("Twee aan twee", exact=True).click()
    page.get_by_text(re.compile("De antwoorden hangen goed samen")).wait_for()


def test_a_mistake_in_the_text_is_told_with_its_line(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/kader?kind=amv")
    page.locator("summary").filter(has_text="Het hele kader als tekst").click()
    area = page.locator("textarea")
    expect(area).to_have_value(re.compile('unit = "places"'))
    still(page)
    text = area.input_value().replace('unit = "places"', 'unit = "stuks"')
    area.fill(text)
    area.press("Control+Enter")
    page.get_by_text(re.compile(r"Regel \d+ van het bestand met criteria")).wait_for()


def test_compare_shows_cutouts_reasons_table_and_chances(app, open_page):
    page, recorded = open_page(height=2400)
    page.goto(app.url + "/vergelijken?plots=voorbeeld-02,voorbeeld-24,voorbeeld-14")
    page.get_by_text(re.compile("punten boven")).first.wait_for()
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(3)
    table = page.locator(".lw-compare")
    expect(table.locator("tbody tr")).to_have_count(
        len(load_kader("azc").criteria) + 4  # a row for each, and for each group
    )
    assert table.locator(".lw-best").count() > 3
    expect(table).to_contain_text("niet bekend", use_inner_text=True)
    page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").nth(1).wait_for()
    page.get_by_text("Bij welke weging zou een plek eerste worden?").click()
    page.get_by_text(
        re.compile("wordt eerste als|is al eerste|bij geen enkele weging")
    ).first.wait_for()
    picture(page, "vergelijken-1440")
    # it explains its terms, and another weighting is a second map that moves with the first
    table.get_by_label("Uitleg: Aantal plaatsen").click()
    expect(table).to_contain_text("Hoeveel mensen er kunnen wonen", use_inner_text=True)
    page.get_by_text("Wegingen", exact=True).click()
    page.get_by_text("De meeste plaatsen schuift").wait_for()
    for place in (0, 1):
        one = page.frame_locator("iframe[src*=folium]").nth(place)
        one.locator(".leaflet-container").wait_for()
    left, right = [f for f in page.frames if "streamlit_folium" in f.url]
    for frame in (left, right):
        frame.wait_for_function("window.painted > 0")
    left.evaluate("void window.locatiewijzer.map.setView([52.155, 5.39], 12, {animate: false})")
    right.wait_for_function("window.locatiewijzer.map.getZoom() === 12")
    at = "(() => { const c = window.locatiewijzer.map.getCenter(); return [c.lat, c.lng]; })()"
    assert right.evaluate(at) == pytest.approx(left.evaluate(at), abs=1e-5)
    assert "what=weights" in page.url
    picture(page, "wegingen-1440")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_without_a_choice_the_best_three_are_compared(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/vergelijken")
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(3)


def test_the_balance_tells_bounds_and_unknowns(app, open_page):
    page, recorded = open_page(height=1400)
    page.goto(app.url + "/balans")
    page.get_by_text("Bekende taken", exact=True).wait_for()
    page.get_by_text("9 van 26").wait_for()
    expect(page.locator(".lw-table tbody tr").first).to_be_visible()
    drawn_map(page)
    picture(page, "balans-1440")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_the_puzzle_is_solved_as_a_table_with_a_map_or_refused_with_reasons(app, open_page):
    page, recorded = open_page(height=900)
    page.goto(app.url + "/balans?part=puzzle")
    gap = page.get_by_role("spinbutton", name="Tekort van de hele provincie (plaatsen)")
    gap.fill("600")
    page.get_by_role("button", name="Los op").click()
    summary = page.get_by_text(re.compile("waarvan er 600 een tekort vullen")).first
    summary.wait_for()
    page.get_by_text(re.compile("Bewezen de beste")).first.wait_for()
    page.get_by_text(re.compile("Gezocht is de hoogste waarde")).first.wait_for()
    drawn_map(page)
    # table and map stand above the fold
    table = page.locator(".lw-table").first.bounding_box()
    chart = page.locator("iframe[src*=folium]").first.bounding_box()
    assert table["y"] < 500 and chart["y"] < 500
    drawn_map(page)
    picture(page, "puzzel-1440")
    with page.expect_download() as got:
        page.get_by_role("button", name="Tabel (XLSX)").click()
    assert re.fullmatch(
        r"locatiewijzer_puzzel_azc_vertrouwelijk_[\d-]+\.xlsx", got.value.suggested_filename
    )
    book = openpyxl.load_workbook(got.value.path().open("rb"))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][0].startswith("VERTROUWELIJK")
    heads = next(r for r in rows if r[0] == "Plek")
    plots = rows[rows.index(heads) + 1 :]
    assert plots[-1][heads.index("Samen")] == 600
    # words of a file are not those of a page, where signs are set apart
    said = " ".join(str(value) for row in rows for value in row)
    assert "\\" not in said and "VERTROUWELIJK" in said and "VOORBEELD" in said
    gap.fill("19000")
    page.get_by_role("button", name="Los op").click()
    page.get_by_text("Er is geen oplossing").wait_for()
    page.get_by_text(re.compile("hele provincie vindt 19.000 plaatsen")).wait_for()
    assert recorded.errors == [] and recorded.elsewhere == []


def test_a_task_that_was_not_public_can_be_entered(app, open_page):
    page, _ = open_page(height=1600)
    page.goto(app.url + "/balans")
    page.get_by_text("9 van 26").wait_for()
    # beside it is a form with the same names, which can come first
    form = page.get_by_test_id("stForm").filter(has_text="Taak of gerealiseerde plaatsen")
    page.get_by_role("tab", name="Cijfers invoeren").click()
    form.get_by_role("spinbutton", name="Taak", exact=True).fill("500")
    form.get_by_role("button", name="Bewaar").click()
    page.get_by_text("Noem de bron en haar datum").wait_for()
    page.goto(app.url + "/balans")
    page.get_by_role("tab", name="Cijfers invoeren").click()
    form.get_by_role("spinbutton", name="Taak", exact=True).fill("500")
    form.get_by_label("Bron", exact=True).fill("raadsbrief")
    form.get_by_role("spinbutton", name="dag, Datum van de bron").click()
    page.keyboard.type("01102026")
    form.get_by_role("button", name="Bewaar").click()
    page.get_by_text("10 van 26").wait_for()


def test_the_pages_fit_a_telephone(app, open_page):
    page, _ = open_page(width=390, height=844)
    for path in ("/vergelijken?plots=voorbeeld-02,voorbeeld-24", "/balans", "/kader"):
        page.goto(app.url + path)
        still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        picture(page, f"telefoon-{path.strip('/').split('?')[0]}")
