"""Write numbers, shares, days and intervals as a reader of Dutch or English expects them."""

from __future__ import annotations

import datetime
import math
import numbers
from collections.abc import Mapping
from typing import TypeVar

from babel.dates import format_date
from babel.numbers import format_decimal

from messages import text

_Key = TypeVar("_Key")


def number(value: object, language: str = "nl", *, decimals: int = 0) -> str:
    """Give a number with so many decimals; an unknown is the word for it, never a zero.

    >>> number(1234.5, "nl", decimals=1), number(float("nan"), "en")
    ('1.234,5', 'unknown')
    """
    if value is None or not isinstance(value, numbers.Real) or math.isnan(value):
        return text("frame.unknown", language)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # Minus zero is a number to a computer only.
    rounded = round(float(value), decimals) + 0.0
    return str(format_decimal(rounded, format=pattern, locale=language))


def interval(low: float, high: float, language: str = "nl", *, decimals: int = 2) -> str:
    """Give a lower and an upper bound, or one number where they are the same.

    >>> interval(0.5, 0.75, "nl"), interval(0.5, 0.5, "en")
    ('0,50–0,75', '0.50')
    """
    one = number(low, language, decimals=decimals)
    other = number(high, language, decimals=decimals)
    return one if one == other else f"{one}–{other}"


def from_to(first: str, last: str, language: str = "nl") -> str:
    """Give two ends that stand in words already as one hears them, or one where they are the same.

    >>> from_to("85", "92", "nl"), from_to("limited", "limited", "en")
    ('85 tot 92', 'limited')
    """
    return first if first == last else text("sheet.from_to", language, low=first, high=last)


def whole_shares(shares: Mapping[_Key, float]) -> dict[_Key, int]:
    """Give shares that sum to 1 as whole points that add up to a hundred, by largest remainder.

    The rule of the bar of the weights (``ui/components/browser/engine.js``), for what is told in
    words.

    >>> whole_shares({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    {'a': 34, 'b': 33, 'c': 33}
    """
    points = {key: math.floor(100 * share + 1e-9) for key, share in shares.items()}
    rest = {key: round(100 * share - points[key], 9) for key, share in shares.items()}
    most = sorted(points, key=lambda key: -rest[key])
    for key in most[: max(0, 100 - sum(points.values()))]:
        points[key] += 1
    return points


ESTIMATED = ("m", "persons")
"""Units of which an interval is an estimate: its ends are not told to the last metre or person."""


def outward(low: float, high: float) -> tuple[float, float]:
    """Round an interval outward to about a tenth of its width, so that it stays true.

    >>> outward(7712, 11801), outward(2973, 3073), outward(840, 840)
    ((7700.0, 11900.0), (2970.0, 3080.0), (840, 840))
    """
    if not low < high or math.isinf(high):
        return low, high
    step = 10.0 ** max(0, math.floor(math.log10(high - low)) - 1)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def bounds(low: float, high: float, language: str = "nl", *, unknown: str | None = None) -> str:
    """Give whole numbers between which something lies; NaN says that an end is not known.

    >>> bounds(0, 344, "nl"), bounds(5, float("nan"), "en"), bounds(7, 7, "nl")
    ('0–344', 'at least 5', '7')
    """
    if math.isnan(low):
        return unknown if unknown is not None else text("frame.unknown", language)
    if math.isnan(high):
        return text("sheet.at_least", language, value=number(low, language))
    return interval(low, high, language, decimals=0)


def distance(metres: float, language: str = "nl") -> str:
    """Give a distance as a reader says it: tens of metres below a kilometre, then hundreds.

    >>> distance(873, "nl"), distance(3140, "en"), distance(0, "nl")
    ('870 m', '3.1 km', '0 m')
    """
    if math.isnan(metres):
        return text("frame.unknown", language)
    if metres < 995:
        return f"{number(round(metres, -1), language)} m"
    return f"{number(metres / 1000, language, decimals=1)} km"


def percentage(share: object, language: str = "nl", *, decimals: int = 0) -> str:
    """Give a share of 0 to 1 as a percentage, whole unless decimals are asked for.

    >>> percentage(0.256, "nl")
    '26\xa0%'
    """
    if not isinstance(share, numbers.Real) or math.isnan(share):
        return text("frame.unknown", language)
    said = number(100 * float(share), language, decimals=decimals)
    return text("sheet.unit.percent", language, value=said)


def day(date: datetime.date | None, language: str = "nl") -> str:
    """Give a day in words.

    >>> day(datetime.date(2026, 11, 24), "nl")
    '24 november 2026'
    """
    if date is None:
        return text("frame.unknown", language)
    # English is that of Europe: day before month.
    return str(format_date(date, format="long", locale="en_GB" if language == "en" else language))


def short_day(date: datetime.date | None, language: str = "nl") -> str:
    """Give a day in few letters, for tables; None and NaT are said to be unknown.

    >>> short_day(datetime.date(2026, 11, 24), "nl"), short_day(None, "en")
    ('24 nov 2026', 'unknown')
    """
    if date is None or date != date:
        return text("frame.unknown", language)
    locale = "en_GB" if language == "en" else language
    return str(format_date(date, format="d MMM y", locale=locale)).replace(".", "")


def month(date: datetime.date, language: str = "nl") -> str:
    """Give a month in words, short.

    >>> month(datetime.date(2027, 3, 1), "nl"), month(datetime.date(2027, 5, 1), "en")
    ('mrt 2027', 'May 2027')
    """
    locale = "en_GB" if language == "en" else language
    return str(format_date(date, format="MMM y", locale=locale)).replace(".", "")
