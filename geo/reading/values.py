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


_ABOUT = re.compile(r"^(ca\.?|circa|ongeveer|plm\.?|±|~)\s*")
_HECTARE_M2 = 10_000.0


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
    point (Dutch), as plots of 1.500 m² are common and ones of 1.5 m² are not; in hectares it is
    the other way round.

    >>> number("1.234,5"), number("1,234.5"), number("12.000"), number("3,25 ha"), number("x")
    (1234.5, 1234.5, 12000.0, 32500.0, None)
    >>> number("8.000 ha")
    80000.0
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text, factor = _without_unit(_blanks(value).strip().lower())
    found = _digits(_ABOUT.sub("", text.strip()).replace(" ", ""), thousands=factor != _HECTARE_M2)
    return found * factor if found is not None and math.isfinite(found) else None


def _blanks(text: str) -> str:
    """Give a text in which every kind of space is a plain one."""
    return re.sub(r"[^\S\n]", " ", text)


def _without_unit(text: str) -> tuple[str, float]:
    unit = _UNIT.search(text)
    if unit is None:
        return text, 1.0
    factor = _HECTARE_M2 if unit.group(1).startswith("h") else 1.0
    return text[: unit.start()], 1_000_000.0 if unit.group(1).startswith("km") else factor


def _digits(text: str, *, thousands: bool) -> float | None:
    """Read digits with marks; a point before three digits parts thousands, or else decimals."""
    if not re.fullmatch(r"[+-]?[\d.,']+(e[+-]?\d+)?", text) or not re.search(r"\d", text):
        return None
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        decimal, mark = (",", ".") if comma > point else (".", ",")
        text = text.replace(mark, "").replace(decimal, ".")
    elif comma >= 0:
        text = text.replace(",", "") if text.count(",") > 1 else text.replace(",", ".")
    elif text.count(".") > 1 or (thousands and re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text)):
        text = text.replace(".", "")
    try:
        return float(text.replace("'", ""))
    except ValueError:
        return None


def cadastral_size(value: Any) -> float | None:
    """Read a size as the Kadaster writes it, in hectares, ares and centiares; gives m².

    >>> cadastral_size("0.80.00"), cadastral_size("1 ha 20 a 5 ca"), cadastral_size("8.000")
    (8000.0, 12005.0, None)
    """
    if not isinstance(value, str):
        return None
    text = _blanks(value).strip().lower().removesuffix(" ha")
    found = re.fullmatch(r"(\d{1,4})[.,](\d{2})[.,](\d{2})", text) or re.fullmatch(
        r"(?:(\d{1,4}) ?ha)? ?(?:(\d{1,2}) ?a(?:re)?)? ?(?:(\d{1,2}) ?ca)?", value.strip().lower()
    )
    if found is None or found.lastindex is None or (found.lastindex == 1 and found[2] is None):
        return None
    hectares, ares, centiares = (float(part or 0) for part in found.groups())
    return _HECTARE_M2 * hectares + 100 * ares + centiares


def is_about(value: Any) -> bool:
    """Say whether a cell says itself that its number is not exact: ``ca. 800``."""
    return isinstance(value, str) and bool(_ABOUT.match(value.strip().lower()))


def may_be_thousands(value: Any) -> bool:
    """Say whether a text is a comma before three digits: ``8,000`` is 8 here and 8000 elsewhere."""
    if not isinstance(value, str):
        return False
    text, factor = _without_unit(_ABOUT.sub("", value.strip().lower()))
    return factor != _HECTARE_M2 and bool(re.fullmatch(r"[1-9]\d{0,2},\d{3}", text.strip()))


def has_unit(value: Any) -> bool:
    """Say whether a cell names its unit itself: ``8.000 m2``."""
    return isinstance(value, str) and bool(_UNIT.search(value.strip().lower()))


_ANGLE = re.compile(
    r"([NSEWOZ]?)\s*([+-]?\d{1,3})\s*[°ºd: -]\s*(\d{1,2}(?:[.,]\d+)?)\s*['’′´m: -]?\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”″s]|''|’’)?)?\s*([NSEWOZ]?)",
    re.I,
)
_SIDED = re.compile(r"([NSEWOZ]?)\s*(\d{1,3}[.,]\d+)\s*[°º]?\s*([NSEWOZ]?)", re.I)
_AXIS_BEFORE = re.compile(r"^(?:(?:rd|x|y|lat|lon|lng)\s*[:=]?\s*)+(?=[\d+-])", re.I)


