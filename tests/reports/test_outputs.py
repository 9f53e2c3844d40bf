"""Each output opens in another program than made it, with the numbers of the ranking."""

import datetime as dt
import io
import json
import os
import re
import sqlite3
import subprocess
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pikepdf
import pptx
import pytest
import shapely

from data.vocabulary import FICTIONAL_PREFIX
from geo import layers
from messages import text as text_of
from reports.classes import Audience
from reports.content import content_of
from reports.council import council_report
from reports.drawing.ground import MapLayers
from reports.geopackage import LAYER, geopackage
from reports.map_picture import map_picture
from reports.provincial import overview, provincial_pdf, provincial_xlsx
from reports.slide import slide
from reports.snapshot import open_snapshot, snapshot_number, take_snapshot, verify_snapshot
from reports.spreadsheet import spreadsheet
from scoring.balance import balance
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader
from scoring.ranking import rank_measured

DAY = dt.date(2026, 11, 24)
HOSTILE = [
    '<img src=x onerror=alert(1)> & "aanhaling" #let x = 1; $ _ * @ \\u{0}',
    "=HYPERLINK(\"http://example.org\",\"klik\")",
    "\u202egnirts\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f3e0\U0001f468\u200d\U0001f469\u200d\U0001f467 emoji \ud7ff",
    "lang " * 1000,
    "#import \"/etc/passwd\": * ] [ // /* ` $x$ <label> @ref",
    "\x00\x07\x1b[31m\ttab\nregel",
]  # fmt: skip


@pytest.fixture(scope="module")
def content(plots, measured):
    return content_of(plots, measured, None, "intern", date=DAY, snapshot="2026-11-24-abcdef01")


@pytest.fixture(scope="module")
def report(content):
    """The council report of three plots, made once."""
    return council_report(only(content, 3))


def makers(content):
    return {
        "pdf": lambda: council_report(only(content, 3)),
        "pptx": lambda: slide(content),
        "xlsx": lambda: spreadsheet(content),
        "gpkg": lambda: geopackage(content),
        "png": lambda: picture(content, "png"),
        "svg": lambda: picture(content, "svg"),
    }


def only(content, count):
    plots = content.plots.drop(columns="municipality")
    return content_of(
        plots, content.ranking.measured, content.ranking.weights, content.audience, date=content.date,
        only=list(plots.index[:count]), snapshot=content.snapshot,
    )  # fmt: skip


def picture(content, fmt):
    under = MapLayers(layers.municipalities(), layers.reception_locations())
    return map_picture(content, under, fmt=fmt)


@pytest.mark.parametrize("kind", ["pptx", "xlsx", "gpkg", "png", "svg"])
def test_two_runs_give_the_same_bytes(content, kind):
    make = makers(content)[kind]
    assert make() == make()


def test_two_runs_give_the_same_report(content, report):
    assert makers(content)["pdf"]() == report


