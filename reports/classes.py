"""Decide what may be in an output, before anything of it is made.

An output is made *for* readers. What they may not see is taken out first, and only then are
plots ranked, counted, drawn and named: "third of twelve" tells that there are others. Every
maker of an output takes a :class:`reports.content.Content` that has passed through here.

Which readers may see which class is a choice of the team.
"""

from __future__ import annotations

from enum import StrEnum

import geopandas as gpd
import pandas as pd

from data.vocabulary import Confidentiality, confidentiality_rank, highest_class
from messages import Message
from reports.errors import ClassTooHighError


class Audience(StrEnum):
    """For whom an output is made."""

    INTERN = "intern"
    RAAD = "raad"
    OPENBAAR = "openbaar"


HIGHEST_VISIBLE: dict[Audience, Confidentiality] = {
    Audience.INTERN: Confidentiality.VERTROUWELIJK,
    Audience.RAAD: Confidentiality.GEDEELD,
    Audience.OPENBAAR: Confidentiality.OPENBAAR,
}
"""The highest class that each audience sees. A council sees in confidence what was shared with it,
not what only the team knows."""

INTERNAL_COLUMNS: tuple[str, ...] = ("contact", "remarks", "provenance")
"""Columns for the team alone, whatever the class of the plot: names of people and working notes."""


def may_see(audience: Audience | str, confidentiality: object) -> bool:
    """Say whether an audience may see a class; an unknown class is for the team alone.

    Raises:
        ValueError: the audience or the class is not one of the vocabulary.
    """
    found = highest_class([confidentiality if isinstance(confidentiality, str) else None])
    allowed = HIGHEST_VISIBLE[Audience(audience)]
    return confidentiality_rank(found) <= confidentiality_rank(allowed)


def for_class(plots: gpd.GeoDataFrame, audience: Audience | str) -> gpd.GeoDataFrame:
    """Give the plots that an audience may see, without the columns that are for the team alone.

    Args:
        plots: candidate plots with ``confidentiality``; without that column all count as
            vertrouwelijk.
        audience: for whom the output is made.

    Returns:
        A new table in the same order. A table for another audience than the team has no internal
        columns, not even empty ones.
    """
    audience = Audience(audience)
    classes = (
        plots["confidentiality"]
        if "confidentiality" in plots
        else pd.Series(None, index=plots.index, dtype=object)
    )
    visible = classes.map(lambda value: may_see(audience, value)).astype(bool)
    seen = plots[visible.to_numpy()].copy()
    if audience is not Audience.INTERN:
        seen = seen.drop(columns=[c for c in INTERNAL_COLUMNS if c in seen])
    # Attributes of the table may hold the file that it came from.
    seen.attrs = {}
    return seen


def class_of(plots: gpd.GeoDataFrame) -> Confidentiality:
    """Give the class of an output with these plots in it: the highest of theirs and of its columns.

    Columns that are for the team alone make it confidential wherever they say anything, also
    beside plots that are all public.
    """
    if plots.empty:
        return Confidentiality.OPENBAAR
    if any(_says_anything(plots[column]) for column in INTERNAL_COLUMNS if column in plots):
        return Confidentiality.VERTROUWELIJK
    if "confidentiality" not in plots:
        return Confidentiality.VERTROUWELIJK
    return highest_class(plots["confidentiality"])


def _says_anything(column: pd.Series) -> bool:
    return bool(column.map(lambda value: bool(value) and value == value).any())


def refuse_above(plots: gpd.GeoDataFrame, audience: Audience | str) -> None:
    """Stop an output that holds more than its audience may see: the last look before it leaves.

    Raises:
        ClassTooHighError: a plot is of a higher class. The message tells neither which nor how
            many.
    """
    if not may_see(audience, class_of(plots).value):
        raise ClassTooHighError(Message("reports.error.class_too_high"))
