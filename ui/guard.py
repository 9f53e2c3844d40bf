"""Guard what the server does besides its pages: files that were made, uploads, its own figures.

Streamlit answers the address of a made file to whoever asks, also after the tab has closed. Here an
address answers only the browser to which it was told: each browser has a cookie that no script can
read, and the guard remembers which addresses went over the websocket of which browser. Signing in
or out forgets them and gives the browser another cookie. A file comes in only
at an address that was told in the same way, and as :mod:`ui.uploads` has room for it.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.uploads import ADDRESS, LARGEST, Uploads

COOKIE: Final = "lw-browser"
_MEDIA: Final = "/media/"
_TOLD: Final = re.compile(
    rb"/media/([0-9A-Za-z._-]{20,120})|/_stcore/upload_file/[0-9A-Za-z-]{1,80}/([0-9A-Za-z-]{1,80})"
)
_UPLOAD: Final = "/_stcore/upload_file/"
_CLOSED: Final = ("/_stcore/metrics", "/_stcore/agent")
_SIGN_OUT: Final = "/auth/logout"
_SIGN_IN: Final = "/oauth2callback"
_MOST: Final = 20_000
"""So many pairs of browser and address are remembered; the oldest are forgotten first."""


class Told:
    """Which addresses of files were told to which browser."""

    def __init__(self) -> None:
        """Begin with none."""
        self._pairs: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, browser: str, name: str) -> None:
        """Remember that a browser was told of a file."""
        with self._lock:
            self._pairs[(browser, name)] = None
            self._pairs.move_to_end((browser, name))
            while len(self._pairs) > _MOST:
                self._pairs.popitem(last=False)

    def knows(self, browser: str, name: str) -> bool:
        """Say whether a browser was told of a file."""
        with self._lock:
            return (browser, name) in self._pairs

    def forget(self, browser: str) -> None:
        """Forget all that a browser was told."""
        with self._lock:
            for pair in [pair for pair in self._pairs if pair[0] == browser]:
                del self._pairs[pair]


class Guard:
    """ASGI middleware, see the module."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self._app = app
        self._told = Told()
        self._uploads = Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what may pass."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path, browser = str(scope["path"]), browser_of(headers)
        if scope["type"] == "websocket":
            hearing = self._hearing(receive, id(scope))
            try:
                await self._app(scope, hearing, self._listening(send, browser))
            finally:
                self._uploads.left(id(scope))
            return
        if any(path == closed or path.startswith(closed + "/") for closed in _CLOSED):
            await PlainTextResponse("", 404)(scope, receive, send)
            return
        if path.startswith(_MEDIA):
            name = path.removeprefix(_MEDIA)
            if browser is None or not self._told.knows(browser, name):
                await PlainTextResponse("", 404)(scope, receive, send)
                return
            send = _private(send)
        if _UPLOAD in path and scope["method"] != "OPTIONS":
            await self._upload(scope, receive, send, browser)
            return
        if path.endswith((_SIGN_OUT, _SIGN_IN)) and browser is not None:
            # who signs in or out is another: a cookie that somebody put there is worth nothing
            self._told.forget(browser)
            browser = None
        if browser is None and is_page(path):
            send = _with_cookie(send, secure=headers.get("x-forwarded-proto") == "https")
        await self._app(scope, receive, send)

    async def _upload(
        self, scope: Scope, receive: Receive, send: Send, browser: str | None
    ) -> None:
        found = ADDRESS.search(str(scope["path"]))
        if found is None or browser is None or not self._told.knows(browser, found[2]):
            await PlainTextResponse("", 404)(scope, receive, send)
            return
        if scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        size = int(said) if said.isdecimal() else None
        if not self._uploads.begin(found[1], size):
            await _let_go_of_body(receive)
            await PlainTextResponse("", 413)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._uploads.end(found[1], size)

    def _hearing(self, receive: Receive, connection: int) -> Receive:
        async def hearing() -> Message:
            message = await receive()
            content = message.get("bytes") if message["type"] == "websocket.receive" else None
            if content:
                self._uploads.heard(connection, content)
            return message

        return hearing

    def _listening(self, send: Send, browser: str | None) -> Send:
        async def sending(message: Message) -> None:
            content = message.get("bytes") if message["type"] == "websocket.send" else None
            if browser is not None and content:
                for made, upload in _TOLD.findall(content):
                    self._told.add(browser, (made or upload).decode("ascii"))
            await send(message)

        return sending


async def _let_go_of_body(receive: Receive) -> None:
    """Hear a file out, and keep nothing: a browser that is cut off is told of a lost connection."""
    left = LARGEST
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def is_page(path: str) -> bool:
    """Say whether an address is that of a page, and not of a file or of Streamlit's own.

    >>> is_page("/balans"), is_page("/static/a.js"), is_page("/_stcore/health")
    (True, False, False)
    """
    return "." not in path.rpartition("/")[2] and "_stcore" not in path


def browser_of(headers: Headers) -> str | None:
    """Give the name of a browser that it got from us; None where it has none.

    >>> browser_of(Headers({"cookie": f"a=1; lw-browser={'x' * 43}"})) == "x" * 43
    True
    >>> browser_of(Headers({"cookie": "lw-browser=guess"})) is None
    True
    """
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie is not None and len(cookie.value) >= 43 else None


def _with_cookie(send: Send, *, secure: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax"
            headers = MutableHeaders(scope=message)
            headers.append("set-cookie", said + "; Secure" if secure else said)
        await send(message)

    return sending


def _private(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "private, no-store"
        await send(message)

    return sending
