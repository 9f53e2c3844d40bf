"""A place is read however an officer wrote it: headers, pairs, degrees, links, corners, lists."""

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo.cadastral import LookupFailedError, parse_cadastral_numbers
from geo.crs import rd_to_lonlat
from geo.reading.coordinates import axis_of, corner_of, pair
from geo.reading.lists import address_keys, address_of
from geo.reading.read import read_file
from geo.reading.result import ReadOptions

X_HEADERS = (
    "X", "POINT_X", "RDX", "X_RD", "X coördinaat (RD)", "x-coord", "XCOORD", "coord_x", "Easting",
    "Longitude (WGS84)", "gps_lon", "gps_lng", "Lengtegraad", "LON", "Geo_X", "CENTROID_X", "X (m)",
    "X RD-coördinaat", "Oosterlengte", "Longitude (decimal degrees)", "X_28992",
)  # fmt: skip
Y_HEADERS = (
    "Y", "POINT_Y", "RDY", "Y_RD", "Y coördinaat (RD)", "y-coord", "YCOORD", "coord_y", "Northing",
    "Latitude (WGS84)", "gps_lat", "Breedtegraad", "LAT", "Lat.", "Noorderbreedte", "Y [m]",
)  # fmt: skip


@pytest.mark.parametrize("header", X_HEADERS)
def test_headers_of_x(header):
    assert axis_of(header) == "x"


@pytest.mark.parametrize("header", Y_HEADERS)
def test_headers_of_y(header):
    assert axis_of(header) == "y"


@pytest.mark.parametrize(
    "header", ["Lengte", "Breedte", "platform", "Opmerking", "xmin", "ymax", "box", "Label", "", "x" * 500]
)  # fmt: skip
def test_headers_of_neither(header):
    assert axis_of(header) is None and corner_of(header) is None


LON, LAT = 5.1835, 52.1239


@pytest.mark.parametrize(
    "text",
    [
        "52.1239, 5.1835", "52,1239; 5,1835", "52,1239, 5,1835", "52,1239 5,1835", "5.1835 52.1239",
        "52°07'26.04\"N 5°11'00.6\"E", "N 52° 7' 26.04\" O 5° 11' 0.6\"", "52.1239° N, 5.1835° E",
        "52° 07.434' N, 5° 11.01' E", "5°11'00.6\"E 52°07'26.04\"N", "N52.1239 E5.1835",
        "lat: 52.1239 lon: 5.1835", "(52.1239, 5.1835)",
        "https://www.google.nl/maps/@52.1239,5.1835,17z", "https://maps.google.com/?q=52.1239,5.1835",
        "https://www.google.com/maps/place/x/@52.0,5.0,17z/data=!3m1!8m2!3d52.1239!4d5.1835",
        "https://www.google.com/maps/search/?api=1&query=52.1239%2C5.1835",
        "https://www.google.com/maps/place/52%C2%B007'26.04%22N+5%C2%B011'00.6%22E/",
        "https://www.openstreetmap.org/?mlat=52.1239&mlon=5.1835#map=17/52.0/5.0",
        "https://www.openstreetmap.org/#map=17/52.1239/5.1835",
    ],
)  # fmt: skip
def test_pairs_in_degrees(text):
    assert pair(text) == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["141050 459540", "141050,459540", "459540 / 141050", "X: 141050 Y: 459540", "RD (141050; 459540)",
     "141.050,0 / 459.540,0", "https://app.pdok.nl/viewer/#x=141050.00&y=459540.00&z=10"],
)  # fmt: skip
def test_pairs_in_rd(text):
    assert pair(text) == (141_050, 459_540)


@pytest.mark.parametrize("text", ["8000", "Dorpsstraat 1", "12-3-2026", "8.000 m2", "", "x" * 5000])
def test_what_is_no_pair(text):
    assert pair(text) is None


def read(tmp_path, *rows, **options):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    return read_file(tmp_path / "a.xlsx", ReadOptions(**options))


def middles(reading):
    return [tuple(round(v) for v in g.centroid.coords[0]) for g in reading.plots.geometry]


def keys(reading):
    return {m.key for m in reading.messages} | {m.key for r in reading.rows for m in r.messages}


