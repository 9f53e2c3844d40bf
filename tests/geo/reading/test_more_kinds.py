"""More inputs of the kinds that once ended silently wrong: each says or asks what it should."""

import datetime as dt
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pyproj
import pytest
import shapely
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import Font

from geo.cadastral import LookupFailedError, parse_cadastral_numbers
from geo.crs import rd_to_lonlat
from geo.reading import forms, words
from geo.reading.columns import column_of, match_columns, read_cell
from geo.reading.coordinates import axis_of, pair
from geo.reading.lists import address_keys, wanted_of_row
from geo.reading.read import read_file
from geo.reading.result import ReadOptions

BOXES = [shapely.box(x, y, x + 100, y + 80) for x, y in
         ((141_000, 459_500), (141_400, 459_900), (142_000, 460_300))]  # fmt: skip


def keys(reading):
    return {m.key for m in reading.messages} | {m.key for r in reading.rows for m in r.messages}


# --- confidentiality -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["openbaar na", "Openbaar vanaf", "datum openbaar", "gewenste openbaarheid", "openbaar (toekomst)",
     "concept openbaarheid", "kans op openbaarheid", "wordt openbaar", "openbaarheid voorstel",
     "vertrouwelijk tot", "openbaarheid volgens eigenaar", "public from", "un-public"],
)  # fmt: skip
def test_a_class_under_a_header_with_a_condition_is_doubt(header):
    assert match_columns([header], {})[header] == "confidentiality"
    value, remark, kept = read_cell("confidentiality", header, "openbaar")
    assert value == "vertrouwelijk" and remark.key == "read.class.doubt" and "openbaar" in kept


@pytest.mark.parametrize(
    "cell", ["openbaar...", "- openbaar", "openbaar -", "openbaar/", "(openbaar)", "openbaar &", "_openbaar"]
)  # fmt: skip
def test_a_class_with_a_stroke_or_dots_is_doubt(cell):
    assert read_cell("confidentiality", "openbaarheid", cell)[0] == "vertrouwelijk"


@pytest.mark.parametrize("cell", ["openbaar.", " 'openbaar' ", '"Openbaar"'])
def test_a_class_between_quotes_counts(cell):
    assert read_cell("confidentiality", "openbaarheid", cell)[:2] == ("openbaar", None)


@pytest.mark.parametrize(
    "text",
    ["niet bekendmaken", "stilhouden", "NDA getekend", "niet communiceren", "raad weet dit nog niet",
     "do not disclose", "bestuurlijk gevoelig", "eigenaar is nog niet op de hoogte", "restricted",
     "not for publication", "pas publiceren na 1 mei", "publicatie pas na besluit", "niet doorsturen",
     "wacht met publicatie", "mag niet op de kaart", "nog niet bekend bij omwonenden", "openbaar: nee",
     "WOO: weigeren", "besloten vergadering", "vertr.", "unannounced", "don't share"],
)  # fmt: skip
def test_words_of_secrecy_in_any_column_keep_a_plot_confidential(text):
    assert words.says_secret(text)


@pytest.mark.parametrize(
    "text",
    ["ligt in stiltegebied", "eerst openbaar vervoer verbeteren", "niet bereikbaar met openbaar vervoer", "openbare school", "internationale school", "naast openbaar groen",
     "intern verbouwd in 2020", "particulier", "geen publiek vervoer"],
)  # fmt: skip
def test_words_that_only_look_like_secrecy_do_not(text):
    assert not words.says_secret(text)


@pytest.mark.parametrize("header", ["Embargo", "Rubricering", "Mag naar buiten", "Woo-status",
                                    "Mag gedeeld worden", "Sensitivity", "TLP code"])  # fmt: skip
def test_headers_about_secrecy_in_other_words(header):
    assert match_columns([header], {})[header] == "confidentiality"
    assert read_cell("confidentiality", header, "ja")[0] == "vertrouwelijk"


@pytest.mark.parametrize(
    "header",
    ["Nummer op de kaart", "Gedeeld gebruik", "Gevoeligheid voor geluid", "Deelbaar", "Woonplaats"],
)
def test_headers_that_only_look_as_if_about_secrecy(header):
    assert match_columns([header], {})[header] != "confidentiality"


