"""Let a browser keep the files it was sent, and still show a new version of the app at once.

A file whose address changes with its content is never asked for twice: Streamlit's own, what
:func:`ui.components.served` makes, and the folders of :mod:`ui.components`, whose address holds a
version of all that is in them. Their modules name each other by their place, so that a new version
of one is a new address of all. A version that is not of now is answered with the file of now, which
is then not kept.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_FOLDER: Final = Path(__file__).parent / "components" / "browser"
_VERSIONED: Final = re.compile(r"/component/ui\.components\.(\w+)/@([0-9a-f]{16})(/.*)")
_BY_CONTENT: Final = re.compile(r"/component/.*[/.][0-9a-f]{8,}\.\w+")
"""Of a file that is made here, or of a component that was built, as ``main.521860b0.js``."""
KEEP: Final = "public, immutable, max-age=31536000"
LOOK: Final = "no-cache"


def leaflet_folder() -> Path:
    """Find Leaflet's files in the installed django-leaflet, without importing Django."""
    spec = importlib.util.find_spec("leaflet")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("django-leaflet is not installed; run `make install`")
    return Path(spec.origin).parent / "static" / "leaflet"


@functools.cache
def version_of(folder: Path) -> str:
    """Give a version of all files in a folder, 16 hexadecimal digits."""
    seen = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        seen.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


@functools.cache
def folders() -> Mapping[str, Path]:
    """Give the folders of :mod:`ui.components` by the name under which they are served."""
    return {"browser_files": BROWSER_FOLDER, "leaflet_files": leaflet_folder()}


class Kept:
    """ASGI middleware that says how long a file may be kept, see the module."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let all through; a file of a component gets word of how long it may be kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        found = _VERSIONED.fullmatch(path)
        if found is not None:
            name, version, file = found.groups()
            folder = folders().get(name)
            now = folder is not None and version == version_of(folder)
            path = f"/component/ui.components.{name}{file}"
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}
            send = _kept(send, KEEP if now else LOOK)
        elif _BY_CONTENT.fullmatch(path):
            send = _kept(send, KEEP)
        await self._app(scope, receive, send)


def _kept(send: Send, how: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message)["cache-control"] = how
        await send(message)

    return sending
