"""Whatever a name holds, what is printed is one line of bounded length in a font that has it."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.plain_text import printable


@given(st.text(max_size=400), st.integers(2, 100))
@settings(max_examples=80)
def test_text_is_bounded_and_has_no_control_or_format_characters(words, limit):
    shown = printable(words, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co"}


def test_what_the_font_has_is_kept_and_the_rest_is_seen_to_be_missing():
    assert printable("Oekraïense opvang ’t Goy – שלום") == "Oekraïense opvang ’t Goy – שלום"
    assert printable("huis 🏠 𝓐") == "huis □ □"


def test_a_text_that_turns_the_line_around_cannot():
    assert printable("fdp.\u202egnp") == "fdp.gnp"


def test_a_very_long_name_ends_visibly():
    assert printable("x" * 5000, 50) == "x" * 49 + "…"
    assert printable(None) == ""
