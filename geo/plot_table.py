"""Give a table the columns of a candidate plot, each of its type."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from data.vocabulary import PLOT_COLUMNS, UNKNOWN


def with_plot_columns(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a table every column of ``data.vocabulary.PLOT_COLUMNS``, in order, each of its type.

    What is missing is unknown: None for text, NaN for a number, NaT for a date, or the member of
    :data:`data.vocabulary.UNKNOWN`. Other columns are left out; the geometry stays as it is.
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
            columns[name] = plain.where(plain.notna(), UNKNOWN.get(name))
    return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs)
