"""Say in which municipality a plot lies, and whether that is certain."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.layers import BOUNDARY_PRECISION_M, municipal_areas


def assign_municipality(plots: gpd.GeoSeries) -> pd.DataFrame:
    """Give the municipality that holds most of each plot (EPSG:28992).

    The packaged borders are generalised, so a plot within their precision of a border with
    another municipality does not lie there for certain.

    Returns:
        On the same index: ``municipality_code`` (None outside the province),
        ``municipality_certain`` (whether no other municipality, nor the border of the province,
        lies within ``BOUNDARY_PRECISION_M``) and ``municipality_share`` (the share of the plot's
        area in that municipality, 0 to 1).
    """
    towns = municipal_areas()
    areas = np.asarray(towns.geometry.values, dtype=object)
    shapes = np.asarray(plots.values, dtype=object)
    tree = shapely.STRtree(areas)
    # Most plots lie wholly in one municipality: only the others need an intersection.
    rows, found = tree.query(shapes, predicate="intersects")
    shared = pd.DataFrame({"row": rows, "town": found})
    alone = ~shared.duplicated("row", keep=False).to_numpy()
    overlap = np.empty(len(shared))
    overlap[alone] = np.nan
    several = ~alone
    overlap[several] = shapely.area(
        shapely.intersection(shapes[rows[several]], areas[found[several]])
    )
    size = np.maximum(shapely.area(shapes), 1e-9)
    inside = shapely.covered_by(shapes[rows[alone]], areas[found[alone]])
    single = np.flatnonzero(alone)
    overlap[single[inside]] = size[rows[single[inside]]]
    outside = single[~inside]
    overlap[outside] = shapely.area(
        shapely.intersection(shapes[rows[outside]], areas[found[outside]])
    )
    shared["share"] = overlap / size[rows]
    best = shared.sort_values(["share", "town"], ascending=[False, True], kind="stable")
    best = best.drop_duplicates("row").set_index("row")
    code = np.full(len(shapes), None, dtype=object)
    share = np.zeros(len(shapes))
    places = best.index.to_numpy()
    code[places] = towns.index.to_numpy(dtype=object)[best["town"].to_numpy()]
    share[places] = np.clip(best["share"].to_numpy(), 0.0, 1.0)
    borders = shapely.boundary(areas)
    near, _ = shapely.STRtree(borders).query(
        shapes, predicate="dwithin", distance=BOUNDARY_PRECISION_M
    )
    certain = np.ones(len(shapes), dtype=bool)
    certain[near] = False
    certain[code == None] = False  # noqa: E711 - an array is compared element by element
    return pd.DataFrame(
        {
            "municipality_code": pd.Series(code, index=plots.index, dtype=object),
            "municipality_certain": certain,
            "municipality_share": share,
        },
        index=plots.index,
    )
