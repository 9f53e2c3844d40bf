"""Numbers are written as the reader expects, and an unknown is never a zero."""

import numpy as np

from presentation import numbers


def test_unknown_is_a_word_in_both_languages():
    assert numbers.number(float("nan"), "nl") == numbers.percentage(None, "nl") == "onbekend"
    assert numbers.number(None, "en", decimals=2) == "unknown"
    assert numbers.day(None, "en") == "unknown"


def test_dutch_and_english_separators():
    assert numbers.number(8207.5, "nl", decimals=1) == "8.207,5"
    assert numbers.number(8207.5, "en", decimals=1) == "8,207.5"
    assert numbers.number(-0.0001, "nl", decimals=2) == "0,00"


def test_numbers_of_numpy_are_numbers():
    assert numbers.number(np.int64(1200), "nl") == "1.200"
    assert numbers.number(np.float64(0.5), "en", decimals=2) == "0.50"
