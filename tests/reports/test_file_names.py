"""A file name says what is in the file and of which class, and nothing that is secret."""

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.vocabulary import Confidentiality, highest_class
from reports.file_names import file_name

DAY = datetime.date(2026, 11, 24)


@given(st.text(max_size=200))
@settings(max_examples=50)
def test_any_text_gives_a_name_that_every_file_system_takes(what):
    name = file_name(what, "azc", "gedeeld", DAY, "pdf")
    assert re.fullmatch(r"locatiewijzer_[a-z0-9-]+_azc_gedeeld_2026-11-24\.pdf", name)
    assert len(name) < 100


def test_the_class_of_an_output_is_the_highest_in_it():
    assert highest_class(["openbaar", "vertrouwelijk", "gedeeld"]) is Confidentiality.VERTROUWELIJK
    assert highest_class(["openbaar", "gedeeld"]) is Confidentiality.GEDEELD
    assert highest_class([]) is Confidentiality.OPENBAAR


def test_a_plot_without_a_class_makes_the_output_confidential():
    assert highest_class(["openbaar", None]) is Confidentiality.VERTROUWELIJK
    assert highest_class(["openbaar", float("nan")]) is Confidentiality.VERTROUWELIJK


def test_a_class_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="geheim"):
        file_name("kaart", None, "geheim", DAY, "png")
