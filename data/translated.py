"""Say titles and sources of packaged facts in the reader's language.

They stand in Dutch beside the facts, where a kader and a snapshot keep them too; ``english.toml``
holds their English words by the Dutch ones. What a user typed is in no table and stays as it is.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_ENGLISH = Path(__file__).parent / "english.toml"


def in_language(words: str, language: str) -> str:
    """Give a title or source in a language, "nl" or "en"; unknown words stay as they are.

    >>> in_language("Scholen", "en"), in_language("Scholen", "nl"), in_language("x", "en")
    ('Schools', 'Scholen', 'x')
    """
    return words if language == "nl" else translations().get(words, words)


@functools.cache
def translations() -> Mapping[str, str]:
    """Give the English words of titles and sources by the Dutch ones."""
    parts = tomllib.loads(_ENGLISH.read_text("utf-8"))
    return MappingProxyType({nl: en for part in parts.values() for nl, en in part.items()})
