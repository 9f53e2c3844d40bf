"""Deliver in every way an officer would, correct what was understood, and take it back."""

import io
import json
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import geopandas as gpd
import openpyxl
import pytest
import shapely

from tests.browser.conftest import App
from tests.browser.steps import frame_of, list_frame, picture, still

pytestmark = pytest.mark.browser

BOX = shapely.box(136_000, 455_000, 136_100, 455_080)


class Pdok(BaseHTTPRequestHandler):
    """A server that answers as PDOK does."""

    def do_GET(self):
        if "locatieserver" in self.path:
            body = {
                "response": {
                    "docs": [
                        {
                            "weergavenaam": "Dorpsstraat 1, Bunnik",
                            "centroide_rd": "POINT(139500.5 449200.25)",
                        }
                    ]
                }
            }
        elif "EMN00" in self.path and "1234" in self.path:
            body = {"type": "FeatureCollection", "features": [
                {"type": "Feature", "properties": {"sectie": "A"}, "geometry": shapely.geometry.mapping(shapely.box(147_000, 472_000, 147_080, 472_050))}]}  # fmt: skip
        else:
            body = {"type": "FeatureCollection", "features": []}
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    server = HTTPServer(("127.0.0.1", 0), Pdok)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    running = App(
        tmp_path_factory.mktemp("app"),
        extra={"LOCATIEWIJZER_PDOK": f"http://127.0.0.1:{server.server_port}"},
    )
    running.start()
    yield running
    running.stop()
    server.shutdown()


def upload(page, app, name, content, place=0):
    page.locator('input[type="file"]').nth(place).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def confirm(page):
    button = page.get_by_role("button", name=re.compile("Bevestig: bewaar"))
    button.wait_for(timeout=40_000)
    still(page)
    button.click()
    page.get_by_text(re.compile("Bewaard: ")).wait_for()


def listed(page, app, text):
    page.goto(f"{app.url}/?q={text}")
    rows = list_frame(page).locator("button.row")
    page.wait_for_timeout(800)
    return [t for t in rows.all_inner_texts() if text in t]


