"""Measure how large and how usable a plot is, and how many places it can give."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

PerPlace = tuple[float, float] | tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""The least and the most m² that a place takes, for all plots or for each plot by itself."""


def plot_area_m2(plots: gpd.GeoSeries) -> pd.Series:
    """Measure the area in m² of plots in EPSG:28992; holes do not count."""
    return pd.Series(shapely.area(plots.values), index=plots.index)


def compactness(plots: gpd.GeoSeries) -> pd.Series:
    """Measure how near a plot comes to a circle: 4 pi area / perimeter² (Polsby and Popper, 1991).

    A circle has 1, a square 0.785, a strip of 1 by 10 has 0.26. NaN for an empty shape.

    >>> round(float(compactness(gpd.GeoSeries([shapely.box(0, 0, 10, 10)])).iloc[0]), 3)
    0.785
    """
    area, perimeter = shapely.area(plots.values), shapely.length(plots.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(4 * np.pi * area / perimeter**2, index=plots.index)


def largest_circle_m(plots: gpd.GeoSeries) -> pd.Series:
    """Measure the diameter in metres of the largest circle that fits in a plot (EPSG:28992).

    It tells what can be built on: a strip of 8 m along a ditch may have a large area. Found to
    within 1 % of the plot's own extent.
    """
    shapes = np.asarray(plots.values, dtype=object)
    extent = np.sqrt(np.maximum(shapely.area(shapes), 1.0))
    radius = shapely.length(shapely.maximum_inscribed_circle(shapes, tolerance=extent / 100))
    return pd.Series(2 * radius, index=plots.index)


def places_by_floor(gfa_m2: pd.Series, m2_per_place: PerPlace) -> pd.DataFrame:
    """Give the places, ``low`` and ``high``, in a building of so much gross floor area.

    ``m2_per_place`` is the least and the most floor that a place takes. NaN for an unknown floor.
    """
    least, most = m2_per_place
    return pd.DataFrame({"low": gfa_m2 / most, "high": gfa_m2 / least})


def places_by_land(area_m2: pd.Series, m2_per_place: PerPlace) -> pd.DataFrame:
    """Give the places, ``low`` and ``high``, on bare land of so much area in m²."""
    least, most = m2_per_place
    return pd.DataFrame({"low": area_m2 / most, "high": area_m2 / least})


def by_object(
    object_kind: pd.Series, of_building: pd.DataFrame, of_land: pd.DataFrame
) -> pd.DataFrame:
    """Take the values for a building or for bare land, by what the candidate is.

    When it is not known which, the interval spans both; when one of them is unknown, so is the
    answer.
    """
    building = object_kind.eq("gebouw").to_numpy()
    land = object_kind.eq("perceel").to_numpy()
    either_low = np.minimum(of_building["low"].to_numpy(), of_land["low"].to_numpy())
    either_high = np.maximum(of_building["high"].to_numpy(), of_land["high"].to_numpy())
    return pd.DataFrame(
        {
            "low": np.select(
                [building, land], [of_building["low"], of_land["low"]], default=either_low
            ),
            "high": np.select(
                [building, land], [of_building["high"], of_land["high"]], default=either_high
            ),
        },
        index=object_kind.index,
    )
