"""One is one, and more are more, in each language and however the number was written."""

import re

import pytest

from messages import LANGUAGES, Message, _forms, text

PLURAL = sorted(key for key, forms in _forms("nl").items() if len(forms) > 1)


@pytest.mark.parametrize(
    ("language", "one", "more"), [("nl", "1 plek ", "plekken"), ("en", "1 site ", "sites")]
)
def test_the_button_says_one_plot(language, one, more):
    def said(count):
        return text("deliver.confirm_classes", language, count=count, classes="1 openbaar")

    for count in (1, "1"):
        assert one in said(count) and more not in said(count)
    for count in (0, 2, "2", "1.000", "1,000", "10", "–"):
        assert more in said(count)
    assert one in Message("deliver.confirm_classes", {"count": 1, "classes": "x"}).text(language)


def test_what_has_a_plural_has_it_in_both_languages_with_the_same_places():
    assert len(PLURAL) > 10
    for language in LANGUAGES:
        for key in PLURAL:
            one, more = _forms(language)[key]
            assert set(re.findall(r"{\w+}", one)) <= set(re.findall(r"{\w+}", more)), key
