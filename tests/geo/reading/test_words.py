"""A class is never read more openly, nor a word more surely, than it was written."""

import openpyxl
import pytest
import shapely

from geo.reading.columns import read_cell
from geo.reading.read import read_file
from geo.reading.result import Outcome, ReadOptions

BOX = shapely.box(136_000, 455_000, 136_100, 455_080).wkt
OPEN = ("openbaar", "openbaarheid", "Openbaar?", "Public", "openbaarhe", "mag openbaar")
SECRET = ("vertrouwelijk", "Vertrouwelijkheid", "geheim", "confidential", "niet openbaar")


@pytest.mark.parametrize("header", [*OPEN, *SECRET, "classificatie"])
@pytest.mark.parametrize(
    "cell",
    [
        "niet openbaar", "nog niet openbaar", "Niet-openbaar", "openbaar na collegebesluit",
        "openbaar mits raad akkoord", "openbaar?", "openbaar (concept)", "wordt openbaar",
        "geheim", "GEHEIM", "intern gebruik", "not public", "not yet public", "public after vote",
        "non-public", "secret", "confidential", "?", "onbekend", "n.v.t.", "nee", "no", "n", "x",
        "1", 1, 0, "0", True, False, "ja, mits", "ja", "yes", "blauw", "openbaar/geheim",
        "\u274c openbaar", "\u043d\u0435 openbaar", "o\u0336penbaar", "openbaar vanaf 2027", "gedeeld?",
        "niet gedeeld", "gedeeld met pers", "onopenbaar", "public-ish", "~openbaar",
    ],
)  # fmt: skip
def test_all_but_the_bare_word_is_confidential(header, cell):
    value, remark, _ = read_cell("confidentiality", header, cell)
    assert value == "vertrouwelijk"
    bare = isinstance(cell, bool) or cell in ("geheim", "GEHEIM", "secret", "confidential", "nee",
                                              "no", "n", "ja", "yes")  # fmt: skip
    assert bare or remark is not None


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("openbaar", "openbaar"), (" Openbaar ", "openbaar"), ("public", "openbaar"),
     ("gedeeld", "gedeeld"), ("Shared", "gedeeld"), ("vertrouwelijk", "vertrouwelijk")],
)  # fmt: skip
def test_the_bare_word_counts(cell, meant):
    assert read_cell("confidentiality", "openbaarheid", cell) == (meant, None, None)


@pytest.mark.parametrize("header", SECRET)
def test_a_no_to_secrecy_is_doubt_and_not_public(header):
    value, remark, kept = read_cell("confidentiality", header, "nee", yes_is_public=True)
    assert value == "vertrouwelijk" and remark.key == "read.class.doubt" and "nee" in kept


@pytest.mark.parametrize("header", OPEN)
def test_a_bare_yes_about_openness_is_public_only_when_it_was_asked(header):
    assert read_cell("confidentiality", header, "ja")[0] == "vertrouwelijk"
    assert read_cell("confidentiality", header, "ja", yes_is_public=False)[0] == "vertrouwelijk"
    assert read_cell("confidentiality", header, "ja", yes_is_public=True)[0] == "openbaar"
    for other in ("nee", "ja?", "ja, na besluit", "x", 1):
        assert read_cell("confidentiality", header, other, yes_is_public=True)[0] != "openbaar"


def sheet(tmp_path, headers, *rows):
    book = openpyxl.Workbook()
    book.active.append(["naam", "wkt", *headers])
    for place, row in enumerate(rows):
        shape = shapely.box(136_000, 455_000 + 200 * place, 136_100, 455_080 + 200 * place)
        book.active.append([f"plek {place}", shape.wkt, *row])
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_a_second_column_or_a_remark_can_only_make_it_more_confidential(tmp_path):
    path = sheet(
        tmp_path,
        ["openbaarheid", "vertrouwelijk", "opmerking"],
        ["openbaar", None, "bij het openbaar vervoer"],
        ["openbaar", "ja", None],
        ["openbaar", None, "nog niet openbaar maken, wethouder belt eerst"],
        ["openbaar", "geheim", None],
        ["openbaar", "nee", None],
    )
    reading = read_file(path)
    assert reading.plots["confidentiality"].tolist() == ["openbaar", *["vertrouwelijk"] * 4]
    assert reading.classes == {"vertrouwelijk": 4, "openbaar": 1}
    told = [any(m.key == "read.class.elsewhere" for m in row.messages) for row in reading.rows]
    assert told == [False, True, True, True, True]


def test_headers_in_other_words_are_about_the_class_too(tmp_path):
    path = sheet(tmp_path, ["Mag dit openbaar worden?", "ligt bij openbaar vervoer"], ["nee", "ja"],
                 ["ja", "ja"], ["openbaar", "ja"])  # fmt: skip
    reading = read_file(path)
    assert reading.columns["Mag dit openbaar worden?"] == "confidentiality"
    assert reading.plots["confidentiality"].tolist() == ["vertrouwelijk"] * 2 + ["openbaar"]
    path = sheet(tmp_path, ["openbaarheid", "Is deze plek al openbaar?"], ["openbaar", "nee"])
    assert read_file(path).plots["confidentiality"].tolist() == ["vertrouwelijk"]
    assert read_cell("confidentiality", "niet openbaar", "openbaar")[0] == "vertrouwelijk"


