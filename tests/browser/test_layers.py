"""A layer of one's own becomes a criterion and a limit on the page Kader, without code."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from geo.crs import WGS84
from geo.examples import example_plots
from tests.browser.steps import list_rows, open_sheet, picture, still
from ui.uploads import MOST_FILES

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


def what_is_not_taken_is_told(page, app, folder):
    """What Streamlit says of a refused upload is no language of ours, and no advice."""
    large = folder / "groot.csv"
    with large.open("wb") as stream:
        stream.truncate(52_500_001)
    small = {"mimeType": "text/csv", "buffer": b"naam"}
    for language, too_large, full in (
        ("en", "Failed: this file is too large, a file can be 50 MB", "Remove files, wait half a minute"),
        ("nl", "Mislukt: dit bestand is te groot, een bestand mag ten hoogste 50 MB", "Haal bestanden weg, wacht een halve"),
    ):  # fmt: skip
        page.goto(f"{app.url}/kader?lang={language}")
        page.locator("summary").get_by_text(re.compile("Eigen lagen|Own layers")).first.click()
        field = page.get_by_test_id("stFileUploader")
        field.locator("input").set_input_files(large)
        expect(field).to_contain_text(too_large)
        many = [{"name": f"{at}.csv", **small} for at in range(MOST_FILES + 1)]
        field.locator("input").set_input_files(many)
        expect(field.get_by_text(full)).to_have_count(1)
        assert not re.search("Error|failed|Request", field.inner_text())


def test_a_file_of_supermarkets_changes_the_ranking_and_is_named_in_the_explanation(
    app, open_page, tmp_path
):
    page, recorded = open_page()
    what_is_not_taken_is_told(page, app, tmp_path)
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
