"""Give a table the columns of a candidate plot, each of its type."""

from __future__ import annotations

import geopandas as gpd

from data.plot_record import values_of
from data.plot_schema import PLOT_COLUMNS


def with_plot_columns(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a table every column of ``data.plot_schema.SCHEMA``, in order, each of its type.

    What is missing is unknown: None for text, NaN for a number, NaT for a date, or the member that
    the schema names. Other columns are left out; the geometry stays as it is.
    """
    nothing = [None] * len(table)
    columns = {
        name: values_of(name, table[name].tolist() if name in table else nothing, table.index)
        for name in PLOT_COLUMNS
    }
    return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs)
