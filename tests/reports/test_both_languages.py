"""No word of the other language stands in any output, but for what users and sources wrote."""

import datetime as dt
import io
import re
import sqlite3
import subprocess

import openpyxl
import pptx
import pytest

from data.translated import translations
from data.vocabulary import ReceptionKind
from geo import layers
from messages import catalogue
from reports.content import content_of
from reports.council import council_report
from reports.geopackage import geopackage
from reports.provincial import overview, provincial_pdf, provincial_xlsx
from reports.slide import slide
from reports.spreadsheet import spreadsheet
from scoring.balance import balance
from scoring.kader import load_kader
from store.records import Answer, Plan, Step

DAY = dt.date(2026, 11, 24)
OTHER = {"nl": "en", "en": "nl"}
COMMON = {
    "en": r"het|een|niet|geen|wordt|worden|zijn|voor|naar|binnen|onbekend|bekend|plekken|gemeente|"
    r"gemeenten|keuze|ongeveer|januari|februari|maart|juni|juli|augustus|oktober|mrt|okt",
    "nl": r"the|and|with|unknown|within|site|sites|municipality|municipalities|choice|about|"
    r"January|February|March|June|July|August|October",
}
"""Words that a text of the other language could hardly do without; "of" and "in" are in both."""


def pdf_words(made, tmp_path):
    (tmp_path / "x.pdf").write_bytes(made)
    return subprocess.run(
        ["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout


def book_words(made):
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [v for s in book for row in s.iter_rows(values_only=True) for v in row]
    return "\n".join([*book.sheetnames, *(v for v in cells if isinstance(v, str) and v[0] != "=")])


def slide_words(made):
    deck = pptx.Presentation(io.BytesIO(made))
    found = []
    for page in deck.slides:
        for shape in page.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.shape_type == 13:
                found.append(shape._element.nvPicPr.cNvPr.get("descr"))
    return "\n".join(found)


def gpkg_words(made, tmp_path):
    (tmp_path / "x.gpkg").write_bytes(made)
    with sqlite3.connect(tmp_path / "x.gpkg") as database:
        asked = (
            "SELECT value FROM about WHERE key <> 'weights'", "SELECT name FROM criteria", "SELECT source FROM criteria",
            "SELECT title FROM gpkg_data_columns",
            "SELECT limits FROM locatiewijzer_plekken",
            "SELECT class_on_face FROM locatiewijzer_plekken",
        )  # fmt: skip
        (style,) = database.execute("SELECT styleQML FROM layer_styles").fetchone()
        told = [str(r[0]) for question in asked for r in database.execute(question)]
        return "\n".join([*told, *re.findall(r' label="([^"]*)"', style)])


@pytest.fixture(scope="module")
def made(plots, measured, tmp_path_factory):
    """Give the words of every output in both languages, without what users and sources wrote."""
    folder = tmp_path_factory.mktemp("words")
    everything = content_of(plots, measured, None, "intern", date=DAY)
    blocked = everything.limits[0].plot_id
    # of each kind of plot one: free, blocked, dropped, realised
    wanted = list(everything.plots.index[:2]) + [blocked]
    wanted += [i for i in plots.index if plots.at[i, "state"] in ("afgevallen", "gerealiseerd")][:2]
    plans = {
        wanted[0]: Plan(
            wanted[0], (Step("X", "Y", dt.date(2027, 3, 1), council=True),), (Answer("costs"),)
        )
    }
    some = content_of(plots, measured, None, "intern", date=DAY, only=wanted, plans=plans)
    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots,
        load_kader("azc"), cycle=1, on=DAY,
    )  # fmt: skip
    told = overview(table.assign(task_source="X"), plots, date=DAY, before=table, since=DAY)
    written = list(plots["name"]) + [str(a) for a in plots["next_actor"].dropna()]
    written += [name.removeprefix("FICTIEF – ") for name in plots["name"]] + ["FICTIEF"]
    written += (
        list(plots["remarks"].dropna())
        + list(layers.schools()["name"])
        + list(layers.facilities()["name"])
    )
    # how things are called in Dutch law and practice, in both languages
    written += ["Spreidingswet", "Staatsblad", "gemeentegrens", "Rijden de Treinen"]
    written = sorted({w for w in written if len(w) > 3}, key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, written)))
    found = {}
    for language in ("nl", "en"):
        texts = {
            "council": pdf_words(council_report(some, language=language), folder),
            "quarterly": pdf_words(provincial_pdf(told, language=language), folder),
            "quarterly sheet": book_words(provincial_xlsx(told, language=language)),
            "slide": slide_words(slide(some, language=language)),
            "sheet": book_words(spreadsheet(some, language=language)),
            "GeoPackage": gpkg_words(geopackage(some, language=language), folder),
            "map": "\n".join(some.short_sources(language)),
        }
        found[language] = {
            kind: own.sub(" ", re.sub(r"-\n", "", words)) for kind, words in texts.items()
        }
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_common_word_of_the_other_language_stands_in_an_output(made, language):
    for kind, words in made[language].items():
        alien = re.findall(rf"(?:\S+ ){{0,3}}\b(?:{COMMON[language]})\b(?: \S+){{0,3}}", words)
        assert alien == [], (kind, alien[:8])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_of_the_other_catalogue_stands_in_an_output(made, language):
    own = {" ".join(text.split()) for text in catalogue(language).values()}
    everything = "\n".join(own)
    pairs = list(translations().items()) if language == "en" else []
    alien = {a for a, b in pairs if a != b} | {
        text
        for key, text in catalogue(OTHER[language]).items()
        if "{" not in text
        and len(text) > 9
        and text not in everything
        # a word that both languages have in another text
        and text.lower() not in everything.lower()
    }
    assert len(alien) > 500
    for kind, words in made[language].items():
        flat = " ".join(words.split())
        found = [text for text in alien if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", flat)]
        assert found == [], (kind, found[:5])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_name_of_a_text_stands_in_an_output(made, language):
    domains = "|".join({key.split(".")[0] for key in catalogue(language)})
    named = re.compile(rf"\b(?:{domains})(?:\.\w+){{2,}}")
    for kind, words in made[language].items():
        found = {name for name in named.findall(words) if not name.endswith((".nl", ".gov"))}
        assert found == set(), (kind, found)
    for kader in map(load_kader, ReceptionKind):
        for domain in ("reports", "sheet"):
            known = {f"{domain}.unit.{criterion.unit}" for criterion in kader.criteria}
            assert known <= set(catalogue(language))


def test_the_search_finds_a_word_of_the_other_language(made):
    assert len(re.findall(COMMON["en"], made["nl"]["council"])) > 20
    assert len(re.findall(COMMON["nl"], made["en"]["council"])) > 20
