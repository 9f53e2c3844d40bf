"""Make many made-up plots, spread over the province, the same at every call."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.plot_schema import PLOT_COLUMNS
from geo.crs import RD
from geo.layers import province


def many_plots(count: int, seed: int = 7) -> gpd.GeoDataFrame:
    """Give ``count`` plots of 6 to 12 corners (EPSG:28992) with some values unknown."""
    generator = np.random.default_rng(seed)
    area = province()
    shapely.prepare(area)
    west, south, east, north = area.bounds
    centres = np.empty((0, 2))
    while len(centres) < count:
        tried = generator.uniform((west, south), (east, north), (2 * count, 2))
        centres = np.vstack([centres, tried[shapely.contains_xy(area, tried)]])[:count]
    shapes = []
    for x, y in centres:
        corners = int(generator.integers(6, 13))
        angle = np.sort(generator.uniform(0, 2 * np.pi, corners))
        radius = generator.uniform(0.6, 1.0, corners) * generator.uniform(25, 180)
        ring = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
        shapes.append(shapely.make_valid(shapely.Polygon(ring)))
    index = pd.Index([f"m{place:06d}" for place in range(count)], name="plot_id")
    plots = gpd.GeoDataFrame(
        {column: [None] * count for column in PLOT_COLUMNS}, geometry=shapes, crs=RD, index=index
    )
    plots["geometry"] = plots.geometry.buffer(0)
    plots["name"] = [f"Proefplek {place}" for place in range(count)]
    for column in ("gfa_m2", "stated_area_m2"):
        plots[column] = np.nan
    for column in ("available_from", "available_until"):
        plots[column] = pd.NaT
    building = generator.random(count) < 0.3
    plots["object_kind"] = np.where(building, "gebouw", "perceel")
    plots.loc[building, "gfa_m2"] = generator.uniform(400, 9000, int(building.sum())).round()
    plots["owner_kind"] = generator.choice(["rijk", "gemeente", "particulier", "onbekend"], count)
    for column in ("zoning", "nature", "grid_connection"):
        plots[column] = "onbekend"
    plots["state"] = "concept"
    plots["confidentiality"] = "vertrouwelijk"
    return plots
