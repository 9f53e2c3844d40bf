"""Steps that browser tests share: find frames, wait until the app is still, take a picture."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page

OUTPUT = Path(__file__).parents[2] / "build" / "screenshots"


def frame_of(page: Page, part: str, timeout_s: float = 30.0) -> Frame:
    """Give the frame of a component whose address holds ``part``, once it has started."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        for frame in page.frames:
            if part in frame.url:
                return frame
        page.wait_for_timeout(50)
    raise AssertionError(f"no frame of {part}: {[f.url for f in page.frames]}")


def map_frame(page: Page) -> Frame:
    """Give the frame of the live map once its plots have been painted."""
    frame = frame_of(page, "streamlit_folium")
    frame.wait_for_function("window.painted > 0", timeout=30_000)
    return frame


def drawn_map(page: Page) -> Frame:
    """Give the frame of a map that nothing moves, once it has been drawn."""
    frame = frame_of(page, "streamlit_folium")
    frame.wait_for_function("window.locatiewijzer !== undefined", timeout=30_000)
    page.wait_for_timeout(200)
    return frame


def list_rows(page: Page) -> Locator:
    """Give the rows of the ranked list that are in sight, best first, once they are there."""
    page.locator(".lw-panel[data-rendered]").wait_for(timeout=30_000)
    page.locator(".lw-row:visible, .lw-empty:visible, .lw-sheet:visible").first.wait_for()
    return page.locator(".lw-row:visible")


def open_sheet(page: Page) -> Locator:
    """Give the sheet of the chosen plot once its explanation has come."""
    page.locator(".lw-sheet .lw-criteria").first.wait_for()
    return page.locator(".lw-sheet")


def still(page: Page) -> None:
    """Wait until the app has finished what it was doing."""
    page.wait_for_timeout(150)
    page.wait_for_function(
        "() => { const app = document.querySelector('[data-testid=\"stApp\"]'); "
        "return app && !document.querySelector('[data-testid=\"stStatusWidget\"]') && "
        "app.getAttribute('data-test-script-state') !== 'running'; }",
        timeout=60_000,
    )


def picture(page: Page, name: str) -> None:
    """Keep a screenshot as build output."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OUTPUT / f"{name}.png", full_page=True)
