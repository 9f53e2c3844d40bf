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
from playwright.sync_api import expect

from geo.crs import to_wgs84
from tests.browser.conftest import App
from tests.browser.steps import frame_of, list_rows, map_frame, open_sheet, picture, still, type_day

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


class Reachable:
    """That server, which can go out of reach and come back at the same address."""

    def __init__(self):
        self.port = 0
        self.come()

    def come(self):
        self.server = HTTPServer(("127.0.0.1", self.port), Pdok)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def go(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def pdok():
    server = Reachable()
    yield server
    server.go()


@pytest.fixture(scope="module")
def app(tmp_path_factory, pdok):
    running = App(
        tmp_path_factory.mktemp("app"),
        extra={"LOCATIEWIJZER_PDOK": f"http://127.0.0.1:{pdok.port}"},
    )
    running.start()
    yield running
    running.end()


def test_an_address_and_a_parcel_are_found_on_the_map(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/")
    frame = map_frame(page)
    for sought, found, at in (
        ("Dorpsstraat 1", "Dorpsstraat 1, Bunnik · adres", (139_500, 449_200)),
        ("EMN00 A 1234", "EMN00 A 1234 · perceel", (147_040, 472_025)),
    ):
        page.get_by_label("Zoek plek, gemeente of plaats").fill(sought)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Zoek dit adres of perceel bij PDOK").click()
        page.get_by_role("button", name=found).click()
        point = to_wgs84(gpd.GeoSeries([shapely.Point(*at)], crs="EPSG:28992")).iloc[0]
        frame.wait_for_function(
            "([lat, lon]) => { const m = window.locatiewijzer.map, c = m.getCenter();"
            " return m.getZoom() >= 15.5 && Math.hypot(c.lat - lat, c.lng - lon) < 0.001; }",
            arg=[point.y, point.x],
        )


def upload(page, app, name, content, place=0):
    page.locator('input[type="file"]').nth(place).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def seek(page, what):
    """Ask PDOK; the button of a number and that of an address have the same name."""
    page.locator(f".st-key-find_{what}").get_by_role("button", name="Zoek").click()


def confirm(page):
    button = page.get_by_role("button", name=re.compile("Bevestig: bewaar"))
    button.wait_for()
    still(page)
    button.click()
    page.get_by_text(re.compile("Bewaard: ")).wait_for()


def listed(page, app, text):
    page.goto(f"{app.url}/?q={text}")
    rows = list_rows(page)
    still(page)
    # what a link filters by is told on opening it
    expect(page.get_by_role("button", name="Filter (1)")).to_be_visible()
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
    page.get_by_role("combobox", name="Kenmerk").wait_for()
    still(page)  # the map that comes after it would close the list
    page.get_by_role("combobox", name="Kenmerk").click()
    page.keyboard.type("opmerkingen")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    still(page)
    confirm(page)
    assert listed(page, app, "Excelplek")
    list_rows(page).first.locator(".lw-cell").click()
    open_sheet(page)
    page.get_by_role("tab", name="Gegevens").click()
    page.get_by_text("dossier 7").wait_for()
    # the match is remembered for this municipality
    page.goto(app.url + "/aanleveren")
    page.get_by_role("combobox", name="Voor welke gemeente levert u aan?").click()
    page.get_by_role("option", name="Bunnik").click()
    upload(page, app, "weer.xlsx", stream.getvalue())
    page.get_by_text("Welke kolom is wat?").click()
    page.get_by_role("combobox", name="Kenmerk").wait_for()
    expect(page.get_by_role("combobox", name="Kenmerk")).to_have_value("opmerkingen")
    page.get_by_text(re.compile("1 plek is er al")).wait_for()
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
    seek(page, "number")
    page.get_by_text("Perceel EMN00 Z 9 is niet gevonden").wait_for()
    number.fill("emn00-a-1234")
    seek(page, "number")
    confirm(page)
    assert listed(page, app, "EMN00 A 1234")
    page.goto(app.url + "/aanleveren?way=typed")
    page.get_by_role("textbox", name="Adres").fill("Dorpsstraat 1")
    seek(page, "address")
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
    # A square of more than a hundred hectares is asked about before it can have a name.
    page.get_by_text("erg groot voor een plek").wait_for()
    expect(page.get_by_label("Naam van de plek")).to_have_count(0)
    page.get_by_text("Ja, zo groot is de plek").click()
    page.get_by_label("Naam van de plek").fill("Getekende plek")
    page.get_by_label("Naam van de plek").press("Enter")
    confirm(page)
    assert listed(page, app, "Getekende plek")
    assert recorded.elsewhere == [] and recorded.errors == []


def test_a_plot_keeps_its_history(app, open_page):
    page, _ = open_page()
    page.goto(app.url + "/?plot=voorbeeld-09")
    page.locator(".lw-sheet").wait_for()
    late, _ = open_page()  # somebody who has the same plot open
    late.goto(app.url + "/?plot=voorbeeld-09&tab=facts")
    dialog, old = open_change(page), open_change(late)
    for label, words in TYPED.items():
        dialog.get_by_label(label, exact=True).fill(words)
    for label, words in CHOSEN.items():
        dialog.get_by_role("combobox", name=re.compile(label)).click()
        page.get_by_role("option", name=words, exact=True).click()
    for label, typed in DAYS.items():
        type_day(dialog.get_by_test_id("stDateInput").filter(has_text=label), *typed)
    dialog.get_by_label("Reden van de wijziging").fill("gesprek met de corporatie")
    dialog.get_by_role("button", name="Bewaar de wijziging").click()
    page.get_by_text("is gewijzigd.").wait_for()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="Gegevens").click()
    facts = page.locator(".lw-facts")
    for words in (*TYPED.values(), *CHOSEN.values(), "2 januari 2028", "4 maart 2033"):
        if words != "Nieuwe naam":
            said = f"{words[0]}.{words[1:]}" if words.isdigit() else words
            expect(facts).to_contain_text(re.compile(re.escape(said), re.I))
    picture(page, "plek-gewijzigd")
    # who was late is told what stands there now, and chooses
    old.get_by_label("Aan zet", exact=True).fill("provincie")
    old.get_by_label("Reden van de wijziging").fill("te laat")
    old.get_by_role("button", name="Bewaar de wijziging").click()
    expect(old).to_contain_text("er staat nu raad; u wilde provincie")
    old.get_by_role("button", name="Bewaar de wijziging").click()
    expect(old).to_have_count(0)
    # an undo does not undo what somebody else did since
    page.get_by_role("button", name="Maak ongedaan").click()
    page.get_by_text("Iemand anders heeft deze plek intussen gewijzigd").wait_for()
    late.get_by_role("button", name="Maak ongedaan").click()
    late.get_by_text("Het is ongedaan gemaakt").wait_for()
    expect(late.locator(".lw-facts")).to_contain_text("raad")


TYPED = {
    "Naam": "Nieuwe naam",
    "Adres": "Dorpsstraat 1",
    "Kadastraal nummer": "UTR00 A 12",
    "Bruto vloeroppervlak (m²)": "1234",
    "Opgegeven oppervlakte (m²)": "4321",
    "Aan zet": "raad",
    "Contactpersoon": "C. Orporatie",
    "Opmerkingen": "Eerst bellen.",
}
CHOSEN = {
    "Eigenaar": "Rijk",
    "Perceel of gebouw": "bestaand gebouw",
    "Bestemming": "gemengd",
    "Natuur": "in Natura 2000",
    "Stroomaansluiting": "beschikbaar",
    "Gemengd wonen mogelijk": "nee",
    "Stand": "kansrijk",
    "Vertrouwelijkheid": "openbaar",
}
DAYS = {"Beschikbaar vanaf": ("02", "01", "2028"), "Beschikbaar tot": ("04", "03", "2033")}


def open_change(page):
    page.locator(".lw-sheet .lw-criteria").first.wait_for(state="attached")
    still(page)
    page.get_by_role("button", name="Wijzig", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Naam", exact=True).wait_for()
    return dialog


def test_a_plot_is_taken_off_the_map_put_back_and_reshaped(app, open_page):
    page, recorded = open_page()
    page.goto(app.url + "/?plot=voorbeeld-11")
    name = page.locator(".lw-sheet h2")
    name.wait_for()
    before = name.inner_text()
    dialog = open_change(page)
    dialog.get_by_text("Haal van de kaart").first.click()
    dialog.get_by_text("verdwijnt van de kaart en uit de lijst").wait_for()
    dialog.get_by_role("button", name="Haal van de kaart").last.click()
    dialog.get_by_text("Geef een reden").wait_for()
    # no pause between typing and the press
    dialog.get_by_label("Reden van de wijziging").fill("stond er dubbel in")
    dialog.get_by_role("button", name="Haal van de kaart").last.click()
    page.get_by_text("staat niet meer op de kaart").wait_for()
    assert before not in page.locator(".lw-list").inner_text()
    # it can be put back later, from the page of deliveries
    page.goto(app.url + "/aanleveren?way=log")
    page.get_by_role("combobox", name=re.compile("Welke plek wilt u terugzetten")).click()
    page.get_by_role("option", name=re.compile(re.escape(before))).click()
    page.get_by_role("button", name="Zet terug op de kaart").click()
    page.get_by_text("is teruggezet").wait_for()
    page.get_by_role("button", name="Bekijk op de kaart").click()
    page.wait_for_url("**plot=voorbeeld-11*")
    expect(name).to_have_text(before)
    # its shape on the map of the dialog: a corner of another shape, drawn by its own tool
    dialog = open_change(page)
    dialog.get_by_text("Vorm op de kaart").click()
    still(page)
    page.locator('[role="dialog"] iframe').wait_for()
    frame = page.locator('[role="dialog"] iframe').element_handle().content_frame()
    frame.wait_for_function("window.locatiewijzer !== undefined")
    frame.evaluate(
        "(() => { const { map } = window.locatiewijzer; let drawn = null;"
        " map.eachLayer((l) => { if (l.options.color === '#d4006a') drawn = l; });"
        " const ring = drawn.getLatLngs()[0]; ring[0].lat += 0.0002; drawn.setLatLngs([ring]);"
        " map.fire('draw:edited', { layers: L.layerGroup([drawn]) }); })()"
    )
    dialog.get_by_label("Reden van de wijziging").fill("ingemeten")
    dialog.get_by_role("button", name="Bewaar de tekening").click()
    page.get_by_text("is gewijzigd").wait_for()
    page.get_by_role("tab", name="Historie").click()
    page.get_by_role("button", name="Zet terug naar een eerdere stand").click()
    dialog.get_by_label("Reden van de wijziging").fill("toch niet")
    dialog.get_by_role("button", name="Zet terug").last.click()
    page.get_by_text("is teruggezet").wait_for()
    assert recorded.errors == []


def test_without_pdok_the_message_says_what_would_do(app, pdok, open_page):
    page, _ = open_page()
    page.goto(app.url + "/aanleveren?way=typed")
    page.get_by_role("textbox", name="Kadastraal nummer").fill("EMN00 A 4321")
    pdok.go()
    try:
        seek(page, "number")
        page.get_by_text(
            re.compile("PDOK is nu niet bereikbaar. Geef een percelenbestand")
        ).wait_for()
    finally:
        pdok.come()


def parcels(count):
    """A file of parcels, and a list of the same numbers in as many spellings."""
    shapes = [shapely.box(141_000 + 120 * i, 459_500, 141_100 + 120 * i, 459_580) for i in range(count)]  # fmt: skip
    table = gpd.GeoDataFrame(
        {"AKRKadastraleGemeenteCodeWaarde": "DBT00", "kadastraleGemeenteWaarde": "De Bilt",
         "sectie": "B", "perceelnummer": [1000 + i for i in range(count)]},
        geometry=shapes, crs="EPSG:28992",
    )  # fmt: skip
    spellings = (
        "DBT00 B {}",
        "dbt00-b-0{}",
        "De Bilt B {}",
        "gemeente De Bilt, sectie B, nummer {}",
    )
    numbers = [spellings[i % 4].format(1000 + i) for i in range(count)]
    return table, numbers


def test_a_list_of_numbers_against_a_parcels_file(app, open_page, tmp_path):
    table, numbers = parcels(40)
    table.iloc[:38].to_file(tmp_path / "percelen.gpkg")
    book = openpyxl.Workbook()
    book.active.append(["Naam", "Kadastraal nummer"])
    for place, number in enumerate(numbers):
        book.active.append([f"Lijstplek {place}", number])
    stream = io.BytesIO()
    book.save(stream)
    page, recorded = open_page()
    page.goto(app.url + "/aanleveren")
    page.locator('input[type="file"]').first.set_input_files(
        [
            {"name": "lijst.xlsx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()},
            {"name": "percelen.gpkg", "mimeType": "application/octet-stream",
             "buffer": (tmp_path / "percelen.gpkg").read_bytes()},
        ]
    )  # fmt: skip
    page.get_by_text("38 van 40 kadastrale nummers of adressen gevonden").wait_for()
    page.get_by_role("button", name="Zoek de 2 op bij PDOK").click()
    still(page)
    picture(page, "aanleveren-lijst")
    expect(page.get_by_text("38 van 40 kadastrale nummers of adressen gevonden")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Download de 2 die ontbreken")).click()
    rest = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert [row[1] for row in rest.iter_rows(min_row=2, values_only=True)] == ["DE BILT B 1038", "DE BILT B 1039"]  # fmt: skip
    picture(page, "aanleveren-lijst")
    page.get_by_role("button", name="Bevestig: bewaar 38 plekken (38 vertrouwelijk)").wait_for()
    confirm(page)
    assert listed(page, app, "Lijstplek 37")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_three_files_at_once_are_one_delivery(app, open_page):
    def row(name, x, openness):
        shape = shapely.box(x, 448_000, x + 100, 448_080)
        return f"naam;wkt;openbaarheid\n{name};{shape.wkt};{openness}\n".encode()

    page, _ = open_page()
    page.goto(app.url + "/aanleveren")
    page.locator('input[type="file"]').first.set_input_files(
        [
            {"name": f"{n}.csv", "mimeType": "text/csv", "buffer": row(f"Drieling {n}", x, o)}
            for n, x, o in (("een", 141_000, "openbaar"), ("twee", 141_300, "niet openbaar"),
                            ("drie", 141_600, "ja"))
        ]
    )  # fmt: skip
    button = page.get_by_role("button", name="Bevestig: bewaar 3 plekken (2 vertrouwelijk, 1 openbaar)")  # fmt: skip
    button.wait_for()
    expect(button).to_be_disabled()
    page.get_by_text("nee, ze blijven vertrouwelijk").click()
    still(page)
    picture(page, "aanleveren-drie")
    confirm(page)
    page.reload()  # a new session: the page says all the same what became of what was pressed
    page.get_by_text(re.compile("Bewaard: 3 plekken")).wait_for()
    for name in ("een", "twee", "drie"):
        assert listed(page, app, f"Drieling {name}")


def undo(page, app, file_name):
    """Try to take a delivery back; what the page says of it is for the test to wait for."""
    page.goto(app.url + "/aanleveren?way=log")
    box = page.get_by_role("combobox", name="Welke aanlevering?")
    box.click()
    page.get_by_role("option", name=re.compile(re.escape(file_name))).first.click()
    still(page)
    page.get_by_label("Waarom draait u terug?").fill("toch niet")
    page.get_by_role("button", name="Draai deze aanlevering terug").click()


def test_a_zip_with_a_file_for_each_plot_and_undo_in_every_order(app, open_page):
    def archive(word):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as packed:
            for place in range(3):
                shape = shapely.box(144_000 + 300 * place, 461_000, 144_100 + 300 * place, 461_080)
                packed.writestr(f"plek{place}.csv", f"naam;wkt\n{word} {place};{shape.wkt}\n")
        return stream.getvalue()

    page, recorded = open_page()
    for name, word in (("eerst.zip", "Zipplek"), ("later.zip", "Hernoemd")):
        page.goto(app.url + "/aanleveren")
        upload(page, app, name, archive(word))
        page.get_by_role("button", name="Lees de aangevinkte delen").click()
        page.get_by_role("button", name=re.compile("Bevestig: bewaar")).wait_for()
        if name == "later.zip":
            page.get_by_text("de bestaande plek bijwerken").click()
            still(page)
        page.get_by_role("button", name=re.compile("Bevestig: bewaar 3 plekken")).wait_for()
        confirm(page)
    assert listed(page, app, "Hernoemd 2") and not listed(page, app, "Zipplek")
    # the first lies under the second, and the page says so
    undo(page, app, "eerst.zip")
    page.get_by_text(re.compile("opnieuw aangeleverd. Draai eerst terug")).wait_for()
    # a change by hand lies over the second
    page.goto(app.url + "/?q=Hernoemd 2")
    list_rows(page).first.locator(".lw-cell").click()
    open_sheet(page)
    dialog = open_change(page)
    dialog.get_by_label("Reden van de wijziging").fill("gesprek")
    dialog.get_by_label("Aan zet", exact=True).fill("raad")
    dialog.get_by_role("button", name="Bewaar de wijziging").click()
    page.get_by_text("is gewijzigd.").wait_for()
    changed = page.url
    undo(page, app, "later.zip")
    page.get_by_text(re.compile("met de hand gewijzigd. Zet die plek eerst terug")).wait_for()
    picture(page, "aanleveren-geweigerd")
    # as the refusal says: put back, and then undo the one after the other
    page.goto(changed)
    open_sheet(page)
    page.get_by_role("tab", name="Historie").click()
    page.get_by_role("button", name="Zet terug naar een eerdere stand").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reden van de wijziging").fill("op verzoek")
    page.keyboard.press("Tab")
    picture(page, "geschiedenis-terugzetten")
    dialog.get_by_role("button", name="Zet terug").last.click()
    page.get_by_text("is teruggezet").wait_for()
    for name in ("later.zip", "eerst.zip"):
        undo(page, app, name)
        page.get_by_text(re.compile("is teruggedraaid")).wait_for()
    assert not listed(page, app, "Zipplek") and not listed(page, app, "Hernoemd")
    assert recorded.errors == [] and recorded.elsewhere == []


def test_a_photo_is_no_plot_and_is_kept_with_one(app, open_page):
    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (640, 400), "olive").save(kept, "JPEG")
    page, recorded = open_page()
    page.goto(app.url + "/aanleveren")
    upload(page, app, "veld.jpg", kept.getvalue())
    page.get_by_text("zegt niet waar de omtrek loopt").wait_for()
    box = page.get_by_role("combobox", name=re.compile("Bij welke plek hoort veld.jpg"))
    # the list is long after other deliveries, and shows what was typed
    box.fill("Weiland langs de stadsrand")
    page.get_by_role("option", name=re.compile("Weiland langs de stadsrand")).first.click()
    page.get_by_role("button", name="Bewaar bij deze plek").click()
    page.get_by_text("Bewaard bij de plek, vertrouwelijk.").wait_for()
    picture(page, "aanleveren-foto")
    page.get_by_role("button", name="Teken de plek").click()
    expect(page.get_by_text("zegt niet waar de omtrek loopt")).to_have_count(0)
    page.goto(app.url + "/?plot=voorbeeld-01")
    page.locator(".lw-sheet").wait_for()
    page.get_by_role("tab", name="Foto’s (1)").click()
    page.get_by_role("button", name="Bekijk").click()
    expect(page.locator('[data-testid="stImage"] img')).to_have_count(1)
    picture(page, "plek-bijlagen")
    page.get_by_role("button", name="Trek in").click()
    page.get_by_role("tab", name="Foto’s (0)").wait_for()
    assert recorded.errors == [] and recorded.elsewhere == []