def sheet(tmp_path, change, name="plekken.xlsx"):
    book = openpyxl.Workbook()
    own = book.active
    own.append(["naam", "wkt", "openbaarheid"])
    for place, box in enumerate(BOXES):
        own.append([f"plek {place}", box.wkt, "openbaar"])
    change(book)
    book.save(tmp_path / name)
    return read_file(tmp_path / name)


def _comment(book):
    book.active["A3"].comment = Comment("nog niet openbaar", "a")


def _page_header(book):
    book.active.oddHeader.center.text = "VERTROUWELIJK"


def _title(book):
    book.properties.title = "Strikt vertrouwelijk"


def _other_sheet(book):
    book.create_sheet("Toelichting").append(["Deze lijst is geheim"])


@pytest.mark.parametrize("change", [_comment, _page_header, _title, _other_sheet])
def test_secrecy_beside_the_cells_holds_for_all(tmp_path, change):
    reading = sheet(tmp_path, change)
    assert reading.classes == {"vertrouwelijk": 3} and "read.class.beside" in keys(reading)
    assert sheet(tmp_path, lambda book: None).classes == {"openbaar": 3}


def test_what_is_struck_through_is_told_and_confidential(tmp_path):
    def strike(book):
        book.active["C3"].font = Font(strike=True)

    reading = sheet(tmp_path, strike)
    assert reading.plots["confidentiality"].tolist() == ["openbaar", "vertrouwelijk", "openbaar"]
    assert [r.row for r in reading.rows if any(m.key == "read.row.struck" for m in r.messages)] == [
        3
    ]


def test_a_read_me_in_a_zip_holds_for_its_plots(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("plekken.csv", f'naam;wkt;openbaarheid\na;"{BOXES[0].wkt}";openbaar\n')
        archive.writestr("LEESMIJ.txt", "Beste lezer,\nDeze plekken zijn nog niet openbaar.\n")
    reading = read_file(tmp_path / "a.zip")
    assert reading.classes == {"vertrouwelijk": 1}


# --- words, sizes, days --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "header", "cell"),
    [("state", "status", "kansrijk ..."), ("nature", "natuur", "NNN -"), ("zoning", "bestemming", "natuur -"),
     ("state", "status", "- kansrijk"), ("nature", "natuur", "NNN/Natura 2000"),
     ("available_from", "beschikbaar vanaf", "1-1-2027 nog niet zeker"),
     ("available_from", "beschikbaar vanaf", "1-1-2027 t/m 1-1-2030"),
     ("available_from", "beschikbaar vanaf", "2027-01-01 onder voorbehoud"),
     ("stated_area_m2", "oppervlakte", "8,000"), ("stated_area_m2", "oppervlakte (ha)", 8000),
     ("gfa_m2", "bvo", "niet 500"), ("gfa_m2", "bvo", "500 euro"), ("gfa_m2", "bvo", "max 500")],
)  # fmt: skip
def test_what_may_mean_something_else_is_unknown_and_kept(column, header, cell):
    value, remark, kept = read_cell(column, header, cell)
    assert value is None and remark is not None and kept == f"{header}: {cell}"


@pytest.mark.parametrize(
    ("header", "cell", "meant"),
    [("oppervlakte (ha)", "8.000", 80_000), ("oppervlakte", "0.80.00", 8000), ("opp (ha)", "0.80.00", 8000),
     ("kadastrale grootte", "0 ha 80 a 25 ca", 8025), ("oppervlakte", "8.000", 8000),
     ("oppervlakte ha", "8.000 m2", 8000), ("oppervlakte (ha)", "0,8", 8000), ("opp", "8.000 ha", 80_000)],
)  # fmt: skip
def test_sizes_in_the_unit_they_are_written_in(header, cell, meant):
    assert column_of(header) == "stated_area_m2"
    assert read_cell("stated_area_m2", header, cell) == (pytest.approx(meant), None, None)


def test_a_number_that_is_about_is_told():
    value, remark, kept = read_cell("gfa_m2", "bvo", "ca. 800 m2")
    assert value == 800 and remark.key == "read.cell.about" and "ca. 800" in kept
    assert read_cell("available_from", "vanaf", "2027-01-01 12:30:00")[0] == dt.date(2027, 1, 1)


