"""The guard before the pages, without a server: whom a file answers, and when a cookie changes."""

import asyncio

import httpx

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
