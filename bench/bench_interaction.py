"""Measure in a real browser what moving a weight costs, against a plain st_folium page.

For 200, 2,000 and 10,000 plots: seconds from the key press on a slider to list and map repainted,
and bytes sent by the server; the time between frames while a weight is dragged; seconds to the
first word on the page, seconds and bytes from opening it to the first map, for the first visitor
after the server started (cold), for the next five (new) with what one took of the processor in all
processes of the browser, and for each of them again (warm), the median. The alternative redraws a
GeoJson through st_folium (bench/plain_app.py) in the same run.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Browser, Frame, Page, ViewportSize, sync_playwright

from bench.many_plots import many_plots
from geo.municipality import assign_municipality
from store.access import LOCAL_USER
from store.database import open_store
from store.deliveries import confirm_delivery

ROOT = Path(__file__).parents[1]
CHANGES = 9
VISITORS = 5
SIZE = ViewportSize(width=1440, height=1000)
TOLD = "document.body && document.body.innerText.trim().length > 3"
"""Something to read is on the page."""


@dataclass
class Result:
    told_s: float
    cold_s: float
    first_s: float
    again_s: float
    first_cpu_s: float
    first_bytes: int
    change_s: float
    change_bytes: int
    frame_ms: float


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(script: str, environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(900):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.kill()
        process.wait()


def filled_store(folder: Path, count: int) -> str:
    """Make a database with ``count`` plots beside the examples; gives its address."""
    address = f"sqlite:///{folder / 'bench.sqlite'}"
    plots = many_plots(count)
    plots = plots.join(assign_municipality(plots.geometry))
    store = open_store(address)
    confirm_delivery(
        store,
        LOCAL_USER,
        plots,
        file_name="bench",
        file_sha256="0" * 64,
        report=[],
        columns={},
    )
    store.engine.dispose()
    return address


def counting(page: Page) -> list[int]:
    received = [0]

    def listen(socket_: object) -> None:
        socket_.on(  # type: ignore[attr-defined]
            "framereceived",
            lambda frame: received.__setitem__(
                0, received[0] + len(frame if isinstance(frame, bytes) else frame.encode())
            ),
        )

    page.on("websocket", listen)
    return received


def frame_with(page: Page, part: str) -> Frame:
    while True:
        for frame in page.frames:
            if part in frame.url:
                return frame
        page.wait_for_timeout(20)


def taken_s(browser: Browser) -> dict[int, float]:
    """Give the seconds of processor that each process of a browser took so far."""
    session = browser.new_browser_cdp_session()
    told = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {process["id"]: float(process["cpuTime"]) for process in told}


def processor_s(before: dict[int, float], now: dict[int, float]) -> float:
    """Give the seconds of processor between two moments; processes come and go."""
    return sum(max(0.0, took - before.get(process, 0.0)) for process, took in now.items())


class Opening(NamedTuple):
    """What opening a page took: of :class:`Result`, and in its order."""

    told_s: float
    cold_s: float
    first_s: float
    again_s: float
    first_cpu_s: float
    first_bytes: int


def opened(browser: Browser, url: str, drawn: str) -> tuple[Page, Frame, list[int], Opening]:
    """Open a page for a first visitor, for new ones, and for each of those again: the median.

    Args:
        browser: in which it is opened.
        url: of the page.
        drawn: what is true in the frame of the map once it is there.
    """
    cold_s, page, _, _ = visited(browser.new_page(viewport=SIZE), url, drawn)
    visits = []
    for _ in range(VISITORS):
        page.context.close()
        before = taken_s(browser)
        visitor = browser.new_context(viewport=SIZE)
        first_s, page, received, told_s = visited(visitor.new_page(), url, drawn)
        first_bytes = received[0]
        page.wait_for_timeout(1500)
        first_cpu_s = processor_s(before, taken_s(browser))
        page.close()
        again_s, page, received, _ = visited(visitor.new_page(), url, drawn)
        page.wait_for_timeout(1500)
        visits.append((told_s, first_s, again_s, first_cpu_s))
    told, first, again, cpu = map(statistics.median, zip(*visits, strict=True))
    opening = Opening(told, cold_s, first, again, cpu, first_bytes)
    return page, frame_with(page, "streamlit_folium"), received, opening


def visited(page: Page, url: str, drawn: str) -> tuple[float, Page, list[int], float]:
    """Open a page until its map is drawn.

    Gives the seconds that it took, the page, the bytes received so far, and the seconds to the
    first word.
    """
    received = counting(page)
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(TOLD, polling=20)
    told_s = time.perf_counter() - begun
    frame_with(page, "streamlit_folium").wait_for_function(drawn, polling=20, timeout=120_000)
    return time.perf_counter() - begun, page, received, told_s


def ours(browser: Browser, url: str) -> Result:
    """Measure Locatiewijzer."""
    page, chart, received, opening = opened(browser, url, "window.painted > 0")
    # with a plot selected and its sheet in place, as a user has it
    page.locator(".lw-row:visible .lw-cell").nth(3).click()
    page.locator(".lw-sheet .lw-criteria").first.wait_for()
    page.wait_for_timeout(1500)
    frame_ms = dragged(page)
    page.wait_for_timeout(1500)
    slider = page.get_by_role("slider").first
    slider.focus()
    times, sizes = [], []
    for _ in range(CHANGES):
        received[0] = 0
        painted = chart.evaluate("window.painted")
        begun = time.perf_counter()
        page.keyboard.press("ArrowRight")
        chart.wait_for_function(f"window.painted > {painted}", polling=5)
        times.append(time.perf_counter() - begun)
        page.wait_for_timeout(1500)
        sizes.append(received[0])
    page.close()
    return Result(*opening, statistics.median(times), int(statistics.median(sizes)), frame_ms)


FRAMES = 180
DRAG = """([frames, reach]) => new Promise((answer) => {
  const grip = document.querySelector(".lw-grip"), times = [];
  const { left, top, width, height } = grip.getBoundingClientRect(), clientY = top + height / 2;
  let last = performance.now();
  const frame = (now) => {
    times.push(now - last); last = now;
    if (times.length > frames) { answer(times.slice(2)); return; }
    const clientX = left + width / 2 + reach * Math.sin(times.length / 8);
    grip.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerId: 1 }));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""