# --- places --------------------------------------------------------------------------------------

LON, LAT = 5.1835, 52.1239


@pytest.mark.parametrize(
    "text",
    ["N 52° 07.434 E 005° 11.010", "52 7 26.04 N 5 11 0.6 E", "52-07-26.04N 005-11-00.6E",
     "52:07:26.04 5:11:00.6", "geo:52.1239,5.1835", '{"lat":52.1239,"lng":5.1835}', "52.1239 en 5.1835",
     "LatLng(52.1239, 5.1835)", "52.1239 graden NB, 5.1835 graden OL", "breedte 52.1239 lengte 5.1835",
     "https://www.bing.com/maps/?v=2&cp=52.0~5.0&lvl=16&sp=point.52.1239_5.1835_Plek",
     "https://www.bing.com/maps?cp=52.1239~5.1835&lvl=16", "https://bing.com/maps/default.aspx?where1=52.1239,5.1835",
     "https://maps.apple.com/?ll=52.1239,5.1835&q=Plek", "https://maps.apple.com/place?coordinate=52.1239,5.1835",
     "https://maps.google.com/?q=loc:52.1239+5.1835", "google.nl/maps/@52.1239,5.1835,17z",
     "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d1000!2d5.1835!3d52.1239!2m3",
     "https://www.openstreetmap.org/?mlon=5.1835&mlat=52.1239", "https://waze.com/ul?ll=52.1239,5.1835",
     "https://share.here.com/l/52.1239,5.1835,Plek", "https://umap.openstreetmap.fr/nl/map/x_1#15/52.1239/5.1835"],
)  # fmt: skip
def test_more_pairs_and_links_in_degrees(text):
    assert pair(text) == pytest.approx((LON, LAT), abs=1e-5)


@pytest.mark.parametrize(
    "text",
    ["X141050 Y459540", "141050 en 459540", "RD X 141050 RD Y 459540",
     "https://bagviewer.kadaster.nl/lvbag/bag-viewer/index.html#?geometry.x=141050&geometry.y=459540&zoomlevel=7",
     "https://www.topotijdreis.nl/kaart/2023/@141050,459540,10",
     "https://omgevingswet.overheid.nl/regels-op-de-kaart/locatie?locatie-x=141050&locatie-y=459540",
     "https://kaart.nl/viewer?center=141050,459540&scale=1000"],
)  # fmt: skip
def test_more_pairs_and_links_in_rd(text):
    assert pair(text) == (141_050, 459_540)


@pytest.mark.parametrize(
    "link",
    ["https://maps.app.goo.gl/abc123", "https://gis.nl/?extent=141000,459500,141100,459580,28992",
     "https://www.google.com/maps/place/Dorpsstraat+1", "https://x.nl/?xmin=141000&ymin=459500&xmax=1&ymax=2"],
)  # fmt: skip
def test_a_link_without_one_place_in_it_is_none(link):
    assert pair(link) is None


@pytest.mark.parametrize(
    ("x", "y"),
    [("INSIDE_X", "INSIDE_Y"), ("lon (E)", "lat (N)"), ("Rechtswaarde", "Hoogwaarde"), ("X_mid", "Y_mid"),
     ("EASTINGS", "NORTHINGS"), ("RDNAP_X", "RDNAP_Y"), ("centroide_ll_x", "centroide_ll_y"),
     ("x-coordinaat (Rijksdriehoekstelsel)", "y-coordinaat (Rijksdriehoekstelsel)")],
)  # fmt: skip
def test_more_headers_of_coordinates(x, y):
    assert (axis_of(x), axis_of(y)) == ("x", "y")


PRJ = (
    'PROJCS["x",GEOGCS["y",DATUM["D_onbekend",SPHEROID["Bessel",{size}]{shift}],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.017453292519943295]],PROJECTION["Double_Stereographic"],'
    'PARAMETER["False_Easting",155000],PARAMETER["False_Northing",463000],'
    'PARAMETER["Central_Meridian",{lon}],PARAMETER["Scale_Factor",{scale}],'
    'PARAMETER["Latitude_Of_Origin",{lat}],UNIT["Meter",1]]'
)
RD_PRJ = {"size": "6377397.155,299.1528128", "shift": "", "lon": "5.38763888888889",
          "scale": "0.9999079", "lat": "52.15616055555555"}  # fmt: skip


