"""Addresses of files, other names, and who is named by a header: what the server refuses."""

import base64
import os
import socket
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from store.access import Actor, Role
from store.database import open_store
from store.users import begin_or_find_proxied_session, end_sessions_of, grant_role
from tests.browser.conftest import App
from tests.browser.deployed import nginx_before
from tests.browser.steps import still

pytestmark = pytest.mark.browser
SECRET = "s" * 40
ADMIN = Actor("test", Role.BEHEERDER)


def status(address, **headers):
    asked = urllib.request.Request(
        address, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def upgraded(port, *, host, origin, path="/_stcore/stream", **headers):
    """Ask for a websocket by hand and give the status of the answer."""
    key = base64.b64encode(os.urandom(16)).decode()
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("localhost", port), timeout=20) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"{more}\r\n".encode()
        )
        return int(connection.recv(200).split()[1])


def test_another_name_gets_no_websocket_no_page_and_no_figures(app):
    ours = f"localhost:{app.port}"
    assert upgraded(app.port, host=ours, origin=f"http://{ours}") == 101
    assert upgraded(app.port, host=ours, origin="http://evil.example") in (400, 403)
    assert upgraded(app.port, host="evil.example", origin="http://evil.example") in (400, 403)
    assert status(app.url, Host="evil.example") == 400
    assert status(f"{app.url}/_stcore/metrics") == 404
    assert status(f"{app.url}/_stcore/agent/openapi.json") == 404
    assert status(f"{app.url}/_stcore/health") == 200


def test_the_address_of_a_file_answers_only_the_browser_that_was_told_it(app, open_page):
    page, _ = open_page(height=1000)
    page.goto(app.url + "/uitvoer")
    page.get_by_text("Welke plekken").first.wait_for()
    still(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="momentopname").last.click()
    assert b"locatiewijzer-snapshot" in download.value.path().read_bytes()
    address = download.value.url
    assert "/media/" in address
    cookies = {c["name"]: c["value"] for c in page.context.cookies()}
    mine = cookies["lw-browser"]
    assert status(address, Cookie=f"lw-browser={mine}") == 200
    # nobody, a guess, and another browser that works with the same app
    assert status(address) == 404
    assert status(address, Cookie="lw-browser=" + "x" * 43) == 404
    other, _ = open_page(height=800)
    other.goto(app.url)
    still(other)
    theirs = {c["name"]: c["value"] for c in other.context.cookies()}["lw-browser"]
    assert theirs != mine
    assert status(address, Cookie=f"lw-browser={theirs}") == 404
    # a script of the page cannot read the cookie, and signing out ends it
    assert "lw-browser" not in page.evaluate("document.cookie")
    status(f"{app.url}/auth/logout", Cookie=f"lw-browser={mine}")
    assert status(address, Cookie=f"lw-browser={mine}") == 404


@pytest.fixture(scope="module")
def signed_in_proxy(tmp_path_factory):
    """Two nginx before one app: one signs users in, the other is as it is shipped."""
    folder = tmp_path_factory.mktemp("signed_in")
    app = App(
        folder,
        extra={
            "LOCATIEWIJZER_MODE": "shared",
            "LOCATIEWIJZER_PROXY": "proef",
            "LOCATIEWIJZER_PROXY_SECRET": SECRET,
        },
    )
    app.start()
    users = folder / "users"
    users.write_text("kim:{PLAIN}geheim\n")
    given = {
        'X-Locatiewijzer-Subject "";         #': "X-Locatiewijzer-Subject $remote_user; #",
        'X-Locatiewijzer-Secret "";          #': f"X-Locatiewijzer-Secret {SECRET}; #",
        "location / {": f'location / {{ auth_basic "proef"; auth_basic_user_file {users};',
    }
    with (
        nginx_before([app.port], tmp_path_factory.mktemp("a"), given) as signing,
        nginx_before([app.port], tmp_path_factory.mktemp("b"), {}) as shipped,
    ):
        yield app, signing, shipped
    app.stop()


def test_a_web_server_that_signs_in_is_believed_and_a_client_never(signed_in_proxy, open_page):
    app, signing, shipped = signed_in_proxy
    store = open_store(f"sqlite:///{app.folder / 'test.sqlite'}")
    grant_role(store, ADMIN, "proef", "kim", Role.KANSENMAKER, None)
    page, _ = open_page(
        height=900, ignore_https_errors=True,
        http_credentials={"username": "kim", "password": "geheim"},
    )  # fmt: skip
    page.goto(signing)
    page.get_by_text("kim (Kansenmaker)").wait_for()
    expect(page.get_by_role("link", name="Uitvoer", exact=True)).not_to_have_count(0)
    # a client that says the same itself: through what is shipped, and to the app without it
    said = {"X-Locatiewijzer-Subject": "kim", "X-Locatiewijzer-Name": "kim"}
    for address, secret in ((shipped, SECRET), (app.url, "x" * 40), (app.url, None)):
        proof = {} if secret is None else {"X-Locatiewijzer-Secret": secret}
        liar, _ = open_page(
            height=900, ignore_https_errors=True, extra_http_headers={**said, **proof}
        )
        liar.goto(address)
        liar.get_by_text("U bent niet aangemeld").wait_for()
        expect(liar.get_by_role("link", name="Uitvoer", exact=True)).to_have_count(0)
    # ended by an administrator: the web server may vouch on
    end_sessions_of(store, ADMIN, "proef", "kim")
    store.close()
    time.sleep(3.2)
    page.reload()
    page.get_by_text("Uw aanmelding is beëindigd").wait_for()
    with pytest.raises(Exception, match="ended|over"):
        begin_or_find_proxied_session(
            open_store(f"sqlite:///{app.folder / 'test.sqlite'}"), "proef", "kim", None
        )