AT = [(141_050, 459_540), (141_450, 459_940)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["naam", "x", "y"], ["a", "141.050", "459.540"], ["b", "141.450", "459.940"]], "read.thousands"),
        ([["naam", "x", "y"], ["a", "141.050,5", "459.540"], ["b", "141.450", "459.940,2"]], "read.thousands"),
        ([["naam", "x", "y"], ["a", "141,050", "459,540"], ["b", "141,450", "459,940"]], "read.thousands"),
        ([["naam", "plek"], ["a", "141.050 / 459.540"], ["b", "141.450 / 459.940"]], "read.thousands"),
        ([["naam", "x", "y"], ["a", 141.05, 459.54], ["b", 141.45, 459.94]], "read.kilometres"),
        ([["naam", "y", "x"], ["a", 459.54, 141.05], ["b", 459.94, 141.45]], "read.kilometres"),
        ([["naam", "x", "y"], ["a", "141 050", "459 540"], ["b", "141 450", "459 940"]], None),
        ([["naam", "een", "twee"], ["a", 141_050, 459_540], ["b", 141_450, 459_940]], None),
        ([["a", 141_050, 459_540], ["b", 141_450, 459_940]], "read.no_header"),
    ],
)  # fmt: skip
def test_numbers_are_brought_to_metres_and_told(tmp_path, rows, told):
    reading = read(tmp_path, *rows, buffer_m=10)
    for found, meant in zip(middles(reading), AT, strict=True):
        assert abs(found[0] - meant[0]) <= 1 and abs(found[1] - meant[1]) <= 1
    assert told is None or told in keys(reading)
    assert ("kilometres" in reading.questions) == (told == "read.kilometres")


BOX = shapely.box(141_000, 459_500, 141_100, 459_580)


def test_corners_in_columns_in_rows_and_in_a_cell(tmp_path):
    corners = [(141_000, 459_500), (141_100, 459_500), (141_100, 459_580), (141_000, 459_580)]
    names = [f"{axis}{n}" for n in (1, 2, 3, 4) for axis in ("hoek X", "hoek Y")]
    in_columns = read(tmp_path, ["naam", *names], ["a", *[v for at in corners for v in at]])
    lines = [["a", n, *at] for n, at in enumerate(corners, 1)]
    other = [["b", n, x + 500, y] for n, (x, y) in enumerate(corners, 1)]
    in_rows = read(tmp_path, ["naam", "hoekpunt", "x", "y"], *lines, *other)
    in_cell = read(tmp_path, ["naam", "ligging"], ["a", "; ".join(f"{x},{y}" for x, y in corners)])
    for reading in (in_columns, in_rows, in_cell):
        assert reading.plots.geometry.iloc[0].equals(BOX)
    assert len(in_rows.plots) == 2 and "read.row.from_corners" in keys(in_rows)


def test_the_user_points_at_columns_before_a_refusal(tmp_path):
    rows = (["naam", "alfa", "beta"], ["a", "141050 m", "?"], ["b", 141_450, 459_940])
    asked = read(tmp_path, *rows)
    assert asked.questions == ("place",) and list(asked.headers) == ["naam", "alfa", "beta"]
    pointed = read(tmp_path, *rows, place={"x": "alfa", "y": "beta"}, buffer_m=10)
    assert middles(pointed) == [AT[1]] and "place" not in pointed.questions


def test_merged_cells_give_their_value_to_every_row(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["eigenaar", "naam", "wkt"], ["gemeente", "a", BOX.wkt],
                [None, "b", shapely.affinity.translate(BOX, 200).wkt]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "m.xlsx")
    reading = read_file(tmp_path / "m.xlsx")
    assert reading.plots["owner_kind"].tolist() == ["gemeente"] * 2
    assert "read.sheet.merged" in keys(reading)


def test_headers_that_a_shapefile_cut_off(tmp_path):
    table = gpd.GeoDataFrame(
        {"naam": ["a"], "vertrouwel": ["geheim"], "kadastraal": ["EMN00 A 1"], "bestemming": ["wonen"],
         "beschikbaa": ["2027-01-01"], "openbaarhe": ["openbaar"]},
        geometry=[BOX], crs="EPSG:28992",
    )  # fmt: skip
    table.to_file(tmp_path / "a.shp")
    reading = read_file(tmp_path / "a.shp")
    assert (
        reading.columns["vertrouwel"] == "confidentiality" and reading.columns["beschikbaa"] == ""
    )
    assert reading.plots["confidentiality"].iloc[0] == "vertrouwelijk"
    assert "read.cut_off" in keys(reading)


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("EMN00-A-1234", ["EMN00 A 1234"]), ("EMN00A1234G0000", ["EMN00 A 1234"]),
        ("Eemnes A 1234", ["EEMNES A 1234"]), ("EEMNES, sectie A, nr. 1234", ["EEMNES A 1234"]),
        ("kadastraal bekend gemeente De Bilt, sectie B, nummer 1000", ["DE BILT B 1000"]),
        ("Wijk bij Duurstede AB 12", ["WIJK BIJ DUURSTEDE AB 12"]),
        ("DBT00 B 1000, 1001 en C 7", ["DBT00 B 1000", "DBT00 B 1001", "DBT00 C 7"]),
        ("DBT00 B 1000; UTT00 C 3", ["DBT00 B 1000", "UTT00 C 3"]),
    ],
)  # fmt: skip
def test_numbers_as_people_spell_them(text, meant):
    assert [str(number) for number in parse_cadastral_numbers(text)] == meant


