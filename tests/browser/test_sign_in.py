"""Sign-in, roles and links in real browsers, against a provider of OpenID Connect on loopback."""

import re

import pytest
from playwright.sync_api import expect

from data.vocabulary import Confidentiality
from geo.examples import example_plots
from store.access import Actor, Role
from store.audit import REFUSED, entries
from store.database import open_store
from store.users import end_sessions_of, grant_role
from tests.browser.conftest import App, free_port
from tests.browser.deployed import provider_of_identity, write_secrets
from tests.browser.steps import picture, still
from tests.opened import says

pytestmark = pytest.mark.browser
HOME, AWAY = "GM0321", "GM0355"
ADMIN = Actor("test", Role.BEHEERDER)


@pytest.fixture(scope="module")
def provider():
    with provider_of_identity() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def shared_app(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    app = App(folder, extra={"LOCATIEWIJZER_MODE": "shared", "LOCATIEWIJZER_PDOK": "off"})
    port = free_port()
    write_secrets(folder, provider, f"http://localhost:{port}")
    app.port = port
    app.start(port)
    yield app
    app.end()


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


_SAY = """([part, name, value]) => {
  const at = [...document.querySelectorAll(part), ...document.querySelectorAll(part + " *")];
  at.find((one) => one.known && one.known.setTriggerValue).known.setTriggerValue(name, value);
}"""


def test_a_visitor_sees_what_is_public_and_no_pages_of_the_team(shared_app, open_page):
    page, recorded = open_page(height=900)
    told = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda one: told.append(one)))
    page.goto(shared_app.url)
    page.get_by_role("button", name="Meld u aan").wait_for()
    still(page)
    examples = example_plots()
    public = examples["confidentiality"] == Confidentiality.OPENBAAR
    hidden, seen = examples[~public], examples[public]
    # what no button of the page says, but a browser can
    said = [(".lw-panel", name, hidden.index[0]) for name in ("plot", "change", "answer")]
    said += [(".lw-panel", name, list(hidden.index)) for name in ("basket", "star")]
    for one in (*said, (".lw-weights", "weights", {"kind": "iets"})):
        page.evaluate(_SAY, list(one))
        still(page)
    expect(page.locator(".lw-sheet:visible")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    page.evaluate(_SAY, [".lw-panel", "plot", seen.index[0]])
    page.locator(".lw-sheet:visible").first.wait_for()
    for name in ("change", "answer"):
        page.evaluate(_SAY, [".lw-panel", name, seen.index[0]])
    still(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    whole = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in told)
    assert says(whole, seen["name"].iloc[0])
    assert [name for name in hidden["name"] if says(whole, name)] == []
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
    still(page)
    store = store_of(shared_app)
    refused = [(e.actor, e.resource) for e in entries(store, ADMIN) if e.action == REFUSED]
    store.close()
    assert ("bezoeker", "sign_in") in refused


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
