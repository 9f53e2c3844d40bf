"""Understand words in cells: a word counts only when the whole phrase means it.

``niet kansrijk`` is not ``kansrijk``, ``100 m van Natura 2000`` is not ``natura2000``. What is not
wholly understood is unknown, with a remark, and its text is kept.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from data.loader import FOLDER
from data.vocabulary import Confidentiality
from geo.layers import municipal_areas
from geo.reading.values import plain

_NAMES = tomllib.loads((FOLDER / "column_names.toml").read_text(encoding="utf-8"))
_WORDS: dict[str, dict[str, str]] = {
    column: {word: member for member, words in members.items() for word in words}
    for column, members in _NAMES["words"].items()
}
_YES_NO: Mapping[str, Mapping[str, Mapping[str, str]]] = _NAMES["yes_no"]
_YES = frozenset(_NAMES["answers"]["yes"])
_NO = frozenset(_NAMES["answers"]["no"])
_OPEN = frozenset(_NAMES["class_headers"]["open"])
_SECRET_TEXT = re.compile("|".join(_NAMES["class_headers"]["secret_text"]))
_ABOUT_CLASS = re.compile(_NAMES["class_headers"]["about"])
_NEUTRAL = frozenset(_NAMES["class_headers"]["neutral"])
_CONDITIONAL = re.compile(_NAMES["class_headers"]["conditional"])
_CLASS_HEADERS = frozenset(_NAMES["headers"]["confidentiality"])
_NEGATED = re.compile(r"\b(niet|nooit|geen|nog|not|no|never|non)\b")
_LOOSE_MARK = re.compile(r"^\s*[-\u2013\u2014/&:;,_.]|[-\u2013\u2014/&:_]\s*$|\.\.|,\s*$")
_MARKS = frozenset(" .,:;()/&'\"-_\u2013\u2019\u00b2\u00a0\t\n\r")


def clear(text: str) -> str | None:
    """Give a text as :func:`geo.reading.values.plain` does, None when a mark in it may matter.

    A question mark is doubt, and a cross, an arrow or a letter of another script may turn a word
    into its opposite; so may a stroke before or behind it, and dots leave something out.

    >>> clear("Gemeente (grond)"), clear("gemeente?"), clear("\u2260 gemeente"), clear("NNN -")
    ('gemeente grond', None, None, None)
    """
    bare = unicodedata.normalize("NFKD", text)
    if _LOOSE_MARK.search(text) or any(
        not (letter in _MARKS or (letter.isascii() and letter.isalnum()))
        for letter in bare
        if not unicodedata.combining(letter)
    ):
        return None
    if any(
        unicodedata.combining(letter) and letter in "\u0335\u0336\u0337\u0338" for letter in bare
    ):
        return None  # struck through
    return plain(text)


def yes_or_no(cell: object) -> bool | None:
    """Read a bare yes or no; None for anything else, such as a yes with a condition."""
    if isinstance(cell, bool):
        return cell
    text = clear(str(cell))
    return True if text in _YES else False if text in _NO else None


def member(column: str, vocabulary: type[StrEnum], header: str, cell: object) -> str | None:
    """Give the member of a vocabulary that a cell means, None when it does not say so wholly.

    Args:
        column: of a plot.
        vocabulary: the members of the column.
        header: as the file has it; it decides what a bare yes or no means.
        cell: what stands there.
    """
    answer = yes_or_no(cell)
    if answer is not None:
        means = _YES_NO.get(column, {}).get(plain(header), {})
        return means.get("yes" if answer else "no")
    text = clear(str(cell))
    if text is None:
        return None
    known = {plain(str(one)): str(one) for one in vocabulary} | _WORDS.get(column, {})
    whole = known.get(_bare(column, text))
    if whole is not None:
        return whole
    # "Rijk (RVB)": parts that all mean the same
    parts = [_bare(column, plain(part)) for part in re.split(r"[()/,;&]", str(cell))]
    found = {known.get(part) for part in parts if part}
    return found.pop() if len(found) == 1 else None


def _bare(column: str, text: str) -> str:
    """Leave out what does not change the meaning: an article, the name of a municipality."""
    words = [word for word in text.split() if word not in ("de", "het", "een", "the", "a")]
    if column == "owner_kind" and words[:1] == ["gemeente"]:
        rest = " ".join(text.split()[1:])
        return "gemeente" if rest in _town_names() else " ".join(words)
    if column == "zoning" and len(words) > 1 and re.fullmatch(r"\d{1,2}[a-z]?", words[-1]):
        words = words[:-1]  # "Gemengd - 2", as plans name their uses
    return " ".join(words)


def _town_names() -> frozenset[str]:
    return frozenset(plain(str(name)) for name in municipal_areas()["name"])


# --- classes -------------------------------------------------------------------------------------


def speaks_of_openness(header: str) -> bool:
    """Say whether a yes under this header says that a plot is public.

    >>> speaks_of_openness("Openbaar?"), speaks_of_openness("niet openbaar")
    (True, False)
    """
    return plain(header) in _OPEN


def class_of(header: str, cell: object) -> tuple[str, str | None]:
    """Read a class; never lower than the words say.

    Only the bare word for a class counts. A negation, a condition, doubt, an unknown word or a
    bare yes or no that does not say "secret" is confidential.

    Returns:
        The class, and why it is told: ``yes`` for a bare yes under a header about openness, which
        is confidential until it is asked, ``doubt`` for what is not understood, None where
        nothing is to be told.
    """
    answer = yes_or_no(cell)
    if answer is not None:
        if speaks_of_openness(header):
            return "vertrouwelijk", "yes" if answer else None
        return "vertrouwelijk", None if answer and says_secret(header) else "doubt"
    bare = str(cell).strip().strip("'\"\u2018\u2019\u201c\u201d").removesuffix(".")
    text = clear(bare) if _plain_class_header(header) and not set("()") & set(bare) else None
    known = {str(one): str(one) for one in Confidentiality} | _WORDS["confidentiality"]
    found = known.get(text) if text is not None else None
    return (found, None) if found else ("vertrouwelijk", "doubt")


def _plain_class_header(header: str) -> bool:
    """Say whether a class under this header means what it says.

    Under "openbaar na", "datum openbaar" or "gewenste openbaarheid" the word tells something else
    than how the plot is now.
    """
    name = plain(header)
    if _NEGATED.search(name) or _CONDITIONAL.search(name):
        return False
    if name in _CLASS_HEADERS or not speaks_of_class(header):
        return True  # recognised as a whole, or pointed at by the user
    cut_off = len(header.strip()) == 10 and any(
        known.replace(" ", "").startswith(name.replace(" ", "")) for known in _CLASS_HEADERS
    )
    return cut_off or _NEUTRAL.issuperset(name.split())


def speaks_of_class(header: str) -> bool:
    """Say whether a header is about who may see a plot, in whatever words.

    >>> speaks_of_class("Is deze plek openbaar?"), speaks_of_class("Openbaar vervoer")
    (True, False)
    """
    return bool(_ABOUT_CLASS.search(plain(header)))


def says_secret(text: object) -> bool:
    """Say whether a text speaks of secrecy, in whatever way.

    >>> says_secret("nog niet openbaar"), says_secret("openbaar vervoer")
    (True, False)
    """
    return bool(_SECRET_TEXT.search(plain(str(text))))
