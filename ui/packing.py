"""Pack what the map draws into one compressed text that the map's script unpacks."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import to_wgs84

DEGREE_UNITS = 1_000_000
"""Coordinates are whole numbers of 0.000001 degree, about 0.1 m: finer than any boundary here."""


def shape_blocks(areas: gpd.GeoSeries) -> list[npt.NDArray[np.int32]]:
    """Turn polygons (EPSG:28992) into five rows of whole numbers for the map.

    Gives the number of parts for each shape, of rings for each part, of vertices for each ring,
    and the steps in longitude and in latitude from vertex to vertex, all in ``DEGREE_UNITS``.
    """
    geometries = np.asarray(to_wgs84(areas).values, dtype=object)
    parts, shape_of_part = shapely.get_parts(geometries, return_index=True)
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, shape_of_part = parts[polygon], shape_of_part[polygon]
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    whole = np.round(coordinates * DEGREE_UNITS).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return [
        np.bincount(shape_of_part, minlength=len(geometries)).astype(np.int32),
        np.bincount(part_of_ring, minlength=len(parts)).astype(np.int32),
        np.bincount(ring_of_vertex, minlength=len(rings)).astype(np.int32),
        steps[:, 0].astype(np.int32),
        steps[:, 1].astype(np.int32),
    ]


def line_blocks(lines: gpd.GeoSeries) -> list[npt.NDArray[np.int32]]:
    """Turn lines (EPSG:28992) into five rows like :func:`shape_blocks`: each part has one ring."""
    geometries = np.asarray(to_wgs84(lines).values, dtype=object)
    parts, line_of_part = shapely.get_parts(geometries, return_index=True)
    coordinates, part_of_vertex = shapely.get_coordinates(parts, return_index=True)
    whole = np.round(coordinates * DEGREE_UNITS).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return [
        np.bincount(line_of_part, minlength=len(geometries)).astype(np.int32),
        np.ones(len(parts), dtype=np.int32),
        np.bincount(part_of_vertex, minlength=len(parts)).astype(np.int32),
        steps[:, 0].astype(np.int32),
        steps[:, 1].astype(np.int32),
    ]


def pack(header: dict[str, Any], blocks: Sequence[npt.NDArray[np.int32]]) -> str:
    """Give :func:`packed` as base64 text."""
    return base64.b64encode(packed(header, blocks)).decode("ascii")


def packed(header: dict[str, Any], blocks: Sequence[npt.NDArray[np.int32]]) -> bytes:
    """Compress a header and rows of 32-bit numbers.

    The bytes of each row are laid in four planes (first bytes, second bytes, ...): steps between
    vertices are small, so three planes are nearly constant and compress to almost nothing.
    """
    head = json.dumps(
        {**header, "block_lengths": [len(block) for block in blocks]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    planes = [
        np.ascontiguousarray(block, dtype="<i4").view(np.uint8).reshape(-1, 4).T.tobytes()
        for block in blocks
    ]
    body = len(head).to_bytes(4, "little") + head + b"".join(planes)
    # mtime fixed: the same plots give the same text, so that a rerun does not mount the map anew
    return gzip.compress(body, compresslevel=6, mtime=0)
