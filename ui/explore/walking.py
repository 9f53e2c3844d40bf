"""Show on the map how far one gets on foot from the chosen plot, over a network of one's own."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
import streamlit as st

import messages
from data.loader import Coverage
from geo.crs import RD, to_wgs84
from geo.walking import (
    BESIDE_M,
    WALKING_M_PER_MIN,
    WALKING_MIN,
    WALKING_REACHES_M,
    Network,
    Walk,
    network_of,
    walk_from,
)
from presentation import numbers
from scoring.own_layers import NETWORK, OwnLayer
from store.layers import may_enter_layers
from ui import session

_WITHIN_M = 1.0
"""Areas are drawn to about so many metres: less than is seen, and half of the bytes."""

_ASKED = "_walk_asked"


def network() -> OwnLayer | None:
    """Give the network that the actor may read, if one was loaded."""
    found = session.surroundings().own.get(NETWORK)
    return found if found is not None and len(found.lines) else None


def for_map(lang: str) -> dict[str, str]:
    """Give what the map says of walking: the name of its button, or where to load a network.

    Without a network, only who may load one is told so.
    """
    layer = network()
    if layer is not None:
        return {"label": messages.text("map.walk", lang, name=layer.name)}
    told = may_enter_layers(session.actor())
    return {"help": messages.text("map.walk_none", lang)} if told else {}


def ask(wanted: bool) -> None:
    """Keep whether the map is to show it."""
    st.session_state[_ASKED] = wanted


def of_plot(plots: gpd.GeoDataFrame, plot_id: str | None, lang: str) -> dict[str, Any] | None:
    """Give what the map draws for the chosen plot; None where nobody asked or none is chosen."""
    layer = network() if st.session_state.get(_ASKED) and plot_id else None
    if layer is None or plot_id is None:
        return None
    walk, areas = _walk(
        session.view(), session.version(), plot_id, layer.sha256,
        (layer.covered.complete, layer.covered.margin_m), plots.at[plot_id, "geometry"], layer,
    )  # fmt: skip
    return {
        "plot": plot_id,
        "areas": areas,
        "labels": [
            messages.text("map.walk_minutes", lang, minutes=minutes) for minutes in WALKING_MIN
        ],
        "note": _told(walk, layer, lang),
    }


@st.cache_resource(max_entries=200, show_spinner=False)
def _walk(
    seen_by: str, plots_at: str, plot_id: str, sha256: str, covered: tuple[bool, float],
    _plot: Any, _layer: OwnLayer,
) -> tuple[Walk, list[Any]]:  # fmt: skip
    walk = walk_from(_plot, _network(sha256, _layer.lines), Coverage(*covered))
    return walk, [_drawn(area) for area in walk.areas]


@st.cache_resource(max_entries=4, show_spinner=False)
def _network(sha256: str, _lines: npt.NDArray[np.object_]) -> Network:
    return network_of(_lines)


def _drawn(area: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Give an area (EPSG:28992) as parts of rings of latitude and longitude."""
    plain = shapely.simplify(area, _WITHIN_M)
    at = to_wgs84(gpd.GeoSeries([plain], crs=RD)).iloc[0]
    return [[_line(ring) for ring in shapely.get_rings(part)] for part in shapely.get_parts(at)]


def _line(ring: shapely.Geometry) -> list[list[float]]:
    places: npt.NDArray[np.float64] = np.round(shapely.get_coordinates(ring)[:, ::-1], 5)
    pairs: list[list[float]] = places.tolist()
    return pairs


def _told(walk: Walk, layer: OwnLayer, lang: str) -> str:
    if walk.unknown is not None:
        why = walk.unknown.text(lang)
        return messages.text("map.walk_unknown", lang, name=layer.name, why=why)
    return messages.text(
        "map.walk_note",
        lang,
        name=layer.name,
        minutes=", ".join(str(minutes) for minutes in WALKING_MIN),
        lengths=", ".join(numbers.number(reach, lang) for reach in WALKING_REACHES_M),
        speed=numbers.number(WALKING_M_PER_MIN * 60 / 1000, lang, decimals=1),
        beside=numbers.number(BESIDE_M, lang),
        source=layer.source,
        date=layer.source_date,
    )
