"""A real app on a free port with an empty database, and a real Chromium that records requests."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.steps import OUTPUT, PATIENCE_MS, WATCH_SOCKET
from ui.log import OURS

ROOT = Path(__file__).parents[2]
PDOK = "service.pdok.nl"
QUIET = (
    *("--no-sandbox", "--disable-background-networking"),
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
)
"""How a browser is started: without the pages of its own address bar, that it would load for each
window and that take as long as half a page of ours."""

FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Find Chromium; where tests must be complete (CI) a missing one is an error.

    Rather as the program that draws no windows and menus of its own, which the tests do not see:
    the pages are the same, for three quarters of the processor.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: run scripts/install_system_packages.sh")
        pytest.skip("Chromium is missing: run scripts/install_system_packages.sh")
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str, said: Callable[[], str], timeout_s: float = 180.0) -> None:
    """Wait until a server answers; packaged data is read first, on a machine that may be busy."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(said())


def faults_in(log: str) -> list[dict[str, Any]]:
    """Give what a server logged of pages that failed, whether anybody saw it or not."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line for line in lines if line["logger"] in ("streamlit.error_util", OURS)]
    return [line for line in told if line["level"] in ("ERROR", "CRITICAL")]


@dataclass
class App:
    """A running app; ``restart`` stops it hard and starts it again on the same database."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, port: int | None = None) -> None:
        self.port = port or free_port()
        environment = {
            **os.environ,
            "HOME": str(self.folder),
            "LOCATIEWIJZER_DATABASE": f"sqlite:///{self.folder / 'test.sqlite'}",
            **self.extra,
        }
        log = (self.folder / "app.log").open("ab")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "app.py",
                f"--server.port={self.port}",
                "--server.headless=true",
            ],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        wait_for(f"{self.url}/_stcore/health", lambda: self.log()[-4000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """Stop for good; nothing may have failed on a page, not even unseen."""
        self.stop()
        assert faults_in(self.log()) == []

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        return (self.folder / "app.log").read_text(errors="replace")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app of its own for each test module."""
    running = App(tmp_path_factory.mktemp("app"))
    running.start()
    yield running
    running.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(),
            args=[*QUIET, f"--host-resolver-rules=MAP {PDOK} ~NOTFOUND"],
        )
        yield started
        started.close()


@dataclass
class Recorded:
    """What a page asked of other hosts, and what ran that should not have."""

    elsewhere: list[str] = field(default_factory=list)
    tiles: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


OpenPage = Callable[..., tuple[Page, Recorded]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> list[BrowserContext]:
    """Profiles that tests use one after the other, emptied in between: what a server sent is kept.

    A page that is opened in one has half the work of one in a new profile. The first page of each
    server is still a first visit: each has an address of its own.
    """
    return []


def emptied(context: BrowserContext) -> None:
    """Close the pages of a profile and forget all but the files that servers sent."""
    if not context.pages:
        return
    talk = context.new_cdp_session(context.pages[0])
    for origin in {f"{p.scheme}://{p.netloc}" for p in (urlsplit(x.url) for x in context.pages)}:
        if origin.startswith("http"):
            kept = {"origin": origin, "storageTypes": "local_storage,indexeddb,service_workers"}
            talk.send("Storage.clearDataForOrigin", kept)
    for page in context.pages:
        page.close()
    context.clear_cookies()


@pytest.fixture
def open_page(
    browser: Browser, profiles: list[BrowserContext], request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Open pages that record every request; PDOK is out of reach for them.

    Each page of a test is another visitor. A test that fails leaves a picture of each in the folder
    of screenshots, and tells the end of what it says.
    """
    visitors: list[tuple[BrowserContext, bool, Any]] = []

    def profile(options: dict[str, Any]) -> BrowserContext:
        free = [c for c in profiles if c not in [v[0] for v in visitors]]
        if free and not options:
            return free[0]
        context = browser.new_context(accept_downloads=True, **options)
        context.add_init_script(WATCH_SOCKET)
        if not options:
            profiles.append(context)
        return context

    def opened(width: int = 1440, height: int = 1000, **options: Any) -> tuple[Page, Recorded]:
        size: ViewportSize = {"width": width, "height": height}
        context = profile({**options, "viewport": size} if options else {})
        recorded = Recorded()

        def note(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("data", "blob", "about"):
                return
            if parts.hostname == PDOK:
                recorded.tiles.append(request.url)
            elif parts.hostname not in ("localhost", "127.0.0.1"):
                recorded.elsewhere.append(request.url)

        context.on("request", note)
        visitors.append((context, bool(options), note))
        page = context.new_page()
        page.set_viewport_size(size)
        page.set_default_timeout(PATIENCE_MS)
        page.on("dialog", lambda dialog: (recorded.dialogs.append(dialog.message), dialog.accept()))
        page.on("pageerror", lambda error: recorded.errors.append(str(error)))
        return page, recorded

    yield opened
    for number, (context, alone, note) in enumerate(visitors):
        if request.node.stash.get(FAILED, False):
            for page in context.pages:
                OUTPUT.mkdir(parents=True, exist_ok=True)
                name = re.sub(r"\W+", "-", request.node.name)
                page.screenshot(path=OUTPUT / f"failed-{name}-{number}.png")
                print(f"page {number} at {page.url}:", page.inner_text("body")[-2000:], sep="\n")
        context.remove_listener("request", note)
        if alone:
            context.close()
        else:
            emptied(context)
