"""Give the fictional example plots that the app shows at first start."""

from __future__ import annotations

import functools
import json

import geopandas as gpd
import numpy as np
import pandas as pd

from data.loader import example_plots_path, resource_info
from data.vocabulary import PLOT_COLUMNS
from geo.crs import WGS84, to_rd
from geo.municipality import assign_municipality


def example_plots() -> gpd.GeoDataFrame:
    """Give the fictional plots in EPSG:28992, indexed by ``plot_id``.

    Columns are ``data.vocabulary.PLOT_COLUMNS``, the municipality by geometry, ``fictional``
    (always true) and ``provenance``.
    """
    return _example_plots().copy()


def with_plot_columns(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a table every column of a candidate plot, in order, each of its type.

    What is missing is unknown: None for text, NaN for a number, NaT for a date, ``onbekend``
    where the vocabulary has that member.
    """
    columns: dict[str, pd.Series] = {}
    for name, kind in PLOT_COLUMNS.items():
        given = table[name] if name in table else pd.Series(None, index=table.index, dtype=object)
        if kind == "number":
            columns[name] = pd.to_numeric(given, errors="coerce").astype(float)
        elif kind == "date":
            columns[name] = pd.to_datetime(given, errors="coerce").astype("datetime64[us]")
        else:
            plain = given.astype(object)
            columns[name] = plain.where(plain.notna(), _UNKNOWN.get(name))
    return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs)


_UNKNOWN: dict[str, str | None] = {
    "owner_kind": "onbekend",
    "object_kind": "onbekend",
    "zoning": "onbekend",
    "nature": "onbekend",
    "grid_connection": "onbekend",
    "state": "concept",
    "confidentiality": "vertrouwelijk",
}


@functools.cache
def _example_plots() -> gpd.GeoDataFrame:
    drawn = json.loads(example_plots_path().read_text("utf-8"))
    table = to_rd(gpd.GeoDataFrame.from_features(drawn, crs=WGS84)).set_index("plot_id")
    plots = with_plot_columns(table)
    plots = plots.join(assign_municipality(plots.geometry))
    plots["fictional"] = np.ones(len(plots), dtype=bool)
    source = resource_info("example_plots").source
    plots["provenance"] = [dict.fromkeys(PLOT_COLUMNS, source) for _ in range(len(plots))]
    return plots
