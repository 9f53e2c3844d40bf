"""Say the members of the vocabulary, classes and kinds in the reader's language."""

from __future__ import annotations

from data.vocabulary import Confidentiality, ReceptionKind
from messages import catalogue, text


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


def kind_label(kind: ReceptionKind | str, language: str) -> str:
    """Give the name of a kind of reception."""
    return word("ReceptionKind", ReceptionKind(kind).value, language)


def class_label(confidentiality: Confidentiality | str, language: str) -> str:
    """Give the line that says who may read an output of this class."""
    return text(f"reports.class.{Confidentiality(confidentiality).value}", language)
