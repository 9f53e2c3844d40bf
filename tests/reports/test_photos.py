"""A photo, an aerial photograph and a plan stand in the report that their readers may have."""

import datetime as dt
import io
import json
import re
import subprocess
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pikepdf
import pytest
import shapely
from matplotlib.axes import Axes
from PIL import Image
from pptx import Presentation

from data.loader import Coverage
from data.tiles import PDOK_TILES
from data.translated import in_language
from data.vocabulary import Confidentiality
from geo import layers
from messages import text
from reports.background import Asker, Background, ask_nobody
from reports.content import Photo, content_of
from reports.council import class_of_report, council_report
from reports.council.appendix import scores_table
from reports.council.decision import decision_page
from reports.council.others import others_page
from reports.council.plot_page import _MAP_CM, _WIDE_MAP_CM, _neighbours, _pictures
from reports.council.site_map import (
    SCALES,
    _well_known,
    aerial_picture,
    map_window,
    nearest_of,
    scale_of,
    seen_on_map,
    site_map,
    window_around,
)
from reports.council.words import measured_words
from reports.photos import with_photos_still_kept
from reports.slide import slide
from reports.snapshot import (
    content_of_snapshot,
    snapshot_number,
    take_snapshot,
    verify_snapshot,
)
from scoring.own_layers import OwnLayer
from scoring.ranking import score_sheet
from scoring.tasks import municipal_tasks
from store.access import LOCAL_USER
from store.attachments import add_attachment, withdraw_attachment
from store.database import open_store
from store.erasure import _emptied
from store.records import Answer, Attachment, Left, Plan, Step
from tests.store.test_access import deliver, nine

DAY = dt.date(2026, 11, 24)
PURPLE, GREEN = (160, 32, 240), (0, 120, 0)


def photo_of(plot_id, confidentiality, credit="J. SECRETCREDIT"):
    made = io.BytesIO()
    Image.new("RGB", (1600, 1200), PURPLE).save(made, "JPEG", quality=95)
    about = Attachment(
        "SECRETIDENTIFIER", plot_id, "x", "image/jpeg", 1, credit, dt.date(2026, 5, 3),
        Confidentiality(confidentiality), dt.datetime(2026, 5, 4, tzinfo=dt.UTC), "x",
    )  # fmt: skip
    return Photo(about, made.getvalue())


