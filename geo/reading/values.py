"""Understand numbers, dates and words as Dutch spreadsheets have them."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any

_MONTH_NAMES = (
    "jan januari january; feb februari february; mrt maart mar march; apr april; mei may; "
    "jun juni june; jul juli july; aug augustus august; sep sept september; "
    "okt oct oktober october; nov november; dec december"
)
_MONTHS = {
    name: place
    for place, names in enumerate(_MONTH_NAMES.split(";"), start=1)
    for name in names.split()
}
_UNKNOWN = {
    "", "-", "?", "??", "n.v.t.", "nvt", "onbekend", "unknown", "nb", "n.b.", "null", "none", "nan",
    "n/a", "na", "#n/a", "#n/b", "nog niet bekend", "p.m.", "pm", "ntb", "n.t.b.",
}  # fmt: skip

_UNIT = re.compile(r"\s*(m2|m²|m\^2|ha|hectare[ns]?|km2|km²|vierkante meter|m)\s*$")


def is_unknown(value: Any) -> bool:
    """Say whether a cell says that its value is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and value.strip().lower() in _UNKNOWN


def plain(text: str) -> str:
    """Give a text without accents, capitals and marks, for comparing.

    >>> plain("Opmerking(en):  Géén")
    'opmerking en geen'
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def number(value: Any) -> float | None:
    """Read a number with Dutch or English marks; None when it is none.

    A single mark followed by exactly three digits is taken for a mark of thousands when it is a
    point (Dutch), as plots of 1.500 m² are common and ones of 1.5 m² are not.

    >>> number("1.234,5"), number("1,234.5"), number("12.000"), number("3,25 ha"), number("x")
    (1234.5, 1234.5, 12000.0, 32500.0, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip().lower().replace("\u00a0", " ")
    factor = 1.0
    unit = _UNIT.search(text)
    if unit:
        text = text[: unit.start()]
        if unit.group(1).startswith("h"):
            factor = 10_000.0
        elif unit.group(1).startswith("km"):
            factor = 1_000_000.0
    text = re.sub(r"^(ca\.?|circa|ongeveer|plm\.?|±|~)\s*", "", text.strip()).replace(" ", "")
    if not re.fullmatch(r"[+-]?[\d.,']+(e[+-]?\d+)?", text) or not re.search(r"\d", text):
        return None
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        decimal, thousands = (",", ".") if comma > point else (".", ",")
        text = text.replace(thousands, "").replace(decimal, ".")
    elif comma >= 0:
        text = text.replace(",", "") if text.count(",") > 1 else text.replace(",", ".")
    elif text.count(".") > 1 or re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text):
        text = text.replace(".", "")
    try:
        found = float(text.replace("'", ""))
    except ValueError:
        return None
    return found * factor if math.isfinite(found) else None


def has_unit(value: Any) -> bool:
    """Say whether a cell names its unit itself: ``8.000 m2``."""
    return isinstance(value, str) and bool(_UNIT.search(value.strip().lower()))


def coordinate(value: Any) -> float | None:
    """Read a coordinate: a decimal number, or degrees, minutes and seconds.

    Other than for an area, a single mark is always decimal here: 155.123 is a coordinate with
    decimals only when it is no whole number of metres, which the reasoning about systems sees.

    >>> coordinate("52,0907"), coordinate("136.000,5"), round(coordinate("5°30'00\\"E"), 3)
    (52.0907, 136000.5, 5.5)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = value.strip().replace("\u00a0", " ")
    if re.fullmatch(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", text):
        return number(text)  # blanks for thousands
    sided = re.fullmatch(r"([NSEWOZ]?)\s*(\d{1,3}[.,]\d+)\s*°?\s*([NSEWOZ]?)", text, re.I)
    if sided and (sided[1] or sided[3] or "°" in text):
        size = float(sided[2].replace(",", "."))
        return -size if (sided[1] + sided[3]).upper() in ("S", "W", "Z") else size
    dms = re.fullmatch(
        r"([NSEWOZ]?)\s*([+-]?\d{1,3})\s*[°d: ]\s*(\d{1,2}(?:[.,]\d+)?)\s*['m′: ]?\s*"
        r"(?:(\d{1,2}(?:[.,]\d+)?)\s*[\"s″]?)?\s*([NSEWOZ]?)",
        text,
        re.I,
    )
    if dms:
        before, degrees, minutes, seconds, after = dms.groups()
        size = abs(float(degrees)) + float(minutes.replace(",", ".")) / 60
        size += float((seconds or "0").replace(",", ".")) / 3600
        turned = degrees.startswith("-") or (before + after).upper() in ("S", "W", "Z")
        return -size if turned else size
    if re.fullmatch(r"[+-]?\d+\.\d+", text):
        return float(text)
    return number(text)


def date(value: Any) -> tuple[dt.date | None, bool]:
    """Read a date and say whether it is exact; a year or a month alone begins at its first day.

    >>> date("1-3-2027"), date("maart 2027")
    ((datetime.date(2027, 3, 1), True), (datetime.date(2027, 3, 1), False))
    """
    if isinstance(value, dt.datetime):
        return value.date(), True
    if isinstance(value, dt.date):
        return value, True
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = int(value) if math.isfinite(value) else 0
        if 1990 <= whole <= 2150:
            return dt.date(whole, 1, 1), False
        if 30_000 <= whole <= 80_000:  # the count of days that Excel keeps
            return dt.date(1899, 12, 30) + dt.timedelta(days=whole), True
        return None, False
    if not isinstance(value, str):
        return None, False
    text = value.strip().lower()
    iso = re.match(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t ]|$)", text)
    dutch = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?", text)
    words = re.fullmatch(r"(?:(\d{1,2})\s+)?([a-z]+)\.?\s+(\d{4})", text)
    month = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    quarter = re.fullmatch(r"(?:q|kwartaal )([1-4])[ -](\d{4})", text)
    try:
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3])), True
        if dutch:
            return dt.date(int(dutch[3]), int(dutch[2]), int(dutch[1])), True
        if words and words[2] in _MONTHS:
            return dt.date(int(words[3]), _MONTHS[words[2]], int(words[1] or 1)), bool(words[1])
        if month:
            return dt.date(int(month[1]), int(month[2]), 1), False
        if quarter:
            return dt.date(int(quarter[2]), 3 * int(quarter[1]) - 2, 1), False
        if re.fullmatch(r"\d{4}", text):
            return date(int(text))
    except ValueError:
        return None, False
    return None, False


def boolean(value: Any) -> bool | None:
    """Read yes or no; None when it is neither."""
    if isinstance(value, bool):
        return value
    text = plain(str(value))
    if text in ("ja", "j", "yes", "y", "true", "waar", "1", "x", "mogelijk"):
        return True
    if text in ("nee", "n", "no", "false", "onwaar", "0", "niet mogelijk"):
        return False
    return None
