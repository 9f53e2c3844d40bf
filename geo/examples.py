"""Give the fictional example plots that the app shows at first start."""

from __future__ import annotations

import functools
import json

import geopandas as gpd
import numpy as np

from data.loader import example_plots_path, resource_info
from data.plot_schema import PLOT_COLUMNS
from geo.crs import WGS84, to_rd
from geo.municipality import assign_municipality
from geo.plot_table import with_plot_columns


def example_plots() -> gpd.GeoDataFrame:
    """Give the fictional plots in EPSG:28992, indexed by ``plot_id``.

    Columns are ``data.plot_schema.PLOT_COLUMNS``, the municipality by geometry, ``fictional``
    (always true) and ``provenance``.
    """
    return _example_plots().copy()


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
