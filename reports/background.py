"""Fetch the national map or aerial photograph for a picture, cached on disk, and credited.

PDOK serves tiles in RD New, so nothing is warped. Without PDOK there is no background, and the
picture is made all the same.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt
from PIL import Image

from data.tiles import PDOK_TILES, PDOK_VARIABLE, TileSource

Bounds = tuple[float, float, float, float]
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
    """A picture of the ground: ``bounds`` is west, south, east, north in EPSG:28992, metres.

    ``short`` names whom the edge of a picture credits.
    """

    image: npt.NDArray[np.float32]
    bounds: tuple[float, float, float, float]
    credit: str
    short: tuple[str, ...] = ()


def background(
    extent: Bounds,
    width_px: int,
    cache: Path = CACHE,
    *,
    source: TileSource = PDOK_TILES[0],
    patience_s: float = _PATIENCE_S,
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
    until = time.monotonic() + patience_s
    with httpx.Client(timeout=3.0) as client:
        for y in range(top, bottom + 1):
            row = []
            for x in range(left, right + 1):
                tile = _tile(client, other, source, level, x, y, cache, until)
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
        source.attribution,
        source.short,
    )


class Asker:
    """Ask PDOK for the ground of several pictures, and no more once it did not answer.

    A report of 25 plots waits ``patience_s`` seconds for all of them together at most.
    """

    def __init__(self, cache: Path = CACHE, patience_s: float = 20.0) -> None:
        """Begin to wait."""
        self._cache = cache
        self._until = time.monotonic() + patience_s
        self._silent = False

    def __call__(self, source: TileSource, extent: Bounds, width_px: int) -> Background | None:
        """Give a picture of the ground, None where PDOK gives none."""
        left_s = self._until - time.monotonic()
        if self._silent or left_s <= 0:
            return None
        found = background(
            extent, width_px, self._cache, source=source, patience_s=min(left_s, _PATIENCE_S)
        )
        self._silent = found is None
        return found


Ask = Callable[[TileSource, Bounds, int], Background | None]
"""Gives the ground of a source for an extent and a width in pixels, or nothing."""


def ask_nobody(source: TileSource, extent: Bounds, width_px: int) -> Background | None:
    """Ask PDOK nothing: which ground is asked for tells where a plot lies."""
    return None


def _count(extent: tuple[float, float, float, float], level: int) -> int:
    size = COARSEST_M_PER_PIXEL / 2**level * _PIXELS
    west, south, east, north = extent
    return (math.ceil((east - west) / size) + 1) * (math.ceil((north - south) / size) + 1)


def _tile(
    client: httpx.Client,
    other: str | None,
    source: TileSource,
    level: int,
    x: int,
    y: int,
    cache: Path,
    until: float,
) -> npt.NDArray[np.float32] | None:
    form = "jpeg" if source.url.endswith(".jpeg") else "png"
    kept = cache / f"{source.key}-{level}-{x}-{y}.{form}"
    if not kept.is_file():
        if time.monotonic() > until:
            return None
        url = source.url.replace("EPSG:3857", "EPSG:28992")
        url = url.replace("{z}", f"{level:02d}").replace("{x}", str(x)).replace("{y}", str(y))
        if other:
            url = other.rstrip("/") + httpx.URL(url).path
        try:
            answer = client.get(url)
            answer.raise_for_status()
        except httpx.HTTPError:
            return None
        begin = b"\x89PNG" if form == "png" else b"\xff\xd8\xff"
        if not answer.content.startswith(begin) or len(answer.content) > 1_000_000:
            return None
        cache.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(answer.content)
        fresh.replace(kept)
    try:
        with Image.open(kept, formats=(form.upper(),)) as opened:
            if opened.size != (_PIXELS, _PIXELS):
                return None
            image = np.asarray(opened.convert("RGB"), dtype=np.float32) / np.float32(255)
    except (OSError, ValueError, SyntaxError):
        return None
    return image.astype(np.float32)
