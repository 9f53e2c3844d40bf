"""The colours and shapes keep apart what must be kept apart, also on a grey print."""

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from data.vocabulary import LocationStatus, ReceptionKind
from messages import LANGUAGES, catalogue
from presentation import symbols


def test_every_kind_has_its_own_shape_and_colour():
    drawn = [symbols.KIND_SYMBOLS[kind] for kind in ReceptionKind]
    assert len({s.shape for s in drawn}) == len({s.colour for s in drawn}) == len(ReceptionKind)
    assert all(Polygon(symbols.SHAPES[s.shape]).is_valid for s in drawn)


def test_every_status_looks_different_without_colour():
    looks = {(s.fill, s.dash, s.mark) for s in symbols.STATUS_STYLES.values()}
    assert len(looks) == len(LocationStatus)


def test_suitability_gets_darker_by_steps_that_a_grey_print_keeps():
    # L* of CIE 1976 is how light a colour looks; ten apart is seen at a glance.
    def lightness(colour):
        y = symbols.luminance(colour)
        return 116 * y ** (1 / 3) - 16

    steps = [lightness(style.colour) for style in symbols.SUITABILITY_CLASSES]
    assert all(light - dark >= 10 for light, dark in itertools.pairwise(steps))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_score_is_never_in_a_lower_class(one, other):
    low, high = sorted((one, other))
    assert symbols.suitability_class(low) <= symbols.suitability_class(high)


def test_a_score_on_a_break_belongs_above_it_also_after_rounding_noise():
    assert symbols.suitability_class(0.1 + 0.2 + 0.3) == symbols.suitability_class(0.6) == 3


def test_an_unknown_score_is_no_class_and_a_wrong_one_is_refused():
    assert symbols.suitability_style(float("nan")) is symbols.SUITABILITY_UNKNOWN
    with pytest.raises(ValueError, match="between 0 and 1"):
        symbols.suitability_class(1.5)


def test_every_symbol_is_well_formed_svg():
    for kind, status in itertools.product(ReceptionKind, LocationStatus):
        assert ElementTree.fromstring(symbols.svg_symbol(kind, status)).tag.endswith("svg")


def test_every_label_is_in_both_languages():
    keys = [s.label_key for s in symbols.KIND_SYMBOLS.values()]
    keys += [s.label_key for s in symbols.STATUS_STYLES.values()]
    keys += [s.label_key for s in symbols.SUITABILITY_CLASSES]
    keys += [symbols.SUITABILITY_UNKNOWN.label_key, symbols.SHADE_UNKNOWN.label_key]
    for language in LANGUAGES:
        assert set(keys) <= set(catalogue(language))