def recalculated(content, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    done = subprocess.run(
        ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", path],
        capture_output=True, text=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return openpyxl.load_workbook(tmp_path / "out" / "x.xlsx", data_only=True)


def weighed(sheet):
    """Give the rows of plots of the sheet with weights: name, low, high, rank, and the app's two."""
    rows = [row[3:9] for row in sheet.iter_rows(values_only=True)]
    return [row for row in rows if isinstance(row[1], float | int)]


def test_live_formulas_give_the_numbers_of_the_app_in_another_program(content, tmp_path):
    rows = weighed(recalculated(spreadsheet(content), tmp_path)["Zelf wegen"])
    assert len(rows) == len(content.plots)
    for row, low, high, rank in zip(
        rows, content.ranking.lower, content.ranking.upper, content.ranks
    ):
        assert row[1:4] == (pytest.approx(low), pytest.approx(high), rank)
        assert row[4:] == (pytest.approx(low), pytest.approx(high))


def test_another_weight_in_the_cells_is_another_ranking(content, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(content)))
    sheet = book["Zelf wegen"]
    labels = [criterion_label(c.key) for c in content.criteria]
    cells = {row[0].value: row[1] for row in sheet.iter_rows() if row[0].value in labels}
    assert list(cells) == labels
    for cell in cells.values():
        cell.value = 0.0
    cells[criterion_label("station")].value = 1.0
    stream = io.BytesIO()
    book.save(stream)
    rows = weighed(recalculated(stream.getvalue(), tmp_path)["Zelf wegen"])
    expected = rank_measured(content.ranking.measured, {"station": 1.0})
    np.testing.assert_allclose([r[1] for r in rows], expected.lower, atol=1e-6)
    assert [r[3] for r in rows] == [int(rank) for rank in expected.ranks]


def criterion_label(key):
    return text_of(f"scoring.criterion.{key}", "nl")


def test_the_pdf_is_archival_and_accessible_by_another_reader(content, report):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "nl"
        assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in root
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
            assert "Asielzoekerscentrum" in meta["dc:title"]
        names = list(pdf.attachments)
        assert names == ["data.json"]
        data = json.loads(pdf.attachments["data.json"].get_file().read_bytes())
        figures = [e for e in _elements(root.StructTreeRoot) if e.get("/S") == "/Figure"]
        assert len(figures) == 3 + 3 + 1  # a thumbnail and a map of each, and the province
        assert all(str(figure.get("/Alt", "")) for figure in figures)
        assert {str(e.get("/S")) for e in _elements(root.StructTreeRoot)} >= {
            "/H1",
            "/Table",
            "/TH",
            "/TD",
        }
        for page in pdf.pages:
            for font in (page.resources.get("/Font") or {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    for entry, low, high in zip(data["numbers"], content.ranking.lower, content.ranking.upper):
        assert entry["low"] == pytest.approx(low, abs=1e-6) and entry["high"] == pytest.approx(
            high, abs=1e-6
        )


def _elements(node, depth=0):
    kids = node.get("/K")
    if kids is None or depth > 60:
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from _elements(kid, depth + 1)


def words_of(pdf, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_the_pdf_says_what_the_screen_says(content, report, tmp_path):
    some = only(content, 3)
    text = words_of(report, tmp_path)
    for name, low, high in zip(some.plots["name"], some.ranking.lower, some.ranking.upper):
        assert name.removeprefix(FICTIONAL_PREFIX) in re.sub(r"\s+", " ", text)
        assert f"{low:.0f}–{high:.0f}" in text or f"{low:.0f}" in text
    assert "VOORBEELD" in text
    assert "Momentopname 2026-11-24-abcdef01" in text and "VERTROUWELIJK" in text
    assert some.stamp.sha256 in text
    subprocess.run(
        ["pdftoppm", "-r", "40", "-png", tmp_path / "x.pdf", tmp_path / "page"], check=True
    )
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == 1 + 3 + 2 and all(page.stat().st_size > 3000 for page in pages)


def test_the_report_tells_plot_by_plot_how_far_it_is(content):
    shares = []
    council_report(only(content, 4), progress=shares.append)
    assert len(shares) == 5 and shares == sorted(shares) and shares[-1] == 1.0


def test_each_plot_has_one_page_however_long_its_words_are(content, tmp_path):
    """25 plots with words of any length: 25 pages and at most six besides."""
    many = only(content, 25)
    # every second one; the words of the others are those of everyday
    texts = [
        long if place % 2 else everyday
        for place, (long, everyday) in enumerate(zip((HOSTILE * 5)[:25], many.plots["name"]))
    ]
    path = tmp_path / "many.pdf"
    given = many.plots.assign(name=texts, address=texts, cadastral_number=texts, next_actor=texts)
    path.write_bytes(council_report(replace(many, plots=given)))
    with pikepdf.open(path) as pdf:
        assert 25 < len(pdf.pages) <= 25 + 6
    pages = words_of(path.read_bytes(), tmp_path).split("\f")
    for place in range(25):
        # each page of a plot tells its total and its criteria
        assert "van 100" in pages[1 + place] and "Links ongunstig" in pages[1 + place]


def test_the_slide_opens_with_native_text_table_and_alt_text(content):
    deck = pptx.Presentation(io.BytesIO(slide(content)))
    page = deck.slides[0]
    table = next(shape for shape in page.shapes if shape.has_table).table
    plain = [name.removeprefix(FICTIONAL_PREFIX) for name in content.plots["name"]]
    assert table.cell(1, 1).text == plain[0][:60]
    words = " ".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    assert f"Bovenaan staat {plain[0]}" in words and "80–100" in words and "0–20" in words
    ends = dict.fromkeys(f"{end[0]:.0f}" for end in (content.ranking.lower, content.ranking.upper))
    assert table.cell(1, 3).text == "–".join(ends)
    drawn = next(shape for shape in page.shapes if shape.shape_type == 13)
    assert plain[0] in drawn._element.nvPicPr.cNvPr.get("descr")
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    # no plot is left out without a word
    rows = [
        shape.table.cell(row, 1).text
        for each in deck.slides
        for shape in each.shapes
        if shape.has_table
        for row in range(1, len(shape.table.rows))
    ]
    assert rows == [name[:60] for name in plain]
    assert all(each.shapes.title.text for each in deck.slides)


def test_the_geopackage_opens_in_gdal_with_scores_sources_and_style(content, tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes(geopackage(content))
    told = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", path, LAYER],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    features = json.loads(told)["features"]
    assert [f["properties"]["score_low"] for f in features] == pytest.approx(
        content.ranking.lower.tolist()
    )
    assert [f["properties"]["rank"] for f in features] == content.ranks
    styles = subprocess.run(
        ["ogrinfo", path, "-sql", "SELECT styleName, useAsDefault, styleQML FROM layer_styles"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "RuleRenderer" in styles and "useAsDefault" in styles
    about = subprocess.run(
        ["ogrinfo", path, "about"], capture_output=True, text=True, check=True
    ).stdout
    assert content.stamp.sha256 in about and "VERTROUWELIJK" in about
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        listed = {r[0] for r in database.execute("SELECT table_name FROM gpkg_contents")}
    assert {LAYER, "about", "criteria", "layer_styles"} <= listed


def test_the_geopackage_keeps_the_rules_of_the_standard(hostile, content, tmp_path):
    """The validator of GDAL checks the requirements of OGC 12-128, by number."""
    known = ["/usr/bin/python3", "-c", "import osgeo_utils.samples.validate_gpkg"]
    if subprocess.run(known, capture_output=True, check=False).returncode:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("python3-gdal is missing: run scripts/install_system_packages.sh")
    validate = ["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg"]
    path = tmp_path / "x.gpkg"
    for given in (content, hostile):
        path.write_bytes(geopackage(given))
        told = subprocess.run([*validate, path], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM gpkg_geometry_columns")
    told = subprocess.run([*validate, path], capture_output=True, text=True, check=False)
    assert told.returncode != 0 and "Req " in told.stdout + told.stderr


def test_the_geopackage_keeps_the_rules_of_pdok(hostile, content, tmp_path):
    """Those of the validator of PDOK (its README names them), but RQ8, for which one gives a table.

    RQ0, RQ3 are superseded by RQ8, RQ14 and RQ15. Styles stand in the table that QGIS looks for,
    of which the columns bear the names that QGIS gives them.
    """
    name = re.compile(r"[a-z][a-z0-9_]*")
    path = tmp_path / "x.gpkg"
    for given in (content, hostile):
        path.write_bytes(geopackage(given))
        with sqlite3.connect(path) as database:

            def ask(told, database=database):
                return database.execute(told).fetchall()

            layers_ = [row[0] for row in ask("SELECT table_name FROM gpkg_contents")]
            assert LAYER in layers_ and all(name.fullmatch(layer) for layer in layers_), "RQ1"
            assert all(ask(f"SELECT count(*) FROM {layer}")[0][0] for layer in layers_), "RQ2"
            assert ask("SELECT name FROM sqlite_master WHERE type = 'view'") == [], "RQ4"
            for layer in layers_:
                columns = ask(f"PRAGMA table_info({layer})")
                if layer != "layer_styles":
                    assert all(name.fullmatch(column[1]) for column in columns), "RQ6"
                keys = [c for c in columns if c[5]]
                assert [c[2].upper() for c in keys] == ["INTEGER"], "RQ7"
            geometry = ask(
                "SELECT table_name, column_name, geometry_type_name, srs_id, z, m "
                "FROM gpkg_geometry_columns"
            )
            assert geometry == [(LAYER, "geom", "MULTIPOLYGON", 28992, 0, 0)]  # RQ12-14, RC1-3
            key = next(c[1] for c in ask(f"PRAGMA table_info({LAYER})") if c[5])
            kept = f"SELECT id FROM rtree_{LAYER}_geom ORDER BY id"
            assert ask(kept) == ask(f"SELECT {key} FROM {LAYER} ORDER BY {key}"), "RQ9"
            assert ask(f"SELECT rtreecheck('rtree_{LAYER}_geom')") == [("ok",)], "RQ10"
            counted = ask("SELECT feature_count FROM gpkg_ogr_contents")
            assert counted == ask(f"SELECT count(*) FROM {LAYER}") == [(len(given.plots),)], "RQ11"
        shapes = gpd.read_file(path, layer=LAYER).geometry
        assert shapes.is_valid.all(), "RQ5"
        assert set(shapes.geom_type) == {"MultiPolygon"} and not shapes.has_z.any(), "RQ15, RC3"
        for part in shapely.get_parts(shapes.to_numpy()):
            inner = [shapely.is_ccw(ring) for ring in part.interiors]
            assert shapely.is_ccw(part.exterior) and not any(inner), "RC4"
        assert all(shapes.normalize() == given.plots.geometry.reset_index(drop=True).map(
            lambda s: shapely.MultiPolygon(shapely.get_parts(s).tolist()).normalize()))  # fmt: skip


@pytest.fixture(scope="module")
def hostile(plots, surroundings):
    named = plots.iloc[: len(HOSTILE)].copy()
    for column in ("name", "address", "remarks", "next_actor", "cadastral_number"):
        named[column] = [text.encode("utf-8", "replace").decode() for text in HOSTILE]
    return content_of(
        named, measure(named, load_kader("azc"), surroundings), None, "intern", date=DAY
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_hostile_names_break_no_output(hostile, tmp_path, language):
    text = words_of(council_report(hostile, language=language), tmp_path)
    assert "onerror" in text and "root:" not in text
    deck = pptx.Presentation(io.BytesIO(slide(hostile, language=language)))
    assert len(deck.slides) == 1
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(hostile, language=language)))
    cells = [
        c for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)
    ]
    formulas = [c.value for c in cells if c.data_type == "f"]
    assert formulas and not any("HYPERLINK" in f for f in formulas)
    assert any("HYPERLINK" in c.value and c.data_type == "s" for c in cells)
    assert (
        geopackage(hostile, language=language)
        and picture(hostile, "png")
        and picture(hostile, "svg")
    )
    svg = picture(hostile, "svg").decode()
    assert "<img" not in svg and "<script" not in svg


# --- class first ---------------------------------------------------------------------------------


def unpacked(kind, made):
    """Give all that is in a file as text: parts of archives, attachments, streams, metadata."""
    parts = [made]
    if kind in ("pptx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
            parts.append(" ".join(archive.namelist()).encode())
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(made)) as pdf:
            for obj in pdf.objects:
                if isinstance(obj, pikepdf.Stream):
                    try:
                        parts.append(obj.read_bytes())
                    except pikepdf.PdfError:
                        continue
            parts += [f.get_file().read_bytes() for f in pdf.attachments.values()]
            parts.append(str(pdf.docinfo).encode())
    return "\n".join(part.decode("utf-8", errors="ignore") for part in parts)


def all_for(audience, plots, measured, tmp_path):
    content = content_of(plots, measured, None, audience, date=DAY)
    found = {kind: make() for kind, make in makers(content).items()}
    found["json"] = take_snapshot(content.plots, content.ranking, date=DAY)
    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots, load_kader("azc"),
        cycle=1, on=DAY,
    )  # fmt: skip
    told = overview(table, plots, date=DAY)
    found["provincial.pdf"], found["provincial.xlsx"] = provincial_pdf(told), provincial_xlsx(told)
    words = {k: unpacked(k.split(".")[-1], v) for k, v in found.items()}
    for kind in ("pdf", "provincial.pdf"):
        words[kind] += words_of(found[kind], tmp_path)
    return content, words


def secrets_of(plots):
    for row in plots.itertuples():
        yield row.name.removeprefix("FICTIEF – ")
        yield row.Index
        x, y = (
            row.geometry.exterior.coords[0][:2]
            if row.geometry.geom_type == "Polygon"
            else row.geometry.geoms[0].exterior.coords[0][:2]
        )
        yield f"{x:.4f}"[:9]
        yield f"{y:.4f}"[:9]


def test_nothing_confidential_is_in_any_output_for_the_public(plots, measured, tmp_path):
    content, words = all_for("openbaar", plots, measured, tmp_path)
    hidden = plots[plots["confidentiality"].ne("openbaar")]
    assert len(hidden) > 15 and len(content.plots) == len(plots) - len(hidden)
    for kind, text in words.items():
        for secret in secrets_of(hidden):
            assert secret not in text, (kind, secret)
    # counts and ranks are those among what the public sees
    public = len(content.plots)
    ranks = [
        int(n) for n in re.findall(r"(?:plaats \d+(?: tot \d+)?|place) van (\d+)", words["pdf"])
    ]
    assert set(ranks) <= {3} and max(content.ranks) <= public


def test_the_search_finds_what_is_there(plots, measured, tmp_path):
    """The search above would be worth nothing if it found nothing where there is something."""
    _, words = all_for("intern", plots, measured, tmp_path)
    best = content_of(plots, measured, None, "intern", date=DAY).plots.iloc[:1]
    name, plot_id, *_ = secrets_of(best)
    for kind in ("pdf", "pptx", "xlsx", "gpkg", "json"):
        assert name in words[kind], kind
    assert plot_id in words["gpkg"] and plot_id in words["json"]


def test_internal_columns_stay_inside(plots, measured, tmp_path):
    spoken = plots.copy()
    spoken["contact"] = "Jan Geheim, 06-12345678"
    spoken["remarks"] = "buurman is tegen"
    spoken["confidentiality"] = "openbaar"
    _, words = all_for("openbaar", spoken, measured, tmp_path)
    for text in words.values():
        assert "Geheim" not in text and "buurman" not in text


def counts_of(plots):
    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots, load_kader("azc"),
        cycle=1, on=DAY,
    )  # fmt: skip
    told = overview(table, plots, date=DAY)
    assert not {"candidates", "potential_low", "to_find_low"} & set(told.balance.columns)
    return told.counts


def test_the_overview_holds_nothing_of_a_plot_that_is_not_public(plots):
    """With every hidden plot away, changed of state, or alone: the overview says the same."""
    real = plots.assign(fictional=False)
    before = counts_of(real)
    hidden = real[real["confidentiality"].ne("openbaar")]
    assert len(hidden) > 5 and before["hidden"] is None
    for plot_id in hidden.index:
        assert counts_of(real.drop(index=plot_id)) == before
    assert counts_of(real[real["confidentiality"].eq("openbaar")]) == before
    assert counts_of(real.drop(index=real.index.difference(hidden.index)))["public"] == 0


def test_made_up_plots_do_not_count(plots):
    assert set(counts_of(plots.assign(fictional=True)).values()) <= {0, None}


# --- snapshots -----------------------------------------------------------------------------------


def test_a_snapshot_is_made_again_identical_and_says_what_differs(content, tmp_path):
    taken = take_snapshot(content.plots, content.ranking, date=DAY, view={"kind": "azc"})
    assert taken == take_snapshot(content.plots, content.ranking, date=DAY, view={"kind": "azc"})
    assert verify_snapshot(taken).identical
    assert snapshot_number(taken).startswith("2026-11-24-")
    plots, _, ranking, _ = open_snapshot(taken)
    before = dict(zip(content.plots.index, content.ranking.lower))
    assert dict(zip(plots.index, ranking.lower)) == pytest.approx(before)
    changed = json.loads(taken)
    changed["plots"][0]["gfa_m2"] = 12_345.0
    verdict = verify_snapshot(json.dumps(changed).encode())
    keys = {d.key for d in verdict.differences}
    assert not verdict.identical and "reports.verify.changed" in keys
    older = json.loads(taken)
    older["data_versions"]["facilities"] = "0" * 64
    told = [d.text("nl") for d in verify_snapshot(json.dumps(older).encode()).differences]
    assert any("facilities" in line for line in told)


def test_a_snapshot_keeps_the_day_and_the_gaps_that_its_scores_rest_on(plots):
    entered = pd.DataFrame(
        {"municipality_code": ["GM0307"], "cycle": [1], "status": ["decided"],
         "places": pd.array([700], "Int64"), "realised_places": pd.array([200], "Int64"),
         "source": ["raadsbrief"], "source_date": ["2026-10-01"]}
    )  # fmt: skip
    around = Surroundings.packaged(on=dt.date(2027, 6, 1), entered=entered)
    ranking = rank_measured(measure(plots, load_kader("azc"), around))
    taken = take_snapshot(plots, ranking, date=DAY)
    assert verify_snapshot(taken).identical
    again = open_snapshot(taken)[1].surroundings
    assert again.on == dt.date(2027, 6, 1)
    assert again.gap_places.loc["GM0307"].tolist() == [500, 500]


@pytest.mark.parametrize("bad", [b"", b"{}", b"[1", b"\xff\xfe", b'{"form": "x"}', b"[" * 100_000])
def test_what_is_no_snapshot_is_refused(bad):
    from reports.errors import SnapshotError

    with pytest.raises(SnapshotError):
        verify_snapshot(bad)


def test_make_verify_says_identical_or_what_differs(content, tmp_path, capsys):
    import sys
    from pathlib import Path

    from reports.__main__ import main

    path = tmp_path / "s.json"
    path.write_bytes(take_snapshot(content.plots, content.ranking, date=DAY))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "reports", "verify", path], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0 and "gelijk" in done.stdout
    path.write_bytes(path.read_bytes().replace(b'"azc"', b'"amv"', 1))
    assert main(["verify", str(path)]) == 1
    assert "niet gelijk" in capsys.readouterr().out


def test_the_overview_tells_what_changed_since_the_former_state(plots, tmp_path):
    from reports.provincial import state_bytes, state_from_bytes

    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots, load_kader("azc"),
        cycle=1, on=DAY,
    )  # fmt: skip
    before = state_from_bytes(state_bytes(table))
    assert overview(table, plots, date=DAY, before=before).changes == []
    before.loc["GM0344", ["realised_low", "realised_high"]] -= 100
    changes = overview(table, plots, date=DAY, before=before).changes
    assert [(name, what) for name, what, *_ in changes] == [("Utrecht", "realised")]
    text = words_of(provincial_pdf(overview(table, plots, date=DAY, before=before)), tmp_path)
    assert "Utrecht: gerealiseerd van 1.705 naar 1.805" in text


def test_a_snapshot_of_somebody_is_verified_in_a_bounded_process(content):
    from reports.errors import SnapshotError
    from reports.verified import verify_sandboxed

    taken = take_snapshot(content.plots, content.ranking, date=DAY)
    assert verify_sandboxed(taken) == verify_snapshot(taken)
    changed = taken.replace(b'"azc"', b'"amv"', 1)
    assert verify_sandboxed(changed) == verify_snapshot(changed)
    with pytest.raises(SnapshotError):
        verify_sandboxed(b"[" * 100_000)
    for bad in (b"", b'{"form": "x"}'):
        with pytest.raises(SnapshotError):
            verify_snapshot(bad)
    # two megabytes that ask for a few gigabytes
    bomb = json.loads(taken)
    one = bomb["plots"][0]
    bomb["plots"] = [{**one, "plot_id": f"p{n}", "geometry": one["geometry"]} for n in range(3000)]
    bomb["plots"][0]["geometry"] = "0103" + "F" * 2_000_000
    with pytest.raises(SnapshotError):
        verify_sandboxed(json.dumps(bomb).encode(), max_seconds=60)
    with pytest.raises(SnapshotError):
        verify_sandboxed(taken, max_seconds=0.02)


def test_every_output_is_made_by_one_command_and_holds_only_its_class(tmp_path, plots):
    from reports.everything import make_everything
    from reports.outputs import OUTPUTS

    assert len({one.key for one in OUTPUTS}) == len(OUTPUTS)
    made = make_everything(tmp_path, languages=["en"], audiences=[Audience.OPENBAAR])
    # a snapshot, two maps of many plots and the quarterly overview twice, and the report of a delivery
    assert len(made) == len(OUTPUTS) + 1 + 2 + 2 + 1
    hidden = plots[plots["confidentiality"].ne("openbaar")]
    for path in made:
        if path.name.startswith("openbaar_") and path.suffix in (".gpkg", ".json"):
            content = path.read_bytes().decode("latin-1")
            assert not any(plot_id in content for plot_id in hidden.index), path.name
