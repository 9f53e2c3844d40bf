"""What the browser is sent is what the server knows, and reasons are those of a plain count."""

import gzip
import json

import numpy as np
import pytest

from geo import layers
from messages import LANGUAGES
from scoring.explain import reasons
from scoring.ranking import rank_measured
from ui.explore.find import find
from ui.explore.instrument import matrix_payload, sheet_data
from ui.explore.model import limit_flags


def unpacked(content):
    """Take apart what ui.packing packed, by its description alone."""
    body = gzip.decompress(content)
    size = int.from_bytes(body[:4], "little")
    head = json.loads(body[4 : 4 + size])
    at, blocks = 4 + size, []
    for count in head["block_lengths"]:
        planes = np.frombuffer(body[at : at + 4 * count], dtype=np.uint8).reshape(4, count)
        blocks.append(np.ascontiguousarray(planes.T).view("<i4").ravel())
        at += 4 * count
    return head, blocks


@pytest.fixture(scope="module")
def sent(plots, measured):
    towns = layers.municipalities()["name"]
    content = matrix_payload(plots, measured, limit_flags(measured), towns, version="7", lang="nl")
    return unpacked(content)


def test_the_matrix_holds_the_scores_and_the_facts_of_every_plot(sent, plots, measured):
    head, blocks = sent
    assert head["ids"] == list(plots.index) and head["version"] == "7"
    for column in range(len(head["criteria"])):
        low, bits = blocks[2 * column], blocks[2 * column + 1]
        assert np.allclose(low.view("<f4"), measured.score_low[:, column], atol=1e-7)
        assert np.allclose((low ^ bits).view("<f4"), measured.score_high[:, column], atol=1e-7)
    areas, _, paint, gravest, towns, past, *steps = blocks[2 * len(head["criteria"]) :]
    shared = measured.shared
    assert head["shared"] == [measured.criteria.index("capacity")] and head["steps"] > 10
    low, bits = (block.reshape(head["steps"], len(plots)) for block in steps)
    assert np.allclose(low.view("<f4"), shared.low[:, :, 0], atol=1e-7)
    assert np.allclose((low ^ bits).view("<f4"), shared.high[:, :, 0], atol=1e-7)
    assert (past > 0).tolist() == plots["state"].isin(["afgevallen", "gerealiseerd"]).tolist()
    assert np.allclose(areas, plots.geometry.area, atol=0.5)
    assert ((paint & 32) > 0).tolist() == (gravest == 3).tolist()
    assert (gravest == 3).sum() == limit_flags(measured).blocked.sum() > 0
    names = layers.municipalities()["name"]
    assert [head["towns"][t] for t in towns] == list(names.reindex(plots["municipality_code"]))


def test_an_unknown_number_of_places_is_not_told_as_nought(sent, plots):
    head, _ = sent
    for plot_id, line in zip(head["ids"], head["where"]):
        unknown = plots.at[plot_id, "object_kind"] == "gebouw" and np.isnan(
            plots.at[plot_id, "gfa_m2"]
        )
        assert ("plaatsen" in line) != unknown or plots.at[plot_id, "object_kind"] == "onbekend"
        assert " 0 plaatsen" not in line


def test_reasons_are_those_of_a_plain_count(measured):
    ranking = rank_measured(measured)
    for place in (0, 7, 31):
        good, bad, unknown = reasons(ranking, place)
        points = {}
        for column, key in enumerate(measured.criteria):
            others = [
                (measured.score_low[p, column] + measured.score_high[p, column]) / 2
                for p in range(len(measured.plot_ids))
                if p != place
            ]
            middle = sorted(others)
            middle = (middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2
            weight = 100 * ranking.weights[key]
            points[key] = (
                weight * (measured.score_low[place, column] - middle),
                weight * (middle - measured.score_high[place, column]),
                measured.unknown[place, column],
            )
        known = {k: v for k, v in points.items() if not v[2]}
        expected = sorted((k for k, v in known.items() if v[0] >= 0.5), key=lambda k: -points[k][0])
        assert set(good) == set(expected[:3])
        against = sorted((k for k, v in known.items() if v[1] >= 0.5), key=lambda k: -points[k][1])
        assert set(bad) == set(against[:3])
        assert all(points[key][2] for key in unknown) and not set(unknown) & set(good + bad)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_says_every_criterion_and_no_key_of_a_text(plots, measured, lang):
    ranking = rank_measured(measured)
    for plot_id in plots.index:
        sheet = sheet_data(plots, measured, ranking, plot_id, lang)
        assert sum(len(group["rows"]) for group in sheet["groups"]) == len(measured.criteria)
        said = json.dumps(sheet)
        assert "explore." not in said and "scoring." not in said and "{" + "name" not in said


def test_what_is_sought_is_found_by_name_address_and_place(plots):
    towns = layers.municipalities()
    assert [f.kind for f in find("Houten", plots, towns)][:1] == ["municipality"]
    assert any(f.kind == "place" for f in find("Doorn", plots, towns))
    found = find(str(plots["name"].iloc[3])[:40], plots, towns)
    assert found[0].plot_id == plots.index[3]
    assert find("z", plots, towns) == [] and find("qqqq", plots, towns) == []


def test_the_page_says_on_what_the_order_of_bare_parcels_does_not_rest(surroundings):
    from bench.many_plots import many_plots
    from scoring.indicators import measure
    from scoring.kader import load_kader
    from ui.explore.instrument import mostly_unknown

    parcels = many_plots(40)
    parcels["object_kind"], parcels["gfa_m2"] = "onbekend", float("nan")
    measured = measure(parcels, load_kader("azc"), surroundings)
    found = mostly_unknown(measured, measured.kader.weights)
    # mixed living is unknown too, but weighs too little to tell
    assert found == ["capacity", "term"]
    assert mostly_unknown(measured, {"station": 1.0}) == []