@pytest.mark.parametrize(
    "text", ["Dorpsstraat 1", "weiland", "12", "A 1234", "EMN00 A 0", "x" * 900]
)
def test_what_is_no_number(text):
    with pytest.raises(LookupFailedError):
        parse_cadastral_numbers(text)


def test_addresses_are_put_together_and_recognised():
    row = {"Straat": "Voorbeeldstraat", "Huisnummer": 1.0, "Toev.": "A", "Postcode": "3731aa",
           "Plaats": "De Bilt"}  # fmt: skip
    assert address_of({**row, "Toevoeging": "A"}) == "Voorbeeldstraat 1-A, 3731AA De Bilt"
    at_pdok = address_keys("Voorbeeldstraat 1A, 3731AA De Bilt")
    for text in ("Voorbeeldstraat 1-A, 3731 AA De Bilt", "voorbeeldstraat 1a De Bilt"):
        assert address_keys(text) & at_pdok, text
    assert not address_keys("Voorbeeldstraat 1, 3731 AA De Bilt") & at_pdok
    assert not address_keys("Voorbeeldstraat 1A, Zeist") & address_keys(
        "Voorbeeldstraat 1A, De Bilt"
    )


def test_a_list_without_a_header_loses_no_row(tmp_path):
    reading = read(tmp_path, ["DBT00 B 1000"], ["DBT00 B 1001"])
    assert [one.key for one in reading.wanted] == ["DBT00 B 1000", "DBT00 B 1001"]


def test_degrees_with_their_side_in_columns_of_their_own(tmp_path):
    reading = read(tmp_path, ["naam", "lat", "lon"], ["a", "52.1239 N", "5,1835° O"], buffer_m=5)
    lonlat = shapely.transform(reading.plots.geometry.iloc[0].centroid, rd_to_lonlat)
    assert (lonlat.x, lonlat.y) == pytest.approx((LON, LAT), abs=1e-5)


def test_a_list_is_looked_up_in_a_file_in_another_system(tmp_path):
    lonlat = shapely.transform(BOX, rd_to_lonlat)
    table = gpd.GeoDataFrame(
        {"kadastraleGemeenteWaarde": ["De Bilt", "De Bilt"], "AKRKadastraleGemeenteCodeWaarde": "DBT00",
         "sectie": "B", "perceelnummer": [1000, 1001]},
        geometry=[lonlat, shapely.affinity.translate(lonlat, 0.01)], crs="EPSG:4326",
    )  # fmt: skip
    table.to_file(tmp_path / "p.geojson")
    by_name, by_code, other = "parcel:DE BILT B 1000", "parcel:DBT00 B 1000", "parcel:DBT00 B 9"
    found = read_file(tmp_path / "p.geojson", ReadOptions(look_up=[by_name, by_code, other])).found
    assert set(found) == {by_name, by_code}
    assert shapely.hausdorff_distance(shapely.from_wkb(found[by_name]), BOX) < 0.01


def test_a_plot_of_several_parcels_is_whole_or_not_there(tmp_path):
    rows = (["naam", "kadastraal nummer"], ["a", "DBT00 B 1000, 1001"])
    two = {"parcel:DBT00 B 1000": BOX, "parcel:DBT00 B 1001": shapely.affinity.translate(BOX, 100)}
    found = {name: shapely.to_wkb(shape, hex=True) for name, shape in two.items()}
    whole = read(tmp_path, *rows, found=found)
    assert whole.plots.geometry.iloc[0].area == pytest.approx(16_000)
    half = read(tmp_path, *rows, found={**found, "parcel:DBT00 B 1001": ""})
    assert half.plots.empty and half.rows[0].messages[0].key == "read.row.not_found_parcel"
