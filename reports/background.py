"""Fetch the national background map for a picture, cached on disk, and credited.

PDOK serves tiles in RD New, so nothing is warped. Without PDOK there is no background, and the
picture is made all the same.
"""

from __future__ import annotations

import io
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt
from matplotlib.image import imread

from data.tiles import PDOK_TILES, PDOK_VARIABLE

CACHE = Path("var") / "tiles"
ORIGIN_M = (-285_401.92, 903_401.92)
COARSEST_M_PER_PIXEL = 3_440.64
"""The tile grid of the Dutch services in EPSG:28992 (Geonovum, Nederlandse richtlijn tiling)."""

_PIXELS = 256
_FINEST = 14
_MOST_TILES = 60
_PATIENCE_S = 8.0


@dataclass(frozen=True)
class Background:
    """A picture of the ground: ``bounds`` is west, south, east, north in EPSG:28992, metres."""

    image: npt.NDArray[np.float32]
    bounds: tuple[float, float, float, float]
    credit: str


def background(
    extent: tuple[float, float, float, float], width_px: int, cache: Path = CACHE
) -> Background | None:
    """Give the background map for an extent (EPSG:28992), None when PDOK is out of reach."""
    other = os.environ.get(PDOK_VARIABLE)
    if other == "off":
        return None
    west, south, east, north = extent
    wanted = (east - west) / width_px
    level = min(max(math.ceil(math.log2(COARSEST_M_PER_PIXEL / wanted)), 0), _FINEST)
    while level > 0 and _count(extent, level) > _MOST_TILES:
        level -= 1
    size = COARSEST_M_PER_PIXEL / 2**level * _PIXELS
    left, right = (math.floor((x - ORIGIN_M[0]) / size) for x in (west, east))
    top, bottom = (math.floor((ORIGIN_M[1] - y) / size) for y in (north, south))
    rows = []
    until = time.monotonic() + _PATIENCE_S
    with httpx.Client(timeout=3.0) as client:
        for y in range(top, bottom + 1):
            row = []
            for x in range(left, right + 1):
                tile = _tile(client, other, level, x, y, cache, until)
                if tile is None:
                    return None
                row.append(tile)
            rows.append(np.concatenate(row, axis=1))
    return Background(
        np.concatenate(rows, axis=0),
        (
            ORIGIN_M[0] + left * size,
            ORIGIN_M[1] - (bottom + 1) * size,
            ORIGIN_M[0] + (right + 1) * size,
            ORIGIN_M[1] - top * size,
        ),
        PDOK_TILES[0].attribution,
    )


def _count(extent: tuple[float, float, float, float], level: int) -> int:
    size = COARSEST_M_PER_PIXEL / 2**level * _PIXELS
    west, south, east, north = extent
    return (math.ceil((east - west) / size) + 1) * (math.ceil((north - south) / size) + 1)


def _tile(
    client: httpx.Client, other: str | None, level: int, x: int, y: int, cache: Path, until: float
) -> npt.NDArray[np.float32] | None:
    kept = cache / f"brt-{level}-{x}-{y}.png"
    if not kept.is_file():
        if time.monotonic() > until:
            return None
        url = PDOK_TILES[0].url.replace("EPSG:3857", "EPSG:28992")
        url = url.replace("{z}", f"{level:02d}").replace("{x}", str(x)).replace("{y}", str(y))
        if other:
            url = other.rstrip("/") + httpx.URL(url).path
        try:
            answer = client.get(url)
            answer.raise_for_status()
        except httpx.HTTPError:
            return None
        if not answer.content.startswith(b"\x89PNG") or len(answer.content) > 1_000_000:
            return None
        cache.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(answer.content)
        fresh.replace(kept)
    try:
        image = np.asarray(imread(io.BytesIO(kept.read_bytes()), format="png"), dtype=np.float32)
    except (OSError, ValueError, SyntaxError):
        return None
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    return image[:, :, :3] if image.shape[:2] == (_PIXELS, _PIXELS) else None