def shapefile(tmp_path, prj, change=lambda at: at, boxes=BOXES):
    shapes = [shapely.transform(box, change) for box in boxes]
    gpd.GeoDataFrame({"naam": list("abc")[: len(boxes)]}, geometry=shapes).to_file(
        tmp_path / "p.shp"
    )
    if prj is not None:
        (tmp_path / "p.prj").write_text(prj)
    return read_file(tmp_path / "p.shp")


@pytest.mark.parametrize(
    "other",
    [{"shift": ",TOWGS84[0,0,0,0,0,0,0]"}, {"shift": ",TOWGS84[593.16,26.15,478.54,-6.32,-0.5,-5.55,4.08]"},
     {"lat": "52.15616", "lon": "5.38764"}, {"lat": "52.1562", "lon": "5.3876"}, {"scale": "0.999908"},
     {"size": "6377397,299.15"}],
)  # fmt: skip
def test_rd_in_rounded_or_wrongly_shifted_parameters_is_rd(tmp_path, other):
    reading = shapefile(tmp_path, PRJ.format(**{**RD_PRJ, **other}))
    assert reading.system == "EPSG:28992" and not reading.questions
    assert reading.plots.total_bounds == pytest.approx(
        (141_000, 459_500, 142_100, 460_380), abs=0.01
    )


@pytest.mark.parametrize(
    "other", [{"scale": "1"}, {"size": "6378388,297"}, {"size": "6377483.865,299.15"}]
)
def test_what_only_looks_like_rd_is_asked(tmp_path, other):
    assert "system" in shapefile(tmp_path, PRJ.format(**{**RD_PRJ, **other})).questions


def test_a_shift_of_nothing_is_no_known_shift(tmp_path):
    prj = PRJ.format(**{**RD_PRJ, "shift": ",TOWGS84[0,0,0,0,0,0,0]"}).replace("155000", "141000")
    assert "system" in shapefile(tmp_path, prj).questions


@pytest.mark.parametrize(
    ("x", "y"), [(233_000, 582_000), (176_000, 317_000), (31_000, 391_000)], ids=["noord", "zuid", "west"]
)  # fmt: skip
@pytest.mark.parametrize("system", [28992, 4326, 25831, None])
def test_swapped_axes_are_found_anywhere_in_the_country(tmp_path, x, y, system):
    to_it = pyproj.Transformer.from_crs(4326, system or 28992, always_xy=True)

    def swapped(at):
        return (
            np.column_stack(to_it.transform(*rd_to_lonlat(at).T))[:, ::-1]
            if system
            else at[:, ::-1]
        )

    prj = pyproj.CRS(system).to_wkt("WKT1_ESRI") if system else None
    reading = shapefile(tmp_path, prj, swapped, [shapely.box(x, y, x + 100, y + 80)])
    assert reading.system.endswith("+swapped") and "read.crs.swapped" in keys(reading)
    assert "system" in reading.questions and "outside" in reading.questions
    assert reading.plots.total_bounds == pytest.approx((x, y, x + 100, y + 80), abs=1)


def test_kilometres_and_a_wrong_declaration_are_told(tmp_path):
    prj = pyproj.CRS(28992).to_wkt("WKT1_ESRI")
    reading = shapefile(tmp_path, prj, lambda at: at / 1000)
    assert "EPSG:28992+km" in reading.system_candidates and "read.crs.rather" in keys(reading)
    chosen = read_file(tmp_path / "p.shp", ReadOptions(system="EPSG:28992+km"))
    assert chosen.plots.total_bounds == pytest.approx(
        (141_000, 459_500, 142_100, 460_380), abs=0.01
    )
    degrees = shapefile(tmp_path, pyproj.CRS(4326).to_wkt("WKT1_ESRI"))
    assert "read.crs.wrong" in keys(degrees) and degrees.system == "EPSG:28992"


@pytest.mark.parametrize("change", [lambda at: at[:, ::-1], rd_to_lonlat, lambda at: at / 1000])
def test_a_row_that_is_written_otherwise_than_the_rest_is_refused_and_says_so(tmp_path, change):
    boxes = [*BOXES[:2], shapely.transform(BOXES[2], change)]
    reading = shapefile(tmp_path, pyproj.CRS(28992).to_wkt("WKT1_ESRI"), boxes=boxes)
    assert len(reading.plots) == 2 and reading.rows[2].messages[0].key == "read.row.other_system"


