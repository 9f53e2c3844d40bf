"""Addresses of links, files and the rest, other names, and who is named by a header: what is refused."""

import base64
import datetime as dt
import hashlib
import os
import socket
import time
import urllib.error
import urllib.request
import uuid

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from data.vocabulary import Confidentiality
from geo.plot_table import with_plot_columns
from store import tables
from store.access import Actor, Role
from store.audit import REFUSED, entries
from store.database import now, open_store
from store.deliveries import confirm_delivery
from store.plots import change_plot
from store.shares import end_share, make_share
from store.users import begin_or_find_proxied_session, end_sessions_of, grant_role
from tests.browser.conftest import App
from tests.browser.deployed import nginx_before
from tests.browser.steps import still
from tests.opened import says
from ui.components import BROWSER_URL, LEAFLET_URL

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

    def __init__(self, app, browser="t" * 43, query="", **headers):
        self.app, self.browser = app, browser
        with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=20) as answer:
            told = [v for k, v in answer.headers.items() if k.lower() == "set-cookie"]
        self.xsrf = next(v for v in told if v.startswith("_streamlit_xsrf")).split("=", 1)[1]
        self.xsrf = self.xsrf.split(";")[0]
        self.cookie = f"lw-browser={self.browser}; _streamlit_xsrf={self.xsrf}"
        self.socket = connect(
            f"ws://localhost:{app.port}/_stcore/stream", origin=app.url, max_size=None,
            subprotocols=["streamlit"], additional_headers={"Cookie": self.cookie, **headers},
            legacy=True,
        )  # fmt: skip
        self.session, self.frames = "", []
        if query is not None:
            self.visit(query)

    def visit(self, query, page=""):
        """Open an address; gives all that is told until the page stands."""
        self.frames = []
        self.ask(BackMsg(rerun_script=ClientState(query_string=query, page_name=page)))
        while self.until("new_session", "script_finished").WhichOneof("type") == "new_session":
            pass
        return b"\n".join(self.frames)

    def make_file(self, words):
        """Press the button of a file; gives the address at which it is."""
        told = [ForwardMsg.FromString(frame) for frame in self.frames]
        buttons = [m.delta.new_element.download_button for m in told if m.HasField("delta")]
        (button,) = [b for b in buttons if b.deferred_file_id and words in b.label.lower()]
        asked = BackMsg()
        asked.backend_operation_request.request_id = "1"
        asked.backend_operation_request.session_id = self.session
        asked.backend_operation_request.deferred_file.file_id = button.deferred_file_id
        self.ask(asked)
        answer = self.until("backend_operation_response").backend_operation_response
        assert not answer.error_msg, answer.error_msg
        return answer.deferred_file.url

    def ask(self, message):
        self.socket.send(message.SerializeToString())

    def until(self, *kinds):
        while True:
            self.frames.append(self.socket.recv(timeout=120, decode=False))
            told = ForwardMsg.FromString(self.frames[-1])
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


def test_who_is_quick_loses_no_answer(app):
    """A file that is chosen, or made by a press, as the page begins to be drawn anew."""
    tab = Tab(app, query="lang=nl")
    asked = 40
    for n in range(asked):
        names = FileURLsRequest(request_id=f"q{n}", file_names=["a.csv"], session_id=tab.session)
        tab.ask(BackMsg(rerun_script=ClientState(query_string="lang=nl")))
        tab.ask(BackMsg(file_urls_request=names))
        if n % 4 == 3:
            time.sleep(0.2)
    tab.frames = []
    tab.ask(BackMsg(file_urls_request=FileURLsRequest(request_id="last", file_names=["b.csv"])))
    answered = set()
    while "last" not in answered:
        answered.add(tab.until("file_urls_response").file_urls_response.response_id)
    assert answered == {"last", *(f"q{n}" for n in range(asked))}
    tab.socket.close()
    # nor the values of fields that the server tells once: here the language of a link
    for n in range(12):
        tab = Tab(app, query=None)
        for _ in range(2):
            tab.ask(BackMsg(rerun_script=ClientState(query_string="lang=en")))
            time.sleep(0.02 * n)
        done = False
        while not done:
            one = tab.until("script_finished")
            done = one.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        told = [ForwardMsg.FromString(frame) for frame in tab.frames]
        fields = [one.delta.new_element.button_group for one in told if one.HasField("delta")]
        switch = [field for field in fields if field.id.endswith("-language")]
        assert ["EN"] in [list(field.raw_values) for field in switch if field.set_value], n
        tab.socket.close()


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
    app.end()


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


NAMES = {"gedeeld": "Gedeelde-weide", "vertrouwelijk": "Geheime-weide", "openbaar": "Open-weide"}
PERSON = "Xandra-Erasmus"
HOME = "GM0321"


