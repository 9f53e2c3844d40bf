"""The page that is served carries its shell, in its language, and nothing of another host."""

import asyncio
import re

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse

from geo import layers
from ui.shell import Shell, ground_paths

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head>'
    '<body><div id="root"></div></body></html>'
)


def answered(app, path="/", query=b"", headers=()):
    """Ask an ASGI app for a page; gives status, headers and text."""
    said = []

    async def receive():
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message):
        said.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": headers,
    }
    asyncio.run(app(scope, receive, send))
    text = b"".join(m.get("body", b"") for m in said[1:]).decode()
    return said[0]["status"], {k.decode(): v.decode() for k, v in said[0]["headers"]}, text


async def streamlit(scope, receive, send):
    """Answer as Streamlit does: 304 to who has the page already."""
    if any(name == b"if-none-match" for name, _ in scope["headers"]):
        await PlainTextResponse("", 304)(scope, receive, send)
        return
    await HTMLResponse(PAGE, headers={"etag": "x"})(scope, receive, send)


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("/", b"", "De kaart wordt geladen"),
        ("/verkennen", b"lang=en", "Loading the map"),
        ("/balans", b"lang=xx", "De pagina wordt geladen"),
    ],
)
def test_a_page_is_served_with_its_shell_whatever_the_browser_kept(path, query, words):
    status, headers, text = answered(Shell(streamlit), path, query, [(b"if-none-match", b"x")])
    assert status == 200 and "etag" not in headers
    assert int(headers["content-length"]) == len(text.encode())
    assert words in text and "<title>Locatiewijzer</title>" in text
    assert f'<html lang="{"en" if b"en" in query else "nl"}">' in text
    assert text.index("lw-shell") < text.index('<div id="root"></div>')
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


def test_what_is_no_page_is_let_through_as_it_is():
    app = Shell(PlainTextResponse("lw"))
    assert answered(app, "/_stcore/health")[2] == "lw"
    assert answered(app, "/media/x.png")[2] == "lw"
    assert answered(app, "/elsewhere")[2] == "lw"
    assert "export" not in answered(app, "/lw-shell.js")[2]
    assert "lw-shell" in answered(app, "/lw-shell.js")[2]


def test_the_ground_of_the_shell_is_that_of_the_map():
    """The area between the drawn paths is that of the municipalities, to 2 %."""
    paths, width, height = ground_paths()
    shapes = layers.municipalities().geometry
    assert len(paths) == len(shapes) == 26

    def area(ring):
        at = [tuple(map(int, pair.split(","))) for pair in ring.split()]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(at, at[1:] + at[:1]))) / 2

    drawn = sum(area(ring) for path in paths for ring in re.findall(r"M([^z]+)z", path))
    assert drawn * 100**2 == pytest.approx(shapes.area.sum(), rel=0.02)
    assert len("".join(paths)) < 12_000
    left, bottom, right, top = shapes.total_bounds
    assert (100 * width, 100 * height) == pytest.approx((right - left, top - bottom), abs=100)
