"""Bring coordinates from WGS84 to RD New and back, the same on every machine.

Everything measured is in RD New (EPSG:28992). The official way, RDNAPTRANS2018, needs a
correction grid that is not packaged, and PROJ would take that grid when a machine happens to have
it or may fetch it. The same input would then differ by some decimetres between machines. So the
pipeline is written out here, without grids, and PROJ is told not to use the network.

The parameters are those of EPSG operation "Amersfoort to ETRS89 (8)" (the similarity of
RDNAPTRANS2018) and of "RD New". Over the province of Utrecht the result stays within
:data:`RD_PRECISION_M` of RDNAPTRANS2018; the tests compare it with pyrdnap. WGS84 and ETRS89 are
taken as one and the same, as is usual for maps of this scale (they differ by less than a metre).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer, network
from pyproj.enums import TransformDirection

from geo.errors import CrsError
from messages import Message

RD = "EPSG:28992"
WGS84 = "EPSG:4326"
RD_PRECISION_M = 0.25
"""Largest distance to RDNAPTRANS2018 within the province, metres."""

_PIPELINE = (
    "+proj=pipeline "
    "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=cart +ellps=GRS80 "
    "+step +inv +proj=helmert +x=565.7381 +y=50.4018 +z=465.2904 "
    "+rx=0.395025981036064 +ry=-0.330772431242031 +rz=1.87607329462821 +s=4.07244 "
    "+convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=bessel "
    "+step +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 "
    "+x_0=155000 +y_0=463000 +ellps=bessel"
)
_LONLAT_CODES = frozenset({("EPSG", "4326"), ("EPSG", "4258"), ("OGC", "CRS84")})
_RD_CODES = frozenset({("EPSG", "28992"), ("EPSG", "7415")})

Transform = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Geo = TypeVar("Geo", gpd.GeoSeries, gpd.GeoDataFrame)

network.set_network_enabled(False)  # type: ignore[attr-defined]


@functools.cache
def _transformer() -> Transformer:
    return Transformer.from_pipeline(_PIPELINE)


def lonlat_to_rd(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn longitudes and latitudes (degrees, n × 2) into RD x and y (metres, n × 2).

    Coordinates that cannot be projected become NaN.
    """
    return _through_pipeline(lonlat, TransformDirection.FORWARD)


def rd_to_lonlat(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn RD x and y (metres, n × 2) into longitudes and latitudes (degrees, n × 2).

    Coordinates that cannot be projected become NaN.
    """
    return _through_pipeline(xy_m, TransformDirection.INVERSE)


def to_rd(geo: Geo) -> Geo:
    """Give the same geometries in RD New (EPSG:28992).

    WGS84 and ETRS89 go through the fixed pipeline. A shape with a coordinate that cannot be
    projected becomes None. Any other system goes to WGS84 first, by
    pyproj without network grids. Heights are left as they are.

    Args:
        geo: geometries that say their reference system.

    Raises:
        CrsError: the geometries do not say their reference system.
    """
    if _is_rd(_crs_of(geo)):
        return geo.set_crs(RD, allow_override=True)
    return _replaced(_lonlat(geo), lonlat_to_rd, RD)


def to_wgs84(geo: Geo) -> Geo:
    """Give the same geometries in WGS84 (EPSG:4326, longitude before latitude).

    Args:
        geo: geometries that say their reference system.

    Raises:
        CrsError: the geometries do not say their reference system.
    """
    if _is_rd(_crs_of(geo)):
        return _replaced(geo, rd_to_lonlat, WGS84)
    return _lonlat(geo).set_crs(WGS84, allow_override=True)


def _through_pipeline(
    coordinates: NDArray[np.float64], direction: TransformDirection
) -> NDArray[np.float64]:
    # PROJ gives infinity for what it cannot project, and a shape with infinities is worse than
    # one with NaN: shapely refuses the latter.
    x, y, _ = _transformer().transform(
        coordinates[:, 0], coordinates[:, 1], np.zeros(len(coordinates)), direction=direction
    )
    result = np.column_stack([x, y]).astype(np.float64)
    result[~np.isfinite(result).all(axis=1)] = np.nan
    return result


def _crs_of(geo: gpd.GeoSeries | gpd.GeoDataFrame) -> CRS:
    if geo.crs is None:
        raise CrsError(Message("crs.unknown"))
    return CRS.from_user_input(geo.crs)


def _is_rd(crs: CRS) -> bool:
    return _code(crs) in _RD_CODES


def _lonlat(geo: Geo) -> Geo:
    if _code(_crs_of(geo)) in _LONLAT_CODES:
        return geo
    return geo.to_crs(WGS84)


def _code(crs: CRS) -> tuple[str, str] | None:
    # Files often spell a known system in their own words (ESRI's WKT): then ask for its code.
    found = crs.to_authority(min_confidence=70)
    return None if found is None else (found[0], found[1])


def _replaced(geo: Geo, transform: Transform, crs: str) -> Geo:
    if isinstance(geo, gpd.GeoDataFrame):
        return geo.set_geometry(_replaced(geo.geometry, transform, crs))
    shapes = geo.to_numpy().copy()
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    with np.errstate(invalid="ignore", over="ignore"):
        lost = np.unique(owner[~np.isfinite(transform(coordinates)).all(axis=1)])
    # A ring with NaN in it does not close: such a shape is left out.
    shapes[lost] = None
    shapes = shapely.transform(shapes, transform)
    return gpd.GeoSeries(shapes, index=geo.index, name=geo.name, crs=crs)
