"""Say the members of the vocabulary, classes and kinds in the reader's language."""

from __future__ import annotations

from data.vocabulary import Confidentiality, ReceptionKind
from messages import catalogue, text
from presentation.symbols import SUITABILITY_BREAKS, SUITABILITY_CLASSES


def word(names: str, value: object, language: str) -> str:
    """Give the word for a member of an enumeration of ``data.vocabulary``.

    Args:
        names: the name of the enumeration, "OwnerKind".
        value: the stored value; None, NaN or a value that is no member gives "unknown".
        language: "nl" or "en".
    """
    key = f"vocabulary.{names}.{value}"
    if isinstance(value, str) and key in catalogue("nl"):
        return text(key, language)
    return text("frame.unknown", language)


def actor_words(typed: object, language: str) -> str:
    """Give who is to act next, in the reader's language where it is one of the usual words.

    >>> actor_words("Gemeente ", "en"), actor_words("de heer X", "en"), actor_words(None, "en")
    ('municipality', 'de heer X', '')
    """
    said = typed.strip() if isinstance(typed, str) else ""
    key = f"vocabulary.actor.{said.casefold()}"
    return text(key, language) if key in catalogue("nl") else said


def kind_label(kind: ReceptionKind | str, language: str) -> str:
    """Give the name of a kind of reception."""
    return word("ReceptionKind", ReceptionKind(kind).value, language)


def class_label(confidentiality: Confidentiality | str, language: str) -> str:
    """Give the line that says who may read an output of this class."""
    return text(f"reports.class.{Confidentiality(confidentiality).value}", language)


def suitability_label(place: int, language: str, *, fixed: bool) -> str:
    """Give what a class of suitability is called, 0 the least.

    Words such as "very well suited" are those of a kader that was fixed; on any other weights a
    class is a range of scores.

    >>> suitability_label(4, "nl", fixed=False), suitability_label(4, "nl", fixed=True)
    ('score 80–100', 'zeer geschikt')
    """
    if fixed:
        return text(SUITABILITY_CLASSES[place].label_key, language)
    edges = [0.0, *SUITABILITY_BREAKS, 1.0]
    low, high = (round(100 * edge) for edge in edges[place : place + 2])
    return text("symbols.suitability.range", language, low=low, high=high)