"""Move the first divider to and fro at every frame; gives the ms between frames."""


def dragged(page: Page) -> float:
    """Drag a divider to and fro; gives the 95th percentile of the time between frames, in ms.

    By requestAnimationFrame in the page itself: list, sheet head and the painting of the map,
    which shares its thread, are in it. Every frame has a move of its own: moves that come one by
    one over the wire leave frames without any work between them.
    """
    box = page.locator(".lw-grip").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    times = page.evaluate(DRAG, [FRAMES, 60])
    page.mouse.up()
    return float(np.percentile(times, 95))


def plain(browser: Browser, url: str) -> Result:
    """Measure the plain page: repainted when the path of the last plot has a new colour drawn."""
    page, chart, received, opening = opened(
        browser,
        url,
        "window.map && Object.values(window.map._layers || {}).some(l => l.feature)",
    )
    times, sizes = [], []
    button = page.get_by_role("button", name="volgende")
    for _ in range(CHANGES):
        received[0] = 0
        chart.evaluate("Object.values(window.map._layers).filter(l => l.feature)[0].old = true")
        begun = time.perf_counter()
        button.click()
        chart.wait_for_function(
            "(() => { const l = Object.values(window.map._layers).filter(l => l.feature); "
            "return l.length > 0 && !l.some(x => x.old); })()",
            polling=5,
            timeout=120_000,
        )
        times.append(time.perf_counter() - begun)
        page.wait_for_timeout(1500)
        sizes.append(received[0])
    page.close()
    return Result(*opening, statistics.median(times), int(statistics.median(sizes)), float("nan"))


def main() -> None:
    counts = [int(a) for a in sys.argv[1:]] or [200, 2_000, 10_000]
    chromium = shutil.which("chromium") or "chromium"
    print(
        "plots    page         first word   map, cold   map, new   map, warm   processor"
        "   first bytes   weight change   bytes a change   frame, p95"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        for count in counts:
            with tempfile.TemporaryDirectory() as folder:
                address = filled_store(Path(folder), count)
                with served("app.py", {"LOCATIEWIJZER_DATABASE": address, "HOME": folder}) as url:
                    own = ours(browser, url)
            with served("bench/plain_app.py", {"PLOTS": str(count)}) as url:
                other = plain(browser, url)
            for name, result in (("ours", own), ("st_folium", other)):
                print(
                    f"{count:>6}   {name:<12} {result.told_s:>8.2f} s {result.cold_s:>9.2f} s"
                    f" {result.first_s:>8.2f} s {result.again_s:>9.2f} s"
                    f" {result.first_cpu_s:>9.2f} s {result.first_bytes / 1e3:>10.0f} kB"
                    f" {result.change_s:>13.2f} s {result.change_bytes / 1e3:>13.1f} kB"
                    f" {result.frame_ms:>12.1f} ms"
                )
            print(
                f"{'':>6}   {'ratio':<12} {other.told_s / own.told_s:>8.1f} x "
                f"{other.cold_s / own.cold_s:>9.1f} x {other.first_s / own.first_s:>8.1f} x "
                f"{other.again_s / own.again_s:>9.1f} x "
                f"{other.first_cpu_s / own.first_cpu_s:>9.1f} x "
                f"{other.first_bytes / own.first_bytes:>10.1f} x"
                f" {other.change_s / own.change_s:>13.1f} x"
                f" {other.change_bytes / max(own.change_bytes, 1):>13.1f} x"
            )
        browser.close()


if __name__ == "__main__":
    main()
