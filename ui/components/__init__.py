"""Browser parts of the dashboard: the files of the map, the weights bar and the panel.

Everything the browser loads comes from this server: Leaflet from an installed package, our own
scripts from the folder beside this file.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib.util
import shutil
import tempfile
from pathlib import Path
from typing import Any

import folium
import streamlit.components.v1 as components
import streamlit.components.v2 as components_v2

_HERE = Path(__file__).parent


def _leaflet_folder() -> Path:
    """Find Leaflet's files in the installed django-leaflet, without importing Django."""
    spec = importlib.util.find_spec("leaflet")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("django-leaflet is not installed; run `make install`")
    return Path(spec.origin).parent / "static" / "leaflet"


_leaflet_files = components.declare_component("leaflet_files", path=str(_leaflet_folder()))
_browser_files = components.declare_component("browser_files", path=str(_HERE / "browser"))

_made = Path(tempfile.mkdtemp(prefix="locatiewijzer-"))
atexit.register(shutil.rmtree, _made, ignore_errors=True)
_made_files = components.declare_component("made_files", path=str(_made))

LEAFLET_URL = f"/component/{_leaflet_files.name}/"
BROWSER_URL = f"/component/{_browser_files.name}/"


def use_own_assets() -> None:
    """Point Folium at files of this server, so that the browser asks no other host."""
    folium.Map.default_js = [("leaflet", LEAFLET_URL + "leaflet.js")]
    folium.Map.default_css = [("leaflet_css", LEAFLET_URL + "leaflet.css")]


def _component(name: str, file: str) -> Any:
    """Declare a component without a frame whose script is a served module, fetched once."""
    address = f'new URL("{BROWSER_URL}{file}", location.origin).href'
    return components_v2.component(
        f"locatiewijzer_{name}",
        html=f'<div class="lw-{name}"></div>',
        # Without a line break Streamlit would take a script for the name of a file.
        js=(
            "export default (component) => {\n"
            f"  import({address}).then((m) => m.{_MOUNTS[name]}(component));\n}};\n"
        ),
        isolate_styles=False,
    )


_MOUNTS = {
    "matrix": "matrix",
    "weights": "weightsBar",
    "panel": "panel",
    "words": "pageWords",
}

score_matrix = _component("matrix", "panel.js")
"""Takes ``data``: 32 characters of the session's channel, then what ``ui.packing.packed`` gives."""

weights_bar = _component("weights", "weights.js")
"""Takes a dictionary, see ``ui.explore.instrument.weights_data``; triggers ``weights``."""

plot_panel = _component("panel", "panel.js")
"""Takes a dictionary, see ``ui.explore.instrument.panel_data``; triggers ``plot``, ``basket``,
``sort``, ``change``, ``answer`` and ``walk``."""


page_words = _component("words", "words.js")
"""Takes ``language`` and ``words``: pairs of what Streamlit says by itself, and what we say."""


def served(content: bytes, suffix: str) -> str:
    """Serve public bytes of our own making under an address that changes with the content.

    For what every session draws alike: the browser fetches it once and keeps it.
    """
    name = f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    path = _made / name
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
    return f"/component/{_made_files.name}/{name}"