def corners_of(order, name=lambda plot, corner: f"plek {plot}", more=""):
    lines = [f"naam;punt;x;y{';openbaarheid' if more else ''}"]
    for plot, corner in order:
        x, y = list(BOXES[plot].exterior.coords)[corner % 4]
        lines.append(
            f"{name(plot, corner)};{corner % 4 + 1};{x:.0f};{y:.0f}{more and more(corner)}"
        )
    return "\n".join(lines)


ALL = [(plot, corner) for plot in range(3) for corner in range(4)]


@pytest.mark.parametrize(
    "text",
    [corners_of(sorted(ALL, key=lambda at: at[1])), corners_of([(p, c) for p in range(3) for c in (2, 0, 3, 1)]),
     corners_of(ALL, lambda plot, corner: "" if corner else f"plek {plot}"), corners_of(ALL, lambda *_: "plek"),
     corners_of([(p, c) for p in range(3) for c in range(5)])],
    ids=["by corner", "shuffled", "name once", "one name", "closed"],
)  # fmt: skip
def test_corners_in_any_order_make_the_plots_they_belong_to(tmp_path, text):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    shapes = read_file(tmp_path / "a.csv").plots.geometry
    assert len(shapes) == 3 and all(one.equals(box) for one, box in zip(shapes, BOXES, strict=True))


def test_corners_that_say_different_things_are_doubt(tmp_path):
    text = corners_of(ALL[:4], more=lambda corner: ";geheim" if corner == 2 else ";openbaar")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read_file(tmp_path / "a.csv").classes == {"vertrouwelijk": 1}


def test_a_column_for_each_corner_is_an_area_and_a_box_is_no_point(tmp_path):
    cells = [f"{x:.0f} {y:.0f}" for x, y in list(BOXES[0].exterior.coords)[:4]]
    (tmp_path / "a.csv").write_text("naam;punt 1;punt 2;punt 3;punt 4\na;" + ";".join(cells))
    assert read_file(tmp_path / "a.csv").plots.geometry.iloc[0].equals(BOXES[0])
    (tmp_path / "b.csv").write_text("naam;xmin;ymin;xmax;ymax\na;141000;459500;141100;459580\n")
    assert read_file(tmp_path / "b.csv", ReadOptions(buffer_m=25)).questions == ("place",)


@pytest.mark.parametrize(
    "header", ["vertrouw_1", "openbaarh", "confident", "openbaar_j", "geheimhoud"]
)
def test_class_headers_that_a_shapefile_cut_off(header):
    assert match_columns([header], {})[header] == "confidentiality"


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Eemnes A1234", ["EEMNES A 1234"]), ("A 1234 Eemnes", ["EEMNES A 1234"]),
     ("perceel A 1234 te Eemnes", ["EEMNES A 1234"]), ("Eemnes (EMN00) A 1234", ["EMN00 A 1234"]),
     ("EMN00/A/1234", ["EMN00 A 1234"]), ("kad. Eemnes A 1234", ["EEMNES A 1234"]),
     ("EMN00A1234, A1235", ["EMN00 A 1234", "EMN00 A 1235"]),
     ("Eemnes A 1234 t/m 1236", ["EEMNES A 1234", "EEMNES A 1235", "EEMNES A 1236"])],
)  # fmt: skip
def test_more_spellings_of_numbers(text, meant):
    assert [str(number) for number in parse_cadastral_numbers(text)] == meant


@pytest.mark.parametrize(
    "text",
    ["EMN00 A 1234 deels", "EMN00 A 1234 (ged.)", "niet EMN00 A 1234", "naast EMN00 A 1234", "Sectie A 1234",
     "EMN00 A 1234 en omgeving", "EMN00-A-1234-A1", "EMN00 A 1234?"],
)  # fmt: skip
def test_a_part_of_a_parcel_or_one_beside_it_is_not_the_parcel(text):
    with pytest.raises(LookupFailedError):
        parse_cadastral_numbers(text)


