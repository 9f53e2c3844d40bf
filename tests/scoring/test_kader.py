"""A kader is read whole or refused with the line and the reason."""

import datetime as dt

import numpy as np
import pytest

from data.vocabulary import ReceptionKind
from messages import catalogue
from scoring import kader as criteria
from scoring.errors import CriteriaError
from scoring.indicators import Surroundings, measure
from scoring.kader import PACKAGED, kader_from_text, kader_to_text, load_kader, load_kaders


@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_every_kind_has_a_kader_with_groups_sources_and_texts(kind):
    kader = load_kaders()[kind]
    assert {c.group for c in kader.criteria} == set(criteria.CriterionGroup)
    assert sum(kader.weights.values()) == pytest.approx(1)
    # points that are hundredths: what the page shows is then what the file says
    assert sum(c.weight for c in kader.criteria) == 100
    for criterion in kader.criteria:
        assert criterion.source
        for lang in ("nl", "en"):
            assert f"scoring.criterion.{criterion.key}" in catalogue(lang)
            assert f"scoring.criterion.{criterion.key}.explained" in catalogue(lang)
    for limit in kader.limits:
        assert limit.who and f"scoring.who.{limit.who}" in catalogue("nl")
        assert f"scoring.limit.{limit.key}.lifted_by" in catalogue("nl")
        # a limit by a layer is a question until it was loaded: outcome, remedy, who and months
        by_layer = limit.measure is not None
        assert not by_layer or (f"scoring.question.{limit.key}" in catalogue("en") and limit.months)


def test_coa_floors_are_those_of_the_source():
    kaders = load_kaders()
    assert kaders["azc"].parameters["gfa_floor_m2"] == 3000
    assert kaders["azc"].parameters["land_floor_m2"] == 30000
    assert kaders["amv"].parameters["gfa_floor_m2"] == 350


@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_a_kader_written_out_reads_back_with_the_same_hash(kind):
    kader = load_kaders()[kind]
    again = kader_from_text(kader_to_text(kader))
    assert again.hash == kader.hash
    assert again == kader


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('unit = "places"', 'unit = "stuks"', "stuks"),
        ('group = "omvang"', 'group = "grootte"', "groepen"),
        ("points = [[0, 0.0], [50, 0.1]", "points = [[0, 0.0], [0, 0.1]", "stijgen"),
        ("points = [[800, 1.0], [1500, 0.85]", "points = [[800, 1.0], [1500, 8.5]", "tussen 0"),
        ("method = 3", "method = 4", "manier van meten 4"),
        ("capacity = 35", "capacity = -35", "gewicht"),
        ("capacity = 35", "capaciteit = 35", "capaciteit"),
        ('version = "2026-4"', 'versie = "2026-3"', "versie"),
        ('outcome = "geblokkeerd"', 'outcome = "verboden"', "uitkomst"),
        ("gfa_floor_m2 = 3000.0", "gfa_floor_m2 = 0", "getal boven nul"),
        ('who = "owner"', 'who = "buurman"', "buurman"),
        ("months = 7.4", "months = 0", "maanden"),
        ("[kinds.azc]", "[kinds.azcs]", "soort opvang"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(tmp_path, before, after, says):
    text = PACKAGED.read_text(encoding="utf-8")
    assert before in text
    bad = tmp_path / "bad.toml"
    bad.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CriteriaError) as refused:
        load_kaders(bad)
    told = refused.value.message.text("nl")
    assert says in told, told
    if before.startswith(("unit", "group", "points", "capacity", "outcome", "gfa", "method")):
        line = (
            text.replace(before, after, 1)
            .splitlines()
            .index(next(row for row in text.replace(before, after, 1).splitlines() if after in row))
        )
        assert refused.value.line == line + 1


def test_what_is_no_toml_is_refused_with_its_line():
    with pytest.raises(CriteriaError) as refused:
        kader_from_text('kind = "azc"\nversion = = 3\n')
    assert refused.value.line == 2
    assert "2" in refused.value.message.text("nl")


def test_another_weight_is_another_hash():
    kader = load_kaders()["azc"]
    other = kader.with_weights({**{c.key: c.weight for c in kader.criteria}, "station": 99})
    assert other.hash != kader.hash


@pytest.mark.parametrize("version", list(criteria.FORMER))
@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_earlier_packaged_kaders_stay_readable_with_their_own_hash(version, kind):
    kader = load_kaders(criteria.FORMER[version])[kind]
    assert kader.version == version and kader.method == (1 if version == "2026-1" else 2)
    assert ("method" in kader_to_text(kader)) == (kader.method != 1)
    assert kader_from_text(kader_to_text(kader)).hash == kader.hash
    # what measured it then is there still
    from scoring.indicators import indicator_named

    assert all(callable(indicator_named(c.indicator, kader.method)) for c in kader.criteria)


@pytest.mark.parametrize("kind", list(ReceptionKind))
def test_feasibility_stands_beside_the_score_except_where_speed_goes_first(kind):
    kader = load_kaders()[kind]
    share = kader.group_weights[criteria.CriterionGroup.HAALBAARHEID]
    assert any(c.group == criteria.CriterionGroup.HAALBAARHEID for c in kader.criteria)
    assert share > 0.2 if kind == ReceptionKind.CRISISNOODOPVANG else share == 0


def test_the_kinds_differ_where_they_differ(plots, surroundings):
    from itertools import combinations

    from scipy.stats import spearmanr

    from scoring.indicators import measure
    from scoring.ranking import rank_measured

    totals = {
        kind: rank_measured(measure(plots, kader, surroundings)).lead
        for kind, kader in load_kaders().items()
    }
    alike = {
        (one, other): spearmanr(totals[one], totals[other])[0]
        for one, other in combinations(totals, 2)
    }
    assert max(alike.values()) < 0.95, alike
    assert min(alike.values()) < 0.6


def test_a_reference_day_is_part_of_the_kader_and_measures_as_on_that_day(plots, surroundings):
    kader = load_kader("crisisnoodopvang")
    day = dt.date(2031, 5, 1)
    text = kader_to_text(kader).replace("method = 3\n", "method = 3\nday = 2031-05-01\n")
    dated = kader_from_text(text)
    assert dated.day == day and kader_from_text(kader_to_text(dated)) == dated
    assert dated.hash != kader.hash == kader_from_text(kader_to_text(kader)).hash
    then = measure(plots, kader, Surroundings.packaged(on=day))
    now = measure(plots, kader, surroundings)
    found = measure(plots, dated, surroundings)
    np.testing.assert_array_equal(found.score_low, then.score_low)
    np.testing.assert_array_equal(found.score_high, then.score_high)
    assert found.limits == then.limits and found.surroundings.on == day
    assert found.limits != now.limits and (found.score_low != now.score_low).any()
    assert surroundings.on != day, "what others measure by is as it was"


@pytest.mark.parametrize("day", ['"2031-05-01"', "2031-05-01T10:00:00", "2031", "true"])
def test_a_day_that_is_none_is_told_with_its_line(day):
    text = kader_to_text(load_kader("azc")).replace("method = 3\n", f"method = 3\nday = {day}\n")
    with pytest.raises(CriteriaError) as told:
        kader_from_text(text)
    assert told.value.line == 4 and "peildatum" in told.value.message.text("nl")
