"""The guard before the pages, without a server: whom a file answers, and when a cookie changes."""

import asyncio

import httpx
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from ui.guard import COOKIE, Guard

FIXED = "x" * 43
NAME = "a" * 40 + ".csv"


async def inner(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"made"})


def ask(guard, path, cookie=None):
    async def asked():
        transport = httpx.ASGITransport(app=guard)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(
                path, headers={"cookie": f"{COOKIE}={cookie}"} if cookie else {}
            )

    return asyncio.run(asked())


def test_signing_in_or_out_changes_the_cookie_and_forgets_what_was_told():
    for path in ("/oauth2callback?code=1", "/auth/logout"):
        guard = Guard(inner)
        guard._told.add(FIXED, NAME)
        assert ask(guard, f"/media/{NAME}", FIXED).status_code == 200
        assert COOKIE not in ask(guard, "/", FIXED).headers.get("set-cookie", "")
        # a cookie that an attacker put in somebody's browser is another one from here on
        fresh = ask(guard, path, FIXED).headers["set-cookie"]
        assert fresh.startswith(f"{COOKIE}=") and FIXED not in fresh and "HttpOnly" in fresh
        assert ask(guard, f"/media/{NAME}", FIXED).status_code == 404


def test_closed_addresses_stay_closed_however_they_are_written():
    guard = Guard(inner)
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/mcp", "/_stcore/agent"):
        assert ask(guard, path).status_code == 404, path
    for path in (f"/media/{NAME}", f"/media//{NAME}", "/media/", f"/media/../media/{NAME}"):
        assert ask(guard, path, FIXED).status_code == 404, path


def front():
    import streamlit as st

    from ui import sign_in

    sign_in.refuse_unsafe_start()
    st.title("open")


@pytest.mark.parametrize(
    ("mode", "address", "opens"),
    [
        (None, "localhost", True),
        ("local", "127.0.0.1", True),
        ("local", "0.0.0.0", False),
        ("local", None, False),
        ("local", "192.168.1.7", False),
        ("shared", "localhost", False),
        ("Gedeeld", "localhost", False),
    ],
)
def test_no_page_opens_where_others_could_come_in_without_sign_in(
    monkeypatch, mode, address, opens
):
    if mode is None:
        monkeypatch.delenv("LOCATIEWIJZER_MODE", raising=False)
    else:
        monkeypatch.setenv("LOCATIEWIJZER_MODE", mode)
    before = config.get_option("server.address")
    config.set_option("server.address", address)
    try:
        page = AppTest.from_function(front).run()
    finally:
        config.set_option("server.address", before)
    assert bool(page.title) == opens and bool(page.error) != opens and not page.exception