def test_a_practice_of_ones_own_is_a_sign_and_without_one_the_words_say_how_far(
    plots, measured, public
):
    content = content_of(plots, measured, None, "openbaar", date=DAY, only=[public])
    plot = content.plots.geometry.iloc[0]

    def say(key, **values):
        return text(f"reports.council.{key}", "nl", **values)

    def shown(content):
        return _pictures(content, 0, "n", "t", say, "nl", {}, ask_nobody)

    without = shown(content)
    quarters = layers.neighbourhoods()
    lies_in = quarters[quarters.contains(plot.representative_point())].iloc[0]
    assert {sign["kind"] for sign in without["signs"]} == {"station", "school_secondary"}
    assert f"Bewoners van de buurt {lies_in['name']} gaan" in without["map_notes"]
    for name, column in (("huisarts", "general_practitioner_km"), ("supermarkt", "supermarket_km")):
        far = f"{lies_in[column]:.1f}".replace(".", ",")
        assert f"{name} {far}\u00a0km" in without["map_notes"]
    x, y = plot.centroid.x, plot.centroid.y
    table = gpd.GeoDataFrame(
        {"name": ["Ver weg", "Praktijk De Brink"]},
        geometry=gpd.points_from_xy([x + 3000, x + 300], [y, y]), crs=28992,
    )  # fmt: skip
    own = OwnLayer(
        "gp_practice",
        "Huisartsen van Nivel",
        table,
        Coverage(False, 0.0),
        "Nivel",
        "2026",
        "0" * 64,
        Confidentiality.VERTROUWELIJK,
    )
    around = measured.surroundings.with_own(own)
    there = replace(
        content,
        ranking=replace(
            content.ranking,
            measured=replace(content.ranking.measured, surroundings=around),
        ),
    )
    found = {near.kind: near for near in nearest_of(there, 0)}["gp_practice"]
    assert found.name == "Praktijk De Brink" and (found.x, found.y) == (x + 300, y)
    told = shown(there)
    assert "gp_practice" in {sign["kind"] for sign in told["signs"]}
    assert "huisarts" not in told["map_notes"] and "supermarkt" in told["map_notes"]
    assert "Huisartsen van Nivel" in told["map_note"]
    assert any("Nivel (2026)" in line for line in there.source_lines("nl"))
    # its name and source are in the output: who may not read the layer may not have that
    assert content.confidentiality == Confidentiality.OPENBAAR
    assert there.confidentiality == Confidentiality.VERTROUWELIJK
    # nor what is made again from its snapshot, also from one that does not say the class
    for own_class in (Confidentiality.GEDEELD, Confidentiality.VERTROUWELIJK, None):
        named = around.with_own(replace(own, confidentiality=own_class))
        ranking = replace(
            there.ranking, measured=replace(there.ranking.measured, surroundings=named)
        )
        taken = take_snapshot(there.plots, ranking, date=DAY, audience=there.audience)
        again, _ = content_of_snapshot(taken)
        assert [layer.name for layer in again.own_layers] == ["Huisartsen van Nivel"]
        assert again.confidentiality == (own_class or Confidentiality.VERTROUWELIJK)
    assert "RVO" in told["map_note"] and "PDOK" not in told["map_note"]


def green(source, extent, width_px):
    """An aerial photograph of a field, and no map."""
    if source is not PDOK_TILES[1]:
        return None
    high = round(width_px * (extent[3] - extent[1]) / (extent[2] - extent[0]))
    return Background(
        np.full((high, width_px, 3), np.array(GREEN) / 255, dtype=np.float32),
        extent,
        source.attribution,
    )


@pytest.fixture(scope="module")
def public(plots):
    return str(plots.query("confidentiality == 'openbaar'").index[0])