def test_section_and_parcel_beside_their_municipality():
    for values in ({"gemeente": "Eemnes", "perceel": "A 1234"}, {"gemeente": "Eemnes", "kadastraal": "A1234"},
                   {"Kad.gem.": "Eemnes", "Sec.": "A", "Perc.": 1234.0}):  # fmt: skip
        columns = match_columns(list(values), {})
        assert wanted_of_row(values, columns) == [("parcel", "EEMNES A 1234")]


@pytest.mark.parametrize("text", ["naast Dorpsstraat 1, 3731 AA De Bilt", "nabij Dorpsstraat 1, De Bilt",
                                  "achter Dorpsstraat 1, 3731 AA De Bilt", "Dorpsstraat t.o. 1, De Bilt"])  # fmt: skip
def test_a_place_beside_an_address_is_not_the_address(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(
        f"naam;adres\na;{text}\nb;Achter Clarenburg 2, 3511 JJ Utrecht\n", encoding="utf-8"
    )
    reading = read_file(path)
    assert [one.row for one in reading.wanted] == [3]
    assert reading.rows[0].messages[0].key == "read.row.beside"


def test_a_postcode_and_a_number_are_an_address():
    values = {"postcode": "3731 AA", "huisnummer": 1}
    ((kind, key),) = wanted_of_row(values, match_columns(list(values), {}))
    assert kind == "address" and address_keys(key) & address_keys("Dorpsstraat 1, 3731AA De Bilt")


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.eml", b"DKIM-Signature: v=1\nReceived: x\nFrom: a@b\n\nhoi", "read.mail"),
        ("a.msg", b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "__substg1.0_0037".encode("utf-16-le"), "read.mail"),
        ("a.xlsx", b"<!doctype html>\n<html lang=nl><title>Inloggen</title>", "read.html"),
        ("a.json", b'{"error":{"code":498,"message":"Invalid token"}}', "read.error_answer"),
        ("a.gml", b'<ows:ExceptionReport xmlns:ows="http://x"><ows:Exception/></ows:ExceptionReport>',
         "read.error_answer"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feat', "read.json_broken"),
        ("a.dgn", b"\x08\x09\xfe\x02" + b"\0" * 600, "read.dgn"),
        ("a.dgn", b"\xc8\x09\xfe\x02" + b"\0" * 600, "read.dgn"),
        ("a.dwg", b"AC1032" + b"\0" * 600, "read.dwg"), ("a.mdb", b"\0\x01\0\0Standard Jet DB\0", "read.database"),
        ("a.qgs", b'<!DOCTYPE qgis PUBLIC "x" "SYSTEM">\n<qgis version="3"/>', "read.project"),
        ("a.lyrx", b'{"type":"CIMLayerDocument","version":"2.9"}', "read.project"),
        ("a.rtf", b"{\\rtf1 hoi}", "read.office"), ("a.webloc", b"<plist><dict><key>URL</key></dict></plist>",
                                                    "read.shortcut"),
        ("a.tar", b"a" + b"\0" * 256 + b"ustar" + b"\0" * 300, "read.other_archive"),
        ("a.eps", b"%!PS-Adobe-3.0\n", "read.picture"),
    ],
)  # fmt: skip
def test_what_holds_no_plots_is_called_by_its_name(tmp_path, name, content, key):
    (tmp_path / name).write_bytes(content)
    assert read_file(tmp_path / name).refused.key == key


def test_a_multipatch_is_named_and_says_what_would_do(tmp_path):
    solid = shapely.MultiPolygon([[[(141_000, 459_500, 1), (141_100, 459_500, 2), (141_100, 459_580, 3)]],
                                  [[(141_000, 459_500, 1), (141_100, 459_580, 3), (141_000, 459_580, 2)]]])  # fmt: skip
    table = gpd.GeoDataFrame({"naam": ["a"]}, geometry=[solid], crs=28992)
    table.to_file(tmp_path / "a.shp", layer_options={"SHPT": "MULTIPATCH"})
    reading = read_file(tmp_path / "a.shp")
    assert reading.rows[0].messages[0].key == "read.row.multipatch"
    assert "multipatch" in reading.refused.text("nl")


