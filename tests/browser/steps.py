"""Steps that browser tests share: find frames, wait until the app is still, take a picture."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Frame, Locator, Page

OUTPUT = Path(__file__).parents[2] / "build" / "screenshots"
PATIENCE_MS = 90_000
"""So long may anything take before a test gives up: how fast it is, is measured in bench/."""
_LOOK_EVERY_MS = 50
"""Who looks at each frame has the browser draw frames, for a tenth of a processor."""


def frame_of(page: Page, part: str) -> Frame:
    """Give the frame of a component whose address holds ``part``, once it has started."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        for frame in page.frames:
            if part in frame.url:
                return frame
        page.wait_for_timeout(50)
    raise AssertionError(f"no frame of {part}: {[f.url for f in page.frames]}")


def map_frame(page: Page) -> Frame:
    """Give the frame of the live map once its plots have been painted."""
    frame = frame_of(page, "streamlit_folium")
    frame.wait_for_function("window.painted > 0", polling=_LOOK_EVERY_MS)
    return frame


def drawn_map(page: Page) -> Frame:
    """Give the frame of a map that nothing moves, once it has been drawn."""
    frame = frame_of(page, "streamlit_folium")
    frame.wait_for_function("window.locatiewijzer !== undefined", polling=_LOOK_EVERY_MS)
    page.wait_for_timeout(200)
    return frame


def place_on_map(frame: Frame, plot_id: str) -> dict[str, float]:
    """Give where a plot lies on the live map once the map stands still: notices make it lower."""
    at = "(id) => window.locatiewijzer.sites.pointOf(id)"
    before: list[float] = []
    for _ in range(50):
        now = frame.evaluate(at, plot_id)
        if now == before:
            return {"x": now[0], "y": now[1]}
        before = now
        frame.wait_for_timeout(400)
    raise AssertionError(f"the map keeps moving: {before}")


def list_rows(page: Page) -> Locator:
    """Give the rows of the ranked list that are in sight, best first, once they are there."""
    page.locator(".lw-panel[data-rendered]").wait_for()
    page.locator(".lw-row:visible, .lw-empty:visible, .lw-sheet:visible").first.wait_for()
    return page.locator(".lw-row:visible")


def open_sheet(page: Page) -> Locator:
    """Give the sheet of the chosen plot once its explanation has come."""
    page.locator(".lw-sheet .lw-criteria").first.wait_for()
    return page.locator(".lw-sheet")


def type_day(field: Locator, day: str, month: str, year: str) -> None:
    """Type a day in the parts of a field of Streamlit, which are empty again when it is redrawn."""
    still(field.page)
    for part, digits in zip(field.get_by_role("spinbutton").all(), (day, month, year)):
        part.focus()
        field.page.keyboard.type(digits)


# Put in each page before its own code: when the page last asked the server, and was last told.
WATCH_SOCKET = """
(() => {
  const Native = window.WebSocket;
  window.lwAsked = 0;
  window.lwTold = 0;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => { window.lwTold = performance.now(); });
    }
    send(message) {
      window.lwAsked = performance.now();
      super.send(message);
    }
  };
})();
"""

# The server answers every request; ten seconds without an answer is a request that needed none.
# What was told is drawn later, on a busy machine much later: the page is still when the browser
# has had time to spare a few times and nothing was drawn in between.
_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const now = performance.now();
  const answered = app && !document.getElementById('lw-shell')
    && !['running', 'rerunRequested'].includes(app.getAttribute('data-test-script-state'))
    && !document.querySelector('[data-testid="stStatusWidget"]')
    && !document.querySelector('[data-stale="true"]')
    && !document.querySelector('[data-testid="stSkeleton"]')
    && (window.lwTold >= window.lwAsked || now - window.lwAsked > 10000)
    && now - Math.max(window.lwTold, window.lwAsked) > 200;
  const before = window.lwCalm;
  if (!answered) {
    if (before) before.drawn.disconnect();
    window.lwCalm = null;
    return false;
  }
  if (!before) {
    const calm = window.lwCalm = { spare: 0, began: now };
    calm.drawn = new MutationObserver(() => { calm.spare = 0; });
    calm.drawn.observe(document.body, { subtree: true, childList: true, characterData: true });
    const count = () => { calm.spare++; if (window.lwCalm === calm) requestIdleCallback(count); };
    requestIdleCallback(count);
    return false;
  }
  if (before.spare < 4 && now - before.began < 20000) return false;
  before.drawn.disconnect();
  window.lwCalm = null;
  return true;
}"""


def still(page: Page) -> None:
    """Wait until every question to the server was answered and what it told is on the page."""
    page.wait_for_timeout(150)  # a field hands over what was typed a moment later
    page.wait_for_function(_SETTLED, polling=_LOOK_EVERY_MS)


def picture(page: Page, name: str) -> None:
    """Keep a screenshot as build output."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OUTPUT / f"{name}.png", full_page=True)
