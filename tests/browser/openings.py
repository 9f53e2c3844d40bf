"""Open all that a page can open, one after the other: tabs, folds, menus, lists, calendars, dialogs."""

from collections.abc import Iterator

from playwright.sync_api import Error, Locator, Page

from tests.browser.steps import still

_MAIN = '[data-testid="stMain"] '
_FIELDS = {
    "list": _MAIN + ':is([data-testid="stSelectbox"], [data-testid="stMultiSelect"]) input',
    "calendar": _MAIN + '[data-testid="stDateInput"] [role="spinbutton"]',
}

OVERLAY = "[data-rac][data-trigger]"
"""What Streamlit opens from a field: a list, a calendar."""
_TO_THE_TOP = "document.querySelectorAll('*').forEach(e => { if (e.scrollTop) e.scrollTop = 0; })"


def seen(page: Page, what: str) -> list[Locator]:
    """Give what can be seen of a kind."""
    return [one for one in page.locator(what).all() if one.is_visible()]


def name_of(one: Locator) -> str:
    return (one.get_attribute("aria-label", timeout=2000) or one.inner_text(timeout=2000))[:40]


def unfold(page: Page) -> None:
    """Unfold every fold; folds within them too. What is half out of sight is brought back."""
    for _ in range(20):
        folded = seen(page, _MAIN + '[data-testid="stExpander"] details:not([open]) > summary')
        if not folded:
            break
        folded[0].click()  # others may come with it, or go
        still(page)
    page.evaluate(_TO_THE_TOP)


def openings(page: Page, most: int = 40) -> Iterator[str]:
    """Open one thing after the other and give its name while it is open; at most so many fields.

    A field that stands beside every tab is opened once.
    """
    known: set[str] = set()
    tabs = seen(page, _MAIN + '[role="tab"]') or [None]
    for tab in tabs:
        if tab is not None:
            tab.click()
            still(page)
        unfold(page)
        yield f"tab {name_of(tab) if tab else ''}"
        for opener in seen(page, _MAIN + '[data-testid="stPopover"] button'):
            name = name_of(opener)
            opener.click()
            page.locator('[data-testid="stPopoverBody"]').wait_for()
            yield f"popover {name}"
            yield from _fields(page, '[data-testid="stPopoverBody"] ', most, known)
            body = page.locator('[data-testid="stPopoverBody"]')
            for _ in range(3):  # a field within it may take the first for itself
                page.keyboard.press("Escape")
                page.wait_for_timeout(150)
                if not body.is_visible():
                    break
            body.wait_for(state="hidden")
        yield from _fields(page, _MAIN, most, known)


def _fields(page: Page, within: str, most: int, known: set[str]) -> Iterator[str]:
    for kind, what in _FIELDS.items():
        for field in seen(page, what.replace(_MAIN, within))[:most]:
            try:
                name = name_of(field)
                if f"{kind} {name}" in known:
                    continue
                known.add(f"{kind} {name}")
                field.click(timeout=3000)
                page.locator(OVERLAY).first.wait_for(timeout=3000)
            except Error:
                continue  # it went with what was done before, or another field lies over it
            page.wait_for_timeout(120)
            yield f"{kind} {name}"
            if kind == "list" and field.is_editable():
                page.keyboard.type("zzqx")
                page.wait_for_timeout(120)
                yield f"nothing found in {name}"
            for _ in range(5):
                page.keyboard.press("Escape")
                page.wait_for_timeout(150)
                if page.locator(OVERLAY).count() == 0:
                    break