def coordinate(value: Any) -> float | None:
    """Read a coordinate: a decimal number, or degrees, minutes and seconds.

    Other than for an area, a single mark is always decimal here: 155.123 is a coordinate with
    decimals only when it is no whole number of metres, which the reasoning about systems sees.

    >>> coordinate("52,0907"), coordinate("136.000,5"), round(coordinate("5°30'00\\"E"), 3)
    (52.0907, 136000.5, 5.5)
    >>> coordinate("x = 141050 m"), coordinate("141,05 km")
    (141050.0, 141050.0)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = _AXIS_BEFORE.sub("", _blanks(value).strip().strip("'()[]"))
    if text.lower().endswith("km"):
        size = coordinate(text[:-2])
        return None if size is None else size * 1000
    if re.fullmatch(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", text):
        return number(text)  # blanks for thousands
    sided = _SIDED.fullmatch(text)
    if sided and (sided[1] or sided[3] or text[-1] in "°º"):
        return _signed(float(sided[2].replace(",", ".")), sided[1] + sided[3])
    angle = _ANGLE.fullmatch(text)
    if angle:
        before, degrees, minutes, seconds, after = angle.groups()
        size = abs(float(degrees)) + float(minutes.replace(",", ".")) / 60
        size += float((seconds or "0").replace(",", ".")) / 3600
        return -size if degrees.startswith("-") else _signed(size, before + after)
    return float(text) if re.fullmatch(r"[+-]?\d+\.\d+", text) else number(text)


def _signed(size: float, side: str) -> float:
    return -size if side.upper() in ("S", "W", "Z") else size


def date(value: Any) -> tuple[dt.date | None, bool]:
    """Read a date and say whether it is exact; a year or a month alone begins at its first day.

    A text with more than a date and a time says something else: a condition, an end.

    >>> date("1-3-2027"), date("maart 2027")
    ((datetime.date(2027, 3, 1), True), (datetime.date(2027, 3, 1), False))
    >>> date("2027-03-01 12:00:00"), date("1-3-2027 onder voorbehoud")
    ((datetime.date(2027, 3, 1), True), (None, False))
    """
    if isinstance(value, dt.datetime):
        return value.date(), True
    if isinstance(value, dt.date):
        return value, True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _counted(value)
    if not isinstance(value, str):
        return None, False
    try:
        return _written(_TIME.sub("", value.strip().lower()))
    except ValueError:
        return None, False


_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")


def _counted(value: float) -> tuple[dt.date | None, bool]:
    """Read a number as a year, or as the count of days that Excel keeps."""
    whole = int(value) if math.isfinite(value) else 0
    if 1990 <= whole <= 2150:
        return dt.date(whole, 1, 1), False
    if 30_000 <= whole <= 80_000:
        return dt.date(1899, 12, 30) + dt.timedelta(days=whole), True
    return None, False


def _written(text: str) -> tuple[dt.date | None, bool]:
    if iso := re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text):
        return dt.date(int(iso[1]), int(iso[2]), int(iso[3])), True
    if dutch := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text):
        return dt.date(int(dutch[3]), int(dutch[2]), int(dutch[1])), True
    words = re.fullmatch(r"(?:(\d{1,2})\s+)?([a-z]+)\.?\s+(\d{4})", text)
    if words and words[2] in _MONTHS:
        return dt.date(int(words[3]), _MONTHS[words[2]], int(words[1] or 1)), bool(words[1])
    if month := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return dt.date(int(month[1]), int(month[2]), 1), False
    if quarter := re.fullmatch(r"(?:q|kwartaal )([1-4])[ -](\d{4})", text):
        return dt.date(int(quarter[2]), 3 * int(quarter[1]) - 2, 1), False
    return _counted(int(text)) if re.fullmatch(r"\d{4}", text) else (None, False)


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
