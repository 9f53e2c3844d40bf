"""Measure what a plot takes to be used: when it can begin, and how long it then lasts.

Feasibility stands beside the score: a kader gives it weight or does not.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from scoring.days import DAYS_PER_YEAR

DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def months_until(
    available_from: pd.Series, available_until: pd.Series, on: dt.date
) -> pd.DataFrame:
    """Give the months from a day until a plot can be used; 0 when it can be already.

    Unknown (NaN) when the first day is, and when the term is over: when it might begin again is
    then for the owner to say.
    """
    day = pd.Timestamp(on)
    begin, end = pd.to_datetime(available_from), pd.to_datetime(available_until)
    months = ((begin - day).dt.days / DAYS_PER_MONTH).clip(lower=0)
    months = months.mask(expired(available_until, on) | (end < begin))
    return pd.DataFrame({"low": months, "high": months})


def years_left(available_from: pd.Series, available_until: pd.Series, on: dt.date) -> pd.DataFrame:
    """Give the years that a plot can be used from a day on; 0 when its term is over.

    Without a first day it is at most what is left from the day itself; without a last day it is
    unknown (NaN).
    """
    day = pd.Timestamp(on)
    begin, end = pd.to_datetime(available_from), pd.to_datetime(available_until)
    from_now = ((end - day).dt.days / DAYS_PER_YEAR).clip(lower=0)
    later = begin.where(begin > day, day)
    left = ((end - later).dt.days / DAYS_PER_YEAR).clip(lower=0)
    return pd.DataFrame(
        {"low": np.where(begin.isna() & end.notna(), 0.0, left), "high": np.fmin(from_now, left)},
        index=available_from.index,
    )


def expired(available_until: pd.Series, on: dt.date) -> pd.Series:
    """Say of which plots the last day lies before a day."""
    return pd.to_datetime(available_until) < pd.Timestamp(on)
