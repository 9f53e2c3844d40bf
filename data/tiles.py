"""Name the map backgrounds of PDOK: the one thing that a browser may fetch from another host."""

from __future__ import annotations

import os
from dataclasses import dataclass

PDOK_VARIABLE = "LOCATIEWIJZER_PDOK"
"""Environment variable with another address for PDOK; ``off`` asks nothing of it, the browser
included."""


@dataclass(frozen=True)
class TileSource:
    """Map tiles in web mercator: ``url`` has places z, x, y; ``max_zoom`` is the finest level.

    ``short`` names whom the edge of a picture credits.
    """

    key: str
    url: str
    attribution: str
    max_zoom: int
    licence: str
    short: tuple[str, ...]


PDOK_TILES: tuple[TileSource, ...] = (
    TileSource(
        "brt",
        "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png",
        "BRT achtergrondkaart: Kadaster / PDOK",
        19,
        "CC BY 4.0",
        ("Kadaster", "PDOK"),
    ),
    TileSource(
        "luchtfoto",
        "https://service.pdok.nl/hwh/luchtfotorgb/wmts/v1_0/Actueel_orthoHR/EPSG:3857/{z}/{x}/{y}.jpeg",
        "Luchtfoto: Beeldmateriaal.nl / PDOK",
        19,
        "CC BY 4.0",
        ("Beeldmateriaal.nl", "PDOK"),
    ),
)
"""The national background map and aerial photographs, as PDOK publishes them."""


def tile_sources() -> tuple[TileSource, ...]:
    """Give the backgrounds that a browser may fetch: none where PDOK is switched off.

    Which tiles are asked tells where somebody looks, so off is off in the browser too.
    """
    return () if os.environ.get(PDOK_VARIABLE) == "off" else PDOK_TILES
