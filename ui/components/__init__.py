"""Browser parts of the dashboard: the files of the map, the weights bar and the panel.

Everything the browser loads comes from this server: Leaflet from an installed package, our own
scripts from the folder beside this file.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

import folium
import streamlit.components.v1 as components
import streamlit.components.v2 as components_v2

from ui import kept

_leaflet_files = components.declare_component("leaflet_files", path=str(kept.leaflet_folder()))
_browser_files = components.declare_component("browser_files", path=str(kept.BROWSER_FOLDER))

_made = Path(tempfile.mkdtemp(prefix="locatiewijzer-"))
atexit.register(shutil.rmtree, _made, ignore_errors=True)
_made_files = components.declare_component("made_files", path=str(_made))


def _address(declared: Any, folder: Path) -> str:
    """Give where the files of a folder are asked for: another place for another version."""
    return f"/component/{declared.name}/@{kept.version_of(folder)}/"


LEAFLET_URL = _address(_leaflet_files, kept.leaflet_folder())
BROWSER_URL = _address(_browser_files, kept.BROWSER_FOLDER)


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
