"""What a user typed leaves the app for the team alone, unless it has a class that says otherwise."""

import datetime as dt

import pytest

from data.vocabulary import Confidentiality
from reports.alike import like
from reports.classes import Audience, class_of, for_class
from reports.content import KaderStamp, content_of
from reports.council.plot_page import practice_lines

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