def test_a_zipped_shapefile_without_prj(app, open_page, tmp_path):
    gpd.GeoDataFrame({"naam": ["Zonder prj"]}, geometry=[BOX], crs="EPSG:28992").to_file(
        tmp_path / "s.shp"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("s.*"):
            if part.suffix != ".prj":
                archive.write(part, part.name)
    page, _ = open_page()
    page.goto(app.url + "/aanleveren")
    upload(page, app, "s.zip", packed.getvalue())
    page.get_by_text("Plaatsbepaling: RD New").click()
    page.get_by_text(re.compile("liggen de plekken in of bij de provincie")).first.wait_for()
    confirm(page)
    assert listed(page, app, "Zonder prj")


def test_an_excel_file_with_dutch_headers_a_corrected_column_and_undo(app, open_page):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Pleknaam", "Kenmerk", "Eigendom", "Oppervlakte (ha)", "WKT"])
    sheet.append(
        [
            "Excelplek",
            "dossier 7",
            "gemeente",
            "0,8",
            shapely.box(138_000, 456_000, 138_100, 456_080).wkt,
        ]
    )
    stream = io.BytesIO()
    book.save(stream)
    page, recorded = open_page()
    page.goto(app.url + "/aanleveren")
    page.get_by_role("combobox", name="Voor welke gemeente levert u aan?").click()
    page.get_by_role("option", name="Bunnik").click()
    upload(page, app, "plekken.xlsx", stream.getvalue())
    page.get_by_text("Welke kolom is wat?").click()
    page.get_by_role("combobox", name="Kenmerk").click()
    page.keyboard.type("opmerkingen")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    still(page)
    confirm(page)
    assert listed(page, app, "Excelplek")
    list_frame(page).locator("button.row").first.click()
    page.locator(".lw-sheet").wait_for()
    assert "dossier 7" in page.locator(".lw-sheet").inner_text()
    # the match is remembered for this municipality
    page.goto(app.url + "/aanleveren")
    page.get_by_role("combobox", name="Voor welke gemeente levert u aan?").click()
    page.get_by_role("option", name="Bunnik").click()
    upload(page, app, "weer.xlsx", stream.getvalue())
    page.get_by_text("Welke kolom is wat?").click()
    page.get_by_role("combobox", name="Kenmerk").wait_for()
    assert page.get_by_role("combobox", name="Kenmerk").input_value() == "opmerkingen"
    page.get_by_text(re.compile("1 plekken zijn er al")).wait_for()
    picture(page, "aanleveren-dubbel")
    # and the delivery can be taken back
    page.goto(app.url + "/aanleveren?way=log")
    page.get_by_label("Waarom draait u terug?").fill("verkeerd bestand")
    page.get_by_label("Waarom draait u terug?").press("Enter")
    still(page)
    page.get_by_role("button", name="Draai deze aanlevering terug").click()
    page.get_by_text(re.compile("is teruggedraaid")).wait_for()
    picture(page, "aanleveren-log")
    assert not listed(page, app, "Excelplek")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_a_kadaster_gml(app, open_page):
    points = " ".join(
        f"{x} {y}" for x, y in shapely.box(141_000, 451_000, 141_100, 451_090).exterior.coords
    )
    gml = f"""<?xml version="1.0"?><FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember><Perceel>
      <plaats><gml:Point srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>141050 451045</gml:pos></gml:Point></plaats>
      <grens><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList>{points}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></grens>
      <naam>Kadasterplek</naam></Perceel></gml:featureMember></FeatureCollection>"""
    page, _ = open_page()
    page.goto(app.url + "/aanleveren")
    upload(page, app, "perceel.gml", gml.encode())
    confirm(page)
    assert listed(page, app, "Kadasterplek")


def test_a_cadastral_number_and_an_address_at_pdok(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/aanleveren?way=typed")
    number = page.get_by_role("textbox", name="Kadastraal nummer")
    number.fill("EMN00 Z 9")
    page.get_by_role("button", name="Zoek").first.click()
    page.get_by_text("Perceel EMN00 Z 9 is niet gevonden").wait_for()
    number.fill("emn00-a-1234")
    page.get_by_role("button", name="Zoek").first.click()
    confirm(page)
    assert listed(page, app, "EMN00 A 1234")
    page.goto(app.url + "/aanleveren?way=typed")
    page.get_by_role("textbox", name="Adres").fill("Dorpsstraat 1")
    page.get_by_role("button", name="Zoek").nth(1).click()
    page.get_by_text(re.compile("Een adres is een punt")).wait_for()
    page.get_by_text("vlak met een straal die ik kies").click()
    confirm(page)
    assert listed(page, app, "Dorpsstraat 1, Bunnik")
    assert recorded.elsewhere == []


def test_a_drawn_plot_with_its_area_while_drawing(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/aanleveren?way=drawn")
    frame = frame_of(page, "streamlit_folium")
    frame.locator(".leaflet-draw-draw-polygon").wait_for()
    frame.wait_for_timeout(1500)
    map_ = frame.locator(".leaflet-container")
    frame.locator(".leaflet-draw-draw-polygon").click()
    for x, y in ((700, 250), (715, 250), (715, 265)):
        map_.click(position={"x": x, "y": y})
        frame.wait_for_timeout(200)
    map_.hover(position={"x": 703, "y": 264})
    assert re.search(r"\d (ha|m²)", frame.locator(".leaflet-draw-tooltip").inner_text())
    picture(page, "tekenen")
    map_.click(position={"x": 700, "y": 265})
    frame.get_by_text("Klaar", exact=True).click()
    page.get_by_text(re.compile("Oppervlakte: ")).wait_for()
    page.get_by_label("Naam van de plek").fill("Getekende plek")
    page.get_by_label("Naam van de plek").press("Enter")
    confirm(page)
    assert listed(page, app, "Getekende plek")
    assert recorded.elsewhere == [] and recorded.errors == []


def test_a_plot_keeps_its_history(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/?plot=voorbeeld-09")
    page.locator(".lw-sheet").wait_for()
    page.get_by_text("Geschiedenis en wijzigen").click()
    page.get_by_label("Reden van de wijziging").fill("gesprek met de corporatie")
    page.get_by_label("aan zet").fill("raad")
    page.get_by_role("button", name="Bewaar de wijziging").click()
    still(page)
    page.locator(".lw-sheet").get_by_text("raad", exact=False).first.wait_for()


def test_without_pdok_the_message_says_what_would_do(open_page, tmp_path_factory):
    offline = App(
        tmp_path_factory.mktemp("offline"), extra={"LOCATIEWIJZER_PDOK": "http://127.0.0.1:9"}
    )
    offline.start()
    try:
        page, _ = open_page()
        page.goto(offline.url + "/aanleveren?way=typed")
        page.get_by_role("textbox", name="Kadastraal nummer").fill("EMN00 A 1234")
        page.get_by_role("button", name="Zoek").first.click()
        page.get_by_text(
            re.compile("PDOK is nu niet bereikbaar. Geef een percelenbestand")
        ).wait_for()
    finally:
        offline.stop()
