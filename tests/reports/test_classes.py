"""What a user typed leaves the app for the team alone, unless it has a class that says otherwise."""

import datetime as dt

import numpy as np
import pytest

from data.plot_schema import BY_KEY, ColumnType, hidden_from
from data.vocabulary import Confidentiality
from reports import classes
from reports.alike import like
from reports.classes import Audience, class_of, for_class
from reports.content import KaderStamp, content_of
from reports.council.plot_page import practice_lines
from scoring.indicators import measure
from scoring.kader import load_kader

DAY = dt.date(2026, 11, 25)


def test_remarks_beside_public_plots_make_an_output_confidential(plots):
    public = plots.assign(confidentiality="openbaar")
    silent = public.assign(contact=None, remarks=None, provenance=[{}] * len(public))
    assert class_of(silent) is Confidentiality.OPENBAAR
    spoken = silent.assign(remarks="bel de eigenaar")
    assert class_of(spoken) is Confidentiality.VERTROUWELIJK
    # for the public these columns are taken out, so it stays public
    assert class_of(for_class(spoken, Audience.OPENBAAR)) is Confidentiality.OPENBAAR


@pytest.mark.parametrize("audience", list(Audience))
def test_why_a_kader_was_fixed_is_told_to_the_team_alone(plots, measured, audience):
    stamp = KaderStamp("1", "0" * 64, DAY, "besloten vergadering over Dorpsstraat 1")
    content = content_of(plots, measured, None, audience, date=DAY, stamp=stamp)
    assert bool(content.stamp.reason) == (audience is Audience.INTERN)
    assert content.stamp.fixed_on == DAY


@pytest.mark.parametrize("audience", list(Audience))
def test_examples_that_users_wrote_are_told_to_the_team_alone(plots, measured, audience):
    from geo import layers

    packaged = layers.practice()
    examples = packaged.assign(own=False)[["title", "kind", "municipality_code", "place", "size",
                                            "location_id", "own"]]  # fmt: skip
    examples.loc["own"] = ["Geheim idee", "azc", None, "Houten", None, None, True]
    content = content_of(plots, measured, None, audience, date=DAY)
    plot = content.plots.iloc[0].to_dict()
    assert like(plot, "azc", examples[examples["own"].astype(bool)])

    def say(key, **values):
        return values["title"]

    lines = practice_lines(plot, content, examples[examples["title"].eq("Geheim idee")], say, "nl")
    assert bool(lines) == (audience is Audience.INTERN)


@pytest.mark.parametrize("audience", list(Audience))
def test_what_a_hidden_column_says_is_not_told_by_the_score_that_rests_on_it(
    plots, surroundings, audience
):
    kader = load_kader("azc")
    public = plots.iloc[:3].assign(confidentiality="openbaar")
    numbers = [c for c in hidden_from(Confidentiality.GEDEELD) if c in BY_KEY]
    numbers = [c for c in numbers if BY_KEY[c].type is ColumnType.NUMBER]
    dear, silent = public.assign(**dict.fromkeys(numbers, 12_345.0)), public.copy()
    weights = {criterion.key: 1.0 for criterion in kader.criteria}
    told, without = (
        content_of(one, measure(one, kader, surroundings), weights, audience, date=DAY)
        for one in (dear, silent)
    )
    for name in ("score_low", "score_high", "unknown", "value_low", "value_high"):
        one, other = (
            np.asarray(getattr(c.ranking.measured, name), dtype=float) for c in (told, without)
        )
        same = np.array_equal(one, other, equal_nan=True)
        assert same == (audience is not Audience.INTERN), name
    assert list(told.plots.index) == list(without.plots.index)


def test_a_limit_that_rests_on_a_hidden_column_is_not_told(plots, surroundings, monkeypatch):
    kader = load_kader("azc")
    wet = plots.iloc[:2].assign(confidentiality="openbaar", flood="belemmering")
    measured = measure(wet, kader, surroundings)
    assert all("layer_flood" in {hit.key for hit in hits} for hits in measured.limits)
    monkeypatch.setattr(classes, "hidden_from", lambda highest: ("flood",))
    seen = content_of(wet, measured, None, Audience.RAAD, date=DAY).ranking.measured
    assert not any("layer_flood" in {hit.key for hit in hits} for hits in seen.limits)
