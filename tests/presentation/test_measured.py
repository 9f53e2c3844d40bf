"""What was measured is said in the same words on the screen and in every file."""

import math
import re

import pytest

from messages import LANGUAGES, catalogue, text
from presentation.measured import measured_value, with_unit
from scoring.kader import UNITS


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (409.9, 409.9, "places", "409 plaatsen"),
        (409.9, math.inf, "places", "ten minste 409 plaatsen"),
        (14.99, 14.99, "years", "15 jaar"),
        (2.5, 15.0, "years", "2,5–15,0 jaar"),
        (1.37, 1.37, "share", "1,37 keer het minimum"),
        (7712, 11801, "m", "7.700–11.900 m"),
        (math.nan, 40, "percent", "hooguit 40\xa0%"),
        (0, 2, "grid", "niet mogelijk tot beschikbaar"),
        (1, 1, "grid", "beperkt"),
        (math.nan, math.nan, "years", "niet bekend"),
    ],
)
def test_a_value_or_its_bounds_stand_with_their_unit(low, high, unit, said):
    assert measured_value(low, high, unit, "nl") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_unit_of_a_criterion_has_a_name_and_a_way_to_stand_beside_a_value(language):
    for unit in UNITS:
        assert "12" in with_unit("12", unit, language)
        head = text(f"reports.unit.{unit}", language)
        assert head != f"reports.unit.{unit}" and "{" not in head, unit


def test_a_percentage_stands_apart_in_dutch_and_close_in_english():
    odd = {"nl": r"[\d}] ?%", "en": r"[\d}]\s%"}
    for language in LANGUAGES:
        for key, said in catalogue(language).items():
            assert not re.search(odd[language], str(said)), (language, key)
