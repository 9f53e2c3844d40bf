"""Show on a map what was read, before it is kept."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from geo import layers
from geo.reading.result import Reading
from reports.delivery_report import Extra
from ui import session
from ui.map import ONE_COLOUR, build_payload, live_map, show_map
from ui.text import language, t

PREVIEW_HEIGHT_PX = 420


def preview_map(reading: Reading, *, key: str) -> None:
    """Show the plots of a reading, and the mended ones as they came."""
    if reading.plots is None:
        return
    chart = live_map(_payload(reading, language()), f"{session.channel()}-{key}")
    show_map(chart, key=f"preview-{key}", height=PREVIEW_HEIGHT_PX)


def _payload(reading: Reading, lang: str) -> str:
    plots = reading.plots
    if plots is None:
        raise ValueError("nothing to preview")
    nothing = layers.reception_locations().iloc[:0]
    before = gpd.GeoSeries(list(reading.before.values()), crs=plots.crs)
    return build_payload(
        municipalities=layers.municipalities(),
        locations=nothing,
        facilities=layers.facilities().iloc[:0],
        plots=plots,
        shades={},
        lang=lang,
        initial=ONE_COLOUR,
        fit=True,
        before=before if len(before) else None,
    )


def show_rows(reading: Reading, extra: Extra) -> None:
    """Show what became of every row."""
    lang = language()
    several = any(row.part for row in reading.rows)
    st.dataframe(
        {
            **({t("deliver.part_name"): [row.part for row in reading.rows]} if several else {}),
            t("deliver.row"): [row.row for row in reading.rows],
            t("deliver.name"): [row.name or "" for row in reading.rows],
            t("deliver.outcome"): [t(f"deliver.outcome.{row.outcome}") for row in reading.rows],
            t("deliver.messages"): [
                " ".join(
                    [*(m.text(lang) for m in row.messages), *extra.get((row.part, row.row), [])]
                )
                for row in reading.rows
            ],
        },
        hide_index=True,
        height=min(420, 38 + 35 * max(len(reading.rows), 1)),
        column_config={
            t("deliver.row"): st.column_config.NumberColumn(width=60),
            t("deliver.outcome"): st.column_config.TextColumn(width=150),
            t("deliver.messages"): st.column_config.TextColumn(width="large"),
        },
    )
