"""Show what became of each row of a delivery, before it is kept and of an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from geo.reading.result import Outcome, Reading
from reports.delivery_report import Extra
from store.deliveries import Delivery
from ui.tables import show_table
from ui.text import language, t

_WHOLE = 300
"""So many rows are a table in which every word can be read; more are one that scrolls quickly."""
_HEIGHT_PX = 420
# What asks for something stands above what went well.
_FIRST = [str(Outcome.REFUSED), str(Outcome.QUESTION), str(Outcome.REMARKS), str(Outcome.TAKEN)]


class _Row(NamedTuple):
    part: str
    row: int
    name: str
    outcome: str
    said: str


def show_reading(reading: Reading, extra: Extra) -> None:
    """Show the rows of what was just read.

    Args:
        reading: what was read.
        extra: remarks of this database, by part and row.
    """
    lang = language()
    _show(
        [
            _Row(
                row.part or "",
                row.row,
                row.name or "",
                str(row.outcome),
                " ".join(
                    [*(m.text(lang) for m in row.messages), *extra.get((row.part, row.row), [])]
                ),
            )
            for row in reading.rows
        ]
    )


def show_delivery(delivery: Delivery) -> None:
    """Show the rows of an earlier delivery, in the words that were said then."""
    _show(
        [
            _Row(
                row.get("part") or "",
                row["row"],
                row.get("name") or "",
                row["outcome"],
                " ".join(row["messages"]),
            )
            for row in delivery.report
        ]
    )


def _show(rows: Sequence[_Row]) -> None:
    rows = sorted(rows, key=lambda row: _FIRST.index(row.outcome))
    columns: dict[str, list[object]] = {}
    if any(row.part for row in rows):
        columns[t("deliver.part_name")] = [row.part for row in rows]
    columns |= {
        t("deliver.row"): [row.row for row in rows],
        t("deliver.name"): [row.name for row in rows],
        t("deliver.outcome"): [t(f"deliver.outcome.{row.outcome}") for row in rows],
        t("deliver.messages"): [row.said for row in rows],
    }
    if len(rows) <= _WHOLE:
        show_table(columns, label=t("deliver.rows"), height_px=_HEIGHT_PX, sentences=True)
        return
    st.dataframe(
        columns,
        hide_index=True,
        height=_HEIGHT_PX,
        column_config={
            t("deliver.row"): st.column_config.NumberColumn(width=60),
            t("deliver.outcome"): st.column_config.TextColumn(width=150),
            t("deliver.messages"): st.column_config.TextColumn(width="large"),
        },
    )
