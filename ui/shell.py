"""What a first visit sees before the pages come: the name, the ground, and that it is loading.

Streamlit's page is empty until a megabyte of script has been read and the server has answered. Here
the same page carries a drawing of the province with words, under the pages, so that they cover it
as they come; ``shell.js`` takes it away, and says whenever the server is at work for long. Nothing
in it comes from another host, or is not public.
"""

from __future__ import annotations

import functools
from typing import Any, Final
from urllib.parse import parse_qs

import shapely
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import messages
from geo import layers
from ui import html, kept
from ui.guard import is_page

SCRIPT: Final = "/lw-shell.js"
_SCRIPT_FILE: Final = kept.BROWSER_FOLDER / "shell.js"
"""Served here: Streamlit serves files of components only once a page has run."""
_MAP_AT: Final = ("/", "/verkennen")
_TOLERANCE_M: Final = 350.0
_UNIT_M: Final = 100.0
_CONDITIONS: Final = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")


class Shell:
    """ASGI middleware that puts the shell in Streamlit's page, see the module."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let all through; a page gets its shell."""
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and path == SCRIPT:
            now = bytes(scope.get("query_string", b"")).decode("latin-1") == _version()
            how = kept.KEEP if now else kept.LOOK
            answer = FileResponse(_SCRIPT_FILE, headers={"cache-control": how})
            await answer(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] != "GET" or not is_page(path):
            await self._app(scope, receive, send)
            return
        # whole and readable, not "as you have it": what a browser kept may be of before the shell
        asked = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONS]
        await self._app(
            {**scope, "headers": asked}, receive, _dressed(send, language_of(scope), path)
        )


def _dressed(send: Send, language: str, path: str) -> Send:
    begun: list[Message] = []
    read: list[bytes] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            if not Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                await send(message)
                return
            begun.append(message)
        elif message["type"] == "http.response.body" and begun:
            read.append(message.get("body", b""))
            if not message.get("more_body"):
                body = with_shell(b"".join(read).decode(), language, path).encode()
                headers = MutableHeaders(scope=begun[0])
                for name in ("etag", "last-modified", "accept-ranges"):
                    del headers[name]
                headers["content-length"] = str(len(body))
                await send(begun[0])
                await send({"type": "http.response.body", "body": body})
        else:
            await send(message)

    return sending


def language_of(scope: Scope) -> str:
    """Give the language that an address asks for.

    >>> language_of({"query_string": b"lang=en"}), language_of({"query_string": b"lang=xx"})
    ('en', 'nl')
    """
    asked = parse_qs(bytes(scope.get("query_string", b"")).decode("latin-1")).get("lang", [""])[0]
    return asked if asked in messages.LANGUAGES else messages.DEFAULT_LANGUAGE


def with_shell(page: str, language: str, path: str = "/") -> str:
    """Put the shell, the name and the language in Streamlit's page; another page stays as it is."""
    if '<div id="root">' not in page:
        return page
    head, body = page.split("<body>", 1)
    head = head.replace('<html lang="en">', f'<html lang="{language}">')
    head = head.replace("<title>Streamlit</title>", f"<title>{_words(language)['name']}</title>")
    return head + "<body>" + _shell(language, path in _MAP_AT) + body


@functools.cache
def _shell(language: str, with_map: bool) -> str:
    paths, width, height = ground_paths()
    return html.filled(
        "shell.html",
        words=_words(language),
        loading=messages.text(f"frame.shell.{'map' if with_map else 'page'}", language),
        busy={lang: messages.text("frame.busy", lang) for lang in messages.LANGUAGES},
        script=f"{SCRIPT}?{_version()}",
        paths=paths,
        width=width,
        height=height,
    )


def _version() -> str:
    return kept.version_of(kept.BROWSER_FOLDER)


def _words(language: str) -> dict[str, Any]:
    keys = ("name", "no_script")
    return {key: messages.text(f"frame.shell.{key}", language) for key in keys}


@functools.cache
def ground_paths() -> tuple[list[str], int, int]:
    """Give the municipalities as paths of a drawing, with its width and height in units of 100 m.

    Simplified to 350 m: it is looked at for a second, and it comes with every first page.
    """
    shapes = layers.municipalities().geometry
    left, _, _, top = shapes.total_bounds
    simple = shapely.coverage_simplify(shapes.values, _TOLERANCE_M)
    paths = []
    for shape in simple:
        rings = [part.exterior for part in shapely.get_parts(shape)]
        paths.append("".join("M" + _path(ring, left, top) + "z" for ring in rings))
    _, bottom, right, _ = shapes.total_bounds
    return paths, round((right - left) / _UNIT_M), round((top - bottom) / _UNIT_M)


def _path(ring: shapely.LinearRing, left: float, top: float) -> str:
    at = shapely.get_coordinates(ring)[:-1]
    return " ".join(f"{(x - left) / _UNIT_M:.0f},{(top - y) / _UNIT_M:.0f}" for x, y in at)
