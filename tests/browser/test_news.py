"""A change by another instance on the same database is told, and nothing jumps."""

import pytest
from playwright.sync_api import expect

from geo.examples import example_plots
from scoring.kader import kader_to_text, load_kader
from store.access import Actor, Role
from store.database import open_store
from store.kaders import fix_kader
from store.plots import change_plot, list_plots, load_examples
from tests.browser.conftest import App
from tests.store.conftest import empty_database, postgres  # noqa: F401

pytestmark = pytest.mark.browser
ADMIN = Actor("test", Role.BEHEERDER)
KADER = kader_to_text(load_kader("azc"))


def test_what_another_instance_changed_is_told_and_shown_when_asked(
    postgres,  # noqa: F811
    tmp_path,
    open_page,
):
    """The other instance is this process, that changes what the app has on its page.

    That a change is seen on either database is tested with the store; here what a page says.
    """
    address = empty_database(postgres)
    proxied = {
        "LOCATIEWIJZER_MODE": "shared", "LOCATIEWIJZER_PROXY": "p",
        "LOCATIEWIJZER_PROXY_SECRET": "s" * 40, "LOCATIEWIJZER_DATABASE": address,
    }  # fmt: skip
    app = App(tmp_path, extra=proxied)
    store = open_store(address)
    try:
        load_examples(store, ADMIN, example_plots())
        plots = list_plots(store, Actor("bezoeker"))
        public, other = plots.index[:2]
        hidden_one = list_plots(store, ADMIN).index.difference(plots.index)[0]
        change_plot(store, ADMIN, public, {"name": "Oude naam"}, reason="r")
        app.start()
        page, _ = open_page(height=900)
        page.goto(f"{app.url}/vergelijken?plots={public},{other}")
        page.get_by_text("Oude naam").first.wait_for()
        change_plot(store, ADMIN, public, {"name": "Nieuwe naam"}, reason="r")
        page.get_by_text("Er is iets nieuws").wait_for()
        # told, and not yet shown: nothing jumps under somebody's hand
        expect(page.get_by_text("Oude naam").first).to_be_visible()
        expect(page.get_by_text("Nieuwe naam")).to_have_count(0)
        page.get_by_role("button", name="Laat het zien").click()
        page.get_by_text("Nieuwe naam").first.wait_for()
        expect(page.get_by_text("Er is iets nieuws")).to_have_count(0)
        # a rule is news as well as a plot
        fix_kader(store, ADMIN, kind="azc", version="2", sha256="0", text=KADER, reason="r")
        page.get_by_text("Er is iets nieuws").wait_for()
        page.get_by_role("button", name="Laat het zien").click()
        expect(page.get_by_text("Er is iets nieuws")).to_have_count(0)
        # what a visitor may not see is not even said to have changed
        change_plot(store, ADMIN, hidden_one, {"name": "Geheim"}, reason="r")
        page.wait_for_timeout(4000)
        expect(page.get_by_text("Er is iets nieuws")).to_have_count(0)
    finally:
        store.close()
        app.end()
