"""Read the first and last day of a location, of which only the year or month may be known."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from data.vocabulary import LocationStatus

DAYS_PER_YEAR = 365.25
_SLACK_DAYS = 2


def day_of(text: object, *, end: bool) -> dt.date | None:
    """Read a day of which only the year or month may be known, as its last day when it is an end.

    >>> day_of("2028", end=True), day_of("2023-02", end=False)
    (datetime.date(2028, 12, 31), datetime.date(2023, 2, 1))
    """
    if not isinstance(text, str) or not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return dt.date(*parts)
    first = dt.date(parts[0], parts[1] if len(parts) > 1 else 1, 1)
    if not end:
        return first
    months = 1 if len(parts) > 1 else 12
    month = first.month - 1 + months
    return dt.date(first.year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def is_there(begin: dt.date | None, end: dt.date | None, on: dt.date) -> bool:
    """Say whether a day lies in a term; an end that is not known does not shut anything out."""
    return (begin is None or begin <= on) and (end is None or on <= end)


def lasts_at_least(begin: dt.date | None, end: dt.date | None, years: float) -> bool | None:
    """Say whether a term is so long; None when a day of it is not known."""
    if begin is None or end is None:
        return None
    return (end - begin).days + _SLACK_DAYS >= years * DAYS_PER_YEAR


def there_on(locations: gpd.GeoDataFrame, on: dt.date) -> npt.NDArray[np.bool_]:
    """Say which reception locations are in use on a day.

    An open location is, between its first and last day. A planned one is from the day that it is
    planned for; without such a day it is not yet.
    """
    used = []
    for row in locations.itertuples():
        begin, end = day_of(row.start_date, end=False), day_of(row.end_date, end=True)
        planned = row.status == LocationStatus.PLANNED
        known = row.status == LocationStatus.OPEN or (planned and begin is not None)
        used.append(known and is_there(begin, end, on))
    return np.array(used, dtype=bool)
