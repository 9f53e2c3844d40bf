"""Every output is made from the screen, a link restores a view, examples stand beside candidates."""

import io
import json
import re

import openpyxl
import pikepdf
import pptx
import pytest
from playwright.sync_api import expect

from data.vocabulary import FICTIONAL_PREFIX
from geo.examples import example_plots
from tests.browser.steps import list_rows, map_frame, open_sheet, picture, still

pytestmark = pytest.mark.browser


def download(page, name):
    button = page.get_by_role("button", name=name, exact=True)
    button.wait_for()
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_each_output_is_made_for_the_team(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/uitvoer")
    page.get_by_role("button", name="Maak het raadsrapport").click()
    name, pdf = download(page, "Raadsrapport (PDF)")
    assert re.fullmatch(r"locatiewijzer_raadsrapport_azc_vertrouwelijk_[\d-]{10}\.pdf", name)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        data = json.loads(opened.attachments["data.json"].get_file().read_bytes())
    assert len(data["plots"]) == 3 and data["snapshot"] in page.locator("body").inner_text()
    name, deck = download(page, "Dia (PowerPoint)")
    assert "vertrouwelijk" in name and len(pptx.Presentation(io.BytesIO(deck)).slides) == 1
    name, xlsx = download(page, "Ranglijst (Excel)")
    assert openpyxl.load_workbook(io.BytesIO(xlsx)).sheetnames
    assert download(page, "Plekken met scores (GeoPackage)")[1].startswith(b"SQLite format 3")
    for label, begin in (
        ("16:9 (PNG)", b"\x89PNG"),
        ("A4 (PNG)", b"\x89PNG"),
        ("16:9 (SVG)", b"<?xml"),
        ("A4 (SVG)", b"<?xml"),
    ):
        assert download(page, f"Kaart {label}")[1].startswith(begin)
    for fmt, begin in (("PDF", b"%PDF"), ("XLSX", b"PK")):
        name, made = download(page, f"Kwartaaloverzicht ({fmt})")
        assert "openbaar" in name and made.startswith(begin)
    page.get_by_role("button", name=re.compile("Bewaar momentopname")).click()
    page.get_by_text(re.compile("is bewaard")).wait_for()
    name, taken = download(page, "Momentopname (JSON)")
    page.goto(app.url + "/uitvoer")
    page.get_by_role("button", name="Reken opnieuw uit").click()
    page.get_by_text(re.compile("opnieuw berekend en gelijk")).wait_for()
    page.locator('input[type="file"]').set_input_files(
        {
            "name": "x.json",
            "mimeType": "application/json",
            "buffer": taken.replace(b'"perceel"', b'"gebouw"', 1),
        }
    )
    page.get_by_text(re.compile("niet gelijk")).wait_for()
    picture(page, "uitvoer-1440")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_outputs_for_the_public_hold_public_plots_only(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/uitvoer?for=openbaar")
    page.get_by_role("button", name="Maak het raadsrapport").click()
    name, pdf = download(page, "Raadsrapport (PDF)")
    assert "openbaar" in name
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        data = json.loads(opened.attachments["data.json"].get_file().read_bytes())
    public = set(example_plots().query("confidentiality == 'openbaar'")["name"])
    assert {plot["name"] for plot in data["plots"]} <= {
        name.removeprefix(FICTIONAL_PREFIX) for name in public
    }
    hidden = set(example_plots()["name"]) - public
    assert not any(name in json.dumps(data, ensure_ascii=False) for name in hidden)
    assert not any(name in page.locator("body").inner_text() for name in hidden)
    press_while_the_page_moves(page)


def press_while_the_page_moves(page):
    """A page that still comes moves a button between press and release: the press counts, once."""
    page.get_by_text("Deel deze plekken met een link").click()
    page.get_by_role("textbox", name="Voor wie?").fill("raad")
    still(page)
    button = page.get_by_role("button", name="Maak de link")
    main, link = page.locator('[data-testid="stMain"]'), page.get_by_test_id("stCode")

    def hold(*, then_away):
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        main.evaluate("e => { e.style.marginTop = '80px'; }")
        if then_away:
            page.mouse.move(x + 40, y - 200)
        page.mouse.up()
        still(page)
        main.evaluate("e => { e.style.marginTop = ''; }")

    hold(then_away=True)
    expect(link).to_have_count(0)
    hold(then_away=False)
    expect(link).to_have_count(1)
    made = link.inner_text()
    assert "/?share=" in made
    # it is kept nowhere else: it stays, whatever else is done on the page
    page.get_by_text("Kaart en luchtfoto van PDOK").click()
    still(page)
    assert link.inner_text() == made


def test_a_link_restores_kind_weights_filter_selection_and_extent(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/?kind=gemengd")
    frame = map_frame(page)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    still(page)
    page.wait_for_function("location.search.includes('gemengd.omvang=')")
    list_rows(page).nth(2).locator(".lw-cell").click()
    open_sheet(page)
    frame.evaluate("void window.locatiewijzer.map.setView([52.1, 5.2], 12, {animate: false})")
    page.wait_for_function("location.search.includes('view=52.1')")
    value = (
        page.get_by_role("slider").first.get_attribute("aria-valuenow")
        or page.get_by_role("slider").first.input_value()
    )
    chosen = page.locator(".lw-sheet h2").inner_text()
    link = page.url
    other, _ = open_page()
    other.goto(link)
    again = map_frame(other)
    open_sheet(other)
    assert other.locator(".lw-sheet h2").inner_text() == chosen
    found = other.get_by_role("slider").first
    assert (found.get_attribute("aria-valuenow") or found.input_value()) == value
    at = again.evaluate(
        "(() => { const m = window.locatiewijzer.map, c = m.getCenter(); return [c.lat, c.lng, m.getZoom()]; })()"
    )
    assert at == pytest.approx([52.1, 5.2, 12], abs=0.01)
    other.get_by_text("Uw eigen weging").wait_for()


def test_practice_examples_are_filtered_written_and_stand_beside_candidates(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/praktijk?kind_of=gemengd")
    page.locator(".lw-cards article").first.wait_for()
    expect(page.locator(".lw-cards")).to_contain_text("tiny houses", use_inner_text=True)
    expect(page.locator(".lw-cards")).not_to_contain_text("Kamp van Zeist", use_inner_text=True)
    page.get_by_text("Schrijf of wijzig een eigen voorbeeld").click()
    page.get_by_label("Titel").fill("<b>Eigen</b> voorbeeld")
    page.get_by_label("Wat is het?").fill("Een school met woningen erboven.")
    page.get_by_role("textbox", name="Les", exact=True).fill("Begin bij de buren.")
    page.get_by_role("textbox", name="Bron", exact=True).fill("gesprek, 2026")
    page.get_by_role("button", name="Bewaar het voorbeeld").click()
    page.get_by_text("Bewaard: <b>Eigen</b> voorbeeld").wait_for()
    expect(page.get_by_label("Titel")).to_have_value("")
    page.goto(app.url + "/praktijk")
    page.locator(".lw-cards").get_by_text("<b>Eigen</b> voorbeeld").wait_for()
    picture(page, "praktijk-1440")
    page.goto(app.url + "/?plot=voorbeeld-28&kind=gemengd")
    page.get_by_role("tab", name="Vervolg").click()
    page.get_by_text("Voorbeelden die hierop lijken").click()
    page.locator(".lw-alike li").first.wait_for()
    expect(page.locator(".lw-alike")).to_contain_text("gemengd wonen", use_inner_text=True)
    assert recorded.errors == [] and recorded.elsewhere == []


def made_for_the_council(app, page):
    page.goto(app.url + "/uitvoer?for=raad")
    page.get_by_role("button", name="Maak het raadsrapport").click()
    _, pdf = download(page, "Raadsrapport (PDF)")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return json.loads(opened.attachments["data.json"].get_file().read_bytes())


def open_plan(app, page):
    page.goto(app.url + "/uitvoer?for=raad")
    page.get_by_role("button", name="Vervolgstappen en vragen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Bewaar").wait_for()
    return dialog


def test_next_steps_and_answers_are_written_kept_printed_and_erased(app, open_page):
    page, recorded = open_page()
    dialog = open_plan(app, page)
    dialog.get_by_label("Wat moet er gebeuren?").nth(1).fill("Besluit over de plek")
    dialog.get_by_role("textbox", name="Wie?").nth(1).fill("gemeenteraad")
    for field in ("Van", "Tot en met"):
        dialog.get_by_role("combobox", name=re.compile(field)).nth(1).fill("mrt 2027")
        page.get_by_role("option", name="mrt 2027", exact=True).click()
    dialog.get_by_text("De raad beslist hier").nth(1).click()
    still(page)
    picture(page, "vervolg-1440")
    dialog.get_by_role("tab", name="Zes vragen").click()
    dialog.get_by_label("Wie zoekt het uit?").nth(3).fill("wethouder Financiën")
    dialog.get_by_role("button", name="Bewaar").click()
    expect(dialog).to_have_count(0)
    told = json.dumps(made_for_the_council(app, page), ensure_ascii=False)
    assert "Besluit over de plek" not in told and "wethouder Fin" not in told, "confidential"
    dialog = open_plan(app, page)
    expect(dialog.get_by_label("Wat moet er gebeuren?").first).to_have_value("Besluit over de plek")
    dialog.get_by_role("combobox", name="Wie mag dit zien?").click()
    page.get_by_role("option", name="openbaar").click()
    dialog.get_by_role("button", name="Bewaar").click()
    expect(dialog).to_have_count(0)
    told = made_for_the_council(app, page)
    (row,) = told["plots"][0]["steps"]["rows"]
    assert (row["what"], row["who"], row["when"]) == (
        *("Besluit over de plek", "gemeenteraad", "mrt 2027"),
    )
    assert row["council"] and "wethouder Financiën zoekt het uit" in str(
        told["plots"][0]["answers"]
    )
    page.goto(app.url + "/verhaal?step=next&for=raad")
    expect(page.locator(".lw-steps").first).to_contain_text("raad beslist hier")
    still(page)
    picture(page, "verhaal-vervolg-1440")
    open_plan(app, page).get_by_role("button", name="Wis alles van deze plek").click()
    expect(dialog).to_have_count(0)
    page.goto(app.url + "/verhaal?step=next&for=raad")
    page.get_by_text("Stap 6 van 6").wait_for()
    still(page)
    expect(page.locator(".lw-steps")).to_have_count(0)
    assert recorded.errors == [] and recorded.elsewhere == []
