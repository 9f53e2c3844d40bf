"""The story of a search, told step by step on a large screen and on a telephone."""

import pytest

from geo.examples import example_plots
from tests.browser.steps import picture, still

pytestmark = pytest.mark.browser
STEPS = ("question", "kader", "all", "three", "why", "next")


def test_the_story_goes_forward_and_holds_what_the_council_may_see(app, open_page):
    page, recorded = open_page(height=900)
    page.goto(app.url + "/verhaal")
    hidden = set(example_plots().query("confidentiality == 'vertrouwelijk'")["name"])
    for place, step in enumerate(STEPS):
        page.get_by_text(f"Stap {place + 1} van {len(STEPS)}").wait_for()
        still(page)
        words = page.locator("body").inner_text()
        for name in hidden:
            assert name.removeprefix("FICTIEF – ") not in words, (step, name)
        picture(page, f"verhaal-{place + 1}-1440")
        if place + 1 < len(STEPS):
            page.get_by_role("button", name="Volgende").click()
            page.wait_for_url(f"**/verhaal?*step={STEPS[place + 1]}*")
    page.get_by_role("button", name="Vorige").click()
    page.get_by_text(f"Stap {len(STEPS) - 1} van {len(STEPS)}").wait_for()
    assert recorded.errors == [] and recorded.elsewhere == []


def test_a_link_opens_on_its_step_in_english_and_fits_a_telephone(app, open_page):
    page, _ = open_page(width=390, height=844)
    page.goto(app.url + "/verhaal?step=three&lang=en&for=openbaar")
    page.get_by_text("The three that remain").first.wait_for()
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "verhaal-390")
    # the next step begins at its head, though the button stands at the foot; nothing of it is cut
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Step 5 of 6").wait_for()
    still(page)
    scrolled, wide = page.evaluate(
        "[document.querySelector('[data-testid=\"stMain\"]').scrollTop,"
        " [...document.querySelectorAll('.lw-table-part')].filter("
        "(part) => part.scrollWidth > part.clientWidth).length]"
    )
    assert scrolled == 0 and wide == 0
    assert page.locator(".lw-table tbody tr").count() > 3
