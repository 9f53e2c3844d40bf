"""Browser parts of the dashboard: files served to the map and the ranked list.

Everything the browser loads comes from this server: Leaflet from an installed package, our own
scripts from the folders beside this file.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import folium
import streamlit.components.v1 as components

_HERE = Path(__file__).parent


def _leaflet_folder() -> Path:
    """Find Leaflet's files in the installed django-leaflet, without importing Django."""
    spec = importlib.util.find_spec("leaflet")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("django-leaflet is not installed; run `make install`")
    return Path(spec.origin).parent / "static" / "leaflet"


_leaflet_files = components.declare_component("leaflet_files", path=str(_leaflet_folder()))
_map_files = components.declare_component("map_files", path=str(_HERE / "map"))
_ranked_list = components.declare_component("ranked_list", path=str(_HERE / "ranked_list"))

LEAFLET_URL = f"/component/{_leaflet_files.name}/"
MAP_URL = f"/component/{_map_files.name}/"


def use_own_assets() -> None:
    """Point Folium at files of this server, so that the browser asks no other host."""
    folium.Map.default_js = [("leaflet", LEAFLET_URL + "leaflet.js")]
    folium.Map.default_css = [("leaflet_css", LEAFLET_URL + "leaflet.css")]


def ranked_list(*, key: str, **arguments: Any) -> dict[str, Any] | None:
    """Show the ranked list, and paint the map that listens on ``channel``.

    Arguments travel to ``ranked_list/index.html``, which says what each means. Gives what the
    user did last (``{"plot": id, "count": n}``) or None.
    """
    value: dict[str, Any] | None = _ranked_list(key=key, default=None, **arguments)
    return value