def read(made, tmp_path):
    """Give words, attached data and the share of the second page that has each colour."""
    path = tmp_path / "report.pdf"
    path.write_bytes(made)
    words = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    subprocess.run(
        ["pdftoppm", "-r", "40", "-f", "2", "-l", "2", "-png", path, tmp_path / "page"], check=True
    )
    page = np.asarray(Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")).astype(int)
    shares = {
        colour: float((np.abs(page - colour).max(axis=2) < 12).mean()) for colour in (PURPLE, GREEN)
    }
    with pikepdf.open(io.BytesIO(made)) as opened:
        data = json.loads(opened.attachments["data.json"].get_file().read_bytes())
    return words, data, shares


@pytest.mark.parametrize(
    ("audience", "confidentiality", "seen"),
    [
        ("intern", "vertrouwelijk", True),
        ("raad", "vertrouwelijk", False),
        ("openbaar", "gedeeld", False),
        ("openbaar", "openbaar", True),
    ],
)
def test_a_photo_stands_in_the_report_of_those_who_may_see_it(
    plots, measured, public, tmp_path, audience, confidentiality, seen
):
    content = content_of(
        plots, measured, None, audience, date=DAY, only=[public],
        photos={public: photo_of(public, confidentiality)},
    )  # fmt: skip
    words, data, shares = read(council_report(content, ask=green), tmp_path)
    assert ("SECRETCREDIT" in words) is seen and ("3 mei 2026" in words) is seen
    assert ("SECRET" in json.dumps(data)) is seen
    assert (shares[PURPLE] > 0.03) is seen
    # the aerial photograph is nobody's secret: it stands there with its outline and its source
    assert shares[GREEN] > 0.015 and "Beeldmateriaal.nl" in words
    assert ("Geen foto van deze plek" in words) is not seen
    order = list(Confidentiality).index
    assert not seen or order(content.confidentiality) >= order(Confidentiality(confidentiality))
    taken = take_snapshot(content.plots, content.ranking, date=DAY, photos=content.photos)
    assert (b"SECRETIDENTIFIER" in taken) is seen and b"\xff\xd8" not in taken


def test_without_photographs_the_map_is_wide_and_says_what_is_missing(
    plots, measured, public, tmp_path
):
    content = content_of(plots, measured, None, "openbaar", date=DAY, only=[public])
    words, data, shares = read(council_report(content), tmp_path)
    told = " ".join(words.split()).replace("\u00ad ", "")
    assert "Luchtfoto niet beschikbaar." in told and "Geen foto van deze plek." in told
    assert "achtergrond van PDOK is niet beschikbaar" in told
    assert max(shares.values()) < 0.001 and data["plots"][0]["map_wide"]


def test_the_outline_lies_on_the_aerial_photograph_where_the_plot_is(plots, measured, public):
    content = content_of(plots, measured, None, "openbaar", date=DAY, only=[public])
    size_cm = (6.0, 4.0)
    made, credit = aerial_picture(content, 0, size_cm=size_cm, ask=green)
    assert in_language(credit, "en") == "Aerial photograph: Beeldmateriaal.nl / PDOK"
    image = np.asarray(Image.open(io.BytesIO(made)).convert("RGB")).astype(int)
    shape = content.plots.geometry.iloc[0]
    west, south, east, north = window_around(shape, size_cm, 220.0)
    high, wide = image.shape[:2]
    red = (image[:, :, 0] > 180) & (image[:, :, 1] < 90)
    rows, columns = np.nonzero(red)
    for found, wanted, side, begin in (
        (columns.min(), shape.bounds[0], wide / (east - west), west),
        (columns.max(), shape.bounds[2], wide / (east - west), west),
    ):
        assert found == pytest.approx((wanted - begin) * side, abs=4)
    for found, wanted in ((rows.min(), shape.bounds[3]), (rows.max(), shape.bounds[1])):
        assert found == pytest.approx((north - wanted) * high / (north - south), abs=4)


def test_after_one_refusal_nothing_is_asked_any_more(monkeypatch):
    asked = []

    def refuses(*given, **more):
        asked.append(given)

    monkeypatch.setattr("reports.background.background", refuses)
    ask = Asker(patience_s=60)
    for _ in range(25):
        assert ask(PDOK_TILES[0], (0.0, 0.0, 1.0, 1.0), 100) is None
    assert len(asked) == 1
    assert Asker(patience_s=0)(PDOK_TILES[0], (0.0, 0.0, 1.0, 1.0), 100) is None
    assert len(asked) == 1


def test_a_report_is_made_again_from_its_snapshot_with_steps_answers_and_tasks(
    plots, measured, public, tmp_path
):
    plan = Plan(
        public,
        (Step("SECRETSTEP", "raad", dt.date(2027, 3, 1), council=True), Step("ooit")),
        (Answer("safety", "dag en nacht bemand", "COA", "plan", DAY),),
        Confidentiality.OPENBAAR,
    )
    tasks = municipal_tasks(
        layers.municipalities().index, layers.tasks(), layers.reception_locations(), on=DAY
    )
    code = str(plots.at[public, "municipality_code"])
    tasks.loc[code, "gap_low"] = tasks.loc[code, "gap_high"] = 123.0
    content = content_of(
        plots, measured, None, "openbaar", date=DAY, only=[public], plans={public: plan}
    )
    taken = take_snapshot(
        content.plots, content.ranking, date=DAY, audience=content.audience, plans=content.plans,
        tasks=tasks,
    )  # fmt: skip
    assert verify_snapshot(taken).identical
    again, kept = content_of_snapshot(taken)
    assert again.audience == "openbaar" and again.snapshot == snapshot_number(taken)
    assert again.plans == {public: Plan(**{**vars(plan), "version": 1})}
    first, second = (
        read(council_report(given, tasks=told), tmp_path)[0]
        for given, told in ((content_of(
            plots, measured, None, "openbaar", date=DAY, only=[public], plans={public: plan},
            snapshot=snapshot_number(taken)), tasks), (again, kept))
    )  # fmt: skip
    assert first == second and "SECRETSTEP" in first and "123" in first
    # what a snapshot does not keep is said when its report is made again
    photo = photo_of(public, "openbaar")
    taken = take_snapshot(
        content.plots, content.ranking, date=DAY, audience=content.audience,
        photos={public: photo},
    )  # fmt: skip
    again, _ = content_of_snapshot(taken)
    assert again.photos[public].about.credit == photo.about.credit
    assert not again.photos[public].content
    words, data, shares = read(council_report(again, again=True), tmp_path)
    assert f"opnieuw gemaakt uit momentopname {again.snapshot}" in data["others"]["lead"]
    note = data["plots"][0]["map_notes"]
    assert "niet bewaard in een momentopname" in note and "SECRETCREDIT" in note
    assert shares[PURPLE] == 0
    # a word more in a plan is another snapshot
    other = {public: Plan(public, plan.steps, (), Confidentiality.OPENBAAR)}
    assert snapshot_number(
        take_snapshot(content.plots, content.ranking, date=DAY, audience=content.audience,
                      plans=other, tasks=tasks)
    ) != snapshot_number(taken)  # fmt: skip


def test_a_photo_that_was_withdrawn_or_became_confidential_is_not_named_again(
    plots, measured, public, tmp_path
):
    store = open_store(f"sqlite:///{tmp_path}/x.sqlite")
    some = nine()
    deliver(store, LOCAL_USER, some)
    there = some.index[some["confidentiality"] == "openbaar"][0]
    picture = photo_of("x", "openbaar").content
    keys = [
        add_attachment(store, LOCAL_USER, there, picture, name="foto.jpg", credit="SECRETCREDIT",
                       confidentiality=Confidentiality(one))
        for one in ("openbaar", "vertrouwelijk", "openbaar")
    ]  # fmt: skip
    withdraw_attachment(store, LOCAL_USER, keys[2])
    for key, named in zip(keys, (True, False, False), strict=True):
        then = photo_of(public, "openbaar")
        then = {public: replace(then, about=replace(then.about, id=key))}
        content = content_of(
            plots, measured, None, "openbaar", date=DAY, only=[public], photos=then
        )
        assert list(content.photos) == [public]
        again = with_photos_still_kept(content, store, LOCAL_USER)
        assert list(again.photos) == [public] * named
    store.close()


def test_what_is_erased_of_a_plot_takes_its_plan_and_photo_out_of_snapshots():
    assert _emptied({"plot_id": "a", "plan": {"steps": []}, "photo": {"id": "b"}}) == {
        "plot_id": "a", "plan": None, "photo": None,
    }  # fmt: skip


HOSTILE = (
    r"$\undefined$ $\frac{1}{2}$ #let x = 1; <label> @ref * ] [ \u{0} `raw` "
    "مرحبا שלום \u202egnirts \U0001f3e0\U0001f468\u200d\U0001f469 \x00\x1b[31m " + "lang " * 1000
)


def test_hostile_words_beside_a_photo_and_a_dropped_plot_break_and_alter_nothing(
    plots, measured, tmp_path
):
    dropped = str(plots.query("state == 'afgevallen'").index[0])
    content = content_of(
        plots, measured, None, "intern", date=DAY, only=[dropped],
        photos={dropped: photo_of(dropped, "openbaar", HOSTILE)},
        left={dropped: Left(dt.date(2026, 9, 1), HOSTILE)},
    )  # fmt: skip
    words, data, shares = read(council_report(content, language="en"), tmp_path)
    told = " ".join(words.split())
    assert r"$\undefined$ $\frac{1}{2}$ #let x = 1; <label> @ref" in told
    assert "1 September 2026" in data["others"]["rows"][0][4] and shares[PURPLE] > 0.03
    assert len(data["plots"]) == 1
    # why a plot was dropped is for the team alone; when is told to all who see it
    for audience in ("raad", "openbaar"):
        for_others = content_of(
            plots.assign(confidentiality="openbaar"), measured, None, audience, date=DAY,
            only=[dropped], left={dropped: Left(dt.date(2026, 9, 1), "SECRETREASON")},
        )  # fmt: skip
        words, data, _ = read(council_report(for_others), tmp_path)
        assert "SECRETREASON" not in words + json.dumps(data)
        assert "1 september 2026" in data["others"]["rows"][0][4]


def test_people_near_are_one_number_as_a_criterion_and_in_the_box(plots, measured):
    content = content_of(plots, measured, None, "intern", date=DAY)

    def say(key, **values):
        return text(f"reports.council.{key}", "nl", **values)

    for place, plot_id in enumerate(content.plots.index):
        rows = score_sheet(content.ranking.measured, content.ranking, plot_id).rows
        (row,) = [row for row in rows if row.criterion.indicator == "inhabitants"]
        people = measured_words(row, "nl")
        line = _neighbours(content, place, say, "nl")[1]
        assert line == say("neighbours", metres="1.200", people=people)


@pytest.mark.parametrize("size_cm", [_MAP_CM, _WIDE_MAP_CM])
def test_the_map_of_a_plot_is_on_a_round_scale_of_about_ten_thousand_on_every_ground(
    plots, measured, size_cm
):
    content = content_of(plots, measured, None, "intern", date=DAY)
    asked = []
    site_map(
        content, 0, "nl", size_cm=size_cm, dots_per_inch=20,
        ask=lambda source, extent, width: asked.append(extent),
    )  # fmt: skip
    assert asked == [map_window(content.plots.geometry.iloc[0], size_cm)]
    scales = []
    for place, shape in enumerate(content.plots.geometry):
        scale, window = scale_of(shape, size_cm), shapely.box(*map_window(shape, size_cm))
        scales.append(scale)
        # a centimetre on paper is as many centimetres outside as the scale says
        west, south, east, north = window.bounds
        assert (east - west, north - south) == pytest.approx(
            tuple(side * scale / 100 for side in size_cm)
        )
        assert window.covers(shape.buffer(400)) and scale in SCALES
        seen, ring = seen_on_map(content, place, size_cm), shape.buffer(800).boundary
        parts = {"whole": window.covers(ring), "none": not window.intersects(ring)}
        assert seen.outer_ring == next((said for said, is_so in parts.items() if is_so), "part")
        others = content.plots.geometry.drop(content.plots.index[place])
        assert seen.others == others.intersects(window).any()
    assert np.median(scales) == 12_500 and max(scales) <= 15_000


def test_reception_that_is_known_roughly_is_not_drawn_on_a_near_map(plots, measured):
    sites = measured.surroundings.locations
    rough = sites[sites["precision_m"].fillna(3000.0) > 100]
    assert len(rough) and not set(_well_known(content_of(
        plots, measured, None, "intern", date=DAY)).index) & set(rough.index)  # fmt: skip


def test_the_long_name_of_a_school_is_whole_on_the_map(plots, measured, monkeypatch):
    content = content_of(plots, measured, None, "intern", date=DAY)
    written = []
    monkeypatch.setattr(Axes, "text", lambda axes, x, y, words, **how: written.append(words))
    site_map(content, 0, "nl", size_cm=_WIDE_MAP_CM, dots_per_inch=20)
    names = [one.name for one in nearest_of(content, 0)]
    told = [" ".join(words.split()) for words in written]
    assert names and all(any(name in words for words in told) for name in names)
    schools = measured.surroundings.places_of("school_secondary")["name"]
    assert schools.str.len().max() < 120


def test_the_scores_in_the_appendix_add_up_to_the_totals(plots, measured):
    content = content_of(plots, measured, None, "intern", date=DAY)
    told = scores_table(content, 25, lambda key, **values: key, "en")
    weights = np.array([float(words.removesuffix("%").strip()) for words in told["weights"][3:]])
    assert weights.sum() == pytest.approx(100, abs=1) and len(told["rows"]) == 25
    for row in told["rows"]:
        total, *parts = ([float(end) for end in words.split("–")] for words in row[2:])
        for end in (0, -1):
            added = sum(
                weight * part[end] / 100 for weight, part in zip(weights, parts, strict=True)
            )
            # each is rounded to a whole point
            assert added == pytest.approx(total[end], abs=1.1)


def test_nobody_is_asked_to_work_out_a_plot_that_was_dropped(plots, measured):
    only = list(content_of(plots, measured, None, "intern", date=DAY).plots.index[:4])
    changed = plots.copy()
    changed.loc[only[0], "state"] = "afgevallen"
    content = content_of(changed, measured, None, "intern", date=DAY, only=only)

    def say(key, **values):
        return text(f"reports.council.{key}", "nl", **values)

    tasks = municipal_tasks(
        layers.municipalities().index, layers.tasks(), layers.reception_locations(), on=DAY
    )
    page = decision_page(content, tasks, say, "nl", {})
    assert [card["rank"] for card in page["cards"]] == content.ranks[1:4]
    rows = others_page(content, 4, say, "nl")["rows"]
    assert [row[5] == say("chosen_first", count=3) for row in rows] == [False, True, True, True]
    # each card has a reason for and one against, told with what was measured
    for card in page["cards"]:
        (_, favour), (_, against) = card["lines"][:2]
        assert any(sign.isdigit() for sign in favour)
        assert any(sign.isdigit() for sign in against) or against == say("costs_nothing")
    deck = Presentation(io.BytesIO(slide(content, language="en")))
    said = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any(words.startswith("Of what can still be chosen") for words in said)
    only_out = changed.assign(state="gerealiseerd")
    assert len(content_of(only_out, measured, None, "intern", date=DAY, only=only).in_running) == 4


def test_why_not_the_others_tells_of_every_plot_that_the_readers_may_see(
    plots, measured, public, tmp_path
):
    everything = content_of(plots, measured, None, "raad", date=DAY)
    one = content_of(plots, measured, None, "raad", date=DAY, only=[public])
    made = council_report(one, everything=everything)
    words, data, _ = read(made, tmp_path)
    rows = data["others"]["rows"]
    assert len(rows) == len(everything.plots) and len(data["plots"]) == 1
    # each row says what would change it, measured against the one that was chosen
    rank = everything.ranks[list(everything.plots.index).index(public)]
    assert f"boven nummer {rank} (" in data["others"]["lead"]
    assert all(row[5] for row in rows)
    for place, row in enumerate(rows):
        short = everything.ranking.lead[rank - 1] - everything.ranking.lead[place]
        if "Komt boven" in row[5] or "Blijft" in row[5]:
            assert short > 0 and re.search(rf"nummer {rank}\b", row[5]), row
        if row[5].startswith("De score houdt deze plek niet tegen"):
            assert short <= 0 and place != rank - 1, row
    hidden = plots[plots["confidentiality"].eq("vertrouwelijk")]
    assert not any(name.removeprefix("FICTIEF – ") in words for name in hidden["name"])
    # the paper is as secret as the most secret plot in it, though its own plot is public
    assert one.confidentiality == "openbaar" and "gedeeld met de raad" in data["class"]
    assert (
        class_of_report(one, everything) == "gedeeld" and class_of_report(one, None) == "openbaar"
    )
