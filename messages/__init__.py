"""Say things in Dutch or English from the message catalogues.

Catalogues are the gettext files ``messages/<language>/<domain>.po``: one domain for each package
or page, merged at loading. A message identifier is a dotted key (``explore.title``), never a
sentence, so that a wording can be mended without touching code. Text holds named places in the
manner of :meth:`str.format`. An entry with a plural has a text for one and a text for more; the
value of ``count`` (or of the first place that stands in the text) decides, by Babel's rule of the
language.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: tuple[str, ...] = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Message:
    """Something to tell, in whatever language it is read.

    ``key`` names the text in the catalogues, ``values`` fill its places. Values may themselves be
    messages, or several of them; a moment (UTC) is written with its day in the language.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Give the text in a language (``nl`` or ``en``)."""
        return text(self.key, language, **self.values)


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Read all catalogues of a language into one dictionary from key to text.

    Of an entry with a plural it is the text for more than one.

    Raises:
        ValueError: a key stands in two catalogues of the language.
    """
    return {key: forms[-1] for key, forms in _forms(language).items()}


@functools.cache
def _forms(language: str) -> dict[str, tuple[str, ...]]:
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted((_FOLDER / language).glob("*.po")):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale=language):
                key = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
                if not key:
                    continue
                if key in texts:
                    raise ValueError(f"message {key!r} stands twice, again in {path.name}")
                said = entry.string
                forms = tuple(said) if isinstance(said, tuple | list) else (said,)
                if all(forms):
                    texts[str(key)] = tuple(str(form) for form in forms)
    return texts


_PLACE = re.compile(r"{(\w+)}")


def _form(forms: tuple[str, ...], values: Mapping[str, Any], language: str) -> str:
    """Choose the text for one or for more by what is counted."""
    if len(forms) == 1:
        return forms[0]
    places = _PLACE.findall(forms[-1])
    counted = values.get("count", values.get(places[0]) if places else None)
    # A number that was written already is told by its words: "1.000" is a thousand.
    if isinstance(counted, str):
        return forms[0] if counted == "1" else forms[-1]
    if not isinstance(counted, int | float):
        return forms[-1]
    return forms[0] if Locale.parse(language).plural_form(counted) == "one" else forms[-1]


def _forms_of(key: str, language: str) -> tuple[tuple[str, ...], dict[str, str]] | None:
    """Give the texts of a key, and what stands in the place of the star of an entry for many.

    What users name themselves (a layer of their own) has no entry: ``scoring.criterion.near_*``
    speaks for all of these keys, and its place ``{rest}`` tells which.
    """
    for tongue in (language, DEFAULT_LANGUAGE):
        if key in _forms(tongue):
            return _forms(tongue)[key], {}
        for pattern, entry in _for_many(tongue):
            found = re.fullmatch(pattern, key)
            if found:
                return _forms(tongue)[entry], {"rest": found.group(1).replace("_", " ")}
    return None


@functools.cache
def _for_many(language: str) -> tuple[tuple[str, str], ...]:
    entries = sorted((key for key in _forms(language) if "*" in key), key=len, reverse=True)
    return tuple((re.escape(key).replace(r"\*", "([a-z0-9_]+)"), key) for key in entries)


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, float) and math.isfinite(value):
        return format_decimal(value, format="#,##0.##", locale=language)
    if isinstance(value, dt.datetime):
        # English is that of Europe: day before month
        locale = "en_GB" if language == "en" else language
        said = format_datetime(value, "d MMM y HH:mm:ss", locale=locale)
        return f"{said.replace('.', '')} UTC"
    if isinstance(value, tuple):
        return ", ".join(str(_said(one, language)) for one in value)
    return value


def text(key: str, language: str = DEFAULT_LANGUAGE, /, **values: Any) -> str:
    """Give the text of a key, its places filled.

    A key that is in no catalogue is given back as it is: a page with a bare key is better than no
    page, and the tests refuse it.
    """
    entry = _forms_of(key, language)
    if entry is None:
        return key
    forms, rest = entry
    values = {**rest, **values}
    found = _form(forms, values, language)
    if not values:
        return found
    filled = {name: _said(value, language) for name, value in values.items()}
    return found.format_map(filled)