@pytest.mark.parametrize("name", ["plekken.csv", "plekken_VERTROUWELIJK.csv"])
@pytest.mark.parametrize("title", ["Overzicht plekken", "Strikt vertrouwelijk, niet verspreiden"])
def test_a_title_or_file_name_that_speaks_of_secrecy_holds_for_all(tmp_path, name, title):
    path = tmp_path / name
    path.write_text(f'{title};;\nnaam;wkt;openbaarheid\na;"{BOX}";openbaar\n', encoding="utf-8")
    reading = read_file(path)
    secret = "vertrouwelijk" in (name + title).lower()
    assert reading.plots["confidentiality"].tolist() == ["vertrouwelijk" if secret else "openbaar"]
    assert [m.key for m in reading.rows[0].messages] == ["read.class.beside"] * secret


def test_a_note_under_the_table_holds_for_all(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'naam;wkt;openbaarheid\na;"{BOX}";openbaar\nNB: nog niet openbaar!;;\n')
    assert read_file(path).plots["confidentiality"].tolist() == ["vertrouwelijk"]


def test_a_column_of_which_no_word_is_known_is_confidential_and_told(tmp_path):
    reading = read_file(sheet(tmp_path, ["openbaarheid"], ["na de raad"], ["straks"]))
    assert set(reading.plots["confidentiality"]) == {"vertrouwelijk"}
    assert [row.outcome for row in reading.rows] == [Outcome.REMARKS] * 2
    assert "na de raad" in reading.plots["remarks"].iloc[0]


def test_a_bare_yes_is_asked_and_the_answer_holds(tmp_path):
    path = sheet(tmp_path, ["openbaarheid"], ["nee"], ["ja"], ["niet openbaar"])
    asked = read_file(path)
    assert "class" in asked.questions and set(asked.plots["confidentiality"]) == {"vertrouwelijk"}
    answered = read_file(path, ReadOptions(yes_is_public=True))
    assert answered.questions == ()
    assert answered.plots["confidentiality"].tolist() == ["vertrouwelijk", "openbaar", "vertrouwelijk"]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "header", "cell"),
    [
        ("state", "status", "niet kansrijk"), ("state", "status", "kansrijk?"),
        ("state", "status", "mogelijk kansrijk"), ("state", "status", "nog niet afgevallen"),
        ("zoning", "bestemming", "wonen niet toegestaan"), ("zoning", "bestemming", "geen wonen"),
        ("zoning", "bestemming", "wonen na wijziging"), ("zoning", "bestemming", "wonen/kantoor"),
        ("nature", "natuur", "100 m van Natura 2000"), ("nature", "natuur", "grenst aan NNN"),
        ("nature", "natuur", "geen NNN"), ("nature", "natuur", "buiten Natura 2000"),
        ("nature", "natuur", "<100m Natura 2000"), ("nature", "natuur", "ja"),
        ("nature", "nnn", "nee"),
        ("owner_kind", "eigenaar", "niet gemeente"), ("owner_kind", "eigenaar", "gemeente?"),
        ("owner_kind", "eigenaar", "gemeente / particulier"), ("owner_kind", "eigenaar", "geen"),
        ("owner_kind", "eigenaar", "geen gemeentegrond"), ("owner_kind", "eigenaar", "was gemeente"),
        ("owner_kind", "eigenaar", "\u2260 gemeente"),
        ("grid_connection", "netcongestie", "ja"), ("grid_connection", "netcongestie", "nee"),
        ("grid_connection", "stroom", "niet beschikbaar voor 2030"),
        ("grid_connection", "stroom", "ja, mits beperkt"), ("grid_connection", "stroom", "ja?"),
        ("object_kind", "soort", "geen gebouw"), ("object_kind", "soort", "gebouw gesloopt"),
        ("mixed_living", "gemengd wonen", "ja, mits"), ("mixed_living", "gemengd wonen", "nee?"),
    ],
)  # fmt: skip
def test_part_of_a_phrase_means_nothing(column, header, cell):
    value, remark, kept = read_cell(column, header, cell)
    assert value is None and remark is not None and kept == f"{header}: {cell}"


@pytest.mark.parametrize(
    ("column", "header", "cell", "meant"),
    [
        ("owner_kind", "eigenaar", "Gemeente De Bilt", "gemeente"),
        ("owner_kind", "eigenaar", "De gemeente", "gemeente"),
        ("owner_kind", "eigenaar", "Rijk (RVB)", "rijk"),
        ("zoning", "bestemming", "Gemengd - 2", "gemengd"),
        ("nature", "natuur", "Natura-2000", "natura2000"), ("nature", "natuur", "nee", "geen"),
        ("nature", "NNN", "ja", "nnn"), ("grid_connection", "stroom", "ja", "beschikbaar"),
        ("mixed_living", "gemengd", "Ja", True),
    ],
)  # fmt: skip
def test_a_whole_phrase_means_what_it_says(column, header, cell, meant):
    assert read_cell(column, header, cell) == (meant, None, None)


def test_a_unit_in_a_cell_goes_before_the_header_and_euros_are_no_area():
    assert read_cell("stated_area_m2", "oppervlakte (ha)", "8.000 m2")[0] == 8000
    assert read_cell("stated_area_m2", "oppervlakte (ha)", "0,8")[0] == 8000
    assert read_cell("stated_area_m2", "oppervlakte (ha)", "0,8 ha")[0] == 8000
