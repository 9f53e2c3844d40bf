"""Say things in Dutch or English from the message catalogues.

Catalogues are the gettext files ``messages/<language>/<domain>.po``: one domain for each package
or page, merged at loading. A message identifier is a dotted key (``explore.title``), never a
sentence, so that a wording can be mended without touching code. Text holds named places in the
manner of :meth:`str.format`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: tuple[str, ...] = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Message:
    """Something to tell, in whatever language it is read.

    ``key`` names the text in the catalogues, ``values`` fill its places. Values may themselves be
    messages.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Give the text in a language (``nl`` or ``en``)."""
        return text(self.key, language, **self.values)


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Read all catalogues of a language into one dictionary from key to text.

    Raises:
        ValueError: a key stands in two catalogues of the language.
    """
    texts: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.po")):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale=language):
                if not entry.id or not isinstance(entry.id, str):
                    continue
                if entry.id in texts:
                    raise ValueError(f"message {entry.id!r} stands twice, again in {path.name}")
                if isinstance(entry.string, str) and entry.string:
                    texts[entry.id] = entry.string
    return texts


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, float) and math.isfinite(value):
        return format_decimal(value, format="#,##0.##", locale=language)
    return value


def text(key: str, language: str = DEFAULT_LANGUAGE, /, **values: Any) -> str:
    """Give the text of a key, its places filled.

    A key that is in no catalogue is given back as it is: a page with a bare key is better than no
    page, and the tests refuse it.
    """
    found = catalogue(language).get(key) or catalogue(DEFAULT_LANGUAGE).get(key)
    if found is None:
        return key
    if not values:
        return found
    filled = {name: _said(value, language) for name, value in values.items()}
    return found.format_map(filled)
