"""Build the Folium map: municipalities, reception locations, facilities and candidate plots.

What is drawn is decided here and sent once; the ranked list repaints the plots afterwards over a
channel (one byte for each plot), so that the map keeps its place and zoom.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from jinja2 import Template
from streamlit_folium import st_folium

import messages
from data.tiles import tile_sources
from data.vocabulary import LimitOutcome, LocationStatus, ReceptionKind
from geo import ground
from geo.crs import to_wgs84
from geo.walking import WALKING_REACHES_M
from presentation import numbers
from presentation.symbols import (
    AREA_FROM_PRECISION_M,
    KIND_SYMBOLS,
    SUITABILITY_CLASSES,
    SUITABILITY_UNKNOWN,
    svg_symbol,
)
from presentation.words import suitability_label, word
from ui.components import BROWSER_URL, served, use_own_assets
from ui.packing import line_blocks, pack, packed, shape_blocks
from ui.text import language

RINGS_M = (*WALKING_REACHES_M, 3_000.0)
"""Distance rings around the chosen plot: what is walked in 5, 10 and 15 minutes, and 3 km."""

PROVINCE_CENTRE = (52.09, 5.17)
PROVINCE_ZOOM = 10
_SYMBOL_PX = 14
"""Existing sites are smaller and quieter than candidate plots."""


class LiveMap(JSCSSMixin, MacroElement):
    """The layers of Locatiewijzer as an element of a Folium map, drawn by ``map.js``."""

    default_js = [("locatiewijzer_map", BROWSER_URL + "map.js")]
    default_css = [("locatiewijzer_map_css", BROWSER_URL + "map.css")]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.getContainer().dataset.waiting = {{ this.waiting|tojson }};"
        'locatiewijzerMap({{ this._parent.get_name() }}, "{{ this.payload }}", '
        '"{{ this.channel }}", {{ this.home|tojson }}, {{ this.assets|tojson }});'
        "{% endmacro %}"
    )

    def __init__(self, payload: str, channel: str, *, home: bool, waiting: str) -> None:
        """Take a payload of :func:`ui.packing.pack` and the name of the session's channel.

        With ``home`` the map opens on the whole province. ``waiting`` is said until it is drawn.
        """
        super().__init__()
        self._name = "LiveMap"
        self.payload = payload
        self.channel = channel
        self.home = home
        self.waiting = waiting
        self.assets = BROWSER_URL


@dataclass(frozen=True)
class Shade:
    """A figure by which municipalities are shaded.

    ``classes`` gives for each municipality its step in ``colours`` (-1: unknown), ``labels`` what
    its tooltip tells.
    """

    title: str
    colours: tuple[str, ...]
    legend: tuple[tuple[str | None, str], ...]
    classes: tuple[int, ...]
    labels: tuple[str, ...]


SHADE_COLOURS = ("#fde8d7", "#f9c79f", "#ee9a63", "#d86c35", "#a94412")
"""Light to dark orange: apart from the blue-green of suitability, also on a grey print."""


def location_entries(locations: gpd.GeoDataFrame, lang: str) -> list[dict[str, Any]]:
    """Give the reception locations (EPSG:28992) as the map draws them."""
    if locations.empty:
        return []
    points = to_wgs84(locations.geometry)
    entries = []
    for (_, row), point in zip(locations.iterrows(), points, strict=True):
        kind = ReceptionKind(row["kind"])
        status = LocationStatus(row["status"])
        precision = float(row["precision_m"])
        area = precision >= AREA_FROM_PRECISION_M
        places = row["places"]
        told = [
            messages.text(f"vocabulary.ReceptionKind.{kind}", lang)
            + ", "
            + messages.text(f"vocabulary.LocationStatus.{status}", lang),
            messages.text("map.places_unknown", lang)
            if pd.isna(places)
            else messages.text("map.places", lang, places=numbers.number(float(places), lang)),
        ]
        if area:
            distance = numbers.number(
                precision / 1000, lang, decimals=0 if precision % 1000 == 0 else 1
            )
            told.append(messages.text("map.known_within", lang, km=distance))
        entries.append(
            {
                "lat": round(point.y, 5),
                "lon": round(point.x, 5),
                "area": area,
                "precision_m": precision,
                "colour": KIND_SYMBOLS[kind].colour,
                "svg": svg_symbol(kind, status, _SYMBOL_PX),
                "size": _SYMBOL_PX,
                "group": messages.text(f"vocabulary.ReceptionKind.{kind}", lang),
                "status": _GONE_KEY if status in _GONE else str(status),
                "lines": [str(row["name"]), *told],
            }
        )
    order = [messages.text(f"vocabulary.ReceptionKind.{kind}", lang) for kind in ReceptionKind]
    return sorted(entries, key=lambda entry: order.index(entry["group"]))


_GONE = (LocationStatus.CLOSED, LocationStatus.WITHDRAWN)
_GONE_KEY = "gone"
_STATUSES = (str(LocationStatus.OPEN), str(LocationStatus.PLANNED), _GONE_KEY)
"""The statuses that the map switches apart from the kinds; what is gone is not shown at first."""


FACILITY_GLYPHS: Mapping[str, str] = {
    "station": "M-4,-5h8v7h-8z M-3,4l-2,2 M3,4l2,2 M-4,-1h8",
    "bus hub": "M-5,-4h10v7h-10z M-5,0h10 M-3,5v-1 M3,5v-1",
    "hospital": "M-5,0h10 M0,-5v10",
    "isk": "M-6,-1l6,-4l6,4l-6,4z M-3,1v4h6v-4",
}
"""Line drawings for facility layers on a white disc; a layer without one gets a plain dot."""


def facility_svg(kind: str) -> str:
    """Draw the sign of a kind of facility."""
    glyph = FACILITY_GLYPHS.get(kind.replace("_", " "), "M-2,-2h4v4h-4z")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="-9 -9 18 18" '
        'aria-hidden="true"><circle r="8.2" fill="#fff" stroke="#44546a" stroke-width="1.2"/>'
        f'<path d="{glyph}" fill="none" stroke="#22303c" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def facility_entries(facilities: gpd.GeoDataFrame, lang: str) -> list[dict[str, Any]]:
    """Give each kind of facility (EPSG:28992) as a layer that can be switched on."""
    entries = []
    for kind, group in facilities.groupby("facility_kind", sort=True):
        points = to_wgs84(group.geometry)
        entries.append(
            {
                "name": messages.text(f"data.facility.{kind}", lang),
                "svg": facility_svg(str(kind)),
                "places": [
                    {"lat": round(p.y, 5), "lon": round(p.x, 5), "name": str(name), "note": ""}
                    for name, p in zip(group["name"], points, strict=True)
                ],
            }
        )
    return entries


_TEXTS = (
    *("tiles_unreachable", "no_background", "attribution", "plots", "municipalities", "map"),
    *("close", "home", "full_screen", "measure", "rings", "two_fingers", "layers", "credits"),
    *("zoom_in", "zoom_out", "score_one", "score_range", "rank_one", "rank_range"),
    *("cell", "cell_best", "measure_help", "rings_note", "rings_choose"),
    *("walk_choose", "walk_busy"),
)

ONE_COLOUR = len(SUITABILITY_CLASSES) - 2
"""The code of plots on a map that tells where they lie and not how they score."""


def build_payload(
    *,
    municipalities: gpd.GeoDataFrame,
    locations: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    plots: gpd.GeoDataFrame,
    shades: Mapping[str, Shade],
    lang: str,
    shade: str = "none",
    initial: int | None = None,
    fit: bool = False,
    before: gpd.GeoSeries | None = None,
    version: str = "",
    painted: Mapping[str, Any] | None = None,
    together: str = "",
    walk: Mapping[str, str] | None = None,
) -> str:
    """Pack everything that the map draws; all frames are in EPSG:28992.

    Args:
        municipalities: polygons with ``name``.
        locations: existing reception.
        facilities: points with ``facility_kind``.
        plots: candidate plots, indexed by ``plot_id``.
        shades: by which municipalities can be shaded.
        lang: of the texts.
        shade: the shade to begin with.
        initial: a code as the page sends it: plots are drawn at once.
        fit: whether the map opens on the plots.
        before: shapes as they were before they were mended.
        version: of the plots; colours for another version are let pass.
        painted: codes, scores and ranks, see :func:`ui.explore.model.painted`, to draw at once.
        together: a channel over which maps that carry it move as one.
        walk: what it says of walking from the chosen plot, see :func:`ui.explore.walking.for_map`.
    """
    reception = location_entries(locations, lang)
    header = {
        "language": lang,
        "texts": {
            **{key: messages.text(f"map.{key}", lang) for key in _TEXTS},
            # the map does not know whose weights paint it
            "classes": class_names(lang, fixed=False),
            "before": messages.text("deliver.preview.before", lang),
            # in the order of their bits, see ``plots.js``
            "limits": [word("LimitOutcome", outcome, lang) for outcome in LimitOutcome],
        },
        "tiles": [
            {
                "name": messages.text(f"map.tiles.{source.key}", lang),
                "url": source.url,
                "attribution": source.attribution,
                "max_zoom": source.max_zoom,
            }
            for source in tile_sources()
        ],
        "municipalities": [
            {
                "name": str(name),
                "classes": {key: value.classes[place] for key, value in shades.items()},
                "labels": {key: value.labels[place] for key, value in shades.items()},
            }
            for place, name in enumerate(municipalities["name"])
        ],
        "shades": {
            key: {
                "title": value.title,
                "colours": list(value.colours),
                "legend": [list(entry) for entry in value.legend],
            }
            for key, value in shades.items()
        },
        "shade": shade,
        "locations": reception,
        "statuses": [
            (status, messages.text(f"map.status.{status}", lang), status != _GONE_KEY)
            for status in _STATUSES
            if any(entry["status"] == status for entry in reception)
        ],
        "facilities": facility_entries(facilities, lang),
        "ground": ground_url(lang),
        "plots": {
            "ids": [str(plot_id) for plot_id in plots.index],
            "version": version,
            "names": shortened(plots["name"], lang),
            **({} if initial is None else {"initial": initial}),
        },
        "fit": fit,
        "before": before is not None,
        "painted": painted,
        "together": together,
        "walk": dict(walk or {}),
        "rings_m": RINGS_M,
        "ramp": [style.colour for style in SUITABILITY_CLASSES] + [SUITABILITY_UNKNOWN.colour],
    }
    blocks = [*shape_blocks(municipalities.geometry), *shape_blocks(plots.geometry)]
    if before is not None:
        blocks += shape_blocks(before)
    return pack(header, blocks)


@functools.cache
def ground_url(lang: str) -> str:
    """Give the address of the packaged ground, the same for every session in a language."""
    towns, nature = ground.places(), ground.nature_names()
    at, nature_at = to_wgs84(towns.geometry), to_wgs84(nature.geometry)
    waterways = ground.waterways()
    header = {
        "ranks": waterways["rank"].tolist(),
        "places": [
            {"name": name, "weight": int(weight), "lat": round(p.y, 4), "lon": round(p.x, 4)}
            for name, weight, p in zip(towns["name"], towns["weight"], at, strict=True)
        ],
        "nature": [
            {"name": name, "water": kind == "lake", "lat": round(p.y, 4), "lon": round(p.x, 4)}
            for name, kind, p in zip(nature["name"], nature["kind"], nature_at, strict=True)
        ],
        "credit": ground.credit(lang),
    }
    areas = (ground.built_up(), ground.nature_areas(), ground.water_areas())
    blocks = [block for area in areas for block in shape_blocks(area.geometry)]
    for lines in (waterways, ground.railways()):
        blocks += line_blocks(lines.geometry)
    return served(packed(header, blocks), ".bin")


def class_names(lang: str, *, fixed: bool) -> list[str]:
    """Give the names of the classes of suitability, least first, then that of an unknown.

    Args:
        lang: "nl" or "en".
        fixed: whether they are those of a kader that was fixed, see
            :func:`presentation.words.suitability_label`.
    """
    named = [
        suitability_label(place, lang, fixed=fixed) for place in range(len(SUITABILITY_CLASSES))
    ]
    return [*named, messages.text(SUITABILITY_UNKNOWN.label_key, lang)]


def shortened(names: Iterable[object], lang: str, at_most: int = 80) -> list[str]:
    """Give names fit for a tooltip; a plot without one is said to have none."""
    nameless = messages.text("map.nameless", lang)
    result = []
    for name in names:
        words = name.strip() if isinstance(name, str) else ""
        result.append((words[: at_most - 1] + "…" if len(words) > at_most else words) or nameless)
    return result


def live_map(
    payload: str,
    channel: str,
    *,
    centre: Sequence[float] | None = None,
    zoom: float = PROVINCE_ZOOM,
) -> folium.Map:
    """Make the Folium map around a payload, on the whole province unless a centre is given."""
    use_own_assets()
    chart = folium.Map(
        location=list(centre or PROVINCE_CENTRE),
        zoom_start=zoom,  # type: ignore[arg-type]
        tiles=None,
        prefer_canvas=True,
        control_scale=False,
        zoom_snap=0.5,
        min_zoom=8,
        max_zoom=19,
    )
    waiting = messages.text("map.waiting", language())
    chart.add_child(LiveMap(payload, channel, home=centre is None, waiting=waiting))
    return chart


def show_map(chart: folium.Map, *, key: str, height: int) -> None:
    """Show a map; nothing comes back from it but over the channel, so no pan reruns the page."""
    st_folium(chart, key=key, height=height, use_container_width=True, returned_objects=[])


def extent_from_text(text: str | None) -> tuple[tuple[float, float], float] | None:
    """Read a map extent ``latitude,longitude,zoom`` from an address; None when it is none."""
    try:
        lat, lon, zoom = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None
    if not all(map(math.isfinite, (lat, lon, zoom))):
        return None
    if not (50 <= lat <= 54 and 3 <= lon <= 8 and 7 <= zoom <= 19):
        return None
    return (lat, lon), zoom
