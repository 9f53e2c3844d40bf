"""The colours and shapes keep apart what must be kept apart, also on a grey print."""

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from data.vocabulary import LocationStatus, ReceptionKind
from messages import LANGUAGES, catalogue
from presentation import symbols
from ui.charts import GROUP_COLOURS, contribution_bars, rank_chances
from ui.map import SHADE_COLOURS


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


# How colours look to people who lack one kind of cone, on linear red, green and blue: Machado,
# Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency"
# (2009), severity 1.
_EYES = {
    "all three": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
_SEEN_AT_A_GLANCE = 10.0


def _seen(colour, eye):
    """CIELAB (D65) of a colour as an eye sees it."""
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(_EYES[eye]) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in np.array(to_xyz) @ linear / [0.9505, 1.0, 1.089]
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _contrast(one, other):
    light, dark = sorted((symbols.luminance(one), symbols.luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _ground():
    source = Path("ui/components/browser/ground.js").read_text(encoding="utf-8")
    found = dict(re.findall(r'(\w+): "(#\w{6})"', source))
    return [found[key] for key in ("outside", "land", "built", "nature", "water")]


@pytest.mark.parametrize("eye", _EYES)
def test_colours_stay_apart_for_every_eye(eye):
    classes = [style.colour for style in symbols.SUITABILITY_CLASSES]
    for one, other in itertools.combinations(classes, 2):
        assert np.linalg.norm(_seen(one, eye) - _seen(other, eye)) >= 1.5 * _SEEN_AT_A_GLANCE
    for one, other in itertools.pairwise(SHADE_COLOURS):
        assert np.linalg.norm(_seen(one, eye) - _seen(other, eye)) >= _SEEN_AT_A_GLANCE
    # groups lie against each other in the bars of Vergelijken
    for one, other in itertools.combinations(GROUP_COLOURS.values(), 2):
        assert np.linalg.norm(_seen(one, eye) - _seen(other, eye)) >= _SEEN_AT_A_GLANCE, (
            one,
            other,
        )
    # the edge of the chosen plot, and the outline of the others, against every class
    chosen, outline = _drawn()
    for colour in (outline, *classes):
        assert np.linalg.norm(_seen(chosen, eye) - _seen(colour, eye)) >= _SEEN_AT_A_GLANCE


def _drawn():
    """The colours with which the map draws edges: of the chosen plot, and of the others."""
    source = Path("ui/components/browser/plots.js").read_text(encoding="utf-8")
    (chosen,) = re.findall(r'const SELECTED = "(#\w{6})"', source)
    (outline,) = set(re.findall(r'"(#3\w{5})"', source))
    return chosen, outline


def _around_the_chosen():
    """The colours around the edge of the chosen plot, the outermost first."""
    source = Path("ui/components/browser/plots.js").read_text(encoding="utf-8")
    drawn = source[source.index("drawSelected(c) {") :]
    strokes = re.findall(r'\[(\d), "(#\w+)"\]', drawn)
    assert [int(width) for width, _ in strokes] == sorted(
        (int(w) for w, _ in strokes), reverse=True
    )
    return ["#FFFFFF" if colour == "#fff" else colour for _, colour in strokes]


def test_plots_and_sites_read_on_both_grounds():
    for ground in _ground():
        for edge in (symbols.PLOT_OUTLINE, *_drawn()):
            assert _contrast(edge, ground) >= 3, (edge, ground)
    # a pale class may come near a pale shade for some eyes (8 in CIELAB): the line parts them
    for shade in SHADE_COLOURS:
        assert max(_contrast(symbols.PLOT_OUTLINE, shade), _contrast("#FFFFFF", shade)) >= 3
    # on an aerial photo of any darkness the dark outline or its white casing stands out
    for grey in range(0, 256, 5):
        photo = f"#{grey:02X}{grey:02X}{grey:02X}"
        for edge in (symbols.PLOT_OUTLINE, _drawn()[1]):
            assert max(_contrast(edge, photo), _contrast("#FFFFFF", photo)) >= 3, (edge, photo)
        around = _around_the_chosen()
        assert max(_contrast(colour, photo) for colour in around) >= 3, photo


def test_every_style_of_text_reads_on_its_own_background():
    style = Path("ui/templates/explore.css").read_text(encoding="utf-8")
    pairs = re.findall(r"background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6})", style)
    assert len(pairs) >= 4
    for background, ink in pairs:
        assert _contrast(background, ink) >= 4.5, (background, ink)
    for name in ("soft", "ink", "brand"):
        (colour,) = re.findall(rf"--lw-{name}: (#\w{{6}})", style)
        assert min(_contrast(colour, ground) for ground in ("#FFFFFF", "#F4F6F7", "#E3EEF2")) >= 4.5


def test_the_words_of_a_chart_can_be_read_and_its_bars_lie_as_the_legend_says():
    bars = contribution_bars(["a"], {group: [10.0] for group in GROUP_COLOURS})
    for chart in (bars, rank_chances(["a"], np.eye(3))):
        config = chart.to_dict()["config"]
        for colour in (config["axis"]["labelColor"], config["legend"]["labelColor"]):
            assert 1.05 / (symbols.luminance(colour) + 0.05) >= 4.5
    drawn = bars.to_dict()
    (rows,) = drawn["datasets"].values()
    lie = sorted(rows, key=lambda row: row[drawn["encoding"]["order"]["field"]])
    assert [row["group"] for row in lie] == drawn["encoding"]["color"]["scale"]["domain"]