def links(store):
    """Keep three plots; gives the secrets of a link that works and of four that do not."""
    for at, (cls, name) in enumerate(NAMES.items()):
        table = gpd.GeoDataFrame(
            {"name": [name], "contact": [PERSON], "confidentiality": ["openbaar"]},
            geometry=[shapely.box(137_000 + 300 * at, 447_000, 137_120 + 300 * at, 447_100)],
            index=pd.Index([cls], name="plot_id"), crs="EPSG:28992",
        )  # fmt: skip
        plots = with_plot_columns(table).assign(
            municipality_code=HOME, municipality_certain=True, fictional=False
        )
        confirm_delivery(
            store, ADMIN, plots, file_name="f", file_sha256=str(at), report=[], columns={},
            municipality_code=HOME,
        )  # fmt: skip

    def link(*plot_ids):
        return make_share(
            store, ADMIN, name="raad", kind="azc", plot_ids=plot_ids, days=1,
            confidentiality=Confidentiality.GEDEELD,
        )  # fmt: skip

    made = {"works": link(*NAMES), "of another class": link("vertrouwelijk"),
            "revoked": link("openbaar"), "ended": link("openbaar"), "made up": "x" * 32}  # fmt: skip
    for cls in ("gedeeld", "vertrouwelijk"):
        change_plot(store, ADMIN, cls, {"confidentiality": cls}, reason="r")
    keys = {what: hashlib.sha256(secret.encode()).hexdigest() for what, secret in made.items()}
    end_share(store, ADMIN, keys["revoked"])
    with store.engine.begin() as connection:
        connection.execute(
            sa.update(tables.shares).where(tables.shares.c.key == keys["ended"])
            .values(expires_at=now() - dt.timedelta(seconds=1))
        )  # fmt: skip
    return made


def test_each_address_gives_each_role_what_it_may_have(signed_in_proxy):
    """Links, files that were made, and all that the server answers besides its pages."""
    app, _, _ = signed_in_proxy
    store = open_store(f"sqlite:///{app.folder / 'test.sqlite'}")
    made = links(store)
    tabs = {None: Tab(app, "n" * 43, f"share={made['works']}")}
    for role in Role:
        grant_role(store, ADMIN, "proef", f"als-{role}", role, HOME)
        said = {"X-Locatiewijzer-Subject": f"als-{role}", "X-Locatiewijzer-Secret": SECRET}
        tabs[role] = Tab(app, f"{role:-<43}", f"share={made['works']}", **said)
    for role, tab in tabs.items():
        for what, secret in made.items():
            # the first one stands open already
            told = b"\n".join(tab.frames) if what == "works" else tab.visit(f"share={secret}")
            for cls, name in NAMES.items():
                given = what == "works" and cls != "vertrouwelijk"
                assert says(told, name) == given, (role, what, name)
            assert says(told, "Deze link werkt niet") == (what != "works"), (role, what)
            assert not says(told, PERSON), (role, what)
    refused = [e for e in entries(store, ADMIN) if (e.actor, e.action) == ("link", REFUSED)]
    assert len(refused) == len(tabs) and all(e.resource == "share" for e in refused)
    # signed in, and nobody has said what they may do: that too is written, and what they asked
    assert says(tabs[Role.BEZOEKER].visit("", "beheer"), "niet voor u")
    found = [e for e in entries(store, ADMIN) if e.actor == f"als-{Role.BEZOEKER}"]
    assert {(e.action, e.resource) for e in found if e.action == REFUSED} == {
        (REFUSED, "role"), (REFUSED, "page")
    }  # fmt: skip
    store.close()

    # a snapshot that somebody makes is at an address for that browser alone, whoever asks
    maker = tabs[Role.KANSENMAKER]
    assert says(maker.visit("", "uitvoer"), NAMES["vertrouwelijk"])
    address = app.url + maker.make_file("momentopname")
    assert status(address, Cookie=maker.cookie) == 200
    for role, tab in tabs.items():
        assert (status(address, Cookie=tab.cookie) == 200) == (tab is maker), role
        proof = {} if role is None else {"X-Locatiewijzer-Subject": f"als-{role}"}
        assert status(address, X_Locatiewijzer_Secret=SECRET, **proof) == 404, role
    for tab in tabs.values():
        tab.socket.close()

    # the rest is alike for everybody, and holds nothing of anybody
    for cookie in ("", maker.cookie, tabs[Role.BEZOEKER].cookie):
        for path, answer in ADDRESSES.items():
            assert status(app.url + path, Cookie=cookie) == answer, path
        for path in INSTEAD_A_PAGE:
            with urllib.request.urlopen(app.url + path, timeout=20) as page:
                assert b"<title>" in page.read(), path
        for method in ("PUT", "DELETE", "POST"):
            asked = urllib.request.Request(
                f"{app.url}/_stcore/upload_file/{maker.session}/x", method=method,
                headers={"Cookie": cookie},
            )  # fmt: skip
            with pytest.raises(urllib.error.HTTPError) as closed:
                urllib.request.urlopen(asked, timeout=20)
            assert closed.value.code == 404


ADDRESSES = {
    "/": 200,
    "/beheer": 200,
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    f"{BROWSER_URL}panel.js": 200,
    f"{LEAFLET_URL}leaflet.js": 200,
    f"{BROWSER_URL}%2e%2e/__init__.py": 400,
    f"{BROWSER_URL}..%2f__init__.py": 400,
    f"{BROWSER_URL}/etc/passwd": 400,
    "/component/ui.components.other/panel.js": 404,
    "/_stcore/bidi-components/locatiewijzer_panel/index.js": 404,
    "/_stcore/metrics": 404,
    "/_stcore/agent/mcp": 404,
    "/static/%2e%2e/%2e%2e/store/access.py": 400,
    f"/media/{'a' * 56}.json": 404,
}
"""What the server answers to whoever asks: our own scripts, and nothing that was made or uploaded."""

INSTEAD_A_PAGE = (
    *("/test.sqlite", "/var/locatiewijzer.sqlite", "/.streamlit/secrets.toml", "/store/access.py"),
    *("/snapshot/abc", "/app/static/x", "/docs", "/openapi.json", "/_stcore/script-health-check"),
)
"""Where other servers have something: here the empty page that asks its content by a websocket."""
