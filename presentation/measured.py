"""Write what was measured of a plot with its unit, the same on the screen and in every file."""

from __future__ import annotations

import math

from messages import text
from presentation.numbers import ESTIMATED, from_to, interval, outward

_DECIMALS = {"km": 1, "ha": 2, "share": 2, "ratio": 2, "years": 1, "places_per_1000": 1}
_STEPS = ("grid", "yes_no")
"""Units that are steps of a scale, each said as a word."""


def with_unit(value: str, unit: str, language: str = "nl") -> str:
    """Write a value that stands in words already with its unit.

    >>> with_unit("12", "percent", "en"), with_unit("2", "years", "nl")
    ('12%', '2 jaar')
    """
    return text(f"sheet.unit.{unit}", language, value=value)


def measured_value(low: float, high: float, unit: str, language: str = "nl") -> str:
    """Write a measured value, or the bounds between which it lies, with its unit.

    A bound that is NaN, or infinite above, is not known; where neither is, the word for unknown is
    given. A part of a place is none, and an estimate is not told to the last metre or person.

    >>> measured_value(2.5, 15, "years", "en"), measured_value(0, 1, "yes_no", "nl")
    ('2.5–15.0 years', 'nee tot ja')
    >>> measured_value(409.9, math.nan, "places", "en"), measured_value(math.nan, math.nan, "m")
    ('at least 409 places', 'niet bekend')
    """
    open_below, open_above = math.isnan(low), math.isnan(high) or math.isinf(high)
    if open_below and open_above:
        return text("frame.unknown", language)
    if unit == "places":
        low, high = (math.floor(end) if math.isfinite(end) else end for end in (low, high))
    elif unit in ESTIMATED and not open_below and not open_above:
        low, high = outward(low, high)
    decimals = _DECIMALS.get(unit, 0)
    ends = [end for end, not_known in ((low, open_below), (high, open_above)) if not not_known]
    if all(round(end, decimals) == round(end) for end in ends):
        decimals = 0
    if unit in _STEPS:
        steps = [text(f"sheet.step.{unit}.{round(end)}", language) for end in ends]
        said = from_to(steps[0], steps[-1], language)
    else:
        said = with_unit(interval(ends[0], ends[-1], language, decimals=decimals), unit, language)
    if len(ends) == 2:
        return said
    return text("sheet.at_most" if open_below else "sheet.at_least", language, value=said)
