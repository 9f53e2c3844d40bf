"""Sign-in, roles and links in real browsers, against a provider of OpenID Connect on loopback."""

import os
import re
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from store.access import Actor, Role
from store.database import open_store
from store.plots import change_plot
from store.users import end_sessions_of, grant_role, list_users
from tests.browser.conftest import App, free_port
from tests.browser.steps import picture, still

pytestmark = pytest.mark.browser
HOME, AWAY = "GM0321", "GM0355"
ADMIN = Actor("test", Role.BEHEERDER)


@pytest.fixture(scope="module")
def provider():
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    issuer = f"http://localhost:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=2)
            break
        except OSError:
            time.sleep(0.1)
    yield issuer
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def shared_app(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    app = App(folder, extra={"LOCATIEWIJZER_MODE": "shared", "LOCATIEWIJZER_PDOK": "off"})
    port = free_port()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{os.urandom(16).hex()}"
client_id = "locatiewijzer"
client_secret = "geheim"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )
    app.port = port
    app.start(port)
    yield app
    app.stop()


def store_of(app):
    return open_store(f"sqlite:///{app.folder / 'test.sqlite'}")


def known(app, provider, subject, role, town=None):
    store = store_of(app)
    grant_role(store, ADMIN, provider, subject, role, town)
    store.close()


def sign_in(page, app, subject, path="/"):
    page.goto(app.url + path)
    page.get_by_role("button", name="Meld u aan").click()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name=re.compile("Authorize|Sign in|Log in", re.I)).first.click()
    page.get_by_test_id("stPopover").first.wait_for()
    still(page)


def test_a_visitor_sees_what_is_public_and_no_pages_of_the_team(shared_app, open_page):
    page, recorded = open_page(height=900)
    page.goto(shared_app.url)
    page.get_by_role("button", name="Meld u aan").wait_for()
    still(page)
    expect(page.get_by_role("link", name="Vergelijken", exact=True)).not_to_have_count(0)
    for title in ("Aanleveren", "Uitvoer", "Beheer", "Kader"):
        expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)
    page.goto(shared_app.url + "/beheer")
    still(page)
    expect(page.locator("body")).not_to_contain_text("Gebruikers", use_inner_text=True)
    picture(page, "bezoeker-1440")
    assert recorded.elsewhere == []


def test_sign_in_keeps_the_link_and_a_cookie_is_worth_nothing_after_signing_out(
    shared_app, provider, open_page
):
    known(shared_app, provider, "kim", Role.KANSENMAKER)
    page, _ = open_page(height=900)
    sign_in(page, shared_app, "kim", "/vergelijken?plots=voorbeeld-02,voorbeeld-24")
    page.wait_for_url(re.compile("/vergelijken\\?.*voorbeeld-24"))
    page.wait_for_function("document.querySelectorAll('.lw-compare tbody tr').length > 5")
    cookies = page.context.cookies()
    page.get_by_test_id("stPopover").first.click()
    page.get_by_role("button", name="Meld af").click()
    # the provider ends its own session first
    page.wait_for_timeout(3000)
    page.goto(shared_app.url)
    page.get_by_role("button", name="Meld u aan").wait_for()
    # the cookie is put back, as somebody would who had copied it
    page.context.add_cookies(cookies)
    page.goto(shared_app.url)
    page.get_by_text("Uw aanmelding is beëindigd").wait_for()
    expect(page.locator("body")).not_to_contain_text("Uitvoer", use_inner_text=True)


def test_an_ended_session_ends_while_somebody_works(shared_app, provider, open_page):
    known(shared_app, provider, "sam", Role.KANSENMAKER)
    page, _ = open_page(height=900)
    sign_in(page, shared_app, "sam", "/balans")
    page.get_by_text("Bekende taken", exact=True).wait_for()
    store = store_of(shared_app)
    end_sessions_of(store, ADMIN, provider, "sam")
    store.close()
    page.wait_for_timeout(3500)
    page.reload()
    page.get_by_text("Uw aanmelding is beëindigd").wait_for()
    expect(page.locator("body")).not_to_contain_text("Som van bekende taken", use_inner_text=True)


def test_an_officer_sees_the_own_municipality_and_a_link_reaches_the_council(
    shared_app, provider, open_page
):
    """Houten has a confidential plot: its officer sees it, that of Zeist does not."""
    store = store_of(shared_app)
    for plot_id, town in (("voorbeeld-02", HOME), ("voorbeeld-24", HOME)):
        change_plot(store, ADMIN, plot_id, {"municipality_code": town}, reason="proef")
    change_plot(
        store, ADMIN, "voorbeeld-02",
        {"confidentiality": "vertrouwelijk", "name": "Geheime weide", "contact": "mw. Geheim"},
        reason="proef",
    )  # fmt: skip
    change_plot(store, ADMIN, "voorbeeld-24", {"confidentiality": "gedeeld", "name": "Gedeelde kavel"},
                reason="proef")  # fmt: skip
    store.close()
    known(shared_app, provider, "houten", Role.GEMEENTE, HOME)
    known(shared_app, provider, "zeist", Role.GEMEENTE, AWAY)
    seen = {}
    for who in ("houten", "zeist"):
        page, _ = open_page(height=900)
        sign_in(page, shared_app, who, "/uitvoer")
        page.get_by_text("Welke plekken").first.wait_for()
        page.get_by_role("combobox", name="Welke plekken").click()
        page.keyboard.type("Ge")
        page.wait_for_timeout(700)
        seen[who] = page.locator("body").inner_text()
        if who == "houten":
            page.keyboard.press("Escape")
            houten = page
    assert "Geheime weide" in seen["houten"] and "Gedeelde kavel" in seen["houten"]
    assert "Geheime weide" not in seen["zeist"] and "Gedeelde kavel" in seen["zeist"]
    # the officer shares the plot that is shared; without sign-in the link opens on it alone
    houten.goto(shared_app.url + "/uitvoer?for=raad")
    houten.get_by_text("Welke plekken").first.wait_for()
    still(houten)
    houten.get_by_text("Deel deze plekken met een link").click()
    houten.get_by_role("textbox", name="Voor wie?").fill("raad Houten")
    houten.get_by_role("button", name="Maak de link").click()
    link = houten.get_by_test_id("stCode").inner_text().strip()
    council, recorded = open_page(width=390, height=844)
    council.goto(link)
    council.get_by_text("Gedeeld met: raad Houten").wait_for()
    still(council)
    told = council.content()
    assert "Geheim" not in told and "voorbeeld-02" not in told
    assert council.evaluate("document.documentElement.scrollWidth") <= 390
    picture(council, "link-390")
    assert recorded.elsewhere == []
    # revoked by an administrator on the page, and it opens no more
    known(shared_app, provider, "baas", Role.BEHEERDER)
    boss, _ = open_page(height=1000)
    sign_in(boss, shared_app, "baas", "/beheer")
    boss.get_by_role("tab", name="Logboek").click()
    boss.get_by_role("button", name="Controleer het logboek").click()
    boss.get_by_text("Het logboek is heel").wait_for()
    picture(boss, "beheer-1440")
    boss.get_by_role("tab", name="Links").click()
    boss.get_by_role("button", name="Trek in").first.click()
    still(boss)
    council.goto(link)
    council.get_by_text("Deze link werkt niet").wait_for()
    store = store_of(shared_app)
    assert {u.subject for u in list_users(store, ADMIN)} >= {"houten", "zeist", "baas"}
    store.close()
