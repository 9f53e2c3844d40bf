"""Numbers are written as the reader expects, and an unknown is never a zero."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from presentation import numbers


def test_unknown_is_a_word_in_both_languages():
    assert numbers.number(float("nan"), "nl") == numbers.percentage(None, "nl") == "niet bekend"
    assert numbers.number(None, "en", decimals=2) == "unknown"
    assert numbers.day(None, "en") == "unknown"


def test_dutch_and_english_separators():
    assert numbers.number(8207.5, "nl", decimals=1) == "8.207,5"
    assert numbers.number(8207.5, "en", decimals=1) == "8,207.5"
    assert numbers.number(-0.0001, "nl", decimals=2) == "0,00"


def test_numbers_of_numpy_are_numbers():
    assert numbers.number(np.int64(1200), "nl") == "1.200"
    assert numbers.number(np.float64(0.5), "en", decimals=2) == "0.50"


@given(st.floats(0, 1e6), st.floats(0, 1e5))
def test_an_estimate_rounded_outward_stays_true_and_grows_little(low, width):
    high = low + width
    first, last = numbers.outward(low, high)
    assert first <= low and high <= last
    assert (last - first) - (high - low) <= max(0.2 * (high - low), 2) + 1e-6


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_shares_in_whole_points_add_up_to_a_hundred_and_are_off_by_less_than_one(parts):
    shares = {place: part / sum(parts) for place, part in enumerate(parts)}
    points = numbers.whole_shares(shares)
    assert sum(points.values()) == 100
    assert all(abs(points[place] - 100 * share) < 1 for place, share in shares.items())
