"""Decide what may be in an output, before anything of it is made.

An output is made *for* readers. What they may not see is taken out first, and only then are
plots ranked, counted, drawn and named: "third of twelve" tells that there are others. Every
maker of an output takes a :class:`reports.content.Content` that has passed through here.

Which readers may see which class is a choice of the team.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data.plot_schema import PLOT_COLUMNS, hidden_from, readers_of
from data.vocabulary import Confidentiality, confidentiality_rank, highest_class
from messages import Message
from reports.errors import ClassTooHighError

if TYPE_CHECKING:
    from scoring.indicators import Measured


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


def may_see(audience: Audience | str, confidentiality: object) -> bool:
    """Say whether an audience may see a class; an unknown class is for the team alone.

    Raises:
        ValueError: the audience or the class is not one of the vocabulary.
    """
    found = highest_class([confidentiality if isinstance(confidentiality, str) else None])
    allowed = HIGHEST_VISIBLE[Audience(audience)]
    return confidentiality_rank(found) <= confidentiality_rank(allowed)


def for_class(plots: gpd.GeoDataFrame, audience: Audience | str) -> gpd.GeoDataFrame:
    """Give the plots that an audience may see, without the columns that it may not.

    Args:
        plots: candidate plots with ``confidentiality``; without that column all count as
            vertrouwelijk.
        audience: for whom the output is made.

    Returns:
        A new table in the same order. Columns that the audience may not see are not there, not
        even empty.
    """
    audience = Audience(audience)
    classes = (
        plots["confidentiality"]
        if "confidentiality" in plots
        else pd.Series(None, index=plots.index, dtype=object)
    )
    visible = classes.map(lambda value: may_see(audience, value)).astype(bool)
    seen = plots[visible.to_numpy()].copy()
    hidden = hidden_from(HIGHEST_VISIBLE[audience])
    seen = seen.drop(columns=[column for column in hidden if column in seen])
    # Attributes of the table may hold the file that it came from.
    seen.attrs = {}
    return seen


def measured_for_class(measured: Measured, audience: Audience | str) -> Measured:
    """Give measured values without what rests on columns that the audience may not see."""
    return measured.without(hidden_from(HIGHEST_VISIBLE[Audience(audience)]))


def class_of(plots: gpd.GeoDataFrame) -> Confidentiality:
    """Give the class of an output with these plots in it: the highest of theirs and of its columns.

    A column with a class of its own counts wherever it says anything, also beside plots that are
    all public.
    """
    if plots.empty:
        return Confidentiality.OPENBAAR
    if "confidentiality" not in plots:
        return Confidentiality.VERTROUWELIJK
    speaking = [
        readers_of(column)
        for column in (*PLOT_COLUMNS, "provenance")
        if column in plots and _says_anything(plots[column])
    ]
    return highest_class([*plots["confidentiality"], *speaking])


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
