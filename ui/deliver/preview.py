"""Show on a map what was read, before it is kept."""

from __future__ import annotations

import geopandas as gpd

from geo import layers
from geo.reading.result import Reading
from ui import session
from ui.map import ONE_COLOUR, build_payload, live_map, show_map
from ui.text import language

PREVIEW_HEIGHT_PX = 420


def preview_map(reading: Reading, *, key: str) -> None:
    """Show the plots of a reading, and the mended ones as they came."""
    if reading.plots is None:
        return
    chart = live_map(_payload(reading, language()), f"{session.channel()}-{key}")
    show_map(chart, key=f"preview-{key}", height=PREVIEW_HEIGHT_PX)


def _payload(reading: Reading, lang: str) -> str:
    plots = reading.plots
    if plots is None:
        raise ValueError("nothing to preview")
    nothing = layers.reception_locations().iloc[:0]
    before = gpd.GeoSeries(list(reading.before.values()), crs=plots.crs)
    return build_payload(
        municipalities=layers.municipalities(),
        locations=nothing,
        facilities=layers.facilities().iloc[:0],
        plots=plots,
        shades={},
        lang=lang,
        initial=ONE_COLOUR,
        fit=True,
        before=before if len(before) else None,
    )
