"""Measure plots to a layer that a user loaded: how near it is, or how much of a plot lies in it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.loader import Coverage
from data.vocabulary import Confidentiality
from geo import layers
from geo.places_layer import is_line, lines_of
from scoring.overlap import parts_in

FloatArray = npt.NDArray[np.float64]

NETWORK = "network"
"""The kind of a layer of roads and paths to walk over, see :mod:`geo.walking`."""


@dataclass(frozen=True)
class OwnLayer:
    """A layer that a user loaded.

    Attributes:
        kind: by which kaders name it, as in ``nearest:supermarket``.
        name: in the words of the user.
        shapes: points, areas and lines in EPSG:28992 with ``name``, as
            :func:`geo.places_layer.shapes_of` gives them.
        covered: where it holds everything.
        source: where it comes from.
        source_date: of the source, in the words of the user.
        sha256: of its content.
        confidentiality: which readers it may reach; None where that was not kept with it.
    """

    kind: str
    name: str
    shapes: gpd.GeoDataFrame
    covered: Coverage
    source: str
    source_date: str
    sha256: str
    confidentiality: Confidentiality | None = None

    @functools.cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """Its lines, each apart."""
        return lines_of(self.shapes)

    @functools.cached_property
    def only_lines(self) -> bool:
        """Whether it is lines alone: no plot lies in it then, whatever it holds."""
        return bool(is_line(self.shapes).all())

    @functools.cached_property
    def tree(self) -> shapely.STRtree:
        """All that is in it, each line apart, to look up what is near."""
        rest = self.shapes.geometry[~is_line(self.shapes)]
        return shapely.STRtree(np.concatenate([np.asarray(rest.values, dtype=object), self.lines]))

    @functools.cached_property
    def line_tree(self) -> shapely.STRtree:
        """Its lines, to look up the nearest."""
        return shapely.STRtree(self.lines)


def line_interval_m(plots: gpd.GeoSeries, layer: OwnLayer) -> pd.DataFrame:
    """Bound the distance in metres from the edge of each plot to the nearest line of a layer.

    A line lies where it is drawn. Where the layer is not complete there may be a nearer one, down
    to ``low`` 0; where it is, beyond the covered area alone.

    Args:
        plots: polygons in EPSG:28992.
        layer: without lines nothing is known (NaN).
    """
    high = _away_m(plots, layer.line_tree)
    low = np.where(np.isnan(high), np.nan, 0.0)
    if layer.covered.complete:
        low = np.minimum(high, layers.to_edge_m(plots, layer.covered.margin_m))
    return pd.DataFrame({"low": low, "high": high}, index=plots.index)


def overlap_interval(plots: gpd.GeoSeries, layer: OwnLayer | None) -> pd.DataFrame:
    """Give the share of each plot (0 to 1) that lies in the areas of a layer.

    Where the layer is not complete more of the plot may lie in such areas: ``high`` is then 1.

    Args:
        plots: polygons in EPSG:28992.
        layer: None when it was not loaded: then nothing is known (NaN), and no more of one that is
            lines alone.
    """
    if layer is None or layer.only_lines:
        nothing = np.full(len(plots), np.nan)
        return pd.DataFrame({"low": nothing, "high": nothing}, index=plots.index)
    low = overlap_share(plots, layer.shapes)
    high = np.ones(len(plots))
    if layer.covered.complete:
        inside = layers.to_edge_m(plots, layer.covered.margin_m) > 0
        high = np.where(inside, low, 1.0)
    return pd.DataFrame({"low": low, "high": high}, index=plots.index)


def overlap_share(plots: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> FloatArray:
    """Give the share of each plot (0 to 1) in the union of some areas; both in EPSG:28992."""
    shapes = np.asarray(plots.values, dtype=object)
    grounds = np.asarray(areas.geometry.values, dtype=object)
    grounds = grounds[shapely.get_dimensions(grounds) == 2]
    share = np.zeros(len(shapes))
    rows, _, parts = parts_in(shapes, grounds)
    single = np.bincount(rows, minlength=len(shapes)) == 1
    alone = single[rows]
    share[rows[alone]] = shapely.area(parts[alone])
    for row in np.unique(rows[~alone]):  # areas of a layer may lie over one another
        share[row] = shapely.union_all(parts[rows == row]).area
    return np.asarray(np.minimum(share / np.maximum(shapely.area(shapes), 1e-9), 1.0))


def distance_m(plots: gpd.GeoSeries, layer: OwnLayer) -> FloatArray:
    """Give the distance from the edge of each plot to the nearest shape, metres (EPSG:28992)."""
    return _away_m(plots, layer.tree)


def _away_m(plots: gpd.GeoSeries, tree: shapely.STRtree) -> FloatArray:
    found = np.full(len(plots), np.nan)
    if len(tree) == 0:
        return found
    near, away = tree.query_nearest(
        np.asarray(plots.values, dtype=object), return_distance=True, all_matches=False
    )
    found[near[0]] = away
    return found