def test_several_geodatabases_and_files_in_one_zip_are_all_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for place, box in enumerate(BOXES[:2]):
            folder = tmp_path / f"{place}.gdb"
            table = gpd.GeoDataFrame({"naam": ["a"]}, geometry=[box], crs=28992)
            table.to_file(folder, driver="OpenFileGDB", layer="plek")
            for part in folder.iterdir():
                archive.write(part, f"map/{folder.name}/{part.name}")
        archive.writestr("c.csv", f'naam;wkt\nc;"{BOXES[2].wkt}"\n')
    reading = read_file(tmp_path / "a.zip")
    assert reading.refused is None and "layer" in reading.questions
    assert sorted(round(g.bounds[0]) for g in reading.plots.geometry) == [141_000, 141_400, 142_000]


def test_closed_lines_beside_areas_are_areas_but_for_borders_of_those(tmp_path):
    lines = [shapely.LineString(box.exterior.coords) for box in BOXES]
    table = gpd.GeoDataFrame(geometry=[BOXES[0], lines[0], lines[1]], crs=28992)
    table.to_file(tmp_path / "a.gpkg")
    reading = read_file(tmp_path / "a.gpkg", ReadOptions(buffer_m=25))
    assert [round(area) for area in reading.plots.geometry.area] == [8000, 8000]
    assert reading.rows[1].messages[0].key == "read.row.border_of_other"


def test_rows_hidden_in_an_old_workbook(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("plekken")
    for place, head in enumerate(("wkt", "naam", "contact")):
        sheet.write(0, place, head)
    for row in (1, 2, 3):
        sheet.write(
            row, 0, shapely.box(137_000 + 200 * row, 447_000, 137_100 + 200 * row, 447_100).wkt
        )
        sheet.write(row, 1, f"plek {row}")
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    book.save(str(tmp_path / "a.xls"))
    reading = read_file(tmp_path / "a.xls")
    assert len(reading.plots) == 3
    hidden = [r.row for r in reading.rows if any(m.key == "read.row.hidden" for m in r.messages)]
    assert hidden == [3]
    assert {"read.sheet.hidden_rows", "read.sheet.hidden_columns"} <= keys(reading)


def test_rows_hidden_and_cells_merged_in_a_sheet_of_2003(tmp_path):
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    rows = ["<Row>" + "".join(f"<Cell><Data ss:Type='String'>{h}</Data></Cell>" for h in ("wkt", "eigenaar"))
            + "</Row>"]  # fmt: skip
    for place, box in enumerate(BOXES):
        owner = (
            '<Cell ss:MergeDown="2"><Data ss:Type="String">gemeente</Data></Cell>'
            if not place
            else ""
        )
        hidden = ' ss:Hidden="1"' if place == 1 else ""
        rows.append(
            f'<Row{hidden}><Cell><Data ss:Type="String">{box.wkt}</Data></Cell>{owner}</Row>'
        )
    (tmp_path / "a.xls").write_text(
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="a"><Table>{"".join(rows)}</Table>'
        "</Worksheet></Workbook>"
    )
    reading = read_file(tmp_path / "a.xls")
    assert reading.plots["owner_kind"].tolist() == ["gemeente"] * 3
    assert {"read.sheet.merged", "read.sheet.hidden_rows", "read.row.hidden"} <= keys(reading)


TOY = '''"""Read toys."""
import shapely
import xlwt

from geo.reading.form import Form, starts
from geo.reading.raw import RawLayer, RawRow


def read(path, folder, options):
    return [RawLayer("toy", [RawRow(1, shapely.box(141000, 459500, 141100, 459580), {})])]


FORMS = (Form("toy", starts(b"TOY1"), read, suffixes=(".toy",)),)
'''


def test_a_new_form_is_one_module(tmp_path, monkeypatch):
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY)
    (tmp_path / "a.toy").write_bytes(b"TOY1")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.toy", "a.toy")
    known = (forms.all_forms, forms.readable_suffixes, forms.companion_suffixes)
    with monkeypatch.context() as patch:
        patch.setattr(forms, "__path__", [*forms.__path__, str(folder)])
        for cached in known:
            cached.cache_clear()
        assert read_file(tmp_path / "a.toy").kind == "toy"
        assert len(read_file(tmp_path / "a.zip").plots) == 1
    for cached in known:
        cached.cache_clear()
    assert read_file(tmp_path / "a.toy").refused is not None
