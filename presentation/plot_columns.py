"""Say what the columns of a plot are called and what stands in them, in the reader's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from data.plot_schema import BY_KEY, ColumnType
from messages import text
from presentation.measured import with_unit
from presentation.numbers import day, number
from presentation.words import actor_words, word


def column_label(key: str, language: str) -> str:
    """Give the name of a column as a label: ``Aan zet``."""
    name = text(f"deliver.field.{key}", language)
    return name[:1].upper() + name[1:]


def column_value(key: str, value: Any, language: str) -> str:
    """Give what stands in a column in words; an unknown is said to be unknown.

    >>> column_value("available_from", dt.date(2027, 3, 1), "nl"), column_value("name", None, "en")
    ('1 maart 2027', 'unknown')
    """
    column = BY_KEY[key]
    unknown = text("frame.unknown", language)
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return unknown
    if column.vocabulary is not None:
        return word(column.vocabulary.__name__, value, language)
    if column.type is ColumnType.BOOLEAN:
        return text("frame.yes" if value else "frame.no", language)
    if column.type is ColumnType.DATE:
        moment = pd.Timestamp(value)
        return day(dt.date(moment.year, moment.month, moment.day), language)
    if column.type is ColumnType.NUMBER:
        said = number(float(value), language)
        return with_unit(said, column.unit, language) if column.unit else said
    if key == "next_actor":
        return actor_words(value, language) or unknown
    return str(value).strip() or unknown
