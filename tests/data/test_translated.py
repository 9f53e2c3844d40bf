"""Titles and sources of packaged facts are told in English too, none forgotten and none left over."""

from data.loader import resource_info, resource_names
from data.tiles import PDOK_TILES
from data.translated import in_language, translations
from data.vocabulary import ReceptionKind
from geo import layers
from scoring.kader import load_kader


def told_in_dutch():
    for name in resource_names():
        info = resource_info(name)
        yield info.title
        yield from info.sources
        yield from info.short
        yield from info.licences
    for kind in ReceptionKind:
        kader = load_kader(kind)
        yield from (criterion.source for criterion in kader.criteria)
        yield from (limit.article for limit in kader.limits)
    for source in PDOK_TILES:
        yield source.attribution
        yield from source.short
    yield from layers.practice()["size"].dropna()
    # the task of the whole province is told on the first page of the council report
    other = layers.tasks_other()
    yield from other["source"][other["area_code"].eq("PV26") & other["cycle"].eq(1)]


def test_every_title_and_source_has_english_words_and_no_words_are_left_over():
    assert set(translations()) == set(told_in_dutch())
    for dutch, english in translations().items():
        assert in_language(dutch, "nl") == dutch and in_language(dutch, "en") == english != ""


def test_figures_and_years_are_the_same_in_both_languages():
    for dutch, english in translations().items():
        figures = ["".join(sign for sign in words if sign.isdigit()) for words in (dutch, english)]
        # "ten minste vijf jaar" is words in both; numbers stay what they are
        assert figures[0] == figures[1], dutch


def test_what_a_user_typed_stays_as_it_is():
    assert in_language("Kaart van wethouder Jansen", "en") == "Kaart van wethouder Jansen"
