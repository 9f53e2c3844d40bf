"""A layer of one's own becomes a criterion and a limit on the page Kader, without code."""

import csv
import io

import pytest
from playwright.sync_api import expect

from geo.crs import WGS84
from geo.examples import example_plots
from tests.browser.steps import list_rows, open_sheet, picture, still

pytestmark = pytest.mark.browser


def shops():
    """A file of supermarkets: next to the plots that stand last now."""
    middles = example_plots().geometry.centroid.to_crs(WGS84)
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(["naam", "lat", "lon"])
    for place in (1, 5, 15):
        writer.writerow([f"Winkel {place}", middles.iloc[place].y, middles.iloc[place].x])
    return lines.getvalue().encode()


def test_a_file_of_supermarkets_changes_the_ranking_and_is_named_in_the_explanation(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/kader")
    page.get_by_text("Eigen lagen").first.click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "winkels.csv", "mimeType": "text/csv", "buffer": shops()}
    )
    still(page)
    page.get_by_label("Bron", exact=True).fill("Telling van het team")
    page.get_by_label("Datum van de bron").fill("november 2026")
    page.get_by_role("button", name="Bewaar deze laag").click()
    page.get_by_text("De laag Supermarkten is bewaard: 3").wait_for()
    page.get_by_label("Gewicht (punten van 100)").fill("60")
    page.get_by_label("Gewicht (punten van 100)").press("Enter")
    still(page)
    page.get_by_role("button", name="Voeg toe aan dit kader").click()
    page.get_by_text("Toegevoegd, nog niet vastgesteld: Supermarkten").wait_for()
    expect(page.get_by_role("spinbutton", name="Afstand tot: supermarkten")).to_have_value("60")
    still(page)
    picture(page, "kader_eigen_laag")
    page.get_by_label("Versie").fill("met winkels")
    page.get_by_label("Reden of besluit").fill("besluit van vandaag")
    page.get_by_role("button", name="Stel dit kader vast").click()
    page.get_by_text("Kader met winkels is vastgesteld.").wait_for()
    page.goto(app.url + "/")
    rows = list_rows(page)
    first = rows.first.inner_text()
    names = example_plots()["name"]
    assert any(str(names.iloc[place]) in first for place in (1, 5, 15)), first
    rows.first.click()
    sheet = open_sheet(page)
    expect(sheet).to_contain_text("Afstand tot: supermarkten (eigen laag)")
    assert "Telling van het team (november 2026)" in sheet.inner_html()
    picture(page, "verkennen_eigen_laag")
    assert not recorded.errors and not recorded.elsewhere
