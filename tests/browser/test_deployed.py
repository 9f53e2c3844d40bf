"""The whole as it is shipped: nginx with TLS, two instances, PostgreSQL with PostGIS, a provider.

An officer of Houten delivers, who works in Zeist sees nothing of it, the Kansenmaker does, a council
gets a link, and the link is revoked.
"""

import contextlib
import json
import re
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
import shapely
from playwright.sync_api import expect

from geo import layers
from store.access import Actor, Role
from store.database import open_store
from store.users import grant_role
from tests.browser.conftest import ROOT, faults_in
from tests.browser.deployed import deployed
from tests.browser.steps import PATIENCE_MS, map_frame, picture, still
from tests.opened import says
from tests.store.conftest import postgres  # noqa: F401

pytestmark = pytest.mark.browser
HOUTEN, ZEIST = "GM0321", "GM0355"
ADMIN = Actor("test", Role.BEHEERDER)
SECRET, SHARED, PERSON, WORDS = (
    "Geheime weide",
    "Gedeelde kavel",
    "Xandra Erasmus",
    "hond loopt los",
)
TYPED = (SECRET, SHARED, PERSON, WORDS, "Xandra", "Erasmus", "weide", "lijst-van-houten")


@pytest.fixture(scope="module")
def site(postgres, tmp_path_factory):  # noqa: F811
    with deployed(postgres, tmp_path_factory.mktemp("site"), LOCATIEWIJZER_PDOK="off") as running:
        made = subprocess.run(
            [sys.executable, "-m", "store", "grant", running.issuer, "baas", "beheerder"],
            cwd=ROOT, check=False, capture_output=True, text=True,
            env={"LOCATIEWIJZER_DATABASE": running.database, "PATH": ""},
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        store = open_store(running.database)
        for subject, role, town in (
            ("houten", Role.GEMEENTE, HOUTEN), ("zeist", Role.GEMEENTE, ZEIST),
            ("kim", Role.KANSENMAKER, None), ("raad-houten", Role.RAADSLID, HOUTEN),
            ("raad-zeist", Role.RAADSLID, ZEIST),
        ):  # fmt: skip
            grant_role(store, ADMIN, running.issuer, subject, role, town)
        store.close()
        yield running


def ask(address, method="GET", **headers):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(
        address, headers={k.replace("_", "-"): v for k, v in headers.items()}, method=method
    )
    return urllib.request.urlopen(request, context=context, timeout=20)


def status(address, method="GET", **headers):
    try:
        with ask(address, method, **headers) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def asked_of(site):
    """Give what nginx wrote of each request that it has answered."""
    return [json.loads(line) for line in site.logs()["access.log"].splitlines()]


class Reader:
    """A browser of somebody, and all that it was ever told."""

    def __init__(self, open_page, site, **options):
        self.site = site
        self.page, self.recorded = open_page(ignore_https_errors=True, **options)
        self.page.set_default_timeout(PATIENCE_MS)
        self.told = []
        self.broken = []
        self.page.on("websocket", lambda s: s.on("framereceived", lambda f: self.told.append(f)))
        self.page.on(
            "console", lambda m: "Content Security" in m.text and self.broken.append(m.text)
        )

    def sign_in(self, subject, path="/"):
        self.page.goto(self.site.url + path)
        self.page.get_by_role("button", name="Meld u aan").click()
        self.page.locator("input[name=sub]").fill(subject)
        self.page.get_by_role(
            "button", name=re.compile("Authorize|Sign in|Log in", re.I)
        ).first.click()
        self.page.get_by_test_id("stPopover").first.wait_for()
        self.recorded.elsewhere.clear()  # the page of the provider is not ours
        still(self.page)
        return self

    def goto(self, path):
        self.page.goto(self.site.url + path)
        still(self.page)
        return self

    def first_row(self):
        """Give the first row of the ranked list."""
        still(self.page)
        return self.page.locator(".lw-row:visible").first.inner_text()

    def close(self):
        """Close the browser, so that it asks nothing any more, and check what it saw."""
        self.page.context.close()
        assert self.broken == [] and self.recorded.elsewhere == [] and self.recorded.errors == []
        assert self.recorded.tiles == []

    def was_told(self, words):
        """Say whether words came to this browser at all, shown or not."""
        sent = [f if isinstance(f, bytes) else f.encode() for f in self.told]
        return any(says(one, words) for one in sent) or words in self.page.content()


@pytest.fixture
def reader(open_page, site):
    return lambda **options: Reader(open_page, site, **{"height": 900, **options})


def rows_of_houten():
    middle = layers.municipalities().loc[HOUTEN].geometry.representative_point()
    lines = ["naam;wkt;contactpersoon;opmerkingen;vertrouwelijkheid"]
    for place, (name, cls) in enumerate(((SECRET, "vertrouwelijk"), (SHARED, "gedeeld"))):
        shape = shapely.box(
            middle.x + 150 * place, middle.y, middle.x + 150 * place + 90, middle.y + 80
        )
        lines.append(f"{name};{shape.wkt};{PERSON};{WORDS};{cls}")
    return "\n".join(lines).encode()


def test_headers_stand_on_every_answer_and_what_is_closed_is_closed(site):
    with ask(site.url) as answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
    assert "frame-ancestors 'self'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    assert "max-age" in told["strict-transport-security"]
    assert "HttpOnly" in told["set-cookie"] and "Secure" in told["set-cookie"]
    assert "nginx/" not in told["server"]
    assert status(f"{site.url}/media/{'a' * 56}.json") == 404
    assert status(f"{site.url}/_stcore/health") == 200
    assert status(f"{site.url}/_stcore/metrics") == 403
    assert status(f"{site.url}/_stcore/agent/openapi.json") == 404
    # a header of a quarter of a megabyte, and an address of a hundred kilobytes
    for address, more in (
        (site.url, {"X_Long": "x" * 250_000}),
        (f"{site.url}/?q={'x' * 99_000}", {}),
    ):
        # or the connection is closed while it is being sent
        with contextlib.suppress(OSError):
            assert status(address, **more) in (400, 414, 431)
    assert status(site.url) == 200
    # another name gets no answer at all
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        ask(site.url, Host="evil.example")


def test_houten_delivers_and_only_those_see_it_who_may(site, reader):
    houten = reader().sign_in("houten", "/aanleveren")
    page = houten.page
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "lijst-van-houten.csv", "mimeType": "text/csv", "buffer": rows_of_houten()}
    )
    button = page.get_by_role("button", name=re.compile("Bevestig: bewaar 2 plekken"))
    button.wait_for()
    still(page)
    picture(page, "deployed-aanleveren")
    button.click()
    page.get_by_text(re.compile("Bewaard: ")).wait_for()
    houten.goto("/?q=weide")
    assert SECRET in houten.first_row()
    map_frame(page)

    zeist = reader().sign_in("zeist", "/?q=weide")
    for path in (
        "/?q=weide",
        "/vergelijken",
        "/uitvoer",
        "/balans",
        "/aanleveren?way=log",
        "/kader",
    ):
        zeist.goto(path)
    for words in (SECRET, PERSON, WORDS, "lijst-van-houten"):
        assert not zeist.was_told(words), words
    zeist.goto("/?q=kavel")
    assert SHARED in zeist.first_row()
    zeist.close()

    kim = reader().sign_in("kim", "/?q=weide")
    assert SECRET in kim.first_row()
    assert kim.was_told(SECRET), "what was sent is looked through, or the rest says nothing"
    kim.page.locator(".lw-row:visible").first.click()
    kim.page.locator(".lw-sheet .lw-criteria").first.wait_for()
    expect(kim.page.locator(".lw-sheet")).to_contain_text(SECRET)
    kim.close()

    # the officer shares what was shared with the council, by a link
    houten.goto("/uitvoer?for=raad")
    page.get_by_role("combobox", name="Welke plekken").click()
    page.keyboard.press("Escape")
    still(page)
    page.get_by_text("Deel deze plekken met een link").click()
    page.get_by_role("textbox", name="Voor wie?").fill("raad Houten")
    still(page)
    page.get_by_role("button", name="Maak de link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{site.url}/?share=")
    houten.close()

    council = reader(width=390, height=844)
    council.page.goto(link)
    council.page.get_by_text("Gedeeld met: raad Houten").wait_for()
    still(council.page)
    for words in (SECRET, PERSON, WORDS):
        assert not council.was_told(words), words
    assert council.page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(council.page, "deployed-link-390")

    boss = reader(height=1000).sign_in("baas", "/beheer")
    boss.page.get_by_role("tab", name="Logboek").click()
    boss.page.get_by_role("button", name="Controleer het logboek").click()
    boss.page.get_by_text("Het logboek is heel").wait_for()
    picture(boss.page, "beheer-1440")
    boss.page.get_by_role("tab", name="Links").click()
    boss.page.get_by_role("button", name="Trek in").first.click()
    still(boss.page)
    boss.close()
    # still open in a tab: it empties by itself
    council.page.get_by_text("Deze link werkt niet").wait_for()
    expect(council.page.get_by_text("raad Houten")).to_have_count(0)
    expect(council.page.get_by_text(SHARED)).to_have_count(0)
    council.page.goto(link)
    council.page.get_by_text("Deze link werkt niet").wait_for()
    council.close()
    # both instances had a part in it
    instances = {line["instance"] for line in asked_of(site)}
    assert instances >= {f"127.0.0.1:{port}" for port in site.ports}


def test_nothing_of_it_is_in_the_logs(site):
    """After all of the above, and with a request that fails: lines of JSON without a word of it."""
    assert status(f"{site.url}/media/{'b' * 56}.csv?q={SECRET.replace(' ', '+')}") == 404
    end, missed = time.monotonic() + PATIENCE_MS / 1000, []
    while not missed and time.monotonic() < end:  # nginx writes a line after it has answered
        missed = [line for line in asked_of(site) if line["path"].startswith("/media/b")]
    assert [line["status"] for line in missed] == [404]
    logs = site.logs()
    assert {"app1.log", "app2.log", "access.log"} <= set(logs)
    for name, text in logs.items():
        for words in (*TYPED, "share=", "Geheim", "code="):
            assert words not in text, (name, words)
        if name.startswith(("app", "access")):
            lines = [json.loads(line) for line in text.splitlines() if line.strip()]
            assert len(lines) > 2 and all(line["at"] and line["logger"] for line in lines), name
        if name.startswith("app"):
            assert faults_in(text) == [], "nothing failed in all of the above, not even unseen"
    started = [json.loads(line) for line in logs["app1.log"].splitlines() if "store opened" in line]
    assert [(s["mode"], s["database"]) for s in started] == [("shared", "postgresql")]
