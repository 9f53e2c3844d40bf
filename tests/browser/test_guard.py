"""Addresses of files, other names, and who is named by a header: what the server refuses."""

import base64
import os
import socket
import time
import urllib.error
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

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


class Tab:
    """What the page of a browser does, by Streamlit's own protocol, and what a hostile one can."""

    def __init__(self, app):
        self.app, self.browser = app, "t" * 43
        with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=20) as answer:
            told = [v for k, v in answer.headers.items() if k.lower() == "set-cookie"]
        self.xsrf = next(v for v in told if v.startswith("_streamlit_xsrf")).split("=", 1)[1]
        self.xsrf = self.xsrf.split(";")[0]
        self.cookie = f"lw-browser={self.browser}; _streamlit_xsrf={self.xsrf}"
        self.socket = connect(
            f"ws://localhost:{app.port}/_stcore/stream", origin=app.url, max_size=None,
            subprotocols=["streamlit"], additional_headers={"Cookie": self.cookie}, legacy=True,
        )  # fmt: skip
        self.session = ""
        self.ask(BackMsg(rerun_script=ClientState(query_string="")))
        while self.until("new_session", "script_finished").WhichOneof("type") == "new_session":
            pass

    def ask(self, message):
        self.socket.send(message.SerializeToString())

    def until(self, *kinds):
        while True:
            told = ForwardMsg.FromString(self.socket.recv(timeout=120, decode=False))
            if told.WhichOneof("type") == "new_session":
                self.session = told.new_session.initialize.session_id or self.session
            if told.WhichOneof("type") in kinds:
                return told

    def addresses(self, count):
        """Addresses to upload to: any page can ask for them, also one without a field for files."""
        names = [f"{n}.csv" for n in range(count)]
        asked = FileURLsRequest(request_id="r", file_names=names, session_id=self.session)
        self.ask(BackMsg(file_urls_request=asked))
        told = self.until("file_urls_response").file_urls_response.file_urls
        return [one.upload_url for one in told]

    def put(self, address, size, cookie=None):
        edge = b"edge"
        body = (
            b"--" + edge + b'\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\n" + b"x" * size + b"\r\n--" + edge + b"--\r\n"
        )
        asked = urllib.request.Request(
            self.app.url + address, data=body, method="PUT",
            headers={"Content-Type": "multipart/form-data; boundary=edge",
                     "Cookie": cookie or self.cookie, "X-Xsrftoken": self.xsrf},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except (ConnectionError, urllib.error.URLError):
            # told before all was sent
            return 413


def test_a_session_keeps_so_much_of_uploads_and_no_more(app):
    tab = Tab(app)
    # an address that nobody gave out, and one that was given to another browser
    made_up = f"/_stcore/upload_file/{tab.session}/{uuid.uuid4()}"
    assert tab.put(made_up, 100) == 404
    addresses = tab.addresses(13)
    assert tab.put(addresses[0], 100, cookie=f"lw-browser={'u' * 43}") == 404
    assert tab.put(addresses[0], 100) == 204
    # twelve of 45 MB to a session without a field for files: three are kept
    answers = [tab.put(address, 45_000_000) for address in addresses[1:13]]
    assert answers == [204] * 3 + [413] * 9
    # another session has room of its own
    other = Tab(app)
    assert other.put(other.addresses(1)[0], 45_000_000) == 204
    for one in (tab, other):
        one.socket.close()


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
